// What the page and the reports say about statuses, checks and issues: one table, so that a
// fault has one name everywhere. No rule is here; checks.md sections 3 to 7 have them. Safe to
// bundle into the page: no imports but words and types.

import type { FailureReason } from '../failure.ts';
import type { Pending, SummaryRow } from './documents.ts';
import { longDate } from './format.ts';
import {
  type Cause,
  CHECK_SUBTYPES,
  CHECKS,
  type Check,
  type LeftoverState,
  type NotCheckedReason,
  type PendingReason,
  S3_FILES_SUBTYPES,
  type Status,
} from './vocabulary.ts';

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  error: 'Error',
  'version-mismatch': 'Mismatch',
  warning: 'Warning',
  pending: 'Pending',
  ok: 'OK',
};

export const CHECK_WORDS: Readonly<
  Record<Check, { readonly name: string; readonly asks: string; readonly ok: string }>
> = {
  github: {
    name: 'GitHub mirror',
    asks: 'Does the mirror hold every snapshot?',
    ok: 'The mirror holds every snapshot, and its default branch is at the latest one.',
  },
  s3Version: {
    name: 'Export version',
    asks: 'Which version does the export say it is?',
    ok: 'The export says that it is the latest snapshot.',
  },
  s3Files: {
    name: 'Export files',
    asks: 'Does the export hold the files of its version?',
    ok: 'The export holds every file of its version, and nothing else.',
  },
  s3Content: {
    name: 'Export contents',
    asks: 'Are the files of the export what git says they are?',
    ok: 'No file that could be compared differs from git in its size or its content.',
  },
  s3Access: {
    name: 'Export access',
    asks: 'Can anybody read what the export lists?',
    ok: 'Every object that was asked for can be read by anybody.',
  },
  annexRecord: {
    name: 'Export record',
    asks: "What does the mirror's git-annex branch say of the export?",
    ok: 'git-annex recorded the latest snapshot as exported, with a version of every annexed file.',
  },
};

/** What is said of a check that was not made: it is neither good nor bad. */
export const NOT_CHECKED = 'Not checked';
/** Of a check that a recording has nothing for. */
export const NOT_CHECKED_REPLAY = 'Not checked (replay)';

/** An issue: a check and one of its subtypes, or of its reasons for not comparing. */
const WAITS = ['tag-not-on-mirror', 'mirror-absent'] as const;
const SUBTYPES = {
  ...CHECK_SUBTYPES,
  s3Files: [...S3_FILES_SUBTYPES, ...WAITS],
} as const satisfies Record<Check, readonly string[]>;

export type Issue = {
  [C in Check]: `${C}:${(typeof SUBTYPES)[C][number]}`;
}[Check];

/** By check, and within a check worst first. */
export const ISSUES: readonly Issue[] = CHECKS.flatMap((check) =>
  SUBTYPES[check].map((subtype) => `${check}:${subtype}` as Issue),
);

export interface IssueWords {
  /** A few words, for a list. */
  readonly label: string;
  /** One sentence that a curator understands. */
  readonly says: string;
  /** What to do about it. */
  readonly mend: string;
}

