// Derives verdicts from stored documents: for trees that hold no records, and for documents of
// older schemas. Their verdicts depend on the registry, so they cannot be migrated.

import { compareBytes } from '../../../core/compare/byte-order.ts';
import type { Attempt } from '../../../core/documents/documents.ts';
import type { CheckDocument } from '../../../core/documents/envelope.ts';
import { type CheckRecord, NO_FACTS } from '../../../core/documents/records.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';
import { judgedAgain, verdictOf } from '../../../core/monitor/verdict.ts';
import { isBookkeeping } from '../bookkeeping.ts';
import type { Entry } from '../checks/entry.ts';
import { github as githubCheck } from '../checks/github.ts';
import { CHECK_LIST } from '../checks/index.ts';
import { s3Files as filesCheck } from '../checks/s3-files.ts';
import { s3Version as versionCheck } from '../checks/s3-version.ts';
import type { Causes, Finding, Github, S3Diff, S3Version } from '../documents.ts';
import {
  type Comparable,
  exportedCommit,
  NO_RECORD,
  type NotComparable,
} from '../rules/exported-commit.ts';
import { filesNumbers } from '../rules/s3-files.ts';
import { highestVersion } from '../version-order.ts';
import {
  type Check,
  type NameCheck,
  type NotComparedReason,
  OPTIONAL_CHECKS,
  type OptionalCheck,
} from '../vocabulary.ts';

/** A mirror's document with the verdict for its evidence. */
export function withGithubVerdict(github: Github, entry: Entry): Github {
  if (nothingSeenOfMirror(github)) return github;
  return judgedAgain(githubCheck, github, entry);
}

/** An export's version document with the verdict for its evidence. */
export function withS3VersionVerdict(s3Version: S3Version, latest: string): S3Version {
  if (nothingSeenOfVersion(s3Version)) return s3Version;
  return judgedAgain(versionCheck, s3Version, { latest });
}

/**
 * A comparison with its verdict; git-annex's own files are no longer orphans
 * (docs/checks.md#files).
 */
export function withS3FilesVerdict(diff: S3Diff): S3Diff {
  if (diff.totalS3Files === null) return diff;
  const removed = diff.removed.filter((key) => !isOurs(key));
  const bookkeeping = diff.removed.filter(isOurs).concat(diff.bookkeeping).sort(compareBytes);
  const exportMissing = diff.totalS3Files === bookkeeping.length;
  return judgedAgain(filesCheck, { ...diff, exportMissing, removed, bookkeeping }, null);
}

/** A record with the verdict that its document still waits for (docs/checks.md#new-datasets). */
function waitingRecord(
  record: CheckRecord,
  { pending }: Pick<Github, 'pending'>,
  evidence: object = {},
): CheckRecord {
  const { findings: found, notCompared } = record;
  const check = CHECK_LIST.find(({ id }) => id === record.check) as CheckDefinition;
  const verdict = verdictOf(check, { found, notCompared, evidence }, pending?.until ?? null);
  return verdict.pending === null ? record : { ...record, ...(verdict as Waiting) };
}
type Waiting = Pick<CheckRecord, 'status' | 'subtype' | 'findings' | 'pending'>;

const subtypeOf = (finding: Finding) => finding.subtype;

/** Old documents hold no sizes, so an orphan that may be a folder marker stays an orphan. */
const isOurs = (key: string) => isBookkeeping(key, Number.NaN);

/** Documents of the checks that a row may lack. */
export type InsideDocuments = {
  readonly [C in OptionalCheck]?: CheckDocument<Extract<CheckValue, { id: C }>> | undefined;
};
type CheckValue = (typeof CHECK_LIST)[number];

export interface StoredChecks extends Entry, InsideDocuments {
  readonly github?: Github | undefined;
  readonly s3Version?: S3Version | undefined;
  readonly s3Diff?: S3Diff | undefined;
  readonly causes?: Causes | undefined;
  /** From the manifests in timestamps/; if one is missing, the time inside an old document. */
  readonly checkedAt: Readonly<Record<NameCheck, string | null>> & {
    readonly [C in OptionalCheck]?: string | null;
  };
}

