// Keys of annexed files: what their names mean, and which links and pointer files name one.
// git-annex.test.ts asks git-annex itself about them.

import { describe, expect, test } from 'vitest';
import { annexKeyOf, parseAnnexKey } from '../../../../core/protocols/git/annex-key.ts';
import { contentOf, mayNameKey } from '../../../../core/protocols/git/content.ts';
import { NO_KEYS, OTHER_BLOBS, POINTER_BLOBS } from './annex-forms.ts';

const MD5 = 'd614929593bf2a7cccea90bea67255f4';
const SHA256 = 'c3527d7944a9619afb57863a34e6af7ec3fe4f108e56c860d9e700699ff806fb';
const KEY = `MD5E-s1966080--${MD5}.nii.gz`;

describe('a key gives backend, size and hash', () => {
  test.each([
    [KEY, 'MD5E', 1966080, MD5],
    [`MD5-s0--${MD5}`, 'MD5', 0, MD5],
    [`SHA256E-s18792--${SHA256}.nwb`, 'SHA256E', 18792, null],
    [`SHA3_256E-s31--${SHA256}.nii.gz`, 'SHA3_256E', 31, null],
    [`SHA3_512-s31--${SHA256}`, 'SHA3_512', 31, null],
    [`BLAKE2SP224E-s7--${SHA256}.a.b`, 'BLAKE2SP224E', 7, null],
    [`XDLRA-s7--abc`, 'XDLRA', 7, null],
    [`x_own.backend-s7--abc`, 'x_own.backend', 7, null],
    [`SHA1--99fe93bfea62c16a10488593da870df25d09be81`, 'SHA1', null, null],
    [`WORM-s5-m1395000000--a--b-s7.txt`, 'WORM', 5, null],
    ['WORM-m1395000000--a-s7', 'WORM', null, null],
    ['URL--http&c%%example.org%a-s3--b', 'URL', null, null],
    ['URL-s12--http&c%%example.org%a', 'URL', 12, null],
    ['VURL--http&c%%example.org%a', 'VURL', null, null],
    // An MD5E name that is not an MD5 proves nothing.
    [`MD5E-s1--${MD5}0.txt`, 'MD5E', 1, null],
    [`MD5E-s1--${MD5}-2.txt`, 'MD5E', 1, null],
    [`MD5E-s1--${MD5.toUpperCase()}.txt`, 'MD5E', 1, null],
    ['MD5E-s1--not-a-hash', 'MD5E', 1, null],
    ['MD5E-s1--', 'MD5E', 1, null],
    // "A bug caused checksums to be prefixed with \ in some cases" (git-annex, Backend/Hash.hs).
    [`MD5E-s1--\\${MD5}.txt`, 'MD5E', 1, MD5],
    [`GIT--99fe93bfea62c16a10488593da870df25d09be81`, 'GIT', null, null],
    // The size in a chunk's key is not the chunk's.
    [`MD5-s100-S10-C1--${MD5}`, 'MD5', null, null],
    [`MD5-s100-S10-C12--${MD5}`, 'MD5', null, null],
    [`MD5-s100-S10--${MD5}`, 'MD5', null, null],
    [`MD5-s100-C1--${MD5}`, 'MD5', null, null],
    // Looks like a hash, but the backend makes none.
    [`URL--${MD5}`, 'URL', null, null],
    // A long hash is not an extension.
    [`SHA512E-s1--${SHA256}${SHA256}`, 'SHA512E', 1, null],
    // More than a file can have is not a size.
    ['SHA1-s9007199254740993--a', 'SHA1', null, null],
  ])('%s', (name, backend, size, md5) => {
    expect(parseAnnexKey(name)).toEqual({ name, backend, size, md5 });
  });

  test.each(NO_KEYS)('"%s" is no key', (name) => {
    expect(parseAnnexKey(name)).toBeNull();
  });

  test.each([
    ['MD5E-s007--x', 'MD5E-s7--x'],
    ['WORM-s0-m00--x', 'WORM-s0-m0--x'],
    ['URL--a:b', 'URL--a&cb'],
    ['URL--a&xb&', 'URL--axb'],
    ['URL--a&&ab', 'URL--a&ab'],
    ['URL--a&%b', 'URL--a%b'],
    ['URL--&a&s&c%', 'URL--&a&s&c%'],
  ])('%s is written %s on the git-annex branch', (name, canonical) => {
    expect(parseAnnexKey(name)?.name).toBe(canonical);
  });

  test('an extension has up to 64 bytes, where the backend keeps one', () => {
    const name = (backend: string, length: number) =>
      parseAnnexKey(`${backend}-s1--abc.${'x'.repeat(length - 1)}`);
    for (const backend of ['MD5E', 'SHA3_256E', 'XOWNE', 'OTHERE']) {
      expect(name(backend, 64)).not.toBeNull();
      expect(name(backend, 65)).toBeNull();
    }
    expect(parseAnnexKey(`MD5E-s1--.${'x'.repeat(63)}`)).not.toBeNull();
    expect(parseAnnexKey(`MD5E-s1--.${'x'.repeat(64)}`)).toBeNull();
    for (const backend of ['MD5', 'WORM', 'URL', 'OTHER']) {
      expect(name(backend, 65)).not.toBeNull();
    }
  });
});

