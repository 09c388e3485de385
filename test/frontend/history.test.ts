// The history's data as the page prepares it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import type { Spell } from '../../core/history/spells.ts';
import {
  isShown,
  readView,
  type View,
  WHOLE_VIEW,
  writeView,
} from '../../frontend/changes/view.ts';
import {
  readChanges,
  readCounts,
  readIndex,
  readStrips,
  readSync,
} from '../../frontend/history/documents.ts';
import {
  factsOf,
  lengthWords,
  nextStop,
  placeOf,
  rangeWords,
  spellWords,
  stripsOf,
  ticksOf,
} from '../../frontend/history/strip-data.ts';
import { arrivalText, syncSentence } from '../../frontend/history/sync-words.ts';
import { type Point, pointsOf, stackedOf, within } from '../../frontend/history/trend-data.ts';

describe('the trend', () => {
  const point = (run: string, error: number, ok: number): Point => ({
    run,
    counts: { error, 'version-mismatch': 0, warning: 0, pending: 0, ok },
  });

  test('stacks the statuses, worst at the bottom', () => {
    const [times, ...edges] = stackedOf([point('2026-08-01T06:00:00.000Z', 2, 5)]);
    expect(times).toEqual([Date.UTC(2026, 7, 1, 6) / 1000, Date.UTC(2026, 7, 2, 6) / 1000]);
    expect(edges).toEqual([2, 2, 2, 2, 7].map((height) => [height, height]));
  });

  test('a day without a run is a gap, a late run is none', () => {
    const [times, errors] = stackedOf([
      point('2026-08-01T06:00:00.000Z', 1, 1),
      point('2026-08-02T09:00:00.000Z', 2, 1),
      point('2026-08-04T06:00:00.000Z', 3, 1),
    ]);
    expect(errors).toEqual([1, 2, 2, null, 3, 3]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('weekly runs have gaps only where a week is missing', () => {
    const weeks = [0, 1, 2, 4].map((week) =>
      point(new Date(Date.UTC(2026, 0, 1 + 7 * week)).toISOString(), week, 1),
    );
    expect(stackedOf(weeks)[1]).toEqual([0, 1, 2, 2, null, 4, 4]);
  });

  test('a number that a run does not tell is not shown as zero', () => {
    const points = pointsOf([
      {
        ...{ schemaVersion: '3.0.0', month: '2026-08' },
        time: ['2026-08-01T06:00:00.000Z'],
        columns: { 'overall.error': [null] },
      },
    ]);
    expect(points[0]?.counts.error).toBeNull();
    expect(points[0]?.counts.ok).toBeNull();
    expect(stackedOf(points)[1]).toEqual([null, null]);
  });

  test('runs are in the order of their times, whatever the order of publishing', () => {
    const month = (...time: string[]) => ({
      ...{ schemaVersion: '3.0.0' as const, month: '2026-08', time },
      columns: { 'overall.ok': time.map((_, place) => place) },
    });
    const points = pointsOf([month('2026-08-03T06:00:00.000Z', '2026-08-02T06:00:00.000Z')]);
    expect(points.map(({ counts }) => counts.ok)).toEqual([1, 0]);
  });

  test('a range needs the months in which it lies', () => {
    const months = ['2025-07', '2025-08', '2026-06', '2026-07', '2026-08'];
    const asked = (range: Parameters<typeof within>[2]) =>
      within(months, '2026-08-01T06:00:00.000Z', range).months;
    expect(asked('30 d')).toEqual(['2026-07', '2026-08']);
    expect(asked('90 d')).toEqual(['2026-06', '2026-07', '2026-08']);
    expect(asked('1 y')).toEqual(months.slice(1));
    expect(asked('all')).toEqual(months);
  });

  test('upper edges never go down, and the last one is the sum', () => {
    const counts = fc.record(
      Object.fromEntries(STATUSES.map((status) => [status, fc.nat(2000)])) as Record<
        (typeof STATUSES)[number],
        fc.Arbitrary<number>
      >,
    );
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 20 }), (list) => {
        const points = list.map((each, day) => ({
          run: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
          counts: each,
        }));
        const [, ...edges] = stackedOf(points);
        for (const [at, { counts: own }] of points.entries()) {
          const heights = edges.map((edge) => edge[at] ?? 0);
          expect(heights).toEqual(heights.toSorted((a, b) => a - b));
          expect(heights.at(-1)).toBe(STATUSES.reduce((sum, status) => sum + own[status], 0));
        }
      }),
    );
  });
});

