// The hourly look at what changed, which starts runs over that. It is no state of the machine:
// transitions of every hour would cost as much as the function itself (docs/cost.md).

import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../lambdas/names.ts';
import type { NodeFunction } from '../node-function.ts';
import { allow } from '../reasons.ts';

/**
 * @param expression of EventBridge Scheduler, in UTC
 * @param undelivered gets the looks that did not begin
 */
export function watchChanges(
  scope: Construct,
  expression: string,
  { function: watch, role }: NodeFunction,
  { stateMachineArn }: StateMachine,
  undelivered: Queue,
): void {
  watch.addEnvironment(ENVIRONMENT.stateMachine, stateMachineArn);
  allow(role, { actions: ['states:StartExecution'], resources: [stateMachineArn] });
  // A look that comes too late is left to the next one.
  const soon = { retryAttempts: 1, maxEventAge: Duration.minutes(30) };
  watch.configureAsyncInvoke(soon);
  // The target itself would allow every version of the function.
  const scheduler = new Role(scope, 'WatchSchedulerRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description: 'Mirrorwatch: the schedule that looks at what changed',
  });
  allow(scheduler, { actions: ['lambda:InvokeFunction'], resources: [watch.functionArn] });
  allow(scheduler, { actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] });
  new Schedule(scope, 'WatchSchedule', {
    description: 'Looks at what changed',
    schedule: ScheduleExpression.expression(expression),
    target: new LambdaInvoke(watch, {
      ...soon,
      deadLetterQueue: undelivered,
      role: scheduler.withoutPolicyUpdates(),
      input: ScheduleTargetInput.fromObject({}),
    }),
  });
}