const named = POINTER_BLOBS(KEY);

describe('a link and a pointer file are read the same way', () => {
  test.each(named)('%j names a key', (blob) => {
    expect(annexKeyOf(blob)?.name).toBe(KEY);
  });

  test.each(OTHER_BLOBS(KEY))('%j is an ordinary file or link', (blob) => {
    expect(annexKeyOf(blob)).toBeNull();
  });

  test('a carriage return counts only at the end of a line', () => {
    expect(annexKeyOf('/annex/objects/URL--a\rb\r\n')?.name).toBe('URL--a\rb');
  });

  test('up to 32,768 bytes', () => {
    const pointer = (length: number) => `/annex/objects/${KEY}\n/annex/`.padEnd(length - 1, 'y');
    expect(annexKeyOf(`${pointer(32_768)}\n`)?.name).toBe(KEY);
    expect(annexKeyOf(`${pointer(32_769)}\n`)).toBeNull();
    expect(annexKeyOf(`/annex/objects/${KEY}`.padStart(32_769, '/'))).toBeNull();
  });

  test('a hostile file of many marks is no key, and is rejected quickly', () => {
    expect(annexKeyOf(`/annex/objects/${KEY}\n${'/annex/'.repeat(4600)}`)).toBeNull();
    expect(annexKeyOf(`${'/annex/objects/'.repeat(2000)}x`)).toBeNull();
  });
});

describe('the content of an entry', () => {
  const of = (mode: number, text: string) => contentOf(mode, Buffer.from(text, 'latin1'));

  test.each([
    [
      'a file that is no pointer file any more',
      `/annex/objects/${KEY}\n12.5\n`,
      'plain',
      'symlink',
    ],
    ['a path that lacks the first slash', `annex/objects/${KEY}`, 'plain', 'symlink'],
    ["a link's text", `../.git/annex/objects/Kx/9q/${KEY}/${KEY}`, 'annexed', 'annexed'],
    // git-annex takes it for annexed, but no file can have such a name.
    ['a key with NUL', `/annex/objects/${KEY}\0`, 'unknown', 'unknown'],
  ])('%s', (_, text, asFile, asLink) => {
    expect(of(0o100644, text).kind).toBe(asFile);
    expect(of(0o100755, text).kind).toBe(asFile);
    expect(of(0o120000, text).kind).toBe(asLink);
  });

  test('is read where it may name a key; of any other, size and MD5 are enough', () => {
    const may = (text: string) => mayNameKey(Buffer.from(text));
    for (const blob of named) expect(may(blob)).toBe(true);
    const pointer = `/annex/objects/${KEY}\n/annex/`;
    expect(may(pointer.padEnd(32_768, 'y'))).toBe(true);
    expect(may(pointer.padEnd(32_769, 'y'))).toBe(false);
    expect([may('participant_id\tage\n'), may('../sub-01/T1w.json'), may('')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('what was too large to come along is not guessed', () => {
    expect(contentOf(0o100644, undefined)).toEqual({ kind: 'unknown' });
    expect(contentOf(0o120000, undefined)).toEqual({ kind: 'unknown' });
  });
});
