// Which datasets of a recorded tree a sample takes: at least one of every kind in the recording,
// all members of the rare kinds, and ordinary ones for the rest.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareBinary, digest } from '../../../sample/bytes.ts';
import { type RecordedDataset, readRecordedDataset } from './recorded-dataset.ts';

/** A kind with no more members than this is rare: the sample takes all of them. */
const RARE = 12;

interface Row {
  readonly id: string;
  readonly checks: unknown;
  readonly issueSubtypes: unknown;
  readonly s3Blocked: unknown;
}

/** Everything about a dataset that a rule of checks.md could depend on, as one text. */
function kindOf(row: Row | undefined, recorded: RecordedDataset): string {
  const { github, s3Version, diff, snapshots } = recorded;
  const doi = s3Version.datasetDescriptionDOI;
  const tags = snapshots.map(({ tag }) => tag);
  const shas = snapshots.map(({ hexsha }) => hexsha);
  const uuid = diff?.removed.filter((path) => /(^|\/)annex-uuid$/.test(path)) ?? [];
  return JSON.stringify([
    row?.checks,
    row?.issueSubtypes,
    row?.s3Blocked,
    github.error,
    github.head === 'git-annex',
    tags.filter((tag) => !(tag in github.tags)).length > 0,
    Object.keys(github.tags).some((tag) => !tags.includes(tag)),
    new Set(shas).size < shas.length,
    doi !== null && !doi.includes(`openneuro.${recorded.id}.v`),
    s3Version.extractedVersion !== null && !tags.includes(s3Version.extractedVersion),
    s3Version.datasetDescriptionMissing,
    diff?.exportMissing,
    diff !== undefined && diff.snapshotTag !== s3Version.extractedVersion,
    uuid.includes('annex-uuid'),
    uuid.some((path) => path.includes('/')),
    diff !== undefined && diff.removed.length > uuid.length,
  ]);
}

/** @returns at most `count` of the ids, in their order. */
export function chooseSample(
  dir: string,
  ids: readonly string[],
  count: number,
  seed: number,
): string[] {
  const summary = JSON.parse(readFileSync(join(dir, 'all-datasets.json'), 'utf8')) as {
    datasets: Row[];
  };
  const rows = new Map(summary.datasets.map((row) => [row.id, row]));
  const shuffled = ids
    .map((id) => ({ id, by: digest('sha256', `${seed} ${id}`) }))
    .sort((a, b) => compareBinary(a.by, b.by))
    .map(({ id }) => id);
  const kinds = Map.groupBy(shuffled, (id) => kindOf(rows.get(id), readRecordedDataset(dir, id)));
  const rarestFirst = [...kinds.values()].sort((a, b) => a.length - b.length);
  const chosen = new Set([
    ...rarestFirst.map(([first]) => first as string),
    ...rarestFirst.filter(({ length }) => length <= RARE).flat(),
    ...shuffled,
  ]);
  const kept = new Set([...chosen].slice(0, count));
  return ids.filter((id) => kept.has(id));
}
