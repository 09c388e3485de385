// Likely causes of what a mirror lacks: a push that did not arrive (docs/checks.md#causes).

import { own } from '../../../core/own.ts';
import { compareVersions } from '../version-order.ts';
import type { Subtype } from '../vocabulary.ts';
import * as command from './cause-commands.ts';
import { type CauseInput, type Found, MAX_EVIDENCE } from './cause-input.ts';

export function neverPushed({ archive, id, github, tags }: CauseInput): Found | null {
  if (github === null || github.error === null || github.error === 'repo-disabled') return null;
  const isAbsent = github.error === 'repo-not-found';
  const what = isAbsent
    ? 'There is no repository on GitHub'
    : 'The repository on GitHub has no branch and no tag';
  return {
    explains: github.findings.map(({ subtype }) => subtype),
    evidence: [`${what}; the registry has ${tags.length} snapshot${tags.length === 1 ? '' : 's'}.`],
    verify: command.listRefs(archive, id),
    mend: isAbsent ? command.createRepository(archive, id) : command.pushEverything(archive, id),
    ...(isAbsent && { untested: true }),
  };
}

/** Tags are pushed with every snapshot; missing ones were not pushed, or the push was rejected. */
export function snapshotNotPushed(input: CauseInput): Found | null {
  const { archive, id, latest, github, bigFiles } = input;
  if (github === null || github.error !== null) return null;
  const found = (subtype: Subtype) => github.findings.find((one) => one.subtype === subtype);
  // GitHub rejects the same file again: the cause blob-too-big says what to do.
  const newest = bigFiles.length > 0 ? undefined : found('tag-missing');
  const older = found('older-tag-missing');
  const missing = [...(newest?.tags ?? []), ...(older?.tags ?? [])];
  if (missing.length === 0) return null;
  const refs = missing.map((tag) => `refs/tags/${tag}`);
  return {
    explains: [
      ...[newest, older].flatMap((one) => (one === undefined ? [] : [one.subtype])),
      // No tag of the mirror has the tree that was exported.
      ...(newest ? (['export-unknown'] as const) : []),
    ],
    evidence: [
      `GitHub has the repository and not the tag${missing.length === 1 ? '' : 's'} ${missing.join(', ')}.`,
      ...(newest ? [`${latest} is the latest snapshot in the registry.`] : []),
    ],
    verify: command.listRefs(archive, id),
    mend: command.push(archive, id, newest ? ['HEAD', 'refs/heads/git-annex', ...refs] : refs),
  };
}

/** The tag of the latest snapshot arrived; the branch is still at an older snapshot. */
export function branchNotPushed(
  { archive, id, latest, github }: CauseInput,
  explained: ReadonlySet<Subtype>,
): Found | null {
  if (explained.has('head-mismatch')) return null;
  const behind = github?.findings.some(({ subtype }) => subtype === 'head-mismatch');
  if (!behind || github?.head == null) return null;
  const commit = own(github.branches, github.head);
  const [older] = Object.entries(github.tags).find(([, tagged]) => tagged === commit) ?? [];
  if (commit === undefined || older === undefined) return null;
  return {
    explains: ['head-mismatch'],
    evidence: [`The branch ${github.head} is still at ${older}; the tag ${latest} is there.`],
    verify: command.listRefs(archive, id),
    mend: command.push(archive, id, [branchAt(latest, github.head)]),
  };
}

/** Moves a branch forward to a tag. */
export const branchAt = (tag: string, branch: string): string =>
  `refs/tags/${tag}^{commit}:refs/heads/${branch}`;

export function annexBranchNotPushed({ archive, id, github }: CauseInput): Found | null {
  const missing = github?.findings.some(({ subtype }) => subtype === 'annex-branch-missing');
  if (!missing || github?.error !== null) return null;
  return {
    explains: ['annex-branch-missing'],
    evidence: ['The mirror has no branch git-annex: clones cannot find any annexed content.'],
    verify: command.listRefs(archive, id),
    mend: command.push(archive, id, ['refs/heads/git-annex']),
  };
}

/** For the tags that the mirror check found at another commit than the registry names. */
export function tagMoved(input: CauseInput): Found | null {
  const { archive, id, latest, github, s3Diff, annexRecord, strays = [] } = input;
  const tags = github?.findings.find(({ subtype }) => subtype === 'sha-mismatch')?.tags ?? [];
  const moved = strays
    .flatMap(({ tag, hexsha }) => (hexsha !== null && tags.includes(tag) ? [{ tag, hexsha }] : []))
    .sort((a, b) => (a.tag === latest ? -1 : b.tag === latest ? 1 : compareVersions(b.tag, a.tag)))
    .slice(0, MAX_EVIDENCE);
  const [first] = moved;
  if (github === null || first === undefined) return null;
  const compared = moved.find(({ tag }) => tag === s3Diff?.s3Version);
  const inStep = compared && s3Diff?.status === 'ok' ? s3Diff.commit : null;
  // If the export was made of the other commit, it is not certain that the registry is right.
  const isExported = moved.some(({ tag }) => {
    const { exportedTag = null, exportedCommit = null } = annexRecord ?? {};
    return exportedTag === tag && exportedCommit === own(github.tags, tag);
  });
  return {
    explains: ['sha-mismatch'],
    evidence: [
      ...moved.map(
        ({ tag, hexsha }) =>
          `The tag ${tag} is at ${own(github.tags, tag)}; the registry names ${hexsha}.`,
      ),
      ...(isExported ? ["git-annex recorded an export of the tag's commit."] : []),
      ...(inStep === compared?.hexsha
        ? ["The export holds the files of the registry's commit."]
        : []),
    ],
    verify: command.showTag(archive, id, first.tag),
    mend: isExported ? null : command.pushTags(archive, id, moved),
  };
}
