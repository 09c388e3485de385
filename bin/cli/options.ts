// What a run is told, and what stands where nothing is said.

import { InvalidArgumentError } from 'commander';
import { CHECK_NAMES, type CheckName } from '../../archives/openneuro/measure/check-choice.ts';
import { SECOND_READINGS } from '../../archives/openneuro/measure/second-reading.ts';
import { NEW_DATASET_DAYS } from '../../archives/openneuro/rules/just-published.ts';
import { NAME_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { STAGES, type Stage } from '../../core/monitor/context.ts';
import { REGISTRY_DAYS } from '../../core/monitor/hold.ts';

export const ARCHIVES = ['openneuro', 'sample'] as const;
export type ArchiveName = (typeof ARCHIVES)[number];

export interface ArchiveOptions {
  readonly archive: ArchiveName;
  /** Addresses that count more than those of the archive. */
  readonly registryUrl?: string | undefined;
  readonly mirrorUrl?: string | undefined;
  readonly exportUrl?: string | undefined;
  /** What the host of the mirrors says of a repository that is not there; GitHub and git are known. */
  readonly mirrorAbsent?: string | undefined;
  /** A recorded export tree that the sample archive replays; null for the generated one. */
  readonly from: string | null;
  /** Where those whom we trouble find us; the User-Agent names it. */
  readonly contactUrl?: string | undefined;
  /** Datasets on a page of the registry. */
  readonly pageSize: number;
}

export interface RunOptions extends ArchiveOptions {
  readonly out: string;
  readonly datasets: string[] | null;
  readonly maxDatasets: number | null;
  readonly stages: readonly Stage[];
  readonly force: boolean;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly concurrency: number;
  readonly dryRun: boolean;
  readonly acceptShrink: boolean;
  readonly publishAnyway: boolean;
  readonly checks: readonly CheckName[];
  /** Within so many days of its publication a dataset's export may still be on its way. */
  readonly newDatasetDays: number;
  /** Mirrors that the second reader of git reads as well. */
  readonly secondReadings: number;
  /** For so many days the registry may be unreadable before the exit code tells it. */
  readonly registryDays: number;
  readonly validate: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

export const RUN_DEFAULTS: RunOptions = {
  archive: 'openneuro',
  from: null,
  stages: STAGES,
  out: 'data/',
  datasets: null,
  maxDatasets: null,
  force: false,
  maxAge: 0,
  pageSize: 100,
  concurrency: 8,
  dryRun: false,
  acceptShrink: false,
  publishAnyway: false,
  checks: CHECK_NAMES,
  newDatasetDays: NEW_DATASET_DAYS,
  secondReadings: SECOND_READINGS,
  registryDays: REGISTRY_DAYS,
  validate: false,
  json: false,
  verbose: false,
};

/** What a recording holds is what these look at: no sizes, no contents, no git-annex branch. */
const RECORDED_CHECKS: readonly CheckName[] = NAME_CHECKS;

/**
 * What was given, with what stands where nothing is said. Each archive has a folder of its own, so
 * that the next command does not meet another archive's results.
 * @throws InvalidArgumentError in one sentence, when the options do not go together
 */
export function completeOptions(given: Partial<RunOptions>): RunOptions {
  const options = { ...RUN_DEFAULTS, ...given };
  if (options.archive !== 'sample') {
    if (options.from === null) return options;
    throw new InvalidArgumentError('--from replays a tree as the sample archive, not another one.');
  }
  if (options.from === null) return { ...options, out: given.out ?? 'sample-data/' };
  const unrecorded = given.checks?.filter((check) => !RECORDED_CHECKS.includes(check)) ?? [];
  if (unrecorded.length > 0) {
    throw new InvalidArgumentError(
      `A recording does not hold what ${unrecorded.join(', ')} needs.`,
    );
  }
  return { ...options, checks: given.checks ?? RECORDED_CHECKS, out: given.out ?? 'replay-data/' };
}
