// Documents as they are stored where CloudFront serves them. It compresses answers of 1,000 to
// 10,000,000 bytes (Developer Guide, "Serve compressed files"), so larger ones are stored compressed.
// A folder that such a bucket was copied to has them too. They are recognised by their first bytes, with
// which no document begins.

import { gunzipSync, gzipSync } from 'node:zlib';

export interface AtRest {
  readonly bytes: Buffer;
  /** For the header Content-Encoding. Every client accepts gzip; some lack brotli. */
  readonly encoding: 'gzip' | null;
}

/**
 * Their Cache-Control. Those of a snapshot have no longer time: rules that are corrected change them,
 * and those of a withdrawn dataset must go. A cache asks again with the ETag.
 */
export const DOCUMENT_CACHING = 'public, max-age=60';

export const DOCUMENT_MEDIA_TYPE = 'application/json';
export const DOCUMENT_CONTENT_TYPE = `${DOCUMENT_MEDIA_TYPE}; charset=utf-8`;

/** In bytes. */
export const MOST_UNCOMPRESSED = 10_000_000;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** A document of 25 MB takes half a second, and is asked for several times in a row. */
const made = new WeakMap<Buffer, AtRest>();

export function atRest(bytes: Buffer): AtRest {
  if (bytes.length <= MOST_UNCOMPRESSED) return { bytes, encoding: null };
  const before = made.get(bytes);
  if (before !== undefined) return before;
  const compressed: AtRest = { bytes: gzipSync(bytes), encoding: 'gzip' };
  made.set(bytes, compressed);
  return compressed;
}

/** @param start at least the first two bytes */
export const isCompressed = (start: Uint8Array): boolean => GZIP.equals(start.subarray(0, 2));

export const fromRest = (bytes: Buffer): Buffer =>
  isCompressed(bytes) ? gunzipSync(bytes) : bytes;
