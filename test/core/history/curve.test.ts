// H15: the curve against an implementation that looks at every millisecond, and what must always hold.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerCurve } from '../../../core/history/curve.ts';
import { clockAt, documentsOf, type Value } from './curve-documents.ts';

const T = Date.UTC(2026, 7, 8, 6);
const NOW = Date.UTC(2026, 8, 1);

type Curve = Readonly<Record<string, Readonly<Record<string, number | null>>>>;
interface Meta {
  readonly raw: boolean;
  readonly interval_avg: number;
  readonly interval_stddev: number;
  readonly pointMeta: Readonly<Record<string, { readonly count: number }>>;
}

async function ask(values: readonly Value[], query: Readonly<Record<string, string | number>>) {
  const documents = documentsOf({ total: values });
  const { status, body } = await answerCurve(
    new URLSearchParams(
      Object.entries({ series: 'toy.total', ...query }).map(([name, value]) => [
        name,
        String(value),
      ]),
    ),
    { read: async (path) => documents.get(path), clock: clockAt(NOW) },
  );
  expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
  const curve = JSON.parse(body).curve as Curve;
  return {
    curve,
    meta: curve['toy.total_meta'] as unknown as Meta | undefined,
    of: (suffix = '') => Object.entries(curve[`toy.total${suffix}`] ?? {}),
  };
}

/** Bins by looking at every millisecond of them. */
function naive(values: readonly Value[], begin: number, end: number, most: number) {
  const bins = Math.min(most, Math.max(1, end - begin));
  const valueAt = (time: number, since: number) =>
    values.findLast(([at]) => at <= time && at >= since)?.[1] ?? null;
  return Array.from({ length: bins }, (_, place) => {
    const from = begin + Math.floor(((end - begin) * place) / bins);
    const to = begin + Math.floor(((end - begin) * (place + 1)) / bins);
    const inside = values.flatMap(([at, value]) => {
      const isIn = at >= from && (at < to || (place === bins - 1 && at <= end));
      return isIn && value !== null ? [value] : [];
    });
    if (inside.length === 0) {
      return { at: from, value: valueAt(from - 1, -Infinity), min: null, max: null, count: 0 };
    }
    const seen = [];
    for (let time = from; time < to; time += 1) {
      const value = valueAt(time, from);
      if (value !== null) seen.push(value);
    }
    const all = seen.length > 0 ? seen : inside;
    return {
      at: from,
      value: all.reduce((a, b) => a + b) / all.length,
      min: Math.min(...inside),
      max: Math.max(...inside),
      count: inside.length,
    };
  });
}

/** Offsets from T in milliseconds. */
type Case = readonly [
  what: string,
  values: readonly Value[],
  begin: number,
  end: number,
  bins: number,
];
const DAILY: readonly Value[] = [
  [0, 10],
  [100, 20],
  [200, 20],
  [300, 5],
  [400, 7],
];
const GAP: readonly Value[] = [
  [0, 10],
  [100, null],
  [200, null],
  [300, 5],
];

const CASES: readonly Case[] = [
  ['one bin over all', DAILY, 0, 400, 1],
  ['two halves', DAILY, 0, 400, 2],
  ['a bin for each point', DAILY, 0, 500, 5],
  ['a point on every edge', DAILY, 0, 400, 4],
  ['edges that are no whole milliseconds', DAILY, 0, 400, 3],
  ['seven of them', DAILY, 0, 400, 7],
  ['a range that begins before the first point', DAILY, -100, 400, 5],
  ['one that begins long before it', DAILY, -1000, 400, 7],
  ['one that begins after it', DAILY, 50, 400, 5],
  ['one that ends before the last point', DAILY, 0, 350, 5],
  ['one that ends at a point', DAILY, 100, 300, 2],
  ['the last bin has only the point at its end', DAILY, 210, 300, 3],
  ['one that goes on after the last point', DAILY, 0, 2000, 10],
  ['empty bins between points', DAILY, 0, 400, 40],
  ['a bin a millisecond', DAILY, 90, 110, 20],
  ['more bins than milliseconds', DAILY, 95, 105, 50],
  ['a range of one millisecond', DAILY, 100, 101, 4],
  ['a range of no time at a point', DAILY, 100, 100, 1],
  ['a range of no time and many bins', DAILY, 300, 300, 10],
  ['one point alone', [[100, 3]], 0, 200, 4],
  ['one point at the beginning', [[0, 3]], 0, 200, 4],
  ['one point at the end', [[200, 3]], 0, 200, 4],
  ['a value that is absent in between', GAP, 0, 400, 4],
  ['a value that ends within a bin', GAP, 0, 400, 3],
  ['a bin in which it ends and begins again', GAP, 0, 400, 1],
  [
    'absent at first',
    [
      [0, null],
      [100, 4],
    ],
    0,
    200,
    4,
  ],
  [
    'absent at last',
    [
      [0, 4],
      [100, null],
    ],
    0,
    200,
    4,
  ],
  [
    'zeros',
    [
      [0, 0],
      [100, 0],
      [150, 2],
    ],
    0,
    200,
    3,
  ],
  [
    'large numbers',
    [
      [0, 1e9],
      [1, 1],
      [199, 1e9],
    ],
    0,
    200,
    2,
  ],
  [
    'points of every millisecond',
    Array.from({ length: 50 }, (_, at): Value => [at, at % 7]),
    0,
    60,
    9,
  ],
  ['the most bins', DAILY, 0, 4000, 2000],
];

