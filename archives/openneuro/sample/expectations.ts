// What the monitor must find in a generated dataset: the verdicts of checks.md. The code that
// planned the fault writes them down. They are never computed from the rules that they test.

import type { Status } from '../../../core/documents/vocabulary.ts';
import { access } from '../checks/s3-access.ts';
import type { Cause, Check, NotCheckedReason, NotComparedReason, Subtype } from '../vocabulary.ts';

export interface GithubExpectation {
  readonly status: Status;
  readonly subtype: Subtype<'github'> | null;
  /** All that applies, worst first. */
  readonly findings: readonly Subtype<'github'>[];
}

export interface S3VersionExpectation {
  readonly status: Status;
  readonly subtype: Subtype<'s3Version'> | null;
  /** The version that the file check compares with; null when none was found. */
  readonly version: string | null;
  readonly doiDatasetId?: string;
}

export interface S3FilesExpectation {
  readonly status: Status;
  readonly subtype: Subtype<'s3Files'> | null;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly bookkeeping: readonly string[];
  readonly submodules: readonly string[];
  readonly notCompared: NotComparedReason | null;
}

export interface S3ContentExpectation {
  readonly status: Status;
  readonly subtype: Subtype<'s3Content'> | null;
  /** Paths with another size, and paths with the same size and another MD5; in byte order. */
  readonly sizes: readonly string[];
  readonly contents: readonly string[];
  /** The number of files that are compared by size alone, and not at all; if it matters. */
  readonly sizeOnly?: number;
  readonly nothing?: number;
  readonly notCompared: NotCheckedReason | null;
}

export interface AccessExpectation {
  readonly status: Status;
  readonly subtype: Subtype<typeof access.id> | null;
  readonly notCompared: NotCheckedReason | null;
}

export interface AnnexRecordExpectation {
  readonly status: Status;
  readonly subtype: Subtype<'annexRecord'> | null;
  /** All that applies, worst first. */
  readonly findings: readonly Subtype<'annexRecord'>[];
  /** The tag whose tree is recorded as exported; if it matters. */
  readonly exportedTag?: string;
  /** Annexed keys of the latest tag without a version id; if it matters. */
  readonly unversioned?: number;
  readonly notCompared: NotCheckedReason | null;
}

/** For the latest version alone: whether it is deprecated, and its DOI. */
export interface LatestExpectation<C extends 'doi' | 'deprecated'> {
  readonly status: Status;
  readonly subtype: Subtype<C> | null;
}

export interface Expectation {
  /** The clause of checks.md that it tests. */
  readonly rule: string;
  /** `skipped` and `broken` have no row: the rest is what a row would say. */
  readonly registry: 'listed' | 'skipped' | 'broken';
  /** Of the row: the worst of the checks. */
  readonly status: Status;
  readonly github: GithubExpectation;
  readonly s3Version: S3VersionExpectation;
  readonly s3Files: S3FilesExpectation;
  readonly s3Content: S3ContentExpectation;
  readonly [access.id]: AccessExpectation;
  readonly annexRecord: AnnexRecordExpectation;
  readonly doi: LatestExpectation<'doi'>;
  readonly deprecated: LatestExpectation<'deprecated'>;
  /** All likely causes. */
  readonly causes: readonly Cause[];
  /** Highest tag on the mirror. */
  readonly githubVersion: string | null;
  /** Measurements that always fail, with the reason in the documents. */
  readonly unmeasured?: { readonly s3Version: 'http-5xx' };
}

export type Expected = Partial<Omit<Expectation, 'rule' | Check>> & {
  readonly [C in Check]?: Partial<Expectation[C]>;
};

/** Everything is ok at the latest version, except what is given. */
export function expectation(rule: string, latest: string | null, expected: Expected): Expectation {
  const { github, s3Version, s3Files, s3Content, annexRecord, doi, deprecated, ...others } =
    expected;
  const { [access.id]: asked, ...rest } = others;
  const missing = s3Files?.subtype === 'export-missing' ? 'export-missing' : null;
  const wait = s3Files?.notCompared ?? missing;
  return {
    rule,
    registry: 'listed',
    status: 'ok',
    causes: [],
    githubVersion: latest,
    ...rest,
    github: { status: 'ok', subtype: null, findings: subtypes(github?.subtype), ...github },
    s3Version: { status: 'ok', subtype: null, version: latest, ...s3Version },
    s3Files: {
      status: 'ok',
      subtype: null,
      added: [],
      removed: [],
      bookkeeping: [],
      submodules: [],
      notCompared: null,
      ...s3Files,
    },
    s3Content: { ...unlessWaiting(wait), subtype: null, sizes: [], contents: [], ...s3Content },
    [access.id]: { ...unlessWaiting(missing), subtype: null, ...asked },
    annexRecord: {
      ...unlessWaiting(recordWait(github?.findings ?? subtypes(github?.subtype))),
      subtype: null,
      findings: subtypes(annexRecord?.subtype),
      ...annexRecord,
    },
    doi: { status: 'ok', subtype: null, ...doi },
    deprecated: { status: 'ok', subtype: null, ...deprecated },
  };
}

/** A check that cannot be made waits, and gives the reason. */
function unlessWaiting(notCompared: NotCheckedReason | null) {
  return { status: notCompared === null ? 'ok' : 'pending', notCompared } as const;
}

/** The record is on the mirror, so it waits only for its branch. */
function recordWait(findings: readonly Subtype<'github'>[]): NotCheckedReason | null {
  if (findings.some((one) => one.startsWith('repo-'))) {
    return 'mirror-absent';
  }
  return findings.includes('annex-branch-missing') ? 'annex-branch-missing' : null;
}

function subtypes<T extends string>(subtype: T | null | undefined): readonly T[] {
  return subtype == null ? [] : [subtype];
}
