// Where our rows differ from the recorded ones, by rule: everything that checks.md marks "(ours)".
// Each exception is computed from the recorded documents as they are, without the code under test:
// it says which rows are affected and how the recorded row changes.

import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';

/** The fields of recorded rows. */
export type RecordedRow = Pick<
  SummaryRow,
  | 'id'
  | 'status'
  | 'checks'
  | 's3Blocked'
  | 'lastChecked'
  | 's3FilesAdded'
  | 's3FilesRemoved'
  | 'issueSubtypes'
  | 'githubVersion'
  | 's3Version'
  | 'latestSnapshotDate'
>;

/** The recorded documents of a dataset as on disk, as far as an exception reads them. */
export interface RecordedEvidence {
  readonly github: {
    readonly head: string | null;
    readonly branches: Record<string, string>;
    readonly tags: Record<string, string>;
    readonly error: string | null;
  };
  /** Tag of the latest snapshot. */
  readonly latest: string;
  readonly s3Version: {
    readonly accessible: boolean;
    readonly extractedVersion: string | null;
    readonly datasetDescriptionMissing: boolean | null;
  };
  readonly s3Diff:
    | { readonly s3Version: string; readonly added: string[]; readonly removed: string[] }
    | undefined;
  /** When its first snapshot was created, and when it is judged; null if no run measured it. */
  readonly age: { readonly firstSnapshot: string; readonly now: string } | null;
}

export interface Exception {
  readonly name: string;
  /** checks.md section that requires it. */
  readonly section: number;
  applies(row: RecordedRow, evidence: RecordedEvidence): boolean;
  change(row: RecordedRow, evidence: RecordedEvidence): RecordedRow;
}

/** The mirror's highest tag, if string sorting showed another. */
const CORRECTED_VERSIONS: Readonly<Record<string, string>> = {
  ds003216: '3.0.11',
  ds003592: '1.0.13',
  ds003768: '1.0.13',
  ds006128: '1.0.11',
  ds006444: '1.0.10',
};

const RANK = ['error', 'version-mismatch', 'warning', 'pending', 'ok'] as const;

/** In the order in which they change a row: the last one sees the result of the others. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    name: 'versions order as numbers',
    section: 1,
    applies: (row) => Object.hasOwn(CORRECTED_VERSIONS, row.id),
    change: (row) => ({ ...row, githubVersion: CORRECTED_VERSIONS[row.id] ?? null }),
  },
  {
    name: 'HEAD at git-annex is an error',
    section: 3,
    applies: (row, { github }) =>
      row.issueSubtypes?.github === 'head-mismatch' && github.head === 'git-annex',
    change: (row) => ({
      ...row,
      checks: { ...row.checks, github: 'error' },
      issueSubtypes: { ...NO_SUBTYPES, ...row.issueSubtypes, github: 'head-on-annex' },
    }),
  },
  {
    name: 'HEAD at a stale branch, while another one is at the latest tag, has its own subtype',
    section: 3,
    applies: (row, { github, latest }) => {
      const commit = github.tags[`${latest}^{}`] ?? github.tags[latest];
      const current = [github.branches.main, github.branches.master].includes(commit);
      return row.issueSubtypes?.github === 'head-mismatch' && current;
    },
    change: (row) => ({
      ...row,
      issueSubtypes: { ...NO_SUBTYPES, ...row.issueSubtypes, github: 'default-branch-stale' },
    }),
  },
  {
    name: 'a missing description has its own subtype',
    section: 4,
    applies: (_, { s3Version }) => s3Version.datasetDescriptionMissing === true,
    change: (row) => ({
      ...row,
      issueSubtypes: {
        github: null,
        s3Files: null,
        ...row.issueSubtypes,
        s3Version: 'description-missing',
      },
    }),
  },
  {
    name: 'a comparison of another version than the export has measures nothing',
    section: 5,
    applies: (_, { s3Version, s3Diff }) =>
      s3Version.accessible &&
      s3Diff !== undefined &&
      s3Diff.s3Version !== s3Version.extractedVersion,
    change: (row) => ({
      ...row,
      checks: { ...row.checks, s3Files: 'pending' },
      lastChecked: row.lastChecked && { ...row.lastChecked, s3Files: null },
      s3FilesAdded: null,
      s3FilesRemoved: null,
      issueSubtypes: row.issueSubtypes && { ...row.issueSubtypes, s3Files: null },
    }),
  },
  {
    name: 'annex-uuid is the only difference: not an error',
    section: 5,
    applies: (row, evidence) => hasAnnexUuid(row, evidence) && differences(row) === 1,
    change: (row) => ({
      ...row,
      checks: { ...row.checks, s3Files: 'ok' },
      s3FilesRemoved: null,
      issueSubtypes: orNull({ ...NO_SUBTYPES, ...row.issueSubtypes, s3Files: null }),
    }),
  },
  {
    name: 'annex-uuid beside other differences: not counted as an orphan',
    section: 5,
    applies: (row, evidence) => hasAnnexUuid(row, evidence) && differences(row) > 1,
    change: (row) => ({ ...row, s3FilesRemoved: (row.s3FilesRemoved ?? 0) - 1 || null }),
  },
  {
    name: 'just published: what is missing or closed does not count yet',
    section: 15,
    applies: (row, { age }) => isNew(age) && Object.values(waitingChecks(row)).includes(true),
    change: (row) => {
      const waiting = waitingChecks(row);
      const checks = { ...row.checks };
      const issueSubtypes = { ...NO_SUBTYPES, ...row.issueSubtypes };
      for (const check of ['github', 's3Version', 's3Files'] as const) {
        if (!waiting[check]) continue;
        checks[check] = 'pending';
        issueSubtypes[check] = null;
      }
      const changed = { ...row, checks, s3Blocked: null, issueSubtypes: orNull(issueSubtypes) };
      return { ...changed, status: worstOf(changed) };
    },
  },
  {
    name: 'the worst check gives the status, and pending hides only ok',
    section: 6,
    applies: (row) => row.status !== worstOf(row),
    change: (row) => ({ ...row, status: worstOf(row) }),
  },
];

/** For an archive that is measured again: a recorded document keeps what was read then. */
export const MEASURED_ANEW: readonly Exception[] = [
  {
    name: 'v1 in a DOI of 2018 means the tag 00001, and is compared with it',
    section: 4,
    applies: (_, { s3Version, github }) =>
      (zerosBefore(s3Version.extractedVersion) ?? '') in github.tags,
    change: (row) => ({
      ...row,
      s3Version: zerosBefore(row.s3Version),
      // The replay's export holds what the replay's tag holds.
      checks: { ...row.checks, s3Files: 'ok' },
    }),
  },
  ...EXCEPTIONS,
];

