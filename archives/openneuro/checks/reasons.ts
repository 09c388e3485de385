// Why a check of an export had nothing to compare.

/** For the file check, or if no answer is usable: the lock is an error, the others wait. */
export const NOT_COMPARED_REASONS = [
  'tag-not-on-mirror',
  'mirror-absent',
  'blocked',
  'commit-not-on-mirror',
] as const;

export type NotComparedReason = (typeof NOT_COMPARED_REASONS)[number];

/** For the content checks. */
export const NOT_CHECKED_REASONS = [
  ...NOT_COMPARED_REASONS,
  'export-missing',
  'annex-branch-missing',
  'versions-not-read',
] as const;

export type NotCheckedReason = (typeof NOT_CHECKED_REASONS)[number];

/** Each of them waits. */
export const NOT_CHECKED = {
  'tag-not-on-mirror': {},
  'mirror-absent': {},
  blocked: {},
  'commit-not-on-mirror': {},
  'export-missing': {},
  'annex-branch-missing': {},
  'versions-not-read': {},
} as const satisfies Readonly<Record<NotCheckedReason, object>>;
