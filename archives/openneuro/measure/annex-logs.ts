// The logs of a mirror's git-annex branch, with every log of versions: kept ones, else fetched and
// kept. Its tree is fetched without contents; the logs are requested by id, with the commits whose
// trees are wanted.

import { type BinaryString, detached } from '../../../core/compare/byte-order.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { storing } from '../../../core/monitor/save-result.ts';
import type { GitObjects, TreeEntry } from '../../../core/protocols/sources.ts';
import {
  type BranchLogs,
  decodeBranchLogs,
  encodeBranchLogs,
  ROOT_LOGS,
  type RootLog,
  type VersionsOfKey,
} from '../annex/branch-logs.ts';
import { keyOfVersionLog, versionsByRemote } from '../annex/rmet.ts';
import type { Context } from '../sources.ts';

/** 50 bytes each, so that a request body is the megabyte that git's own client posts at once. */
const MAX_WANTS = 20_000;
/** Above this number of logs none is read: the largest known dataset has 394,526 files. */
const MAX_VERSION_LOGS = 1_000_000;

export interface BranchAnswer {
  readonly logs: BranchLogs;
  /** Commit id to the id of its tree. */
  readonly trees: ReadonlyMap<string, string>;
}

/** @param branch the branch's commit */
export async function readAnnexLogs(
  context: Context,
  dataset: string,
  branch: string,
  commits: readonly string[],
): Promise<BranchAnswer | Failed> {
  const kept = context.options.force ? undefined : await context.store.readTree(branch);
  const known = kept && decodeBranchLogs(kept);
  if (known) {
    const objects = await readObjects(context, dataset, [], commits);
    return 'reason' in objects ? objects : { logs: known, trees: objects.trees };
  }
  const tree = await readBranch(context, dataset, branch);
  if ('reason' in tree) return tree;
  const { root, versions } = findLogs(tree);
  const wanted = versions.length > MAX_VERSION_LOGS ? [] : versions.map(({ oid }) => oid);
  const blobs = [...new Set([...root.values(), ...wanted])];
  const texts = new Map<RootLog, string>();
  const remotesOf = new Map<string, readonly string[]>();
  let trees: GitObjects['trees'] = new Map();
  const lists = new Map<string, readonly string[]>();
  for (let at = 0; at === 0 || at < blobs.length; at += MAX_WANTS) {
    const asked = at === 0 ? commits : [];
    const objects = await readObjects(context, dataset, blobs.slice(at, at + MAX_WANTS), asked);
    if ('reason' in objects) return objects;
    if (at === 0) ({ trees } = objects);
    for (const [name, oid] of root) {
      const log = objects.blobs.get(oid);
      if (log) texts.set(name, log.toString());
    }
    for (const [oid, log] of objects.blobs) remotesOf.set(oid, remotesIn(log, lists));
  }
  const text = (name: RootLog) => texts.get(name) ?? '';
  const logs: BranchLogs = {
    root: Object.fromEntries(ROOT_LOGS.map((name) => [name, text(name)])) as BranchLogs['root'],
    versions: versions.map(
      ({ key, oid }): VersionsOfKey => ({ key, remotes: remotesOf.get(oid) ?? null }),
    ),
  };
  const bytes = encodeBranchLogs(logs);
  if (bytes !== undefined) await storing(context.store.writeTree(branch, bytes));
  return { logs, trees };
}

/** Every file of the git-annex branch at a commit. */
export async function readBranch(
  { mirror, signal }: Pick<Context, 'mirror' | 'signal'>,
  dataset: string,
  branch: string,
): Promise<Iterable<TreeEntry> | Failed> {
  const tree = await mirror.readTree(dataset, branch, signal);
  if (tree.kind === 'failed') return tree;
  return tree.kind === 'seen'
    ? tree.value
    : failed('malformed', 'the mirror lacks its git-annex branch');
}

/** Objects that the branch or the refs name, so they must exist. */
export async function readObjects(
  { mirror, signal }: Pick<Context, 'mirror' | 'signal'>,
  dataset: string,
  blobs: readonly string[],
  commits: readonly string[],
): Promise<GitObjects | Failed> {
  if (blobs.length + commits.length === 0) return { blobs: new Map(), trees: new Map() };
  const objects = await mirror.readObjects(dataset, { blobs, commits }, signal);
  if (objects.kind === 'failed') return objects;
  if (objects.kind === 'absent') return failed('malformed', 'the mirror lacks what its refs name');
  return objects.value;
}

interface VersionLog {
  readonly key: BinaryString;
  /** The blob's id. */
  readonly oid: string;
}

function findLogs(tree: Iterable<TreeEntry>) {
  const root = new Map<RootLog, string>();
  const versions: VersionLog[] = [];
  for (const { path, oid } of tree) {
    const log = ROOT_LOGS.find((name) => name === path);
    if (log !== undefined) root.set(log, oid);
    const key = keyOfVersionLog(path);
    if (key !== null) versions.push({ key: detached(key), oid });
  }
  return { root, versions };
}

/** @param lists one for all keys that the same remotes hold: there are few lists and many keys */
function remotesIn(log: Buffer, lists: Map<string, readonly string[]>): readonly string[] {
  const uuids = [...versionsByRemote(log.toString()).keys()];
  const name = uuids.join(' ');
  const known = lists.get(name);
  if (known === undefined) lists.set(name, uuids);
  return known ?? uuids;
}
