import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpClient, type RunClient } from '../../../../core/http.ts';
import { bucketOf, createExportSource } from '../../../../core/protocols/s3/export.ts';
import type { ExportSource, ListingEvent } from '../../../../core/protocols/sources.ts';
import { fakeClock } from '../../../support/clock.ts';
import { type Bucket, errorDocument, listPage, serveBucket } from './bucket.ts';

const ID = 'ds000117';
let http: RunClient;

beforeEach(() => {
  http = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
});
afterEach(() => http.close());

function sourceOf(
  bucket: Bucket,
  more: { pageSize?: number; maxPages?: number } = {},
): ExportSource {
  return createExportSource({ http, baseUrl: bucket.url, ...more });
}

async function list(source: ExportSource, id = ID): Promise<ListingEvent[]> {
  return Array.fromAsync(source.listObjects(id));
}

function keysOf(events: readonly ListingEvent[]): string[] {
  return events
    .flatMap((event) => (event.kind === 'page' ? event.objects : []))
    .map(({ key }) => key);
}

/** ListObjectsV2 over `keys`, whole keys in byte order; the token is where to continue. */
function lister(keys: readonly string[]) {
  return (address: string): string => {
    const query = new URL(address, 'http://bucket').searchParams;
    const size = Number(query.get('max-keys'));
    const token = query.get('continuation-token');
    const from = Number(token?.replace('place ', '') ?? 0);
    return listPage({
      prefix: query.get('prefix') ?? '',
      keys: keys.slice(from, from + size),
      maxKeys: size,
      ...(token !== null && { token }),
      ...(from + size < keys.length && { nextToken: `place ${from + size}` }),
    });
  };
}

const SEVEN = Array.from({ length: 7 }, (_, at) => `${ID}/sub-0${at}`);

