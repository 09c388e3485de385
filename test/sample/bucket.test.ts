// A sample bucket answers as S3 does.

import { expect, test } from 'vitest';
import { createCache } from '../../sample/cache.ts';
import { annexedFile, objectOf } from '../../sample/files.ts';
import { objectList } from '../../sample/objects.ts';
import { askListing, decodeKey, list } from './asking.ts';
import { folderOf, MODIFIED, serveSmall } from './small-archive.ts';

const archiveOf = (folders: Record<string, readonly string[]>) => ({
  folders: Object.entries(folders).map(([id, paths]) => folderOf(id, paths)),
});

const NASTY = [
  'a b+c%d#e&f"g\'h.txt',
  '-x',
  '.y',
  '=z',
  '<&>',
  '\u{1F9E0}',
  '\uFF5E',
  'a/b',
  'a.b',
  'a~*',
];

test.each([1, 2, 3, 7, 1000])('pages of %i hold every key once, in byte order', async (size) => {
  await using server = await serveSmall(archiveOf({ ds900001: ['other'], ds900002: NASTY }));
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await askListing(server.filesUrl, {
      prefix: 'ds900002/',
      'encoding-type': 'url',
      'max-keys': String(size),
      ...(token === undefined ? {} : { 'continuation-token': token }),
    });
    expect(page.count).toBe(page.keys.length);
    expect(page.truncated).toBe(page.token !== undefined);
    keys.push(...page.keys.map(decodeKey));
    token = page.token;
  } while (token !== undefined);
  const expected = NASTY.map((key) => `ds900002/${key}`).sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  expect(keys).toEqual(expected);
});

test('a key is escaped as S3 escapes it: a space is +, a plus is %2B', async () => {
  await using server = await serveSmall(archiveOf({ ds900001: ['a b+c%d#e~f*.txt'] }));
  const { keys } = await askListing(server.filesUrl, {
    prefix: 'ds900001/',
    'encoding-type': 'url',
  });
  expect(keys).toEqual(['ds900001/a+b%2Bc%25d%23e%7Ef*.txt']);
});

test('the key is XML text without encoding-type', async () => {
  await using server = await serveSmall(archiveOf({ ds900001: ['<a>&"b".txt'] }));
  const { keys } = await askListing(server.filesUrl, { prefix: 'ds900001/' });
  expect(keys).toEqual(['ds900001/&lt;a&gt;&amp;&quot;b&quot;.txt']);
});

test.each([
  { after: 'ds900001/b', expected: ['c', 'd/e'] },
  { after: 'ds900001/b0', expected: ['c', 'd/e'] },
  { after: 'ds900001/', expected: ['a', 'b', 'c', 'd/e'] },
  { after: 'ds0', expected: ['a', 'b', 'c', 'd/e'] },
  { after: 'ds900002/a', expected: [] },
])('start-after $after gives what sorts after it', async ({ after, expected }) => {
  await using server = await serveSmall(
    archiveOf({ ds900001: ['a', 'b', 'c', 'd/e'], ds900002: ['a'] }),
  );
  const { keys } = await askListing(server.filesUrl, { prefix: 'ds900001/', 'start-after': after });
  expect(keys).toEqual(expected.map((key) => `ds900001/${key}`));
});

test.each([1, 2, 100])('folders are folded at the delimiter on pages of %i', async (size) => {
  await using server = await serveSmall(
    archiveOf({ ds900001: ['README', 'sub-01/a', 'sub-01/b/c', 'sub-02/a', 'sub.txt'] }),
  );
  const seen: string[] = [];
  for (let token: string | undefined, more = true; more; ) {
    const page = await askListing(server.filesUrl, {
      prefix: 'ds900001/',
      delimiter: '/',
      'max-keys': String(size),
      ...(token === undefined ? {} : { 'continuation-token': token }),
    });
    seen.push(...page.keys, ...page.folders);
    token = page.token;
    more = page.truncated;
  }
  expect(seen.sort()).toEqual(
    ['README', 'sub-01/', 'sub-02/', 'sub.txt'].map((key) => `ds900001/${key}`),
  );
});

test('the root of the bucket lists every dataset as a folder', async () => {
  await using server = await serveSmall(archiveOf({ ds900002: ['a'], ds900001: ['a', 'b'] }));
  const { folders } = await askListing(server.filesUrl, { delimiter: '/' });
  expect(folders).toEqual(['ds900001/', 'ds900002/']);
});

