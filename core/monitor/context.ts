// What a stage is given, and what it gives back. `run(context, ids) → report`.

import {
  type Check,
  CONTENT_CHECKS,
  type ContentCheck,
  NAME_CHECKS,
} from '../../archives/openneuro/vocabulary.ts';
import type { AboutArchive } from '../documents/documents.ts';
import type { SecondReader } from '../protocols/git/second-reader.ts';
import type { ExportSource, MirrorSource, RegistrySource } from '../protocols/sources.ts';
import type { Archive } from './archive.ts';
import type { Store } from './store.ts';

export const STAGES = [
  'fetch-registry',
  'check-github',
  'check-s3-version',
  'check-s3-files',
  'summarize',
] as const;
export type Stage = (typeof STAGES)[number];

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

export interface StageContext {
  readonly archive: Archive;
  /** What the results say of the archive, and where links and commands lead. */
  readonly about: AboutArchive;
  readonly registry: RegistrySource;
  readonly mirror: MirrorSource;
  readonly export: ExportSource;
  /** Reads a sample of the mirrors once more; none where it is absent. */
  readonly secondReader?: SecondReader;
  readonly store: Store;
  readonly now: () => Date;
  /** Start of the run (ISO 8601): it names the run and orders its writes. */
  readonly runStart: string;
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted on Ctrl-C or when the time is nearly up: no new dataset is begun. */
  readonly signal: AbortSignal;
  readonly options: StageOptions;
}

export interface StageOptions {
  /** Datasets in work at once within a stage. */
  readonly concurrency: number;
  /** Measure again what this run, or one within maxAge, has measured already. */
  readonly force: boolean;
  /** Milliseconds a file comparison stays good; 0 compares on every run. */
  readonly maxAge: number;
  /** Let a registry that lost many datasets replace the one we have. */
  readonly acceptShrink: boolean;
  /** Publish although the rules of docs/checks.md#unverified hold it. */
  readonly publishAnyway: boolean;
  /** The checks of what is inside that are made; all of them unless it is said. */
  readonly contentChecks?: ReadonlySet<ContentCheck>;
  /** Days after its publication within which a dataset's export may still be on its way; 8. */
  readonly newDatasetDays?: number;
  /** Mirrors of a day's sample that the second reader reads as well; 10. */
  readonly secondReadings?: number;
  /** Days for which the registry may be unreadable before a person is called; 3. */
  readonly registryDays?: number;
  /** Look for copies of datasets that are not public; done unless it is false. */
  readonly leftovers?: boolean;
}

/** The checks that a run makes, in their order. */
export function madeChecks(options: StageOptions): readonly Check[] {
  return [...NAME_CHECKS, ...contentChecksOf(options)];
}

/** The checks of what is inside that a run makes, in their order. */
export function contentChecksOf(options: StageOptions): readonly ContentCheck[] {
  const { contentChecks } = options;
  return contentChecks ? CONTENT_CHECKS.filter((it) => contentChecks.has(it)) : CONTENT_CHECKS;
}

export interface StageReport {
  readonly stage: Stage;
  /** Datasets it was asked to handle. */
  readonly total: number;
  readonly done: number;
  /** Already measured in this run or within maxAge. */
  readonly skipped: number;
  /** Measurements that failed, by dataset. */
  readonly failed: readonly { readonly dataset: string; readonly reason: string }[];
  /** Start of the newest run from the future of which records were met; a clock was ahead. */
  readonly fromFuture?: string;
  /** For people: what should be known beside the numbers. */
  readonly notes: readonly string[];
}
