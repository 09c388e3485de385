// The canary after a publish: a site as it should be, and every way in which a visitor gets less.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { siteFault } from '../../lambdas/canary.ts';
import { visitInBucket, visitOverHttp } from '../../lambdas/visitor.ts';

const AT = '2026-08-02T06:10:00.000Z';
const BEFORE = '2026-08-01T06:10:00.000Z';
const PUBLISHED = {
  ...{ at: AT, before: BEFORE, total: 2 },
  dataset: { id: 'ds000117', path: 'datasets/ds000117/github.json' },
};

interface File {
  readonly type: string;
  readonly text: string;
  readonly status?: number;
}
const page = (script: string): File => ({
  type: 'text/html; charset=utf-8',
  text: `<!doctype html>\n<script src="assets/theme.js"></script>\n<script type="module" src="${script}"></script>`,
});
const script: File = { type: 'text/javascript; charset=utf-8', text: 'render();' };
const json = (value: unknown): File => ({
  type: 'application/json; charset=utf-8',
  text: JSON.stringify(value),
});

/** Path → file. */
type Site = Record<string, File>;
const wellKept = (): Site => ({
  '/': page('assets/main-ABC.js'),
  '/assets/main-ABC.js': script,
  '/dataset.html': page('assets/dataset-ABC.js'),
  '/assets/dataset-ABC.js': script,
  '/data/summary.json': json({ lastUpdated: AT, total: 2 }),
  '/data/datasets/ds000117/github.json': json({ datasetId: 'ds000117' }),
});

let server: Server;
let site: Site;
beforeEach(async () => {
  site = wellKept();
  server = createServer((request, response) => {
    const file = site[new URL(request.url ?? '', 'http://x').pathname];
    if (!file) return void response.writeHead(404).end();
    const body = gzipSync(file.text);
    const headers = { 'content-type': file.type, 'content-encoding': 'gzip' };
    response.writeHead(file.status ?? 200, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const look = (published = PUBLISHED, pause = async () => {}) =>
  siteFault(visitOverHttp(address(), new AbortController().signal), published, pause);

test('a site that shows what was published is well, and nobody waits', async () => {
  const pause = vi.fn(async () => {});
  expect(await look(PUBLISHED, pause)).toBeNull();
  expect(pause).not.toHaveBeenCalled();
});

test.each<[what: string, change: (site: Site) => void, fault: RegExp]>([
  ['no page', (one) => delete one['/'], /^The page is answered with 404/],
  ['no script', (one) => delete one['/assets/main-ABC.js'], /main-ABC\.js is answered with 404/],
  [
    'a page in the place of a script',
    (one) => Object.assign(one, { '/assets/main-ABC.js': page('x') }),
    /main-ABC\.js is answered as text\/html, not text\/javascript/,
  ],
  [
    'an empty script',
    (one) => Object.assign(one, { '/assets/main-ABC.js': { ...script, text: '' } }),
    /is empty/,
  ],
  [
    'another page',
    (one) => Object.assign(one, { '/': { ...page('x'), text: 'Parked' } }),
    /names no script/,
  ],
  ['no summary', (one) => delete one['/data/summary.json'], /summary\.json is answered with 404/],
  [
    'a summary that is cut off',
    (one) => Object.assign(one, { '/data/summary.json': { ...json({}), text: '{"lastUpd' } }),
    /summary\.json is no JSON/,
  ],
  [
    'a summary older than the one before',
    (one) =>
      Object.assign(one, {
        '/data/summary.json': json({ lastUpdated: '2026-07-20T06:10:00.000Z', total: 2 }),
      }),
    /is of 2026-07-20T06:10:00\.000Z, and the published one of 2026-08-02/,
  ],
  [
    'other numbers',
    (one) => Object.assign(one, { '/data/summary.json': json({ lastUpdated: AT, total: 1 }) }),
    /has 1 datasets, and 2 were published/,
  ],
  [
    'no page of a dataset',
    (one) => delete one['/dataset.html'],
    /dataset\.html\?id=ds000117 is answered with 404/,
  ],
  [
    'no document of a dataset',
    (one) => delete one['/data/datasets/ds000117/github.json'],
    /github\.json is answered with 404/,
  ],
  [
    'the document of another dataset',
    (one) =>
      Object.assign(one, { '/data/datasets/ds000117/github.json': json({ datasetId: 'ds1' }) }),
    /github\.json is not about ds000117/,
  ],
  [
    'an error of the server',
    (one) => Object.assign(one, { '/': { ...page('x'), status: 503 } }),
    /The page is answered with 503/,
  ],
])('%s is reported', async (_, change, fault) => {
  change(site);
  expect(await look()).toMatch(fault);
});

test('a host that gives no answer is reported', async () => {
  const gone = address();
  server.close();
  await once(server, 'close');
  const visit = visitOverHttp(gone, new AbortController().signal);
  expect(await siteFault(visit, PUBLISHED, async () => {})).toMatch(/^It gave no answer: /);
});

test('what a cache still holds of the run before is no fault; what it holds longer is', async () => {
  site['/data/summary.json'] = json({ lastUpdated: BEFORE, total: 7 });
  expect(await look()).toBeNull();
  expect(await look({ ...PUBLISHED, before: null } as never)).toMatch(/is of 2026-08-01/);
});

test('a fault that is gone after a minute does not count', async () => {
  delete site['/data/summary.json'];
  const pause = vi.fn(async () => {
    site = wellKept();
  });
  expect(await look(PUBLISHED, pause)).toBeNull();
  expect(pause.mock.calls).toEqual([[61_000]]);
});

test('documents of older versions name no dataset, and an empty archive has none', async () => {
  site['/data/datasets/ds000117/github.json'] = json({ status: 'ok' });
  expect(await look()).toBeNull();
  site = { ...wellKept(), '/data/summary.json': json({ lastUpdated: AT, total: 0 }) };
  delete site['/dataset.html'];
  expect(await look({ ...PUBLISHED, total: 0, dataset: null } as never)).toBeNull();
});

describe('without CloudFront', () => {
  const s3 = {
    send: async ({ input: { Key } }: { input: { Key: string } }) => {
      const file = site[Key === 'index.html' ? '/' : `/${Key}`];
      if (!file) throw Object.assign(new Error(), { $metadata: { httpStatusCode: 404 } });
      const body = gzipSync(file.text);
      const Body = { transformToByteArray: async () => new Uint8Array(body) };
      return { Body, ContentType: file.type, ContentEncoding: 'gzip' };
    },
  };
  const lookInBucket = () =>
    siteFault(visitInBucket(s3 as never, 'bucket'), PUBLISHED, async () => {});

  test('the bucket is checked in the same way', async () => {
    expect(await lookInBucket()).toBeNull();
    delete site['/dataset.html'];
    expect(await lookInBucket()).toMatch(/dataset\.html\?id=ds000117 is answered with 404/);
  });
});
