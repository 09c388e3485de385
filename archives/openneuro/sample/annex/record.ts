// What git-annex exports of a commit, and records of it.

import type { SampleEntry } from '../../../../sample/files.ts';
import { openFolder, treeOf } from '../../../../sample/files.ts';
import { blobId, type TreeSpec } from '../../../../sample/git/index.ts';
import type { ExportedFile } from './branch.ts';

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
