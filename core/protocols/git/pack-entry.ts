// The head of one entry of a pack (gitformat-pack). A zlib stream of the entry's bytes follows.

import { sizeAt } from './delta.ts';
import { malformed } from './fault.ts';

export const COMMIT = 1;
export const TREE = 2;
export const BLOB = 3;
const TAG = 4;
export const OFS_DELTA = 6;
export const REF_DELTA = 7;

export interface EntryHead {
  readonly type: number;
  /** Of the inflated bytes. */
  readonly size: number;
  readonly baseOffset: number;
  readonly baseName: string;
  readonly next: number;
}

/**
 * The type is in bits 4–6 of the first byte. The size is in its low four bits and the next bytes.
 * @param end where the pack's trailer starts
 */
export function entryHeadAt(pack: Buffer, offset: number, end: number): EntryHead {
  if (offset >= end) throw malformed('fewer objects than the pack says');
  const first = pack[offset] as number;
  const type = (first >> 4) & 7;
  let size = first & 15;
  let next = offset + 1;
  if (first >= 0x80) {
    const rest = sizeAt(pack, next);
    size += rest.size * 16;
    next = rest.next;
  }
  let baseOffset = -1;
  let baseName = '';
  if (type === OFS_DELTA) {
    // Big-endian groups of seven bits, plus one at each continuation: each offset has one encoding.
    let byte = pack[next++] as number;
    let distance = byte & 0x7f;
    while (byte >= 0x80) {
      byte = pack[next++] ?? 0;
      distance = (distance + 1) * 128 + (byte & 0x7f);
    }
    if (distance === 0 || distance > offset) throw malformed('a delta on a base outside the pack');
    baseOffset = offset - distance;
  } else if (type === REF_DELTA) {
    baseName = pack.toString('hex', next, next + 20);
    next += 20;
  } else if (type !== COMMIT && type !== TREE && type !== BLOB && type !== TAG) {
    throw malformed(`an object of type ${type}`);
  }
  if (next > end) throw malformed('an object that runs into the trailer');
  return { type, size, baseOffset, baseName, next };
}
