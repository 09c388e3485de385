// zlib streams (RFC 1950), one after the other, each inflated into memory of the caller's.

import { inflateSync } from 'node:zlib';
import { malformed } from './fault.ts';

/** The smallest piece that node:zlib works in. */
const LEAST_CHUNK = 64;

/**
 * Inflates the stream that starts at `at` into `output`; its checksum is verified.
 * @param end where the bytes of other streams can no longer start
 * @param from where in `output` the stream's bytes go; they must end exactly at `to`
 * @returns where the stream ends in `input`
 * @throws GitFault `malformed` when it is no whole zlib stream of that size
 */
export function inflateInto(
  input: Buffer,
  at: number,
  end: number,
  output: Buffer,
  from = 0,
  to = output.length,
): number {
  const size = to - from;
  const { buffer, engine } = inflated(input.subarray(at, end), size);
  if (buffer.length !== size) throw malformed('an object of another size than it says');
  buffer.copy(output, from);
  return at + engine.bytesWritten;
}

/** What node:zlib gives with `info`, which its types do not know. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflated(input: Buffer, size: number): Inflated {
  // One piece holds the whole object, and what is larger than it says is refused at once.
  const options = {
    info: true,
    chunkSize: Math.max(size, LEAST_CHUNK),
    maxOutputLength: Math.max(size, 1),
  };
  try {
    return inflateSync(input, options) as unknown as Inflated;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw malformed('an object of another size than it says', error);
    }
    throw malformed('an object that does not inflate', error);
  }
}