describe('the page of changes', () => {
  const kinds = fc.subarray(['new-fault', 'mended', 'worse', 'withdrawn'] as const);
  const view: fc.Arbitrary<View> = fc.record({
    from: fc.constantFrom('', '2026-07-01'),
    to: fc.constantFrom('', '2026-07-31'),
    kinds,
    check: fc.constantFrom('', 'github', 's3Files'),
    page: fc.integer({ min: 1, max: 9 }),
  });

  test('the address holds the view', () => {
    fc.assert(
      fc.property(view, (one) => {
        expect(readView(writeView(one))).toEqual(one);
      }),
    );
    expect(writeView(WHOLE_VIEW)).toBe('');
  });

  test('nonsense in an address is left out', () => {
    const address = '?from=2026-7-1&to=2026-99-99&kind=x,mended&check=__proto__&page=-3';
    expect(readView(address)).toEqual({ ...WHOLE_VIEW, kinds: ['mended'] });
  });

  test('days are whole days in UTC', () => {
    const on = (run: string) =>
      isShown(
        { ...WHOLE_VIEW, from: '2026-07-01', to: '2026-07-01' },
        { ...{ run, id: 'a', kind: 'mended', check: null, from: null, to: null } },
      );
    expect(on('2026-06-30T23:59:59.000Z')).toBe(false);
    expect(on('2026-07-01T00:00:00.000Z')).toBe(true);
    expect(on('2026-07-01T23:59:59.000Z')).toBe(true);
    expect(on('2026-07-02T00:00:00.000Z')).toBe(false);
  });
});

describe('the strips of a dataset', () => {
  const time = {
    begin: '2026-03-18',
    first: '2026-03-18',
    now: '2026-08-08T07:00:00.000Z',
    end: '2026-08-09',
  };
  const shown = {
    listed: null,
    notSeen: [],
    snapshots: [],
    hasNews: true,
    strips: {
      overall: [
        ['2026-03-18', 'ok'],
        ['2026-04-08', 'error'],
        ['2026-05-02', 'ok'],
      ] as [string, string][],
      s3Files: [
        ['2026-03-18', 'ok'],
        ['2026-04-08', 'error:files-missing'],
        ['2026-05-02', 'ok'],
      ] as [string, string][],
    },
    unverified: { s3Files: [['2026-04-10', '2026-04-12']] as [string, string][] },
  };
  const strips = stripsOf(shown, time);
  const [, files] = strips;

  test('a spell tells its verdict, its days, and when it could not be measured', () => {
    const words = files?.spells.map((spell) => spellWords(files, spell, time, shown));
    expect(words).toEqual([
      'OK, before 18 March – 8 April 2026, at least 21 days',
      'Error: Files missing, 8 April – 2 May 2026, 24 days; could not be measured 10 April – 12 April 2026',
      'OK, since 2 May 2026, 98 days',
    ]);
  });

  test('where runs are more often than daily, it tells minutes', () => {
    const hourly = {
      ...shown,
      strips: {
        s3Files: [
          ['2026-08-01', 'ok'],
          ['2026-08-06T12:00Z', 'error:files-missing'],
          ['2026-08-06T18:00Z', 'ok'],
          ['2026-08-07T19:00Z', 'error:files-missing'],
        ] as [string, string][],
      },
      unverified: { s3Files: [['2026-08-07T01:00Z', '2026-08-07T03:00Z']] as [string, string][] },
    };
    const read = readStrips({ ...hourly, schemaVersion: '3.0.0', id: 'ds000001', news: [] });
    const [strip] = stripsOf(read, time);
    expect(strip?.spells.slice(1).map((spell) => spellWords(strip, spell, time, read))).toEqual([
      'Error: Files missing, 6 August 2026, 12:00 – 18:00 UTC, 0.3 days',
      'OK, 6 August, 18:00 UTC – 7 August 2026, 19:00 UTC, 1 day; could not be measured 7 August 2026, 01:00 – 03:00 UTC',
      'Error: Files missing, since 7 August 2026, 19:00 UTC, 0.5 days',
    ]);
  });

  test('a dataset that returned after the first run is not older than that', () => {
    const spell = { ...(files?.spells[2] as Spell), from: '2026-06-30' };
    const returned = { ...time, first: '2026-06-30' };
    expect(lengthWords(spell, returned, shown)).toBe('since 30 June 2026, 39 days');
  });

  test('the strip of a first run says only that it was so before', () => {
    const spell: Spell = { ...(files?.spells[0] as Spell), from: time.begin, to: null };
    const first = { ...time, now: `${time.begin}T00:30:00.000Z` };
    expect(lengthWords(spell, first, shown)).toMatch(/^since before 18 March 2026$/);
  });

  test('a dataset that was new then is no older than its first day', () => {
    const spell = files?.spells[0] as Spell;
    expect(lengthWords(spell, time, { ...shown, listed: '2026-03-18' })).toBe(
      '18 March – 8 April 2026, 21 days',
    );
  });

  test('facts: how often in the last year, for how long, and the longest spell', () => {
    const { times, days, longest } = factsOf(strips, time);
    expect([times, days, longest?.spell.from]).toEqual([1, 24, '2026-04-08']);
    // A year later only the part of it that lies in the year counts.
    const later = { ...time, now: '2027-04-20T07:00:00.000Z', end: '2027-04-21' };
    expect(factsOf(strips, later).days).toBe(12);
    expect(
      factsOf(strips, { ...time, now: '2027-08-08T07:00:00.000Z', end: '2027-08-09' }).times,
    ).toBe(0);
  });

  test('an error that becomes a version mismatch is one time', () => {
    const overall: [string, string][] = [
      ['2026-03-18', 'ok'],
      ['2026-04-08', 'error'],
      ['2026-04-10', 'version-mismatch'],
      ['2026-04-20', 'warning'],
      ['2026-05-01', 'error'],
    ];
    const turning = stripsOf({ ...shown, strips: { overall } }, time);
    expect(factsOf(turning, time)).toMatchObject({ times: 2, days: 12 + 99 });
  });

  test('places are percent of the line, and months have ticks', () => {
    expect(placeOf(time, '2026-03-18')).toBe(0);
    expect(placeOf(time, '2026-08-09')).toBe(100);
    expect(ticksOf(time).map(({ day }) => day)).toEqual([
      ...['2026-04-01', '2026-05-01', '2026-06-01', '2026-07-01', '2026-08-01'],
    ]);
    const long = ticksOf({ ...time, first: '2017-01-15' });
    expect(long.length).toBeGreaterThan(100);
    expect(long.flatMap(({ label }) => label || [])).toEqual([
      ...['2018', '2019', '2020', '2021', '2022', '2023', '2024', '2025', '2026'],
    ]);
  });

  test('years are told only where they differ', () => {
    expect(rangeWords('2025-12-30', '2026-01-02')).toBe('30 December 2025 – 2 January 2026');
    expect(rangeWords('2026-01-02', '2026-01-02')).toBe('2 January 2026');
  });

  test.each([
    ['ArrowLeft', { row: 1, place: 0 }],
    ['ArrowRight', { row: 1, place: 2 }],
    ['Home', { row: 1, place: 0 }],
    ['End', { row: 1, place: 2 }],
    ['ArrowUp', { row: 0, place: 1 }],
    ['ArrowDown', { row: 1, place: 1 }],
    ['a', null],
  ])('the key %s leads from a spell to %j', (key, expected) => {
    expect(nextStop(strips, { row: 1, place: 1 }, key)).toEqual(expected);
  });
});

