// The verdict on the files of an export (docs/checks.md#files).

import type { DiffResult } from '../../../core/compare/diff.ts';
import type { S3Diff } from '../documents.ts';
import { type NotComparedReason, type Subtype, statusOf } from '../vocabulary.ts';
import type { Comparable } from './exported-commit.ts';

/** A comparison of the exported commit's tree with the export's keys. */
export interface FilesComparison
  extends Pick<Comparable, 'version' | 'commit' | 'branch' | 'tree'> {
  readonly difference: DiffResult<string>;
}

type Lists = Pick<
  DiffResult<string>,
  'added' | 'removed' | 'context' | 'bookkeeping' | 'submodules' | 'symlinks'
>;
/** A good measurement of an export's files; the stage adds what is particular to the run. */
export type S3FilesMeasurement = Omit<
  S3Diff,
  'schemaVersion' | 'checkedAt' | 'lastAttempt' | keyof Lists
> &
  Lists;
export type S3FilesVerdict = Pick<S3Diff, 'status' | 'subtype'>;

export function judgeS3Files(datasetId: string, compared: FilesComparison): S3FilesMeasurement {
  const { version, commit, branch, tree, difference } = compared;
  return {
    datasetId,
    snapshotTag: version,
    s3Version: version,
    ...difference,
    ...s3FilesVerdict(difference),
    notCompared: null,
    commit,
    branch,
    ...(tree !== undefined && { tree }),
  };
}

/** Of an export whose files are compared with nothing: locked ones are an error, the others wait. */
export const statusNotCompared = (reason: NotComparedReason | null): 'error' | 'pending' =>
  reason === 'blocked' ? 'error' : 'pending';

type Differing = Pick<DiffResult<string>, 'exportMissing' | 'added' | 'removed'>;

/** What a record counts of a comparison. */
export function filesNumbers(judged: Differing & Pick<S3Diff, 'totalS3Files'>) {
  const { exportMissing, added, removed, totalS3Files } = judged;
  return {
    ...(!exportMissing && { added: added.length, removed: removed.length }),
    // The expected cost of the next listing.
    ...(totalS3Files !== null && { files: totalS3Files }),
  };
}

/** The verdict that follows from a comparison's lists. */
export function s3FilesVerdict(lists: Differing): S3FilesVerdict {
  const [subtype = null] = s3FilesFindings(lists);
  return { status: statusOf(subtype), subtype };
}

/** All that applies, worst first. */
export function s3FilesFindings({
  exportMissing,
  added,
  removed,
}: Differing): Subtype<'s3Files'>[] {
  if (exportMissing) return ['export-missing'];
  const missing = added.length > 0 ? (['files-missing'] as const) : [];
  const orphaned = removed.length > 0 ? (['files-orphaned'] as const) : [];
  return [...missing, ...orphaned];
}