export const ISSUE_WORDS: Readonly<Record<Issue, IssueWords>> = {
  'github:repo-not-found': {
    label: 'Mirror missing',
    says: 'There is no repository for this dataset on GitHub.',
    mend: 'Create the mirror and push every branch and tag to it.',
  },
  'github:repo-disabled': {
    label: 'Mirror disabled',
    says: 'GitHub disabled this repository or took it down.',
    mend: 'Find out why, and resolve it with GitHub.',
  },
  'github:repo-empty': {
    label: 'Mirror empty',
    says: 'The repository is there, but it holds no branch and no tag.',
    mend: 'Push every branch and tag to the mirror.',
  },
  'github:tag-missing': {
    label: 'Latest tag missing',
    says: 'The tag of the latest snapshot is not on the mirror.',
    mend: 'Push the tag of the latest snapshot.',
  },
  'github:sha-mismatch': {
    label: 'Tag at another commit',
    says: 'A tag on the mirror is at another commit than the registry gives for it.',
    mend: 'Compare the two commits, and move the tag on the side that is wrong.',
  },
  'github:head-on-annex': {
    label: 'HEAD at git-annex',
    says: 'The default branch of the mirror is git-annex, so a clone shows bookkeeping and no data.',
    mend: "Point HEAD at the branch with the dataset's files.",
  },
  'github:default-branch-stale': {
    label: 'Stale default branch',
    says: 'The default branch of the mirror is an old one or does not exist; another branch holds the latest snapshot.',
    mend: 'Point HEAD at the branch with the latest snapshot.',
  },
  'github:head-mismatch': {
    label: 'HEAD elsewhere',
    says: 'The default branch of the mirror is not at the latest snapshot.',
    mend: 'Push the default branch, or point HEAD at the branch with the latest snapshot.',
  },
  'github:head-unknown': {
    label: 'HEAD unknown',
    says: 'The server does not say what HEAD is, and not every branch is at the latest snapshot.',
    mend: 'Point HEAD at the branch with the latest snapshot.',
  },
  'github:older-tag-missing': {
    label: 'Older tag missing',
    says: 'The tag of an older snapshot is not on the mirror.',
    mend: 'Push the missing tags.',
  },
  'github:annex-branch-missing': {
    label: 'No git-annex branch',
    says: 'The mirror has no git-annex branch, so a clone cannot find its annexed files.',
    mend: 'Push the git-annex branch.',
  },
  's3Version:blocked': {
    label: 'Export blocked',
    says: 'The export cannot be read (403), so neither its version nor its files are known.',
    mend: 'Unless it is closed on purpose, open the export to readers.',
  },
  's3Version:doi-mismatch': {
    label: 'DOI of another version',
    says: 'The DOI in the export names another version than the latest snapshot.',
    mend: 'Export the latest snapshot or correct the DOI; if the export is ahead, make a snapshot of it.',
  },
  's3Version:no-doi': {
    label: 'No DOI',
    says: 'The description in the export names no DOI of the archive; the latest snapshot is assumed.',
    mend: 'Add the DOI to the description with the next snapshot.',
  },
  's3Version:invalid-json': {
    label: 'Description unreadable',
    says: 'The description in the export is not valid JSON; the latest snapshot is assumed.',
    mend: 'Correct dataset_description.json with the next snapshot.',
  },
  's3Version:description-missing': {
    label: 'Description missing',
    says: 'The export has no dataset_description.json; the latest snapshot is assumed.',
    mend: 'Restore these files as the likely cause says.',
  },
  's3Version:description-archived': {
    label: 'Description archived',
    says: 'The description in the export is in an archived storage class; the latest snapshot is assumed.',
    mend: 'Restore the description, and move it to a storage class that can be read.',
  },
  's3Files:export-missing': {
    label: 'Export missing',
    says: 'The export holds no file of this dataset.',
    mend: 'Export the latest snapshot.',
  },
  's3Files:files-missing': {
    label: 'Files missing',
    says: 'Files of this version are not in the export.',
    mend: 'Restore these files as the likely cause says.',
  },
  's3Files:files-orphaned': {
    label: 'Files orphaned',
    says: 'The export holds files that are not in this version.',
    mend: 'Unless they are kept on purpose, remove the orphaned files from the export.',
  },
  's3Files:tag-not-on-mirror': {
    label: 'Waits for the tag',
    says: 'The files cannot be compared until the tag of this version is on the mirror.',
    mend: 'Push the tag; the next run compares the files.',
  },
  's3Files:mirror-absent': {
    label: 'Waits for the mirror',
    says: 'The files cannot be compared while no mirror can be read.',
    mend: 'Fix the mirror; the next run compares the files.',
  },
  's3Content:size-mismatch': {
    label: 'Sizes differ',
    says: 'Files of the export have a different size than git says.',
    mend: 'Restore these files as the likely cause says.',
  },
  's3Content:content-mismatch': {
    label: 'Contents differ',
    says: 'Files of the export have the size that git says, but different bytes.',
    mend: 'Restore these files as the likely cause says.',
  },
  's3Access:private': {
    label: 'Export private',
    says: 'The export lists its files, but none of those asked for can be read (403).',
    mend: 'Unless they are closed on purpose, open the objects to readers.',
  },
  's3Access:partly-private': {
    label: 'Partly private',
    says: 'Some objects of the export cannot be read (403), while others can.',
    mend: 'Unless they are closed on purpose, open these objects to readers.',
  },
  's3Access:archived': {
    label: 'Objects archived',
    says: 'Objects of the export are in an archived storage class, so nobody can read them.',
    mend: 'Restore these objects, and move them to a storage class that can be read.',
  },
  's3Access:listed-not-readable': {
    label: 'Listed, not there',
    says: 'Objects that the export lists are not there when they are asked for (404).',
    mend: 'Restore these files as the likely cause says.',
  },
  'annexRecord:claimed-missing': {
    label: 'Recorded, not there',
    says: 'git-annex recorded files as exported that the export does not hold.',
    mend: 'Restore these files as the likely cause says.',
  },
  'annexRecord:export-behind': {
    label: 'Older export recorded',
    says: 'According to git-annex, an older snapshot was exported last.',
    mend: 'Export the latest snapshot.',
  },
  'annexRecord:export-ahead': {
    label: 'Newer export recorded',
    says: 'What git-annex exported last is newer than the latest snapshot, or no snapshot.',
    mend: 'Make a snapshot of what was exported, or export the latest snapshot.',
  },
  'annexRecord:export-unknown': {
    label: 'Exported tag unknown',
    says: 'git-annex did not record which snapshot was exported last.',
    mend: 'Export the latest snapshot, and push the git-annex branch.',
  },
  'annexRecord:export-incomplete': {
    label: 'Export not finished',
    says: 'git-annex recorded the start of an export, but not its end.',
    mend: 'Export the snapshot again.',
  },
  'annexRecord:unversioned-keys': {
    label: 'Files without version',
    says: 'No S3 version is recorded for some annexed files, so a clone cannot get them.',
    mend: 'Export the snapshot again, so that versions are recorded.',
  },
  'annexRecord:remotes': {
    label: 'Public remote unclear',
    says: 'There is not exactly one live remote named s3-PUBLIC that exports to this place.',
    mend: 'Mark remotes that no longer exist as dead, so that one remains.',
  },
};

