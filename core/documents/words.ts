// What the page and the reports say about statuses, checks and issues: one table, so that a
// fault has one name everywhere. No rule is here: docs/checks.md has them. Safe to
// bundle into the page: no imports but words and types.

import { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import {
  type Cause,
  CHECKS,
  type Check,
  type LeftoverState,
  type NotCheckedReason,
} from '../../archives/openneuro/vocabulary.ts';
import type { FailureReason } from '../failure.ts';
import type { CheckDefinition, FindingWords } from '../monitor/check.ts';
import type { Pending } from './documents.ts';
import { longDate } from './format.ts';
import type { SummaryRow } from './summary.ts';
import type { PendingReason, Status } from './vocabulary.ts';

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  error: 'Error',
  'version-mismatch': 'Mismatch',
  warning: 'Warning',
  pending: 'Pending',
  ok: 'OK',
};

export const CHECK_WORDS = /* @__PURE__ */ Object.fromEntries(
  CHECK_LIST.map(({ id, words }) => [id, words]),
) as {
  readonly [C in Check]: CheckDefinition['words'];
};

/** What is said of a check that was not made: it is neither good nor bad. */
export const NOT_CHECKED = 'Not checked';
/** Of a check that a recording has nothing for. */
export const NOT_CHECKED_REPLAY = 'Not checked (replay)';

type IssuesOf<D> = D extends { id: infer C extends string; findings: infer F }
  ? `${C}:${keyof (D extends { waits: infer W } ? F & W : F) & string}`
  : never;
/** An issue: a check and one of its findings, or of its reasons to wait. */
export type Issue = IssuesOf<(typeof CHECK_LIST)[number]>;

const WORDS_OF_ISSUES = /* @__PURE__ */ CHECK_LIST.flatMap((check: CheckDefinition) =>
  Object.entries({ ...check.findings, ...check.waits }).map(
    ([subtype, words]) => [`${check.id}:${subtype}` as Issue, words] as const,
  ),
);
/** By check, and within a check worst first. */
export const ISSUES: readonly Issue[] = /* @__PURE__ */ WORDS_OF_ISSUES.map(([issue]) => issue);
export const ISSUE_WORDS = /* @__PURE__ */ Object.fromEntries(WORDS_OF_ISSUES) as Readonly<
  Record<Issue, FindingWords>
>;

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
  'tag-moved': {
    label: 'Tag moved on the mirror',
    says: 'A tag on the mirror is at another commit than the snapshot that it names.',
    caution:
      "Not if the tag was moved on purpose: it is put back to the registry's commit, and clones get that.",
    changes: 2,
  },
};

/** Sorts what is not known behind the causes that are. */
export const byKnown = (a: Cause, b: Cause): number =>
  Number(a === 'no-known-cause') - Number(b === 'no-known-cause');

/** Completes "There is nothing to look at: …", or "This cannot be told: …" */
export const NOT_CHECKED_WORDS: Readonly<Record<NotCheckedReason, string>> = {
  'tag-not-on-mirror': 'the tag of this version is not on the mirror',
  'mirror-absent': 'no mirror can be read',
  blocked: 'the export cannot be read',
  'export-missing': 'the export holds no file',
  'annex-branch-missing': 'the mirror has no git-annex branch',
  'commit-not-on-mirror':
    'the mirror does not have the commit that the registry names for this version',
  'versions-not-read': 'the git-annex branch holds too many logs of versions to read them',
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
