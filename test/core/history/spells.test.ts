import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../core/history/documents.ts';
import {
  daysBetween,
  endedSpells,
  isBad,
  lengthOf,
  median,
  spellsOf,
} from '../../../core/history/spells.ts';

const strips = {
  strips: {
    files: [
      ['2026-03-18', 'ok'],
      ['2026-04-08', 'error:files-missing'],
      ['2026-05-02', 'ok'],
    ] as [string, string | null][],
  },
  notSeen: [] as [string, string | null][],
};
const told = (spells: ReturnType<typeof spellsOf>) =>
  spells.map(({ from, to, verdict, isListed }) => `${from} ${to} ${isListed ? verdict : 'away'}`);

describe('the spells of a check', () => {
  test('each ends on the day on which the next begins; the last one lasts', () => {
    const spells = spellsOf(strips, 'files');
    expect(told(spells)).toEqual([
      '2026-03-18 2026-04-08 ok',
      '2026-04-08 2026-05-02 error:files-missing',
      '2026-05-02 null ok',
    ]);
    expect(spells.map((spell) => lengthOf(spell, '2026-05-12'))).toEqual([21, 24, 10]);
    expect(spells.map(isBad)).toEqual([false, true, false]);
  });

  test('a check that is not there has none', () => {
    expect(spellsOf(strips, 'mirror')).toEqual([]);
  });

  test('a dataset that is withdrawn is away until it returns', () => {
    const away = (notSeen: [string, string | null][]) =>
      told(spellsOf({ ...strips, notSeen }, 'files'));
    expect(away([['2026-04-20', '2026-04-24']])).toEqual([
      '2026-03-18 2026-04-08 ok',
      '2026-04-08 2026-04-20 error:files-missing',
      '2026-04-20 2026-04-25 away',
      '2026-04-25 2026-05-02 error:files-missing',
      '2026-05-02 null ok',
    ]);
    expect(away([['2026-05-10', null]]).slice(2)).toEqual([
      '2026-05-02 2026-05-10 ok',
      '2026-05-10 null away',
    ]);
    // It returned with another verdict.
    expect(away([['2026-04-20', '2026-05-01']]).slice(1)).toEqual([
      '2026-04-08 2026-04-20 error:files-missing',
      '2026-04-20 2026-05-02 away',
      '2026-05-02 null ok',
    ]);
    // Across several verdicts, and twice.
    expect(
      away([
        ['2026-03-20', '2026-03-21'],
        ['2026-04-01', '2026-05-05'],
      ]),
    ).toEqual([
      '2026-03-18 2026-03-20 ok',
      '2026-03-20 2026-03-22 away',
      '2026-03-22 2026-04-01 ok',
      '2026-04-01 2026-05-06 away',
      '2026-05-06 null ok',
    ]);
  });
});

test('days are counted over a change of the clocks and a leap day', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
});

describe('how long a finding lasted in an archive', () => {
  const event = (day: number, id: string, from: string, to: string, because?: 'rules') =>
    ({
      run: `2026-07-${String(day).padStart(2, '0')}T06:00:00.000Z`,
      ...{ kind: 'verdict', id, check: 'files', from, to },
      ...(because && { because }),
    }) as RunEvent;
  const fault = 'error:files-missing';

  test('spells that began and ended are counted', () => {
    const events = [
      event(1, 'a', 'ok', fault),
      event(2, 'b', fault, 'ok'),
      event(3, 'c', 'ok', fault),
      event(5, 'a', fault, 'error:blocked'),
      { ...event(6, 'c', 'ok', fault), check: 'mirror' } as RunEvent,
    ];
    expect(endedSpells(events, 'files', fault)).toEqual([4]);
  });

  test('not what other rules began or ended, nor what left the archive', () => {
    const events = [
      event(1, 'a', 'ok', fault),
      event(4, 'a', fault, 'ok', 'rules'),
      event(5, 'b', 'ok', fault, 'rules'),
      event(6, 'b', fault, 'ok'),
      event(7, 'c', 'ok', fault),
      { run: '2026-07-08T06:00:00.000Z', kind: 'withdrawn', id: 'c', from: 'error' } as RunEvent,
      event(9, 'c', fault, 'ok'),
    ];
    expect(endedSpells(events, 'files', fault)).toEqual([]);
  });

  test.each([
    [[], null],
    [[3], 3],
    [[9, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %s', (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
  });
});
