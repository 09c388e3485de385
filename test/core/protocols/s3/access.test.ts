// HEADs without credentials, and the folders at the top of a bucket.

import { describe, expect, test } from 'vitest';
import { generateArchive } from '../../../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../../../archives/openneuro/sample/server.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../../core/http.ts';
import { createHttpClient } from '../../../../core/http.ts';
import { askAccess, keyInUrl } from '../../../../core/protocols/s3/access.ts';
import { listFolders } from '../../../../core/protocols/s3/folders.ts';
import { noTraffic } from '../../../../core/traffic.ts';

type Told = { status?: number; body?: string | Buffer; headers?: Record<string, string> };

/** Answers as S3 does; `headers` are those of something else. */
function answering(answers: readonly Told[]): HttpClient & {
  readonly asked: HttpRequest[];
} {
  const asked: HttpRequest[] = [];
  return {
    asked,
    async request(request) {
      const told = answers[asked.length] ?? {};
      const { status = 200, body = '' } = told;
      asked.push(request);
      const headers = told.headers ?? {
        'x-amz-request-id': '0123456789ABCDEF',
        ...(status === 200 && { etag: '"e"' }),
      };
      const answer: HttpAnswer = {
        kind: 'answer',
        status,
        headers,
        body: Buffer.from(body as string),
      };
      return request.verify?.(answer) ?? answer;
    },
    traffic: noTraffic(),
    close() {},
  };
}

describe('a key in a URL', () => {
  test.each([
    ['sub-01/anat/T1w.nii.gz', 'sub-01/anat/T1w.nii.gz'],
    ['a b+c%20#?&.txt', 'a%20b%2Bc%2520%23%3F%26.txt'],
    ['\xc3\xa9', '%C3%A9'],
    ['line\nbreak\x00', 'line%0Abreak%00'],
    ['.bidsignore', '.bidsignore'],
    ['a//b', 'a//b'],
    ['...', '...'],
    ['../x', null],
    ['a/./b', null],
    ['a/..', null],
  ])('%s', (key, expected) => {
    expect(keyInUrl(key)).toBe(expected);
  });
});

