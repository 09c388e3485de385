// Where runs are so rare that CloudWatch cannot count them (lib/alarms/catalogue.ts), a function tells
// it twice a day for how long none was published.

import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { isCountable, silentHours } from '../alarms/catalogue.ts';
import type { NodeFunction } from '../node-function.ts';

/** The function; its step is lambdas/steps/watch-silence.ts. */
export const WATCH_SILENCE = 'watch-silence';

export const needsWatching = (schedule: string): boolean => !isCountable(silentHours(schedule));

export function watchSilence(scope: Construct, { function: watcher }: NodeFunction): void {
  new Rule(scope, 'Silence', {
    description: 'For how long nothing was published',
    // The alarm looks at a day, which never has fewer than one of these.
    schedule: Schedule.rate(Duration.hours(12)),
    targets: [new LambdaFunction(watcher)],
  });
}
