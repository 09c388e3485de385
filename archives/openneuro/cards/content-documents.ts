// Reads the documents of the content checks, and the likely causes, as far as the page shows them;
// see documents.ts.

import {
  count,
  list,
  oneOf,
  record,
  text,
  textOrNull,
  type Verdict,
  verdict,
} from '../../../frontend/dataset/documents.ts';
import { catalogue } from '../../../frontend/shared/catalogue.ts';
import type { AnnexRecord, Mismatch, S3Access, S3Content } from '../documents.ts';
import type { Check, Subtype } from '../vocabulary.ts';

export type ContentEvidence = Pick<
  S3Content,
  | 'snapshotTag'
  | 'commit'
  | 'tree'
  | 'findings'
  | 'notCompared'
  | 'compared'
  | 'sizeMismatches'
  | 'contentMismatches'
  | 'bytesMissing'
  | 'mismatches'
> &
  Verdict;
export type AccessEvidence = Pick<S3Access, 'findings' | 'notCompared' | 'asked' | 'archivedKeys'> &
  Verdict;
export type RecordEvidence = Pick<
  AnnexRecord,
  | 'findings'
  | 'notCompared'
  | 'remotes'
  | 'exportedTree'
  | 'exportedTag'
  | 'exportedBranch'
  | 'exportedAt'
  | 'exportedOfNoSnapshot'
  | 'annexedKeys'
  | 'unversionedKeys'
  | 'versionLogs'
  | 'versionsRead'
  | 'unversionedPaths'
  | 'claimedMissing'
  | 'claimedMissingPaths'
> &
  Verdict & { readonly foreignRemotes: readonly { readonly uuid: string }[] };

const subtypeOf = <C extends Check>(check: C, value: unknown): Subtype<C> =>
  oneOf(Object.keys(catalogue.checkById.get(check)?.findings ?? {}) as Subtype<C>[], value);

export function readContent(document: unknown): ContentEvidence {
  const from = record(document);
  const compared = record(from.compared);
  return {
    snapshotTag: textOrNull(from.snapshotTag),
    commit: textOrNull(from.commit),
    ...(from.tree !== undefined && { tree: text(from.tree) }),
    findings: list(from.findings, (one) => subtypeOf('s3Content', one)),
    notCompared: textOrNull(from.notCompared) as S3Content['notCompared'],
    compared: {
      content: count(compared.content) ?? 0,
      size: count(compared.size) ?? 0,
      none: count(compared.none) ?? 0,
    },
    sizeMismatches: count(from.sizeMismatches) ?? 0,
    contentMismatches: count(from.contentMismatches) ?? 0,
    bytesMissing: count(from.bytesMissing) ?? 0,
    mismatches: list(from.mismatches, readMismatch),
    ...verdict(from),
  };
}

function readMismatch(value: unknown): Mismatch {
  const from = record(value);
  return {
    path: text(from.path),
    subtype: subtypeOf('s3Content', from.subtype),
    expectedSize: count(from.expectedSize),
    size: count(from.size) ?? 0,
    expectedMd5: textOrNull(from.expectedMd5),
    etag: text(from.etag),
  };
}

/** The access check. */
export const ACCESS = 's3Access';

export function readAccess(document: unknown): AccessEvidence {
  const from = record(document);
  const archivedKeys = count(from.archivedKeys);
  return {
    findings: list(from.findings, (one) => subtypeOf(ACCESS, one)),
    notCompared: textOrNull(from.notCompared) as S3Access['notCompared'],
    asked: list(from.asked, (each) => {
      const { path, httpStatus, archived } = record(each);
      return {
        path: text(path),
        httpStatus: count(httpStatus) ?? 0,
        ...(archived === true && { archived }),
      };
    }),
    ...(archivedKeys !== null && { archivedKeys }),
    ...verdict(from),
  };
}

export function readRecord(document: unknown): RecordEvidence {
  const from = record(document);
  return {
    findings: list(from.findings, (one) => subtypeOf('annexRecord', one)),
    notCompared: textOrNull(from.notCompared) as AnnexRecord['notCompared'],
    remotes: list(from.remotes, (each) => {
      const { uuid, dead } = record(each);
      return { uuid: text(uuid), dead: dead === true };
    }),
    foreignRemotes: list(from.foreignRemotes, (each) => ({ uuid: text(record(each).uuid) })),
    exportedTree: textOrNull(from.exportedTree),
    exportedTag: textOrNull(from.exportedTag),
    exportedBranch: textOrNull(from.exportedBranch),
    exportedAt: textOrNull(from.exportedAt),
    exportedOfNoSnapshot: from.exportedOfNoSnapshot === true,
    annexedKeys: count(from.annexedKeys),
    unversionedKeys: count(from.unversionedKeys),
    versionLogs: count(from.versionLogs),
    versionsRead: count(from.versionsRead),
    unversionedPaths: list(from.unversionedPaths, text),
    claimedMissing: count(from.claimedMissing),
    claimedMissingPaths: list(from.claimedMissingPaths, text),
    ...verdict(from),
  };
}
