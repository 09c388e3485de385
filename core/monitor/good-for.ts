// How long a good answer holds, if a check sets `goodForDays`. Only this file decides it. Each
// entry has its own day in the period, so a check of thousands re-checks some of them each day.

import { spread } from '../compare/spread.ts';
import type { CheckDefinition } from './check.ts';

type GoodFor = Pick<CheckDefinition, 'goodForDays'>;
const DAY = 86_400_000;

/**
 * Whether a good measurement still holds: the entry's day has not come since.
 * @param now ISO 8601; a later measurement does not hold, because one of the clocks is wrong
 */
export function stillHolds(
  { goodForDays }: GoodFor,
  id: string,
  measuredAt: string | null,
  now: string,
): boolean {
  if (goodForDays === undefined || measuredAt === null) return false;
  if (Date.parse(measuredAt) > Date.parse(now)) return false;
  return turnOf(id, goodForDays, measuredAt) === turnOf(id, goodForDays, now);
}

/**
 * The number of the period of so many days that a time (ISO 8601) is in. Periods of different ids
 * begin on different days.
 */
export function turnOf(id: string, days: number, at: string): number {
  return Math.floor((Math.floor(Date.parse(at) / DAY) + (spread(id) % days)) / days);
}
