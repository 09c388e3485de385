// Packs written by hand: every way to store an object, and every way to lie about it.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { GitFault } from '../../../../core/protocols/git/fault.ts';
import { type PackLimits, readPack } from '../../../../core/protocols/git/pack.ts';
import { entryHeadAt } from '../../../../core/protocols/git/pack-entry.ts';
import { RecentContents } from '../../../../core/protocols/git/recent-contents.ts';
import {
  commit,
  delta,
  deltaBetween,
  EMPTY_TREE,
  type Entry,
  FILE_OID,
  object,
  pack,
  type RawObject,
  signed,
  tree,
} from './wire.ts';

const LIMITS: PackLimits = { objects: 1000, objectBytes: 100_000, totalBytes: 300_000 };

const small = tree(['100644', 'a', FILE_OID]);
const large = tree(['100644', 'a', FILE_OID], ['100644', 'b', FILE_OID]);
const larger = tree(
  ['100644', 'a', FILE_OID],
  ['100644', 'b', FILE_OID],
  ['100644', 'c', FILE_OID],
);
const head = commit(large.oid);
const blob = object('blob', Buffer.from('.git/annex/objects/x'));
const tag = object('tag', Buffer.from(`object ${head.oid}\ntype commit\ntag 1\n\n`));

const onto = (base: RawObject, result: RawObject) => deltaBetween(base.data, result.data);
const names = (bytes: Buffer, limits = LIMITS) =>
  [...readPack(bytes, limits).objects.keys()].sort();
const oids = (...objects: RawObject[]) => objects.map(({ oid }) => oid).sort();

describe('every object comes out under the name of its bytes', () => {
  test.each<[string, Entry[], string[]]>([
    ['stored whole', [head, large], oids(head, large)],
    ['no object at all', [], []],
    ['the empty tree', [object('tree', Buffer.alloc(0))], [EMPTY_TREE]],
    ['an object twice', [large, large], oids(large)],
    [
      'a delta on an object that came before',
      [head, small, small, { type: 'ofs', base: 2, data: onto(small, large) }],
      oids(head, small, large),
    ],
    [
      'a delta by distance',
      [small, { type: 'ofs', base: 0, data: onto(small, large) }],
      oids(small, large),
    ],
    [
      'a delta by name',
      [small, { type: 'ref', base: small.oid, data: onto(small, large) }],
      oids(small, large),
    ],
    [
      'a delta whose base comes later',
      [{ type: 'ref', base: small.oid, data: onto(small, large) }, small],
      oids(small, large),
    ],
    [
      'a chain of deltas that all come before their base',
      [
        { type: 'ref', base: small.oid, data: onto(small, large) },
        { type: 'ofs', base: 0, data: onto(large, larger) },
        small,
      ],
      oids(small, large, larger),
    ],
    [
      'a base that is itself named only once it is rebuilt',
      [
        { type: 'ref', base: large.oid, data: onto(large, larger) },
        { type: 'ref', base: small.oid, data: onto(small, large) },
        small,
      ],
      oids(small, large, larger),
    ],
    [
      'contents, tags and deltas of them are passed over',
      [
        blob,
        { type: 'ofs', base: 0, data: delta(blob.data.length, 1, Buffer.from('x')) },
        tag,
        head,
      ],
      oids(head),
    ],
  ])('%s', (_, entries, expected) => {
    expect(names(pack(entries))).toEqual(expected);
  });

  test('a pack of version 3', () => {
    expect(names(pack([head], 1, 3))).toEqual(oids(head));
  });

  test('a chain of 1,000 deltas that waits for its last object', () => {
    const trees = Array.from({ length: 1000 }, (_, n) => tree(['100644', `f${n}`, FILE_OID]));
    const entries = trees.map((it, n): Entry => {
      const base = trees[n + 1];
      return base ? { type: 'ref', base: base.oid, data: onto(base, it) } : it;
    });
    expect(names(pack(entries))).toEqual(oids(...trees));
  });

  test('a delta whose base is not there is counted, and is no object', () => {
    const bytes = pack([head, { type: 'ref', base: FILE_OID, data: onto(small, large) }]);
    const { objects, unresolved } = readPack(bytes, LIMITS);
    expect([...objects.keys()]).toEqual([head.oid]);
    expect(unresolved).toBe(1);
  });
});

