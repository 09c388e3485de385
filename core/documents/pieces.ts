// Writes large documents in pieces, with the same bytes as encodeDocument: all-datasets.json and
// the timestamps of 100,000 rows, or documents of an archive.

import type * as z from 'zod';
import { encodeDocument, encodeWithin } from './json.ts';
import { PLAIN_LAYOUT, type Rows, type SummaryLayout } from './rows.ts';

const PIECE_CHARACTERS = 1 << 16;
/** Indent of items in a top-level list. */
const INDENT = '    ';

/** @throws UnencodableError if the summary does not fit its schema. */
export function encodeSummary(
  summary: Rows,
  layout: SummaryLayout = PLAIN_LAYOUT,
): Generator<Buffer> {
  const { schema, rowSchema, write } = layout;
  function* rows() {
    for (const row of summary.datasets) yield encodeWithin(rowSchema, write(row), INDENT);
  }
  return encodeList(schema, { ...summary, datasets: [] }, 'datasets', rows());
}

/**
 * Encodes a document of `timestamps/`. A map of 100,000 entries would be copied at every step.
 * @param times by dataset, in byte order of the ids
 */
export function encodeTimestamps(
  times: Iterable<readonly [id: string, at: string]>,
): Generator<Buffer> {
  return inPieces('{', linesOf(times), '  ', '}\n');
}

function* linesOf(times: Iterable<readonly [id: string, at: string]>): Generator<string> {
  for (const [id, at] of times) yield `${JSON.stringify(id)}: ${JSON.stringify(at)}`;
}

/** @param document with the list `name` empty; the first list of that name must be top-level */
export function encodeList(
  schema: z.ZodType,
  document: object,
  name: string,
  items: Iterable<string>,
): Generator<Buffer> {
  const whole = encodeDocument(schema, document);
  const place = whole.indexOf(`"${name}": []`) + `"${name}": [`.length;
  return inPieces(whole.slice(0, place), items, INDENT, whole.slice(place));
}

/**
 * Items on separate lines, between an opening and a closing line that are indented two spaces less.
 */
function* inPieces(
  head: string,
  items: Iterable<string>,
  indent: string,
  tail: string,
): Generator<Buffer> {
  let text = head;
  let before = `\n${indent}`;
  let end = '';
  for (const item of items) {
    text += before + item;
    before = `,\n${indent}`;
    end = `\n${indent.slice(2)}`;
    if (text.length >= PIECE_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text + end + tail);
}
