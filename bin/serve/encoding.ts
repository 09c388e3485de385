// Compression of an answer, by what the request accepts (RFC 9110, 12.5.3).

import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** Below it an answer is one packet anyway. */
const LEAST_BYTES = 1024;
/** These levels cost about as much time as reading the file; brotli's own default (11) takes seconds. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 6;

const TEXTS = /^(?:text\/|application\/(?:json|xml)|image\/svg\+xml)/;

/** Whether this kind of file is compressed where it can be: also what `Vary` depends on. */
export function isCompressible(type: string, size: number): boolean {
  return TEXTS.test(type) && size >= LEAST_BYTES;
}

/** The best one that is accepted; null for none. */
export function acceptedEncoding(accept: string | undefined): Encoding | null {
  const weights = new Map<string, number>();
  for (const part of (accept ?? '').toLowerCase().split(',').slice(0, 20)) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const q = parameters.find((text) => text.startsWith('q='));
    weights.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const weight = (name: Encoding) => weights.get(name) ?? weights.get('*') ?? 0;
  const [br, gzip] = [weight('br'), weight('gzip')];
  if (br === 0 && gzip === 0) return null;
  return br >= gzip ? 'br' : 'gzip';
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
