// What the git-annex branch of a mirror says about its export (docs/checks.md#record). It takes two
// requests when the branch has moved since it was read, one when only other refs have, else none.

import { hash } from 'node:crypto';
import { type BinaryString, fromBinary } from '../../../core/compare/byte-order.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { own } from '../../../core/own.ts';
import type { ContentList } from '../../../core/protocols/git/content-list.ts';
import type { BranchLogs } from '../annex/branch-logs.ts';
import type { KnownSnapshot } from '../checks/entry.ts';
import type { AnnexRecord, Github } from '../documents.ts';
import { type AnnexFacts, readClaim } from '../rules/annex-record.ts';
import { RULES_VERSION } from '../rules-version.ts';
import type { Context } from '../sources.ts';
import { isVersion } from '../version-order.ts';
import type { NotCheckedReason } from '../vocabulary.ts';
import { readAnnexLogs } from './annex-logs.ts';
import type { CommitFiles } from './content-tree.ts';
import { findExported } from './exported-ref.ts';

const BRANCH = 'git-annex';
const EXAMPLES = 20;

/** All facts except those from the listing. */
export type BranchFacts = Omit<AnnexFacts, 'claimedMissing' | 'claimedMissingPaths'>;

export type BranchReading =
  | { readonly kind: 'read'; readonly facts: BranchFacts }
  | { readonly kind: 'nothing'; readonly reason: NotCheckedReason }
  | Failed;

export interface BranchQuestion {
  readonly dataset: string;
  readonly github: Github;
  /** Tag of the registry's latest snapshot. */
  readonly latest: string;
  readonly last: AnnexRecord | null;
  /** Snapshots of the registry, read if no tag of the mirror is at the exported commit. */
  readonly snapshots: () => Promise<readonly KnownSnapshot[]>;
  /** Those of them that the mirror's tags do not show at the registry's commit. */
  readonly strays: readonly KnownSnapshot[];
  /** The files of a commit, with their contents. */
  readonly files: Pick<CommitFiles, 'find' | 'read'>;
}

export async function readAnnexBranch(
  context: Context,
  question: BranchQuestion,
): Promise<BranchReading> {
  const { github, last, latest, strays } = question;
  const branch = own(github.branches, BRANCH);
  if (branch === undefined) {
    // Old refs cannot show that a branch is missing today.
    if (github.lastAttempt) return failed(github.lastAttempt.reason, 'the refs of the mirror');
    const reason = github.error === null ? 'annex-branch-missing' : 'mirror-absent';
    return { kind: 'nothing', reason };
  }
  const reading: BranchReading =
    last !== null && isOfToday(last, github, latest, strays) && !context.options.force
      ? { kind: 'read', facts: factsOf(last) }
      : await readAnew(context, question, branch);
  if (reading.kind !== 'read') return reading;
  return { kind: 'read', facts: await namedBySnapshot(question, reading.facts) };
}

/**
 * The tag of a snapshot may never have reached the mirror although a branch at its commit did. Then
 * that snapshot was exported. Today's registry decides: it may list new snapshots and commits.
 */
async function namedBySnapshot(
  { latest, snapshots }: BranchQuestion,
  facts: BranchFacts,
): Promise<BranchFacts> {
  const { exportedCommit, exportedBranch } = facts;
  if (exportedCommit == null || exportedBranch == null) return facts;
  const tags = (await snapshots()).flatMap(({ tag, hexsha }) =>
    hexsha === exportedCommit ? [tag] : [],
  );
  const exportedTag = tags.includes(latest) ? latest : (tags.at(-1) ?? null);
  return { ...facts, exportedTag };
}

/** Whether a new reading would read the same. */
export function isOfToday(
  last: AnnexRecord,
  github: Github,
  latest: string,
  strays: readonly KnownSnapshot[],
): boolean {
  if (own(github.branches, BRANCH) === undefined) return last.branch === null;
  const latestTag = Object.hasOwn(github.tags, latest) ? latest : null;
  const same = last.refs === digestOf(github, last, strays) && last.latestTag === latestTag;
  return same && last.rulesVersion === RULES_VERSION;
}
/**
 * Any branch or tag may be what was exported. The registry's commits count for tags that the mirror
 * has elsewhere. If no ref has what was exported, the snapshots without a tag there count too.
 */
function digestOf(
  { branches, tags }: Github,
  { exportedTree, exportedCommit }: Pick<AnnexRecord, 'exportedTree' | 'exportedCommit'>,
  strays: readonly KnownSnapshot[],
): string {
  const sorted = (refs: Readonly<Record<string, string>>) =>
    Object.entries(refs).sort(([a], [b]) => (a < b ? -1 : 1));
  const refs = [sorted(branches), sorted(tags)];
  const isAtRef =
    exportedTree === null || refs.flat().some(([, commit]) => commit === exportedCommit);
  const asked = strays.filter(({ tag }) => !isAtRef || Object.hasOwn(tags, tag));
  if (asked.length > 0) refs.push(asked.map(({ tag, hexsha }) => [tag, hexsha ?? '']));
  return hash('sha1', JSON.stringify(refs));
}

function factsOf(last: AnnexRecord): BranchFacts {
  const { branch, latestTag, latestCommit, remotes, exportedTree, exportedTag } = last;
  const { exportedAt, incompleteTrees, annexedKeys, unversionedKeys } = last;
  const { versionsRead, unversionedPaths, exportedCommit, exportedBranch } = last;
  const { foreignRemotes, annexObjects, refs, versionLogs, exportedOfNoSnapshot } = last;
  return {
    ...{ branch, latestTag, latestCommit, remotes, exportedTree, exportedTag, exportedAt },
    ...{ incompleteTrees, annexedKeys, unversionedKeys, versionsRead, unversionedPaths },
    ...{ refs, exportedCommit, exportedBranch, foreignRemotes, annexObjects },
    ...{ versionLogs, exportedOfNoSnapshot },
  };
}

