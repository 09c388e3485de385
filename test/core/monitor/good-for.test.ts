// How long a good answer of a check holds (docs/checks.md#doi).

import { describe, expect, test } from 'vitest';
import { stillHolds } from '../../../core/monitor/good-for.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 7, 1, 6);
const day = (at: number) => new Date(START + at * DAY).toISOString();
const IDS = Array.from({ length: 1800 }, (_, at) => `ds${String(at + 1).padStart(6, '0')}`);
const CHECK = { goodForDays: 30 };

/** The entries that a daily run requests, day by day. */
function askedOver(days: number): string[][] {
  const last = new Map<string, string>();
  return Array.from({ length: days }, (_, at) => {
    const asked = IDS.filter((id) => !stillHolds(CHECK, id, last.get(id) ?? null, day(at)));
    for (const id of asked) last.set(id, day(at));
    return asked;
  });
}

describe('a daily run over 1,800 entries', () => {
  const asked = askedOver(91);

  test('asks for all of them on the first day, then for some each day', () => {
    expect(asked[0]).toEqual(IDS);
    for (const some of asked.slice(1)) {
      expect(some.length).toBeGreaterThan(30);
      expect(some.length).toBeLessThan(90);
    }
  });

  test('asks for each of them every 30 days', () => {
    for (const id of IDS) {
      const days = asked.flatMap((some, at) => (some.includes(id) ? [at] : [])).slice(1);
      expect(days[0]).toBeLessThanOrEqual(30);
      expect(days.slice(1).map((at, place) => at - (days[place] as number))).toEqual(
        days.slice(1).map(() => 30),
      );
    }
  });
});

test('an entry whose day passed without a run is measured by the next one', () => {
  for (const id of IDS.slice(0, 50)) expect(stillHolds(CHECK, id, day(0), day(31))).toBe(false);
});

test.each([
  ['of a check that says nothing of days', {}, day(0), day(0)],
  ['that was never given', CHECK, null, day(0)],
  ['from the future', CHECK, day(1), day(0)],
])('an answer %s does not hold', (_, check, at, now) => {
  expect(stillHolds(check, 'ds000001', at, now)).toBe(false);
});
