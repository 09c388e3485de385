// The number that the alarm about the room for boards watches. Namespace and service are in the
// environment, as those of a run.

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { BOARD_BYTES } from '../names.ts';

const metrics = new Metrics();

export function publishBoardBytes(bytes: number): void {
  metrics.addMetric(BOARD_BYTES, MetricUnit.Bytes, bytes);
  metrics.publishStoredMetrics();
}
