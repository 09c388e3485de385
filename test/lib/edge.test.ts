// What the site answers, asked for over HTTP: from the bucket by the template's distribution, and
// from a folder by `serve`. Both must say the same.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite } from '../../bin/serve/command.ts';
import { atRest, MOST_UNCOMPRESSED } from '../../core/documents/at-rest.ts';
import { publishSite } from '../../lambdas/site/publish.ts';
import { openDocuments } from '../../lambdas/store/documents.ts';
import { openObjects } from '../../lambdas/store/objects.ts';
import { CONTENT_SECURITY_POLICY } from '../../lib/website/answers.ts';
import { notFoundCode } from '../../lib/website/not-found.ts';
import { buildSite, type SiteFiles } from '../../lib/website/site.ts';
import { startFront } from '../aws/front.ts';
import { ask } from '../bin/ask.ts';
import { temporaryFolder } from '../bin/cli.ts';
import { fakeCloud } from '../support/aws/cloud.ts';

const HEADERS = { contentType: 'application/json; charset=utf-8', cacheControl: 'no-store' };
const textOf = (bytes: number) => JSON.stringify({ text: 'word '.repeat(bytes / 5) });
const DOCUMENTS: Readonly<Record<string, string>> = {
  'data/status.json': '{"some": "thing"}',
  'data/names.json': textOf(20_000),
  'data/datasets/ds000001/snapshots/1.0.0/files.json': textOf(MOST_UNCOMPRESSED + 1000),
};
const LARGE = 'data/datasets/ds000001/snapshots/1.0.0/files.json';

let site: SiteFiles;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  ({ files: site } = await buildSite());
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const SERVERS = {
  async CloudFront() {
    const { clients, bucket } = fakeCloud();
    const { s3 } = clients();
    await publishSite({ s3, bucket, site, last: undefined });
    const documents = openDocuments(openObjects(s3, bucket));
    for (const [path, text] of Object.entries(DOCUMENTS)) {
      await documents.replace(path, undefined, Buffer.from(text), HEADERS);
    }
    return startFront(s3, bucket);
  },
  /** The folder has the large document as a copy of the bucket has it. */
  async serve() {
    for (const [path, text] of Object.entries(DOCUMENTS)) {
      const place = join(folder.path, path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, atRest(Buffer.from(text)).bytes);
    }
    return openSite({ out: join(folder.path, 'data'), port: 0, host: '127.0.0.1' });
  },
};

describe.each(Object.keys(SERVERS) as (keyof typeof SERVERS)[])('%s', (name) => {
  let server: Awaited<ReturnType<typeof startFront>>;
  beforeAll(async () => {
    server = await SERVERS[name]();
  }, 60_000);
  afterAll(() => server.close());
  const get = (path: string, headers: Record<string, string> = {}) =>
    ask(server.url, path, { headers });

  test('the results may be read by notebooks and pages of others, the page may not', async () => {
    const origin = { origin: 'https://notebook.example' };
    for (const path of ['/data/status.json', '/data/none.json']) {
      expect((await get(path, origin)).headers).toMatchObject({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      });
    }
    const { headers } = await get('/', origin);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  test.each(['/nothing', '/index.htm', '/datasets/ds000001', '/404.html', '/data', '/trees/00/00'])(
    '%s is a page with a way back, and 404',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(404);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': CONTENT_SECURITY_POLICY,
      });
      expect(body).toContain('<a href="/">');
      const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(body) ?? [];
      expect((await get(style)).status).toBe(200);
    },
  );

  test.each(['/data/none.json', '/data/datasets/ds999999/github.json', '/assets/main-ABCDEF23.js'])(
    '%s is 404 and no page',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(404);
      expect(headers['content-type']).not.toContain('html');
      expect(body).not.toContain('<a ');
    },
  );

  test.each(['/', '/index.html', '/dataset.html?id=ds000001', '/plain.css'])(
    '%s is there',
    async (path) => {
      expect((await get(path)).status).toBe(200);
    },
  );

  test.each([
    ['data/names.json', 'gzip'],
    [LARGE, 'gzip'],
  ])('%s is sent compressed to clients that accept it', async (path, accept) => {
    const { headers, bytes } = await get(`/${path}`, { 'accept-encoding': accept });
    expect(headers['content-encoding']).toBe('gzip');
    expect(bytes.length).toBeLessThan((DOCUMENTS[path] as string).length / 20);
    expect(gunzipSync(bytes).equals(Buffer.from(DOCUMENTS[path] as string))).toBe(true);
  });

  test('a small document is sent as it is', async () => {
    const { headers, body } = await get('/data/names.json');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(body).toBe(DOCUMENTS['data/names.json']);
  });
});

test('serve unpacks a document that is compressed at rest for clients without gzip', async () => {
  const server = await SERVERS.serve();
  try {
    for (const accept of ['identity', 'br', 'gzip;q=0']) {
      const { headers, body } = await ask(server.url, `/${LARGE}`, {
        headers: { 'accept-encoding': accept, range: 'bytes=0-3' },
      });
      expect(headers).not.toHaveProperty('content-encoding');
      expect(body === DOCUMENTS[LARGE]).toBe(true);
    }
  } finally {
    await server.close();
  }
});

test('the function for wrong addresses is as small as CloudFront wants it', () => {
  expect(Buffer.byteLength(notFoundCode(site))).toBeLessThan(10_240);
});
