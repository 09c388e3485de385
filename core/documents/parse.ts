// Reading a document of the tree, of whatever schema version: JSON, then the migrations, then
// today's schema. What cannot be read is a list of issues, never an exception.

import { migrate } from '../../archives/openneuro/legacy/migrations.ts';
import { checkValue, type Issue, parseJson } from './json.ts';
import { DOCUMENT_SCHEMAS, type DocumentKind, type DocumentOf, documentKind } from './paths.ts';

export type Parsed<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Schema version it was written in; before 3.0.0 its verdict fields mean nothing yet. */
      readonly from: string;
    }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * The document at a path of the tree.
 * @param input its text, or the JSON value that the text holds
 */
export function parseDocument(path: string, input: unknown): Parsed<DocumentOf<DocumentKind>> {
  const kind = documentKind(path);
  if (kind === undefined) {
    return { ok: false, issues: [{ field: '', message: 'no document belongs at this path' }] };
  }
  return parseAs(kind, input);
}

/** A document of a known kind; `input` as for parseDocument. */
export function parseAs<K extends DocumentKind>(kind: K, input: unknown): Parsed<DocumentOf<K>> {
  const json = typeof input === 'string' ? parseJson(input) : ({ ok: true, value: input } as const);
  if (!json.ok) return json;
  const migrated = migrate(kind, json.value);
  if (!migrated.ok) return migrated;
  const checked = checkValue(DOCUMENT_SCHEMAS[kind], migrated.value);
  if (!checked.ok) return checked;
  return { ok: true, value: checked.value as DocumentOf<K>, from: migrated.from };
}
