import { describe, expect, test } from 'vitest';
import { createLimiter, type HostLimit } from '../../../core/http/limiter.ts';
import { fakeClock, manualClock, settled } from '../../support/clock.ts';

const UNLIMITED = Number.POSITIVE_INFINITY;

/** Sends `count` requests in; returns which have entered, by number, and how to end one. */
function crowd(limit: HostLimit, count: number) {
  const clock = manualClock();
  const limiter = createLimiter(limit, clock);
  const entered: number[] = [];
  const leave = new Map<number, () => void>();
  for (let n = 0; n < count; n += 1) {
    limiter.enter().then((over) => {
      entered.push(n);
      leave.set(n, over);
    });
  }
  const end = async (n: number) => {
    leave.get(n)?.();
    await settled();
  };
  return { clock, limiter, entered, end };
}

describe('in flight', () => {
  test.each([
    { inFlight: 1, count: 3, atOnce: 1 },
    { inFlight: 2, count: 5, atOnce: 2 },
    { inFlight: 8, count: 3, atOnce: 3 },
    { inFlight: UNLIMITED, count: 50, atOnce: 50 },
  ])('$inFlight allowed, $count wanted: $atOnce at once', async ({ inFlight, count, atOnce }) => {
    const { entered } = crowd({ inFlight, perSecond: UNLIMITED }, count);
    await settled();
    expect(entered).toHaveLength(atOnce);
  });

  test('callers enter in the order in which they came, as places become free', async () => {
    const { entered, end } = crowd({ inFlight: 2, perSecond: UNLIMITED }, 5);
    await settled();
    await end(1);
    await end(0);
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  test('a place given back twice is still one place', async () => {
    const { entered, end } = crowd({ inFlight: 1, perSecond: UNLIMITED }, 4);
    await settled();
    await end(0);
    await end(0);
    expect(entered).toEqual([0, 1]);
  });
});

describe('per second', () => {
  test.each([
    { perSecond: 10, advance: 0, entered: 10 },
    { perSecond: 10, advance: 999, entered: 10 },
    { perSecond: 10, advance: 1000, entered: 20 },
    { perSecond: 1, advance: 1000, entered: 2 },
    { perSecond: 0.5, advance: 1000, entered: 1 },
    { perSecond: 0.5, advance: 2000, entered: 2 },
    { perSecond: 2.5, advance: 799, entered: 2 },
    { perSecond: 2.5, advance: 800, entered: 4 },
  ])('at $perSecond a second, $entered after $advance ms', async (row) => {
    const { entered, clock } = crowd({ inFlight: UNLIMITED, perSecond: row.perSecond }, 30);
    await clock.advance(row.advance);
    expect(entered).toHaveLength(row.entered);
  });

  test('no second of a busy minute sees more than the limit', async () => {
    const clock = fakeClock();
    const limiter = createLimiter({ inFlight: UNLIMITED, perSecond: 7 }, clock);
    const starts: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      (await limiter.enter())();
      starts.push(clock.now());
      if (n % 3 === 0) await clock.sleep(90);
    }
    for (const start of starts) {
      const within = starts.filter((other) => other >= start && other < start + 1000);
      expect(within.length).toBeLessThanOrEqual(7);
    }
  });
});

describe('pause', () => {
  test('nobody enters while the host is paused, then all continue', async () => {
    const { entered, end, clock, limiter } = crowd({ inFlight: 2, perSecond: UNLIMITED }, 4);
    await settled();
    limiter.pause(5000);
    await end(0);
    await end(1);
    expect(clock.sleeping).toBe(1);
    await clock.advance(4999);
    expect(entered).toEqual([0, 1]);
    await clock.advance(1);
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  test('a longer pause counts, a shorter one changes nothing', async () => {
    const { entered, end, clock, limiter } = crowd({ inFlight: 1, perSecond: UNLIMITED }, 2);
    await settled();
    limiter.pause(1000);
    await end(0);
    limiter.pause(3000);
    limiter.pause(10);
    await clock.advance(1000);
    expect(entered).toEqual([0]);
    await clock.advance(2000);
    expect(entered).toEqual([0, 1]);
  });
});

describe('a limit that changes', () => {
  test('counts from then on: who is in stays in, and with none in flight allowed all wait', async () => {
    const { entered, end, limiter } = crowd({ inFlight: 3, perSecond: UNLIMITED }, 9);
    await settled();
    limiter.change({ inFlight: 1, perSecond: UNLIMITED });
    await end(0);
    await end(1);
    expect(entered).toHaveLength(3);
    await end(2);
    expect(entered).toHaveLength(4);
    limiter.change({ inFlight: 0, perSecond: UNLIMITED });
    await end(3);
    expect(entered).toHaveLength(4);
    limiter.change({ inFlight: 2, perSecond: UNLIMITED });
    await settled();
    expect(entered).toHaveLength(6);
  });

  test('knows the starts of the last second when it rises again', async () => {
    const { entered, clock, limiter } = crowd({ inFlight: UNLIMITED, perSecond: 10 }, 30);
    await settled();
    limiter.change({ inFlight: UNLIMITED, perSecond: 2 });
    await clock.advance(500);
    limiter.change({ inFlight: UNLIMITED, perSecond: 10 });
    await clock.advance(499);
    expect(entered).toHaveLength(10);
    await clock.advance(1);
    expect(entered).toHaveLength(20);
  });
});

describe('abandoned', () => {
  test('a caller that gives up waiting gets the reason and takes no place', async () => {
    const { entered, end, limiter } = crowd({ inFlight: 1, perSecond: UNLIMITED }, 1);
    await settled();
    const given = new AbortController();
    const waiting = limiter.enter(given.signal);
    const reason = new Error('Ctrl-C');
    given.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await end(0);
    limiter.enter().then(() => entered.push(99));
    await settled();
    expect(entered).toEqual([0, 99]);
  });

  test('an aborted caller never waits', async () => {
    const limiter = createLimiter({ inFlight: 1, perSecond: 1 }, fakeClock());
    await expect(limiter.enter(AbortSignal.abort('over'))).rejects.toBe('over');
  });

  test('a caller that comes after the last one gave up still waits for the end of the pause', async () => {
    const clock = manualClock();
    const limiter = createLimiter({ inFlight: 1, perSecond: UNLIMITED }, clock);
    limiter.pause(1000);
    const given = new AbortController();
    const first = limiter.enter(given.signal);
    given.abort('over');
    // Nobody waits, so nothing keeps the process alive.
    expect(clock.sleeping).toBe(0);
    let second = false;
    limiter.enter().then(() => {
      second = true;
    });
    await expect(first).rejects.toBe('over');
    await clock.advance(999);
    expect(second).toBe(false);
    await clock.advance(1);
    expect(second).toBe(true);
  });
});

test.each([
  { inFlight: 0, perSecond: 1 },
  { inFlight: 1, perSecond: 0 },
  { inFlight: Number.NaN, perSecond: 1 },
])('a limit under which nobody enters is refused: %o', (limit) => {
  expect(() => createLimiter(limit, fakeClock())).toThrow(RangeError);
});