describe('bins are those of a look at every millisecond', () => {
  test('at least thirty cases agree', () => expect(CASES.length).toBeGreaterThanOrEqual(30));

  test.each(CASES)('%s', async (_, offsets, begin, end, bins) => {
    const values = offsets.map(([at, value]): Value => [T + at, value]);
    const [from, to] = [T + begin, T + end];
    const { of, meta } = await ask(values, { begin: from, end: to, bins });
    const expected = naive(values, from, to, bins);
    const full = expected.filter(({ count }) => count > 0);
    expect(of()).toEqual(
      expected.map(({ at, value }) => [
        String(at),
        value === null ? null : expect.closeTo(value, 6),
      ]),
    );
    expect(of('_min')).toEqual(full.map(({ at, min }) => [String(at), min]));
    expect(of('_max')).toEqual(full.map(({ at, max }) => [String(at), max]));
    expect(meta?.raw).toBe(false);
    expect(Object.values(meta?.pointMeta ?? {})).toEqual(expected.map(({ count }) => ({ count })));

    const without = await ask(values, { begin: from, end: to, bins, removeEmptyBins: 'true' });
    expect(without.of().map(([at]) => at)).toEqual(full.map(({ at }) => String(at)));
  });
});

describe('always', () => {
  const values = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.option(fc.nat(2000))), {
      minLength: 1,
      maxLength: 40,
      selector: ([at]) => at,
    })
    .map((all) => all.sort(([a], [b]) => a - b).map(([at, value]): Value => [T + at, value]));
  const range = fc
    .tuple(fc.integer({ min: -500, max: 3500 }), fc.nat(3000))
    .map(([begin, length]) => ({ begin: T + begin, end: T + begin + length }));
  const bins = fc.integer({ min: 1, max: 60 });
  const inRange = (all: readonly Value[], { begin, end }: { begin: number; end: number }) =>
    all.filter(([at, value]) => at >= begin && at <= end && value !== null);

  test('min ≤ mean ≤ max, and the counts are those of the points', async () => {
    await fc.assert(
      fc.asyncProperty(values, range, bins, async (all, asked, count) => {
        const { curve, of, meta } = await ask(all, { ...asked, bins: count });
        const points = inRange(all, asked);
        const counts = Object.values(meta?.pointMeta ?? {}).map((one) => one.count);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(points.length);
        for (const [at, min] of of('_min')) {
          const mean = curve['toy.total']?.[at] as number;
          expect(mean).toBeGreaterThanOrEqual(min as number);
          expect(mean).toBeLessThanOrEqual(curve['toy.total_max']?.[at] as number);
        }
      }),
    );
  });

  test('more bins than points are raw with the flag, and equally many stay bins', async () => {
    const useEventsIfBinCountTooLarge = 'true';
    await fc.assert(
      fc.asyncProperty(values, range, bins, async (all, asked, count) => {
        const flagged = await ask(all, { ...asked, bins: count, useEventsIfBinCountTooLarge });
        const points = inRange(all, asked);
        if (points.length === 0) expect(flagged.curve).toEqual({ 'toy.total': {} });
        else {
          const other = points.length < count ? {} : { bins: count };
          expect(flagged.curve).toEqual((await ask(all, { ...asked, ...other })).curve);
        }
      }),
    );
  });
});

test('raw are all points of the range, both ends included', async () => {
  const values = DAILY.map(([at, value]): Value => [T + at, value]);
  const { curve, meta } = await ask(values, { begin: T + 100, end: T + 300 });
  expect(curve['toy.total']).toEqual({ [T + 100]: 20, [T + 200]: 20, [T + 300]: 5 });
  expect(Object.keys(curve)).toEqual(['toy.total', 'toy.total_meta']);
  expect(meta).toEqual({
    raw: true,
    waveform: false,
    interval_avg: 100,
    interval_stddev: 0,
    pointMeta: Object.fromEntries([100, 200, 300].map((at) => [T + at, { count: 1 }])),
  });
});

test.each([
  [[0], 0, 0],
  [[0, 100], 100, 0],
  [[0, 100, 400], 200, 100],
])('points at %j are %d apart, deviating by %d', async (offsets, average, deviation) => {
  const values = offsets.map((at): Value => [T + at, 1]);
  const { meta } = await ask(values, { begin: T, end: T + 400 });
  expect([meta?.interval_avg, meta?.interval_stddev]).toEqual([average, deviation]);
});

test('the value before the range is found months ago', async () => {
  const values: Value[] = [
    [Date.UTC(2026, 2, 30), 663],
    [Date.UTC(2026, 7, 8), 700],
  ];
  const begin = Date.UTC(2026, 7, 1);
  const { of } = await ask(values, { begin, end: Date.UTC(2026, 7, 11), bins: 10 });
  expect(of().map(([, value]) => value)).toEqual([...Array(7).fill(663), 700, 700, 700]);
});