export interface CauseWords {
  readonly label: string;
  readonly says: string;
  /** Read before the command that fixes it is run; null where there is no such command. */
  readonly caution: string | null;
  /** What that command changes: nothing, a setting, copies, or who may read them. Mildest first. */
  readonly changes: 0 | 1 | 2 | 3;
}

export const CAUSE_WORDS: Readonly<Record<Cause, CauseWords>> = {
  'repository-never-pushed': {
    label: 'Repository never pushed',
    says: 'The repository never reached GitHub.',
    caution: 'Not if it is kept off GitHub on purpose: it becomes public.',
    changes: 2,
  },
  'blob-too-big': {
    label: 'File too big for GitHub',
    says: 'GitHub refuses files over 100 MiB, so the push of the latest snapshot failed.',
    caution: null,
    changes: 0,
  },
  'snapshot-not-pushed': {
    label: 'Snapshot not pushed',
    says: 'Not all snapshots are on GitHub.',
    caution: 'Not if it is kept off GitHub on purpose: it becomes public.',
    changes: 1,
  },
  'string-sorted-export': {
    label: 'Versions sorted as text',
    says: 'What was exported or pushed last is the latest only when sorted as text, 1.0.9 after 1.0.13.',
    caution:
      'Not if the older version is shown on purpose: its public files are replaced with those of the latest snapshot.',
    changes: 2,
  },
  'default-branch-stale': {
    label: 'Default branch stale',
    says: 'GitHub shows another branch than that of the latest snapshot.',
    caution: 'Not if that branch was chosen on purpose: new clones get the other one.',
    changes: 1,
  },
  'branch-not-pushed': {
    label: 'Branch not pushed',
    says: 'The default branch is at an older snapshot.',
    caution: 'Not if that branch was chosen on purpose: new clones get the other one.',
    changes: 1,
  },
  'export-never-ran': {
    label: 'Export never ran',
    says: 'Nothing was exported.',
    caution: 'Not if the dataset is kept out of the bucket on purpose: its files become public.',
    changes: 2,
  },
  'export-cut-short': {
    label: 'Export cut short',
    says: 'An export was started, but files were never uploaded.',
    caution: 'Not if files were removed on purpose: they come back.',
    changes: 2,
  },
  'export-not-renewed': {
    label: 'Latest snapshot not exported',
    says: 'The export is an older snapshot.',
    caution:
      'Not if the older version is shown on purpose: its public files are replaced with those of the latest snapshot.',
    changes: 2,
  },
  'objects-changed': {
    label: 'Objects changed after the export',
    says: 'Exported files were lost or changed since. Exporting again does nothing.',
    caution: 'Not if files were removed on purpose: they come back.',
    changes: 2,
  },
  'files-left-behind': {
    label: 'Files left behind',
    says: 'git-annex does not know these files, so it never removes them.',
    caution: 'Not if they are there on purpose: they are removed.',
    changes: 2,
  },
  'still-private': {
    label: 'Still private in S3',
    says: 'The dataset is public, but its objects cannot be read.',
    caution:
      'Not if the export is closed on purpose: anybody can then read it, and what was read cannot be taken back.',
    changes: 3,
  },
  'annex-branch-not-pushed': {
    label: 'git-annex branch not pushed',
    says: 'The git-annex branch is not on GitHub.',
    caution: 'Not if it is kept off GitHub on purpose: it becomes public.',
    changes: 1,
  },
  'ahead-of-registry': {
    label: 'Copies ahead of the registry',
    says: 'The mirror and the export hold a version that is no snapshot.',
    caution: null,
    changes: 0,
  },
  'no-known-cause': {
    label: 'No known cause',
    says: 'Nothing explains this yet.',
    caution: null,
    changes: 0,
  },
};

