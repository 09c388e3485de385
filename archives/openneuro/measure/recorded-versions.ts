// Where the content is of files that git-annex recorded as exported and the bucket lacks or holds
// differently: the S3 version recorded for their key, or git itself (docs/checks.md#causes). It
// takes two requests to the mirror, only if there are such files, and none while nothing changes.

import { type BinaryString, fromBinary } from '../../../core/compare/byte-order.ts';
import type { Failed } from '../../../core/failure.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import type { ContentList } from '../../../core/protocols/git/content-list.ts';
import { keyOfVersionLog, parseRmet } from '../annex/rmet.ts';
import type { AnnexRecord } from '../documents.ts';
import { annexRecordPath } from '../paths.ts';
import { RULES_VERSION } from '../rules-version.ts';
import type { BranchFacts } from './annex-branch.ts';
import { readBranch, readObjects } from './annex-logs.ts';
import type { Task } from './export-task.ts';

export type RecordedVersions = NonNullable<AnnexRecord['recordedVersions']>;

/** The most that a command may name. */
export const MAX_RECORDED = 20;

/**
 * @param paths of the exported commit; the first 20 count
 * @returns undefined if there is nothing to read
 */
export async function readRecordedVersions(
  { context, dataset, commits }: Pick<Task, 'context' | 'dataset' | 'commits'>,
  facts: BranchFacts,
  paths: readonly BinaryString[],
): Promise<RecordedVersions | Failed | undefined> {
  const { branch, exportedCommit } = facts;
  const wanted = paths.slice(0, MAX_RECORDED);
  if (branch === null || exportedCommit == null || wanted.length === 0) return undefined;
  const last = await readOrNull<AnnexRecord>(context, annexRecordPath(dataset));
  const names = wanted.map(fromBinary);
  const isSame =
    last?.rulesVersion === RULES_VERSION &&
    last.branch === branch &&
    last.exportedCommit === exportedCommit &&
    String(last.recordedVersions?.map(({ path }) => path)) === String(names);
  if (isSame && !context.options.force) return last.recordedVersions;

  const files = await commits.read(exportedCommit);
  if ('reason' in files) return files;
  const keys = keysOf(files, new Set(wanted));
  const logs = await versionLogs({ context, dataset }, branch, new Set(keys.values()));
  if ('reason' in logs) return logs;
  const live = facts.remotes.filter(({ dead }) => !dead);
  return wanted.map((binary) => {
    const path = fromBinary(binary);
    const key = keys.get(binary);
    if (key == null) return { path, version: null, inGit: key === null };
    const recorded = live.flatMap(({ uuid }) => parseRmet(logs.get(key) ?? '', uuid));
    const version = recorded.findLast(({ objectKey }) => objectKey === `${dataset}/${path}`);
    return { path, version: version?.versionId ?? null, inGit: false };
  });
}

/** The key of each file; null for a file in git itself. */
function keysOf(
  files: ContentList,
  wanted: ReadonlySet<BinaryString>,
): Map<BinaryString, BinaryString | null> {
  const keys = new Map<BinaryString, BinaryString | null>();
  for (const { path, content } of files) {
    if (!wanted.has(path)) continue;
    if (content.kind === 'annexed') keys.set(path, content.key.name);
    if (content.kind === 'plain' || content.kind === 'unknown') keys.set(path, null);
  }
  return keys;
}

/** The text of `KEY.log.rmet` for each key that has one. */
async function versionLogs(
  { context, dataset }: Pick<Task, 'context' | 'dataset'>,
  branch: string,
  keys: ReadonlySet<BinaryString | null>,
): Promise<Map<BinaryString, string> | Failed> {
  const oids = new Map<BinaryString, string>();
  if ([...keys].every((key) => key === null)) return new Map();
  const tree = await readBranch(context, dataset, branch);
  if ('reason' in tree) return tree;
  for (const { path, oid } of tree) {
    const key = keyOfVersionLog(path);
    if (key !== null && keys.has(key)) oids.set(key, oid);
  }
  const objects = await readObjects(context, dataset, [...new Set(oids.values())], []);
  if ('reason' in objects) return objects;
  const text = (oid: string) => objects.blobs.get(oid)?.toString() ?? '';
  return new Map(Array.from(oids, ([key, oid]) => [key, text(oid)]));
}