describe('listing an export', () => {
  test.each([
    { pageSize: 1, pages: 7 },
    { pageSize: 3, pages: 3 },
    { pageSize: 7, pages: 1 },
    { pageSize: 1000, pages: 1 },
  ])('in pages of $pageSize takes $pages requests', async ({ pageSize, pages }) => {
    const answer = lister(SEVEN);
    await using bucket = await serveBucket(({ url }, response) => response.end(answer(url ?? '')));
    const events = await list(sourceOf(bucket, { pageSize }));
    expect(keysOf(events)).toEqual(SEVEN.map((key) => key.slice(ID.length + 1)));
    expect(events.map(({ kind }) => kind)).toEqual([...Array(pages).fill('page'), 'end']);
    expect(http.traffic.listing).toMatchObject({ requests: pages, retries: 0 });
  });

  test('asks in path style for encoded keys, and hands the token back as it came', async () => {
    const answer = lister(SEVEN.slice(0, 2));
    await using bucket = await serveBucket(({ url }, response) => response.end(answer(url ?? '')));
    await list(createExportSource({ http, baseUrl: `${bucket.url}/`, pageSize: 1 }));
    const first = '/openneuro.org/?list-type=2&encoding-type=url&prefix=ds000117%2F&max-keys=1';
    expect(bucket.asked).toEqual([first, `${first}&continuation-token=place+1`]);
  });

  test('a listing without keys is complete, of none', async () => {
    await using bucket = await serveBucket((_, response) => response.end(listPage()));
    expect(await list(sourceOf(bucket))).toEqual([{ kind: 'page', objects: [] }, { kind: 'end' }]);
  });

  test('requests a cut page again, and continues there', async () => {
    const answer = lister(SEVEN);
    await using bucket = await serveBucket(({ url }, response, nth) => {
      const page = answer(url ?? '');
      response.end(nth === 2 ? page.slice(0, -1) : page);
    });
    const events = await list(sourceOf(bucket, { pageSize: 3 }));
    expect(keysOf(events)).toHaveLength(7);
    expect(events.at(-1)).toEqual({ kind: 'end' });
    expect(http.traffic.listing).toMatchObject({ requests: 4, retries: 1 });
  });

  test.each([
    { name: 'always cut', damage: (page: string) => page.slice(0, -20), reason: 'cut-short' },
    {
      name: 'without one key',
      damage: (page: string) => page.replace(/<Contents>.*?<\/Contents>/, ''),
      reason: 'malformed',
    },
    {
      name: 'of another token',
      damage: (page: string) => page.replace('<ContinuationToken>', '<ContinuationToken>x'),
      reason: 'malformed',
    },
    {
      name: 'of another dataset',
      damage: (page: string) => page.replaceAll(ID, 'ds000118'),
      reason: 'malformed',
    },
  ])('a second page $name ends it as failed, not as complete', async ({ damage, reason }) => {
    const answer = lister(SEVEN);
    await using bucket = await serveBucket(({ url }, response) => {
      const page = answer(url ?? '');
      response.end(url?.includes('continuation-token') ? damage(page) : page);
    });
    const events = await list(sourceOf(bucket, { pageSize: 3 }));
    expect(events).toMatchObject([{ kind: 'page' }, { kind: 'failed', reason }]);
  });

  test('a page that comes again is a fault: its keys do not rise', async () => {
    const page = listPage({ keys: SEVEN.slice(0, 3), nextToken: 'again' });
    await using bucket = await serveBucket((_, response) => response.end(page));
    const events = await list(sourceOf(bucket));
    expect(events).toMatchObject([{ kind: 'page' }, { kind: 'failed', reason: 'malformed' }]);
  });

  test('a token that comes again is a fault, also on pages without keys', async () => {
    await using bucket = await serveBucket((_, response, nth) =>
      response.end(listPage({ nextToken: nth % 2 ? 'odd' : 'even' })),
    );
    const events = await list(sourceOf(bucket));
    expect(events.at(-1)).toMatchObject({ kind: 'failed', reason: 'malformed' });
    expect(bucket.asked).toHaveLength(3);
  });

  test('a listing without end is a fault', async () => {
    await using bucket = await serveBucket((_, response, nth) =>
      response.end(listPage({ nextToken: `token ${nth}` })),
    );
    const events = await list(sourceOf(bucket, { maxPages: 5 }));
    expect(events.at(-1)).toMatchObject({ kind: 'failed', reason: 'malformed' });
    expect(bucket.asked).toHaveLength(5);
  });

  test('a page above 4 MB is refused', async () => {
    await using bucket = await serveBucket((_, response) =>
      response.end(listPage({ extra: `<X>${'x'.repeat(4 * 1024 * 1024)}</X>` })),
    );
    expect(await list(sourceOf(bucket))).toMatchObject([{ kind: 'failed', reason: 'malformed' }]);
  });

  test('an aborted listing is no measurement', async () => {
    const stop = new AbortController();
    await using bucket = await serveBucket(() => stop.abort(new Error('interrupted')));
    const listing = sourceOf(bucket).listObjects(ID, stop.signal);
    await expect(Array.fromAsync(listing)).rejects.toThrow('interrupted');
  });
});

describe('a page that is whole and wrong', () => {
  const wrong = listPage({ keys: SEVEN.slice(0, 2), keyCount: 3 });
  const right = listPage({ keys: SEVEN.slice(0, 2) });
  /** Each answer in turn, then the last one repeatedly. */
  const serve = (...bodies: (string | number)[]) =>
    serveBucket((_, response, nth) => {
      const body = bodies[Math.min(nth, bodies.length) - 1] as string | number;
      if (typeof body === 'number') response.writeHead(body).end();
      else if (body.includes('<Error>')) response.writeHead(403).end(body);
      else response.end(body);
    });

  test.each<[string, (string | number)[], object[]]>([
    [
      'and right the second time is as if it had been at once',
      [wrong, right],
      [{ kind: 'page' }, { kind: 'end' }],
    ],
    ['and right the third time, too', [wrong, wrong, right], [{ kind: 'page' }, { kind: 'end' }]],
    [
      'as often as it is asked for is malformed',
      [wrong],
      [{ kind: 'failed', reason: 'malformed' }],
    ],
    [
      'and cut the second time is cut short',
      [wrong, right.slice(0, -20)],
      [{ kind: 'failed', reason: 'cut-short' }],
    ],
    [
      'and refused by somebody the second time is a failure',
      [wrong, 403],
      [{ kind: 'failed', reason: 'malformed' }],
    ],
    ['and then trouble is trouble', [wrong, 503], [{ kind: 'failed', reason: 'http-5xx' }]],
    [
      'and refused by S3 the second time is refused',
      [wrong, errorDocument('AccessDenied')],
      [{ kind: 'denied', status: 403 }],
    ],
  ])('%s', async (_, bodies, expected) => {
    await using bucket = await serve(...bodies);
    expect(await list(sourceOf(bucket))).toMatchObject(expected);
  });

  test('keeps its keys out of the list', async () => {
    await using bucket = await serve(listPage({ keys: SEVEN, keyCount: 1 }), right);
    expect(keysOf(await list(sourceOf(bucket)))).toEqual(['sub-00', 'sub-01']);
  });
});

