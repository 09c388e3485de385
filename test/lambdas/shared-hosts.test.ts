// Functions of one deployment share hosts through the table: over real HTTP, each with its own client.

import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpClientOptions, HttpRequest } from '../../core/http.ts';
import { createHttpClient } from '../../core/http.ts';
import { HOSTS } from '../../lambdas/names.ts';
import { type SharedHostsOptions, sharedHosts } from '../../lambdas/shared-hosts.ts';
import { serve } from '../core/http/servers.ts';
import { fakeCloud, type Hooks } from '../support/aws/cloud.ts';
import { fakeClock, manualClock, settled, until } from '../support/clock.ts';

const RUN = '2026-08-01T12:00:00.000Z';
const NEXT_RUN = '2026-08-02T12:00:00.000Z';
const MINUTE = 60_000;

const get = (url: string): HttpRequest => ({ kind: 'refs', method: 'GET', url, maxBytes: 1000 });

interface Opened extends HttpClientOptions, Partial<Pick<SharedHostsOptions, 'run'>> {
  readonly hooks?: Hooks;
}

/** Opens functions over one table, named in the order in which they open. */
function deployment(clock = manualClock()) {
  const cloud = fakeCloud();
  const logged: unknown[] = [];
  let opened = 0;
  const open = ({ hooks, run = RUN, ...options }: Opened = {}) => {
    opened += 1;
    const peers = sharedHosts({
      ...{ table: cloud.table, run, name: `f${opened}`, clock },
      dynamo: cloud.clients(hooks).dynamo,
      log: (...line) => logged.push(line),
    });
    const http = createHttpClient({ clock, random: () => 0, peers, ...options });
    onTestFinished(() => http.close());
    return {
      ask: (url: string) => http.request(get(url)),
      traffic: http.traffic,
      close: () => peers.close(),
    };
  };
  /** What functions have written of a host. */
  const sayings = (url: string) => {
    const { pk: _, sk: __, ...said } = cloud.items.get(`${HOSTS}\0${new URL(url).host}`) ?? {};
    return said as Record<string, Record<string, unknown>>;
  };
  return { clock, cloud, logged, open, sayings };
}

/** Refuses the first requests, with a pause of so many seconds. */
const refusing = (times: number, seconds: number) =>
  serve((_request, response, nth) => {
    if (nth <= times) response.writeHead(429, { 'Retry-After': String(seconds) }).end();
    else response.end('well');
  });

describe('a pause that a host asked for', () => {
  test('a function that begins in it waits as well', async () => {
    const { clock, open } = deployment();
    const server = await refusing(1, 30);
    const [first, second] = [open({ retry: { tries: 1 } }), open()];
    await first.ask(server.url);
    await settled();
    const third = open();
    await settled();
    const answers = [third.ask(server.url)];
    await until(() => clock.sleeping === 1);
    expect(server.asked).toBe(1);
    await clock.advance(29_999);
    expect(server.asked).toBe(1);
    await clock.advance(1);
    expect(await Promise.all(answers)).toMatchObject([{ kind: 'answer' }]);
    expect(await second.ask(server.url)).toMatchObject({ kind: 'answer' });
  });

  test('a function that is using the host learns of it within a minute', async () => {
    const { clock, open } = deployment();
    const server = await serve((request, response) => {
      if (request.url === '/busy') response.writeHead(429, { 'Retry-After': '100' }).end();
      else response.end('well');
    });
    const [first, second] = [open({ retry: { tries: 1 } }), open()];
    await second.ask(server.url);
    await first.ask(`${server.url}/busy`);
    await clock.advance(MINUTE);
    const { asked } = server;
    const answer = second.ask(server.url);
    await until(() => clock.sleeping === 1);
    await clock.advance(100_000 - MINUTE - 1);
    expect(server.asked).toBe(asked);
    await clock.advance(1);
    expect(await answer).toMatchObject({ kind: 'answer' });
  });

  test('another run obeys it, but not one that only a wrong clock can name', async () => {
    const { clock, cloud, open, sayings } = deployment();
    const server = await refusing(1, 100);
    await open({ retry: { tries: 1 } }).ask(server.url);
    await settled();
    const said = sayings(server.url).f1;
    const other = open({ run: NEXT_RUN });
    await settled();
    void other.ask(server.url);
    await until(() => clock.sleeping === 1);
    expect(server.asked).toBe(1);

    const key = `${HOSTS}\0${new URL(server.url).host}`;
    const pausedUntil = clock.now() + 3600_000;
    cloud.items.set(key, { ...cloud.items.get(key), f1: { ...said, pausedUntil }, f2: undefined });
    const third = open({ run: NEXT_RUN });
    await settled();
    expect(await third.ask(server.url)).toMatchObject({ kind: 'answer' });
  });
});

