// How slow a body may come: with a clock of the test's own, and over real HTTP with small numbers.

import { describe, expect, test } from 'vitest';
import { type Line, LOWEST_RATE, watchRate } from '../../../core/http/rate.ts';
import { createHttpClient } from '../../../core/http.ts';
import { serve } from './servers.ts';

/** Bodies over one line, looked at by a clock that the test moves. */
function line() {
  let now = 1000;
  const shared: Line = { clock: { now: () => now }, lowest: LOWEST_RATE, bodies: 0 };
  return {
    shared,
    /** Seconds until a body is found too slow, at most so many. */
    run(rates: readonly number[], seconds: number): (number | null)[] {
      const watches = rates.map(() => watchRate(shared));
      const cut: (number | null)[] = rates.map(() => null);
      const every = (watches[0]?.lookEveryMs ?? 0) / 1000;
      for (let passed = every; passed <= seconds; passed += every) {
        now += every * 1000;
        for (const [at, watch] of watches.entries()) {
          if (cut[at] !== null) continue;
          watch.received((rates[at] as number) * every);
          if (!watch.look()) continue;
          cut[at] = passed;
          watch.end();
        }
      }
      for (const watch of watches) watch.end();
      return cut;
    },
    jump(milliseconds: number) {
      now += milliseconds;
    },
  };
}

describe('by a clock of its own', () => {
  test.each([
    { rate: 0, cut: 60 },
    { rate: 100, cut: 60 },
    { rate: 9_000, cut: 60 },
    { rate: 10_000, cut: null },
    { rate: 50_000, cut: null },
  ])('a body alone at $rate bytes a second is cut after: $cut', ({ rate, cut }) => {
    expect(line().run([rate], 600)).toEqual([cut]);
  });

  test.each([1, 8, 40])('%i bodies that share 50 KB/s unevenly are not cut', (bodies) => {
    const rates = Array.from(
      { length: bodies },
      (_, at) => (50_000 / bodies) * (at % 2 === 0 ? 0.25 : 1.75),
    );
    expect(line().run(rates, 600)).toEqual(rates.map(() => null));
  });

  test('one that trickles is cut beside others that do not', () => {
    const cut = line().run([40_000, 20, 40_000], 600);
    expect(cut).toEqual([null, 60, null]);
  });

  test('one that begins well and then trickles is cut in the window after', () => {
    const { shared, jump } = line();
    const watch = watchRate(shared);
    watch.received(5_000_000);
    const looks = [];
    for (let at = 0; at < 60; at += 1) {
      jump(watch.lookEveryMs);
      looks.push(watch.look());
    }
    expect([looks.indexOf(true), looks.filter(Boolean).length]).toEqual([59, 1]);
  });

  test('time in which we did not come to read does not count', () => {
    const { shared, jump } = line();
    const watch = watchRate(shared);
    // Asleep for an hour at each look: ten looks are twenty seconds of the host's time.
    for (let at = 0; at < 10; at += 1) {
      jump(3_600_000);
      expect(watch.look()).toBe(false);
    }
    for (let at = 10; at < 29; at += 1) {
      jump(watch.lookEveryMs);
      expect(watch.look()).toBe(false);
    }
    jump(watch.lookEveryMs);
    expect(watch.look()).toBe(true);
  });

  test('whatever becomes of a body, it leaves the line once', () => {
    const { shared } = line();
    const watch = watchRate(shared);
    watch.end();
    watch.end();
    expect(shared.bodies).toBe(0);
  });
});

describe('over HTTP', () => {
  /** 100 KB/s over a fifth of a second. */
  const lowestRate = { bytesPerSecond: 100_000, windowMs: 200 };
  const ask = (url: string, options: Parameters<typeof createHttpClient>[0] = {}) =>
    createHttpClient({ lowestRate, retry: { tries: 1 }, ...options }).request({
      kind: 'listing',
      method: 'GET',
      url,
      maxBytes: 10_000_000,
    });

  const sending = (bytes: number, everyMs: number, pieces: number) =>
    serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': bytes * pieces });
      let sent = 0;
      const timer = setInterval(() => {
        response.write(Buffer.alloc(bytes));
        sent += 1;
        if (sent === pieces) response.end();
        if (sent === pieces || response.destroyed) clearInterval(timer);
      }, everyMs);
    });

  test('a body that trickles is a timeout long before the limit of the whole', async () => {
    const server = await sending(1, 10, 100_000);
    const began = performance.now();
    expect(await ask(server.url)).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: expect.stringMatching(/the body came too slowly, \d+ bytes so far/),
    });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('a slow line is read to its end', async () => {
    const server = await sending(20_000, 20, 40);
    const answer = await ask(server.url, { lowestRate: { ...lowestRate, bytesPerSecond: 20_000 } });
    expect(answer).toMatchObject({ kind: 'answer', status: 200 });
    expect(answer.kind === 'answer' && answer.body.length).toBe(800_000);
  });

  test('while we are at work ourselves, nobody is too slow', async () => {
    const server = await sending(100_000, 30, 12);
    const answer = ask(server.url);
    const busy = setInterval(() => {
      const until = performance.now() + 250;
      while (performance.now() < until);
    }, 20);
    const { kind } = await answer.finally(() => clearInterval(busy));
    expect(kind).toBe('answer');
  });
});