describe('prefetched pages', () => {
  const many = Array.from({ length: 40 }, (_, at) => `${ID}/f${10 + at}`);

  /** As `lister`, and from behind `start-after`. */
  const answer = (address: string): string => {
    const query = new URL(address, 'http://bucket').searchParams;
    const after = query.get('start-after') ?? '';
    const size = Number(query.get('max-keys'));
    const token = query.get('continuation-token');
    const rest = many.filter((key) => key > (token ?? after));
    const page = rest.slice(0, size);
    return listPage({
      prefix: `${ID}/`,
      keys: page,
      maxKeys: size,
      ...(token !== null && { token }),
      ...(rest.length > size && { nextToken: page.at(-1) ?? '' }),
    });
  };

  async function asked(marks: readonly string[], more: object = {}) {
    await using bucket = await serveBucket(({ url }, response) => response.end(answer(url ?? '')));
    const source = createExportSource({ http, baseUrl: bucket.url, pageSize: 4, ...more });
    const last = { keys: 40, beside: [], lacking: [] };
    const listing = source.listObjects(ID, undefined, { marks: () => marks, last });
    const events = await Array.fromAsync(listing);
    expect(keysOf(events)).toEqual(many.map((key) => key.slice(ID.length + 1)));
    return bucket.asked.flatMap((url) => {
      const { searchParams } = new URL(url, 'http://bucket');
      return searchParams.get('start-after') ?? [];
    });
  }
  const marks = many.map((key) => key.slice(ID.length + 1));

  test('start behind keys of the tree', async () => {
    const after = await asked(marks);
    expect(after.length).toBeGreaterThan(4);
    for (const key of after) expect(many).toContain(key);
  });

  test('never start after a key that no request can name', async () => {
    const odd = marks.map((key) => `${key}\xff`);
    expect(await asked(odd)).toEqual([]);
    const long = marks.map((key) => key + 'x'.repeat(1025 - `${ID}/${key}`.length));
    expect(await asked(long)).toEqual([]);
    const longest = marks.map((key) => key + 'x'.repeat(1024 - `${ID}/${key}`.length));
    expect((await asked(longest)).length).toBeGreaterThan(4);
  });

  test.each([
    { pagesAhead: 0, most: 1 },
    { pagesAhead: 1, most: 2 },
    { pagesAhead: 3, most: 4 },
    { pagesAhead: undefined, most: 10 },
  ])('have the room that is given: $pagesAhead', async ({ pagesAhead, most }) => {
    // All are answered together, once all requests have arrived.
    const open: (() => void)[] = [];
    let highest = 0;
    await using bucket = await serveBucket(({ url }, response) => {
      open.push(() => response.end(answer(url ?? '')));
      highest = Math.max(highest, open.length);
      if (open.length === http.waiting().length) for (const give of open.splice(0)) give();
    });
    const room = pagesAhead === undefined ? {} : { pagesAhead };
    const source = createExportSource({ http, baseUrl: bucket.url, pageSize: 4, ...room });
    const last = { keys: 40, beside: [], lacking: [] };
    const likely = { marks: () => marks, last };
    expect(keysOf(await Array.fromAsync(source.listObjects(ID, undefined, likely)))).toEqual(marks);
    expect(highest).toBeLessThanOrEqual(most);
    expect(highest > 1).toBe(most > 1);
    if (pagesAhead === undefined) expect(highest).toBeGreaterThan(4);
  });
});

