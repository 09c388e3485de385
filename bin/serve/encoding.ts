// Compression of an answer, chosen by the request (RFC 9110, 12.5.3).

import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** A smaller answer fits in one packet. */
const LEAST_BYTES = 1024;
/** These levels take about as long as reading the file; brotli's default (11) takes seconds. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 6;

const TEXTS = /^(?:text\/|application\/(?:json|xml|atom\+xml)|image\/svg\+xml)/;

/** Whether this kind of file may be compressed; `Vary` depends on this too. */
export function isCompressible(type: string, size: number): boolean {
  return TEXTS.test(type) && size >= LEAST_BYTES;
}

/**
 * The best accepted encoding; null for none.
 * @param among those that can be sent, the best one first
 */
export function acceptedEncoding(
  accept: string | undefined,
  among: readonly Encoding[] = ['br', 'gzip'],
): Encoding | null {
  const weights = new Map<string, number>();
  for (const part of (accept ?? '').toLowerCase().split(',').slice(0, 20)) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const q = parameters.find((text) => text.startsWith('q='));
    weights.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const weight = (name: Encoding) => weights.get(name) ?? weights.get('*') ?? 0;
  const [best] = among.toSorted((a, b) => weight(b) - weight(a));
  return best !== undefined && weight(best) > 0 ? best : null;
}

export function compressor(encoding: Encoding, size: number): Transform {
  if (encoding === 'gzip') return createGzip({ level: GZIP_LEVEL });
  return createBrotliCompress({
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    },
  });
}