/** Completes "There is nothing to look at: …" */
export const NOT_CHECKED_WORDS: Readonly<Record<NotCheckedReason, string>> = {
  'tag-not-on-mirror': 'the tag of this version is not on the mirror',
  'mirror-absent': 'no mirror can be read',
  blocked: 'the export cannot be read',
  'export-missing': 'the export holds no file',
  'annex-branch-missing': 'the mirror has no git-annex branch',
};

/** Of findings that do not count yet. */
export const PENDING_WORDS: Readonly<
  Record<PendingReason, { readonly label: string; readonly says: string }>
> = {
  'just-published': {
    label: 'Just published',
    says: 'The dataset was published a few days ago, and its copies may still be on their way.',
  },
};

/** `Just published: counts from 5 December 2026` */
export const countsFrom = ({ reason, until }: Pending): string =>
  `${PENDING_WORDS[reason].label}: counts from ${longDate(until)}`;

export const LEFTOVER_WORDS: Readonly<Record<LeftoverState, string>> = {
  deleted: 'deleted from the registry',
  'not-public': 'no longer public',
  unknown: 'unknown to the registry',
};

/** Completes "The newest attempt failed: …" */
export const FAILURE_WORDS: Readonly<Record<FailureReason, string>> = {
  timeout: 'no answer in time',
  connection: 'no connection',
  'http-5xx': 'the server reported an internal error',
  throttled: 'the server asked us to slow down',
  'cut-short': 'the answer was cut short',
  malformed: 'the answer could not be understood',
  'credentials-refused': 'the server refused us, with our credentials and without them',
  internal: 'an error in the monitor itself',
};

/** Every issue of a row, in the order of ISSUES: whoever counts datasets by issue counts these. */
export function issuesOf(
  row: Pick<SummaryRow, 'issueSubtypes' | 'findings' | 'notCompared'>,
): Issue[] {
  const found = new Set([
    ...CHECKS.map((check) => `${check}:${row.issueSubtypes?.[check]}`),
    `s3Files:${row.notCompared}`,
  ]);
  const further = new Set<string>(row.findings);
  return ISSUES.filter((issue) => found.has(issue) || further.has(subtypeOf(issue)));
}

export const checkOf = (issue: Issue): Check => issue.slice(0, issue.indexOf(':')) as Check;
export const subtypeOf = (issue: Issue): string => issue.slice(issue.indexOf(':') + 1);
