import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBookkeeping } from '../../../archives/openneuro/bookkeeping.ts';
import { toBinary } from '../../../core/compare/byte-order.ts';
import {
  createDiff,
  type DiffResult,
  type GitPath,
  toDocument,
} from '../../../core/compare/diff.ts';
import type { ListedObject } from '../../../core/protocols/sources.ts';

const KINDS = { '@': 'gitlink', '>': 'symlink' } as const;

/** `name@` is a gitlink, `name>` a plain symlink, `name` a file. In byte order of the path. */
function gitPaths(names: readonly string[]): GitPath[] {
  return names.map((name) => ({
    path: toBinary(name.replace(/[@>]$/, '')),
    content: { kind: KINDS[name.at(-1) as '@' | '>'] ?? 'plain' },
  }));
}

function object(key: string, size = 1): ListedObject {
  return { key: toBinary(key), size, etag: 'e' };
}

function compare(git: readonly string[], keys: readonly string[]): DiffResult<string> {
  const diff = createDiff(gitPaths(git), isBookkeeping);
  diff.push(keys.map((key) => object(key, key.endsWith('/') ? 0 : 1)));
  return toDocument(diff.end());
}

describe('what differs between a tag and its export', () => {
  test.each([
    { name: 'the same', git: ['a', 'b'], keys: ['a', 'b'], expected: {} },
    {
      name: 'in git only: S3 needs it',
      git: ['a', 'b', 'c'],
      keys: ['a', 'c'],
      expected: { added: ['b'], context: ['a', 'c'] },
    },
    {
      name: 'in S3 only: orphaned, with the paths around the place where it would stand',
      git: ['a', 'b', 'c', 'd', 'f', 'g', 'h', 'i'],
      keys: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
      expected: { removed: ['e'], context: ['b', 'c', 'd', 'f', 'g', 'h'] },
    },
    {
      name: 'an added path has three places on either side',
      git: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
      keys: ['a', 'b', 'c', 'd', 'f', 'g', 'h', 'i'],
      expected: { added: ['e'], context: ['b', 'c', 'd', 'f', 'g', 'h'] },
    },
    {
      name: 'neighbours that changed take a place and are not context',
      git: ['a', 'b', 'c', 'd', 'e', 'f'],
      keys: ['a', 'd', 'e', 'f'],
      expected: { added: ['b', 'c'], context: ['a', 'd', 'e', 'f'] },
    },
    {
      name: 'annex-uuid at the root is bookkeeping',
      git: ['a'],
      keys: ['a', 'annex-uuid'],
      expected: { bookkeeping: ['annex-uuid'] },
    },
    {
      name: 'annex-uuid in a subfolder is an orphan',
      git: ['a'],
      keys: ['a', 'sub/annex-uuid'],
      expected: { removed: ['sub/annex-uuid'], context: ['a'] },
    },
    {
      name: 'annex-uuid that git has too is simply there',
      git: ['a', 'annex-uuid'],
      keys: ['a', 'annex-uuid'],
      expected: {},
    },
    {
      name: 'annex-uuid that only git has is missing like any file',
      git: ['a', 'annex-uuid'],
      keys: ['a'],
      expected: { added: ['annex-uuid'], context: ['a'] },
    },
    {
      name: 'folder markers, that of the dataset too, are bookkeeping',
      git: ['a', 'sub/x'],
      keys: ['', '-/', 'a', 'sub/', 'sub/x'],
      expected: { bookkeeping: ['-/', './', 'sub/'] },
    },
    {
      name: 'a gitlink is neither missing nor context, and takes no place',
      git: ['a', 'b', 'c', 'c1@', 'c2@', 'd', 'e'],
      keys: ['a', 'b', 'c', 'e'],
      expected: { added: ['d'], context: ['a', 'b', 'c', 'e'], submodules: ['c1', 'c2'] },
    },
    {
      name: 'a key below a gitlink is an orphan, one with its very name is bookkeeping',
      git: ['a', 'code@', 'd'],
      keys: ['a', 'code', 'code/run.py', 'd'],
      expected: {
        removed: ['code/run.py'],
        context: ['a', 'd'],
        bookkeeping: ['code'],
        submodules: ['code'],
      },
    },
    {
      name: 'a plain symlink is neither missing nor context, and an object of its name is no orphan',
      git: ['a', 'b>', 'c>', 'd'],
      keys: ['a', 'b', 'd'],
      expected: { bookkeeping: ['b'], symlinks: ['b', 'c'] },
    },
    {
      name: 'an export with nothing but objects under the names of plain symlinks is missing',
      git: ['a', 'b>'],
      keys: ['b'],
      expected: { exportMissing: true, added: ['a'], bookkeeping: ['b'], symlinks: ['b'] },
    },
    {
      name: 'an export without keys is missing: everything that is exported is added',
      git: ['a', 'b@', 'c'],
      keys: [],
      expected: { exportMissing: true, added: ['a', 'c'], submodules: ['b'] },
    },
    {
      name: 'an export of bookkeeping alone is missing too',
      git: ['a', 'c'],
      keys: ['', 'annex-uuid'],
      expected: { exportMissing: true, added: ['a', 'c'], bookkeeping: ['./', 'annex-uuid'] },
    },
    {
      name: 'an export of orphans alone is not missing',
      git: ['a'],
      keys: ['b'],
      expected: { added: ['a'], removed: ['b'] },
    },
  ])('$name', ({ git, keys, expected }) => {
    expect(compare(git, keys)).toEqual({
      exportMissing: false,
      totalGitFiles: git.length,
      totalS3Files: keys.length,
      added: [],
      removed: [],
      context: [],
      bookkeeping: [],
      submodules: [],
      symlinks: [],
      ...expected,
    });
  });

  test('a key that ends in a slash and has bytes is an orphan', () => {
    const diff = createDiff([], isBookkeeping);
    diff.push([object('sub/', 5)]);
    expect(diff.end()).toMatchObject({ removed: ['sub/'], bookkeeping: [], exportMissing: false });
  });

  test('names from real datasets are compared as bytes and shown as text', () => {
    const names = [
      '-x',
      '.bidsignore',
      'a b',
      'a#b',
      'a%2Fb',
      'a&b',
      "a'b",
      'a+b',
      'é',
      '\uffff',
      '😀',
    ];
    expect(compare(names, names)).toMatchObject({ added: [], removed: [], totalGitFiles: 11 });
    expect(compare(names, [])).toMatchObject({ added: names });
  });

  test('bytes that are not UTF-8 differ even if they look the same', () => {
    const diff = createDiff([{ path: 'a\xe8', content: { kind: 'plain' } }], isBookkeeping);
    diff.push([{ key: 'a\xe9', size: 1, etag: 'e' }]);
    expect(toDocument(diff.end())).toMatchObject({ added: ['a\ufffd'], removed: ['a\ufffd'] });
  });

  test('keys out of order, or twice, are a bug of their reader', () => {
    const diff = createDiff([], isBookkeeping);
    diff.push([object('b')]);
    expect(() => diff.push([object('a')])).toThrow('byte order');
    expect(() => diff.push([object('b')])).toThrow('byte order');
  });

  test.each([[['b', 'a']], [['a', 'a']]])('git paths %j are a bug of their reader', (paths) => {
    expect(() => createDiff(gitPaths(paths), isBookkeeping).end()).toThrow('byte order');
  });
});

