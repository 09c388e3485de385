// An overview of the runs for operators; readers have the site.

import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type MetricOptions,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ownMetric } from './catalogue.ts';

/** Runs come once a day, so a point is a day. */
const DAILY = { period: Duration.days(1) };

interface Shown {
  /** Of the metrics. */
  readonly service: string;
  readonly stateMachine: StateMachine;
  readonly alarms: readonly Alarm[];
}

export function makeDashboard(
  scope: Construct,
  id: string,
  { service, stateMachine, alarms }: Shown,
): Dashboard {
  const graph = (title: string, left: IMetric[], stacked = false) =>
    new GraphWidget({ title, left, stacked, width: 12, height: 6, leftYAxis: { min: 0 } });
  const own = (name: Parameters<typeof ownMetric>[1], options: MetricOptions) =>
    ownMetric(service, name, { ...DAILY, ...options });
  const latest = (name: Parameters<typeof ownMetric>[1], label: string, color?: string) =>
    own(name, { label, ...(color && { color }) });
  const sum = { ...DAILY, statistic: Stats.SUM };

  return new Dashboard(scope, id, {
    defaultInterval: Duration.days(30),
    widgets: [
      [
        new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 12, height: 4 }),
        new SingleValueWidget({
          title: 'Newest run',
          metrics: [
            latest('datasets', 'Datasets'),
            latest('unverified', 'Unverified'),
            latest('durationSeconds', 'Seconds'),
          ],
          width: 12,
          height: 4,
        }),
      ],
      [
        graph(
          'Datasets by status',
          [
            latest('ok', 'ok', '#2ca02c'),
            latest('pending', 'pending', '#7f7f7f'),
            latest('warning', 'warning', '#ffbb78'),
            latest('versionMismatch', 'version mismatch', '#ff7f0e'),
            latest('error', 'error', '#d62728'),
          ],
          true,
        ),
        graph('Unverified datasets', [latest('unverified', 'Unverified')]),
      ],
      [
        graph('Duration of runs (seconds)', [latest('durationSeconds', 'Duration')]),
        graph('Requests to the archive', [own('requests', { ...sum, label: 'Requests' })]),
      ],
      [
        graph('Executions', [
          stateMachine.metricStarted(sum),
          stateMachine.metricSucceeded(sum),
          stateMachine.metricFailed(sum),
        ]),
        graph('Bytes from the archive', [own('bytes', { ...sum, label: 'Bytes' })]),
      ],
    ],
  });
}
