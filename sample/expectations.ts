// What the monitor must find in a generated dataset: the verdicts of checks.md, written down by
// whoever planned the fault and never computed from the rules they test.

import type {
  GithubSubtype,
  NotComparedReason,
  S3FilesSubtype,
  S3VersionSubtype,
  Status,
} from '../core/model/vocabulary.ts';

export interface GithubExpectation {
  readonly status: Status;
  readonly subtype: GithubSubtype | null;
  /** All that applies, worst first. */
  readonly findings: readonly GithubSubtype[];
}

export interface S3VersionExpectation {
  readonly status: Status;
  readonly subtype: S3VersionSubtype | null;
  /** What the file check compares with; null when nothing was found out. */
  readonly version: string | null;
  readonly doiDatasetId?: string;
}

export interface S3FilesExpectation {
  readonly status: Status;
  readonly subtype: S3FilesSubtype | null;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly bookkeeping: readonly string[];
  readonly submodules: readonly string[];
  readonly notCompared: NotComparedReason | null;
}

export interface Expectation {
  /** The clause of checks.md it is for. */
  readonly rule: string;
  /** `skipped` and `broken` have no row: the rest is what a row would say. */
  readonly registry: 'listed' | 'skipped' | 'broken';
  /** Of the row: the worst of the checks. */
  readonly status: Status;
  readonly github: GithubExpectation;
  readonly s3Version: S3VersionExpectation;
  readonly s3Files: S3FilesExpectation;
  /** Highest tag on the mirror. */
  readonly githubVersion: string | null;
  /** Measurements that can never be had, with the reason the documents give. */
  readonly unmeasured?: { readonly s3Version: 'http-5xx' };
}

export type Expected = Partial<Omit<Expectation, 'rule' | 'github' | 's3Version' | 's3Files'>> & {
  readonly github?: Partial<GithubExpectation>;
  readonly s3Version?: Partial<S3VersionExpectation>;
  readonly s3Files?: Partial<S3FilesExpectation>;
};

/** Everything ok at the latest version, except what is said. */
export function expectation(rule: string, latest: string | null, expected: Expected): Expectation {
  const { github, s3Version, s3Files, ...rest } = expected;
  const subtype = github?.subtype ?? null;
  return {
    rule,
    registry: 'listed',
    status: 'ok',
    githubVersion: latest,
    ...rest,
    github: { status: 'ok', subtype, findings: subtype === null ? [] : [subtype], ...github },
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
  };
}
