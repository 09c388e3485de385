// JSON lines with the run's id: one for each check of a dataset that is not ok, or was not measured;
// numbers of a run as metrics. Only names, counts and reasons are logged: no document, no header, no
// secret.

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Log } from '../core/monitor/context.ts';
import type { Run } from './contract.ts';
import { METRICS } from './names.ts';
import type { Metric } from './steps/tools.ts';

const UNITS: Partial<Record<Metric, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRICS.durationSeconds]: MetricUnit.Seconds,
  [METRICS.registryAgeSeconds]: MetricUnit.Seconds,
  [METRICS.bytes]: MetricUnit.Bytes,
};

// Namespace and service, which is the name of the stack, are in the environment (lib/pipeline).
const logger = new Logger();
const metrics = new Metrics();

/** The part of Lambda's context that we use (Lambda developer guide, "context object"). */
export interface LambdaContext {
  readonly functionName: string;
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** @param context of the invocation: its request id is in every line */
export function beginLog(context: LambdaContext, run: Run | undefined): Log {
  logger.resetKeys();
  logger.appendKeys({ function: context.functionName, request: context.awsRequestId });
  if (run) logger.appendKeys({ run: run.start, execution: run.name });
  return (level, event, facts = {}) => {
    // Of what is ok, the records tell as much.
    const shown = event === 'checked' && facts.status !== 'ok' ? 'info' : level;
    logger[shown](event, { ...facts });
  };
}

export function metric(name: Metric, value: number): void {
  metrics.addMetric(name, UNITS[name] ?? MetricUnit.Count, value);
}

export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
