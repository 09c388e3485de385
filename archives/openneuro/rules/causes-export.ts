// Likely causes of an export's findings, from what git-annex recorded (docs/checks.md#causes).
//
// `git annex export` uploads what was never recorded as uploaded. If its record says that a file is
// there, it uploads nothing, even if the object is gone. So the first question is what the record
// says of each file; it decides which command restores the file.

import { number } from '../../../core/documents/format.ts';
import type { AnnexRecord, Mismatch } from '../documents.ts';
import { compareVersions } from '../version-order.ts';
import type { Subtype } from '../vocabulary.ts';
import * as command from './cause-commands.ts';
import { type CauseInput, type Found, MAX_EVIDENCE } from './cause-input.ts';
import { showExtra, showMissing } from './show-files.ts';

export function exportNeverRan({
  archive,
  id,
  latest,
  s3Diff,
  annexRecord,
}: CauseInput): Found | null {
  if (!s3Diff?.exportMissing) return null;
  const recorded = annexRecord !== null && annexRecord.notCompared === null;
  if (recorded && annexRecord.exportedTree !== null) return null;
  return {
    explains: [
      ...['export-missing', 'description-missing', 'export-unknown'],
      ...['unversioned-keys', 'remotes'],
    ] as Subtype[],
    evidence: [
      'The bucket holds nothing of it.',
      ...(recorded ? ['git-annex recorded no export.'] : []),
    ],
    verify: command.listObjects(archive, id),
    mend: command.exportTag(archive, id, latest),
  };
}

/** Files that git-annex did not upload, so that the next export uploads them. */
export function exportCutShort(input: CauseInput): Found | null {
  const { archive, id, latest, s3Diff, annexRecord } = input;
  if (annexRecord === null) return null;
  const begun = annexRecord.incompleteTrees.length > 0;
  const never = filesOf(input).filter(({ state }) => state === 'never-uploaded');
  if (!begun && never.length === 0) return null;
  const missing = annexRecord.claimedMissing ?? 0;
  const path = never[0]?.path ?? annexRecord.claimedMissingPaths[0] ?? s3Diff?.added[0];
  const everything = never.length === missing;
  return {
    explains: [
      ...(begun ? (['export-incomplete', 'files-missing', 'files-orphaned'] as const) : []),
      ...(everything ? (['claimed-missing', 'files-missing', 'export-missing'] as const) : []),
      'unversioned-keys',
    ],
    evidence: [
      ...(begun ? ['git-annex started an export and did not record its end.'] : []),
      ...(missing > 0
        ? [
            `git-annex recorded ${exportedRef(annexRecord)} as exported; ${number(missing)} of its files are not there.`,
          ]
        : []),
      ...never
        .slice(0, MAX_EVIDENCE)
        .map((file) => `No version of ${file.path} was ever recorded.`),
    ],
    verify:
      path === undefined
        ? command.showAnnexLog(archive, id)
        : showMissing(input, annexRecord.exportedCommit ?? null, missing, path),
    // Files missing from an older version are no longer wanted.
    mend: command.exportTag(archive, id, latest),
  };
}

/** A finished export of an older snapshot: the latest one was never exported. */
export function exportNotRenewed(
  { archive, id, latest, tags, s3Version, annexRecord }: CauseInput,
  explained: ReadonlySet<Subtype>,
): Found | null {
  if (explained.has('export-behind')) return null;
  const recorded = annexRecord?.exportedTag ?? null;
  const told = s3Version?.subtype === 'doi-mismatch' ? s3Version.extractedVersion : null;
  // Without a record the description alone decides; a record of the latest rules this cause out.
  const older = recorded ?? (annexRecord?.exportedTree ? null : told);
  if (older === null || !tags.includes(older) || compareVersions(older, latest) >= 0) return null;
  return {
    explains: [
      'export-behind',
      'unversioned-keys',
      ...(told === older ? (['doi-mismatch'] as const) : []),
    ],
    evidence: [
      ...(recorded === older ? [`git-annex recorded an export of ${older}.`] : []),
      ...(told === older ? [`The export says that it is ${older}.`] : []),
      `The latest snapshot in the registry is ${latest}.`,
    ],
    verify:
      recorded === older ? command.showAnnexLog(archive, id) : command.showDescription(archive, id),
    mend: command.exportTag(archive, id, latest),
  };
}

/** The record says that they are there as exported, so `git annex export` does nothing. */
export function objectsChanged(input: CauseInput): Found | null {
  const { archive, id, annexRecord, s3Content } = input;
  if (annexRecord?.exportedCommit == null) return null;
  const files = filesOf(input).filter(({ state }) => state !== 'never-uploaded');
  const named = annexRecord.recordedVersions ?? [];
  const never = filesOf(input).length - files.length;
  const missing = (annexRecord.claimedMissing ?? 0) - never;
  const differing = mismatchesOf(input).length;
  if (missing + differing === 0) return null;
  // The first export may still be in progress.
  if (input.waitsUntil !== null && differing === 0) return null;
  // An export uploads again what was begun and not finished: the cause export-cut-short.
  if (annexRecord.incompleteTrees.length > 0 && differing === 0) return null;

  const restored = files.filter(({ state }) => state !== 'unknown');
  const first = restored.find(({ version }) => version !== null) ?? restored[0] ?? files[0];
  const path = first?.path ?? annexRecord.claimedMissingPaths[0] ?? s3Content?.mismatches[0]?.path;
  const total = missing + Math.max(differing, countOf(input));
  return {
    explains: [
      ...['claimed-missing', 'files-missing', 'export-missing', 'description-missing'],
      ...['size-mismatch', 'content-mismatch'],
      // The new export records them.
      ...(files.some(({ state }) => state === 'unknown') ? ['unversioned-keys'] : []),
    ] as Subtype[],
    evidence: [
      `git-annex recorded ${exportedRef(annexRecord)} as exported.`,
      ...(missing > 0 ? [`${number(missing)} of its files are not there.`] : []),
      ...(differing > 0
        ? [`${number(Math.max(differing, countOf(input)))} are there with another size or content.`]
        : []),
      ...(differing > 0 && (s3Content?.bytesMissing ?? 0) > 0
        ? [`${number(s3Content?.bytesMissing ?? 0)} bytes are missing of those that are there.`]
        : []),
      ...files.slice(0, MAX_EVIDENCE).map(toldOf),
      ...(restored.length > 0 && total > named.length
        ? [`The command restores the first ${restored.length}; the next run names others.`]
        : []),
    ],
    verify: command.inOrder([
      path === undefined
        ? command.listObjects(archive, id)
        : showMissing(input, annexRecord.exportedCommit, missing, path),
      ...(first?.version ? [command.headObject(archive, id, first.path, first.version)] : []),
    ]),
    mend: restore(input, files, missing),
  };
}

