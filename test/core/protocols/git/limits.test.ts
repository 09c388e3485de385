// How much a pack and its trees may hold: exactly so much is read, one more is not. Also names and
// commits that look almost like something else.

import { describe, expect, test } from 'vitest';
import { GitFault } from '../../../../core/protocols/git/fault.ts';
import { type PackLimits, readPack } from '../../../../core/protocols/git/pack.ts';
import { openTree, type TreeLimits } from '../../../../core/protocols/git/tree-walk.ts';
import {
  commit,
  EMPTY_TREE,
  FILE_OID,
  object,
  pack,
  type RawObject,
  signed,
  tree,
} from './wire.ts';

const ROOM: PackLimits = { objects: 1000, objectBytes: 100_000, totalBytes: 300_000 };
const PLENTY: TreeLimits = { entries: 1000, pathBytes: 1000, totalBytes: 100_000 };

const blobOf = (bytes: number, filling = 0) => object('blob', Buffer.alloc(bytes, filling));

describe('a pack', () => {
  const objects = [blobOf(500), blobOf(300), blobOf(200)];
  test.each<[keyof PackLimits, number]>([
    ['objects', 3],
    ['objectBytes', 500],
    ['totalBytes', 1000],
  ])('may hold %s: %i', (limit, most) => {
    const read = (value: number) =>
      readPack(pack(objects), { ...ROOM, blobBytes: 500, [limit]: value });
    expect([...read(most).objects.keys()]).toHaveLength(3);
    expect(() => read(most - 1)).toThrow(GitFault);
  });

  test('keeps files up to the size that is wanted, and passes over larger ones', () => {
    const kept = (blobBytes?: number) => {
      const limits = blobBytes === undefined ? ROOM : { ...ROOM, blobBytes };
      const { objects: table } = readPack(pack([blobOf(0), ...objects]), limits);
      return [blobOf(0), ...objects].filter(({ oid }) => table.get(oid)?.type === 'blob').length;
    };
    expect([undefined, 0, 199, 200, 300, 499, 500].map(kept)).toEqual([0, 1, 1, 2, 3, 3, 4]);
  });

  test.each([
    ['of another kind of file', Buffer.from('TACK')],
    ['of nothing but a beginning', Buffer.from('PACK')],
  ])('%s is none', (_, beginning) => {
    const bytes = signed(Buffer.concat([beginning, pack([]).subarray(4, 12)]));
    const cut = signed(beginning);
    if (beginning.toString() !== 'PACK') expect(() => readPack(bytes, ROOM)).toThrow(GitFault);
    expect(() => readPack(cut, ROOM)).toThrow(GitFault);
  });
});

/** The paths of a commit of `root` and of the trees below. */
function paths(root: RawObject, below: readonly RawObject[] = [], limits = PLENTY): string[] {
  const head = commit(root.oid);
  const read = readPack(pack([head, root, ...below]), ROOM);
  return [...openTree(read, head.oid, limits)].map(({ path }) => path);
}

