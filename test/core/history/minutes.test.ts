// Runs more often than daily: strips have their minutes for the last months, and days before.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunOfDataset } from '../../../core/history/by-dataset.ts';
import type { Event } from '../../../core/history/events.ts';
import { dayOf, minuteOf } from '../../../core/history/paths.ts';
import { rebuildHistory } from '../../../core/history/rebuild.ts';
import { stripPoints } from '../../../core/history/series-points.ts';
import { lengthOf, spellsOf } from '../../../core/history/spells.ts';
import { inMonth, withRun } from '../../../core/history/strips.ts';
import type { Strips } from '../../../core/history/strips-document.ts';
import {
  dies,
  emptyWorld,
  failed,
  indexOf,
  publish,
  row,
  stripsOf,
  type World,
} from '../../support/history-world.ts';
import { healthyArchive, stageContext } from '../../support/stage-context.ts';

const GOOD = row('ds000001', 'ok');
const BAD = row('ds000001', 'error:tag-missing');
const OTHER = row('ds000002', 'ok');
const HOUR = 1 / 24;

/** Twelve hours are often enough; the thirtieth run, of 15 August at noon, is the first with minutes. */
async function often(runs = 29, from = 0, world = emptyWorld()): Promise<World> {
  for (let run = from; run < from + runs; run++) await publish(world, run / 2, [GOOD, OTHER]);
  return world;
}

describe('how exactly strips have the time', () => {
  test('daily runs have the day, with one by hand now and then', async () => {
    const world = emptyWorld();
    for (let day = 0; day < 40; day++) await publish(world, day, [GOOD]);
    for (const day of [39.2, 39.4])
      expect((await publish(world, day, [GOOD])).precision).toBe(undefined);
    await publish(world, 39.5, [BAD]);
    expect(stripsOf(world, 'ds000001').strips.github?.at(-1)?.[0]).toBe('2026-09-09');
  });

  test('runs every twelve hours have the minute, from the thirtieth on', async () => {
    const world = await often();
    expect((await publish(world, 14.5, [BAD, OTHER])).precision).toBe('minute');
    await publish(world, 14.5 + 6 * HOUR, [GOOD, OTHER]);
    expect(stripsOf(world, 'ds000001').strips.github).toEqual([
      ['2026-08-01', 'ok'],
      ['2026-08-15T12:00Z', 'error:tag-missing'],
      ['2026-08-15T18:00Z', 'ok'],
    ]);
    expect(indexOf(world).lastRuns).toHaveLength(30);
  });

  test('also when it could not be measured, and was not listed', async () => {
    const world = await often(30);
    await publish(world, 15, [failed(GOOD), OTHER]);
    await publish(world, 15 + 3 * HOUR, [GOOD]);
    await publish(world, 15 + 5 * HOUR, [GOOD, OTHER]);
    expect(stripsOf(world, 'ds000001').unverified).toEqual({
      github: [['2026-08-16T00:00Z', '2026-08-16T03:00Z']],
    });
    expect(stripsOf(world, 'ds000002').notSeen).toEqual([
      ['2026-08-16T03:00Z', '2026-08-16T05:00Z'],
    ]);
  });

  test('daily runs again have days, and the last one of a day decides', async () => {
    const world = await often(30);
    await publish(world, 15, [BAD, OTHER]);
    for (let day = 30; day < 60; day++) await publish(world, day, [BAD, OTHER]);
    await publish(world, 60, [GOOD, OTHER]);
    expect(stripsOf(world, 'ds000001').strips.github?.map(([at]) => at)).toEqual([
      ...['2026-08-01', '2026-08-16T00:00Z', '2026-09-30'],
    ]);
  });
});

/** Verdicts that change within hours in August, and runs until the last day of November. */
async function untilNovember(): Promise<World> {
  const world = await often(31);
  await publish(world, 15 + 3 * HOUR, [BAD, OTHER]);
  await publish(world, 15 + 5 * HOUR, [failed(BAD), OTHER]);
  await publish(world, 15 + 6 * HOUR, [BAD]);
  await publish(world, 15 + 7 * HOUR, [GOOD, OTHER]);
  return often(244 - 32, 32, world);
}
const DECEMBER = 122;

