// What a run is told, and what stands where nothing is said.

import { NEW_DATASET_DAYS } from '../../core/openneuro/rules/just-published.ts';
import { CHECK_NAMES, type CheckName } from '../../core/stages/check-choice.ts';
import { STAGES, type Stage } from '../../core/stages/context.ts';

export const ARCHIVES = ['openneuro', 'sample'] as const;
export type ArchiveName = (typeof ARCHIVES)[number];

export interface ArchiveOptions {
  readonly archive: ArchiveName;
  /** Addresses that count more than those of the archive. */
  readonly registryUrl?: string | undefined;
  readonly mirrorUrl?: string | undefined;
  readonly exportUrl?: string | undefined;
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
  validate: false,
  json: false,
  verbose: false,
};
