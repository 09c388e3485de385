// A commit's paths as bytes to keep: written once per commit, read back block by block.
//
// Kept as kept-blocks.ts says, the head being their COUNT; a record is one letter (`f` file,
// `g` gitlink), the path, NUL.

import type { BinaryString, TreeEntry } from '../sources.ts';
import { BLOCK_BYTES, keepBlocks, openBlocks } from './kept-blocks.ts';

export interface PathListEntry {
  readonly path: BinaryString;
  readonly gitlink: boolean;
}

/** In byte order, as written; may be gone through more than once. */
export interface PathList extends Iterable<PathListEntry> {
  /** Entries, gitlinks included. */
  readonly count: number;
  /** The paths alone. */
  paths(): Iterable<BinaryString>;
  /** The paths in places `step`, 2 · `step` …, without making the others. */
  everyNth(step: number): BinaryString[];
}

/** Kept bytes that are not, or no longer, a path list: to be fetched again. */
export class PathListError extends Error {
  override readonly name = 'PathListError';
}

const MAGIC = 'mirrorwatch-paths 1 ';
const COUNT = /^\d{1,15}$/;
const GITLINK_MODE = 0o160000;
const GITLINK = 'g'.charCodeAt(0);

/** @throws TypeError when paths do not strictly increase, or hold NUL or more than bytes. */
export function encodePathList(entries: Iterable<TreeEntry>): Buffer {
  let count = 0;
  function* records(): Generator<BinaryString> {
    let previous = '';
    for (const { path, mode } of entries) {
      if (path <= previous || path.length + 2 > BLOCK_BYTES || path.includes('\0')) {
        throw new TypeError(`cannot keep the path ${JSON.stringify(path)}`);
      }
      previous = path;
      count++;
      yield `${mode === GITLINK_MODE ? 'g' : 'f'}${path}\0`;
    }
  }
  return keepBlocks(MAGIC, () => String(count), records());
}

/**
 * The checksum is compared before anything is given out; going through the list then holds one
 * block at a time. @throws PathListError at once when the bytes are cut, changed or of another kind.
 */
export function decodePathList(bytes: Buffer): PathList {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new PathListError('no path list of a known version');
  }
  const opened = openBlocks(MAGIC, bytes);
  if (opened === undefined || !COUNT.test(opened.head)) {
    throw new PathListError('the path list is cut or changed');
  }
  return {
    count: Number(opened.head),
    [Symbol.iterator]: () => readEntries(opened.blocks),
    paths: () => readEveryNth(opened.blocks, 1),
    everyNth: (step) => [...readEveryNth(opened.blocks, step)],
  };
}

function* readEntries(blocks: Iterable<Buffer>): Generator<PathListEntry> {
  for (const block of blocks) {
    for (let record = 0; record < block.length; ) {
      const end = block.indexOf(0, record);
      yield { path: block.toString('latin1', record + 1, end), gitlink: block[record] === GITLINK };
      record = end + 1;
    }
  }
}

function* readEveryNth(blocks: Iterable<Buffer>, step: number): Generator<BinaryString> {
  let place = 0;
  for (const block of blocks) {
    for (let record = 0; record < block.length; ) {
      const end = block.indexOf(0, record);
      if (++place % step === 0) yield block.toString('latin1', record + 1, end);
      record = end + 1;
    }
  }
}
