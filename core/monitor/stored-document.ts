// A document as bytes and back, for every store alike: canonical when written, checked against its
// schema both ways (docs/checks.md#documents).

import type * as z from 'zod';
import { checkValue, encodeDocument, type Issue, parseJson } from '../documents/json.ts';
import { parseAs } from '../documents/parse.ts';
import { DOCUMENT_SCHEMAS, documentKind } from '../documents/paths.ts';
import { StoredDocumentError } from './store.ts';

/** A path that no document may have: what named it was not checked, so the program is at fault. */
export class RefusedPathError extends Error {
  override readonly name = 'RefusedPathError';
}

function kindAt(path: string) {
  const kind = documentKind(path);
  if (kind === undefined) throw new RefusedPathError(`no document belongs at ${quote(path)}`);
  return kind;
}

/**
 * @param path below the tree's root, with `/`
 * @throws RefusedPathError, and UnencodableError when the value does not fit the schema
 */
export function encodeStored(path: string, value: unknown): Buffer {
  return Buffer.from(encodeDocument(DOCUMENT_SCHEMAS[kindAt(path)], value));
}

/** The same; null where there shall be no document. */
export function encodeOrNull({
  path,
  value,
}: {
  readonly path: string;
  readonly value: unknown;
}): Buffer | null {
  if (value !== null) return encodeStored(path, value);
  checkDocumentPath(path);
  return null;
}

/**
 * A document of today's shape; one of an older schema is migrated.
 * @throws RefusedPathError, and StoredDocumentError when the bytes are no JSON or not of the schema
 */
export function decodeStored(path: string, bytes: Buffer): unknown {
  const parsed = parseAs(kindAt(path), bytes.toString('utf8'));
  if (parsed.ok) return parsed.value;
  throw new StoredDocumentError(path, firstIssue(parsed.issues));
}

/**
 * One of a store's own small files, by its schema.
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

/** @throws RefusedPathError when no document belongs there */
export function checkDocumentPath(path: string): void {
  kindAt(path);
}

/** Hostile text made safe for one line of a message. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
