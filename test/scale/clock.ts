// The time of a function, simulated without sockets: what waits, waits side by side, and the work
// between takes the processor's time on a processor of a function's speed.

import { settled } from '../support/clock.ts';

export interface FunctionClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits beside everything else that waits. */
  wait(milliseconds: number): Promise<void>;
  /** Work that is not done here, in milliseconds of a whole processor. */
  work(milliseconds: number): void;
  /** Does work that is none of the function's. */
  outside<T>(work: () => T): T;
  /** Milliseconds that a millisecond of this processor takes from now on. */
  setFactor(factor: number): void;
}

export function functionClock(start: number): FunctionClock {
  let now = start;
  let factor = 1;
  let used = process.cpuUsage();
  /** By the time at which they end. */
  const waiting = new Map<number, (() => void)[]>();
  let driving = false;

  const countWork = (): void => {
    const { user, system } = process.cpuUsage(used);
    used = process.cpuUsage();
    now += ((user + system) / 1000) * factor;
  };
  const drive = async (): Promise<void> => {
    driving = true;
    for (await settled(); waiting.size > 0; await settled()) {
      countWork();
      const next = Math.min(...waiting.keys());
      now = Math.max(now, next);
      const due = waiting.get(next) ?? [];
      waiting.delete(next);
      for (const wake of due) wake();
    }
    driving = false;
  };
  return {
    now: () => now,
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const end = now + milliseconds;
        const others = waiting.get(end);
        if (others) others.push(resolve);
        else waiting.set(end, [resolve]);
        if (!driving) void drive();
      }),
    work: (milliseconds) => {
      now += milliseconds * factor;
    },
    outside(work) {
      countWork();
      try {
        return work();
      } finally {
        used = process.cpuUsage();
      }
    },
    setFactor: (next) => {
      countWork();
      factor = next;
    },
  };
}