describe('deltas that wait for their base', () => {
  const waits = (base: RawObject, result: RawObject): Entry => ({
    ...{ type: 'ref', base: base.oid, data: onto(base, result) },
  });
  const nowhere: Entry = { type: 'ref', base: FILE_OID, data: onto(small, large) };

  test.each<[string, Entry[], RawObject[], number]>([
    ['two for one', [waits(small, large), waits(small, larger), small], [small, large, larger], 0],
    [
      'one for another that waits',
      [waits(large, larger), waits(small, large), small],
      [small, large, larger],
      0,
    ],
    [
      'one for an object that comes twice, one for none',
      [waits(small, large), nowhere, small, small],
      [small, large],
      1,
    ],
    [
      'one for contents that were passed over',
      [blob, { type: 'ofs', base: 0, data: delta(blob.data.length, 0) }],
      [],
      0,
    ],
    [
      'one for a place where no entry starts',
      [small, { type: 'ofs', base: 99, data: onto(small, large) }],
      [small],
      1,
    ],
  ])('%s', (_, entries, expected, unresolved) => {
    const read = readPack(pack(entries), LIMITS);
    expect([...read.objects.keys()].sort()).toEqual(oids(...expected));
    expect(read.unresolved).toBe(unresolved);
  });
});

describe('what a pack cannot prove is malformed', () => {
  const good = pack([head, large, { type: 'ofs', base: 1, data: onto(large, small) }]);
  const bare = good.subarray(0, -20);
  const patched = (at: number, byte: number) => {
    const bytes = Buffer.from(bare);
    bytes[at] = byte;
    return signed(bytes);
  };

  test('the intact one is accepted', () => {
    expect(names(good)).toEqual(oids(head, large, small));
  });

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['the beginning alone', Buffer.from('PACK')],
    ['another format', signed(Buffer.from('GIF89a and so on'))],
    ['version 4', pack([head], 1, 4)],
    ['a trailer of other bytes', Buffer.concat([bare, Buffer.alloc(20)])],
    ['more objects than it says', pack([head, large], 1)],
    ['fewer objects than it says', pack([head, large], 3)],
    ['billions of objects', pack([head], 0xffffffff)],
    ['type 0', patched(12, bare.readUInt8(12) & 0x8f)],
    ['type 5', patched(12, (bare.readUInt8(12) & 0x8f) | 0x50)],
    ['bytes that do not inflate', patched(14, 0xff)],
    ['a size that its bytes do not have', patched(12, bare.readUInt8(12) ^ 1)],
    ['an object cut within', signed(bare.subarray(0, 30))],
    ['an object without bytes', signed(bare.subarray(0, 13))],
    ['a delta on itself', pack([head, { type: 'ofs', base: 1, data: onto(small, large) }])],
    [
      'a delta on a base of another size',
      pack([head, { type: 'ofs', base: 0, data: onto(small, large) }]),
    ],
  ])('%s', (_, bytes) => {
    expect(() => readPack(bytes, LIMITS)).toThrow(GitFault);
  });

  test('cut at any byte, its trailer corrected', () => {
    for (let length = 0; length < bare.length; length++) {
      expect(() => readPack(signed(bare.subarray(0, length)), LIMITS), `${length}`).toThrow(
        GitFault,
      );
    }
  });
});