/** What our row must show in the fields of recorded rows, and which exceptions caused it. */
export function expectedRow(
  recorded: RecordedRow,
  evidence: RecordedEvidence,
  exceptions = EXCEPTIONS,
): { row: RecordedRow; applied: readonly string[] } {
  const applied: string[] = [];
  let row = recorded;
  for (const exception of exceptions) {
    if (!exception.applies(row, evidence)) continue;
    row = exception.change(row, evidence);
    applied.push(exception.name);
  }
  return { row, applied };
}

const NO_SUBTYPES = { github: null, s3Version: null, s3Files: null } as const;

const isNew = (age: RecordedEvidence['age']) =>
  age !== null && Date.parse(age.now) < Date.parse(age.firstSnapshot) + 8 * 86_400_000;

/** What a pending repository or export looks like; orphans beside it count. */
function waitingChecks({ issueSubtypes, s3Blocked, s3FilesRemoved }: RecordedRow) {
  const { github = null, s3Version = null, s3Files = null } = issueSubtypes ?? {};
  const incomplete = s3Files === 'files-missing' && s3FilesRemoved === null;
  return {
    github: github === 'repo-not-found' || github === 'repo-empty',
    s3Version: s3Version === 'blocked' || s3Version === 'description-missing',
    s3Files: s3Blocked === true || s3Files === 'export-missing' || incomplete,
  };
}

const zerosBefore = (version: string | null) =>
  version !== null && /^[0-9]{1,4}$/.test(version) ? version.padStart(5, '0') : null;

const differences = (row: RecordedRow) => (row.s3FilesAdded ?? 0) + (row.s3FilesRemoved ?? 0);

/** A blocked dataset may keep an old comparison, which its row does not show. */
const hasAnnexUuid = (row: RecordedRow, { s3Diff }: RecordedEvidence) =>
  s3Diff?.removed.includes('annex-uuid') === true && differences(row) > 0;

const orNull = <T extends object>(subtypes: T): T | null =>
  Object.values(subtypes).some((subtype) => subtype !== null) ? subtypes : null;

const worstOf = ({ checks }: RecordedRow) =>
  RANK.find((status) => Object.values(checks).includes(status)) ?? 'ok';
