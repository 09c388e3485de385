// Ids, times, hashes and keys of the DANDI archive, by known vectors and recorded data.

import { describe, expect, test } from 'vitest';
import {
  branchFolders,
  extensionOf,
  keyOf,
  linkFolders,
  linkTo,
} from '../../../archives/dandi/annex/keys.ts';
import { holdersOf, liveAddresses } from '../../../archives/dandi/annex/web-log.ts';
import { dandiEtag, partBytes, partCount } from '../../../archives/dandi/etag.ts';
import {
  compareVersions,
  isDandisetId,
  isVersion,
  zarrOfAddress,
} from '../../../archives/dandi/ids.ts';
import { instantOf, isSameInstant, textOf } from '../../../archives/dandi/instant.ts';
import { s3Address } from '../../../archives/dandi/s3-address.ts';
import { readSubmodules } from '../../../archives/dandi/submodules.ts';
import { isTextName, TEXT_EXTENSIONS, TEXT_NAMES } from '../../../archives/dandi/text-names.ts';
import { type ZarrFile, zarrChecksum } from '../../../archives/dandi/zarr-checksum.ts';
import { DANDISETS, RECORDED, readJson, readTree } from './support/recorded.ts';

describe('ids', () => {
  test('an id is six digits', () => {
    expect(['000027', '27', '0000027', '000027 ', '00002a'].map(isDandisetId)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('versions are compared field by field as numbers', () => {
    const versions = ['0.230317.1553', '0.210712.1903', '0.230317.999', '0.1000000.1', '0.9.10000'];
    expect(versions.toSorted(compareVersions)).toEqual([
      '0.9.10000',
      '0.210712.1903',
      '0.230317.999',
      '0.230317.1553',
      '0.1000000.1',
    ]);
  });

  test('a tag made by hand is no version', () => {
    expect(['0.231017.2004', '0.231017.2004+zarr1', 'test-pr', 'draft'].map(isVersion)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('a zarr is found in an address whatever else it says', () => {
    const zarr = '7723d02f-1f71-4553-a7b0-47bda1ae8b42';
    expect(zarrOfAddress(`https://github.com/dandizarrs/${zarr}`)).toBe(zarr);
    expect(zarrOfAddress(`git@github.com:dandizarrs/${zarr}.git`)).toBe(zarr);
    expect(zarrOfAddress(`javascript:alert(1)//${zarr}x`)).toBeNull();
  });
});

describe('times', () => {
  test('both spellings of a time are the same instant, to the microsecond', () => {
    expect(isSameInstant('2023-06-20T00:56:23.268887+00:00', '2023-06-20T00:56:23.268887Z')).toBe(
      true,
    );
    expect(isSameInstant('2023-06-20T00:56:23.268887Z', '2023-06-20T00:56:23.268888Z')).toBe(false);
    expect(isSameInstant('2026-01-01T00:00:00Z', '2026-01-01T02:00:00.000000+02:00')).toBe(true);
  });

  test('a time without zone or with impossible fields is none', () => {
    expect(['2026-01-01T00:00:00', '2026-13-01T00:00:00Z', 'now', ''].map(instantOf)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('a time is written as the archive writes it', () => {
    const text = '2026-07-01T17:57:44.120371Z';
    expect(textOf(instantOf(text) ?? 0)).toBe(text);
  });
});

describe('dandi-etag', () => {
  const zeros = (bytes: number) => {
    const piece = Buffer.alloc(1 << 20);
    const pieces = Array.from({ length: Math.floor(bytes / piece.length) }, () => piece);
    return [...pieces, piece.subarray(0, bytes % piece.length)];
  };

  test.each([
    ['hello', [Buffer.from('hello')], 5, '62109206880d38a4010a98e11243924a-1'],
    ['nothing', [], 0, 'd41d8cd98f00b204e9800998ecf8427e-0'],
    ['a part of zeros', zeros(64 << 20), 64 << 20, 'a78211a9709e5a28de9e2fd6eda275f2-1'],
    ['one zero more', zeros((64 << 20) + 1), (64 << 20) + 1, 'd4b4f6056a5f5a23cda477d1895a2bbd-2'],
  ])('of %s', (_, pieces, size, etag) => {
    expect(dandiEtag(pieces, size)).toBe(etag);
  });

  test('parts grow where there would be ten thousand', () => {
    const size = 671_021_531_137;
    expect([partBytes(size), partCount(size), size - 9999 * partBytes(size)]).toEqual([
      67_102_154, 10_000, 67_093_291,
    ]);
    expect(partBytes(9999 * (64 << 20))).toBe(64 << 20);
    expect(partBytes(9999 * (64 << 20) + 1)).toBe(67_102_154);
  });

  test('a content of another length is refused', () => {
    expect(() => dandiEtag([Buffer.from('hell')], 5)).toThrow(RangeError);
  });
});

describe('zarr checksum', () => {
  test('of no files', () => {
    expect(zarrChecksum([]).checksum).toBe('481a2f77ab786a0f45aafd5db0971caa-0--0');
  });

  test('odd parts of a path vanish, and are told', () => {
    const file = (path: string) => ({ path, size: 1, md5: '9dd4e461268c8034f5c8564e155c67a6' });
    const { checksum, odd } = zarrChecksum([file('a//./b'), file('c')]);
    expect(checksum).toBe(zarrChecksum([file('a/b'), file('c')]).checksum);
    expect(odd).toEqual(['a//./b']);
  });

  test.skipIf(RECORDED === null)('by all vectors', () => {
    const vectors =
      readJson<Record<string, { files: ZarrFile[]; checksum: string }>>('zarr-vectors.json');
    for (const [name, { files, checksum }] of Object.entries(vectors)) {
      expect([name, zarrChecksum(files).checksum]).toEqual([name, checksum]);
    }
    expect(Object.keys(vectors).length).toBeGreaterThan(5);
  });

  test.skipIf(RECORDED === null)('of a recorded zarr, from its mirror alone', () => {
    const tree = readJson<{ checksum: string; rows: string[][] }>(
      'zarr-7723d02f-1f71-4553-a7b0-47bda1ae8b42',
      'tree.draft.json',
    );
    const files = tree.rows.flatMap(([, , , path = '', key = '']) => {
      const [, size, md5] = /^MD5E-s(\d+)--([0-9a-f]{32})/.exec(key) ?? [];
      return md5 === undefined ? [] : [{ path, size: Number(size), md5 }];
    });
    expect(files).toHaveLength(1325);
    expect(zarrChecksum(files).checksum).toBe(tree.checksum);
  });
});

describe('keys', () => {
  test.each([
    ['x.ome.tiff', '.ome.tiff'],
    ['a.gz.abcde', ''],
    ['x.ab.c-d.tif', '.ab.tif'],
    ['.a.b', '.b'],
    ['...a', ''],
    ['a.nii.gz', '.nii.gz'],
    ['a.b.c.d', '.c.d'],
    ['a.é1', '.é1'],
    ['a.ééé', ''],
    ['plain', ''],
  ])('the extension of %s', (name, extension) => {
    expect(extensionOf(name)).toBe(extension);
  });

  test.skipIf(RECORDED === null)('of all recorded files are made from size, hash and name', () => {
    let keys = 0;
    for (const id of DANDISETS) {
      for (const [mode, , , path, key] of readTree(id, 'git', 'tree.draft.json').rows) {
        if (mode !== '120000' || key === undefined) continue;
        const [, size, digest = ''] = /^SHA256E-s(\d+)--([0-9a-f]{64})/.exec(key) ?? [];
        expect(keyOf('SHA256E', { size: Number(size), digest, path })).toBe(key);
        keys++;
      }
    }
    expect(keys).toBeGreaterThan(200);
  });

  test('folders of a recorded key', () => {
    const key =
      'SHA256E-s3055088659--5b1e00770b77364a849be386b0914db610b10e9de1b1306b836506647595018c.nii.gz';
    expect(branchFolders(key)).toBe('30a/ba6');
    expect(linkFolders(key)).toMatch(/^..\/..$/);
    expect(linkTo('sub-S01/anat/a.nii.gz', key)).toBe(
      `../../.git/annex/objects/${linkFolders(key)}/${key}/${key}`,
    );
  });
});

describe('addresses of keys', () => {
  test('of one address the newest line counts, and a colon in front is no address', () => {
    const log = [
      '1600000002.5s 0 https://a.example/old',
      '1600000001s 1 https://a.example/old',
      '1600000001s 1 https://a.example/new',
      '1600000003s 1 :https://a.example/claimed',
      'broken',
      '',
    ].join('\n');
    expect(liveAddresses(log)).toEqual(['https://a.example/new']);
  });

  test('repositories that hold a key', () => {
    expect(holdersOf('1s 1 uuid-a\n2s 0 uuid-a\n1s 1 uuid-b\n')).toEqual(['uuid-b']);
  });

  test('a blob is the same with and without the region', () => {
    const key = 'blobs/2db/af0/2dbaf0fd-5003-4a0a-b4c0-bc8cdbdb3826';
    const expected = { bucket: 'dandiarchive', key, versionId: null };
    expect(s3Address(`https://dandiarchive.s3.amazonaws.com/${key}`)).toEqual(expected);
    expect(s3Address(`https://dandiarchive.s3.us-east-2.amazonaws.com/${key}`)).toEqual(expected);
    expect(s3Address(`https://s3.amazonaws.com/dandiarchive/${key}?versionId=x.Y`)).toEqual({
      ...expected,
      versionId: 'x.Y',
    });
    expect(s3Address(`https://api.dandiarchive.org/api/assets/x/download/`)).toBeNull();
  });
});

describe('names of text files', () => {
  test('by the last extension or by a part of the name', () => {
    const names = [
      'a.TSV',
      'README',
      'README.md.bak',
      'sub/dataset_description.json',
      'desktop.ini',
    ];
    expect(names.map(isTextName)).toEqual([true, true, true, true, true]);
    expect(['CHANGES', '.bidsignore', 'a.log', 'a.bval', 'a.nwb', '.json'].map(isTextName)).toEqual(
      Array(6).fill(false),
    );
  });

  test.skipIf(RECORDED === null)('the list is that of the recorded version of identify', () => {
    const list = readJson<{ extensions: string[]; names: string[] }>('text-names.json');
    expect([...TEXT_EXTENSIONS]).toEqual(list.extensions);
    expect([...TEXT_NAMES]).toEqual(list.names);
  });

  test.skipIf(RECORDED === null)('all recorded files are where their names say', () => {
    for (const id of DANDISETS) {
      for (const [mode, , , path] of readTree(id, 'git', 'tree.draft.json').rows) {
        if (mode === '160000' || /^\.(?:dandi|datalad|git)|^dandiset\.yaml$/.test(path)) continue;
        expect([path, isTextName(path)]).toEqual([path, mode === '100644']);
      }
    }
  });
});

describe('submodules', () => {
  test('a section that comes twice is told', () => {
    const section = '[submodule "a"]\n\tpath = a\n\turl = https://x.example/a\n';
    expect([...(readSubmodules(section)?.twice ?? [])]).toEqual([]);
    expect([...(readSubmodules(section + section)?.twice ?? [])]).toEqual(['a']);
  });

  test('quotes, escapes and comments', () => {
    const text = '[submodule "a \\"b\\""] ; x\n path = "sub #1/a"  # why\n url = c\\\\d\n';
    const [submodule] = readSubmodules(text)?.byPath.values() ?? [];
    expect(submodule).toEqual({ name: 'a "b"', path: 'sub #1/a', url: 'c\\d', access: null });
  });

  test('what is no settings file is not read', () => {
    expect(readSubmodules('<html>\n')).toBeNull();
  });
});
