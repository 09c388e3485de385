// The contract between the state machine (lib/pipeline) and the functions: every event, result and
// name that both sides share. Results are small, since the state of an execution may hold only 256
// KiB. So lists of datasets are passed through the bucket.

import * as z from 'zod';
import { ARCHIVES } from '../archives/index.ts';
import { datasetIdSchema } from '../core/ids.ts';
import { stagesOf } from '../core/monitor/archive.ts';

/**
 * The input of an execution. Every field is optional; `{}` is a full run. An unknown field is
 * refused: otherwise a misspelt `dataset` would silently start a full run.
 */
export const runInputSchema = z.strictObject({
  /** Measures only these. */
  datasets: z.array(datasetIdSchema).min(1).max(5000).optional(),
  /** Only those datasets whose newest attempt failed in some check. */
  unverified: z.boolean().optional(),
  stages: z
    .array(z.enum(ARCHIVES.flatMap(stagesOf)))
    .min(1)
    .optional(),
  /** Repeats what this run has already measured. */
  force: z.boolean().optional(),
  acceptShrink: z.boolean().optional(),
  publishAnyway: z.boolean().optional(),
});
export type RunInput = z.infer<typeof runInputSchema>;

/**
 * One run: `name` is `$$.Execution.Name`, `start` is `$$.Execution.StartTime`, `input` is
 * `$$.Execution.Input`. A redrive keeps all three, so it continues the same run.
 */
export const runSchema = z.object({
  name: z.string().min(1),
  start: z.iso.datetime({ offset: true }).transform((start) => new Date(start).toISOString()),
  input: runInputSchema,
});
export type Run = z.infer<typeof runSchema>;

/** A share of a stage's datasets; the list of them is in the bucket at `key`. */
export const shardSchema = z.object({ id: z.string().min(1), key: z.string().min(1) });
export type ShardRef = z.infer<typeof shardSchema>;

export const fetchRegistryEventSchema = z.object({ run: runSchema });
export interface FetchRegistryResult {
  readonly run: Run;
  /**
   * `another-run`: another execution has the lock, and nothing was done. `stopped`: the registry
   * must not be used (docs/checks.md#registry), and the run is recorded as failed.
   */
  readonly outcome: 'proceed' | 'another-run' | 'stopped';
  /** One sentence for a person; empty when it proceeds. */
  readonly why: string;
  /** Shards of the measurements that depend on no other, by state name; empty if not requested. */
  readonly shards: Readonly<Record<string, readonly ShardRef[]>>;
}

/** The event of every measurement. */
export const checkEventSchema = z.object({ run: runSchema, shard: shardSchema });
export interface CheckResult {
  readonly ok: true;
  readonly shard: string;
  readonly total: number;
  /** How many of them are measured or still valid. */
  readonly done: number;
  /** Measurements that failed. */
  readonly failed: number;
}

/** The measurements of a level. They depend on earlier levels (core/monitor/archive.ts). */
export const planEventSchema = z.object({ run: runSchema, level: z.int().positive() });
export interface PlanResult {
  readonly run: Run;
  /** Shards by state name; empty for measurements that were not requested. */
  readonly shards: Readonly<Record<string, readonly ShardRef[]>>;
}

export const summarizeEventSchema = z.object({
  run: runSchema,
  /** Error name of the state that failed. The run is then recorded as failed. */
  failure: z.string().optional(),
});
export interface SummarizeResult {
  readonly run: Run;
  /** `checked`: it succeeded and was not asked to summarize. */
  readonly outcome: 'published' | 'checked' | 'held' | 'failed';
  /** For a person; empty when there is nothing to say. */
  readonly why: string;
}
