// Over real HTTP: a cut answer is retried, and is a failed measurement if it stays cut.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpClient } from '../../../../core/http.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { fakeClock } from '../../../support/clock.ts';
import { knownRepository } from './mutations.ts';
import { FLUSH, fetchAnswer, listed, pack, pkt, RESULT } from './wire.ts';

const { head, entries, lines } = knownRepository();
const TREE = fetchAnswer(pack(entries), head.oid);
const REFS = Buffer.concat([pkt(`${head.oid} refs/tags/1.0.0\n`), FLUSH]);

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const close of cleanUp.splice(0)) close();
});

/** A mirror that answers the nth request so. */
async function mirror(answer: (response: ServerResponse, nth: number) => void, token?: string) {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, asked++));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpClient({ clock: fakeClock(), retry: { tries: 3 } });
  cleanUp.push(() => server.close(), http.close);
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  return { http, baseUrl, source: createMirrorSource({ http, baseUrl, token }) };
}

/** It gives these bodies one after another, complete as HTTP sees them; the last one repeats. */
const mirrorOf = (...bodies: Buffer[]) =>
  mirror((response, nth) => {
    response.setHeader('content-type', RESULT).end(bodies[Math.min(nth, bodies.length - 1)]);
  });

test('refs: cut once, then whole', async () => {
  const { http, source } = await mirrorOf(REFS.subarray(0, -4), REFS);
  expect(await source.readRefs('ds1')).toMatchObject({
    kind: 'seen',
    value: { tags: new Map([['1.0.0', head.oid]]) },
  });
  expect(http.traffic.refs).toMatchObject({ requests: 2, retries: 1 });
});

test('a tree: cut, then changed on the way, then whole', async () => {
  const changed = Buffer.from(TREE);
  changed[TREE.length - 40] = (changed[TREE.length - 40] ?? 0) ^ 1;
  const { http, source } = await mirrorOf(TREE.subarray(0, 200), changed, TREE);
  const answer = await source.readTree('ds1', head.oid);
  expect(answer.kind === 'seen' && Array.from(answer.value, listed)).toEqual(lines);
  expect(http.traffic.tree).toMatchObject({ requests: 3, retries: 2 });
});

test('cut every time, both are failed measurements', async () => {
  const refs = await mirrorOf(REFS.subarray(0, -1));
  expect(await refs.source.readRefs('ds1')).toMatchObject({ kind: 'failed', reason: 'cut-short' });
  const tree = await mirrorOf(TREE.subarray(0, -1));
  expect(await tree.source.readTree('ds1', head.oid)).toMatchObject({
    kind: 'failed',
    reason: 'cut-short',
  });
  expect(tree.http.traffic.tree.requests).toBe(3);
});

test.each([undefined, 'token'])(
  'a firewall in between, once (%s): the tree is asked for again',
  async (token) => {
    const { http, source } = await mirror((response, nth) => {
      if (nth > 0) response.setHeader('content-type', RESULT).end(TREE);
      else response.writeHead(403, { 'content-type': 'text/html' }).end('<p>Access Denied');
    }, token);
    expect(await source.readTree('ds1', head.oid)).toMatchObject({ kind: 'seen' });
    expect(http.traffic.tree).toMatchObject({ requests: 2, retries: 1 });
  },
);

test('a limit named in a text: the refs are requested again', async () => {
  const { http, source } = await mirror((response, nth) => {
    if (nth > 0) response.setHeader('content-type', RESULT).end(REFS);
    else response.writeHead(403, { 'content-type': 'text/plain' }).end('a secondary rate limit');
  });
  expect(await source.readRefs('ds1')).toMatchObject({ kind: 'seen' });
  expect(http.traffic.refs).toMatchObject({ requests: 2, retries: 1 });
});

test('a host that asks for the token it has refused is not asked repeatedly', async () => {
  const { http, source } = await mirror((response) => {
    response.writeHead(401, { 'content-type': 'text/plain' }).end('Authentication required');
  }, 'token');
  const refused = { kind: 'failed', reason: 'credentials-refused' };
  expect(await source.readRefs('ds1')).toMatchObject(refused);
  // With the token and without it.
  expect(http.traffic.refs).toMatchObject({ requests: 2, retries: 0 });
});

test('an answer without a type says so', async () => {
  const { source } = await mirror((response) => response.end('hello'));
  expect(await source.readRefs('ds1')).toEqual({
    kind: 'failed',
    reason: 'malformed',
    detail: 'no git answer: HTTP 200 with no type',
  });
});

test('an answer of more bytes than a tree may have is malformed', async () => {
  const { http, baseUrl } = await mirrorOf(TREE);
  const source = createMirrorSource({ http, baseUrl, maxTreeBytes: TREE.length - 1 });
  expect(await source.readTree('ds1', head.oid)).toMatchObject({
    kind: 'failed',
    reason: 'malformed',
  });
});
