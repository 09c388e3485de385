// The alarms of CloudWatch. Each costs ten cents a month, so there are few: what a run can see itself
// is a problem of lambdas/problems.ts, which it tells in words; CloudWatch watches that runs come, that
// what they say is heard, and how many problems there are. Every description names the entry of the
// same name in docs/runbook.md (a test compares the two).

import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  Metric,
  type MetricOptions,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ALARM_METRICS, BOARD_BYTES, METRICS, METRICS_NAMESPACE } from '../../lambdas/names.ts';
import { frequencyOf } from '../schedule.ts';

export interface AlarmDefinition {
  /** Names the alarm, its construct and its runbook entry. */
  readonly name: string;
  /** One sentence for the mail. */
  readonly meaning: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly evaluationPeriods: number;
  readonly missingData: TreatMissingData;
}

const OWN_METRICS = { ...ALARM_METRICS, ...METRICS };

/** One of our metrics, by its name in `lambdas/names.ts`. */
export function ownMetric(
  stack: string,
  name: keyof typeof OWN_METRICS,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: OWN_METRICS[name],
    dimensionsMap: { service: stack },
    // The shortest at the usual price: a run minutes after another is heard.
    period: Duration.minutes(1),
    statistic: Stats.MAXIMUM,
    ...options,
  });
}

/** From a start to its publishing, and for the hour in which CloudWatch counts. */
const GRACE_HOURS = 2;
/**
 * PutMetricAlarm: "Period multiplied by EvaluationPeriods can't be more than 604,800 seconds", and
 * the shortest period for more than a day is an hour.
 */
const LONGEST_RANGE_HOURS = 7 * 24;

/** Hours without a published run after which something is wrong. */
export const silentHours = (schedule: string): number =>
  Math.ceil(frequencyOf(schedule).longestHours) + GRACE_HOURS;

/** Whether CloudWatch can count the runs of so many hours; otherwise a function must. */
export const isCountable = (hours: number): boolean => hours <= LONGEST_RANGE_HOURS;

/** @param schedule null if runs are started by hand: then nobody expects one */
export function alarmsOf(
  stack: string,
  schedule: string | null,
  deadLetters: IQueue,
): readonly AlarmDefinition[] {
  return [
    ...(schedule === null ? [] : [notPublished(stack, silentHours(schedule))]),
    {
      name: 'RunHealth',
      meaning: 'Something is wrong; another mail of the same minute says what.',
      metric: ownMetric(stack, 'problems'),
      threshold: 1,
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // What the last run said holds until the next one speaks.
      missingData: TreatMissingData.IGNORE,
    },
    undelivered(deadLetters),
  ];
}

function notPublished(stack: string, hours: number): AlarmDefinition {
  const meaning = `No run over everything was published for ${hours} hours.`;
  const name = 'NotPublished';
  const missingData = TreatMissingData.BREACHING;
  if (isCountable(hours)) {
    return {
      name,
      meaning,
      metric: ownMetric(stack, 'published', { period: Duration.hours(1), statistic: Stats.SUM }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hours,
      missingData,
    };
  }
  return {
    name,
    meaning,
    metric: ownMetric(stack, 'silentHours', { period: Duration.days(1) }),
    threshold: hours,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    // It is sent once a day: a day without it is not yet silence.
    evaluationPeriods: 1,
    missingData,
  };
}

function undelivered(deadLetters: IQueue): AlarmDefinition {
  return {
    name: 'Undelivered',
    meaning:
      'A start of the schedule, a look at what changed or the news that a run died did not arrive.',
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: Stats.MAXIMUM,
    }),
    threshold: 1,
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    // A queue that nobody uses sends no metrics.
    missingData: TreatMissingData.NOT_BREACHING,
  };
}

/**
 * @param front the function that answers visitors
 * @param room bytes that all boards together may have
 */
export function boardAlarmsOf(
  stack: string,
  front: IFunction,
  room: number,
): readonly AlarmDefinition[] {
  return [
    {
      name: 'BoardsThrottled',
      meaning:
        'For 15 minutes saved boards could not be read or written: most likely, their table was asked for more than it allows.',
      // The table's own metrics count reads and writes apart, and also what was done at the second try.
      metric: front.metric('Url5xxCount', { period: Duration.minutes(5), statistic: Stats.SUM }),
      threshold: 1,
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 3,
      // Nobody asked.
      missingData: TreatMissingData.NOT_BREACHING,
    },
    {
      name: 'BoardsFull',
      meaning: 'Saved boards use more than nine tenths of their room.',
      metric: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName: BOARD_BYTES,
        dimensionsMap: { service: stack },
        // Counted every night.
        period: Duration.days(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 0.9 * room,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      missingData: TreatMissingData.IGNORE,
    },
  ];
}
