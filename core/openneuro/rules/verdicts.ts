// Verdicts from stored documents: for trees that hold no records, and for documents of older
// schemas, whose verdicts depend on what the registry says and so cannot be migrated.

import { compareBytes } from '../../compare/byte-order.ts';
import type {
  AnnexRecord,
  Attempt,
  Github,
  S3Access,
  S3Content,
  S3Diff,
  S3Version,
} from '../../model/documents.ts';
import { type CheckRecord, NO_FACTS } from '../../model/records.ts';
import {
  type Check,
  CONTENT_CHECKS,
  type ContentCheck,
  type NameCheck,
} from '../../model/vocabulary.ts';
import { isBookkeeping } from '../bookkeeping.ts';
import { highestVersion } from '../version-order.ts';
import { judgeGithub, type KnownSnapshot, mirrorOf } from './github.ts';
import { s3FilesFindings, s3FilesVerdict, whyNotCompared } from './s3-files.ts';
import { s3VersionVerdict } from './s3-version.ts';

/** What the registry says of a dataset, as far as verdicts depend on it. */
export interface RegistryContext {
  readonly latest: string;
  readonly snapshots: readonly KnownSnapshot[];
}

/** A mirror's document with the verdict that its evidence gives. */
export function withGithubVerdict(github: Github, context: RegistryContext): Github {
  if (nothingSeenOfMirror(github)) return github;
  return { ...github, ...judgeGithub({ ...context, mirror: mirrorOf(github) }) };
}

/** An export's version document with the verdict that its evidence gives. */
export function withS3VersionVerdict(s3Version: S3Version, latest: string): S3Version {
  if (nothingSeenOfVersion(s3Version)) return s3Version;
  return { ...s3Version, ...s3VersionVerdict(s3Version, latest) };
}

/** A comparison with its verdict; what git-annex itself writes leaves the orphans (section 5). */
export function withS3FilesVerdict(diff: S3Diff): S3Diff {
  if (diff.totalS3Files === null) return diff;
  const removed = diff.removed.filter((key) => !isOurs(key));
  const bookkeeping = diff.removed.filter(isOurs).concat(diff.bookkeeping).sort(compareBytes);
  const exportMissing = diff.totalS3Files === bookkeeping.length;
  const judged = { ...diff, exportMissing, removed, bookkeeping };
  return { ...judged, ...s3FilesVerdict(judged) };
}

/** Old documents tell no sizes, so an orphan that may be a folder marker stays an orphan. */
const isOurs = (key: string) => isBookkeeping(key, Number.NaN);

export interface StoredChecks extends RegistryContext {
  readonly github?: Github | undefined;
  readonly s3Version?: S3Version | undefined;
  readonly s3Diff?: S3Diff | undefined;
  readonly s3Content?: S3Content | undefined;
  readonly s3Access?: S3Access | undefined;
  readonly annexRecord?: AnnexRecord | undefined;
  /** From the manifests in timestamps/; a time inside an old document stands in for a missing one. */
  readonly checkedAt: Readonly<Record<NameCheck, string | null>> & {
    readonly [C in ContentCheck]?: string | null;
  };
}

/** Older than any run, so that every run may replace what was derived here. */
export const BEFORE_ANY_RUN = '1970-01-01T00:00:00.000Z';

/** The records that the documents of a dataset amount to; a check without a document has none. */
export function recordsFromDocuments(
  dataset: string,
  stored: StoredChecks,
): { [C in Check]?: CheckRecord } {
  const github = stored.github && githubRecord(dataset, stored.github, stored);
  const s3Version = stored.s3Version && s3VersionRecord(dataset, stored.s3Version, stored);
  const s3Files = s3FilesRecord(dataset, stored, s3Version);
  const inside = CONTENT_CHECKS.flatMap((check) => {
    const document = stored[check];
    return document ? [[check, contentRecord(dataset, check, document, stored)] as const] : [];
  });
  return {
    ...(github && { github }),
    ...(s3Version && { s3Version }),
    ...(s3Files && { s3Files }),
    ...Object.fromEntries(inside),
  };
}

