// Faults on request: each does what its name says, as often as its rate says, and the same again.

import { expect, test } from 'vitest';
import { createFaults, FAULTS, type FaultRule, parseRule } from '../../sample/faults.ts';
import { generateArchive } from '../../sample/generate.ts';
import { routeOf } from '../../sample/traffic.ts';
import { askListing, askPage, askRefs, askRegistry, list, serve } from './asking.ts';

const always = (kind: FaultRule['kind'], fault: FaultRule['fault']): FaultRule => ({
  kind,
  fault,
  rate: 1,
});
const LISTING = { prefix: 'ds900001/', 'encoding-type': 'url' };

test.each([
  { fault: '500', status: 500, retryAfter: null },
  { fault: '503', status: 503, retryAfter: null },
  { fault: '429', status: 429, retryAfter: '1' },
  { fault: '429-bare', status: 429, retryAfter: null },
  { fault: '429-absurd', status: 429, retryAfter: '31536000' },
] as const)(
  '$fault answers $status, Retry-After $retryAfter',
  async ({ fault, status, retryAfter }) => {
    await using server = await serve(generateArchive({ datasets: 1 }), {
      faults: [always('listing', fault)],
    });
    const answer = await list(server, LISTING);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  },
);

test.each(['reset', 'cut-length', 'cut-chunked'] as const)(
  '%s: the answer begins and the connection ends before it is whole',
  async (fault) => {
    await using server = await serve(generateArchive({ datasets: 1 }), {
      faults: [always('listing', fault)],
    });
    const whole = async () => (await list(server, LISTING)).text();
    await expect(whole()).rejects.toThrow();
  },
);

test.each(['stall', 'silent'] as const)('%s: the answer never ends', async (fault) => {
  const server = await serve(generateArchive({ datasets: 1 }), {
    faults: [always('listing', fault)],
  });
  const whole = list(server, LISTING).then((answer) => answer.text());
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
  await using server = await serve(generateArchive({ datasets: 1 }));
  const whole = await (await list(server, LISTING)).text();
  server.setFaults([always('listing', 'cut')]);
  const half = await (await list(server, LISTING)).text();
  expect(half.length).toBe(whole.length >> 1);
  expect(whole.startsWith(half)).toBe(true);
});

test('cut-refs: the last ref and the flush packet are lost, every line is whole', async () => {
  await using server = await serve(generateArchive({ datasets: 1 }));
  const whole = await (await askRefs(server, 'ds900001')).text();
  server.setFaults([always('refs', 'cut-refs')]);
  const cut = await (await askRefs(server, 'ds900001')).text();
  const lines = (text: string) => text.split('\n').filter((line) => line.includes('refs/'));
  expect(whole.endsWith('0000')).toBe(true);
  expect(cut.endsWith('0000')).toBe(false);
  expect(lines(cut)).toEqual(lines(whole).slice(0, -1));
});

test('missing-page: a listing holds half of what its KeyCount says', async () => {
  await using server = await serve(generateArchive({ datasets: 1 }), {
    faults: [always('listing', 'missing-page')],
  });
  const { keys, count } = await askListing(server, LISTING);
  expect(keys.length).toBe(Math.ceil(count / 2));
});

test('missing-page: a page of the registry has no edges, and count tells it', async () => {
  await using server = await serve(generateArchive({ datasets: 3 }), {
    faults: [always('registry', 'missing-page')],
  });
  const { edges, pageInfo } = (await askPage(server, 10)).data.datasets;
  expect([edges.length, pageInfo.count]).toEqual([0, 3]);
});

test('null-edge: only the named dataset is null', async () => {
  await using server = await serve(generateArchive({ datasets: 3 }), {
    faults: [{ ...always('registry', 'null-edge'), datasets: ['ds900002'] }],
  });
  const { data, errors } = await askPage(server, 10);
  expect(data.datasets.edges.map((edge) => edge?.node?.id)).toEqual([
    'ds900001',
    undefined,
    'ds900003',
  ]);
  expect(errors?.length).toBe(1);
});