/** Older than any run, so that every run may replace what was derived here. */
export const BEFORE_ANY_RUN = '1970-01-01T00:00:00.000Z';

/** The records derived from the documents of a dataset; a check without a document has none. */
export function recordsFromDocuments(
  dataset: string,
  stored: StoredChecks,
): { [C in Check]?: CheckRecord } {
  const github = stored.github && githubRecord(dataset, stored.github, stored);
  const s3Version = stored.s3Version && s3VersionRecord(dataset, stored.s3Version, stored);
  const s3Files = s3FilesRecord(dataset, stored, s3Version);
  const inside = OPTIONAL_CHECKS.flatMap((check) => {
    const document = stored[check];
    return document ? [[check, optionalRecord(dataset, check, document, stored)] as const] : [];
  });
  return {
    ...(github && { github }),
    ...(s3Version && { s3Version }),
    ...(s3Files && { s3Files }),
    ...Object.fromEntries(inside),
  };
}

/** Documents of these checks were never written without a verdict. */
function optionalRecord(
  dataset: string,
  check: OptionalCheck,
  document: NonNullable<InsideDocuments[OptionalCheck]>,
  stored: StoredChecks,
): CheckRecord {
  const { status, subtype, findings, notCompared, lastAttempt } = document;
  const record = {
    ...blank(dataset, check, document),
    status,
    subtype,
    findings: [...findings],
    notCompared,
    checkedAt: stored.checkedAt[check] ?? null,
    lastAttempt,
    ...('compared' in document && document.snapshotTag && { numbers: document.compared }),
  };
  return waitingRecord(record, document, document);
}

function githubRecord(dataset: string, document: Github, stored: StoredChecks): CheckRecord {
  const judged = withGithubVerdict(document, stored);
  const record = {
    ...blank(dataset, 'github', document),
    status: judged.status,
    subtype: judged.subtype,
    findings: judged.findings.map(subtypeOf),
    version: highestVersion(Object.keys(judged.tags)),
    checkedAt: nothingSeenOfMirror(judged) ? null : (stored.checkedAt.github ?? judged.lastChecked),
    lastAttempt: judged.lastAttempt,
  };
  return waitingRecord(record, document);
}

function s3VersionRecord(dataset: string, document: S3Version, stored: StoredChecks): CheckRecord {
  const at = stored.checkedAt.s3Version ?? document.lastChecked;
  const reason = hiddenFailure(document);
  const judged = withS3VersionVerdict({ ...document, pending: null }, stored.latest);
  if (nothingSeenOfVersion(document)) {
    const hidden = reason !== null && at !== null ? { at, reason } : null;
    return {
      ...blank(dataset, 's3Version', document),
      status: 'pending',
      lastAttempt: judged.lastAttempt ?? hidden,
    };
  }
  const record = {
    ...blank(dataset, 's3Version', document),
    status: judged.status,
    subtype: judged.subtype,
    findings: [...(judged.findings ?? [])],
    version: judged.extractedVersion,
    checkedAt: at,
    lastAttempt: judged.lastAttempt,
  };
  return waitingRecord(record, document);
}

