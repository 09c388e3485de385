// Every alarm: what it watches, and when it rings. Its description names the entry of the same name
// in docs/runbook.md (a test compares the two).

import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  Metric,
  type MetricOptions,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { METRICS, METRICS_NAMESPACE, SERVICE_NAME } from '../../lambdas/names.ts';

export interface AlarmDefinition {
  /** Names the alarm, its construct and its runbook entry. */
  readonly name: string;
  /** One sentence for the mail. */
  readonly meaning: string;
  readonly metric: (stateMachine: StateMachine) => IMetric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly evaluationPeriods: number;
  readonly missingData: TreatMissingData;
}

/** One of our metrics, by its name in METRICS. */
export function ownMetric(name: keyof typeof METRICS, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[name],
    dimensionsMap: { service: SERVICE_NAME },
    period: Duration.minutes(5),
    statistic: Stats.MAXIMUM,
    ...options,
  });
}

/** Rings at one data point over the threshold, not if data is missing. */
const AT_ONCE = {
  threshold: 1,
  comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: TreatMissingData.NOT_BREACHING,
} as const;

export const ALARMS: readonly AlarmDefinition[] = [
  {
    ...AT_ONCE,
    name: 'RunFailed',
    meaning: 'An execution of the state machine failed.',
    // One metric and no expression: emulators support none, and the price depends on the metrics. A
    // run that is out of time publishes nothing; NotRunFor26Hours reports that.
    metric: (stateMachine) => stateMachine.metricFailed({ period: Duration.minutes(5) }),
  },
  {
    name: 'NotRunFor26Hours',
    meaning: 'Nothing was published for 26 hours: runs do not start, do not end, or are held.',
    // One hour is the shortest period that allows 26 periods (PutMetricAlarm).
    metric: () => ownMetric('published', { period: Duration.hours(1), statistic: Stats.SUM }),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 26,
    missingData: TreatMissingData.BREACHING,
  },
  {
    ...AT_ONCE,
    name: 'PublishHeld',
    meaning:
      'A run was not published, because too much changed at once (docs/checks.md#unverified).',
    metric: () => ownMetric('held'),
  },
  {
    ...AT_ONCE,
    name: 'RegistryShrank',
    meaning: 'The registry lost more datasets than is believable, and the run stopped.',
    metric: () => ownMetric('registryShrank'),
  },
  {
    ...AT_ONCE,
    name: 'TokenRefused',
    meaning: 'GitHub refuses the token, or it cannot be read; mirrors are checked without it.',
    metric: () => ownMetric('tokenRefused'),
  },
  {
    ...AT_ONCE,
    name: 'ReadersDisagree',
    meaning:
      'Two readers of git see one mirror differently, so one is wrong; nothing was published.',
    metric: () => ownMetric('readersDisagree'),
  },
  {
    ...AT_ONCE,
    name: 'ManyUnverified',
    meaning: 'More than 5 % of the datasets could not be measured in the newest attempt.',
    metric: () => ownMetric('unverifiedPercent'),
    threshold: 5,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  },
];
