// zlib streams (RFC 1950, RFC 1951) inflated one after the other into memory of the caller's. A pack of
// 200,000 trees of a hundred bytes each is mostly the making of as many inflaters with node:zlib:
// 10 µs and some kilobytes each. Here a stream costs its bytes.

import { malformed } from './fault.ts';

const MAX_BITS = 15;
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;

/** RFC 1951, 3.2.5: lengths from symbol 257 on, and distances; each with bits to be added. */
const LENGTH_BASE = Uint16Array.of(
  ...[
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  ],
  ...[163, 195, 227, 258],
);
const LENGTH_BITS = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
);
const DISTANCE_BASE = Uint16Array.of(
  ...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537],
  ...[2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577],
);
const DISTANCE_BITS = Uint8Array.of(
  ...[0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12],
  ...[13, 13],
);

/** A Huffman code: the next `bits` bits lead to a symbol and its real length, (symbol << 4) | length. */
interface Code {
  readonly table: Uint16Array;
  bits: number;
}

const newCode = (): Code => ({ table: new Uint16Array(1 << MAX_BITS), bits: 0 });

const wrong = (what: string) => malformed(`an object that does not inflate (${what})`);

/** @param whole an incomplete code is refused, one lone code of one bit aside (as zlib has it) */
function setCode(code: Code, lengths: Uint8Array, from: number, to: number, whole: boolean): void {
  const counts = new Uint16Array(MAX_BITS + 1);
  let longest = 0;
  for (let at = from; at < to; at++) {
    const length = lengths[at] as number;
    if (length === 0) continue;
    counts[length] = (counts[length] as number) + 1;
    if (length > longest) longest = length;
  }
  const next = new Uint16Array(MAX_BITS + 2);
  let left = 1;
  for (let length = 1; length <= longest; length++) {
    left = left * 2 - (counts[length] as number);
    if (left < 0) throw wrong('too many codes');
    next[length + 1] = ((next[length] as number) + (counts[length] as number)) << 1;
  }
  if (longest > 0 && left > 0 && (whole || longest > 1)) throw wrong('too few codes');
  const size = 1 << longest;
  code.bits = longest;
  code.table.fill(0, 0, size);
  for (let at = from; at < to; at++) {
    const length = lengths[at] as number;
    if (length === 0) continue;
    const ordered = next[length] as number;
    next[length] = ordered + 1;
    // Codes stand in the stream with their highest bit first.
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((ordered >> bit) & 1) << (length - 1 - bit);
    const entry = ((at - from) << 4) | length;
    for (let place = reversed; place < size; place += 1 << length) code.table[place] = entry;
  }
}

const FIXED_LITERALS = newCode();
const FIXED_DISTANCES = newCode();
const FIXED_LENGTHS = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280);
setCode(FIXED_LITERALS, FIXED_LENGTHS.fill(8, 280), 0, 288, true);
setCode(FIXED_DISTANCES, new Uint8Array(32).fill(5), 0, 32, true);

const literals = newCode();
const distances = newCode();
const codeLengths = newCode();
const lengths = new Uint8Array(288 + 32);

/** Where reading stands: the next byte, and bits of those before it that are not used yet. */
interface Bits {
  at: number;
  hold: number;
  count: number;
}
const bits: Bits = { at: 0, hold: 0, count: 0 };

function take(input: Uint8Array, end: number, count: number): number {
  while (bits.count < count) {
    if (bits.at >= end) throw wrong('it ends too early');
    bits.hold |= (input[bits.at++] as number) << bits.count;
    bits.count += 8;
  }
  const value = bits.hold & ((1 << count) - 1);
  bits.hold >>>= count;
  bits.count -= count;
  return value;
}

function symbolOf(input: Uint8Array, end: number, code: Code): number {
  const { table } = code;
  const mask = (1 << code.bits) - 1;
  for (;;) {
    const entry = table[bits.hold & mask] as number;
    const length = entry & 15;
    if (length > 0 && length <= bits.count) {
      bits.hold >>>= length;
      bits.count -= length;
      return entry >> 4;
    }
    if (bits.count > code.bits || (length === 0 && bits.count >= code.bits))
      throw wrong('no such code');
    if (bits.at >= end) throw wrong('it ends too early');
    bits.hold |= (input[bits.at++] as number) << bits.count;
    bits.count += 8;
  }
}