function s3FilesRecord(
  dataset: string,
  stored: StoredChecks,
  s3Version: CheckRecord | undefined,
): CheckRecord | undefined {
  const { s3Diff } = stored;
  const none = {
    ...blank(dataset, 's3Files', s3Diff ?? stored.s3Version ?? stored.github),
    causes: stored.causes?.causes.map(({ cause }) => cause),
    lastAttempt: s3Diff?.lastAttempt ?? null,
  };
  const subject = subjectOf(stored, s3Version);
  const waits = { pending: s3Diff?.pending ?? stored.s3Version?.pending ?? stored.github?.pending };
  // A comparison of a version that the export no longer has measures nothing (ds004698).
  if (s3Diff?.totalS3Files == null || isOfAnother(s3Diff, subject, s3Version)) {
    const version = subject?.version ?? s3Version?.version ?? null;
    const notCompared = whyNotCompared(stored, subject);
    if (s3Diff === undefined && notCompared === null) return undefined;
    const { status } =
      notCompared === null
        ? ({ status: 'pending' } as const)
        : verdictOf(filesCheck, { found: [], notCompared, evidence: {} }, null);
    // Without a document, the manifest's time belongs to no comparison.
    const checkedAt = s3Diff === undefined ? stored.checkedAt.s3Files : null;
    return waitingRecord({ ...none, status, version, notCompared, checkedAt }, waits);
  }
  const judged = withS3FilesVerdict({ ...s3Diff, pending: null });
  const record = {
    ...none,
    status: judged.status,
    subtype: judged.subtype,
    findings: filesCheck.judge(judged) as CheckRecord['findings'],
    version: judged.s3Version,
    numbers: filesNumbers(judged),
    checkedAt: stored.checkedAt.s3Files ?? judged.checkedAt,
  };
  return waitingRecord(record, waits);
}

/** A comparison that was made and left no document said nothing. */
function whyNotCompared(
  { s3Diff, checkedAt }: StoredChecks,
  subject: Comparable | NotComparable | undefined,
): NotComparedReason | null {
  if (subject?.kind === 'not-compared') return subject.reason;
  const isUnclear = subject?.otherwise !== undefined && s3Diff === undefined;
  return isUnclear && checkedAt.s3Files !== null ? 'commit-not-on-mirror' : null;
}

/** What is to be compared, by the other documents; undefined if they do not say. */
function subjectOf(
  { github, s3Version: document, annexRecord, snapshots }: StoredChecks,
  s3Version: CheckRecord | undefined,
): Comparable | NotComparable | undefined {
  if (document && isBlocked(document)) {
    return { kind: 'not-compared', reason: 'blocked', version: null };
  }
  if (!github || !document || s3Version?.version == null) return undefined;
  return exportedCommit(document, github, annexRecord ?? NO_RECORD, snapshots);
}

function isOfAnother(
  { s3Version: compared }: S3Diff,
  subject: Comparable | NotComparable | undefined,
  s3Version: CheckRecord | undefined,
): boolean {
  if (subject?.kind === 'not-compared' && subject.reason === 'blocked') return true;
  const version = subject?.version ?? s3Version?.version ?? null;
  return version !== null && compared !== version;
}

/** A successful measurement of a mirror holds refs, or the error that says why there are none. */
function nothingSeenOfMirror({ error, branches, tags }: Github): boolean {
  return error === null && Object.keys(branches).length + Object.keys(tags).length === 0;
}

/**
 * A successful measurement of a version holds one, or the denial; "assumed latest" may hide a
 * failure.
 */
function nothingSeenOfVersion(document: S3Version): boolean {
  const empty = document.accessible && document.extractedVersion === null;
  return empty || hiddenFailure(document) !== null;
}

function isBlocked(document: S3Version): boolean {
  return !document.accessible && !nothingSeenOfVersion(document);
}

/**
 * What older documents show as "assumed latest" although no answer was seen
 * (docs/checks.md#version, ours).
 */
function hiddenFailure(document: S3Version): Attempt['reason'] | null {
  if (document.requestError !== null) return 'connection';
  if (document.unexpectedError !== null) return 'internal';
  if (document.httpError === 429) return 'throttled';
  return document.httpError === null ? null : 'http-5xx';
}

function blank(
  dataset: string,
  check: Check,
  evidence: Pick<Github, 'rulesVersion'> | undefined,
): Omit<CheckRecord, 'status'> {
  return {
    dataset,
    check,
    runStart: BEFORE_ANY_RUN,
    ...NO_FACTS,
    checkedAt: null,
    lastAttempt: null,
    rulesVersion: evidence?.rulesVersion,
  };
}