describe('access', () => {
  test.each([
    [200, { kind: 'answered', status: 200 }],
    [403, { kind: 'answered', status: 403 }],
    [404, { kind: 'answered', status: 404 }],
    [301, { kind: 'failed', reason: 'malformed' }],
    [405, { kind: 'failed', reason: 'malformed' }],
  ])('HTTP %i', async (status, expected) => {
    const http = answering([{ status }]);
    expect(await askAccess(http, 'http://s3/openneuro.org/ds000001', 'a b')).toMatchObject(
      expected,
    );
    expect(http.asked[0]).toMatchObject({
      method: 'HEAD',
      kind: 'access',
      url: 'http://s3/openneuro.org/ds000001/a%20b',
    });
  });

  const HTML = { 'content-type': 'text/html' };
  const ID = { 'x-amz-request-id': '0123456789ABCDEF' };
  test.each<[string, number, Record<string, string>, 'answered' | 'failed']>([
    ['of a firewall', 403, HTML, 'failed'],
    ['of a proxy', 404, HTML, 'failed'],
    ['of a proxy that sends no type', 404, {}, 'failed'],
    ['of a log-in page', 200, { ...HTML, etag: '"5f2a-61c7d1"' }, 'failed'],
    ['without an ETag', 200, ID, 'failed'],
    ['of a page in the bucket', 200, { ...HTML, ...ID, etag: '"e"' }, 'answered'],
    ['of a bucket behind a cache that takes ids away', 200, { etag: '"e"' }, 'answered'],
  ])('the answer %s (%i) is %s', async (_, status, headers, kind) => {
    const http = answering([{ status, headers }]);
    const answer = await askAccess(http, 'http://s3/openneuro.org/ds000001', 'a');
    expect(answer).toMatchObject(kind === 'failed' ? { kind, reason: 'malformed' } : { kind });
  });

  test.each([
    ['STANDARD, which S3 does not name', {}, undefined],
    ['GLACIER', { 'x-amz-storage-class': 'GLACIER' }, true],
    ['DEEP_ARCHIVE', { 'x-amz-storage-class': 'DEEP_ARCHIVE' }, true],
    ['GLACIER_IR, which is read at once', { 'x-amz-storage-class': 'GLACIER_IR' }, false],
    ['INTELLIGENT_TIERING', { 'x-amz-storage-class': 'INTELLIGENT_TIERING' }, false],
    [
      'its archive tier',
      {
        'x-amz-storage-class': 'INTELLIGENT_TIERING',
        'x-amz-archive-status': 'DEEP_ARCHIVE_ACCESS',
      },
      true,
    ],
    [
      'GLACIER, being restored',
      { 'x-amz-storage-class': 'GLACIER', 'x-amz-restore': 'ongoing-request="true"' },
      true,
    ],
    [
      'GLACIER, restored',
      {
        'x-amz-storage-class': 'GLACIER',
        'x-amz-restore': 'ongoing-request="false", expiry-date="Fri, 21 Dec 2026 00:00:00 GMT"',
      },
      false,
    ],
  ])('of the class %s', async (_, headers, archived) => {
    const http: HttpClient = {
      request: async () => ({
        kind: 'answer',
        status: 200,
        headers: { etag: '"e"', ...headers },
        body: Buffer.alloc(0),
      }),
      traffic: noTraffic(),
      close() {},
    };
    expect(await askAccess(http, 'http://s3/openneuro.org/ds000001', 'a')).toEqual({
      kind: 'answered',
      status: 200,
      etag: 'e',
      ...(archived !== undefined && { archived }),
    });
  });

  test.each([
    [200, undefined],
    [403, 'text/html'],
    [404, 'text/plain; charset=utf-8'],
  ])('a %i that S3 did not give is no answer', async (status, type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const http: HttpClient = {
      request: async () => ({ kind: 'answer', status, headers, body: Buffer.alloc(0) }),
      traffic: noTraffic(),
      close() {},
    };
    const answer = await askAccess(http, 'http://s3/openneuro.org/ds000001', 'a');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test('a key that no URL can name is not requested', async () => {
    const http = answering([]);
    const answer = await askAccess(http, 'http://s3/openneuro.org/ds000001', 'a/../b');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'internal' });
    expect(http.asked).toEqual([]);
  });

  test('a failed request is a failed measurement, with its reason', async () => {
    const http: HttpClient = {
      request: async () => ({ kind: 'failed', reason: 'timeout', detail: 'slow' }),
      traffic: noTraffic(),
      close() {},
    };
    const answer = await askAccess(http, 'http://s3/openneuro.org/ds000001', 'a');
    expect(answer).toEqual({ kind: 'failed', reason: 'timeout', detail: 'slow' });
  });

  test('costs one request and no bytes of a body', async () => {
    const archive = generateArchive({ datasets: 4 });
    const server = await startSampleArchive({ archive });
    const http = createHttpClient();
    try {
      const id = archive.datasets[0]?.id ?? '';
      const answer = await askAccess(http, `${server.exportUrl}/${id}`, 'dataset_description.json');
      expect(answer).toEqual({
        kind: 'answered',
        status: 200,
        etag: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(http.traffic.access).toEqual({ requests: 1, retries: 0, bytes: 0 });
    } finally {
      http.close();
      await server.close();
    }
  });
});

describe('folders', () => {
  const page = (prefixes: readonly string[], token = '', keys = 0) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix>${
      token ? `<NextContinuationToken>${token}</NextContinuationToken>` : ''
    }<KeyCount>${prefixes.length + keys}</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>${token !== ''}</IsTruncated>${'<Contents><Key>x</Key><Size>1</Size><ETag>"e"</ETag></Contents>'.repeat(
      keys,
    )}${prefixes
      .map((prefix) => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`)
      .join('')}</ListBucketResult>`;
  /** The last page repeats: a complete but wrong page is requested again. */
  const list = (...bodies: (string | Buffer)[]) =>
    listFolders(
      answering([...bodies, ...bodies.slice(-1), ...bodies.slice(-1)].map((body) => ({ body }))),
      'http://s3/openneuro.org',
    );

  test('folders of several pages are read, beside keys that lie at the top', async () => {
    const folders = await list(page(['a%20b/', 'ds000001/'], 't1', 1), page(['ds000002/']));
    expect(folders).toEqual({ kind: 'seen', value: ['a b', 'ds000001', 'ds000002'] });
  });

  test('each page is asked for with the token of the one before', async () => {
    const pages = [page(['a/'], '1/x+y='), page(['b/'], 't2'), page(['c/'])];
    const http = answering(pages.map((body) => ({ body })));
    await listFolders(http, 'http://s3/openneuro.org');
    const asked =
      'http://s3/openneuro.org/?list-type=2&encoding-type=url&delimiter=%2F&max-keys=1000';
    expect(http.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${asked}`,
      `GET ${asked}&continuation-token=1%2Fx%2By%3D`,
      `GET ${asked}&continuation-token=t2`,
    ]);
  });

  test('folders of a server that does not encode are taken as they are', async () => {
    const plain = page(['a+b%20c/', 'café/']).replace('<EncodingType>url</EncodingType>', '');
    expect(await list(plain)).toEqual({ kind: 'seen', value: ['a+b%20c', 'café'] });
  });

  test('may stand among elements of other names, which may come twice', async () => {
    const more = page(['a/']).replace('<Name>', '<X/><X>y</X> <Name>');
    expect(await list(`${more}\n`)).toEqual({ kind: 'seen', value: ['a'] });
  });

  test('folders on more than a thousand pages are a fault', async () => {
    const name = (n: number) => `d${String(n).padStart(5, '0')}/`;
    const pages = Array.from({ length: 1001 }, (_, n) => page([name(n)], `t${n}`));
    const http = answering(pages.map((body) => ({ body })));
    const answer = await listFolders(http, 'http://s3/openneuro.org');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
    expect(http.asked).toHaveLength(1000);
  });

  test.each([403, 404, 204, 500])(
    'HTTP %i with a good page under it is no answer',
    async (status) => {
      const http = answering([{ status, body: page(['a/']) }]);
      const answer = await listFolders(http, 'http://s3/openneuro.org');
      expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
    },
  );

  test('a page that a retry replaced by a refusal is forgotten', async () => {
    const body = Buffer.from(page(['a/']));
    const http: HttpClient = {
      async request(request) {
        const answer = { kind: 'answer', status: 200, headers: {}, body } as const;
        request.verify?.(answer);
        const refused = { ...answer, status: 403 };
        return request.verify?.(refused) ?? refused;
      },
      traffic: noTraffic(),
      close() {},
    };
    const answer = await listFolders(http, 'http://s3/openneuro.org');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test.each([
    ['with bytes that are no UTF-8', Buffer.from(page(['caf\xe9/']), 'latin1')],
    ['with two counts', page(['a/']).replace('<Name>', '<KeyCount>1</KeyCount><Name>')],
    ['with something behind them', `${page(['a/'])}x`],
    ['with two prefixes in one', page(['a/</Prefix><Prefix>b/'])],
    ['with another element beside a prefix', page(['a/</Prefix><Other>b/</Other><Prefix>c/'])],
    [
      'with another element in place of a prefix',
      page(['']).replace(/(CommonPrefixes>)<Prefix><\/Prefix>/, '$1<X>a/</X>'),
    ],
    ['with no prefix', page(['']).replace('<CommonPrefixes><Prefix></Prefix>', '<CommonPrefixes>')],
    ['with an invalid escape', page(['a%zz/'])],
    ['with a count of words', page(['a/']).replace('>1<', '>one<')],
    ['truncated maybe', page(['a/']).replace('>false<', '>maybe<')],
    ['with a token and not truncated', page(['a/'], 't').replace('>true<', '>false<')],
    [
      'of another kind',
      page(['a/'])
        .replaceAll('ListBucketResult', 'ListBucketResultX')
        .concat('</ListBucketResult>'),
    ],
  ])('%s are malformed', async (_, body) => {
    expect(await list(body)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test.each([
    ['cut', [page(['ds000001/']).slice(0, -9)], 'cut-short'],
    ['with another count', [page(['a/', 'b/']).replace('>2<', '>3<')], 'malformed'],
    ['out of order', [page(['b/', 'a/'])], 'malformed'],
    ['twice over pages', [page(['a/'], 't1'), page(['a/'])], 'malformed'],
    ['with a token that repeats', [page(['a/'], 't1'), page(['b/'], 't1')], 'malformed'],
    ['with a prefix that is no folder', [page(['a'])], 'malformed'],
    ['truncated without a token', [page([]).replace('>false<', '>true<')], 'malformed'],
    ['that is no listing', ['<html></html></ListBucketResult>'], 'malformed'],
  ])('%s are a failed measurement', async (_, bodies, reason) => {
    expect(await list(...bodies)).toMatchObject({ kind: 'failed', reason });
  });

  test('as S3 sends them: every dataset of the sample bucket, and what lies beside', async () => {
    const archive = generateArchive({ datasets: 4 });
    const server = await startSampleArchive({ archive });
    const http = createHttpClient();
    try {
      const folders = await listFolders(http, server.exportUrl);
      if (folders.kind !== 'seen') throw new Error(JSON.stringify(folders));
      expect(folders.value).toEqual(folders.value.toSorted());
      expect(folders.value).toContain('ds900001');
    } finally {
      http.close();
      await server.close();
    }
  });
});
