// HTTP client clocks that no test waits for, and a way to wait for an event instead of a time.

import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../core/http/clock.ts';
import type { Held } from '../../sample/server.ts';

export const START = Date.UTC(2026, 7, 1, 12);

export interface FakeClock extends Clock {
  /** Total milliseconds slept. */
  readonly slept: number;
}

/** Sleeps end at once and advance the time. No deadline ever passes. */
export function fakeClock(): FakeClock {
  let slept = 0;
  return {
    get slept() {
      return slept;
    },
    now: () => START + slept,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      slept += milliseconds;
    },
    after: () => ({ restart: () => {}, cancel: () => {} }),
    every: () => ({ cancel: () => {} }),
  };
}

export interface ManualClock extends Clock {
  /** Sleeps that have not ended. */
  readonly sleeping: number;
  /** Milliseconds that the running timers were set to, in the order in which they were set. */
  readonly timers: readonly number[];
  /** Advances the time; each timer is called when it is due. */
  advance(milliseconds: number): Promise<void>;
  /** Advances the time while the process is busy: a timer that is due is called once, late. */
  stall(milliseconds: number): Promise<void>;
}

interface Due {
  at: number;
  readonly milliseconds: number;
  readonly call: () => void;
  readonly again: boolean;
}

/** A clock that moves only when it is told to. */
export function manualClock(): ManualClock {
  let now = START;
  const sleepers = new Set<Due>();
  const timers = new Set<Due>();

  const callDue = (of: Set<Due>, one: Due): void => {
    if (!of.has(one)) return;
    if (one.again) one.at = now + one.milliseconds;
    else of.delete(one);
    one.call();
  };
  const set = (milliseconds: number, call: () => void, again: boolean) => {
    const one: Due = { at: now + milliseconds, milliseconds, call, again };
    timers.add(one);
    return {
      restart: () => {
        one.at = now + milliseconds;
      },
      cancel: () => void timers.delete(one),
    };
  };
  const dueBy = (until: number): [Set<Due>, Due][] =>
    [sleepers, timers]
      .flatMap((of) => [...of].map((one): [Set<Due>, Due] => [of, one]))
      .filter(([, one]) => one.at <= until)
      .sort(([, a], [, b]) => a.at - b.at);

  return {
    now: () => now,
    get sleeping() {
      return sleepers.size;
    },
    get timers() {
      return [...timers].map(({ milliseconds }) => milliseconds);
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper: Due = { at: now + milliseconds, milliseconds, call: resolve, again: false };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    after: (milliseconds, call) => set(milliseconds, call, false),
    every: (milliseconds, call) => set(milliseconds, call, true),
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (let [next] = dueBy(end); next; [next] = dueBy(end)) {
        now = next[1].at;
        callDue(...next);
      }
      now = end;
      await settled();
    },
    async stall(milliseconds) {
      now += milliseconds;
      for (const next of dueBy(now)) callDue(...next);
      await settled();
    },
  };
}

/** Sleeps end at once and advance the time; deadlines are real, and far away. */
export function sleeplessClock(): Clock {
  let slept = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + slept,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      slept += milliseconds;
    },
  };
}

/**
 * Time passes only when nothing else can happen: when every request in flight has an answer that is
 * held.
 * @param held the answers that are held now, and those that were given up
 * @param total the client's longest deadline; each request in flight has one
 */
export function clockOfHeld(held: () => Held, total: number): Clock {
  let now = START;
  let driving = false;
  /** A request that was given up is held until the host notices. */
  let gaveUp = 0;
  const timers = new Set<Due>();
  const onTheirWay = () => [...timers].filter(({ milliseconds }) => milliseconds === total).length;

  const drive = async (): Promise<void> => {
    driving = true;
    while (timers.size > 0) {
      await settled();
      const asked = onTheirWay();
      const { open, left } = held();
      if (asked !== open || left < gaveUp) continue;
      const [next] = [...timers].toSorted((a, b) => a.at - b.at);
      if (!next) continue;
      now = Math.max(now, next.at);
      if (next.again) next.at = now + next.milliseconds;
      else timers.delete(next);
      next.call();
      gaveUp = left + asked - onTheirWay();
    }
    driving = false;
  };
  const set = (milliseconds: number, call: () => void, again: boolean) => {
    const one: Due = { at: now + milliseconds, milliseconds, call, again };
    timers.add(one);
    if (!driving) void drive();
    return {
      restart: () => {
        one.at = now + milliseconds;
      },
      cancel: () => void timers.delete(one),
    };
  };
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        // A pause as long as a request's deadline must not count as a request.
        const timer = set(milliseconds === total ? total + 1 : milliseconds, resolve, false);
        signal?.addEventListener('abort', () => {
          timer.cancel();
          reject(signal.reason);
        });
      }),
    after: (milliseconds, call) => set(milliseconds, call, false),
    every: (milliseconds, call) => set(milliseconds, call, true),
  };
}

/** Lets everything that is ready run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits as long as it takes, at most until the test times out. */
export async function until(condition: () => boolean): Promise<void> {
  let over = false;
  onTestFinished(() => {
    over = true;
  });
  while (!condition() && !over) await settled();
}
