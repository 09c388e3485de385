// What the git-annex branch of a mirror tells of its export (docs/checks.md section 12): two requests
// when the branch has moved since it was read, none when it has not.

import { hash } from 'node:crypto';
import { fromBinary } from '../compare/byte-order.ts';
import { type Failed, failed } from '../failure.ts';
import type { ContentList } from '../git/content-list.ts';
import type { AnnexRecord, Github } from '../model/documents.ts';
import type { NotCheckedReason } from '../model/vocabulary.ts';
import { parseRmet, RMET_SUFFIX } from '../openneuro/annex/rmet.ts';
import { type AnnexFacts, readClaim } from '../openneuro/rules/annex-record.ts';
import type { KnownSnapshot } from '../openneuro/rules/github.ts';
import { isVersion } from '../openneuro/version-order.ts';
import { own } from '../own.ts';
import { RULES_VERSION } from '../rules-version.ts';
import type { BinaryString, TreeEntry } from '../sources.ts';
import type { StageContext } from './context.ts';
import { findExported } from './exported-ref.ts';

const BRANCH = 'git-annex';
/** Logs of versions that come along with the others for nothing: they prove what names only say. */
const VERSIONS_READ = 100;
const EXAMPLES = 20;

/** All but what the listing tells. */
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
  /** Snapshots of the registry, asked for where no tag of the mirror is at the exported commit. */
  readonly snapshots: () => Promise<readonly KnownSnapshot[]>;
  /** The files of a commit with their contents; failed where they cannot be had. */
  readonly contentsOf: (commit: string) => Promise<ContentList | Failed>;
}

export async function readAnnexBranch(
  context: StageContext,
  question: BranchQuestion,
): Promise<BranchReading> {
  const { github, last, latest } = question;
  const branch = own(github.branches, BRANCH);
  if (branch === undefined) {
    // Refs of an earlier day cannot tell that a branch of today is missing.
    if (github.lastAttempt) return failed(github.lastAttempt.reason, 'the refs of the mirror');
    const reason = github.error === null ? 'annex-branch-missing' : 'mirror-absent';
    return { kind: 'nothing', reason };
  }
  const commit = own(github.tags, latest) ?? null;
  const reading: BranchReading =
    last !== null && isOfToday(last, github, latest) && !context.options.force
      ? { kind: 'read', facts: factsOf(last) }
      : await readAnew(context, question, { branch, commit, refs: digestOf(github) });
  if (reading.kind !== 'read') return reading;
  return { kind: 'read', facts: await namedBySnapshot(question, reading.facts) };
}

/**
 * A snapshot whose tag never reached the mirror, while a branch at its commit did, is what was exported:
 * by the registry of today, which may tell of snapshots and commits that it did not tell of before.
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

/** Whether what was read then is what would be read today. */
export function isOfToday(last: AnnexRecord, github: Github, latest: string): boolean {
  if (own(github.branches, BRANCH) === undefined) return last.branch === null;
  const latestTag = Object.hasOwn(github.tags, latest) ? latest : null;
  const same = last.refs === digestOf(github) && last.latestTag === latestTag;
  return same && last.rulesVersion === RULES_VERSION;
}

/** Any branch or tag may be what was exported. */
function digestOf({ branches, tags }: Github): string {
  const sorted = (refs: Readonly<Record<string, string>>) =>
    Object.entries(refs).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha1', JSON.stringify([sorted(branches), sorted(tags)]));
}

function factsOf(last: AnnexRecord): BranchFacts {
  const { branch, latestTag, latestCommit, remotes, exportedTree, exportedTag } = last;
  const { exportedAt, incompleteTrees, annexedKeys, unversionedKeys } = last;
  const { versionsRead, unversionedPaths, exportedCommit, exportedBranch } = last;
  const { foreignRemotes, annexObjects, refs } = last;
  return {
    ...{ branch, latestTag, latestCommit, remotes, exportedTree, exportedTag, exportedAt },
    ...{ incompleteTrees, annexedKeys, unversionedKeys, versionsRead, unversionedPaths },
    ...{ refs, exportedCommit, exportedBranch, foreignRemotes, annexObjects },
  };
}