test('access and folders are requested from the bucket', async () => {
  const methods: (string | undefined)[] = [];
  await using bucket = await serveBucket(({ method }, response) => {
    methods.push(method);
    response
      .setHeader('ETag', '"0a"')
      .end(
        '<ListBucketResult><Prefix></Prefix><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>',
      );
  });
  const source = createExportSource({ http, baseUrl: `${bucket.url}//` });
  expect(await source.askAccess(ID, 'a b')).toEqual({
    kind: 'answered',
    status: 200,
    etag: expect.any(String),
  });
  expect(await source.listFolders()).toEqual({ kind: 'seen', value: [] });
  expect(bucket.asked[0]).toBe('/openneuro.org/ds000117/a%20b');
  expect(bucket.asked[1]).toMatch(/^\/openneuro\.org\/\?/);
  expect(methods).toEqual(['HEAD', 'GET']);
});

describe('what a status says', () => {
  const answers = [
    { status: 403, code: 'AccessDenied', expected: { kind: 'denied', status: 403 } },
    { status: 404, code: 'NoSuchKey', expected: { kind: 'absent' } },
    { status: 404, code: 'NoSuchBucket', expected: { kind: 'failed', reason: 'malformed' } },
    { status: 400, code: 'InvalidArgument', expected: { kind: 'failed', reason: 'malformed' } },
    { status: 301, code: 'PermanentRedirect', expected: { kind: 'failed', reason: 'malformed' } },
    {
      status: 403,
      code: 'InvalidObjectState',
      expected: { kind: 'failed', reason: 'malformed' },
      of: 'listing',
    },
    { status: 204, code: '', expected: { kind: 'failed', reason: 'malformed' } },
    { status: 304, code: '', expected: { kind: 'failed', reason: 'malformed' } },
    { status: 503, code: 'SlowDown', expected: { kind: 'failed', reason: 'http-5xx' } },
    { status: 500, code: 'InternalError', expected: { kind: 'failed', reason: 'http-5xx' } },
  ];

  test('403 InvalidObjectState to a description: it is archived, and not private', async () => {
    await using bucket = await serveBucket((_, response) => {
      response.writeHead(403).end(errorDocument('InvalidObjectState'));
    });
    expect(await sourceOf(bucket).readDescription(ID, null)).toEqual({ kind: 'archived' });
  });

  test.each([403, 404])('a page of a portal, HTTP %i: nothing of the bucket', async (status) => {
    await using bucket = await serveBucket((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Error</html>');
    });
    const expected = { kind: 'failed', reason: 'malformed' };
    expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject(expected);
    expect(await list(sourceOf(bucket))).toMatchObject([expected]);
  });

  test.each(answers)(
    '$status $code to a listing: $expected',
    async ({ status, code, expected }) => {
      await using bucket = await serveBucket((_, response) => {
        response.writeHead(status).end(code && errorDocument(code));
      });
      expect(await list(sourceOf(bucket))).toMatchObject([expected]);
      expect(bucket.asked).toHaveLength(status >= 500 || code === '' ? 2 : 1);
    },
  );

  test.each(answers.filter(({ of }) => of !== 'listing'))(
    '$status $code to a description: $expected',
    async ({ status, code, expected }) => {
      await using bucket = await serveBucket((_, response) => {
        response.writeHead(status).end(code && errorDocument(code));
      });
      expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject(expected);
    },
  );

  test('403 AccessDenied to the folders of the bucket: they are not known', async () => {
    await using bucket = await serveBucket((_, response) => {
      response.writeHead(403).end(errorDocument('AccessDenied'));
    });
    const unknown = { kind: 'failed', reason: 'malformed' };
    expect(await sourceOf(bucket).listFolders()).toMatchObject(unknown);
  });

  test('304 to a question without a condition is asked again', async () => {
    await using bucket = await serveBucket((_, response, nth) => {
      if (nth === 1) response.writeHead(304).end();
      else response.setHeader('ETag', '"0a"').end('{}');
    });
    expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject({ kind: 'seen' });
  });
});

test('an invalid address names no bucket', () => {
  expect(bucketOf('openneuro.org')).toBeNull();
  expect(bucketOf('https://s3.amazonaws.com/openneuro.org')).toBe('openneuro.org');
});

