// Reads a dataset's documents as far as the page shows them. zod is too big for the page, so
// each reader checks by hand and throws. Evidence of an older schema carries no verdict and is
// refused; what never changes (snapshots) is read in any. Nobody sees what is thrown: load() makes it "broken".

import type { Finding, Github, S3Diff, S3Version } from '../../archives/openneuro/documents.ts';
import { UNKNOWN_HEXSHA } from '../../archives/openneuro/vocabulary.ts';
import type { Attempt, Pending } from '../../core/documents/documents.ts';
import {
  PENDING_REASONS,
  SCHEMA_VERSION,
  STATUSES,
  type Status,
} from '../../core/documents/vocabulary.ts';

export interface Verdict {
  readonly status: Status;
  readonly lastAttempt: Attempt | null;
  readonly pending: Pending | null;
}
export type GithubEvidence = Pick<
  Github,
  'head' | 'headCommit' | 'branches' | 'tags' | 'annotated' | 'error'
> &
  Verdict & { readonly findings: readonly Finding[] };
export type VersionEvidence = Pick<
  S3Version,
  | 'accessible'
  | 'httpStatus'
  | 'datasetDescriptionDOI'
  | 'extractedVersion'
  | 'versionSource'
  | 'doiIdMismatch'
  | 'doiDatasetId'
> &
  Verdict & { readonly subtype: S3Version['subtype'] };
export type Differences = Pick<
  S3Diff,
  | 'snapshotTag'
  | 'totalS3Files'
  | 'totalGitFiles'
  | 'exportMissing'
  | 'added'
  | 'removed'
  | 'context'
  | 'bookkeeping'
  | 'submodules'
  | 'notCompared'
  | 'commit'
  | 'branch'
  | 'tree'
> &
  Verdict;

export function readGithub(document: unknown): GithubEvidence {
  const from = record(document);
  return {
    head: textOrNull(from.head),
    ...(from.headCommit !== undefined && { headCommit: textOrNull(from.headCommit) }),
    branches: texts(from.branches),
    tags: texts(from.tags),
    annotated: texts(from.annotated),
    error: (from.error as Github['error']) ?? null,
    findings: list(from.findings, (each) => {
      const finding = record(each) as Finding;
      return { ...finding, tags: list(finding.tags, text) };
    }),
    ...verdict(from),
  };
}

export function readVersion(document: unknown): VersionEvidence {
  const from = record(document);
  if (typeof from.accessible !== 'boolean') throw new Error();
  return {
    accessible: from.accessible,
    httpStatus: (from.httpStatus as number | null) ?? null,
    datasetDescriptionDOI: textOrNull(from.datasetDescriptionDOI),
    extractedVersion: textOrNull(from.extractedVersion),
    versionSource: (from.versionSource as S3Version['versionSource']) ?? null,
    doiIdMismatch: from.doiIdMismatch === true,
    doiDatasetId: textOrNull(from.doiDatasetId),
    subtype: (from.subtype as S3Version['subtype']) ?? null,
    ...verdict(from),
  };
}

export function readDifferences(document: unknown): Differences {
  const from = record(document);
  return {
    snapshotTag: textOrNull(from.snapshotTag),
    totalS3Files: count(from.totalS3Files),
    totalGitFiles: count(from.totalGitFiles),
    exportMissing: from.exportMissing === true,
    added: list(from.added, text),
    removed: list(from.removed, text),
    context: list(from.context, text),
    bookkeeping: list(from.bookkeeping, text),
    submodules: list(from.submodules, text),
    notCompared: (from.notCompared as S3Diff['notCompared']) ?? null,
    commit: textOrNull(from.commit),
    branch: textOrNull(from.branch),
    ...(from.tree !== undefined && { tree: text(from.tree) }),
    ...verdict(from),
  };
}

/** Tags in the order of creation. */
export function readSnapshots(document: unknown): readonly string[] {
  return list(record(document).tags, text);
}

/** What the registry tells of a snapshot; null where it does not. */
export interface SnapshotFacts {
  readonly hexsha: string | null;
  readonly created: string | null;
}

export function readMetadata(document: unknown): SnapshotFacts {
  const from = record(document);
  const hexsha = text(from.hexsha);
  return {
    hexsha: hexsha === UNKNOWN_HEXSHA ? null : hexsha,
    created: textOrNull(from.created),
  };
}

export function verdict(from: Readonly<Record<string, unknown>>): Verdict {
  if (from.schemaVersion !== SCHEMA_VERSION) throw new Error();
  const status = STATUSES.find((known) => known === from.status);
  if (status === undefined) throw new Error();
  const attempt = from.lastAttempt;
  return {
    status,
    lastAttempt: attempt == null ? null : (record(attempt) as unknown as Attempt),
    pending: from.pending == null ? null : readPending(record(from.pending)),
  };
}

function readPending({ reason, until }: Readonly<Record<string, unknown>>): Pending {
  return { reason: oneOf(PENDING_REASONS, reason), until: text(until) };
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error();
  }
  return value as Record<string, unknown>;
}

export function list<T>(value: unknown, each: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new Error();
  return value.map(each);
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error();
  return value;
}

export const textOrNull = (value: unknown): string | null => (value == null ? null : text(value));

export function count(value: unknown): number | null {
  if (value == null) return null;
  if (typeof value !== 'number') throw new Error();
  return value;
}

/** One of the words that are known here. */
export function oneOf<T extends string>(words: readonly T[], value: unknown): T {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new Error();
  return word;
}

function texts(value: unknown): Record<string, string> {
  const from = record(value);
  Object.values(from).forEach(text);
  return from as Record<string, string>;
}