describe('a tree', () => {
  const deep = tree(['100644', 'deepest-name', FILE_OID]);
  const sub = tree(['100644', 'b', FILE_OID], ['100644', 'cc', FILE_OID], ['40000', 'd', deep.oid]);
  const root = tree(
    ['100644', 'a', FILE_OID],
    ['40000', 'sub', sub.oid],
    ['40000', 'tub', deep.oid],
  );
  const names = [
    'a',
    'sub',
    'sub/b',
    'sub/cc',
    'sub/d',
    'sub/d/deepest-name',
    'tub',
    'tub/deepest-name',
  ];
  const most: TreeLimits = {
    entries: names.length,
    pathBytes: 'sub/d/deepest-name'.length,
    totalBytes: names.join('').length,
  };

  test('may hold so much', () => {
    const files = names.filter((name) => !['sub', 'sub/d', 'tub'].includes(name));
    expect(paths(root, [sub, deep], most)).toEqual(files);
  });

  test.each(Object.keys(most) as (keyof TreeLimits)[])(
    'a tree above a limit is refused: %s',
    (limit) => {
      const limits = { ...most, [limit]: most[limit] - 1 };
      expect(() => paths(root, [sub, deep], limits)).toThrow(GitFault);
    },
  );

  test('one alone may hold this much, and no more', () => {
    const flat = tree(['100644', 'a', FILE_OID], ['100644', 'longer', FILE_OID]);
    const limits = { entries: 2, pathBytes: 6, totalBytes: 7 };
    expect(paths(flat, [], limits)).toEqual(['a', 'longer']);
    for (const limit of ['entries', 'pathBytes', 'totalBytes'] as const) {
      expect(() => paths(flat, [], { ...limits, [limit]: limits[limit] - 1 })).toThrow(GitFault);
    }
  });

  test.each(['.a', '..a', 'a.', 'a..', '...', 'a.b', '.git'])('may have the name %j', (name) => {
    expect(paths(tree(['100644', name, FILE_OID]))).toEqual([name]);
  });

  test.each(['', '.', '..', '/', 'a/', '/a', 'a/b'])('may not have the name %j', (name) => {
    expect(() => paths(tree(['100644', name, FILE_OID]))).toThrow(GitFault);
  });

  test('may not hold a folder that is a file', () => {
    const file = blobOf(10);
    const wrong = tree(['40000', 'sub', file.oid]);
    const head = commit(wrong.oid);
    const read = readPack(pack([head, wrong, file]), { ...ROOM, blobBytes: 100 });
    expect(() => openTree(read, head.oid, PLENTY)).toThrow(GitFault);
  });

  test('is none of files that only look like it', () => {
    const leaf = tree(['100644', 'x', FILE_OID]);
    const file = object('blob', leaf.data);
    const head = commit(tree(['40000', 'sub', file.oid]).oid);
    const entries = [head, tree(['40000', 'sub', file.oid]), file];
    const read = readPack(pack(entries), { ...ROOM, blobBytes: 100 });
    expect(() => openTree(read, head.oid, PLENTY)).toThrow(GitFault);
  });

  test('is looked at in the second of two folders too', () => {
    const leaf = tree(['100644', 'x', FILE_OID]);
    const bad = tree(['100644', 'y', FILE_OID], ['100644', 'x', FILE_OID]);
    const root = tree(['40000', 'a', leaf.oid], ['40000', 'b', bad.oid]);
    expect(() => paths(root, [leaf, bad])).toThrow(GitFault);
  });

  test('counts the same beside a folder that git holds empty', () => {
    const root = tree(['40000', 'a', EMPTY_TREE], ['100644', 'b', FILE_OID]);
    expect(paths(root, [], { ...PLENTY, entries: 2 })).toEqual(['b']);
    expect(() => paths(root, [], { ...PLENTY, entries: 1 })).toThrow(GitFault);
  });

  test.each([1, 1022, 1023, 1024, 1025, 1500, 5000])('may hold a name of %i bytes', (bytes) => {
    const leaf = tree(['100644', 'x', FILE_OID]);
    const root = tree(['40000', 'n'.repeat(bytes), leaf.oid], ['100644', 'z', FILE_OID]);
    const limits = { ...PLENTY, pathBytes: 10_000 };
    expect(paths(root, [leaf], limits)).toEqual([`${'n'.repeat(bytes)}/x`, 'z']);
  });

  test('may be the first object of its pack', () => {
    const root = tree(['100644', 'a', FILE_OID]);
    const head = commit(root.oid);
    const read = readPack(pack([root, head]), ROOM);
    expect([...openTree(read, head.oid, PLENTY)].map(({ path }) => path)).toEqual(['a']);
  });

  test.each([
    ['40000', '40000'],
    ['100644', '100644'],
    ['40000', '100644'],
    ['100644', '40000'],
  ])('may not hold a name twice, as %s and %s in a wrong order', (one, two) => {
    const below = tree(['100644', 'x', FILE_OID]);
    const id = (mode: string) => (mode === '40000' ? below.oid : FILE_OID);
    const twice = tree([one, 'a', id(one)], [two, 'a', id(two)]);
    if (one === '100644' && two === '40000') {
      // The only order in which git could mean it: the paths differ.
      expect(paths(twice, [below])).toEqual(['a', 'a/x']);
    } else expect(() => paths(twice, [below])).toThrow(GitFault);
  });
});

describe('a commit', () => {
  const root = tree(['100644', 'a', FILE_OID]);
  const text = `tree ${root.oid}\nauthor A <a@example.org> 0 +0000\n\nm\n`;
  const open = (type: 'commit' | 'tag', data: string) => {
    const head = object(type, Buffer.from(data));
    return [...openTree(readPack(pack([head, root]), ROOM), head.oid, PLENTY)];
  };

  test('begins with its tree', () => {
    expect(open('commit', text)).toHaveLength(1);
  });

  test.each([
    ['without the word', text.replace('tree ', 'twig ')],
    ['without the line', text.slice(text.indexOf('\n') + 1)],
    ['with more on the line', text.replace('\n', ' \n')],
    ['with a short id', text.replace(root.oid, root.oid.slice(1))],
    ['with an invalid id', text.replace(root.oid, 'g'.repeat(40))],
    ['of nothing', ''],
    ['that ends behind the id', `tree ${root.oid}`],
  ])('%s is none', (_, data) => {
    expect(() => open('commit', data)).toThrow(GitFault);
  });

  test('is no file of its text', () => {
    const file = object('blob', Buffer.from(text));
    const read = readPack(pack([file, root]), { ...ROOM, blobBytes: 1000 });
    expect(() => openTree(read, file.oid, PLENTY)).toThrow(GitFault);
  });

  test('is no tag, whatever it says', () => {
    expect(() => open('tag', text)).toThrow(GitFault);
  });
});