describe('a small pack cannot claim much', () => {
  const zeros = Buffer.alloc(90_000);
  test.each<[string, Buffer, RegExp]>([
    [
      'an object over the limit',
      pack([object('blob', Buffer.alloc(100_001))]),
      /an object of 100001/,
    ],
    [
      'many objects under it',
      pack(Array(4).fill(object('blob', zeros))),
      /more than 300000 bytes inflated/,
    ],
    [
      'deltas that copy their base over and over',
      pack([
        object('tree', zeros),
        ...Array.from({ length: 4 }, (): Entry => {
          return { type: 'ofs', base: 0, data: delta(90_000, 90_000, { from: 0, length: 90_000 }) };
        }),
      ]),
      /more than 300000 bytes inflated/,
    ],
    [
      'a delta that promises gigabytes',
      pack([small, { type: 'ofs', base: 0, data: delta(small.data.length, 2 ** 31 - 1) }]),
      /an object of 2147483647/,
    ],
    ['more objects than the limit', pack(Array(1001).fill(small)), /a pack of 1001 objects/],
  ])('%s', (_, bytes, message) => {
    expect(() => readPack(bytes, LIMITS)).toThrow(message);
  });
});

test('size and MD5 take the room of contents that may not be read, whatever they are made from', () => {
  const COUNT = 50;
  const blobs = Array.from({ length: COUNT }, (_, n) => Buffer.alloc(60_000, `${n} `));
  const entries = blobs.flatMap((data, n): Entry[] => [
    object('blob', data),
    { type: 'ofs', base: 2 * n, data: deltaBetween(data, data.subarray(1)) },
  ]);
  const bytes = pack(entries);
  const limits = { objects: 1000, objectBytes: 100_000, totalBytes: 1e9, blobBytes: 65_536 };
  const { objects, unresolved } = readPack(bytes, { ...limits, isWhole: () => false });
  expect({ size: objects.size, unresolved }).toEqual({ size: 2 * COUNT, unresolved: 0 });
  const [first] = blobs;
  expect(objects.blob(object('blob', first as Buffer).oid)).toEqual({
    size: 60_000,
    md5: createHash('md5')
      .update(first as Buffer)
      .digest('hex'),
  });
  // 6 MB of contents passed through one piece of 1 MB.
  const memory = new Set(Array.from({ length: objects.size }, (_, n) => objects.dataAt(n).buffer));
  expect(Array.from(memory, ({ byteLength }) => byteLength)).toEqual([1 << 20]);
});

test('the newest contents that deltas are made from are kept, up to so many bytes', () => {
  const recent = new RecentContents(10);
  const kept = () => [1, 2, 3, 4, 5, 6].map((entry) => recent.get(entry)?.length ?? 0);
  const steps: [entry: number, bytes: number, kept: number[]][] = [
    [1, 4, [4, 0, 0, 0, 0, 0]],
    [2, 4, [4, 4, 0, 0, 0, 0]],
    [3, 4, [0, 4, 4, 0, 0, 0]],
    // The bound itself.
    [4, 2, [0, 4, 4, 2, 0, 0]],
    // What is there stays unchanged.
    [2, 9, [0, 4, 4, 2, 0, 0]],
    // An object larger than the total limit is kept alone.
    [5, 50, [0, 0, 0, 0, 50, 0]],
    [6, 1, [0, 0, 0, 0, 0, 1]],
    [1, 9, [9, 0, 0, 0, 0, 1]],
  ];
  for (const [entry, bytes, expected] of steps) {
    recent.put(entry, Buffer.alloc(bytes));
    expect(kept(), `after ${entry}`).toEqual(expected);
  }
});

