// The format of stored lists about a commit: one line with a checksum, then blocks of records. Each
// block is compressed separately, so a reader holds one block at a time.
//
// The line is MAGIC SHA256 HEAD. The SHA-256 covers everything after the space that follows it.
// Each block is a length (4 bytes, big-endian) and so many bytes of zstd.

import { hash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BinaryString } from '../../compare/byte-order.ts';

/** Large enough for zstd to find what records share, small enough to hold a few at once. */
export const BLOCK_BYTES = 1 << 18;
const SHA256_DIGITS = 64;
const MAX_HEAD = 4096;
/** Before each block. */
const LENGTH_BYTES = 4;
const NEWLINE = 0x0a;

/** A character that does not fit in one byte. */
const WIDE = /[\u0100-\uffff]/;

/**
 * @param magic ends in a space
 * @param head called after all records were iterated
 * @param records none longer than a block
 * @throws TypeError when a record is not a byte string
 */
export function keepBlocks(
  magic: string,
  head: () => string,
  records: Iterable<BinaryString>,
): Buffer {
  const blocks: Buffer[] = [];
  let block = '';
  const flush = (): void => {
    // The whole block is searched at once, since it hardly ever has such a character.
    if (WIDE.test(block)) throw new TypeError('cannot keep a path of more than bytes');
    const bytes = zstdCompressSync(Buffer.from(block, 'latin1'));
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32BE(bytes.length);
    blocks.push(length, bytes);
    block = '';
  };
  for (const record of records) {
    if (block.length + record.length > BLOCK_BYTES) flush();
    block += record;
  }
  if (block !== '') flush();
  const summed = Buffer.concat([Buffer.from(`${head()}\n`), ...blocks]);
  return Buffer.concat([Buffer.from(`${magic}${hash('sha256', summed)} `), summed]);
}

/** Compares the checksum first. Undefined if the bytes are cut, changed or of another magic. */
export function openBlocks(
  magic: string,
  bytes: Buffer,
): { readonly head: string; readonly blocks: Iterable<Buffer> } | undefined {
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  const start = magic.length + SHA256_DIGITS + 1;
  const summed = bytes.subarray(start);
  const sum = bytes.toString('latin1', magic.length, start);
  const end = summed.subarray(0, MAX_HEAD).indexOf(NEWLINE);
  if (end < 0 || sum !== `${hash('sha256', summed)} `) return undefined;
  const blocks = summed.subarray(end + 1);
  const isOne = blocks.length > LENGTH_BYTES && nextBlock(blocks, 0) === blocks.length;
  let only: readonly Buffer[] | undefined;
  return {
    head: summed.toString('latin1', 0, end),
    blocks: {
      [Symbol.iterator]: () => {
        if (!isOne) return readBlocks(blocks);
        // Most lists have one block and are read several times, so it is kept.
        only ??= [...readBlocks(blocks)];
        return only[Symbol.iterator]();
      },
    },
  };
}

function* readBlocks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    at = nextBlock(bytes, at);
    yield zstdDecompressSync(bytes.subarray(start, at), { maxOutputLength: BLOCK_BYTES });
  }
}

const nextBlock = (bytes: Buffer, at: number): number => at + LENGTH_BYTES + bytes.readUInt32BE(at);
