// The custom resource that puts the dashboard's files into the bucket, and what it tells
// CloudFormation.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { respond } from '../../lambdas/site/cloudformation.ts';
import { headersOf, publishingOrder } from '../../lambdas/site/headers.ts';

describe('a file of the site', () => {
  test.each([
    ['index.html', 'text/html; charset=utf-8', 'public, max-age=60'],
    ['app.js', 'text/javascript; charset=utf-8', 'public, max-age=60'],
    [
      'assets/main-ABCDEF23.js',
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ],
    ['assets/main-ABCDEF23.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['assets/main-ABCDEF23.js.map', 'application/json; charset=utf-8', 'public, max-age=60'],
    ['icons/brain.svg', 'image/svg+xml', 'public, max-age=60'],
    // Eight letters after a dash are a hash only when esbuild could have written them.
    ['about-internet.html', 'text/html; charset=utf-8', 'public, max-age=60'],
    ['LICENSE', 'application/octet-stream', 'public, max-age=60'],
    ['run.exe', 'application/octet-stream', 'public, max-age=60'],
  ])('%s is %s, %s', (key, ContentType, CacheControl) => {
    expect(headersOf(key)).toEqual({ ContentType, CacheControl });
  });

  test('that is a page comes after the assets that it names', () => {
    expect(publishingOrder(['index.html', 'b.js', 'about.html', 'a.css'])).toEqual([
      'a.css',
      'b.js',
      'about.html',
      'index.html',
    ]);
  });
});

describe('the answer to CloudFormation', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Where CloudFormation waits; resolves with what it is told. */
  async function waiting(status = 200) {
    const told: { method: string; type: string | undefined; body: Record<string, string> }[] = [];
    const server = createServer(async (req, res) => {
      let text = '';
      for await (const chunk of req) text += chunk;
      const type = req.headers['content-type'];
      told.push({ method: req.method ?? '', type, body: JSON.parse(text) });
      res.writeHead(status).end();
    });
    closing.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signed=1`;
    const request = { ResponseURL, StackId: 'stack', RequestId: '1', LogicalResourceId: 'Files' };
    return { told, request };
  }

  test('is put where it waits, with an empty content type and an id that never changes', async () => {
    const { told, request } = await waiting();
    await respond(request, { status: 'SUCCESS' });
    expect(told).toEqual([
      {
        method: 'PUT',
        type: '',
        body: {
          Status: 'SUCCESS',
          Reason: '',
          PhysicalResourceId: 'Files-site',
          StackId: 'stack',
          RequestId: '1',
          LogicalResourceId: 'Files',
        },
      },
    ]);
  });

  test('says why it failed, within the bytes that it may have', async () => {
    const { told, request } = await waiting();
    await respond(request, { status: 'FAILED', reason: `AccessDenied ${'x'.repeat(5000)}` });
    expect(told[0]?.body).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^AccessDenied x+$/),
    });
    expect(JSON.stringify(told[0]?.body).length).toBeLessThan(4096);
  });

  test('that nobody takes is an error, so that Lambda calls again', async () => {
    const { request } = await waiting(403);
    await expect(respond(request, { status: 'SUCCESS' })).rejects.toThrow('403');
  });
});
