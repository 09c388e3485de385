// Limits of one host: requests in flight, requests begun per second, and none while the host asks
// for a pause (docs/architecture.md, "Polite").

import type { Clock } from './clock.ts';

export interface HostLimit {
  /** Requests in flight at once; at least 1, may be Infinity. */
  readonly inFlight: number;
  /** Requests begun within any one second; above 0, may be Infinity. */
  readonly perSecond: number;
}

export interface Limiter {
  /**
   * Waits for a turn, first come first served. Call the returned function when the request is over.
   * @throws the signal's reason if it is aborted while waiting.
   */
  enter(signal?: AbortSignal): Promise<() => void>;
  /** Nobody enters for so many milliseconds; pauses do not add up, the longest one counts. */
  pause(milliseconds: number): void;
  /** From now on; `inFlight` may be 0, then nobody enters until the next change. */
  change(limit: HostLimit): void;
  /** Closes it: callers enter at once, and must not send a request. */
  giveUp(): void;
}

/** @throws RangeError for a limit that lets nobody enter. */
export function createLimiter(given: HostLimit, clock: Clock): Limiter {
  let limit = given;
  if (!(limit.inFlight >= 1 && limit.perSecond > 0)) {
    throw new RangeError(
      `a host limit of ${limit.inFlight} in flight, ${limit.perSecond} per second`,
    );
  }
  // A sliding window over the last starts: it lets a burst through at once and never exceeds the
  // limit in any second.
  const burst = () => Math.max(1, Math.floor(limit.perSecond));
  const windowMs = () =>
    Number.isFinite(limit.perSecond) ? (burst() / limit.perSecond) * 1000 : 0;

  /** Starts that are remembered: a limit that rises again must still know them. */
  let most = burst();
  const waiting = new Set<() => void>();
  const starts: number[] = [];
  let inFlight = 0;
  let pausedUntil = 0;
  let givenUp = false;
  let alarm: AbortController | undefined;

  const opensAt = (): number => {
    const oldest = starts.at(-burst());
    return Math.max(pausedUntil, oldest === undefined ? 0 : oldest + windowMs());
  };

  const wakeAfter = (milliseconds: number): void => {
    const wake = () => {
      alarm = undefined;
      admit();
    };
    alarm = new AbortController();
    clock.sleep(milliseconds, alarm.signal).then(wake, wake);
  };

  const admit = (): void => {
    if (alarm) return;
    for (const begin of waiting) {
      const now = clock.now();
      const wait = givenUp ? 0 : opensAt() - now;
      if (!givenUp && inFlight >= limit.inFlight) return;
      if (wait > 0) {
        wakeAfter(wait);
        return;
      }
      waiting.delete(begin);
      inFlight += 1;
      if (windowMs() > 0) starts.push(now);
      if (starts.length > most) starts.shift();
      begin();
    }
  };

  const release = (): (() => void) => {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      inFlight -= 1;
      admit();
    };
  };

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const begin = () => {
          signal?.removeEventListener('abort', abandon);
          resolve(release());
        };
        const abandon = () => {
          waiting.delete(begin);
          // No request waits any more, and a long pause must not keep the process alive.
          if (waiting.size === 0) alarm?.abort();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', abandon, { once: true });
        waiting.add(begin);
        admit();
      }),
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, clock.now() + milliseconds);
    },
    change(next) {
      limit = next;
      most = Math.max(most, burst());
      admit();
    },
    giveUp() {
      givenUp = true;
      if (alarm) alarm.abort();
      else admit();
    },
  };
}