describe('minutes that are older than ninety days', () => {
  test('become days with the first run of a month, in strips that do not change any more', async () => {
    const world = await untilNovember();
    expect(indexOf(world).lastRun).toBe('2026-11-30T12:00:00.000Z');
    const before = stripsOf(world, 'ds000001');
    expect(before.strips.github?.map(([at]) => at)).toEqual([
      ...['2026-08-01', '2026-08-16T03:00Z', '2026-08-16T07:00Z'],
    ]);
    await publish(world, DECEMBER, [GOOD, OTHER]);
    const after = stripsOf(world, 'ds000001');
    expect(after).toMatchObject({ strips: { github: [['2026-08-01', 'ok']] }, unverified: {} });
    expect(stripsOf(world, 'ds000002').notSeen).toEqual([]);
  });

  test('a rebuild gives the same bytes before and after', async () => {
    const world = await untilNovember();
    const context = stageContext(healthyArchive([]), { store: world.store });
    expect(await rebuildHistory(context)).toBe(0);
    await publish(world, DECEMBER, [GOOD, OTHER]);
    expect(await rebuildHistory(context)).toBe(0);
  });

  test('cut off after any write of that run and repeated, it ends with the same bytes', async () => {
    const whole = await untilNovember();
    const { documents } = whole.store;
    const before = new Map(documents);
    const { shown } = whole;
    const rows = [GOOD, OTHER];
    await publish(whole, DECEMBER, rows);
    const after = new Map(documents);
    expect(after.get('datasets/ds000001/history.json')).not.toBe(
      before.get('datasets/ds000001/history.json'),
    );
    const reset = () => {
      documents.clear();
      for (const [path, bytes] of before) documents.set(path, bytes);
      whole.shown = shown;
    };
    let cuts = 0;
    for (let nth = 1; ; nth++, cuts++) {
      reset();
      if (!(await dies(whole, DECEMBER, rows, nth))) break;
      await publish(whole, DECEMBER, rows);
      expect(new Map([...documents].sort())).toEqual(new Map([...after].sort()));
    }
    expect(cuts).toBeGreaterThan(5);
  });
});

test('strips whose minutes became days are those of days from the first', () => {
  const events = fc.constantFrom<Partial<Event>>(
    { kind: 'verdict', check: 'github', to: 'ok' },
    { kind: 'verdict', check: 'github', to: 'error:tag-missing' },
    { kind: 'verdict', check: 's3Files', to: 'pending' },
    { kind: 'unverified', check: 'github' },
    { kind: 'verified', check: 'github' },
    { kind: 'withdrawn' },
    { kind: 'returned', to: 'ok' },
  );
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), events), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (all) => {
      let hour = 0;
      const runs = all.map(([hours, event]) => {
        hour += hours;
        return {
          run: new Date(Date.UTC(2026, 0, 1, hour)).toISOString(),
          event: { ...event, id: 'a' } as Event,
        };
      });
      const fold = (at: (run: string) => string) =>
        runs.reduce<Strips | null>((strips, { run, event }) => {
          const said: RunOfDataset = { run, at: at(run), events: [event], states: {}, notices: [] };
          return withRun(strips, 'a', said);
        }, null);
      const [days, minutes] = [fold(dayOf), fold(minuteOf)];
      expect(minutes && inMonth(minutes, '2026-12')).toEqual(days);
      // On the way, in any month.
      const early = minutes && inMonth(minutes, '2026-04');
      expect(early && inMonth(early, '2026-12')).toEqual(days);
    }),
  );
});

describe('who reads them', () => {
  const strips: Pick<Strips, 'strips' | 'notSeen'> = {
    strips: {
      github: [
        ['2026-08-01', 'ok'],
        ['2026-08-15T12:00Z', 'error:tag-missing'],
        ['2026-08-15T18:00Z', 'ok'],
      ],
    },
    notSeen: [['2026-08-16T03:00Z', '2026-08-16T05:00Z']],
  };

  test('spells have parts of days', () => {
    const spells = spellsOf(strips, 'github');
    expect(spells.map(({ from, to, verdict }) => [from, to, verdict])).toEqual([
      ['2026-08-01', '2026-08-15T12:00Z', 'ok'],
      ['2026-08-15T12:00Z', '2026-08-15T18:00Z', 'error:tag-missing'],
      ['2026-08-15T18:00Z', '2026-08-16T03:00Z', 'ok'],
      ['2026-08-16T03:00Z', '2026-08-16T05:00Z', null],
      ['2026-08-16T05:00Z', null, 'ok'],
    ]);
    const lengths = spells.map((spell) => lengthOf(spell, '2026-08-17T05:00:00.000Z'));
    expect(lengths).toEqual([14.5, 0.25, 0.375, 2 / 24, 1]);
  });

  test('a curve has a point for each', () => {
    const points = stripPoints(strips as Strips, 'github');
    expect(points.map(({ at, value }) => [new Date(at).toISOString().slice(5, 16), value])).toEqual(
      [
        ['08-01T00:00', 0],
        ['08-15T12:00', 4],
        ['08-15T18:00', 0],
        ['08-16T03:00', null],
        ['08-16T05:00', 0],
      ],
    );
  });
});
