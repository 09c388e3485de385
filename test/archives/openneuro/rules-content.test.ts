// The contents of files (docs/checks.md#contents): tables of git's and the listing's information.

import { describe, expect, test } from 'vitest';
import {
  compareContent,
  contentDocument,
  contentNotCompared,
  createContentComparison,
  MAX_MISMATCHES,
} from '../../../archives/openneuro/rules/s3-content.ts';
import { parseAnnexKey } from '../../../core/protocols/git/annex-key.ts';
import type { TreeContent } from '../../../core/protocols/sources.ts';

const MD5 = 'd614929593bf2a7cccea90bea67255f4';
const OTHER = '0'.repeat(32);
const SHA256 = 'c3527d7944a9619afb57863a34e6af7ec3fe4f108e56c860d9e700699ff806fb';

const key = (name: string): TreeContent => {
  const parsed = parseAnnexKey(name);
  if (!parsed) throw new Error(name);
  return { kind: 'annexed', key: parsed };
};
const plain: TreeContent = { kind: 'plain', size: 7, md5: MD5 };

describe('one file', () => {
  test.each([
    ['MD5E, all the same', key(`MD5E-s7--${MD5}.nii`), 7, MD5, 'content', null],
    ['MD5E, another size', key(`MD5E-s7--${MD5}.nii`), 6, MD5, 'size', 'size-mismatch'],
    ['MD5E, another hash', key(`MD5E-s7--${MD5}.nii`), 7, OTHER, 'content', 'content-mismatch'],
    ['MD5E, uploaded in parts', key(`MD5E-s7--${MD5}.nii`), 7, `${OTHER}-3`, 'size', null],
    ['MD5E in parts, too short', key(`MD5E-s7--${MD5}`), 5, `${OTHER}-3`, 'size', 'size-mismatch'],
    ['MD5E without a size', key(`MD5E--${MD5}.nii`), 7, OTHER, 'content', 'content-mismatch'],
    ['SHA256E, the same size', key(`SHA256E-s7--${SHA256}.nwb`), 7, OTHER, 'size', null],
    ['SHA256E, another size', key(`SHA256E-s7--${SHA256}`), 8, OTHER, 'size', 'size-mismatch'],
    ['a key made of a URL', key('URL--http&c%%example.org'), 8, OTHER, 'none', null],
    ['an ETag that is no MD5', key(`MD5E-s7--${MD5}`), 7, '"weak"', 'size', null],
    ['a plain file, all the same', plain, 7, MD5, 'content', null],
    ['a plain file of another size', plain, 0, MD5, 'size', 'size-mismatch'],
    ['a plain file with other bytes', plain, 7, OTHER, 'content', 'content-mismatch'],
    ['a large plain file', { kind: 'unknown' } as const, 7, OTHER, 'none', null],
    ['a submodule', { kind: 'gitlink' } as const, 7, OTHER, 'none', null],
    ['a symlink of its own', { kind: 'symlink' } as const, 7, OTHER, 'none', null],
  ])('%s', (_, content, size, etag, depth, subtype) => {
    expect(compareContent(content, { size, etag })).toEqual({ depth, subtype });
  });
});

describe('a dataset', () => {
  const object = (keyName: string, size: number, etag: string) => ({ key: keyName, size, etag });

  test('counts how deep, how many bytes are missing, and names what differs', () => {
    const comparison = createContentComparison();
    comparison.both('a', key(`MD5E-s100--${MD5}.nii`), object('a', 60, MD5));
    comparison.both('b', key(`MD5E-s100--${MD5}.nii`), object('b', 103, MD5));
    comparison.both('c', plain, object('c', 7, OTHER));
    comparison.both('d', plain, object('d', 7, MD5));
    comparison.both('e', { kind: 'unknown' }, object('e', 7, MD5));
    const subject = { version: '1.0.0', commit: 'c'.repeat(40) };
    const judged = contentDocument('ds000001', subject, comparison.result());
    expect(judged).toMatchObject({
      status: 'error',
      subtype: 'size-mismatch',
      findings: ['size-mismatch', 'content-mismatch'],
      compared: { content: 2, size: 2, none: 1 },
      sizeMismatches: 2,
      contentMismatches: 1,
      bytesMissing: 40,
      bytesExtra: 3,
    });
    expect(judged.mismatches.map(({ path, subtype }) => [path, subtype])).toEqual([
      ['a', 'size-mismatch'],
      ['b', 'size-mismatch'],
      ['c', 'content-mismatch'],
    ]);
  });

  test('counts all and names the first thousand', () => {
    const comparison = createContentComparison();
    for (let n = 0; n < MAX_MISMATCHES + 5; n++) {
      comparison.both(`f${n}`, plain, object(`f${n}`, 8, MD5));
    }
    const { sizeMismatches, mismatches } = comparison.result();
    expect([sizeMismatches, mismatches.length]).toEqual([MAX_MISMATCHES + 5, MAX_MISMATCHES]);
  });

  test('keys that claim more bytes than a number can hold do not break the sum', () => {
    const comparison = createContentComparison();
    for (const path of ['a', 'b']) {
      comparison.both(path, key('SHA1-s9007199254740991--a'), object(path, 1, MD5));
    }
    expect(comparison.result().bytesMissing).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('a dataset with nothing to compare is pending, never ok', () => {
    const judged = contentNotCompared('ds000001', 'export-missing');
    expect(judged).toMatchObject({ status: 'pending', notCompared: 'export-missing' });
  });
});
