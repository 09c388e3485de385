// HEADs without credentials, and the folders at the top of a bucket.

import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../core/http.ts';
import { createHttpClient } from '../../../core/http.ts';
import { askAccess, keyInUrl } from '../../../core/s3/access.ts';
import { listFolders } from '../../../core/s3/folders.ts';
import { noTraffic } from '../../../core/traffic.ts';
import { generateArchive } from '../../../sample/generate.ts';
import { startSampleArchive } from '../../../sample/server.ts';

function answering(answers: readonly { status?: number; body?: string }[]): HttpClient & {
  readonly asked: HttpRequest[];
} {
  const asked: HttpRequest[] = [];
  return {
    asked,
    async request(request) {
      const { status = 200, body = '' } = answers[asked.length] ?? {};
      asked.push(request);
      const headers: Record<string, string> = status === 200 ? { etag: '"e"' } : {};
      const answer: HttpAnswer = { kind: 'answer', status, headers, body: Buffer.from(body) };
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

  test('costs one request and no bytes of a body', async () => {
    const archive = generateArchive({ datasets: 4 });
    const server = await startSampleArchive({ archive });
    const http = createHttpClient();
    try {
      const id = archive.datasets[0]?.id ?? '';
      const answer = await askAccess(http, `${server.exportUrl}/${id}`, 'dataset_description.json');
      expect(answer).toEqual({ kind: 'answered', status: 200 });
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
    }<KeyCount>${prefixes.length + keys}</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>${token !== ''}</IsTruncated>${'<Contents><Key>x</Key></Contents>'.repeat(
      keys,
    )}${prefixes
      .map((prefix) => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`)
      .join('')}</ListBucketResult>`;
  const list = (...bodies: string[]) =>
    listFolders(answering(bodies.map((body) => ({ body }))), 'http://s3/openneuro.org');

  test('of several pages, beside keys that lie at the top', async () => {
    const folders = await list(page(['a%20b/', 'ds000001/'], 't1', 1), page(['ds000002/']));
    expect(folders).toEqual({ kind: 'seen', value: ['a b', 'ds000001', 'ds000002'] });
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
