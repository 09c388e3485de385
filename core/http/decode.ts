// Decodes Content-Encoding: completely or not at all, and never beyond the cap, however much a few
// compressed bytes expand to.

import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { type Failed, failed } from '../failure.ts';

const DECODERS: ReadonlyMap<
  string,
  (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
> = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * @param encoding the header `Content-Encoding`; undefined and `identity` leave the body unchanged.
 */
export async function decode(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer | Failed> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  const tooLarge = failed('malformed', `more than ${maxBytes} bytes`);
  if (name === 'identity') return body.length > maxBytes ? tooLarge : body;
  const decoder = DECODERS.get(name);
  if (!decoder) return failed('malformed', 'a content encoding that was not requested');
  try {
    return await decoder(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge;
    // zlib and brotli use this code when the input ends before the stream does.
    if (code === 'Z_BUF_ERROR') return failed('cut-short', `the ${name} stream ends too early`);
    return failed('malformed', `not a ${name} stream (${code})`);
  }
}
