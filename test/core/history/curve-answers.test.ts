// H16, H17: what is answered to which request: statuses, texts, headers, several series, days.

import { afterEach, describe, expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import { answerCurve, type CurvePort } from '../../../core/history/curve.ts';
import { dayOf } from '../../../core/history/paths.ts';
import { dayAfter, withRun } from '../../../core/history/strips.ts';
import type { Strips } from '../../../core/history/strips-document.ts';
import { clockAt, documentsOf, type Value } from './curve-documents.ts';

const DAY = 86_400_000;
const T = Date.UTC(2026, 7, 1, 6);
const strips: Strips = {
  schemaVersion: SCHEMA_VERSION,
  id: 'bear',
  listed: null,
  strips: {
    overall: [
      ['2026-08-01', 'ok'],
      ['2026-08-03', 'error'],
      ['2026-08-06', 'warning'],
    ],
    copy: [
      ['2026-08-01', 'ok'],
      ['2026-08-03', 'error:copy-missing'],
      ['2026-08-05', null],
    ],
  },
  unverified: {},
  notSeen: [['2026-08-04', '2026-08-05']],
  news: [],
};
const counts = (...values: (number | null)[]) =>
  values.map((value, day): Value => [T + day * DAY, value]);
const documents = documentsOf(
  {
    total: counts(80, 81, 82, 83),
    'issue.copy:copy-missing': counts(null, 2, null, 1),
  },
  [strips],
);
const port: CurvePort = { read: async (path) => documents.get(path), clock: clockAt(T + 10 * DAY) };
const RANGE = `begin=${T}&end=${T + 5 * DAY}`;

const ask = (query: string, more: Partial<CurvePort> = {}, ifNoneMatch?: string) =>
  answerCurve(new URLSearchParams(query), { ...port, ...more }, ifNoneMatch);
const curveOf = async (query: string) => JSON.parse((await ask(query)).body).curve;

const NOT_FOUND = [404, 'Series not found'] as const;
const ZERO = [400, 'begin or end is invalid, must be valid unix time (milliseconds)'] as const;
const TURNED = [400, 'begin is bigger than end, must be smaller or equal'] as const;
const TIME = (name: string) =>
  [422, `${name} is required, in milliseconds since 1970 or as 2026-08-08T06:00:00Z`] as const;
const BINS = [422, 'bins must be a whole number from 0 to 2000'] as const;

test.each<[query: string, expected: readonly [status: number, detail: string]]>([
  ['', [422, 'series is required; history/series.json names them']],
  [`series=&${RANGE}`, [422, 'series is required; history/series.json names them']],
  [`series=toy.none&${RANGE}`, NOT_FOUND],
  [`series=other.total&${RANGE}`, NOT_FOUND],
  [`series=toy&${RANGE}`, NOT_FOUND],
  [`series=toy.constructor&${RANGE}`, NOT_FOUND],
  [`series=toy.total,toy.none&${RANGE}`, NOT_FOUND],
  [`series=toy.dataset.horse.overall&${RANGE}`, NOT_FOUND],
  [`series=toy.dataset.bear.none&${RANGE}`, NOT_FOUND],
  [`series=toy.dataset.bear.constructor&${RANGE}`, NOT_FOUND],
  [`series=toy.dataset.bear&${RANGE}`, NOT_FOUND],
  [`series=toy.dataset...%2F..%2Fx.overall&${RANGE}`, NOT_FOUND],
  // What there is is asked first.
  ['series=toy.none&begin=0&end=0', NOT_FOUND],
  ['series=toy.none', NOT_FOUND],
  ['series=toy.total', TIME('begin')],
  [`series=toy.total&begin=${T}`, TIME('end')],
  [`series=toy.total&begin=yesterday&end=${T}`, TIME('begin')],
  [`series=toy.total&begin=1.5&end=${T}`, TIME('begin')],
  [`series=toy.total&begin=2026-08-01&end=${T}`, TIME('begin')],
  [`series=toy.total&begin=9999999999999999&end=${T}`, TIME('begin')],
  [`series=toy.total&begin=0&end=${T}`, ZERO],
  [`series=toy.total&begin=${T}&end=0`, ZERO],
  [`series=toy.total&begin=${T}&end=${T - 1}`, TURNED],
  [`series=toy.total&${RANGE}&bins=-1`, BINS],
  [`series=toy.total&${RANGE}&bins=2001`, BINS],
  [`series=toy.total&${RANGE}&bins=many`, BINS],
  [
    `series=toy.total&${RANGE}&removeEmptyBins=perhaps`,
    [422, 'removeEmptyBins must be true or false'],
  ],
  [
    `series=${Array.from({ length: 9 }, (_, place) => `toy.${place}`)}&${RANGE}`,
    [422, 'Ask for 8 series at most'],
  ],
])('%s is refused', async (query, [status, detail]) => {
  const answer = await ask(query);
  expect({ ...answer, body: JSON.parse(answer.body) }).toEqual({
    status,
    body: { detail },
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
});

test('more than 20,000 raw points are too many, and bins of them are not', async () => {
  const many = Array.from({ length: 20_001 }, (_, place): Value => [T + place * 60_000, 1]);
  const of = documentsOf({ total: many, other: many.slice(0, 1) });
  const more = { read: async (path: string) => of.get(path), clock: clockAt(T + 60 * DAY) };
  const all = `series=toy.total&begin=${T}&end=${T + 60 * DAY}`;
  const { status, body } = await ask(all, more);
  expect({ status, body: JSON.parse(body) }).toEqual({
    status: 413,
    body: { detail: 'Too many points: 20001; ask for bins' },
  });
  expect((await ask(`${all}&bins=10`, more)).status).toBe(200);
  const one = all.replace(/end=.*/, `end=${T + 20_000 * 60_000 - 1}`);
  expect((await ask(one, more)).status).toBe(200);
});

test('what takes too long is given up', async () => {
  const never = () => new Promise<never>(() => {});
  const { status, body } = await ask(`series=toy.total&${RANGE}`, { read: never, longestMs: 20 });
  expect({ status, body: JSON.parse(body) }).toEqual({
    status: 504,
    body: { detail: 'Took more than 0.02 s; ask for less' },
  });
});

describe('a good answer', () => {
  test('has an etag that is its bytes, and is cached for a minute', async () => {
    const first = await ask(`series=toy.total&${RANGE}`);
    expect(first.headers).toMatchObject({ 'cache-control': 'public, max-age=60' });
    const { etag = '' } = first.headers;
    expect(etag).toMatch(new RegExp(`^"${T + 3 * DAY}-[0-9a-f]{16}"$`));
    const again = await ask(`series=toy.total&${RANGE}`, {}, `"x", W/${etag}`);
    expect(again).toMatchObject({ status: 304, body: '' });
    expect((await ask(`series=toy.total&${RANGE}&bins=3`, {}, etag)).status).toBe(200);
  });

  test('is the same by the older names and by RFC 3339', async () => {
    const expected = await curveOf(`series=toy.total&${RANGE}&bins=3`);
    const old = `channel_name=toy.total&begin_time=${T}&end_time=${T + 5 * DAY}&num_bins=3`;
    expect(await curveOf(old)).toEqual(expected);
    const instants = 'begin=2026-08-01T06:00:00Z&end=2026-08-06T08:00:00%2B02:00';
    expect(await curveOf(`series=toy.total&${instants}&bins=3`)).toEqual(expected);
  });

  test('ends now, however late the end is', async () => {
    const at = { clock: clockAt(T + 4 * DAY) };
    const late = await ask(`series=toy.total&begin=${T}&end=${T + 400 * DAY}&bins=4`, at);
    const keys = Object.keys(JSON.parse(late.body).curve['toy.total']);
    expect(keys).toEqual([0, 1, 2, 3].map((day) => String(T + day * DAY)));
    const future = `series=toy.total&begin=${T + 5 * DAY}&end=${T + 6 * DAY}&bins=4`;
    expect(JSON.parse((await ask(future, at)).body)).toEqual({ curve: { 'toy.total': {} } });
  });

  test('an answer without data has no keys', async () => {
    expect(await curveOf(`series=toy.total&begin=1&end=2&bins=5`)).toEqual({ 'toy.total': {} });
  });

  test('an answer about several series has the keys of each', async () => {
    const curve = await curveOf(`series=toy.total,toy.dataset.bear.overall,toy.total&${RANGE}`);
    expect(Object.keys(curve)).toEqual([
      ...['toy.total', 'toy.total_meta'],
      ...['toy.dataset.bear.overall', 'toy.dataset.bear.overall_meta'],
    ]);
  });

  test('a finding is 0 where it was not found again, and null before it first was', async () => {
    const curve = await curveOf(`series=toy.issue.copy:copy-missing&${RANGE}`);
    expect(curve['toy.issue.copy:copy-missing']).toEqual({
      [T + DAY]: 2,
      [T + 2 * DAY]: 0,
      [T + 3 * DAY]: 1,
    });
  });
});

describe('a dataset', () => {
  const day = (date: string) => String(Date.parse(`${date}T00:00:00Z`));

  test('has its status as a number, and the verdict in words, where it changes', async () => {
    const name = 'toy.dataset.bear.overall';
    const curve = await curveOf(`series=${name}&begin=1&end=${T + 9 * DAY}`);
    expect(curve[name]).toEqual({
      [day('2026-08-01')]: 0,
      [day('2026-08-03')]: 4,
      [day('2026-08-06')]: 2,
    });
    expect(curve[`${name}_meta`].pointMeta[day('2026-08-03')]).toEqual({ count: 1, desc: 'error' });
  });

  test('has none while it was not listed, and afterwards the one that it comes back with', async () => {
    const same = { ...strips, strips: { overall: strips.strips.overall?.slice(0, 2) ?? [] } };
    const of = documentsOf({ total: counts(1) }, [same]);
    const name = 'toy.dataset.bear.overall';
    const begin = Date.parse('2026-08-01T00:00:00Z');
    const { body } = await ask(`series=${name}&begin=${begin}&end=${begin + 7 * DAY}&bins=7`, {
      read: async (path) => of.get(path),
    });
    const { curve } = JSON.parse(body);
    expect(Object.values(curve[name])).toEqual([0, 0, 4, 4, null, 4, 4]);
    expect(Object.values(curve[`${name}_meta`].pointMeta)[5]).toEqual({ count: 1, desc: 'error' });
  });

  test('has none of a check that is no longer made', async () => {
    const name = 'toy.dataset.bear.copy';
    const begin = Date.parse('2026-08-06T00:00:00Z');
    const query = `series=${name},toy.dataset.bear.overall&begin=${begin}&end=${begin + 2 * DAY}`;
    const curve = await curveOf(`${query}&bins=2`);
    expect(curve[name]).toEqual({});
  });
});

describe('days are UTC days', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  test.each(['America/New_York', 'Pacific/Kiritimati', 'Europe/Berlin'])(
    'in %s, over its clock changes and over a leap day',
    async (timeZone) => {
      process.env.TZ = timeZone;
      let made: Strips | null = null;
      const verdicts = [
        ['2028-02-28T23:59:59.999Z', 'ok'],
        ['2028-02-29T00:00:00.000Z', 'error'],
        ['2028-03-12T07:30:00.000Z', 'ok'],
        ['2028-03-26T01:30:00.000Z', 'warning'],
        ['2028-10-29T00:30:00.000Z', 'ok'],
      ] as const;
      for (const [run, overall] of verdicts) {
        made = withRun(made, 'bear', {
          ...{ run, at: dayOf(run), events: [], notices: [] },
          states: { overall },
        });
      }
      expect(made?.strips.overall?.map(([day]) => day)).toEqual(
        verdicts.map(([run]) => run.slice(0, 10)),
      );
      expect([dayAfter('2028-02-28'), dayAfter('2028-02-29')]).toEqual([
        '2028-02-29',
        '2028-03-01',
      ]);
      expect(dayAfter('2100-02-28')).toBe('2100-03-01');

      const of = documentsOf({ total: counts(1) }, [made as Strips]);
      const begin = Date.UTC(2028, 1, 27);
      const { body } = await ask(
        `series=toy.dataset.bear.overall&begin=${begin}&end=${begin + 4 * DAY}&bins=4`,
        { read: async (path) => of.get(path), clock: clockAt(Date.UTC(2029, 0)) },
      );
      expect(JSON.parse(body).curve['toy.dataset.bear.overall']).toEqual({
        [Date.UTC(2028, 1, 27)]: null,
        [Date.UTC(2028, 1, 28)]: 0,
        [Date.UTC(2028, 1, 29)]: 4,
        [Date.UTC(2028, 2, 1)]: 4,
      });
    },
  );
});