describe('the budget of retries', () => {
  test('is used once, and another run has its own', async () => {
    const { open } = deployment(fakeClock() as never);
    const server = await serve((_request, response) => response.writeHead(500).end());
    const options = { retry: { tries: 4, budget: 10 } };
    const first = open(options);
    for (let n = 0; n < 2; n += 1) await first.ask(server.url);
    await first.close();
    const second = open(options);
    await settled();
    for (let n = 0; n < 5; n += 1) await second.ask(server.url);
    expect([first.traffic.refs.retries, second.traffic.refs.retries]).toEqual([6, 4]);
    await second.close();
    const next = open({ ...options, run: NEXT_RUN });
    await settled();
    for (let n = 0; n < 5; n += 1) await next.ask(server.url);
    expect(next.traffic.refs.retries).toBe(10);
  });

  test('holds for functions that retry at once, but for requests that are on their way', async () => {
    const { open } = deployment(fakeClock() as never);
    const server = await serve((_request, response) => response.writeHead(500).end());
    const functions = Array.from({ length: 4 }, () => open({ retry: { tries: 4, budget: 20 } }));
    await Promise.all(
      functions.map(async ({ ask }) => {
        for (let n = 0; n < 20; n += 1) await ask(server.url);
      }),
    );
    const used = functions.reduce((sum, { traffic }) => sum + traffic.refs.retries, 0);
    expect(used).toBeGreaterThanOrEqual(20);
    expect(used).toBeLessThan(20 + functions.length);
  });
});

describe('requests in flight', () => {
  /** Keeps its answers until they are let go. */
  async function holding() {
    const held: { readonly path: string; answer(): void }[] = [];
    const server = await serve((request, response) => {
      held.push({ path: request.url ?? '', answer: () => response.end('well') });
    });
    return {
      url: server.url,
      paths: () => held.map(({ path }) => path).sort(),
      letGo: () => {
        for (const { answer } of held.splice(0)) answer();
      },
    };
  }
  const limitOf = (url: string, inFlight: number): HttpClientOptions => ({
    limits: { [new URL(url).host]: { inFlight, perSecond: Number.POSITIVE_INFINITY } },
    timeouts: { firstByte: 1e9, total: 1e9 },
  });
  /** Until functions and host do nothing more. */
  const rest = async () => {
    for (let n = 0; n < 50; n += 1) await settled();
  };

  test('if more functions than allowed use a host, the first ones send requests, and one that ends makes room', async () => {
    const { clock, open } = deployment();
    const { url, paths, letGo } = await holding();
    const functions = [1, 2, 3, 4, 5].map((nth) => {
      const one = open({ ...limitOf(url, 3), clients: 5 });
      for (let n = 0; n < (nth === 1 ? 1 : 20); n += 1) void one.ask(`${url}/f${nth}`);
      return one;
    });
    // Before the table has answered, each asks once.
    await until(() => paths().length === 5);
    letGo();
    await until(() => paths().length === 2);
    await rest();
    expect(paths()).toEqual(['/f2', '/f3']);
    await functions[0]?.close();
    await clock.advance(MINUTE);
    await until(() => paths().length === 3);
    await rest();
    expect(paths()).toEqual(['/f2', '/f3', '/f4']);
  });

  test('functions that were not foreseen take from the share of the others', async () => {
    const { clock, open } = deployment();
    const { url, paths, letGo } = await holding();
    const [first, late] = [open(limitOf(url, 8)), open({ ...limitOf(url, 8), run: NEXT_RUN })];
    for (let n = 0; n < 40; n += 1) void first.ask(url);
    await until(() => paths().length === 8);
    void late.ask(`${url}/late`);
    await until(() => paths().length === 9);
    await clock.advance(MINUTE);
    letGo();
    await until(() => paths().length === 4);
    await rest();
    expect(paths()).toHaveLength(4);
  });

  test('a killed function keeps its place for two and a half minutes', async () => {
    const { clock, open } = deployment();
    const { url, paths, letGo } = await holding();
    let said = 0;
    const before = () => (++said > 2 ? new Promise<void>(() => {}) : undefined);
    void open({ ...limitOf(url, 1), hooks: { before } }).ask(`${url}/killed`);
    await until(() => paths().length === 1);
    letGo();
    const second = open(limitOf(url, 1));
    await settled();
    void second.ask(url);
    for (let minute = 0; minute < 2; minute += 1) await clock.advance(MINUTE);
    await rest();
    expect(paths()).toEqual([]);
    await clock.advance(MINUTE);
    await until(() => paths().length === 1);
  });
});

