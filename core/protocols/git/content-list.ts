// A commit's paths with what git knows about their contents, as bytes to store. The list is written
// once per commit and read block by block.
//
// The head is COUNT and the ids of trees: the commit's own, then those of exportTrees. A record is
// a letter (`g` gitlink, `l` symlink of its own, `f` file of unknown content, `a` annexed, `b`
// blob), the path and NUL. For `a`, the key's name and NUL follow; for `b`, the size, a space, the
// MD5 and NUL.

import type { BinaryString } from '../../compare/byte-order.ts';
import type { ContentTree, TreeContent } from '../sources.ts';
import { parseAnnexKey } from './annex-key.ts';
import { BLOCK_BYTES, keepBlocks, openBlocks } from './kept-blocks.ts';

export interface ContentEntry {
  readonly path: BinaryString;
  readonly content: TreeContent;
}

/** In byte order, as written. It can be iterated more than once. */
export interface ContentList extends Iterable<ContentEntry> {
  /** Entries, gitlinks included. */
  readonly count: number;
  /** Id of the commit's own tree. */
  readonly tree: string;
  /** Ids that an export of the commit may have, including `tree`. */
  readonly exportTrees: readonly string[];
  /** The paths alone. */
  paths(): Iterable<BinaryString>;
  /** The paths at positions `step`, 2 · `step` …, without decoding the others. */
  everyNth(step: number): BinaryString[];
}

/** Keys and pointer files are recognised when the list is made, so other rules need a new list. */
const magic = (rules: number) => `mirrorwatch-content ${rules} `;
const HEAD = /^(\d{1,15})((?: [0-9a-f]{40})+)$/;

/** @throws TypeError when paths do not strictly increase, contain NUL, or are not byte strings */
export function encodeContentList(tree: ContentTree, rules: number): Buffer {
  let count = 0;
  function* records(): Generator<BinaryString> {
    let previous = '';
    for (const { path, content } of tree.entries) {
      const record = recordOf(path, content);
      if (path <= previous || !isRecordable(path, record)) {
        throw new TypeError(`cannot keep the path ${JSON.stringify(path)}`);
      }
      previous = path;
      count++;
      yield record;
    }
  }
  const ids = [tree.tree, ...tree.exportTrees.filter((id) => id !== tree.tree)];
  return keepBlocks(magic(rules), () => [count, ...ids].join(' '), records());
}

function recordOf(path: BinaryString, content: TreeContent): BinaryString {
  switch (content.kind) {
    case 'gitlink':
      return `g${path}\0`;
    case 'unknown':
      return `f${path}\0`;
    case 'symlink':
      return `l${path}\0`;
    case 'annexed':
      return `a${path}\0${content.key.name}\0`;
    case 'plain':
      return `b${path}\0${content.size} ${content.md5}\0`;
  }
}

/** Whether it has no misplaced NUL and fits in a block. */
function isRecordable(path: BinaryString, record: BinaryString): boolean {
  return (
    record.length <= BLOCK_BYTES &&
    !path.includes('\0') &&
    !(record[0] === 'a' && record.indexOf('\0', path.length + 2) !== record.length - 1)
  );
}

/** Undefined when the bytes are cut, changed, or not a content list of the current rules. */
export function decodeContentList(bytes: Buffer, rules: number): ContentList | undefined {
  const opened = openBlocks(magic(rules), bytes);
  if (opened === undefined) return undefined;
  const [, count, ids = ''] = HEAD.exec(opened.head) ?? [];
  if (count === undefined) return undefined;
  const exportTrees = ids.trim().split(' ');
  return {
    count: Number(count),
    tree: exportTrees[0] as string,
    exportTrees,
    [Symbol.iterator]: () => readEntries(opened.blocks),
    paths: () => readEveryNth(opened.blocks, 1),
    everyNth: (step) => [...readEveryNth(opened.blocks, step)],
  };
}

const A = 'a'.charCodeAt(0);
const B = 'b'.charCodeAt(0);
const G = 'g'.charCodeAt(0);
const L = 'l'.charCodeAt(0);

function* readEntries(blocks: Iterable<Buffer>): Generator<ContentEntry> {
  for (const block of blocks) {
    for (let at = 0; at < block.length; ) {
      const end = block.indexOf(0, at);
      const next = endOf(block, at, end);
      const path = block.toString('latin1', at + 1, end);
      const kind = block[at] as number;
      yield { path, content: contentAt(block, kind, end + 1, next - 1) };
      at = next;
    }
  }
}

function* readEveryNth(blocks: Iterable<Buffer>, step: number): Generator<BinaryString> {
  let place = 0;
  for (const block of blocks) {
    for (let at = 0; at < block.length; ) {
      const end = block.indexOf(0, at);
      if (++place % step === 0) yield block.toString('latin1', at + 1, end);
      at = endOf(block, at, end);
    }
  }
}

/** Where the next record starts. */
function endOf(block: Buffer, at: number, pathEnd: number): number {
  const hasMore = block[at] === A || block[at] === B;
  return (hasMore ? block.indexOf(0, pathEnd + 1) : pathEnd) + 1;
}

function contentAt(block: Buffer, kind: number, start: number, end: number): TreeContent {
  if (kind === G) return { kind: 'gitlink' };
  if (kind === L) return { kind: 'symlink' };
  if (kind === A) {
    const key = parseAnnexKey(block.toString('latin1', start, end));
    return key === null ? { kind: 'unknown' } : { kind: 'annexed', key };
  }
  if (kind === B) {
    const [size = '', md5 = ''] = block.toString('latin1', start, end).split(' ');
    return { kind: 'plain', size: Number(size), md5 };
  }
  return { kind: 'unknown' };
}