/** Documents of these checks were never written without their verdict. */
function contentRecord(
  dataset: string,
  check: ContentCheck,
  document: S3Content | S3Access | AnnexRecord,
  stored: StoredChecks,
): CheckRecord {
  const { status, subtype, findings, notCompared, lastAttempt } = document;
  return {
    ...blank(dataset, check),
    status,
    subtype,
    findings: [...findings],
    notCompared,
    checkedAt: stored.checkedAt[check] ?? null,
    lastAttempt,
    ...('compared' in document && document.snapshotTag && { compared: document.compared }),
  };
}

function githubRecord(dataset: string, document: Github, stored: StoredChecks): CheckRecord {
  const judged = withGithubVerdict(document, stored);
  return {
    ...blank(dataset, 'github'),
    status: judged.status,
    subtype: judged.subtype,
    findings: judged.findings.map((finding) => finding.subtype),
    version: highestVersion(Object.keys(judged.tags)),
    checkedAt: nothingSeenOfMirror(judged) ? null : (stored.checkedAt.github ?? judged.lastChecked),
    lastAttempt: judged.lastAttempt,
  };
}

function s3VersionRecord(dataset: string, document: S3Version, stored: StoredChecks): CheckRecord {
  const at = stored.checkedAt.s3Version ?? document.lastChecked;
  const reason = hiddenFailure(document);
  const judged = withS3VersionVerdict(document, stored.latest);
  if (nothingSeenOfVersion(document)) {
    const hidden = reason !== null && at !== null ? { at, reason } : null;
    return {
      ...blank(dataset, 's3Version'),
      status: 'pending',
      lastAttempt: judged.lastAttempt ?? hidden,
    };
  }
  return {
    ...blank(dataset, 's3Version'),
    status: judged.status,
    subtype: judged.subtype,
    version: judged.extractedVersion,
    checkedAt: at,
    lastAttempt: judged.lastAttempt,
  };
}

function s3FilesRecord(
  dataset: string,
  stored: StoredChecks,
  s3Version: CheckRecord | undefined,
): CheckRecord | undefined {
  const { s3Diff } = stored;
  const lastAttempt = s3Diff?.lastAttempt ?? null;
  const none = { ...blank(dataset, 's3Files'), lastAttempt };
  if (s3Version?.subtype === 'blocked') {
    return { ...none, status: 'error', notCompared: 'blocked' };
  }
  const version = s3Version?.version ?? null;
  // A comparison of another version than the export has now measures nothing (ds004698).
  if (s3Diff?.totalS3Files == null || (version !== null && s3Diff.s3Version !== version)) {
    const notCompared = version === null ? null : whyNotCompared(stored.github, version);
    if (s3Diff === undefined && notCompared === null) return undefined;
    return { ...none, status: 'pending', version, notCompared };
  }
  const judged = withS3FilesVerdict(s3Diff);
  return {
    ...none,
    status: judged.status,
    subtype: judged.subtype,
    findings: s3FilesFindings(judged),
    version: judged.s3Version,
    added: judged.exportMissing ? null : judged.added.length,
    removed: judged.exportMissing ? null : judged.removed.length,
    files: judged.totalS3Files,
    checkedAt: stored.checkedAt.s3Files ?? judged.checkedAt,
  };
}

/** A good measurement of a mirror holds refs, or the error that says why there are none. */
function nothingSeenOfMirror({ error, branches, tags }: Github): boolean {
  return error === null && Object.keys(branches).length + Object.keys(tags).length === 0;
}

/** A good measurement of a version holds one, or the denial; "assumed latest" may hide a failure. */
function nothingSeenOfVersion(document: S3Version): boolean {
  const empty = document.accessible && document.extractedVersion === null;
  return empty || hiddenFailure(document) !== null;
}

/** What older documents show as "assumed latest" although no answer was seen (section 4, ours). */
function hiddenFailure(document: S3Version): Attempt['reason'] | null {
  if (document.requestError !== null) return 'connection';
  if (document.unexpectedError !== null) return 'internal';
  if (document.httpError === 429) return 'throttled';
  return document.httpError === null ? null : 'http-5xx';
}

function blank(dataset: string, check: Check): Omit<CheckRecord, 'status'> {
  return {
    dataset,
    check,
    runStart: BEFORE_ANY_RUN,
    ...NO_FACTS,
    checkedAt: null,
    lastAttempt: null,
  };
}