describe('the time to sync', () => {
  const places = [
    { place: 'mirror', label: 'GitHub' },
    { place: 'export', label: 'S3' },
  ];
  const sync = (mirror: number | null, exported: number | null, snapshots = 20, waiting = 6) => {
    const of = (median: number | null) => ({
      ...{ median, p90: null, arrived: 14, waiting: 6, replaced: 0 },
    });
    const last90Days = { snapshots, places: { mirror: of(mirror), export: of(exported) } };
    return { resolution: 1, last90Days, waiting, months: [] };
  };

  test.each([
    [
      sync(0.42, 0.7),
      'New snapshots reach GitHub in 0.4 days, S3 in 0.7 days (median, last 90 days); 6 are waiting.',
    ],
    [
      sync(1, null, 20, 1),
      'New snapshots reach GitHub in 1 day (median, last 90 days); 1 is waiting.',
    ],
    [
      sync(0.01, 12, 20, 0),
      'New snapshots reach GitHub in less than 0.1 days, S3 in 12 days (median, last 90 days); none is waiting.',
    ],
    [
      sync(null, null, 3, 3),
      'Fewer than half of 3 snapshots of the last 90 days have arrived; 3 are waiting.',
    ],
    [sync(null, null, 0, 2), 'No new snapshot in the last 90 days; 2 are waiting.'],
  ])('case %#', (document, expected) => {
    expect(syncSentence(readSync(document), places)).toBe(expected);
  });

  test('a snapshot that was replaced before it arrived is not waited for', () => {
    const at = (day: number) => `2026-07-${day}T00:00:00.000Z`;
    const old = { version: '1', created: at(10), seen: { mirror: at(12) } };
    const next = { version: '2', created: at(20), seen: {} };
    expect(arrivalText(old, 'mirror', next, at(30))).toBe('2 days');
    expect(arrivalText(old, 'export', next, at(30))).toBe('not before the next one');
    expect(arrivalText(next, 'export', undefined, at(30))).toBe('waiting for 10 days');
  });
});

test.each([
  ['an index', readIndex, { firstRun: 'x', lastRun: 'y', runs: 1, months: [], gaps: [] }],
  ['changes', readChanges, { events: [{ run: 'yesterday', id: 'a', kind: 'listed' }] }],
  ['counts', readCounts, { time: ['2026-08-01T00:00:00.000Z'], columns: { total: [1, 2] } }],
  [
    'strips',
    readStrips,
    { listed: null, strips: { a: [['soon', 'ok']] }, unverified: {}, notSeen: [] },
  ],
  ['nothing', readIndex, null],
])('%s that cannot be trusted is refused', (_, read, document) => {
  expect(() => (read as (document: unknown) => unknown)(document)).toThrow();
});
