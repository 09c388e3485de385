// Encodes and decodes documents for all stores: canonical when written, checked against the schema
// both ways (docs/checks.md#documents).

import type * as z from 'zod';
import type { DocumentType } from '../documents/document-type.ts';
import { checkValue, encodeDocument, type Issue, parseJson } from '../documents/json.ts';
import { type PageType, pageAt } from '../documents/pages.ts';
import { type DocumentSource, documentsOf } from '../documents/tree.ts';
import { StoredDocumentError } from './store.ts';

/** A path that no document may have. Its origin did not check it, so this is a bug. */
export class RefusedPathError extends Error {
  override readonly name = 'RefusedPathError';
}

/**
 * Paths are below the tree's root, with `/`; each call throws RefusedPathError if no document
 * belongs there.
 */
export interface StoredDocuments {
  checkPath(path: string): void;
  /** What a path holds that is no document. */
  pageAt(path: string): PageType;
  /** @throws UnencodableError when the value does not fit the schema */
  encode(path: string, value: unknown): Buffer;
  /** The same; null if there should be no document. */
  encodeOrNull(document: { readonly path: string; readonly value: unknown }): Buffer | null;
  /**
   * Returns a document of today's shape; an older schema is migrated.
   * @throws StoredDocumentError if the bytes are not JSON or do not fit the schema
   */
  decode(path: string, bytes: Buffer): unknown;
}

export function storedDocuments(archive: DocumentSource): StoredDocuments {
  const { types, placeOf, parse } = documentsOf(archive);
  const kindAt = (path: string): string => {
    const place = placeOf(path);
    if (place === undefined) throw new RefusedPathError(`no document belongs at ${quote(path)}`);
    return place.kind;
  };
  const typeAt = (path: string) => types.get(kindAt(path)) as DocumentType;
  const encode = (path: string, value: unknown) =>
    Buffer.from(encodeDocument(typeAt(path).schema, value));
  return {
    encode,
    checkPath(path) {
      kindAt(path);
    },
    pageAt(path) {
      const page = pageAt(archive, path);
      if (page === undefined) throw new RefusedPathError(`no page belongs at ${quote(path)}`);
      return page;
    },
    encodeOrNull({ path, value }) {
      kindAt(path);
      return value === null ? null : encode(path, value);
    },
    decode(path, bytes) {
      const parsed = parse(kindAt(path), bytes.toString('utf8'));
      if (parsed.ok) return parsed.value;
      throw new StoredDocumentError(path, firstIssue(parsed.issues));
    },
  };
}

/**
 * Parses one of a store's own small files by its schema.
 * @throws StoredDocumentError naming the first field that does not fit
 */
export function parseStored<T extends z.ZodType>(
  path: string,
  schema: T,
  bytes: Buffer,
): z.infer<T> {
  const json = parseJson(bytes.toString('utf8'));
  if (json.ok) return checkStored(path, schema, json.value);
  throw new StoredDocumentError(path, firstIssue(json.issues));
}

/** The same for a part of such a file. @throws StoredDocumentError */
export function checkStored<T extends z.ZodType>(
  path: string,
  schema: T,
  value: unknown,
): z.infer<T> {
  const checked = checkValue(schema, value);
  if (checked.ok) return checked.value;
  throw new StoredDocumentError(path, firstIssue(checked.issues));
}

function firstIssue(issues: readonly Issue[]): string {
  return [issues[0]?.field, issues[0]?.message].filter(Boolean).join(': ');
}

/** Makes hostile text safe for one line of a message. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