describe('the head of an entry', () => {
  const OFS = 0x60;
  const at = (offset: number, end: number, ...bytes: number[]) =>
    entryHeadAt(Buffer.concat([Buffer.alloc(offset), Buffer.from(bytes)]), offset, offset + end);

  test.each<[string, number, number[], object]>([
    ['a size in four bits', 0, [0x1f], { type: 1, size: 15, next: 1 }],
    ['a size in eleven', 0, [0x9f, 0x7f], { type: 1, size: 15 + 16 * 127, next: 2 }],
    ['a base just behind the front', 5, [OFS, 5], { type: 6, baseOffset: 0, next: 7 }],
    ['a base 128 bytes in front', 200, [OFS, 0x80, 0x00], { baseOffset: 72, next: 203 }],
  ])('%s, at the very end', (_, offset, bytes, head) => {
    expect(at(offset, bytes.length, ...bytes)).toMatchObject(head);
    expect(() => at(offset, bytes.length - 1, ...bytes)).toThrow(GitFault);
  });

  test.each<[string, number[]]>([
    ['a base in front of the pack', [OFS, 6]],
    ['a base that is the entry itself', [OFS, 0]],
    ['a distance that does not end', [OFS, ...Array(40).fill(0xff)]],
  ])('%s is malformed', (_, bytes) => {
    expect(() => at(5, 100, ...bytes)).toThrow(GitFault);
  });
});

test('contents larger than a piece of memory come whole, between smaller ones', () => {
  const blobs = [700_000, 1_500_000, 700_000, 1 << 20, 1, 0].map((bytes, n) =>
    object('blob', Buffer.alloc(bytes, `${n} `)),
  );
  const limits = { objects: 10, objectBytes: 1 << 21, totalBytes: 1 << 23, blobBytes: 1 << 21 };
  const { objects } = readPack(pack(blobs), limits);
  for (const { oid, data } of blobs) expect(objects.get(oid)?.data.equals(data)).toBe(true);
});

test('many objects are each found by their name, and no other is', () => {
  const blobs = Array.from({ length: 900 }, (_, n) => object('blob', Buffer.from(`${n}`)));
  const { objects } = readPack(pack([...blobs, ...blobs.slice(0, 50)]), {
    ...LIMITS,
    blobBytes: 10,
  });
  expect([...objects.keys()]).toEqual(blobs.map(({ oid }) => oid));
  for (const { oid, data } of blobs) expect(objects.get(oid)).toEqual({ type: 'blob', data });
  expect(objects.get('0'.repeat(40))).toBeUndefined();
  expect(objects.blob(FILE_OID)).toBeUndefined();
});

test.each(['ofs', 'ref'] as const)(
  'contents that are read again, and deltas (%s) that are applied again, count again',
  (type) => {
    // Two of them are more than is kept to build deltas from.
    const SIZE = 5 << 20;
    const [first, other] = [1, 2].map((byte) => object('blob', Buffer.alloc(SIZE, byte))) as [
      RawObject,
      RawObject,
    ];
    const shorter = delta(SIZE, SIZE - 1, { from: 0, length: SIZE - 1 });
    const last = (base: number, size: number, byte: number): Entry => ({
      ...{ type: 'ofs', base, data: delta(size, 1, Buffer.from([byte])) },
    });
    const entries: Entry[] = [
      first,
      type === 'ofs' ? { type, base: 0, data: shorter } : { type, base: first.oid, data: shorter },
      other,
      last(1, SIZE - 1, 3),
      last(2, SIZE, 4),
      last(1, SIZE - 1, 5),
      last(1, SIZE - 1, 6),
    ];
    const bytes = pack(entries);
    const read = (totalBytes: number) =>
      readPack(bytes, {
        ...{ objects: 10, objectBytes: SIZE, blobBytes: SIZE, totalBytes },
        isWhole: () => false,
      });
    const inflated = entries.reduce((sum, { data }) => sum + data.length, 0);
    const rebuilt = SIZE - 1 + 4;
    // For each delta: the first; nothing, as it was just rebuilt; the other; the first, and from it
    // again the shorter one; nothing.
    const again = SIZE + 0 + SIZE + (SIZE + shorter.length + SIZE - 1) + 0;
    expect(read(inflated + rebuilt + again).objects.size).toBe(entries.length);
    expect(() => read(inflated + rebuilt + again - 1)).toThrow(/inflated/);
  },
);
