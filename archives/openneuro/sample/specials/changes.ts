// What a special dataset is, and the changes to a healthy plan that several of them share.

import { digest } from '../../../../sample/bytes.ts';
import { keyedFile, plainFile, type SampleFile } from '../../../../sample/files.ts';
import { access } from '../../checks/s3-access.ts';
import { DESCRIPTION } from '../bids.ts';
import type { Expected } from '../expectations.ts';
import type { HealthyOptions } from '../healthy-plan.ts';
import type { Plan, PlannedMirror } from '../plan.ts';

export interface Special {
  /** The clause of checks.md that it tests. */
  readonly rule: string;
  readonly options?: (id: string) => Partial<HealthyOptions>;
  readonly change?: (plan: Plan) => void;
  readonly expect: (id: string) => Expected;
}

export const T1W = 'sub-01/anat/sub-01_T1w.nii.gz';
export const SIDECAR = 'sub-01/anat/sub-01_T1w.json';

/** The plan's mirror. @throws when it has none. */
export function mirrorOf(plan: Plan): PlannedMirror {
  if (typeof plan.mirror === 'string') throw new Error(`${plan.id} has no mirror`);
  return plan.mirror;
}

export function loseFromExport(plan: Plan, paths: readonly string[]): void {
  plan.export.missing = (path) => paths.includes(path);
}

export function addToExport(plan: Plan, files: readonly SampleFile[]): void {
  plan.export.extra = [...plan.export.extra, ...files];
}

/** A file of the newest snapshot. @throws when it has none at the path. */
export function fileOf(plan: Plan, path: string): SampleFile {
  const latest = plan.commits.find(({ name }) => name === plan.snapshots.at(-1)?.tag);
  const file = latest?.entries().find((entry) => entry.path === path);
  if (!file || file.mode === 0o160000) throw new Error(`${plan.id} has no file ${path}`);
  return file;
}

/** The export holds these instead of what git has under their names. */
export function exportInstead(plan: Plan, files: readonly SampleFile[]): void {
  loseFromExport(
    plan,
    files.map(({ path }) => path),
  );
  addToExport(plan, files);
}

/** Replaces the description that git holds by another one. */
export function describeExport(plan: Plan, content: string): void {
  exportInstead(plan, [plainFile(DESCRIPTION, content)]);
}

/** A commit after a snapshot's commit, without a snapshot of its own. */
export function commitAfter(plan: Plan, name: string, tag: string): void {
  const before = plan.commits.find((commit) => commit.name === tag);
  if (!before) throw new Error(`${plan.id} has no commit ${tag}`);
  plan.commits.push({
    name,
    date: new Date(before.date.getTime() + 3_600_000),
    message: '[OpenNeuro] Recorded changes',
    parent: tag,
    entries: () => [...before.entries(), plainFile('sub-99/sub-99_scans.tsv', 'filename\n')],
  });
}

export const annexUuid = (path: string) =>
  plainFile(path, '57894849-d0c8-4c62-8418-3627be18a196\n');

export const oneTag = () => ({ tags: ['1.0.0'] });

export const threeTags = () => ({ tags: ['1.0.0', '1.0.1', '1.1.0'] });

/** Why there is nothing to compare with yet. */
export const mirrorAbsent = { status: 'pending', notCompared: 'mirror-absent' } as const;

/** git-annex recorded an export that has lost files since. */
export const claimedMissing = { status: 'error', subtype: 'claimed-missing' } as const;

/** The export and git-annex's record of it are both at an older version. */
export function exportBehind(exportedTag: string) {
  return { status: 'version-mismatch', subtype: 'export-behind', exportedTag } as const;
}

/** Nothing was ever exported, so no annexed file has a version there. */
export const neverExported = {
  status: 'warning',
  subtype: 'export-unknown',
  findings: ['export-unknown', 'unversioned-keys'],
} as const;

/** An empty mirror also lacks the only tag and the git-annex branch. */
export function nothingThere(subtype: 'repo-not-found' | 'repo-empty') {
  const findings = [subtype, 'tag-missing', 'annex-branch-missing'] as const;
  return { status: 'error', subtype, findings } as const;
}

/** An annexed file with the given key; its object has the size and some MD5. */
export function oddKey(path: string, key: string, size: number): SampleFile {
  return keyedFile(path, { key, size, etag: digest('md5', key) });
}

/** Nobody may read the export. */
export const BLOCKED: Expected = {
  status: 'error',
  s3Version: { status: 'error', subtype: 'blocked', version: null },
  s3Files: { status: 'error', notCompared: 'blocked' },
  [access.id]: { status: 'error', subtype: 'private' },
  causes: ['still-private'],
};
