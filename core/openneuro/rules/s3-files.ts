// The verdict on the files of an export (checks.md section 5).

import type { DiffResult } from '../../compare/diff.ts';
import type { Github, S3Diff } from '../../model/documents.ts';
import type { NotComparedReason, S3FilesSubtype } from '../../model/vocabulary.ts';

export type S3FilesInput =
  | { readonly kind: 'blocked' }
  | {
      readonly kind: 'not-compared';
      readonly reason: Exclude<NotComparedReason, 'blocked'>;
      /** The version that would be compared. */
      readonly version: string;
    }
  | {
      readonly kind: 'compared';
      readonly version: string;
      readonly commit: string;
      /** What a comparison of the tag's tree with the export's keys gave. */
      readonly difference: DiffResult<string>;
    };

type Lists = Pick<
  DiffResult<string>,
  'added' | 'removed' | 'context' | 'bookkeeping' | 'submodules'
>;
/** A good measurement of an export's files; the stage adds what is particular to the run. */
export type S3FilesMeasurement = Omit<
  S3Diff,
  'schemaVersion' | 'checkedAt' | 'lastAttempt' | keyof Lists
> &
  Lists;
export type S3FilesVerdict = Pick<S3Diff, 'status' | 'subtype'>;

const NOT_COMPARED = {
  snapshotTag: null,
  totalS3Files: null,
  totalGitFiles: null,
  exportMissing: false,
  added: [],
  removed: [],
  context: [],
  bookkeeping: [],
  submodules: [],
  subtype: null,
  commit: null,
} as const;

export function judgeS3Files(datasetId: string, input: S3FilesInput): S3FilesMeasurement {
  switch (input.kind) {
    case 'blocked':
      return {
        datasetId,
        ...NOT_COMPARED,
        s3Version: null,
        status: 'error',
        notCompared: 'blocked',
      };
    case 'not-compared':
      return {
        datasetId,
        ...NOT_COMPARED,
        s3Version: input.version,
        status: 'pending',
        notCompared: input.reason,
      };
    case 'compared':
      return {
        datasetId,
        snapshotTag: input.version,
        s3Version: input.version,
        ...input.difference,
        ...s3FilesVerdict(input.difference),
        notCompared: null,
        commit: input.commit,
      };
  }
}

type Differing = Pick<DiffResult<string>, 'exportMissing' | 'added' | 'removed'>;

/** The verdict that follows from a comparison's lists. */
export function s3FilesVerdict(lists: Differing): S3FilesVerdict {
  const [subtype = null] = s3FilesFindings(lists);
  return { status: subtype === null ? 'ok' : 'error', subtype };
}

/** All that applies, worst first. */
export function s3FilesFindings({ exportMissing, added, removed }: Differing): S3FilesSubtype[] {
  if (exportMissing) return ['export-missing'];
  const missing = added.length > 0 ? (['files-missing'] as const) : [];
  const orphaned = removed.length > 0 ? (['files-orphaned'] as const) : [];
  return [...missing, ...orphaned];
}

/**
 * Why there is nothing on the mirror to compare a version with; null when its tag is there (or
 * when the mirror was never seen, which is a measurement still to come).
 */
export function whyNotCompared(
  github: Pick<Github, 'error' | 'tags'> | undefined,
  version: string,
): Exclude<NotComparedReason, 'blocked'> | null {
  if (github === undefined) return null;
  if (github.error !== null) return 'mirror-absent';
  return Object.hasOwn(github.tags, version) ? null : 'tag-not-on-mirror';
}
