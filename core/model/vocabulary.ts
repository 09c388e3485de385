// The words of the monitor: checks, statuses, subtypes. checks.md sections 1, 3 to 7 are their source.

export const SCHEMA_VERSION = '3.0.0';

/** Stands for a commit that the registry does not tell: the predecessor's page has the same word. */
export const UNKNOWN_HEXSHA = 'unknown';

/** The checks of names: every row tells them. */
export const NAME_CHECKS = ['github', 's3Version', 's3Files'] as const;
/** The checks of what is inside: null or absent in a row where they were not made. */
export const CONTENT_CHECKS = ['s3Content', 's3Access', 'annexRecord'] as const;
/** The checks of a dataset, in the order they are shown. */
export const CHECKS = [...NAME_CHECKS, ...CONTENT_CHECKS] as const;
export type Check = (typeof CHECKS)[number];
export type NameCheck = (typeof NAME_CHECKS)[number];
export type ContentCheck = (typeof CONTENT_CHECKS)[number];

/** Worst first (checks.md section 6: "worst wins, and pending only hides ok"). */
export const STATUSES = ['error', 'version-mismatch', 'warning', 'pending', 'ok'] as const;
export type Status = (typeof STATUSES)[number];

/** Order of rank: the first that applies gives the status and subtype (section 3). */
export const GITHUB_SUBTYPES = [
  'repo-not-found',
  'repo-disabled',
  'repo-empty',
  'tag-missing',
  'sha-mismatch',
  'head-on-annex',
  'head-mismatch',
  'default-branch-stale',
  'head-unknown',
  'older-tag-missing',
  'annex-branch-missing',
] as const;
export type GithubSubtype = (typeof GITHUB_SUBTYPES)[number];

/** Section 4. */
export const S3_VERSION_SUBTYPES = [
  'blocked',
  'doi-mismatch',
  'no-doi',
  'invalid-json',
  'description-missing',
  'description-archived',
] as const;
export type S3VersionSubtype = (typeof S3_VERSION_SUBTYPES)[number];

/** Section 5. */
export const S3_FILES_SUBTYPES = ['export-missing', 'files-missing', 'files-orphaned'] as const;
export type S3FilesSubtype = (typeof S3_FILES_SUBTYPES)[number];

/** Section 10. */
export const S3_CONTENT_SUBTYPES = ['size-mismatch', 'content-mismatch'] as const;
export type S3ContentSubtype = (typeof S3_CONTENT_SUBTYPES)[number];

/** Section 11. */
export const S3_ACCESS_SUBTYPES = [
  'private',
  'partly-private',
  'archived',
  'listed-not-readable',
] as const;
export type S3AccessSubtype = (typeof S3_ACCESS_SUBTYPES)[number];

/** Section 12. */
export const ANNEX_RECORD_SUBTYPES = [
  'claimed-missing',
  'export-behind',
  'export-ahead',
  'export-unknown',
  'export-incomplete',
  'unversioned-keys',
  'remotes',
] as const;
export type AnnexRecordSubtype = (typeof ANNEX_RECORD_SUBTYPES)[number];

/** What each check can find, worst first. */
export const CHECK_SUBTYPES = {
  github: GITHUB_SUBTYPES,
  s3Version: S3_VERSION_SUBTYPES,
  s3Files: S3_FILES_SUBTYPES,
  s3Content: S3_CONTENT_SUBTYPES,
  s3Access: S3_ACCESS_SUBTYPES,
  annexRecord: ANNEX_RECORD_SUBTYPES,
} as const satisfies Record<Check, readonly string[]>;
export type Subtype = (typeof CHECK_SUBTYPES)[Check][number];
/** All of them, each word once: a subtype alone tells its check. */
export const SUBTYPES = CHECKS.flatMap((check): readonly Subtype[] => CHECK_SUBTYPES[check]);

/** What a finding makes of its check. */
export const SEVERITY = {
  'repo-not-found': 'error',
  'repo-disabled': 'error',
  'repo-empty': 'error',
  'tag-missing': 'error',
  'sha-mismatch': 'error',
  'head-on-annex': 'error',
  'head-mismatch': 'warning',
  'default-branch-stale': 'warning',
  'head-unknown': 'warning',
  'older-tag-missing': 'warning',
  'annex-branch-missing': 'warning',
  blocked: 'error',
  'doi-mismatch': 'version-mismatch',
  'no-doi': 'warning',
  'invalid-json': 'warning',
  'description-missing': 'warning',
  'description-archived': 'warning',
  'export-missing': 'error',
  'files-missing': 'error',
  'files-orphaned': 'error',
  'size-mismatch': 'error',
  'content-mismatch': 'error',
  private: 'error',
  'partly-private': 'error',
  archived: 'error',
  'listed-not-readable': 'warning',
  'claimed-missing': 'error',
  'export-behind': 'version-mismatch',
  'export-ahead': 'version-mismatch',
  'export-unknown': 'warning',
  'export-incomplete': 'warning',
  'unversioned-keys': 'warning',
  remotes: 'warning',
} as const satisfies Record<Subtype, Status>;

/** The status of a check by its worst finding. */
export const statusOf = (subtype: Subtype | null | undefined): Status =>
  subtype == null ? 'ok' : SEVERITY[subtype];

/** Likely causes (section 13), the ones that explain most first. */
export const CAUSES = [
  'repository-never-pushed',
  'blob-too-big',
  'snapshot-not-pushed',
  'string-sorted-export',
  'default-branch-stale',
  'branch-not-pushed',
  'export-never-ran',
  'export-cut-short',
  'export-not-renewed',
  'objects-changed',
  'files-left-behind',
  'still-private',
  'annex-branch-not-pushed',
  'ahead-of-registry',
  'no-known-cause',
] as const;
export type Cause = (typeof CAUSES)[number];

/** What the registry answers for a dataset that is in the bucket and not public (section 14). */
export const LEFTOVER_STATES = ['deleted', 'not-public', 'unknown'] as const;
export type LeftoverState = (typeof LEFTOVER_STATES)[number];

/** Why the file check made no comparison: two waits (pending) and the lock (error). */
export const NOT_COMPARED_REASONS = ['tag-not-on-mirror', 'mirror-absent', 'blocked'] as const;
export type NotComparedReason = (typeof NOT_COMPARED_REASONS)[number];

/** Why a check of what is inside has nothing to look at. */
export const NOT_CHECKED_REASONS = [
  ...NOT_COMPARED_REASONS,
  'export-missing',
  'annex-branch-missing',
] as const;
export type NotCheckedReason = (typeof NOT_CHECKED_REASONS)[number];

/** Why findings do not count yet (section 15). */
export const PENDING_REASONS = ['just-published'] as const;
export type PendingReason = (typeof PENDING_REASONS)[number];

/** The worst of some statuses; `ok` of none. What was not checked is neither good nor bad. */
export function worst(statuses: Iterable<Status | null | undefined>): Status {
  let rank: number = STATUSES.length - 1;
  for (const status of statuses) {
    if (status != null) rank = Math.min(rank, STATUSES.indexOf(status));
  }
  return STATUSES[rank] as Status;
}
