// Writes files.json of 400,000 paths piece by piece.

import { type BinaryString, fromBinary } from '../../core/compare/byte-order.ts';
import { encodeList } from '../../core/documents/pieces.ts';
import { type Files, filesSchema } from './documents.ts';

/** ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * @param paths of the tag's tree, in byte order; `files.count` of them
 * @throws UnencodableError when the rest of the document does not fit its schema.
 */
export function encodeFiles(
  files: Omit<Files, 'files'>,
  paths: Iterable<BinaryString>,
): Generator<Buffer> {
  return encodeList(filesSchema, { ...files, files: [] }, 'files', quoted(paths));
}

function* quoted(paths: Iterable<BinaryString>): Generator<string> {
  for (const path of paths) {
    yield PLAIN.test(path) ? `"${path}"` : JSON.stringify(fromBinary(path));
  }
}
