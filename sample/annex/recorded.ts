// What git-annex recorded of a replayed dataset. That is not in a recorded tree: what the export
// shows of itself stands for it.

import { treeOf } from '../files.ts';
import { type TreeSpec, treeId } from '../git/index.ts';
import type { RecordedDataset } from '../recorded.ts';
import { annexBranch, type ExportedFile } from './branch.ts';

/** The commit, by its recorded id, whose tree is said to be exported; undefined when none was. */
export function claimedCommit(
  { snapshots, s3Version, diff }: RecordedDataset,
  tags: ReadonlyMap<string, { readonly commit: string }>,
): string | undefined {
  if (diff?.exportMissing) return undefined;
  const latest = snapshots.at(-1);
  const version = s3Version.extractedVersion ?? latest?.tag ?? '';
  // What was never pushed to the mirror was exported all the same.
  const snapshot = snapshots.find(({ tag }) => tag === version) ?? latest;
  return tags.get(version)?.commit ?? snapshot?.hexsha;
}

/** The tree of the git-annex branch. */
export function recordedBranch(
  id: string,
  created: Date,
  claimed: TreeSpec | undefined,
  exported: readonly ExportedFile[],
): TreeSpec {
  return treeOf(
    annexBranch({
      datasetId: id,
      seed: id,
      created,
      remotes: [{ seed: 'public', name: 's3-PUBLIC' }],
      exportedTo: 0,
      claims: claimed === undefined ? [] : [{ tree: treeId(claimed), underway: [] }],
      kept: [],
      exported,
    }),
  );
}
