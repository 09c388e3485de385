// How slowly a body may arrive: with the test's own clock, alone and over real HTTP.

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Line, LOWEST_RATE, watchRate } from '../../../core/http/rate.ts';
import { createHttpClient } from '../../../core/http.ts';
import { manualClock, until } from '../../support/clock.ts';
import { serve } from './servers.ts';

/** Bodies over one line, checked by a clock that the test moves. */
function line() {
  let now = 1000;
  const shared: Line = { clock: { now: () => now }, lowest: LOWEST_RATE, bodies: 0 };
  return {
    shared,
    /** Seconds until a body is found too slow, up to a maximum. */
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

  test('a trickling body is cut beside others that are fast enough', () => {
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

  test('however a body ends, it leaves the line once', () => {
    const { shared } = line();
    const watch = watchRate(shared);
    watch.end();
    watch.end();
    expect(shared.bodies).toBe(0);
  });
});

describe('over HTTP', () => {
  const WINDOW = 60_000;
  const EVERY = WINDOW / 30;

  /** A request whose answer is sent in pieces, and a clock that the test moves. */
  async function asking(length: number) {
    let response: ServerResponse | undefined;
    const server = await serve((_request, given) => {
      response = given;
      given.writeHead(200, { 'Content-Length': length }).flushHeaders();
    });
    const clock = manualClock();
    const client = createHttpClient({ clock, retry: { tries: 1 } });
    const { listing } = client.traffic;
    const outcome = client.request({
      kind: 'listing',
      method: 'GET',
      url: server.url,
      maxBytes: 10_000_000,
    });
    await until(() => clock.timers.includes(EVERY));
    const send = async (bytes: number) => {
      const before = listing.bytes;
      response?.write(Buffer.alloc(bytes));
      await until(() => listing.bytes === before + bytes);
    };
    return { clock, outcome, send };
  }

  test('a body that trickles is a timeout long before the limit of the whole', async () => {
    const { clock, outcome, send } = await asking(100_000);
    for (let passed = EVERY; passed <= WINDOW; passed += EVERY) {
      await send(1);
      await clock.advance(EVERY);
    }
    expect(await outcome).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: expect.stringContaining('the body came too slowly, 30 bytes so far'),
    });
    expect(clock.timers).toEqual([]);
  });

  test('a slow connection is read to the end', async () => {
    const { clock, outcome, send } = await asking(1_200_000);
    for (let passed = EVERY; passed <= 2 * WINDOW; passed += EVERY) {
      await send(20_000);
      await clock.advance(EVERY);
    }
    const answer = await outcome;
    expect(answer).toMatchObject({ kind: 'answer', status: 200 });
    expect(answer.kind === 'answer' && answer.body.length).toBe(1_200_000);
  });

  test('while we are busy ourselves, no body is too slow', async () => {
    const { clock, outcome, send } = await asking(30);
    for (let busy = 1; busy <= 29; busy += 1) {
      await send(1);
      await clock.stall(20_000);
    }
    await send(1);
    expect((await outcome).kind).toBe('answer');
  });
});