test.each([
  { query: { 'max-keys': '-1' }, status: 400, code: 'InvalidArgument' },
  { query: { 'continuation-token': 'nonsense' }, status: 400, code: 'InvalidArgument' },
  { query: { 'encoding-type': 'gzip' }, status: 400, code: 'InvalidArgument' },
])('a listing with $query is refused', async ({ query, status, code }) => {
  await using server = await serveSmall(archiveOf({ ds900001: ['a'] }));
  const answer = await list(server.filesUrl, {
    prefix: 'ds900001/',
    ...(query as Record<string, string>),
  });
  expect(answer.status).toBe(status);
  expect(await answer.text()).toContain(`<Code>${code}</Code>`);
});

test('no keys: KeyCount 0 and not truncated', async () => {
  await using server = await serveSmall(archiveOf({ ds900001: [] }));
  expect(await askListing(server.filesUrl, { prefix: 'ds900001/' })).toEqual({
    keys: [],
    folders: [],
    count: 0,
    token: undefined,
    truncated: false,
  });
});

test('an object has length, date and ETag, and is 304 for a client that has it', async () => {
  await using server = await serveSmall(archiveOf({ ds900001: ['a b/c+d.json'] }));
  const url = `${server.filesUrl}/ds900001/a%20b/c%2Bd.json`;
  const got = await fetch(url);
  expect(await got.text()).toBe('x');
  const { headers } = await fetch(url, { method: 'HEAD' });
  const named = ['content-length', 'etag', 'last-modified'].map((name) => headers.get(name));
  expect(named).toEqual([
    '1',
    '"9dd4e461268c8034f5c8564e155c67a6"',
    'Thu, 14 May 2020 14:56:55 GMT',
  ]);
  const again = await fetch(url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const other = await fetch(url, { headers: { 'if-none-match': '"other"' } });
  expect(other.status).toBe(200);
});

test('an annexed file of many megabytes comes with the length that its key says', async () => {
  const size = 5_000_001;
  const objects = objectList([objectOf(annexedFile('a.nii.gz', size, 'a'), MODIFIED)]);
  await using server = await serveSmall({
    folders: [{ id: 'ds900001', export: { objects: () => objects } }],
  });
  const answer = await fetch(`${server.filesUrl}/ds900001/a.nii.gz`);
  expect((await answer.arrayBuffer()).byteLength).toBe(size);
});

test.each([
  { path: 'closed/a', status: 403, code: 'AccessDenied' },
  { path: 'open/private', status: 403, code: 'AccessDenied' },
  { path: 'open/gone', status: 404, code: 'NoSuchKey' },
  { path: 'open/busy', status: 503, code: 'ServiceUnavailable' },
  { path: 'open/cold', status: 403, code: 'InvalidObjectState' },
  { path: 'open/nothing', status: 404, code: 'NoSuchKey' },
  { path: 'openly/nothing', status: 404, code: 'NoSuchKey' },
  { path: 'open', status: 404, code: 'NoSuchKey' },
])('$path answers $status with the document $code', async ({ path, status, code }) => {
  const refused: Record<string, number> = { private: 403, gone: 404, busy: 503 };
  await using server = await serveSmall({
    folders: [
      folderOf('closed', ['a'], { refusal: 403 }),
      folderOf('open', [...Object.keys(refused), 'cold'], {
        refuses: (name) => refused[name],
        archived: (name) => name === 'cold',
      }),
    ],
  });
  const answer = await fetch(`${server.filesUrl}/${path}`);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/xml');
  expect(await answer.text()).toContain(`<Error><Code>${code}</Code>`);
});

test('folders inside a folder are listed by it, once', async () => {
  await using server = await serveSmall(
    archiveOf({ 'zarr/b': ['1'], 'blobs/2': ['x'], 'zarr/a': ['1', '2'] }),
  );
  const { folders } = await askListing(server.filesUrl, { delimiter: '/' });
  expect(folders).toEqual(['blobs/', 'zarr/']);
  const below = await askListing(server.filesUrl, { delimiter: '/', prefix: 'zarr/' });
  expect(below.folders).toEqual(['zarr/a/', 'zarr/b/']);
  const paged = await askListing(server.filesUrl, {
    delimiter: '/',
    'start-after': 'zarr/',
    'max-keys': '1',
  });
  expect(paged.folders).toEqual([]);
  expect((await fetch(`${server.filesUrl}/zarr/a/2`)).status).toBe(200);
});

test('a cache forgets what was used longest ago, and never the newest', () => {
  const cache = createCache<string>(10);
  const made: string[] = [];
  const make = (key: string) => {
    made.push(key);
    return key;
  };
  const get = (key: string, weight: number) => cache.get(key, () => make(key), weight);
  get('a', 4);
  get('b', 4);
  get('a', 4);
  get('c', 4);
  get('a', 4);
  get('b', 4);
  get('huge', 99);
  get('huge', 99);
  expect(made).toEqual(['a', 'b', 'c', 'b', 'huge']);
});
