// What passes between the state machine (lib/pipeline) and the functions: every event, every
// result, every name that both sides must spell alike. Results are small: the state of an
// execution may hold 256 KiB, so lists of datasets travel through the bucket.

import * as z from 'zod';
import { datasetIdSchema } from '../core/model/documents.ts';
import { STAGES } from '../core/stages/context.ts';

/**
 * The input of an execution; all of it may be left out, `{}` is a full run. An unknown field is
 * refused: a misspelt `dataset` would silently be a full run.
 */
export const runInputSchema = z.strictObject({
  /** Only these. */
  datasets: z.array(datasetIdSchema).min(1).max(5000).optional(),
  /** Only those datasets whose newest attempt failed in some check. */
  unverified: z.boolean().optional(),
  stages: z.array(z.enum(STAGES)).min(1).optional(),
  /** Measure again what this run has measured already. */
  force: z.boolean().optional(),
  acceptShrink: z.boolean().optional(),
  publishAnyway: z.boolean().optional(),
});
export type RunInput = z.infer<typeof runInputSchema>;

/**
 * One run: `name` is `$$.Execution.Name`, `start` is `$$.Execution.StartTime`, `input` is
 * `$$.Execution.Input`. A redrive keeps all three, so it goes on with the same run.
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
   * `another-run`: the lock is another execution's, nothing was done. `stopped`: the registry must
   * not be gone on with (checks.md section 2); the run is recorded as failed.
   */
  readonly outcome: 'proceed' | 'another-run' | 'stopped';
  /** One sentence for a person; empty when it proceeds. */
  readonly why: string;
  /** Empty lists for stages that were not asked for. */
  readonly shards: {
    readonly github: readonly ShardRef[];
    readonly s3Version: readonly ShardRef[];
  };
}

/** check-github, check-s3-version and check-s3-files alike. */
export const checkEventSchema = z.object({ run: runSchema, shard: shardSchema });
export interface CheckResult {
  readonly ok: true;
  readonly shard: string;
  readonly total: number;
  /** Of them measured or still good. */
  readonly done: number;
  /** Measurements that failed. */
  readonly failed: number;
}

export const planEventSchema = z.object({ run: runSchema });
export interface PlanResult {
  readonly run: Run;
  /** Of check-s3-files; empty when it was not asked for. */
  readonly shards: readonly ShardRef[];
}

export const summarizeEventSchema = z.object({
  run: runSchema,
  /** Error name of the state that could not go on: the run is then recorded as failed. */
  failure: z.string().optional(),
});
export interface SummarizeResult {
  readonly run: Run;
  /** `checked`: it ended well and was not asked to summarize. */
  readonly outcome: 'published' | 'checked' | 'held' | 'failed';
  /** For a person; empty when nothing is to be said. */
  readonly why: string;
}

/**
 * Names of the errors that functions throw. Emulators do not hand names on, so what is retried is
 * States.ALL at the end, and these come before it.
 */
/** The event or the execution's input is not as it should be. Not to be retried. */
export const INVALID_INPUT = 'InvalidInput';
/** Thrown when the time is nearly up; the state machine retries, and done datasets are skipped. */
export const OUT_OF_TIME = 'OutOfTime';
/** Thrown when another run holds the lock: a late child of an old run. Not to be retried. */
export const SUPERSEDED = 'Superseded';

/** Environment of the functions. Set in lib/ from props, read in lambdas/context.ts only. */
export const ENVIRONMENT = {
  bucket: 'MIRRORWATCH_BUCKET',
  table: 'MIRRORWATCH_TABLE',
  registryUrl: 'MIRRORWATCH_REGISTRY_URL',
  mirrorUrl: 'MIRRORWATCH_MIRROR_URL',
  exportUrl: 'MIRRORWATCH_EXPORT_URL',
  /** What the host of the mirrors says of a repository that is not there. Optional. */
  mirrorAbsent: 'MIRRORWATCH_MIRROR_ABSENT',
  /** Datasets in work at once within one function. */
  concurrency: 'MIRRORWATCH_CONCURRENCY',
  /** The map's MaxConcurrency: every function keeps to its share of a host's limits; default 1. */
  shardsAtOnce: 'MIRRORWATCH_SHARDS_AT_ONCE',
  /** The checks that are made, with commas (core/stages/check-choice.ts); all of them by default. */
  checks: 'MIRRORWATCH_CHECKS',
  /** Days that a new dataset's copies may take to appear; core/openneuro/rules/just-published.ts has the default. */
  newDatasetDays: 'MIRRORWATCH_NEW_DATASET_DAYS',
  /** Days for which the registry may be unreadable; core/openneuro/rules/publish.ts has the default. */
  registryDays: 'MIRRORWATCH_REGISTRY_DAYS',
  /** Where those whom we trouble find us; the User-Agent names it. Optional. */
  contactUrl: 'MIRRORWATCH_CONTACT_URL',
  /** Name of an SSM SecureString; only where the function asks GitHub. Optional. */
  githubTokenParameter: 'MIRRORWATCH_GITHUB_TOKEN_PARAMETER',
} as const;

/** Prefixes of the bucket. */
export const PREFIXES = { data: 'data/', trees: 'trees/', runs: 'runs/' } as const;

/** Items of the table (docs/architecture.md has the access patterns). */
export const KEYS = {
  check: (dataset: string, check: string) => ({ pk: `CHECK#${dataset}`, sk: check }),
  run: (start: string) => ({ pk: 'RUN', sk: start }),
  lock: { pk: 'LOCK', sk: 'LOCK' },
} as const;

/**
 * Metrics, in this namespace, with the one dimension `service`. `summarize` gives all but two once a
 * run. `fetch-registry` gives RegistryShrank, 1 when the registry shrank, else 0. Who asks GitHub gives
 * TokenRefused, 1 for an invocation that goes on without the token; it is silent otherwise.
 */
export const METRICS_NAMESPACE = 'Mirrorwatch';
export const METRICS = {
  registryShrank: 'RegistryShrank',
  tokenRefused: 'TokenRefused',
  published: 'Published',
  held: 'PublishHeld',
  /** Share of the datasets whose newest attempt failed, 0 to 100. */
  unverifiedPercent: 'UnverifiedPercent',
  unverified: 'Unverified',
  datasets: 'Datasets',
  error: 'StatusError',
  versionMismatch: 'StatusVersionMismatch',
  warning: 'StatusWarning',
  pending: 'StatusPending',
  ok: 'StatusOk',
  durationSeconds: 'DurationSeconds',
  requests: 'Requests',
  bytes: 'Bytes',
  /** Since the registry was last read. */
  registryAgeSeconds: 'RegistryAgeSeconds',
} as const;
/** POWERTOOLS_SERVICE_NAME of every function, and so the value of the dimension `service`. */
export const SERVICE_NAME = 'mirrorwatch';
