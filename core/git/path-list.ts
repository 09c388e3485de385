// A commit's paths as bytes to keep: written once per commit, read back block by block.
//
// A line `mirrorwatch-paths 1 SHA256 COUNT`, the SHA-256 being that of all that follows its space;
// then blocks, each a length (4 bytes, big-endian) and so many bytes of zstd; in a block, records:
// one letter (`f` file, `g` gitlink), the path, NUL.

import { hash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BinaryString, TreeEntry } from '../sources.ts';

export interface PathListEntry {
  readonly path: BinaryString;
  readonly gitlink: boolean;
}

/** In byte order, as written; may be gone through more than once. */
export interface PathList extends Iterable<PathListEntry> {
  /** Entries, gitlinks included. */
  readonly count: number;
  /** The paths in places `step`, 2 · `step` …, without making the others. */
  everyNth(step: number): BinaryString[];
}

/** Kept bytes that are not, or no longer, a path list: to be fetched again. */
export class PathListError extends Error {
  override readonly name = 'PathListError';
}

const MAGIC = 'mirrorwatch-paths 1 ';
const SHA256_DIGITS = 64;
const COUNTED_FROM = MAGIC.length + SHA256_DIGITS + 1;
const COUNT = /^(\d{1,15})\n/;
/** Large enough for zstd to find what paths share, small enough to hold a few at once. */
const BLOCK_BYTES = 1 << 18;
const GITLINK_MODE = 0o160000;
const FILE = 'f'.charCodeAt(0);
const GITLINK = 'g'.charCodeAt(0);

/** @throws TypeError when paths do not strictly increase, or hold NUL or more than bytes. */
export function encodePathList(entries: Iterable<TreeEntry>): Buffer {
  const blocks: Buffer[] = [];
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  let count = 0;
  let previous = '';
  const flush = (): void => {
    const bytes = zstdCompressSync(block.subarray(0, filled));
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    blocks.push(length, bytes);
    filled = 0;
  };
  for (const { path, mode } of entries) {
    if (path <= previous || !isRecordable(path)) {
      throw new TypeError(`cannot keep the path ${JSON.stringify(path)}`);
    }
    previous = path;
    if (filled + path.length + 2 > BLOCK_BYTES) flush();
    block[filled] = mode === GITLINK_MODE ? GITLINK : FILE;
    filled += 1 + block.write(path, filled + 1, 'latin1');
    block[filled++] = 0;
    count++;
  }
  if (filled > 0) flush();
  const summed = Buffer.concat([Buffer.from(`${count}\n`), ...blocks]);
  return Buffer.concat([Buffer.from(`${MAGIC}${hash('sha256', summed)} `), summed]);
}

/** One unit a byte, no NUL, and short enough for a block. */
function isRecordable(path: string): boolean {
  return path.length + 2 <= BLOCK_BYTES && !path.includes('\0') && !/[\u0100-\uffff]/.test(path);
}

/**
 * The checksum is compared before anything is given out; going through the list then holds one
 * block at a time. @throws PathListError at once when the bytes are cut, changed or of another kind.
 */
export function decodePathList(bytes: Buffer): PathList {
  const magic = bytes.toString('latin1', 0, MAGIC.length);
  if (magic !== MAGIC) throw new PathListError('no path list of a known version');
  const summed = bytes.subarray(COUNTED_FROM);
  const sum = bytes.toString('latin1', MAGIC.length, COUNTED_FROM);
  const count = COUNT.exec(summed.toString('latin1', 0, 16));
  if (count === null || sum !== `${hash('sha256', summed)} `) {
    throw new PathListError('the path list is cut or changed');
  }
  const blocks = summed.subarray(count[0].length);
  return {
    count: Number(count[1]),
    [Symbol.iterator]: () => readEntries(blocks),
    everyNth: (step) => [...readEveryNth(blocks, step)],
  };
}

function* readBlocks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    yield zstdDecompressSync(bytes.subarray(start, at), { maxOutputLength: BLOCK_BYTES });
  }
}

function* readEntries(bytes: Buffer): Generator<PathListEntry> {
  for (const block of readBlocks(bytes)) {
    for (let record = 0; record < block.length; ) {
      const end = block.indexOf(0, record);
      yield { path: block.toString('latin1', record + 1, end), gitlink: block[record] === GITLINK };
      record = end + 1;
    }
  }
}

function* readEveryNth(bytes: Buffer, step: number): Generator<BinaryString> {
  let place = 0;
  for (const block of readBlocks(bytes)) {
    for (let record = 0; record < block.length; ) {
      const end = block.indexOf(0, record);
      if (++place % step === 0) yield block.toString('latin1', record + 1, end);
      record = end + 1;
    }
  }
}
