// The file server: what it serves, with which headers, and everything that it must never serve.

import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARCHIVES } from '../../archives/index.ts';
import { type OpenSite, openSite } from '../../bin/serve/command.ts';
import { createHostCheck } from '../../bin/serve/host.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { writeSite } from '../../scripts/build-site.ts';
import { toy } from '../contract/toy/index.ts';
import { changePage, copyCheckout } from '../support/checkout.ts';
import { ask } from './ask.ts';
import { start, temporaryFolder } from './cli.ts';

const LONG = JSON.stringify({ text: 'The same words. '.repeat(1000) });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let site: OpenSite;
beforeAll(async () => {
  folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await mkdir(join(data, 'datasets/ds000001/snapshots/1.0.0'), { recursive: true });
  await mkdir(join(data, '.mirrorwatch/runs'), { recursive: true });
  await writeFile(join(folder.path, 'secret.json'), 'secret');
  await writeFile(join(data, '.mirrorwatch/runs/run.json'), 'secret');
  await writeFile(join(data, '.mirrorwatch-0123456789abcdef.tmp'), 'secret');
  await writeFile(join(data, 'all-datasets.json'), '{"datasets": []}');
  await writeFile(join(data, 'empty.json'), '');
  await writeFile(join(data, 'long.json'), LONG);
  await writeFile(join(data, 'datasets/ds000001/github.json'), '{}');
  for (const path of ['badges/openneuro.svg', 'feeds/openneuro.atom']) {
    await mkdir(join(data, dirname(path)), { recursive: true });
    await writeFile(join(data, path), '<svg/>');
  }
  await writeFile(join(data, 'datasets/ds000001/snapshots/1.0.0/metadata.json'), '{}');
  await symlink(join(folder.path, 'secret.json'), join(data, 'link.json'));
  await symlink(folder.path, join(data, 'up'));
  await symlink(join(data, 'all-datasets.json'), join(data, 'inside.json'));
  site = await openSite({ out: data, port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await site.close();
  await folder.remove();
});

describe('serving', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/?sort=status', 'text/html; charset=utf-8', 'no-cache'],
    ['/data/all-datasets.json', 'application/json; charset=utf-8', 'no-cache'],
    ['/data/inside.json', 'application/json; charset=utf-8', 'no-cache'],
    ['/data/datasets/ds000001/github.json', 'application/json; charset=utf-8', 'no-cache'],
    [
      '/data/datasets/ds000001/snapshots/1.0.0/metadata.json',
      'application/json; charset=utf-8',
      'no-cache',
    ],
    ['/data/empty.json', 'application/json; charset=utf-8', 'no-cache'],
    ['/data/badges/openneuro.svg', 'image/svg+xml', 'no-cache'],
    ['/data/feeds/openneuro.atom', 'application/atom+xml; charset=utf-8', 'no-cache'],
  ])('%s is served as %s, %s', async (path, type, caching) => {
    const { status, headers, body } = await ask(site.url, path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(type);
    expect(headers['cache-control']).toBe(caching);
    expect(headers['content-length']).toBe(`${Buffer.byteLength(body)}`);
  });

  test('results of another archive than the first are where the page asks for them', async () => {
    const out = join(folder.path, 'toys');
    await mkdir(join(out, 'toy'), { recursive: true });
    await writeFile(join(out, 'toy/status.json'), '{}');
    const archives = [...ARCHIVES, toy as Archive];
    const other = await openSite({ out, port: 0, host: '127.0.0.1' }, 1, archives);
    try {
      expect(new URL(other.url).search).toBe('?archive=toy');
      expect((await ask(other.url, '/data/toy/status.json')).status).toBe(200);
      expect((await ask(other.url, '/data/toys/status.json')).status).toBe(404);
    } finally {
      await other.close();
    }
    expect(new URL(site.url).search).toBe('');
    expect((await ask(site.url, '/data/toy/all-datasets.json')).status).toBe(404);
  });

  test.each([
    '/data/../secret.json',
    '/../secret.json',
    '/data/%2e%2e/secret.json',
    '/data/..%2fsecret.json',
    '/data/%2E%2E%5Csecret.json',
    '/data/..\\secret.json',
    '/data/datasets/../../secret.json',
    '/data//secret.json',
    '//secret.json',
    '/data/link.json',
    '/data/up/secret.json',
    '/data/.mirrorwatch/runs/run.json',
    '/data/%2emirrorwatch/runs/run.json',
    '/data/.mirrorwatch-0123456789abcdef.tmp',
    '/data/all-datasets.json%00.html',
    '/data/all-datasets.json%',
    '/data/%ff',
    '/data/datasets',
    '/data/',
    '/data',
    '/nothing.json',
    `/data/${'a'.repeat(3000)}`,
    'http://127.0.0.1/secret.json',
    '*',
  ])('%s is not there', async (path) => {
    const { status, headers, body } = await ask(site.url, path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
    const type = path.startsWith('/data/') ? 'plain' : 'html';
    expect(headers['content-type']).toBe(`text/${type}; charset=utf-8`);
    expect(headers['cache-control']).toBe('no-store');
    expect((await ask(site.url, path, { method: 'HEAD' })).body).toBe('');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s is refused', async (method) => {
    const { status, headers } = await ask(site.url, '/data/all-datasets.json', { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });

  test('HEAD gives the headers of GET and no body', async () => {
    const head = await ask(site.url, '/data/all-datasets.json', { method: 'HEAD' });
    expect(head.body).toBe('');
    expect(head.headers['content-length']).toBe('16');
  });

  test('a file that did not change is 304, one that did is sent again', async () => {
    const path = '/data/datasets/ds000001/github.json';
    const { headers } = await ask(site.url, path);
    const etag = String(headers.etag);
    const again = (tag: string) => ask(site.url, path, { headers: { 'if-none-match': tag } });
    expect(await again(etag)).toMatchObject({ status: 304, body: '' });
    expect(await again(`"other", W/${etag}`)).toMatchObject({ status: 304 });
    expect(await again('"other"')).toMatchObject({ status: 200 });
    const file = join(folder.path, path);
    await writeFile(`${file}.new`, '[]');
    await rename(`${file}.new`, file);
    expect(await again(etag)).toMatchObject({ status: 200, body: '[]' });
  });

  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'br', brotliDecompressSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip;q=1.0, br;q=0.5', 'gzip', gunzipSync],
    ['br;q=0, *', 'gzip', gunzipSync],
  ])('to "%s" it is compressed with %s', async (accept, encoding, decompress) => {
    const headers = { 'accept-encoding': accept };
    const plain = await ask(site.url, '/data/long.json');
    const answer = await ask(site.url, '/data/long.json', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.bytes.length).toBeLessThan(LONG.length / 20);
    expect(decompress(answer.bytes).toString()).toBe(LONG);
    for (const { headers } of [plain, answer]) expect(headers.vary).toBe('accept-encoding');
    const etag = String(answer.headers.etag);
    expect(etag).not.toBe(plain.headers.etag);
    const again = { ...headers, 'if-none-match': etag };
    expect(await ask(site.url, '/data/long.json', { headers: again })).toMatchObject({
      status: 304,
      body: '',
    });
    const head = await ask(site.url, '/data/long.json', { method: 'HEAD', headers });
    expect(head.headers).toMatchObject({ etag, 'content-encoding': encoding });
  });

  test.each([
    ['identity', '/data/long.json'],
    ['gzip;q=0', '/data/long.json'],
    ['zstd', '/data/long.json'],
    ['gzip', '/data/all-datasets.json'],
  ])('to "%s" %s is sent as it is', async (accept, path) => {
    const { headers, bytes } = await ask(site.url, path, {
      headers: { 'accept-encoding': accept },
    });
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['content-length']).toBe(`${bytes.length}`);
  });

  test.each([
    ['bytes=0-3', 'bytes 0-3/16', '{"da'],
    ['bytes=12-', 'bytes 12-15/16', ' []}'],
    ['bytes=12-99', 'bytes 12-15/16', ' []}'],
    ['bytes=-2', 'bytes 14-15/16', ']}'],
    ['bytes=-99', 'bytes 0-15/16', '{"datasets": []}'],
  ])('the part %s is %s', async (range, told, body) => {
    const headers = { range, 'accept-encoding': 'gzip' };
    const answer = await ask(site.url, '/data/all-datasets.json', { headers });
    expect(answer).toMatchObject({ status: 206, body });
    expect(answer.headers).toMatchObject({
      'content-range': told,
      'content-length': `${body.length}`,
      'accept-ranges': 'bytes',
    });
  });

  test.each(['bytes=16-', 'bytes=-0'])('the part %s is behind the end', async (range) => {
    const answer = await ask(site.url, '/data/all-datasets.json', { headers: { range } });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe('bytes */16');
  });

  test.each(['bytes=0-1,4-5', 'lines=1-2', 'bytes=3-1', 'bytes=-', 'bytes=a-b'])(
    'to the part "%s" the whole is sent',
    async (range) => {
      const answer = await ask(site.url, '/data/all-datasets.json', { headers: { range } });
      expect(answer).toMatchObject({ status: 200, body: '{"datasets": []}' });
    },
  );

  test('a file that has changed since is sent whole, not in part', async () => {
    const part = (condition: string) =>
      ask(site.url, '/data/all-datasets.json', {
        headers: { range: 'bytes=0-3', 'if-range': condition },
      });
    const { headers } = await ask(site.url, '/data/all-datasets.json');
    expect(await part(String(headers.etag))).toMatchObject({ status: 206 });
    expect(await part('"other"')).toMatchObject({ status: 200 });
  });

  test.each([
    'attacker.example',
    'attacker.example:8000',
    '127.0.0.1.attacker.example',
    '@127.0.0.1',
  ])('a site whose name (%s) leads here learns nothing', async (host) => {
    const answer = await ask(site.url, '/data/all-datasets.json', { headers: { host } });
    expect(answer.status).toBe(421);
    expect(answer.body).not.toContain('datasets');
  });

  test.each([
    ['127.0.0.1', 'localhost:8000', true],
    ['127.0.0.1', 'LOCALHOST', true],
    ['127.0.0.1', '127.0.0.1:8000', true],
    ['127.0.0.1', '[::1]:8000', true],
    ['127.0.0.1', '192.168.1.5:8000', false],
    ['127.0.0.1', 'localhost.attacker.example', false],
    ['127.0.0.1', 'localhost@attacker.example', false],
    ['127.0.0.1', undefined, false],
    ['::1', '[::1]:8000', true],
    ['fd00::5', '[fd00::5]:8000', true],
    ['watch.example.org', 'Watch.Example.org:8000', true],
    ['watch.example.org', 'attacker.example', false],
    ['0.0.0.0', '192.168.1.5:8000', true],
    ['::', '[fd00::5]', true],
    ['0.0.0.0', 'attacker.example', false],
  ])('listening on %s, the name %s is ours: %s', (listening, host, ours) => {
    expect(createHostCheck(listening)(host)).toBe(ours);
  });

  test('every answer forbids scripts, styles and frames of others', async () => {
    for (const path of ['/', '/data/all-datasets.json', '/nothing']) {
      const { headers } = await ask(site.url, path);
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]) {
        expect(policy).toContain(rule);
      }
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('the page holds no inline script or style and asks nobody else for anything', async () => {
    const { body } = await ask(site.url, '/');
    expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?:/);
    const parts = [...body.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)];
    expect(parts.map(([, path]) => /\w+$/.exec(path ?? '')?.[0])).toEqual(
      expect.arrayContaining(['js', 'css']),
    );
    for (const [, path] of parts) {
      expect((await ask(site.url, `/${path}`)).status, path).toBe(200);
    }
  });

  test('mirrorwatch serve prints its address, serves, and ends with Ctrl-C', async () => {
    const out = join(folder.path, 'data');
    const running = start(['serve', '--out', out, '--port', '0']);
    const [url] = await running.says(/http:\/\/127\.0\.0\.1:\d+\//);
    expect((await ask(url, '/data/all-datasets.json')).body).toBe('{"datasets": []}');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  describe('from a checkout', () => {
    let checkout: string;
    beforeAll(async () => {
      checkout = join(folder.path, 'checkout');
      await copyCheckout(checkout);
      await writeSite(join(checkout, 'site'));
      await changePage(checkout, 'changed');
    });
    const serving = () =>
      start(['serve', '--out', join(folder.path, 'data'), '--port', '0'], {
        script: join(checkout, 'bin/mirrorwatch.ts'),
        cwd: folder.path,
      });

    test('shows the page of its sources, not one that was built before', async () => {
      const running = serving();
      const [url] = await running.says(/http:\/\/127\.0\.0\.1:\d+\//);
      expect((await ask(url, '/')).body).toContain('<!-- changed -->');
      running.child.kill('SIGINT');
      expect((await running.ended).code).toBe(0);
    });

    test('says which command shows why the page cannot be built', async () => {
      await rm(join(checkout, 'frontend/style.css'));
      const { code, stderr } = await serving().ended;
      expect(code).toBe(1);
      expect(stderr).toBe('mirrorwatch: the page cannot be built; npm run build:site says why\n');
    });
  });
});