/**
 * Recorded versions are copied, and what git holds is uploaded. If more is missing than the record
 * was read for, or the content's place is unknown, a clone finds out what is missing.
 */
function restore(
  { archive, id, annexRecord }: CauseInput,
  files: readonly FaultyFile[],
  missing: number,
): command.Command {
  const tag = annexRecord?.exportedTag ?? annexRecord?.exportedBranch ?? null;
  const commit = annexRecord?.exportedCommit ?? null;
  if (tag === null || commit === null) return null;
  const unknown = files.filter(({ state }) => state === 'unknown');
  const isWhole = unknown.length === 0 && files.filter(({ isThere }) => !isThere).length >= missing;
  // A clone leaves what is there as it is, and uploads what is not.
  const named = files.filter(({ state, isThere }) => state !== 'unknown' && (isWhole || isThere));
  return command.inOrder([
    ...unknown.map(({ path }) => command.removeObject(archive, id, path)),
    // A file whose name cannot be pasted has no command, and blocks none of the others.
    ...named
      .map(({ path, version }) =>
        version === null
          ? command.uploadFromGit(archive, id, commit, path)
          : command.copyVersion(archive, id, path, version),
      )
      .filter((one) => one !== null),
    ...(isWhole ? [] : [command.exportFromClone(archive, id, tag)]),
  ]);
}

/** Objects of an export that is as recorded: git-annex removes only what it put there. */
export function filesLeftBehind({ archive, id, s3Diff, annexRecord }: CauseInput): Found | null {
  const isRecorded = s3Diff !== null && annexRecord?.exportedCommit === s3Diff.commit;
  if (!isRecorded || s3Diff.commit === null || s3Diff.removed.length === 0) return null;
  if (s3Diff.exportMissing || annexRecord.incompleteTrees.length > 0) return null;
  const { removed } = s3Diff;
  const shown = removed.slice(0, MAX_REMOVED);
  return {
    explains: ['files-orphaned'],
    evidence: [
      `git-annex recorded ${exportedRef(annexRecord)} as exported, which has no such file: ${removed[0]}.`,
      ...(removed.length > 1 ? [`There are ${number(removed.length)} of them.`] : []),
      ...(removed.length > shown.length
        ? [`The command removes the first ${shown.length}; the next run names others.`]
        : []),
    ],
    verify: showExtra({ archive, id, s3Diff }),
    mend: command.inOrder(
      shown.map((path) => command.removeObject(archive, id, path)).filter((one) => one !== null),
    ),
  };
}

interface FaultyFile {
  readonly path: string;
  /** Where the expected content is. */
  readonly state: 'versioned' | 'in-git' | 'never-uploaded' | 'unknown';
  readonly version: string | null;
  readonly isThere: boolean;
}

/** The files whose record was read. */
function filesOf(input: CauseInput): FaultyFile[] {
  const { annexRecord } = input;
  const there = new Set(mismatchesOf(input).map(({ path }) => path));
  return (annexRecord?.recordedVersions ?? []).map(({ path, version, inGit }) => {
    const isThere = there.has(path);
    if (inGit) return { path, state: 'in-git', version: null, isThere };
    if (version !== null) return { path, state: 'versioned', version, isThere };
    return { path, state: isThere ? 'unknown' : 'never-uploaded', version: null, isThere };
  });
}

/** Files of exactly the commit that was recorded. */
function mismatchesOf({ annexRecord, s3Content }: CauseInput): readonly Mismatch[] {
  const isRecorded = s3Content?.commit != null && annexRecord?.exportedCommit === s3Content.commit;
  return isRecorded ? s3Content.mismatches : [];
}

/** All of them: the document names the first 1,000. */
const countOf = (input: CauseInput): number =>
  mismatchesOf(input).length === 0
    ? 0
    : (input.s3Content?.sizeMismatches ?? 0) + (input.s3Content?.contentMismatches ?? 0);

function toldOf({ path, state, version }: FaultyFile): string {
  switch (state) {
    case 'versioned':
      return `${path} was recorded as the version ${version}.`;
    case 'in-git':
      return `${path} is in git itself.`;
    case 'never-uploaded':
    case 'unknown':
      return `No version of ${path} was recorded.`;
  }
}

export function exportedRef({ exportedTag, exportedBranch, exportedTree }: AnnexRecord): string {
  if (exportedTag !== null) return exportedTag;
  return exportedBranch == null
    ? `the tree ${exportedTree}`
    : `the tip of the branch ${exportedBranch}`;
}

/** The most commands that remove one object each. */
const MAX_REMOVED = 20;
