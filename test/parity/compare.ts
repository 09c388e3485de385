// What a run against the replayed archive must give, compared with its results: the recorded rows
// under the same exceptions as the recorded documents.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { metadataPath, snapshotsPath } from '../../archives/openneuro/paths.ts';
import { CONTENT_CHECKS, type NameCheck } from '../../archives/openneuro/vocabulary.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { checkPath } from '../support/documents.ts';
import {
  expectedRow,
  MEASURED_ANEW,
  type RecordedEvidence,
  type RecordedRow,
} from './exceptions.ts';

export interface Comparison {
  readonly compared: number;
  /** Rows that differ by named exceptions, by the exception's name. */
  readonly excepted: Readonly<Record<string, number>>;
  /** Rows that differ otherwise, or are absent. */
  readonly wrong: readonly {
    readonly id: string;
    readonly expected: unknown;
    readonly got: unknown;
  }[];
}

/** A replay is measured today, so its times are its own. */
const TIMELESS = [
  'id',
  'status',
  'checks',
  's3Blocked',
  's3FilesAdded',
  's3FilesRemoved',
  'issueSubtypes',
  'githubVersion',
  's3Version',
] as const satisfies readonly (keyof RecordedRow)[];

const timeless = (row: RecordedRow) => ({
  ...Object.fromEntries(TIMELESS.map((field) => [field, row[field]])),
  checks: ofNames(row.checks),
  issueSubtypes: row.issueSubtypes && unlessNulls(ofNames(row.issueSubtypes)),
});

/** The checks of recorded rows. */
const ofNames = <T>({ github, s3Version, s3Files }: Record<NameCheck, T>) => ({
  github,
  s3Version,
  s3Files,
});
const unlessNulls = <T extends object>(values: T): T | null =>
  Object.values(values).every((value) => value === null) ? null : values;

export function recordedIds(tree: string): string[] {
  return readRows(tree).map(({ id }) => id);
}

/** A recording holds nothing for the content checks, so they find nothing. */
const isUnchecked = ({ checks }: SummaryRow): boolean =>
  CONTENT_CHECKS.every((check) => checks[check] == null);

/** Compares the rows of a run over `ids` with the recorded ones of the tree. */
export function compareWithRecorded(
  tree: string,
  rows: readonly SummaryRow[],
  ids: readonly string[],
): Comparison {
  const recorded = new Map(readRows(tree).map((row) => [row.id, row]));
  const ours = new Map(rows.map((row) => [row.id, row]));
  const excepted: Record<string, number> = {};
  const wrong: { id: string; expected: unknown; got: unknown }[] = [];
  for (const id of ids) {
    const old = recorded.get(id);
    if (!old) throw new Error(`${id} is not in the recorded summary`);
    const got = ours.get(id);
    const { row, applied } = expectedRow(
      old,
      readEvidence(tree, id, got?.checkedAt ?? null),
      MEASURED_ANEW,
    );
    for (const name of applied) excepted[name] = (excepted[name] ?? 0) + 1;
    const same = got && isDeepStrictEqual(timeless(got), timeless(row));
    if (!same || got.unverified !== null || !isUnchecked(got)) {
      wrong.push({ id, expected: timeless(row), got });
    }
  }
  return { compared: ids.length, excepted, wrong };
}

function readRows(tree: string): RecordedRow[] {
  return JSON.parse(readFileSync(join(tree, SUMMARY_PATH), 'utf8')).datasets;
}

/** @param now when our run measured the dataset */
function readEvidence(tree: string, id: string, now: string | null): RecordedEvidence {
  const read = (path: string) => {
    try {
      return JSON.parse(readFileSync(join(tree, path), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  const firstSnapshot = (): string => {
    const created = read(snapshotsPath(id)).tags.map((tag: string) =>
      Date.parse(read(metadataPath(id, tag)).created),
    );
    return new Date(Math.min(...created)).toISOString();
  };
  return {
    github: read(checkPath('github', id)),
    s3Version: read(checkPath('s3Version', id)),
    s3Diff: read(checkPath('s3Files', id)),
    latest: read(REGISTRY_PATH).latestSnapshots[id],
    age: now === null ? null : { firstSnapshot: firstSnapshot(), now },
  };
}
