// Faults on request: each does what its name says, at its rate, and reproducibly.

import { expect, test } from 'vitest';
import { createFaults, parseRule } from '../../sample/faults.ts';
import { buildRepository } from '../../sample/git/index.ts';
import { askListing, askRefs, list } from './asking.ts';
import { folderOf, KNOWN, type Rule, serveSmall } from './small-archive.ts';

const always = (kind: Rule['kind'], fault: Rule['fault']): Rule => ({
  kind,
  fault,
  rate: 1,
});
const repository = () =>
  buildRepository({
    commits: [
      { name: 'a', tree: new Map(), parents: [], message: 'A', date: new Date('2024-02-29') },
    ],
    branches: { main: 'a' },
    tags: { '1.0.0': { commit: 'a' } },
    head: 'main',
  });
const archive = {
  entries: { one: await repository(), two: await repository() },
  folders: [folderOf('one', ['a', 'b', 'c', 'd', 'e']), folderOf('two', ['a'])],
};
const LISTING = { prefix: 'one/', 'encoding-type': 'url' };

test.each([
  { fault: '500', status: 500, retryAfter: null },
  { fault: '503', status: 503, retryAfter: null },
  { fault: '429', status: 429, retryAfter: '1' },
  { fault: '429-bare', status: 429, retryAfter: null },
  { fault: '429-absurd', status: 429, retryAfter: '31536000' },
] as const)(
  '$fault answers $status, Retry-After $retryAfter',
  async ({ fault, status, retryAfter }) => {
    await using server = await serveSmall(archive, {
      faults: [always('listing', fault)],
    });
    const answer = await list(server.filesUrl, LISTING);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  },
);

test.each(['reset', 'cut-length', 'cut-chunked'] as const)(
  '%s: the answer begins and the connection ends before it is whole',
  async (fault) => {
    await using server = await serveSmall(archive, {
      faults: [always('listing', fault)],
    });
    const whole = async () => (await list(server.filesUrl, LISTING)).text();
    await expect(whole()).rejects.toThrow();
  },
);

test.each(['stall', 'silent'] as const)('%s: the answer never ends', async (fault) => {
  const server = await serveSmall(archive, {
    faults: [always('listing', fault)],
  });
  const whole = list(server.filesUrl, LISTING).then((answer) => answer.text());
  const ended = whole.then(
    () => 'whole',
    () => 'broken off',
  );
  // The request has arrived and stays open; only closing the server ends it.
  while (server.stats().listing.faults === 0) await new Promise(setImmediate);
  await server.close();
  expect(await ended).toBe('broken off');
});

test('cut: a 200 with right framing and half a body', async () => {
  await using server = await serveSmall(archive);
  const whole = await (await list(server.filesUrl, LISTING)).text();
  server.setFaults([always('listing', 'cut')]);
  const half = await (await list(server.filesUrl, LISTING)).text();
  expect(half.length).toBe(whole.length >> 1);
  expect(whole.startsWith(half)).toBe(true);
});

test('cut-refs: the last ref and the flush packet are lost, every line is whole', async () => {
  await using server = await serveSmall(archive);
  const whole = await (await askRefs(`${server.gitUrl}/one.git`)).text();
  server.setFaults([always('refs', 'cut-refs')]);
  const cut = await (await askRefs(`${server.gitUrl}/one.git`)).text();
  const lines = (text: string) => text.split('\n').filter((line) => line.includes('refs/'));
  expect(whole.endsWith('0000')).toBe(true);
  expect(cut.endsWith('0000')).toBe(false);
  expect(lines(cut)).toEqual(lines(whole).slice(0, -1));
});

test('missing-page: a listing holds half of what its KeyCount says', async () => {
  await using server = await serveSmall(archive, {
    faults: [always('listing', 'missing-page')],
  });
  const { keys, count } = await askListing(server.filesUrl, LISTING);
  expect(keys.length).toBe(Math.ceil(count / 2));
});

test('a fault affects only its kind and its datasets', async () => {
  await using server = await serveSmall(archive, {
    faults: [{ ...always('refs', '503'), datasets: ['two'] }],
  });
  const statuses = [
    (await askRefs(`${server.gitUrl}/one.git`)).status,
    (await askRefs(`${server.gitUrl}/two.git`)).status,
    (await list(server.filesUrl, { prefix: 'two/' })).status,
  ];
  expect(statuses).toEqual([200, 503, 200]);
  const { refs, listing } = server.stats();
  expect([refs.requests, refs.faults, listing.requests, listing.faults]).toEqual([2, 1, 1, 0]);
});

test('a rate is kept, and the same seed strikes the same requests in any order', () => {
  const rule: Rule = { kind: 'refs', fault: '503', rate: 0.3, seed: 5 };
  const names = Array.from({ length: 1000 }, (_, at) => `request ${at}`);
  const struck = (order: readonly string[], seed = 5) => {
    const faults = createFaults<string, string>([{ ...rule, seed }], KNOWN);
    return new Set(order.filter((name) => faults.choose('refs', null, name)));
  };
  const first = struck(names);
  expect(first.size).toBeGreaterThan(250);
  expect(first.size).toBeLessThan(350);
  expect(struck(names.toReversed())).toEqual(first);
  expect(struck(names, 6)).not.toEqual(first);
});

test('a fault may strike each try by chance, all tries, or the first alone', () => {
  const outcome = (more: Partial<Rule>) => {
    const faults = createFaults<string, string>(
      [{ kind: 'pack', fault: '500', rate: 0.5, seed: 1, ...more }],
      KNOWN,
    );
    return Array.from({ length: 40 }, () => faults.choose('pack', null, 'a') !== undefined);
  };
  expect(new Set(outcome({}))).toEqual(new Set([true, false]));
  expect(new Set(outcome({ sticky: true })).size).toBe(1);
  expect(outcome({ rate: 1, tries: 2 }).slice(0, 4)).toEqual([true, true, false, false]);
});

test.each([
  { text: 'refs:503:0.5', ok: true },
  { text: 'refs:503', ok: true },
  { text: 'refs', ok: false },
  { text: 'refs:503:2', ok: false },
  { text: 'refs:503:', ok: false },
  { text: 'refs:503:x', ok: false },
  { text: 'refs:none:1', ok: false },
  { text: 'nothing:503:1', ok: false },
  { text: 'pack:cut-refs:1', ok: false },
  { text: 'refs:toString:1', ok: false },
])('the rule $text is taken: $ok', ({ text, ok }) => {
  if (ok) expect(parseRule(text, 3, KNOWN)).toMatchObject({ kind: 'refs', fault: '503', seed: 3 });
  else expect(() => parseRule(text, 3, KNOWN)).toThrow();
});

test('faults and latency can be set, and counts read, over HTTP', async () => {
  await using server = await serveSmall(archive);
  const post = (path: string, value: unknown) =>
    fetch(`${server.url}/_sample/${path}`, { method: 'POST', body: JSON.stringify(value) });
  expect((await post('faults', [always('listing', '500')])).status).toBe(200);
  expect((await list(server.filesUrl, LISTING)).status).toBe(500);
  expect((await post('faults', [{ kind: 'listing', fault: 'none', rate: 1 }])).status).toBe(400);
  expect((await post('latency', { listing: -1 })).status).toBe(400);
  expect((await post('latency', { listing: 1 })).status).toBe(200);
  const stats = await (await fetch(`${server.url}/_sample/stats`)).json();
  expect(stats).toEqual(server.stats());
  expect(stats).toMatchObject({ listing: { requests: 1, faults: 1 }, refs: { requests: 0 } });
});
