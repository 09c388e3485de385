// The contents of an export's files (docs/checks.md#contents): compares the sizes and hashes that
// git knows with those in the listing. Nothing is downloaded.

import { type BinaryString, fromBinary } from '../../../core/compare/byte-order.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import type { ListedObject, TreeContent } from '../../../core/protocols/sources.ts';
import { s3Content } from '../checks/s3-content.ts';
import type { Mismatch, S3Content } from '../documents.ts';
import type { NotCheckedReason, Subtype } from '../vocabulary.ts';

/** How deep a file could be compared: size and MD5, size only, not at all. */
export type Depth = 'content' | 'size' | 'none';

export interface FileVerdict {
  readonly depth: Depth;
  readonly subtype: Subtype<'s3Content'> | null;
}

/** The ETag of an object uploaded in one part; with a `-` and a count of parts it is no MD5. */
const MD5_ETAG = /^[0-9a-f]{32}$/;

/** One file that both sides have. */
export function compareContent(
  content: TreeContent,
  { size, etag }: Pick<ListedObject, 'size' | 'etag'>,
): FileVerdict {
  const known = knownOf(content);
  if (known.size !== null && known.size !== size) {
    return { depth: 'size', subtype: 'size-mismatch' };
  }
  if (known.md5 !== null && MD5_ETAG.test(etag)) {
    return { depth: 'content', subtype: known.md5 === etag ? null : 'content-mismatch' };
  }
  return { depth: known.size === null ? 'none' : 'size', subtype: null };
}

function knownOf(content: TreeContent): { size: number | null; md5: string | null } {
  switch (content.kind) {
    case 'annexed':
      return content.key;
    case 'plain':
      return content;
    case 'gitlink':
    case 'symlink':
    case 'unknown':
      return { size: null, md5: null };
  }
}

export type ContentComparison = Pick<
  S3Content,
  'compared' | 'sizeMismatches' | 'contentMismatches' | 'bytesMissing' | 'bytesExtra' | 'mismatches'
>;

/**
 * If every file of a dataset differs, the full evidence would be too long; the counts are complete.
 */
export const MAX_MISMATCHES = 1000;

const nothing = (): ContentComparison => ({
  compared: { content: 0, size: 0, none: 0 },
  sizeMismatches: 0,
  contentMismatches: 0,
  bytesMissing: 0,
  bytesExtra: 0,
  mismatches: [],
});

/** Collects the files of a comparison, which come by path in byte order. */
export function createContentComparison() {
  const result = nothing();
  return {
    both(path: BinaryString, content: TreeContent, object: ListedObject): void {
      const { depth, subtype } = compareContent(content, object);
      result.compared[depth] += 1;
      if (subtype === null) return;
      const known = knownOf(content);
      if (subtype === 'size-mismatch') {
        const missing = (known.size ?? 0) - object.size;
        result.sizeMismatches += 1;
        result.bytesMissing = sum(result.bytesMissing, Math.max(0, missing));
        result.bytesExtra = sum(result.bytesExtra, Math.max(0, -missing));
      } else result.contentMismatches += 1;
      if (result.mismatches.length < MAX_MISMATCHES) {
        result.mismatches.push(mismatch(path, subtype, known, object));
      }
    },
    result: (): ContentComparison => result,
  };
}

/** A key may claim any size; a sum beyond the exact integers would make the document invalid. */
const sum = (a: number, b: number): number => Math.min(Number.MAX_SAFE_INTEGER, a + b);

function mismatch(
  path: BinaryString,
  subtype: Subtype<'s3Content'>,
  known: { size: number | null; md5: string | null },
  { size, etag }: ListedObject,
): Mismatch {
  return {
    path: fromBinary(path),
    subtype,
    expectedSize: known.size,
    size,
    expectedMd5: known.md5,
    etag,
  };
}

/** What was compared. */
export interface ContentSubject {
  readonly version: string;
  readonly commit: string | null;
  readonly tree?: string;
}

export function contentDocument(
  datasetId: string,
  { version, commit, tree }: ContentSubject,
  comparison: ContentComparison,
): S3Content {
  const evidence = {
    snapshotTag: version,
    commit,
    ...comparison,
    ...(tree !== undefined && { tree }),
  };
  return documentOf(s3Content, datasetId, { evidence, entry: null });
}

export function contentNotCompared(datasetId: string, notCompared: NotCheckedReason): S3Content {
  const evidence = { snapshotTag: null, commit: null, ...nothing() };
  return documentOf(s3Content, datasetId, { evidence, entry: null, notCompared });
}
