// What was seen of the files of an export (docs/checks.md#files). checks/s3-files.ts judges it.

import type { DiffResult } from '../../../core/compare/diff.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import { s3Files } from '../checks/s3-files.ts';
import type { S3Diff } from '../documents.ts';
import type { Comparable } from './exported-commit.ts';

/** A comparison of the exported commit's tree with the export's keys. */
export interface FilesComparison
  extends Pick<Comparable, 'version' | 'commit' | 'branch' | 'tree'> {
  readonly difference: DiffResult<string>;
}

export function filesDocument(datasetId: string, compared: FilesComparison): S3Diff {
  const { version, commit, branch, tree, difference } = compared;
  const { added, removed, context, bookkeeping, submodules, symlinks } = difference;
  const evidence = {
    snapshotTag: version,
    s3Version: version,
    ...difference,
    checkedAt: null,
    added: [...added],
    removed: [...removed],
    context: [...context],
    bookkeeping: [...bookkeeping],
    submodules: [...submodules],
    symlinks: [...symlinks],
    commit,
    branch,
    ...(tree !== undefined && { tree }),
  };
  return documentOf(s3Files, datasetId, { evidence, entry: null });
}

/** The counts that a record keeps of a comparison. */
export function filesNumbers(
  document: Pick<
    S3Diff,
    | 'exportMissing'
    | 'added'
    | 'removed'
    | 'totalS3Files'
    | 'totalGitFiles'
    | 'submodules'
    | 'symlinks'
  >,
) {
  const { exportMissing, added, removed, totalS3Files, totalGitFiles } = document;
  const others = document.submodules.length + (document.symlinks?.length ?? 0);
  return {
    ...(!exportMissing && { added: added.length, removed: removed.length }),
    ...(!exportMissing &&
      added.length > 0 &&
      totalGitFiles !== null && { expected: totalGitFiles - others }),
    // The expected cost of the next listing.
    ...(totalS3Files !== null && { files: totalS3Files }),
  };
}
