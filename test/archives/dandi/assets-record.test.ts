// The mirror's record of assets in all its generations, read entry by entry.

import { describe, expect, test } from 'vitest';
import { readAssetsRecord } from '../../../archives/dandi/assets-record.ts';
import { RECORDED, readText } from './support/recorded.ts';

const entry = (fields: object = {}) => ({
  asset_id: '838bab7b-9ab4-4d66-97b3-898a367c9c7e',
  blob: '2dbaf0fd-5003-4a0a-b4c0-bc8cdbdb3826',
  created: '2023-03-02T22:10:45.985334Z',
  metadata: {
    digest: { 'dandi:dandi-etag': 'aa-1', 'dandi:sha2-256': 'bb' },
    contributor: [{ name: 'Doe, "Jane" [x]' }],
  },
  modified: '2023-03-02T22:10:46.064360+00:00',
  path: 'a/b.nwb',
  size: 3,
  ...fields,
});
const read = (value: unknown) => readAssetsRecord(Buffer.from(JSON.stringify(value, null, 2)));
const entriesOf = (value: unknown) => {
  const record = read(value);
  return record.kind === 'entries' ? [...record.entries.values()] : record;
};

describe('a record', () => {
  test('of today gives the fields that are compared, and nothing personal', () => {
    expect(entriesOf([entry()])).toEqual([
      {
        path: 'a/b.nwb',
        assetId: '838bab7b-9ab4-4d66-97b3-898a367c9c7e',
        size: 3,
        modified: 1677795046064360,
        created: 1677795045985334,
        blob: '2dbaf0fd-5003-4a0a-b4c0-bc8cdbdb3826',
        zarr: null,
        sha256: 'bb',
        etag: 'aa-1',
        zarrChecksum: null,
      },
    ]);
  });

  test('of 2021 has neither created nor blob', () => {
    const { created: _, blob: __, ...old } = entry();
    expect(entriesOf([old])).toMatchObject([{ created: null, blob: null, zarr: null }]);
  });

  test('of an empty dandiset has no entries', () => {
    expect(entriesOf([])).toEqual([]);
    expect(readAssetsRecord(Buffer.from('[\n]')).kind).toBe('entries');
  });

  test('of the oldest shape is a list of paths', () => {
    expect(read(['a', 'b']).kind).toBe('paths-only');
  });

  test.each([
    ['no JSON', '[{"a":1}'],
    ['an object', '{"a": []}'],
    ['text behind its end', '[] x'],
    ['nothing', ''],
    ['a number', '[1]'],
    ['a bracket of another kind', '[}'],
  ])('that is %s is corrupt', (_, text) => {
    expect(readAssetsRecord(Buffer.from(text)).kind).toBe('corrupt');
  });

  test('with one path twice, or with paths among entries, is corrupt', () => {
    expect(read([entry(), entry()]).kind).toBe('corrupt');
    expect(read([entry(), 'a']).kind).toBe('corrupt');
  });

  test('may hold any text in its strings', () => {
    const path = 'a "b" \\ [c] {d} ,é😀\n';
    expect(entriesOf([entry({ path }), entry()])).toMatchObject([{ path }, { path: 'a/b.nwb' }]);
  });

  test.skipIf(RECORDED === null)('of 000027, byte for byte', () => {
    const record = readAssetsRecord(Buffer.from(readText('exact', '000027.assets.json')));
    expect(record.kind === 'entries' && [...record.entries.keys()]).toEqual([
      'sub-RAT123/sub-RAT123.nwb',
    ]);
  });
});
