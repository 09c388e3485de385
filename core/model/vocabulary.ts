// The words of the monitor: checks, statuses, subtypes. checks.md sections 1, 3 to 7 are their source.

export const SCHEMA_VERSION = '3.0.0';

/** The checks of a dataset, in the order they are shown. */
export const CHECKS = ['github', 's3Version', 's3Files'] as const;
export type Check = (typeof CHECKS)[number];

/** Worst first (checks.md section 6: "worst wins, and pending only hides ok"). */
export const STATUSES = ['error', 'version-mismatch', 'warning', 'pending', 'ok'] as const;
export type Status = (typeof STATUSES)[number];

/** Order of rank: the first that applies gives the status and subtype (section 3). */
export const GITHUB_SUBTYPES = [
  'repo-not-found',
  'repo-empty',
  'tag-missing',
  'sha-mismatch',
  'head-mismatch',
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
] as const;
export type S3VersionSubtype = (typeof S3_VERSION_SUBTYPES)[number];

/** Section 5. */
export const S3_FILES_SUBTYPES = ['export-missing', 'files-missing', 'files-orphaned'] as const;
export type S3FilesSubtype = (typeof S3_FILES_SUBTYPES)[number];

/** Why the file check made no comparison: two waits (pending) and the lock (error). */
export const NOT_COMPARED_REASONS = ['tag-not-on-mirror', 'mirror-absent', 'blocked'] as const;
export type NotComparedReason = (typeof NOT_COMPARED_REASONS)[number];

/** The worst of some statuses; `ok` of none. */
export function worst(statuses: Iterable<Status>): Status {
  let rank: number = STATUSES.length - 1;
  for (const status of statuses) rank = Math.min(rank, STATUSES.indexOf(status));
  return STATUSES[rank] as Status;
}
