// The schema of boards, and its JSON Schema, which must accept the same ones.

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boardJsonSchema, boardSchema } from '../../boards/schema.ts';
import { BOARD, VOCABULARY } from './world.ts';

const schema = boardSchema(VOCABULARY);
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
const validate = ajv.compile(boardJsonSchema(VOCABULARY));
const { archives, statuses, checks, issues, causes, sortKeys } = VOCABULARY;

/** What zod alone refuses: rules that JSON Schema cannot say. */
function refusals(board: unknown): { schema: boolean; beyond: boolean } {
  const { error } = schema.safeParse(board);
  const all = error?.issues ?? [];
  const beyond = all.filter((one) => one.code === 'custom' && one.params?.beyondJsonSchema);
  return { schema: all.length > beyond.length, beyond: beyond.length > 0 };
}

const text = (most: number) =>
  fc.string({ maxLength: most, unit: fc.constantFrom('a', ' ', '<b>', '\u202e', '😀', '\n', 'é') });
const short = (most: number) => text(most).filter((one) => [...one].length <= most);
const view = fc.record(
  {
    archive: fc.constantFrom(...archives),
    status: fc.subarray([...statuses]),
    check: fc.subarray([...checks]),
    issue: fc.subarray([...issues], { maxLength: 5 }),
    cause: fc.subarray([...causes], { maxLength: 5 }),
    unverified: fc.boolean(),
    justPublished: fc.boolean(),
    q: short(200),
    sort: fc.constantFrom(...sortKeys),
    descending: fc.boolean(),
  },
  { requiredKeys: [] },
);
const layout = fc
  .tuple(fc.integer({ min: 0, max: 11 }), fc.nat(1000), fc.nat(11), fc.integer({ min: 1, max: 24 }))
  .map(([x, y, w, h]) => ({ x, y, w: 1 + (w % (12 - x)), h }));
const days = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true });
const plot = fc.record(
  {
    range: fc.oneof(
      fc.constantFrom('30d', '90d', '1y', 'all'),
      days.map((day) => ({ begin: day.toISOString(), end: day.toISOString() })),
    ),
    scaling: fc.constantFrom('linear', 'log'),
    min: fc.constantFrom(null, 0, -1.5),
    max: fc.constantFrom(null, 1, 1e9),
    bins: fc.nat(1000),
  },
  { requiredKeys: [] },
);
const check = fc.constantFrom(...checks);
const archive = fc.constantFrom(...archives);
const dataset = fc.stringMatching(/^ds[0-9]{1,6}$/).map((id) => `${archives[0]}:${id}`);
const series = fc.constantFrom('total', 'overall.error', 'issue.s3Files:files-missing');
const kinds = [
  {
    kind: 'curve',
    series: fc.uniqueArray(
      series.map((it) => `openneuro.${it}`),
      { minLength: 1 },
    ),
    plot,
  },
  { kind: 'counts', archive, check },
  { kind: 'list', view, limit: fc.integer({ min: 1, max: 50 }) },
  { kind: 'strip', dataset, check },
  { kind: 'note', text: short(2000) },
] as const;
const widget = fc.oneof(
  ...kinds.map(({ kind, ...fields }) =>
    fc.record<Record<string, unknown>>({
      ...{ kind: fc.constant(kind), title: short(80), layout },
      ...fields,
    }),
  ),
);
const board = fc.record(
  {
    schemaVersion: fc.constant(1),
    title: short(119).map((one) => `T${one.replaceAll('\n', ' ')}`),
    notes: short(4000),
    view,
    columns: fc.subarray(sortKeys.filter((key) => key !== 'id')).map((keys) => [...keys, 'id']),
    pinned: fc.uniqueArray(dataset, { maxLength: 20 }),
    widgets: fc
      .array(widget, { maxLength: 4 })
      .map((widgets) => widgets.map((one, i) => ({ ...one, id: `w${i}` }))),
  },
  { requiredKeys: ['schemaVersion', 'title', 'view'] },
);