test.each(['garbage', 'html'] as const)('%s: a 200 that is no answer', async (fault) => {
  await using server = await serve(generateArchive({ datasets: 1 }), {
    faults: [always('registry', fault)],
  });
  const answer = await askRegistry(server, 10);
  expect(answer.status).toBe(200);
  await expect(answer.json()).rejects.toThrow();
});

test('a fault hits its kind and its datasets alone', async () => {
  await using server = await serve(generateArchive({ datasets: 2 }), {
    faults: [{ ...always('refs', '503'), datasets: ['ds900002'] }],
  });
  const statuses = [
    (await askRefs(server, 'ds900001')).status,
    (await askRefs(server, 'ds900002')).status,
    (await list(server, { prefix: 'ds900002/' })).status,
  ];
  expect(statuses).toEqual([200, 503, 200]);
  const { refs, listing } = server.stats();
  expect([refs.requests, refs.faults, listing.requests, listing.faults]).toEqual([2, 1, 1, 0]);
});

test('a rate is kept, and the same seed strikes the same requests in any order', () => {
  const rule: FaultRule = { kind: 'refs', fault: '503', rate: 0.3, seed: 5 };
  const names = Array.from({ length: 1000 }, (_, at) => `request ${at}`);
  const struck = (order: readonly string[], seed = 5) => {
    const faults = createFaults([{ ...rule, seed }]);
    return new Set(order.filter((name) => faults.choose('refs', null, name)));
  };
  const first = struck(names);
  expect(first.size).toBeGreaterThan(250);
  expect(first.size).toBeLessThan(350);
  expect(struck(names.toReversed())).toEqual(first);
  expect(struck(names, 6)).not.toEqual(first);
});

test('retries are decided anew, share their fate, or are spared', () => {
  const outcome = (more: Partial<FaultRule>) => {
    const faults = createFaults([{ kind: 'tree', fault: '500', rate: 0.5, seed: 1, ...more }]);
    return Array.from({ length: 40 }, () => faults.choose('tree', null, 'a') !== undefined);
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
  { text: 'tree:cut-refs:1', ok: false },
  { text: 'refs:toString:1', ok: false },
])('the rule $text is taken: $ok', ({ text, ok }) => {
  if (ok) expect(parseRule(text, 3)).toMatchObject({ kind: 'refs', fault: '503', seed: 3 });
  else expect(() => parseRule(text, 3)).toThrow();
});

test('faults and latency can be set, and counts read, over HTTP', async () => {
  await using server = await serve(generateArchive({ datasets: 1 }));
  const post = (path: string, value: unknown) =>
    fetch(`${server.url}/_sample/${path}`, { method: 'POST', body: JSON.stringify(value) });
  expect((await post('faults', [always('listing', '500')])).status).toBe(200);
  expect((await list(server, LISTING)).status).toBe(500);
  expect((await post('faults', [{ kind: 'listing', fault: 'none', rate: 1 }])).status).toBe(400);
  expect((await post('latency', { listing: -1 })).status).toBe(400);
  expect((await post('latency', { listing: 1 })).status).toBe(200);
  const stats = await (await fetch(`${server.url}/_sample/stats`)).json();
  expect(stats).toEqual(server.stats());
  expect(stats).toMatchObject({ listing: { requests: 1, faults: 1 }, refs: { requests: 0 } });
});

test.each([
  { url: '/crn/graphql', body: '', kind: 'registry' },
  { url: '/git/ds1.git/info/refs?service=git-upload-pack', body: '', kind: 'refs' },
  { url: '/git/ds1.git/git-upload-pack', body: '0014command=ls-refs\n', kind: 'refs' },
  { url: '/git/ds1.git/git-upload-pack', body: '0012command=fetch\n', kind: 'tree' },
  { url: '/openneuro.org?list-type=2', body: '', kind: 'listing' },
  { url: '/openneuro.org/ds1/dataset_description.json', body: '', kind: 'description' },
  { url: '/git/ds1.git/HEAD', body: '', kind: undefined },
])('$url is of kind $kind', ({ url, body, kind }) => {
  expect(routeOf(url, Buffer.from(body), undefined)?.kind).toBe(kind);
});

test('every fault has a line of help', () => {
  for (const text of Object.values(FAULTS)) expect(text).not.toBe('');
});
