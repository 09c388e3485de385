// Files of an export that are nobody's data (docs/checks.md#files).

import { describe, expect, test } from 'vitest';
import { bookkeepingOf, isBookkeeping } from '../../../archives/openneuro/bookkeeping.ts';
import { createBigFiles } from '../../../archives/openneuro/measure/big-files.ts';

test.each([
  ['annex-uuid', 36, true],
  ['sub-01/annex-uuid', 36, false],
  ['', 0, true],
  ['', 5, true],
  ['sub-01/', 0, true],
  ['sub-01/', 1, false],
  ['.git/HEAD', 20, false],
])('"%s" of %i bytes: %s', (key, size, expected) => {
  expect(isBookkeeping(key, size)).toBe(expected);
  expect(bookkeepingOf({ annexObjects: true })(key, size)).toBe(expected);
});

describe('annex objects', () => {
  const KEY = 'MD5E-s3--acbd18db4cc2f85cedef654fccc4a4d8.nii.gz';
  const URL_KEY = 'URL--http&c%%example.org%a.mp4';
  const at = (folders: string, key = KEY) => `.git/annex/objects/${folders}${key}/${key}`;

  test.each([
    ['in the folders of a bare repository', at('f87/4d5/'), 3, true],
    ['in those of a repository with files', at('pX/ZJ/'), 3, true],
    ['with one level of folders', at('f87/'), 3, true],
    ['of a key that tells no size', at('cc4/f04/', URL_KEY), 77, true],
    ['too short', at('f87/4d5/'), 2, false],
    ['in more folders than git-annex makes', at('a/b/c/'), 3, false],
    ['in a folder of another name', `.git/annex/objects/f87/4d5/x/${KEY}`, 3, false],
    ['not in a folder of its own', `.git/annex/objects/${KEY}`, 3, false],
    ['whose name is no key', at('f87/4d5/', 'README'), 3, false],
    ['whose name git-annex would write otherwise', at('a/b/', 'SHA1-s03--a'), 3, false],
    ['elsewhere', `sub-01/${at('f87/4d5/')}`, 3, false],
    ['another file of the annex', '.git/annex/index', 3, false],
  ])('%s', (_, key, size, isObject) => {
    expect(bookkeepingOf({ annexObjects: true })(key, size)).toBe(isObject);
    expect(bookkeepingOf({ annexObjects: null })(key, size)).toBe(isObject);
    expect(bookkeepingOf({ annexObjects: false })(key, size)).toBe(false);
  });

  test('are no files that GitHub would have refused: they were never in git', () => {
    const big = createBigFiles();
    big.push([at('f87/4d5/'), 'a.mat'].map((key) => ({ key, size: 2 ** 30, etag: 'e' })));
    expect(big.files().map(({ key }) => key)).toEqual(['a.mat']);
  });
});
