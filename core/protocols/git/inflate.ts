// Inflates consecutive zlib streams (RFC 1950), each into the caller's memory.

import { inflateSync } from 'node:zlib';
import { malformed } from './fault.ts';

/** The smallest chunk size that node:zlib accepts. */
const LEAST_CHUNK = 64;

/**
 * Inflates the stream that starts at `at` into `output` and verifies its checksum.
 * @param end the offset at which the bytes of other streams can no longer start
 * @param from where the bytes go in `output`; they must end exactly at `to`
 * @returns where the stream ends in `input`
 * @throws GitFault `malformed` when it is not a whole zlib stream of that size
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

/** What node:zlib returns with `info`; its types do not have it. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflated(input: Buffer, size: number): Inflated {
  // One chunk holds the whole object. A stream larger than it claims is refused at once.
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
