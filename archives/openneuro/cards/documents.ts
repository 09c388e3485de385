// Reads OpenNeuro's documents as far as the cards show them; see frontend/dataset/documents.ts.

import {
  count,
  list,
  record,
  text,
  textOrNull,
  texts,
  type Verdict,
  verdict,
} from '../../../frontend/dataset/documents.ts';
import type { Finding, Github, S3Diff, S3Version } from '../documents.ts';

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
    // Nothing is counted for an export without files.
    ...(from.exportMissing !== true && {
      faults: { added: list(from.added, text).length, removed: list(from.removed, text).length },
    }),
    ...(from.tree !== undefined && { tree: text(from.tree) }),
    ...verdict(from),
  };
}

/** A snapshot, and what the registry says of it; null if it does not say. */
export interface SnapshotFacts {
  readonly tag: string;
  readonly hexsha: string | null;
  readonly created: string | null;
}

/** In the order of creation. */
export function readSnapshots(document: unknown): readonly SnapshotFacts[] {
  const from = record(document);
  const facts = list(from.snapshots ?? [], (each) => {
    const { tag, hexsha, created } = record(each);
    return [text(tag), { hexsha: textOrNull(hexsha), created: textOrNull(created) }] as const;
  });
  const known = new Map(facts);
  return [...new Set(list(from.tags, text))].map((tag) => ({
    ...{ tag, hexsha: null, created: null },
    ...known.get(tag),
  }));
}