describe('without the table', () => {
  test('a slow table delays nothing', async () => {
    const { clock, open } = deployment();
    const server = await refusing(0, 0);
    const slow = open({ hooks: { before: () => new Promise(() => {}) } });
    for (let n = 0; n < 20; n += 1) {
      expect(await slow.ask(server.url)).toMatchObject({ kind: 'answer' });
    }
    let isClosed = false;
    void slow.close().then(() => {
      isClosed = true;
    });
    await until(() => clock.sleeping === 1);
    await clock.advance(500);
    expect(isClosed).toBe(true);
  });

  test('a table that refuses is logged once, and the function keeps to its own share and budget', async () => {
    const { clock, logged, open } = deployment();
    const server = await serve((_request, response) => response.writeHead(500).end());
    let tried = 0;
    const before = () => {
      tried += 1;
      throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    };
    const alone = open({ hooks: { before }, retry: { tries: 4, budget: 5 } });
    for (let n = 0; n < 5; n += 1) {
      const asked = alone.ask(server.url);
      let over = false;
      void asked.then(() => {
        over = true;
      });
      while (!over) await clock.advance(1);
    }
    expect(alone.traffic.refs.retries).toBe(5);
    expect(tried).toBeLessThanOrEqual(2);
    for (let minute = 0; minute < 10; minute += 1) await clock.advance(MINUTE);
    await alone.close();
    expect(tried).toBeLessThanOrEqual(12);
    expect(logged).toEqual([
      [
        'warn',
        'hosts are not shared with other functions',
        { detail: 'AccessDeniedException: no' },
      ],
    ]);
  });
});

test('a function that ends leaves what matters to the run, which a later one removes', async () => {
  const { clock, open, sayings } = deployment();
  const server = await serve((request, response) =>
    response.writeHead(request.url === '/' ? 200 : 500).end(),
  );
  const [quiet, retrying] = [open(), open({ retry: { tries: 2 } })];
  await quiet.ask(server.url);
  void retrying.ask(`${server.url}/lost`);
  await until(() => clock.sleeping === 1);
  await clock.advance(0);
  await until(() => server.asked === 3);
  await settled();
  expect(Object.keys(sayings(server.url)).sort()).toEqual(['f1', 'f2']);
  await quiet.close();
  await retrying.close();
  expect(sayings(server.url)).toEqual({
    f2: { run: RUN, since: expect.any(Number), until: 0, retries: 1 },
  });
  await clock.advance(2 * 3600_000);
  const later = open({ run: NEXT_RUN });
  await later.ask(server.url);
  await clock.advance(MINUTE);
  expect(Object.keys(sayings(server.url))).toEqual(['f3']);
});

test('a function reads once a minute, and writes once a minute of each host that it uses', async () => {
  const { clock, open } = deployment();
  const server = await refusing(0, 0);
  const calls: string[] = [];
  const one = open({ hooks: { before: ({ name }) => void calls.push(name) } });
  for (let n = 0; n < 50; n += 1) await one.ask(server.url);
  expect(calls).toEqual(['Query', 'Update']);
  for (let minute = 0; minute < 5; minute += 1) await clock.advance(MINUTE);
  expect(calls).toHaveLength(2 + 5);
  await one.close();
  for (let minute = 0; minute < 5; minute += 1) await clock.advance(MINUTE);
  expect(calls).toHaveLength(2 + 5 + 1);
});