describe('an answer that S3 did not give', () => {
  const refused = errorDocument('AccessDenied');
  test.each([
    ['a firewall', 403, 'text/html', '<h1>Access Denied</h1>'],
    ['a firewall that says nothing', 403, 'text/plain', ''],
    ["a page that holds S3's words", 403, 'text/html; charset=utf-8', refused],
    ['a text around them', 403, 'text/plain', `Blocked. ${refused}`],
    ['half of them', 403, 'application/xml', refused.slice(0, -8)],
    ['a proxy', 404, 'text/html', '<h1>Not Found</h1>'],
    ['a proxy with JSON', 404, 'application/json', '{"code":"NoSuchKey"}'],
    ['a proxy that wants a log-in', 407, 'text/html', '<p>Log in'],
  ])('%s (%i %s) is no fact, and is asked again', async (_, status, type, body) => {
    await using bucket = await serveBucket((_, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    const malformed = { kind: 'failed', reason: 'malformed' };
    const source = sourceOf(bucket);
    expect(await source.readDescription(ID, null)).toMatchObject(malformed);
    expect(await source.readDescription(ID, '"0a"')).toMatchObject(malformed);
    expect(await list(source)).toMatchObject([malformed]);
    expect(await source.listFolders()).toMatchObject(malformed);
    expect(await source.askAccess(ID, 'CHANGES')).toMatchObject(malformed);
    expect(bucket.asked).toHaveLength(10);
  });

  test('once, and then the description', async () => {
    await using bucket = await serveBucket((_, response, nth) => {
      if (nth === 1) response.writeHead(403, { 'content-type': 'text/html' }).end('<p>no');
      else response.setHeader('ETag', '"0a"').end('{}');
    });
    expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject({ kind: 'seen' });
  });
});

describe('reading a description', () => {
  const BY_S3 = { 'x-amz-request-id': '0123456789ABCDEF' };
  const md5 = (body: string) => createHash('md5').update(body).digest('hex');

  test('gives its bytes and its ETag', async () => {
    await using bucket = await serveBucket((_, response) =>
      response.setHeader('ETag', '"0a"').end('{"Name":"é"}'),
    );
    const expected = { body: Buffer.from('{"Name":"é"}'), etag: '"0a"' };
    expect(await sourceOf(bucket).readDescription(ID, null)).toEqual({
      kind: 'seen',
      value: expected,
    });
    expect(bucket.asked).toEqual(['/openneuro.org/ds000117/dataset_description.json']);
  });

  test.each<[string, Record<string, string>, string, object]>([
    ['JSON without an ETag', {}, '{}', { kind: 'failed', reason: 'malformed' }],
    [
      'a log-in page with an ETag of its own',
      { etag: '"5f2a-61c7d1"', 'content-type': 'text/html' },
      '<p>Log in',
      { kind: 'failed', reason: 'malformed' },
    ],
    [
      'no JSON, uploaded in parts',
      { etag: '"9b2cf535f27731c974343645a3985328-2"', 'x-amz-request-id': '0123456789ABCDEF' },
      '<p>Log in',
      { kind: 'seen' },
    ],
  ])('%s: %#', async (_, headers, body, expected) => {
    await using bucket = await serveBucket((_, response) =>
      response.writeHead(200, headers).end(body),
    );
    expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject(expected);
  });

  test('a request with the last ETag may be answered "not modified"', async () => {
    await using bucket = await serveBucket(({ headers }, response) => {
      response.statusCode = headers['if-none-match'] === '"0a"' ? 304 : 200;
      response.setHeader('ETag', '"0a"');
      response.end(response.statusCode === 200 ? '{}' : undefined);
    });
    expect(await sourceOf(bucket).readDescription(ID, '"0a"')).toEqual({ kind: 'unchanged' });
    expect(await sourceOf(bucket).readDescription(ID, '"0b"')).toMatchObject({ kind: 'seen' });
  });

  test.each([
    {
      name: 'broken by its uploader',
      body: '{"Name"',
      whole: '{"Name"',
      expected: { kind: 'seen' },
    },
    {
      name: 'cut on its way',
      body: '{"Name"',
      whole: '{"Name":1}',
      expected: { kind: 'failed', reason: 'cut-short' },
    },
    {
      name: 'readable, whatever its ETag is made of',
      body: '{}',
      whole: '',
      expected: { kind: 'seen' },
    },
  ])('$name: $expected.kind', async ({ body, whole, expected }) => {
    await using bucket = await serveBucket((_, response) =>
      response.setHeader('ETag', `"${md5(whole)}"`).end(body),
    );
    expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject(expected);
  });

  test('asks for it by GET, and without a condition at first', async () => {
    const heads: unknown[] = [];
    await using bucket = await serveBucket(({ method, headers }, response) => {
      heads.push([method, 'if-none-match' in headers]);
      response.setHeader('ETag', '"0a"').end('{}');
    });
    await sourceOf(bucket).readDescription(ID, null);
    await sourceOf(bucket).readDescription(ID, '"0a"');
    expect(heads).toEqual([
      ['GET', false],
      ['GET', true],
    ]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['without an ETag is no object of S3', {}, 'malformed'],
    ['with an ETag that is its MD5 is what was uploaded', { ETag: `"${md5('{"Na')}"` }, ''],
    ['with an ETag of several parts may be', { ...BY_S3, ETag: `"${md5('x')}-2"` }, ''],
    ['with an ETag that only ends in an MD5 may be', { ...BY_S3, ETag: `"x${md5('x')}"` }, ''],
    ['with a weak ETag may be', { ...BY_S3, ETag: `W/"${md5('x')}"` }, ''],
    ["with such an ETag, and not by S3, is nobody's", { ETag: `W/"${md5('x')}"` }, 'malformed'],
    ['with an ETag that only begins with one may be', { ...BY_S3, ETag: `"${md5('x')}"-2` }, ''],
    ['with the MD5 of other bytes was cut', { ETag: `"${md5('x')}"` }, 'cut-short'],
  ])('that is no JSON %s', async (_, headers, reason) => {
    await using bucket = await serveBucket((_, response) =>
      response.writeHead(200, headers).end('{"Na'),
    );
    const answer = await sourceOf(bucket).readDescription(ID, null);
    expect(answer).toMatchObject(reason === '' ? { kind: 'seen' } : { kind: 'failed', reason });
  });

  test('a compressed description that is no JSON is not judged by its ETag', async () => {
    await using bucket = await serveBucket((_, response) =>
      response
        .writeHead(200, { ETag: `"${md5('x')}"`, 'Content-Encoding': 'gzip' })
        .end(gzipSync('{"Na')),
    );
    expect(await sourceOf(bucket).readDescription(ID, null)).toMatchObject({ kind: 'seen' });
  });

  test('above 1 MB is refused', async () => {
    await using bucket = await serveBucket((_, response) =>
      response.end(' '.repeat(1024 * 1024 + 1)),
    );
    const answer = await sourceOf(bucket).readDescription(ID, null);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });
});

describe('hostile or wrong input', () => {
  test.each([
    '',
    '..',
    'ds000117/..',
    'ds000117?x',
    'ds 1',
    '%2e%2e',
    `ds${'0'.repeat(200)}`,
    'ds\n1',
  ])('the id %j enters no address', async (id) => {
    await using bucket = await serveBucket((_, response) => response.end('{}'));
    const source = sourceOf(bucket);
    const failure = { kind: 'failed', reason: 'internal' };
    expect(await source.readDescription(id, null)).toMatchObject(failure);
    expect(await list(source, id)).toMatchObject([failure]);
    expect(await source.askAccess(id, 'CHANGES')).toMatchObject(failure);
    expect(bucket.asked).toEqual([]);
  });

  test.each([0, 1001, 1.5, Number.NaN])('a page size of %d is refused at once', (pageSize) => {
    const make = () => createExportSource({ http, baseUrl: 'http://127.0.0.1:1/b', pageSize });
    expect(make).toThrow(RangeError);
  });
});

test.each([
  ['https://s3.amazonaws.com/openneuro.org', 'openneuro.org'],
  ['http://127.0.0.1:9000/openneuro.org/', 'openneuro.org'],
  ['https://example.org/s3/a%2Dbucket', 'a-bucket'],
  ['https://openneuro.org.s3.amazonaws.com', null],
  ['https://example.org/%', null],
])('the bucket of %s is %s', (baseUrl, bucket) => {
  expect(createExportSource({ http, baseUrl }).bucket).toBe(bucket);
});
