// Keys of annexed files: what their names tell, and which links and pointer files name one.

import { describe, expect, test } from 'vitest';
import { keyOfLink, keyOfPointer, parseAnnexKey } from '../../../core/git/annex-key.ts';

const MD5 = 'd614929593bf2a7cccea90bea67255f4';
const SHA256 = 'c3527d7944a9619afb57863a34e6af7ec3fe4f108e56c860d9e700699ff806fb';
const KEY = `MD5E-s1966080--${MD5}.nii.gz`;

describe('a key tells backend, size and hash', () => {
  test.each([
    [KEY, 'MD5E', 1966080, MD5],
    [`MD5-s0--${MD5}`, 'MD5', 0, MD5],
    [`SHA256E-s18792--${SHA256}.nwb`, 'SHA256E', 18792, null],
    [`SHA1--99fe93bfea62c16a10488593da870df25d09be81`, 'SHA1', null, null],
    [`WORM-s5-m1395000000--a--b-s7.txt`, 'WORM', 5, null],
    [`WORM-m1395000000-s5--x`, 'WORM', 5, null],
    ['URL--http&c%%example.org%a-s3--b', 'URL', null, null],
    ['URL-s12--http&c%%example.org%a', 'URL', 12, null],
    // An MD5E name that is no MD5 proves nothing.
    [`MD5E-s1--${MD5}0.txt`, 'MD5E', 1, null],
    ['MD5E-s1--not-a-hash', 'MD5E', 1, null],
    [`GIT--99fe93bfea62c16a10488593da870df25d09be81`, 'GIT', null, null],
  ])('%s', (name, backend, size, md5) => {
    expect(parseAnnexKey(name)).toEqual({ name, backend, size, md5 });
  });

  test.each(
    [
      ['', 'README', 'MD5E-s1', 'MD5E-s1--', '--x', 'md5e-s1--x', 'MD5E-sx--y'],
      [`SHA256E-s100-S10-C1--${SHA256}`],
    ].flat(),
  )('"%s" is no key of a whole file', (name) => {
    expect(parseAnnexKey(name)).toBeNull();
  });
});

describe('a symlink', () => {
  test.each([
    `.git/annex/objects/Kx/9q/${KEY}/${KEY}`,
    `../../.git/annex/objects/Kx/9q/${KEY}/${KEY}`,
    `../.git/annex/objects/abc/def/${KEY}/${KEY}`,
    `../../../.git/modules/sub/annex/objects/Kx/9q/${KEY}/${KEY}`,
  ])('%s leads into an annex', (target) => {
    expect(keyOfLink(target)?.name).toBe(KEY);
  });

  test.each(['README', '../sub-01/T1w.json', `annex/objects/${KEY}`, `/annex/objects/${KEY}`, ''])(
    '"%s" leads elsewhere',
    (target) => {
      expect(keyOfLink(target)).toBeNull();
    },
  );
});

describe('a pointer file', () => {
  test.each([
    `/annex/objects/${KEY}`,
    `/annex/objects/${KEY}\n`,
    `/annex/objects/${KEY}\r\n`,
    `/annex/objects/${KEY}\nmore\n`,
  ])('%j names a key', (content) => {
    expect(keyOfPointer(content)?.name).toBe(KEY);
  });

  test.each([`\n/annex/objects/${KEY}`, ` /annex/objects/${KEY}`, '/annex/objects/', '{}', ''])(
    '%j is an ordinary file',
    (content) => {
      expect(keyOfPointer(content)).toBeNull();
    },
  );
});