/** One place of a board is removed, or holds something else; or has one field more. */
function mutated(value: unknown, steps: readonly number[], other: unknown): unknown {
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const [step = 0, ...rest] = steps;
  const at = step % (keys.length + 1);
  if (at === keys.length)
    return Array.isArray(value) ? [...value, other] : { ...value, more: other };
  const key = keys[at] as string;
  const part = (value as Record<string, unknown>)[key];
  if (rest.length === 0) {
    if (Array.isArray(value)) return value.filter((_, i) => String(i) !== key);
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  }
  const changed = mutated(part, rest, other);
  if (Array.isArray(value)) return value.map((one, i) => (String(i) === key ? changed : one));
  return { ...value, [key]: changed };
}

const OTHERS = [
  ...[null, true, -1, 0, 13, 1.5, 1e9, '', ' ', 'x'.repeat(90), 'x'.repeat(4001), '\u0007x', 'ok'],
  ...['id', '2026-11-31T00:00:00Z', '2026-11-27T00:00:00Z', 'openneuro:x', [], ['id', 'id'], {}],
  ...[
    { begin: '2026-11-28T00:00:00Z', end: '2026-11-27T00:00:00Z' },
    'openneuro.a.b',
    '😀'.repeat(80),
  ],
];

describe('B48 zod and JSON Schema accept the same boards', () => {
  test('a thousand random ones', () => {
    fc.assert(
      fc.property(board, (one) => {
        expect(schema.safeParse(one).error?.issues ?? []).toEqual([]);
        expect(validate(one), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('both judge a thousand changed boards alike', () => {
    let refused = 0;
    const steps = fc.array(fc.nat(20), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(board, steps, fc.constantFrom(...OTHERS), (one, path, other) => {
        const changed = mutated(one, path, other);
        const { schema: isRefused } = refusals(changed);
        refused += Number(isRefused);
        expect(validate(changed), JSON.stringify([changed, validate.errors])).toBe(!isRefused);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  const [curve] = BOARD.widgets;
  const plotted = (changes: object) => [{ ...curve, plot: { ...curve.plot, ...changes } }];
  test.each([
    ['two widgets of one id', { widgets: [curve, curve] }],
    ['a least value above the greatest', { widgets: plotted({ min: 2, max: 1 }) }],
    [
      'an end before its begin',
      {
        widgets: plotted({ range: { begin: '2026-02-01T00:00:00Z', end: '2026-01-01T00:00:00Z' } }),
      },
    ],
  ])('JSON Schema cannot say: %s', (_, changes) => {
    const one = { ...BOARD, ...changes };
    expect(refusals(one)).toEqual({ schema: false, beyond: true });
    expect(validate(one)).toBe(true);
  });
});

test.each([
  ['x and w beyond the grid', { layout: { x: 7, y: 0, w: 6, h: 1 } }, false],
  ['x and w up to its end', { layout: { x: 6, y: 0, w: 6, h: 1 } }, true],
  ['nine series', { series: Array.from({ length: 9 }, (_, i) => `openneuro.a${i}`) }, false],
  ['a series of nobody', { series: ['elsewhere.total'] }, false],
  ['a series with a path in it', { series: ['openneuro./../x'] }, false],
])('%s', (_, changes, isFine) => {
  const one = { ...BOARD, widgets: [{ ...BOARD.widgets[0], ...changes }] };
  expect(schema.safeParse(one).success).toBe(isFine);
  expect(validate(one)).toBe(isFine);
});

test('the greatest board of ids as they are is some 75 KB', () => {
  const pinned = Array.from(
    { length: 2000 },
    (_, i) => `openneuro:ds${String(i).padStart(6, '0')}`,
  );
  const most = {
    ...BOARD,
    ...{ title: 't'.repeat(120), notes: 'n'.repeat(4000), pinned },
    widgets: Array.from({ length: 50 }, (_, i) => ({
      ...{ kind: 'note', id: `w${i}`, title: 'a', layout: { x: 0, y: i, w: 12, h: 1 } },
    })).map((one) => ({ ...one, text: 'x' })),
  };
  expect(schema.safeParse(most).success).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(most))).toBeLessThan(75_000);
});