async function readAnew(
  context: Context,
  { dataset, github, latest, strays, files }: BranchQuestion,
  branch: string,
): Promise<BranchReading> {
  const snapshot = await readLatest(github, latest, strays, files);
  if ('reason' in snapshot) return snapshot;
  const { commit, contents } = snapshot;
  const names = Object.entries(github.tags);
  const tags = names.filter(([tag]) => isVersion(tag));
  const others = names.flatMap(([tag, oid]) => (isVersion(tag) ? [] : [oid]));
  const tips = Object.entries(github.branches).filter(([name]) => name !== BRANCH);
  const commits = new Set([...tags, ...tips].map(([, oid]) => oid));
  const read = await readAnnexLogs(context, dataset, branch, [...commits]);
  if ('reason' in read) return read;
  const { logs, trees } = read;
  const claim = readClaim(
    {
      remote: logs.root['remote.log'],
      trust: logs.root['trust.log'],
      export: logs.root['export.log'],
    },
    { bucket: context.export.bucket, prefix: `${dataset}/` },
  );
  const live = claim.remotes.flatMap(({ uuid, dead }) => (dead ? [] : [uuid]));
  const exported = await findExported({
    tree: claim.exportedTree,
    latest,
    // For a tag at another commit, the registry's commit before the mirror's.
    tags:
      commit === null || own(github.tags, latest) === commit ? tags : [[latest, commit], ...tags],
    tips: new Map(tips),
    others,
    moved: strays.filter(({ tag, hexsha }) => Object.hasOwn(github.tags, tag) && hexsha !== commit),
    hasEveryTag: strays.every(({ tag }) => Object.hasOwn(github.tags, tag)),
    latestTrees: contents?.exportTrees ?? [],
    treeOf: (oid) => trees.get(oid),
    contentsOf: files.find,
  });
  if ('kind' in exported) return exported;
  const where = { exportedTree: claim.exportedTree, exportedCommit: exported.commit };
  return {
    kind: 'read',
    facts: {
      branch,
      latestTag: commit === null ? null : latest,
      latestCommit: commit,
      ...claim,
      exportedTag: exported.tag,
      ...(contents === null ? NO_VERSIONS : versionsOf(contents, logs, live)),
      refs: digestOf(github, where, strays),
      exportedCommit: exported.commit,
      exportedBranch: exported.branch,
      exportedOfNoSnapshot: exported.ofNoSnapshot,
    },
  };
}

/** The latest snapshot at the registry's commit, if the mirror has that; else at its tag's. */
async function readLatest(
  github: Github,
  latest: string,
  strays: readonly KnownSnapshot[],
  files: Pick<CommitFiles, 'find' | 'read'>,
): Promise<{ commit: string; contents: ContentList } | typeof NO_LATEST | Failed> {
  const tagged = own(github.tags, latest);
  if (tagged === undefined) return NO_LATEST;
  const registrys = strays.find(({ tag }) => tag === latest)?.hexsha;
  if (registrys != null) {
    const contents = await files.find(registrys);
    if (!('kind' in contents)) return { commit: registrys, contents };
    if (contents.kind === 'failed') return contents;
  }
  const contents = await files.read(tagged);
  return 'reason' in contents ? contents : { commit: tagged, contents };
}
const NO_LATEST = { commit: null, contents: null };

type VersionFacts = Pick<
  AnnexFacts,
  'annexedKeys' | 'unversionedKeys' | 'versionLogs' | 'versionsRead' | 'unversionedPaths'
>;
const NO_VERSIONS: VersionFacts = {
  annexedKeys: null,
  unversionedKeys: null,
  versionLogs: null,
  versionsRead: null,
  unversionedPaths: [],
};

/**
 * Which annexed files have no version. A key without a log never had one. If logs were not read,
 * the other keys may have lost theirs, so seeing none says nothing.
 * @param live uuids of this export's remotes; without any, a version of any remote counts
 */
function versionsOf(
  contents: ContentList,
  { versions }: BranchLogs,
  live: readonly string[],
): VersionFacts {
  const pathOfKey = new Map<BinaryString, BinaryString>();
  for (const { path, content } of contents) {
    if (content.kind !== 'annexed' || pathOfKey.has(content.key.name)) continue;
    pathOfKey.set(content.key.name, path);
  }
  const annexedKeys = pathOfKey.size;
  let versionLogs = 0;
  let versionsRead = 0;
  const isHeld = (uuids: readonly string[]) =>
    live.length === 0 ? uuids.length > 0 : live.some((uuid) => uuids.includes(uuid));
  for (const { key, remotes } of versions) {
    if (!pathOfKey.has(key)) continue;
    versionLogs += 1;
    if (remotes !== null) versionsRead += 1;
    if (remotes === null || isHeld(remotes)) pathOfKey.delete(key);
  }
  const unversioned = [...pathOfKey.values()].sort((a, b) => (a < b ? -1 : 1));
  const isKnown = versionsRead === versionLogs || unversioned.length > 0;
  return {
    annexedKeys,
    unversionedKeys: isKnown ? unversioned.length : null,
    versionLogs,
    versionsRead,
    unversionedPaths: unversioned.slice(0, EXAMPLES).map(fromBinary),
  };
}
