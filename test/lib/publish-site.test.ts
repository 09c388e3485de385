// The custom resource that puts the dashboard's files into the bucket, and its answer to
// CloudFormation.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { respond } from '../../lambdas/cloudformation.ts';
import { type PublishEvent, pathsOfLastBuild } from '../../lambdas/site/event.ts';
import { headersOf, publishingOrder } from '../../lambdas/site/headers.ts';
import { publishSite } from '../../lambdas/site/publish.ts';

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
    // Eight letters after a dash are a hash only if esbuild could have written them.
    ['about-internet.html', 'text/html; charset=utf-8', 'public, max-age=60'],
    ['LICENSE', 'application/octet-stream', 'public, max-age=60'],
    ['run.exe', 'application/octet-stream', 'public, max-age=60'],
  ])('%s is %s, %s', (key, ContentType, CacheControl) => {
    expect(headersOf(key)).toEqual({ ContentType, CacheControl });
  });

  test('a page is uploaded after the assets that it names', () => {
    expect(publishingOrder(['index.html', 'b.js', 'about.html', 'a.css'])).toEqual([
      'a.css',
      'b.js',
      'about.html',
      'index.html',
    ]);
  });
});

/** A bucket in memory. It lists two entries a page, so that a listing needs several requests. */
function bucketOf(...keys: string[]) {
  const objects = new Map(keys.map((key) => [key, '']));
  const listed: string[] = [];
  const send = async (command: unknown) => {
    if (command instanceof PutObjectCommand) {
      const { Key = '', Body } = command.input;
      objects.set(Key, String(Body));
      return {};
    }
    if (command instanceof DeleteObjectCommand) {
      objects.delete(command.input.Key ?? '');
      return {};
    }
    if (!(command instanceof ListObjectsV2Command)) throw new Error('nobody expected this');
    const { Prefix = '', Delimiter, ContinuationToken = '' } = command.input;
    listed.push(Prefix);
    const entries = [...objects.keys()]
      .filter((key) => key.startsWith(Prefix))
      .map((key) => (Delimiter ? key.replace(/\/.*/, '/') : key));
    const rest = [...new Set(entries)].sort().filter((entry) => entry > ContinuationToken);
    const page = rest.slice(0, 2);
    const isFolder = (entry: string) => entry.endsWith('/');
    return {
      Contents: page.filter((entry) => !isFolder(entry)).map((Key) => ({ Key })),
      CommonPrefixes: page.filter(isFolder).map((folder) => ({ Prefix: folder })),
      ...(rest.length > 2 && { NextContinuationToken: page[1] }),
    };
  };
  const s3 = { send } as unknown as S3Client;
  return {
    listed,
    keys: () => [...objects.keys()].sort(),
    read: (key: string) => objects.get(key),
    publish: (paths: readonly string[], last: readonly string[] | undefined) =>
      publishSite({
        s3,
        bucket: 'bucket',
        site: new Map(paths.map((path) => [path, Buffer.from(`these are ${path}`)])),
        last,
      }),
  };
}

/** Kept permanently: documents, kept trees, and what runs pass on. */
const RESULTS = ['data/all-datasets.json', 'data/datasets/ds1/a.json', 'runs/1/a', 'trees/ab/cd'];
const A = ['assets/main-AAAAAAAA.js', 'assets/style-AAAAAAAA.css', 'index.html', 'old.html'];
const B = ['assets/main-BBBBBBBB.js', 'assets/style-AAAAAAAA.css', 'index.html', 'plain.css'];
const C = ['assets/main-CCCCCCCC.js', 'assets/style-CCCCCCCC.css', 'index.html', 'plain.css'];

describe('publishing', () => {
  test('builds B and C stay after A, B and C: a page opened yesterday still finds its assets', async () => {
    const bucket = bucketOf(...RESULTS);
    await bucket.publish(A, undefined);
    await bucket.publish(B, A);
    expect(bucket.keys()).toEqual([...new Set([...A, ...B, ...RESULTS])].sort());
    await bucket.publish(C, B);
    expect(bucket.keys()).toEqual([...new Set([...B, ...C, ...RESULTS])].sort());
    expect(bucket.read('index.html')).toBe('these are index.html');
  });

  test('back from C to B, as when a deployment failed, keeps both', async () => {
    const bucket = bucketOf(...B, ...C);
    await bucket.publish(B, C);
    expect(bucket.keys()).toEqual([...new Set([...B, ...C])].sort());
  });

  test('removes files of any kind at any depth, and never looks into results', async () => {
    const strays = ['main.tsx', 'dataset/cards.tsx', 'a/b/c.js', 'data', 'database/x', 'tree'];
    const bucket = bucketOf(...RESULTS, ...strays, ...B);
    await bucket.publish(C, B);
    expect(bucket.keys()).toEqual([...new Set([...B, ...C, ...RESULTS])].sort());
    expect(bucket.listed.filter((prefix) => /^(data|runs|trees)\//.test(prefix))).toEqual([]);
  });

  test('removes nothing if the last build is unknown', async () => {
    const bucket = bucketOf('main.tsx', 'assets/main-AAAAAAAA.js');
    await bucket.publish(C, undefined);
    expect(bucket.keys()).toEqual(['assets/main-AAAAAAAA.js', 'main.tsx', ...C].sort());
    expect(bucket.listed).toEqual([]);
  });

  test.each([
    ['first', undefined, undefined],
    ['after one whose paths were not recorded', { Hash: '0' }, undefined],
    ['after another build', { Build: 'b', Paths: B }, B],
    // The function changed, the page did not: the last build is not this one.
    ['of the same files again', { Build: 'c', Paths: C }, undefined],
  ])(
    'knows the paths of the last build, or that it does not: %s',
    (_, OldResourceProperties, paths) => {
      const ResourceProperties = { Bucket: 'bucket', Build: 'c' };
      const event = { ResourceProperties, ...(OldResourceProperties && { OldResourceProperties }) };
      expect(pathsOfLastBuild(event as PublishEvent)).toEqual(paths);
    },
  );
});

describe('the answer to CloudFormation', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Where CloudFormation waits; resolves with the answer it gets. */
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
          PhysicalResourceId: 'Files',
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

  test('an answer that is not accepted is an error, so that Lambda calls again', async () => {
    const { request } = await waiting(403);
    await expect(respond(request, { status: 'SUCCESS' })).rejects.toThrow('403');
  });
});
