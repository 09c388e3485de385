// The one document that may be too large to hold, files.json of 400,000 paths, as the bytes that
// encodeDocument would give, piece by piece.

import { fromBinary } from '../compare/byte-order.ts';
import type { BinaryString } from '../sources.ts';
import { type Files, filesSchema } from './documents.ts';
import { encodeDocument } from './json.ts';

const PIECE_CHARACTERS = 1 << 16;
/** ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** A path that the document is encoded with, to be replaced by the real ones. */
const PLACE = '    ""\n';

/**
 * @param paths of the tag's tree, in byte order; `files.count` of them
 * @throws UnencodableError when the rest of the document does not fit its schema.
 */
export function* encodeFiles(
  files: Omit<Files, 'files'>,
  paths: Iterable<BinaryString>,
): Generator<Buffer> {
  if (files.count === 0) {
    yield Buffer.from(encodeDocument(filesSchema, { ...files, files: [] }));
    return;
  }
  const whole = encodeDocument(filesSchema, { ...files, files: [''] });
  const place = whole.indexOf(PLACE);
  let text = whole.slice(0, place);
  let separator = '';
  for (const path of paths) {
    const quoted = PLAIN.test(path) ? `"${path}"` : JSON.stringify(fromBinary(path));
    text += `${separator}    ${quoted}`;
    separator = ',\n';
    if (text.length >= PIECE_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(`${text}\n${whole.slice(place + PLACE.length)}`);
}