/** RFC 1951, 3.2.7: the codes of a block, themselves in a code. */
function readCodes(input: Uint8Array, end: number): void {
  const literalCount = take(input, end, 5) + 257;
  const distanceCount = take(input, end, 5) + 1;
  const orderCount = take(input, end, 4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw wrong('too many symbols');
  lengths.fill(0, 0, 19);
  for (let at = 0; at < orderCount; at++) {
    lengths[CODE_LENGTH_ORDER[at] as number] = take(input, end, 3);
  }
  setCode(codeLengths, lengths, 0, 19, true);
  const total = literalCount + distanceCount;
  for (let at = 0; at < total; ) {
    const symbol = symbolOf(input, end, codeLengths);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw wrong('nothing to repeat');
    const value = symbol === 16 ? (lengths[at - 1] as number) : 0;
    const times =
      symbol === 16
        ? 3 + take(input, end, 2)
        : symbol === 17
          ? 3 + take(input, end, 3)
          : 11 + take(input, end, 7);
    if (at + times > total) throw wrong('too many lengths');
    lengths.fill(value, at, at + times);
    at += times;
  }
  if (lengths[END_OF_BLOCK] === 0) throw wrong('a block without end');
  setCode(literals, lengths, 0, literalCount, false);
  setCode(distances, lengths, literalCount, total, false);
}

/** Where the inflated bytes go. */
interface Room {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Inflates the stream at `start` of `input` to exactly the bytes of `output` from `from` up to `to`,
 * checksum compared.
 * @param end where `input` may be read up to
 * @returns where the next byte behind the stream stands
 * @throws GitFault when it is no such stream
 */
export function inflateInto(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  from = 0,
  to = output.length,
): number {
  if (end - start < 6) throw wrong('it ends too early');
  const head = ((input[start] as number) << 8) | (input[start + 1] as number);
  // Method 8, a window of at most 32 KB, no dictionary, and a sum that is right.
  if ((head & 0x0f20) !== 0x0800 || head >> 12 > 7 || head % 31 !== 0)
    throw wrong('no zlib stream');
  bits.at = start + 2;
  bits.hold = 0;
  bits.count = 0;
  const room: Room = { bytes: output, from, to };
  let filled = from;
  for (let last = 0; last === 0; ) {
    last = take(input, end, 1);
    const kind = take(input, end, 2);
    if (kind === 0) filled = copyStored(input, end, room, filled);
    else if (kind === 1)
      filled = inflateBlock(input, end, room, filled, FIXED_LITERALS, FIXED_DISTANCES);
    else if (kind === 2) {
      readCodes(input, end);
      filled = inflateBlock(input, end, room, filled, literals, distances);
    } else throw wrong('a block of no kind');
  }
  if (filled !== to) throw malformed('an object of another size than it says');
  const sum = bits.at - (bits.count >> 3);
  if (sum + 4 > end) throw wrong('it ends too early');
  const told =
    ((input[sum] as number) << 24) |
    ((input[sum + 1] as number) << 16) |
    ((input[sum + 2] as number) << 8) |
    (input[sum + 3] as number);
  if (told !== adler32(room)) throw wrong('another checksum');
  return sum + 4;
}

function copyStored(input: Uint8Array, end: number, room: Room, filled: number): number {
  const at = bits.at - (bits.count >> 3);
  bits.hold = 0;
  bits.count = 0;
  if (at + 4 > end) throw wrong('it ends too early');
  const length = (input[at] as number) | ((input[at + 1] as number) << 8);
  const inverse = (input[at + 2] as number) | ((input[at + 3] as number) << 8);
  if ((length ^ 0xffff) !== inverse) throw wrong('a block of two lengths');
  bits.at = at + 4 + length;
  if (bits.at > end) throw wrong('it ends too early');
  if (filled + length > room.to) throw malformed('an object of another size than it says');
  room.bytes.set(input.subarray(at + 4, bits.at), filled);
  return filled + length;
}

function inflateBlock(
  input: Uint8Array,
  end: number,
  room: Room,
  start: number,
  literalCode: Code,
  distanceCode: Code,
): number {
  const { table } = literalCode;
  const mask = (1 << literalCode.bits) - 1;
  const { bytes: output, from, to } = room;
  let filled = start;
  let { at, hold, count } = bits;
  for (;;) {
    // The longest code is 15 bits, and 32 are there to hold it in.
    while (count < 16 && at < end) {
      hold |= (input[at++] as number) << count;
      count += 8;
    }
    const entry = table[hold & mask] as number;
    const length = entry & 15;
    if (length === 0 || length > count) throw wrong('no such code');
    hold >>>= length;
    count -= length;
    const symbol = entry >> 4;
    if (symbol < END_OF_BLOCK) {
      if (filled === to) throw malformed('an object of another size than it says');
      output[filled++] = symbol;
      continue;
    }
    bits.at = at;
    bits.hold = hold;
    bits.count = count;
    if (symbol === END_OF_BLOCK) return filled;
    const run = symbol - END_OF_BLOCK - 1;
    if (run > 28) throw wrong('no such length');
    const copied = (LENGTH_BASE[run] as number) + take(input, end, LENGTH_BITS[run] as number);
    const back = symbolOf(input, end, distanceCode);
    if (back > 29) throw wrong('no such distance');
    const distance =
      (DISTANCE_BASE[back] as number) + take(input, end, DISTANCE_BITS[back] as number);
    if (distance > filled - from) throw wrong('a distance from before its start');
    if (filled + copied > to) throw malformed('an object of another size than it says');
    // Byte by byte: a run may copy what it has just written.
    for (let stop = filled + copied; filled < stop; filled++) {
      output[filled] = output[filled - distance] as number;
    }
    at = bits.at;
    hold = bits.hold;
    count = bits.count;
  }
}

/** Sums stay below 2^32 for so many bytes (RFC 1950, and zlib's NMAX). */
const ADLER_RUN = 3800;
const ADLER_MODULUS = 65_521;

/** As a signed number of 32 bits. */
function adler32({ bytes, from, to }: Room): number {
  let a = 1;
  let b = 0;
  for (let at = from; at < to; ) {
    for (const stop = Math.min(at + ADLER_RUN, to); at < stop; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= ADLER_MODULUS;
    b %= ADLER_MODULUS;
  }
  return (b << 16) | a;
}
