// The input and the output of a stage: `run(context, ids) → report`.

import type { AboutArchive } from '../documents/documents.ts';
import { type Archive, allChecks } from './archive.ts';
import type { Store } from './store.ts';

/** A measurement of the archive, or the stage before or after all of them. */
export type Stage = string;

/** One line of the log: an event's name and its facts (never a secret, never a whole document). */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

export interface Progress {
  start(stage: Stage, total: number): void;
  /** One more dataset done; `ok: false` when its measurement failed. */
  step(stage: Stage, dataset: string, ok: boolean): void;
  end(stage: Stage): void;
}

/** An archive's own stages also get its sources. */
export interface StageContext {
  readonly archive: Archive;
  /** What the results say of the archive, and the targets of links and commands. */
  readonly about: AboutArchive;
  readonly store: Store;
  readonly now: () => Date;
  /** Start of the run (ISO 8601): it names the run and orders its writes. */
  readonly runStart: string;
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted on Ctrl-C or when time is nearly up; then no new dataset is begun. */
  readonly signal: AbortSignal;
  readonly options: StageOptions;
}

export interface StageOptions {
  /** Datasets in progress at once within a stage. */
  readonly concurrency: number;
  /** Measure again what this run, or a run within maxAge, has already measured. */
  readonly force: boolean;
  /** Milliseconds for which a file comparison stays good; 0 compares on every run. */
  readonly maxAge: number;
  /** Let a registry that lost many datasets replace the present one. */
  readonly acceptShrink: boolean;
  /** Publish even if the rules of docs/checks.md#unverified hold it. */
  readonly publishAnyway: boolean;
  /** Which content checks and extras of the archive are made; by default all. */
  readonly checks?: ReadonlySet<string>;
  /** Days after publication within which a dataset's export may be unfinished; 8. */
  readonly newDatasetDays?: number;
  /** Mirrors in a day's sample that the second reader also reads; 10. */
  readonly secondReadings?: number;
  /** Days for which the registry may be unreadable before a person is called; 3. */
  readonly registryDays?: number;
}

type Chosen = Pick<StageContext, 'archive'> & { readonly options: Pick<StageOptions, 'checks'> };

/** Whether a run makes a content check or one of the archive's extras. */
export const isMade = ({ options }: Pick<Chosen, 'options'>, name: string): boolean =>
  options.checks?.has(name) ?? true;

/** The checks of an entry that a run makes, in order; name checks always. */
export function madeChecks(context: Chosen): readonly string[] {
  return context.archive.checks.flatMap(({ id, of }) =>
    of === 'names' || isMade(context, id) ? [id] : [],
  );
}

/** Whether a run makes any check that the measurement serves. */
export function isWanted(context: Chosen, measurement: string): boolean {
  const served = allChecks(context.archive).filter(({ stage }) => stage === measurement);
  return served.some(({ id, of }) => of === 'names' || isMade(context, id));
}

export interface StageReport {
  readonly stage: Stage;
  /** Datasets that it was asked to handle. */
  readonly total: number;
  readonly done: number;
  /** Already measured in this run or within maxAge. */
  readonly skipped: number;
  /** Measurements that failed, by dataset. */
  readonly failed: readonly { readonly dataset: string; readonly reason: string }[];
  /** Start of the newest run from the future whose records were found; a clock was ahead. */
  readonly fromFuture?: string;
  /** For people: what they should know besides the numbers. */
  readonly notes: readonly string[];
}