describe('against sets, sorting and arithmetic', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', '/', '.', 'é', '😀', '\uffff', '+'), { maxLength: 3 })
    .map((parts) => parts.join(''));
  const gitSide = fc
    .uniqueArray(
      fc.record({
        path: fc.oneof(name.filter(Boolean), fc.constant('annex-uuid')).map(toBinary),
        content: fc.record({
          kind: fc.constantFrom('plain', 'annexed', 'unknown', 'gitlink', 'symlink'),
        }),
      }),
      { selector: ({ path }) => path, maxLength: 40 },
    )
    .map((paths) => paths.sort(byKey(({ path }) => path)));
  const s3Side = fc
    .uniqueArray(
      fc.record({
        key: fc.oneof(name, fc.constantFrom('annex-uuid', 'a/annex-uuid')).map(toBinary),
        size: fc.integer({ min: 0, max: 1 }),
        etag: fc.constant('e'),
      }),
      { selector: ({ key }) => key, maxLength: 40 },
    )
    .map((objects) => objects.sort(byKey(({ key }) => key)));

  test('the merge finds what the naive comparison finds', () => {
    fc.assert(
      fc.property(gitSide, s3Side, fc.integer({ min: 1, max: 5 }), (git, objects, pageSize) => {
        const diff = createDiff(git, isBookkeeping);
        for (let at = 0; at < objects.length; at += pageSize) {
          diff.push(objects.slice(at, at + pageSize));
        }
        expect(diff.end()).toEqual(naive(git, objects));
      }),
      { numRuns: 2000 },
    );
  });

  test('few changes in many paths', () => {
    const paths = Array.from({ length: 60 }, (_, at) => `p${String(at).padStart(2, '0')}`);
    const place = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 6 });
    fc.assert(
      fc.property(place, place, (withoutKey, withoutPath) => {
        const git = gitPaths(paths.filter((_, at) => !withoutPath.includes(at)));
        const objects = paths.filter((_, at) => !withoutKey.includes(at)).map((key) => object(key));
        const diff = createDiff(git, isBookkeeping);
        diff.push(objects);
        expect(diff.end()).toEqual(naive(git, objects));
      }),
      { numRuns: 500 },
    );
  });
});

function byKey<T>(key: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : 1);
}

/** docs/checks.md#files, literally and slowly. */
function naive(git: readonly GitPath[], objects: readonly ListedObject[]): DiffResult {
  const inGit = new Set(git.map(({ path }) => path));
  const of = (kind: string) => git.flatMap((one) => (one.content.kind === kind ? [one.path] : []));
  const notExported = new Set([...of('gitlink'), ...of('symlink')]);
  const inS3 = new Set(objects.map(({ key }) => key));
  const exported = git.map(({ path }) => path).filter((path) => !notExported.has(path));
  const isFault = ({ key, size }: ListedObject) => !inGit.has(key) && !isBookkeeping(key, size);
  const bookkeeping = objects.filter(
    (one) => notExported.has(one.key) || (!inGit.has(one.key) && !isFault(one)),
  );
  const removed = objects.filter(isFault).map(({ key }) => key);
  const added = exported.filter((path) => !inS3.has(path));
  const near = new Set<number>();
  for (const path of added) {
    const at = exported.indexOf(path);
    for (let place = at - 3; place <= at + 3; place++) near.add(place);
  }
  for (const key of removed) {
    const at = exported.filter((path) => path < key).length;
    for (let place = at - 3; place <= at + 2; place++) near.add(place);
  }
  return {
    exportMissing: objects.length === bookkeeping.length,
    totalS3Files: objects.length,
    totalGitFiles: git.length,
    added,
    removed,
    context: exported.filter((path, at) => near.has(at) && inS3.has(path)),
    bookkeeping: bookkeeping.map(({ key }) => key),
    submodules: of('gitlink'),
    symlinks: of('symlink'),
  };
}
