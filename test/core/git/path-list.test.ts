// Kept path lists: what goes in comes out, and what is damaged never does.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePathList, encodePathList, PathListError } from '../../../core/git/path-list.ts';
import { FILE_OID } from './wire.ts';

const entry = (path: string, mode = 0o100644) => ({ path, mode, oid: FILE_OID });
const NASTY = ['\n', ' ', '%', '-rf', '.git', '__proto__', 'a b', 'sub-01/\xc3\xa9', 'z\xff'];

describe('what goes in comes out', () => {
  test('nothing', () => {
    const list = decodePathList(encodePathList([]));
    expect([list.count, [...list]]).toEqual([0, []]);
  });

  test('nasty names, and gitlinks told from files', () => {
    const list = decodePathList(
      encodePathList(NASTY.map((path, n) => entry(path, n % 2 ? 0o160000 : 0o120000))),
    );
    expect(list.count).toBe(NASTY.length);
    expect([...list]).toEqual(NASTY.map((path, n) => ({ path, gitlink: n % 2 === 1 })));
    expect([...list]).toHaveLength(NASTY.length);
  });

  test('any strictly increasing paths', () => {
    const path = fc
      .array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 40 })
      .map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.uniqueArray(path), (paths) => {
        paths.sort((a, b) => (a < b ? -1 : 1));
        const list = decodePathList(encodePathList(paths.map((it) => entry(it))));
        expect(Array.from(list, (it) => it.path)).toEqual(paths);
      }),
    );
  });

  test('50,000 paths, over many blocks, a tenth of their size', () => {
    const paths = Array.from({ length: 50_000 }, (_, n) => {
      const subject = String(Math.floor(n / 50)).padStart(4, '0');
      return `sub-${subject}/func/sub-${subject}_task-rest_run-${String(n).padStart(6, '0')}_bold.nii.gz`;
    });
    const bytes = encodePathList(paths.map((path) => entry(path)));
    expect(Array.from(decodePathList(bytes), ({ path }) => path)).toEqual(paths);
    expect(bytes.length).toBeLessThan(paths.join('').length / 10);
  });
});

describe('what is damaged does not come out', () => {
  const bytes = encodePathList(NASTY.map((path) => entry(path)));

  test('cut at any byte', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodePathList(bytes.subarray(0, length)), `${length}`).toThrow(PathListError);
    }
  });

  test('any byte changed or added is told before the first path', () => {
    const damaged = (at: number) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ 1;
      return copy;
    };
    for (let at = 0; at < bytes.length; at++) {
      expect(() => decodePathList(damaged(at)), `byte ${at}`).toThrow(PathListError);
    }
    expect(() => decodePathList(Buffer.concat([bytes, Buffer.from('x')]))).toThrow(PathListError);
  });

  test.each(['', 'mirrorwatch-paths 2 0 ', '{}'])('"%s" is no path list', (text) => {
    expect(() => decodePathList(Buffer.from(text))).toThrow(PathListError);
  });
});

test.each([
  ['out of order', ['b', 'a']],
  ['twice', ['a', 'a']],
  ['empty', ['']],
  ['with NUL', ['a\0b']],
  ['not one unit a byte', ['\u0101']],
  ['longer than a block', ['a'.repeat(1 << 18)]],
])('a path %s cannot be kept', (_, paths) => {
  expect(() => encodePathList(paths.map((path) => entry(path)))).toThrow(TypeError);
});
