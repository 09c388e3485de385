// The contract between the state machine (lib/pipeline) and the functions: every event, result and
// name that both sides share. Results are small, since the state of an execution may hold only 256
// KiB. So lists of datasets are passed through the bucket.

import * as z from 'zod';
import { ARCHIVES } from '../archives/index.ts';
import { parseJson } from '../core/documents/json.ts';
import { datasetIdSchema } from '../core/ids.ts';
import { stagesOf } from '../core/monitor/archive.ts';
import { INVALID_INPUT } from './names.ts';

const choicesSchema = z
  .record(z.string(), z.string())
  .refine(
    (given) =>
      Object.entries(given).every(([name, value]) =>
        ARCHIVES.some(({ choices }) => choices?.[name]?.values.includes(value)),
      ),
    'no archive has such an option',
  );

/**
 * The input of an execution. Every field is optional; `{}` is a full run. An unknown field is
 * refused: otherwise a misspelt `dataset` would silently start a full run.
 */
export const runInputSchema = z.strictObject({
  /** Measures only these. */
  datasets: z.array(datasetIdSchema).min(1).max(5000).optional(),
  /** Leaves out those that the registry lacks, and names them; otherwise one such refuses the run. */
  skipUnknown: z.boolean().optional(),
  /** Only those datasets whose newest attempt failed in some check. */
  unverified: z.boolean().optional(),
  /**
   * Only what is new or changed, was not measured well, or may be fixed. With `datasets`, somebody
   * has looked already: these.
   */
  changed: z.boolean().optional(),
  stages: z
    .array(z.enum(ARCHIVES.flatMap(stagesOf)))
    .min(1)
    .optional(),
  /** Repeats what this run has already measured. */
  force: z.boolean().optional(),
  /** Of the archive's own options, in place of those that the stack was set to. */
  choices: choicesSchema.optional(),
  acceptShrink: z.boolean().optional(),
  publishAnyway: z.boolean().optional(),
  /** Started by the schedule: it waits for its turn while another run is on. */
  scheduled: z.boolean().optional(),
});
export type RunInput = z.infer<typeof runInputSchema>;

const stateTime = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
/** All other fields make a run one over a part, also those that are yet to come. */
const NOT_NARROWING: ReadonlySet<string> = new Set([
  ...['skipUnknown', 'force', 'choices', 'acceptShrink', 'publishAnyway', 'scheduled'],
]);

/** Whether a run measures everything, as the scheduled run does. */
export function isWhole(input: RunInput): boolean {
  return Object.entries(input).every(
    ([name, value]) => NOT_NARROWING.has(name) || value === undefined || value === false,
  );
}

/**
 * One run: `name` is `$$.Execution.Name`, `input` is `$$.Execution.Input`. `start` is the time at
 * which the state FetchRegistry was entered, since a run that waited for its turn must not be older
 * than the run it waited for. A redrive from any later state continues the same run.
 */
export const runSchema = z.object({
  name: z.string().min(1),
  start: stateTime,
  input: runInputSchema,
});
export type Run = z.infer<typeof runSchema>;

/** A share of a stage's datasets; the list of them is in the bucket at `key`. */
export const shardSchema = z.object({ id: z.string().min(1), key: z.string().min(1) });
export type ShardRef = z.infer<typeof shardSchema>;

export const fetchRegistryEventSchema = z.object({
  run: runSchema,
  execution: z.object({ arn: z.string().startsWith('arn:'), start: stateTime }),
});
export type FetchRegistryEvent = z.infer<typeof fetchRegistryEventSchema>;
export interface FetchRegistryResult {
  readonly run: Run;
  /**
   * `another-run`: another execution has the lock, and nothing was done. `wait`: the same for a
   * scheduled run, which shall be tried again; `no-turn`: it was tried long enough. `stopped`: the
   * registry must not be used (docs/checks.md#registry), and the run is recorded as failed.
   * `refused`: the input asks for what there is not, and nothing was written. `unchanged`: a run over
   * what changed has nothing to do.
   */
  readonly outcome:
    | ('proceed' | 'another-run' | 'wait' | 'no-turn')
    | ('stopped' | 'refused' | 'unchanged');
  /** One sentence for a person; empty when it proceeds. */
  readonly why: string;
  /** Shards of the measurements that depend on no other, by state name; empty if not requested. */
  readonly shards: Readonly<Record<string, readonly ShardRef[]>>;
}

/** The schedule sends nothing; the start names the look in the logs. */
export const watchEventSchema = z.looseObject({}).transform((): { readonly run: Run } => {
  const start = new Date().toISOString();
  return { run: { name: 'watch', start, input: {} } };
});
export interface WatchResult {
  /** Datasets of the run that was started; 0 when none was. */
  readonly started: number;
  /** Why none was started. */
  readonly why: string;
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

export const summarizeEventSchema = z.object({ run: runSchema });
export interface SummarizeResult {
  readonly run: Run;
  /** `checked`: it succeeded and was not asked to summarize. */
  readonly outcome: 'published' | 'checked' | 'held' | 'failed';
  /** For a person; empty when there is nothing to say. */
  readonly why: string;
}

/**
 * The part that we use of "Step Functions Execution Status Change" (Step Functions Developer Guide,
 * "Events from Step Functions"). Times are milliseconds.
 */
export const endEventSchema = z
  .object({
    detail: z.object({
      name: z.string().min(1),
      status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
      startDate: z.int(),
      stopDate: z.int(),
      /** Null when it is too long for an event. */
      input: z.string().nullish(),
      error: z.string().nullish(),
      cause: z.string().nullish(),
    }),
  })
  .transform(({ detail }) => {
    const { name, status, startDate, stopDate, input, error, cause } = detail;
    const sent = input == null ? ({ ok: true, value: {} } as const) : parseJson(input);
    const parsed = runInputSchema.safeParse(sent.ok ? sent.value : undefined);
    const run: Run = { name, start: new Date(startDate).toISOString(), input: parsed.data ?? {} };
    return {
      run,
      end: {
        status,
        at: new Date(stopDate).toISOString(),
        error: error ?? null,
        cause: cause ?? null,
        /** The functions refused the input, and did nothing. */
        isRefused: !parsed.success || error === INVALID_INPUT,
      },
    };
  });
export type EndEvent = z.infer<typeof endEventSchema>;
export interface EndResult {
  /** `recorded-before`: by a step of the run, which knew more. `refused`: there was no run. */
  readonly outcome: 'recorded' | 'recorded-before' | 'refused';
}
