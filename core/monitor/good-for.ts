// For how long a good answer holds, where a check says so (`goodForDays`): the one place that tells it. Each entry has
// its day among so many, so that a check of thousands asks some of them a day.

import { spread } from '../compare/spread.ts';
import type { CheckDefinition } from './check.ts';

type GoodFor = Pick<CheckDefinition, 'goodForDays'>;
const DAY = 86_400_000;

/**
 * Whether what was measured well then still holds: the entry's day has not come since.
 * @param now ISO 8601; what was measured after it does not hold, as one of the clocks is wrong
 */
export function stillHolds(
  { goodForDays }: GoodFor,
  id: string,
  measuredAt: string | null,
  now: string,
): boolean {
  if (goodForDays === undefined || measuredAt === null) return false;
  const [then, today] = [Date.parse(measuredAt), Date.parse(now)];
  const offset = spread(id) % goodForDays;
  const turn = (at: number) => Math.floor((Math.floor(at / DAY) + offset) / goodForDays);
  return then <= today && turn(then) === turn(today);
}
