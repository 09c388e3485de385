// The lowest rate of a body. A host that sends a byte now and then never reaches the limit between
// two pieces, and would hold a run until the limit of the whole exchange.

import type { Clock } from './clock.ts';

export interface LowestRate {
  /** Bytes per second of all bodies in flight together, because they share the line. */
  readonly bytesPerSecond: number;
  /** Milliseconds over which the rate is measured. */
  readonly windowMs: number;
}

/**
 * A fifth of a slow line of 50 KB/s, so that bodies that share it unevenly are not cut. Within a
 * minute a git server has counted what it will send (meanwhile it sends keep-alive bytes).
 */
export const LOWEST_RATE: LowestRate = { bytesPerSecond: 10_000, windowMs: 60_000 };

/** Number of looks per window. */
const LOOKS = 30;

/** What all bodies of a client share. */
export interface Line {
  readonly clock: Pick<Clock, 'now'>;
  readonly lowest: LowestRate;
  /** Bodies in flight now. */
  bodies: number;
}

export interface RateWatch {
  readonly lookEveryMs: number;
  received(bytes: number): void;
  /**
   * Called every `lookEveryMs`, if the process is free. @returns whether a whole window was too
   * slow.
   */
  look(): boolean;
  end(): void;
}

/**
 * Watches one body. Time in which we did not look, because we were busy or asleep, does not count
 * against the host: we did not read then either.
 */
export function watchRate(line: Line): RateWatch {
  const { clock, lowest } = line;
  const lookEveryMs = lowest.windowMs / LOOKS;
  let lastLook = clock.now();
  let bytes = 0;
  let passedMs = 0;
  /** The maximum number of bodies that shared the line in this window. */
  let sharing = 0;
  let ended = false;
  line.bodies += 1;
  return {
    lookEveryMs,
    received(count) {
      bytes += count;
    },
    look() {
      const now = clock.now();
      passedMs += Math.min(now - lastLook, lookEveryMs);
      lastLook = now;
      sharing = Math.max(sharing, line.bodies);
      if (passedMs < lowest.windowMs) return false;
      const least = ((lowest.bytesPerSecond / sharing) * lowest.windowMs) / 1000;
      const isSlow = bytes < least;
      bytes = 0;
      passedMs = 0;
      sharing = 0;
      return isSlow;
    },
    end() {
      if (!ended) line.bodies -= 1;
      ended = true;
    },
  };
}
