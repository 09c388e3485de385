// Kept content lists: a list is restored unchanged, a damaged one never.

import { hash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RULES_VERSION } from '../../../../archives/openneuro/rules-version.ts';
import { parseAnnexKey } from '../../../../core/protocols/git/annex-key.ts';
import {
  decodeContentList,
  encodeContentList,
} from '../../../../core/protocols/git/content-list.ts';
import { BLOCK_BYTES, keepBlocks, openBlocks } from '../../../../core/protocols/git/kept-blocks.ts';
import type { ContentTree, TreeContent } from '../../../../core/protocols/sources.ts';

const encode = (tree: Parameters<typeof encodeContentList>[0]) => encodeContentList(tree, 3);
const decode = (bytes: Buffer) => decodeContentList(bytes, 3);

const TREE = 'ab'.repeat(20);
const OTHER = 'cd'.repeat(20);
const KEY = parseAnnexKey('MD5E-s1966080--d614929593bf2a7cccea90bea67255f4.nii.gz');
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

const tree = (entries: [path: string, content: TreeContent][]): ContentTree => ({
  tree: TREE,
  exportTrees: [TREE, OTHER],
  entries: entries.map(([path, content]) => ({ path, content })),
});
const unknown: TreeContent = { kind: 'unknown' };
const annexed = (key: object | null = KEY): TreeContent => ({ kind: 'annexed', key: key as never });

const NASTY: [string, TreeContent][] = [
  ['\n', unknown],
  [' ', { kind: 'gitlink' }],
  ['%', annexed()],
  ['-rf', { kind: 'plain', size: 0, md5: MD5 }],
  ['__proto__', annexed(parseAnnexKey('URL--http&c%%x y%z'))],
  ['sub-01/\xc3\xa9', { kind: 'plain', size: 1023, md5: MD5 }],
  ['x', { kind: 'symlink' }],
  ['z\xff', { kind: 'gitlink' }],
];

describe('what goes in comes out', () => {
  test('nothing but the tree', () => {
    const list = decode(encode(tree([])));
    expect(list).toMatchObject({ count: 0, tree: TREE, exportTrees: [TREE, OTHER] });
    expect([...(list ?? [])]).toEqual([]);
  });

  test('every kind of content under nasty names, as often as asked', () => {
    const list = decode(encode(tree(NASTY)));
    const expected = NASTY.map(([path, content]) => ({
      path,
      content,
    }));
    expect([...(list ?? [])]).toEqual(expected);
    expect([...(list ?? [])]).toEqual(expected);
    expect(list?.everyNth(3)).toEqual(['%', 'sub-01/\xc3\xa9']);
    expect([...(list?.paths() ?? [])]).toEqual(NASTY.map(([path]) => path));
  });

  test('a path that fills a block; a longer one is refused', () => {
    const entries = (length: number): [string, TreeContent][] => [['x'.repeat(length), unknown]];
    const longest = BLOCK_BYTES - 'f\0'.length;
    const list = decode(encode(tree(entries(longest))));
    expect(Array.from(list ?? [], ({ path }) => path.length)).toEqual([longest]);
    expect(() => encode(tree(entries(longest + 1)))).toThrow(TypeError);
  });

  test('anything but a key is unknown', () => {
    const list = decode(encode(tree([['a', annexed({ name: 'none' })]])));
    expect([...(list ?? [])]).toEqual([{ path: 'a', content: unknown }]);
  });

  test('50,000 files over many blocks', () => {
    const entries = Array.from({ length: 50_000 }, (_, n): [string, TreeContent] => {
      const path = `sub-${String(n).padStart(6, '0')}/bold.nii.gz`;
      const key = parseAnnexKey(`MD5E-s${n}--${String(n).padStart(32, '0')}.nii.gz`);
      return [path, n % 3 === 0 ? unknown : annexed(key)];
    });
    const list = decode(encode(tree(entries)));
    expect(list?.count).toBe(entries.length);
    expect(Array.from(list ?? [], ({ path, content }) => [path, content])).toEqual(entries);
  });
});

describe('damaged bytes are not returned', () => {
  const MAGIC = `mirrorwatch-content ${RULES_VERSION} `;

  test('cut, or changed, at any byte', () => {
    const bytes = encode(tree(NASTY));
    expect(bytes.toString('latin1')).toMatch(new RegExp(`^${MAGIC}[0-9a-f]{64} `));
    for (let at = 0; at < bytes.length; at++) {
      expect(decode(bytes.subarray(0, at)), `cut at ${at}`).toBeUndefined();
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ 1;
      expect(decode(copy), `byte ${at}`).toBeUndefined();
    }
  });

  test.each([
    '',
    '1',
    `x1 ${TREE}`,
    `1 ${TREE}x`,
    `1 ${TREE} `,
    `1 ${TREE.slice(1)}`,
    `-1 ${TREE}`,
  ])('a head "%s", be its checksum right', (head) => {
    expect(decode(keepBlocks(MAGIC, () => `1 ${TREE}`, []))).toMatchObject({
      count: 1,
      tree: TREE,
    });
    expect(decode(keepBlocks(MAGIC, () => head, []))).toBeUndefined();
  });

  test('bytes of another kind', () => {
    expect(decode(Buffer.from('mirrorwatch-paths 1 and more'))).toBeUndefined();
  });
});

describe('records are kept in as few blocks as hold them', () => {
  const MAGIC = 'a list of ours ';
  const kept = (head: string, ...records: string[]) =>
    openBlocks(
      MAGIC,
      keepBlocks(MAGIC, () => head, records),
    );
  const lengths = (...records: number[]) =>
    Array.from(
      kept('', ...records.map((length) => 'x'.repeat(length)))?.blocks ?? [],
      (block) => block.length,
    );

  test.each<[string, number[], number[]]>([
    ['none', [], []],
    ['many small ones', Array(1000).fill(100), [100_000]],
    ['a block full', [BLOCK_BYTES - 5, 5], [BLOCK_BYTES]],
    ['one byte more', [BLOCK_BYTES - 5, 6, 7], [BLOCK_BYTES - 5, 13]],
  ])('%s', (_, records, blocks) => {
    expect(lengths(...records)).toEqual(blocks);
  });

  test('the head comes back, unless it is longer than any', () => {
    expect(['', 'x', 'x'.repeat(4095)].map((head) => kept(head)?.head.length)).toEqual([
      0, 1, 4095,
    ]);
    expect(kept('x'.repeat(4096))).toBeUndefined();
  });

  test('a block that grows beyond what was written is not read', () => {
    const block = zstdCompressSync(Buffer.alloc(BLOCK_BYTES + 1));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    const summed = Buffer.concat([Buffer.from('head\n'), length, block]);
    const bytes = Buffer.concat([Buffer.from(`${MAGIC}${hash('sha256', summed)} `), summed]);
    const opened = openBlocks(MAGIC, bytes);
    expect(opened?.head).toBe('head');
    expect(() => [...(opened?.blocks ?? [])]).toThrow(RangeError);
  });
});

test.each([
  ['out of order', ['b', 'a']],
  ['twice', ['a', 'a']],
  ['empty', ['']],
  ['with NUL', ['a\0b']],
  ['of more than bytes', ['\u0100']],
])('paths %s are refused', (_, paths) => {
  const entries = paths.map((path): [string, TreeContent] => [path, unknown]);
  expect(() => encode(tree(entries))).toThrow(TypeError);
});

test('a key with NUL is refused', () => {
  const key = annexed({ ...KEY, name: 'URL--a\0b' });
  expect(() => encode(tree([['a', key]]))).toThrow(TypeError);
});