async function readAnew(
  context: StageContext,
  { dataset, github, latest, contentsOf }: BranchQuestion,
  { branch, commit, refs }: { branch: string; commit: string | null; refs: string },
): Promise<BranchReading> {
  const contents = commit === null ? null : await contentsOf(commit);
  if (contents !== null && 'reason' in contents) return contents;
  const tree = await context.mirror.readTree(dataset, branch, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return failed('malformed', 'the mirror lacks its git-annex branch');
  const names = scanBranch(tree.value, contents);

  const blobs = new Set([...names.logs.values(), ...names.versions.values()]);
  const tags = Object.entries(github.tags).filter(([tag]) => isVersion(tag));
  const tips = Object.entries(github.branches).filter(([name]) => name !== BRANCH);
  const commits = new Set([...tags, ...tips].map(([, oid]) => oid));
  const objects = await context.mirror.readObjects(
    dataset,
    { blobs: [...blobs], commits: [...commits] },
    context.signal,
  );
  if (objects.kind === 'failed') return objects;
  if (objects.kind === 'absent') return failed('malformed', 'the mirror lacks what its refs name');
  const { value } = objects;
  const text = (oid: string | undefined) => value.blobs.get(oid ?? '')?.toString() ?? '';
  const claim = readClaim(
    {
      remote: text(names.logs.get('remote.log')),
      trust: text(names.logs.get('trust.log')),
      export: text(names.logs.get('export.log')),
    },
    { bucket: context.export.bucket, prefix: `${dataset}/` },
  );

  const live = claim.remotes.filter(({ dead }) => !dead);
  const revoked = Array.from(names.versions).flatMap(([path, oid]) => {
    const known = live.some(({ uuid }) => parseRmet(text(oid), uuid).length > 0);
    return known || live.length === 0 ? [] : [path];
  });
  const unversioned = [...names.unversioned, ...revoked].sort((a, b) => (a < b ? -1 : 1));

  const exported = await findExported({
    tree: claim.exportedTree,
    latest,
    tags: new Map(tags),
    tips: new Map(tips),
    latestTrees: contents?.exportTrees ?? [],
    treeOf: (oid) => value.trees.get(oid),
    contentsOf,
  });
  if ('kind' in exported) return exported;
  return {
    kind: 'read',
    facts: {
      branch,
      latestTag: commit === null ? null : latest,
      latestCommit: commit,
      ...claim,
      exportedTag: exported.tag,
      annexedKeys: contents === null ? null : names.annexedKeys,
      unversionedKeys: contents === null ? null : unversioned.length,
      versionsRead: contents === null ? null : names.versions.size,
      unversionedPaths: unversioned.slice(0, EXAMPLES).map(fromBinary),
      refs,
      exportedCommit: exported.commit,
      exportedBranch: exported.branch,
    },
  };
}

interface BranchNames {
  /** Log at the root of the branch to its blob. */
  readonly logs: ReadonlyMap<string, string>;
  /** Path of an annexed file to the blob with the versions of its key: the first so many. */
  readonly versions: ReadonlyMap<BinaryString, string>;
  /** A path for each key without any such blob. */
  readonly unversioned: readonly BinaryString[];
  readonly annexedKeys: number;
}

const LOGS: ReadonlySet<string> = new Set(['remote.log', 'trust.log', 'export.log']);

/** Names alone tell most: a key whose versions were ever recorded has a file for them. */
function scanBranch(entries: Iterable<TreeEntry>, contents: ContentList | null): BranchNames {
  const pathOfKey = new Map<BinaryString, BinaryString>();
  for (const { path, content } of contents ?? []) {
    if (content.kind !== 'annexed' || pathOfKey.has(content.key.name)) continue;
    pathOfKey.set(content.key.name, path);
  }
  const annexedKeys = pathOfKey.size;
  const toRead = new Set([...pathOfKey.keys()].slice(0, VERSIONS_READ));
  const logs = new Map<string, string>();
  const versions = new Map<BinaryString, string>();
  for (const { path, oid } of entries) {
    if (LOGS.has(path)) logs.set(path, oid);
    if (!path.endsWith(RMET_SUFFIX)) continue;
    const key = path.slice(path.lastIndexOf('/') + 1, -RMET_SUFFIX.length);
    const file = pathOfKey.get(key);
    if (file === undefined) continue;
    pathOfKey.delete(key);
    if (toRead.has(key)) versions.set(file, oid);
  }
  return { logs, versions, unversioned: [...pathOfKey.values()], annexedKeys };
}
