// What git-annex recorded of a planned dataset: by default, exactly what the export holds.

import type { SampleEntry } from '../../../../sample/files.ts';
import { openFolder, treeOf } from '../../../../sample/files.ts';
import { blobId, type TreeSpec, treeId } from '../../../../sample/git/index.ts';
import type { Plan } from '../plan.ts';
import type { AnnexClaim, AnnexRecord, ExportedFile } from './branch.ts';

export interface CommitState {
  readonly entries: readonly SampleEntry[];
  readonly tree: TreeSpec;
}

/**
 * The tree that git-annex exports and records: without gitlinks. A folder that held nothing else
 * stays, as the empty tree (seen with git-annex 10.20230126).
 */
export function exportedTree({ entries, tree }: CommitState): TreeSpec {
  const links = entries.filter(({ mode }) => mode === 0o160000);
  if (links.length === 0) return tree;
  const rest = treeOf(entries.filter(({ mode }) => mode !== 0o160000));
  for (const { path } of links) openFolder(rest, path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  return rest;
}

export function recordOf(plan: Plan, stateOf: (commit: string) => CommitState): AnnexRecord {
  const { annex, snapshots } = plan;
  const { commit } = plan.export;
  const claimed = annex.claimed === undefined ? (commit === null ? null : [commit]) : annex.claimed;
  const idOf = (name: string) => treeId(exportedTree(stateOf(name)));
  const names = claimed ?? [];
  const claims = names.map(
    (name, place): AnnexClaim => ({
      tree: idOf(name),
      underway: place === names.length - 1 ? annex.underway.map(idOf) : [],
    }),
  );
  // Snapshots are exported one after the other, up to the claimed one.
  const last = snapshots.findLastIndex(({ tag }) => names.includes(tag));
  const done = new Set([...snapshots.slice(0, last + 1).map(({ tag }) => tag), ...names]);
  return {
    datasetId: plan.id,
    seed: annex.seed,
    created: plan.created,
    remotes: annex.remotes,
    exportedTo: annex.exportedTo,
    claims,
    kept: keysOf(snapshots.flatMap(({ tag }) => stateOf(tag).entries)),
    exported: [...done].flatMap((name) => exportedFiles(stateOf(name).entries, annex.unversioned)),
  };
}

function keysOf(entries: readonly SampleEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.mode !== 0o160000 && entry.annexed ? [entry.annexed.key] : [],
  );
}

/** git-annex records the versions of plain files too, under the ids of their blobs. */
export function exportedFiles(
  entries: readonly SampleEntry[],
  unversioned: (path: string) => boolean = () => false,
): ExportedFile[] {
  return entries.flatMap((entry): ExportedFile[] => {
    if (entry.mode === 0o160000) return [];
    const { path, annexed, content } = entry;
    // Of the plain files only those at the root are recorded: the rest would double the branch.
    if (!annexed && path.includes('/')) return [];
    const key = annexed ? annexed.key : { blob: blobId(content) };
    return [{ path, key, versioned: !unversioned(path) }];
  });
}
