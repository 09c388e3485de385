// What the page and the reports say about statuses, checks and issues: one table, so that a
// fault has one name everywhere. No rule is here; checks.md sections 3 to 7 have them. Safe to
// bundle into the page: no imports but words and types.

import type { FailureReason } from '../failure.ts';
import type { SummaryRow } from './documents.ts';
import {
  CHECKS,
  type Check,
  GITHUB_SUBTYPES,
  S3_FILES_SUBTYPES,
  S3_VERSION_SUBTYPES,
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
};

/** An issue: a check and one of its subtypes, or of its reasons for not comparing. */
const WAITS = ['tag-not-on-mirror', 'mirror-absent'] as const;
const SUBTYPES = {
  github: GITHUB_SUBTYPES,
  s3Version: S3_VERSION_SUBTYPES,
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
  'github:head-mismatch': {
    label: 'HEAD elsewhere',
    says: 'The default branch of the mirror is not at the latest snapshot.',
    mend: 'Push the default branch, or let HEAD name the branch with the latest snapshot.',
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
    says: 'The export may not be read (403), so neither its version nor its files are known.',
    mend: 'Open the export to readers, unless it is closed on purpose.',
  },
  's3Version:doi-mismatch': {
    label: 'DOI of another version',
    says: 'The DOI in the export names another version than the latest snapshot.',
    mend: 'Export the latest snapshot again, or correct the DOI of its description.',
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
    mend: 'Export the latest snapshot again.',
  },
  's3Files:export-missing': {
    label: 'Export missing',
    says: 'The export holds no file of this dataset.',
    mend: 'Export the latest snapshot.',
  },
  's3Files:files-missing': {
    label: 'Files missing',
    says: 'Files of this version are not in the export.',
    mend: 'Export the missing files.',
  },
  's3Files:files-orphaned': {
    label: 'Files orphaned',
    says: 'The export holds files that are not in this version.',
    mend: 'Remove the orphaned files from the export.',
  },
  's3Files:tag-not-on-mirror': {
    label: 'Waits for the tag',
    says: 'The files cannot be compared before the tag of this version is on the mirror.',
    mend: 'Push the tag; the next run compares.',
  },
  's3Files:mirror-absent': {
    label: 'Waits for the mirror',
    says: 'The files cannot be compared while there is no mirror to compare with.',
    mend: 'Mend the mirror; the next run compares.',
  },
};

/** Completes "The newest attempt failed: …" */
export const FAILURE_WORDS: Readonly<Record<FailureReason, string>> = {
  timeout: 'no answer in time',
  connection: 'no connection',
  'http-5xx': 'the server reported a fault of its own',
  throttled: 'the server asked for patience',
  'cut-short': 'the answer was cut short',
  malformed: 'the answer could not be understood',
  internal: 'a fault in the monitor itself',
};

/** Every issue of a row, in the order of ISSUES. */
export function issuesOf(
  row: Pick<SummaryRow, 'issueSubtypes' | 'findings' | 'notCompared'>,
): Issue[] {
  const { github, s3Version, s3Files } = row.issueSubtypes ?? {};
  const found = new Set([
    `github:${github}`,
    ...row.findings.map((subtype) => `github:${subtype}`),
    `s3Version:${s3Version}`,
    `s3Files:${s3Files}`,
    `s3Files:${row.notCompared}`,
  ]);
  return ISSUES.filter((issue) => found.has(issue));
}

export const checkOf = (issue: Issue): Check => issue.slice(0, issue.indexOf(':')) as Check;
