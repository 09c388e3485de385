// What a stage of a run is given besides the archive, and what it reports.

import type { NotifyFrom } from '../history/settings.ts';

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
  /** Which content checks are made; by default all. */
  readonly checks?: ReadonlySet<string>;
  /** Days after publication within which a dataset's export may be unfinished; 8. */
  readonly newDatasetDays?: number;
  /** Mirrors in a day's sample that the second reader also reads; 10. */
  readonly secondReadings?: number;
  /** Days for which the registry may be unreadable before a person is called; 3. */
  readonly registryDays?: number;
  /** Where readers open the page, without `/` at its end. Without it there are no feeds. */
  readonly siteUrl?: string;
  /** The least status that is reported as a fault; `version-mismatch`. */
  readonly notifyFrom?: NotifyFrom;
  /** Left half of the badges; `copies`. */
  readonly badgeLabel?: string;
  /** What was chosen of the archive's own options, by name; absent means the default. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Hours between two scheduled runs, at most; absent if nothing schedules them. */
  readonly runEveryHours?: number;
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

/** How datasets reach and leave a measurement that runs beside others. */
export interface Flow {
  /** The datasets as they arrive. Default: all are there from the start, in the given order. */
  readonly from?: AsyncIterableIterator<string>;
  /** Called for each dataset that is finished, measured or failed. */
  readonly through?: (dataset: string) => void;
}
