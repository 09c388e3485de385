// The pure parts of boards on the page: documents, layouts, curves, counts, and the list of one's own.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boardSchema } from '../../boards/schema.ts';
import type { Steps } from '../../core/history/bins.ts';
import { changeWords, countsAt } from '../../frontend/boards/counts-data.ts';
import { linesOf, type Series, spanOf, summaryOf } from '../../frontend/boards/curve-data.ts';
import { coloursFor } from '../../frontend/boards/curve-looks.ts';
import {
  type Content,
  documentOf,
  isSame,
  type Read,
  readBoard,
} from '../../frontend/boards/document.ts';
import { arranged, type Placed, placedAt, stepped } from '../../frontend/boards/layout.ts';
import { type Mine, mayChange, ordered, readMine } from '../../frontend/boards/mine.ts';
import { whyNotOpened, whyNotSaved } from '../../frontend/boards/sentences.ts';
import { seriesName, widgetTitle } from '../../frontend/boards/widget-titles.ts';
import { SORT_KEYS, WHOLE_VIEW } from '../../frontend/main/view.ts';
import { VOCABULARY } from '../boards/world.ts';

const ARCHIVES = ['openneuro'];
const schema = boardSchema(VOCABULARY);
const read = (value: unknown): Read => {
  const board = readBoard(value, ARCHIVES);
  if (typeof board === 'string') throw new Error(board);
  return board;
};
const LEAST = { schemaVersion: 1, title: 'Least', view: {} };
const FULL = {
  schemaVersion: 1,
  title: 'Broken exports I look after',
  notes: 'Plain\ntext.',
  view: {
    ...{ archive: 'openneuro', status: ['error'], check: ['github'], notComparable: ['s3Files'] },
    ...{ issue: ['s3Files:files-missing'], cause: [], unverified: true, justPublished: true },
    ...{ q: 'bear', sort: 'missing', descending: true },
  },
  columns: ['status', 'id', 'missing'],
  pinned: ['openneuro:ds000117'],
  widgets: [
    {
      ...{ kind: 'curve', id: 'w1', title: 'Errors', layout: { x: 0, y: 0, w: 6, h: 4 } },
      series: ['openneuro.overall.error', 'openneuro.dataset.ds000117.overall'],
      plot: { range: '90d', scaling: 'log', min: 0, max: null, bins: 90 },
    },
    { kind: 'counts', id: 'w2', layout: { x: 6, y: 0, w: 6, h: 4 }, archive: 'openneuro' },
    {
      ...{ kind: 'list', id: 'w3', layout: { x: 0, y: 4, w: 6, h: 4 }, limit: 10 },
      view: { status: ['ok'] },
    },
    {
      ...{ kind: 'strip', id: 'w4', layout: { x: 6, y: 4, w: 6, h: 4 }, check: 'github' },
      dataset: 'openneuro:ds000117',
    },
    { kind: 'note', id: 'w5', layout: { x: 0, y: 8, w: 12, h: 2 }, text: 'Text' },
  ],
};

describe('a board', () => {
  test.each([
    ['the least one', LEAST],
    ['one with everything', FULL],
  ])('that is written again is %s as the store has it', (_name, board) => {
    const stored = schema.parse(board);
    const { content, leftOut, otherArchive } = read(stored);
    expect([leftOut, otherArchive]).toEqual([null, null]);
    const written = documentOf(content);
    expect(schema.parse(written)).toEqual(written);
    expect(read(written).content).toEqual(content);
    const { cause, ...view } = FULL.view;
    if (board === FULL) expect(written).toEqual({ ...FULL, view });
  });

  test('of any view that the page can show is accepted by the store', () => {
    const content = read(FULL).content;
    fc.assert(
      fc.property(
        fc.record({
          query: fc.string({ unit: 'binary', maxLength: 100 }),
          sort: fc.constantFrom(...SORT_KEYS),
          descending: fc.boolean(),
          unverified: fc.boolean(),
        }),
        fc.subarray([...SORT_KEYS]),
        (view, columns) => {
          const own: Content = {
            ...content,
            view: { ...WHOLE_VIEW, ...view },
            columns: SORT_KEYS.filter((key) => key === 'id' || columns.includes(key)),
          };
          const board = schema.safeParse(documentOf(own));
          expect(board.error).toBeUndefined();
        },
      ),
      { numRuns: 30 },
    );
  });

  test('with words that are gone is shown without them, and says how many', () => {
    const { content, leftOut } = read({
      ...LEAST,
      view: { status: ['error', 'gone'], issue: ['s3Files:gone'], sort: 'gone' },
      columns: ['id', 'gone'],
      pinned: ['openneuro:ds000117', 'javascript:alert(1)/'],
      widgets: [{ kind: 'pie', id: 'a', layout: { x: 0, y: 0, w: 1, h: 1 } }],
    });
    expect(leftOut).toBe(
      '3 filters, 1 column, 1 pinned dataset and 1 widget of this board are no longer known.',
    );
    expect(content).toMatchObject({
      view: { ...WHOLE_VIEW, statuses: ['error'] },
      ...{ columns: ['id'], pinned: ['openneuro:ds000117'], widgets: [] },
    });
    expect(read({ ...LEAST, view: { check: ['gone'] } }).leftOut).toBe(
      '1 filter of this board is no longer known.',
    );
  });

  test.each([
    [null, 'broken'],
    [[], 'broken'],
    [{ ...LEAST, title: 3 }, 'broken'],
    [{ ...LEAST, view: [] }, 'broken'],
    [{ ...LEAST, widgets: {} }, 'broken'],
    [{ schemaVersion: 2 }, 'newer'],
  ])('is not read from %j', (value, why) => {
    expect(readBoard(value, ARCHIVES)).toBe(why);
  });

  test('is read from any JSON without a fault', () => {
    const anything = fc.jsonValue();
    fc.assert(
      fc.property(
        fc.record({ view: fc.dictionary(fc.string(), anything), columns: anything }),
        fc.array(anything),
        (fields, list) => {
          const board = readBoard({ ...LEAST, ...fields, pinned: list, widgets: list }, ARCHIVES);
          if (typeof board === 'string') return;
          expect(schema.safeParse(documentOf(board.content)).error).toBeUndefined();
        },
      ),
    );
  });

  test('is another one as soon as anything of it would be saved otherwise', () => {
    const { content } = read(FULL);
    expect(isSame(content, { ...content })).toBe(true);
    expect(isSame(content, { ...content, view: { ...content.view, causes: ['none'] } })).toBe(
      false,
    );
    expect(isSame(content, { ...content, notes: '' })).toBe(false);
  });
});

describe('a layout', () => {
  const layout = fc
    .record({
      ...{ x: fc.nat(11), y: fc.nat(1000), w: fc.integer({ min: 1, max: 12 }) },
      h: fc.integer({ min: 1, max: 24 }),
    })
    .map((one) => ({ ...one, w: Math.min(one.w, 12 - one.x) }));
  const widgets = fc
    .array(layout, { minLength: 1, maxLength: 12 })
    .map((all) => all.map((one, place): Placed => ({ id: `w${place}`, layout: one })));
  const cells = ({ layout: { x, y, w, h } }: Placed) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`);
  const holds = (all: readonly Placed[]) => {
    const used = all.flatMap(cells);
    expect(new Set(used).size).toBe(used.length);
    for (const { layout: own } of all) {
      expect(own.x + own.w).toBeLessThanOrEqual(12);
      expect(own.y).toBeLessThan(1000);
    }
  };

  test('has no two widgets in one place and no empty rows, whatever is stored', () => {
    fc.assert(
      fc.property(widgets, (all) => {
        const done = arranged(all);
        holds(done);
        expect(done.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
        expect(arranged(done)).toEqual(done);
        const rows = new Set(
          done.flatMap(({ layout: { y, h } }) => Array.from({ length: h }, (_, at) => y + at)),
        );
        expect(rows.size).toBe(Math.max(...rows) + 1);
      }),
    );
  });

  test('holds after any keys', () => {
    const key = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown');
    fc.assert(
      fc.property(
        widgets,
        fc.array(fc.tuple(key, fc.constantFrom('move' as const, 'size' as const)), {
          maxLength: 8,
        }),
        (all, presses) => {
          let now: readonly Placed[] = arranged(all);
          for (const [pressed, how] of presses) now = stepped(now, 'w0', pressed, how) ?? now;
          holds(now);
          expect(now).toHaveLength(all.length);
        },
      ),
    );
  });

  const two = [
    { id: 'a', layout: { x: 0, y: 0, w: 12, h: 4 } },
    { id: 'b', layout: { x: 0, y: 4, w: 12, h: 3 } },
  ];
  const places = (all: readonly Placed[] | null) =>
    all?.map(({ id, layout: { x, y, w, h } }) => `${id} ${x} ${y} ${w} ${h}`);

  test('changes by one key past the next widget, and back', () => {
    const down = stepped(two, 'a', 'ArrowDown', 'move');
    expect(places(down)).toEqual(['b 0 0 12 3', 'a 0 3 12 4']);
    expect(places(stepped(down ?? [], 'a', 'ArrowUp', 'move'))).toEqual(places(two));
    expect(places(stepped(two, 'a', 'ArrowUp', 'move'))).toEqual(places(two));
    expect(stepped(two, 'a', 'Enter', 'move')).toBeNull();
  });

  test('is sized by keys within the grid', () => {
    expect(places(stepped(two, 'a', 'ArrowRight', 'size'))).toEqual(places(two));
    expect(places(stepped(two, 'a', 'ArrowUp', 'size'))).toEqual(['a 0 0 12 3', 'b 0 3 12 3']);
    expect(places(placedAt(two, 'b', { w: 6 }))).toEqual(['a 0 0 12 4', 'b 0 4 6 3']);
    expect(places(placedAt(two, 'b', { w: 0, h: 99 }))).toEqual(['a 0 0 12 4', 'b 0 4 1 24']);
  });
});

describe('a curve', () => {
  const DAY = 86_400_000;
  const BEGIN = Date.parse('2026-07-01T00:00:00Z');
  const steps = (values: readonly (number | null)[], before: number | null = null): Steps => ({
    points: values.map((value, day) => ({ at: BEGIN + day * DAY, value })),
    before: before === null ? null : { at: BEGIN - DAY, value: before },
  });
  const series = (name: string, ...given: Parameters<typeof steps>): Series => ({
    ...{ name, label: seriesName(name), steps: steps(...given) },
  });
  const span = { begin: BEGIN - DAY / 2, end: BEGIN + 4 * DAY };

  test('has the values of all series at the same times, each held until its next one', () => {
    const errors = series('openneuro.overall.error', [3, 5, 5, 2], 4);
    const other: Series = {
      ...series('openneuro.dataset.ds000117.overall', []),
      steps: { points: [{ at: BEGIN + DAY / 2, value: 4 }], before: null },
    };
    const lines = linesOf([errors, other], span, 0);
    expect(lines.lines.map(({ values }) => values)).toEqual([
      [4, 3, 3, 5, 5, 2, 2],
      [null, null, 4, 4, 4, 4, 4],
    ]);
    // Beginning and end are no points.
    expect(lines.stops).toEqual([1, 2, 3, 4, 5]);
    const [first, second] = lines.lines;
    expect(first && summaryOf(errors, first, lines)).toBe(
      'Error: 2 on 4 July 2026, 1 fewer than on 1 July 2026; lowest 2, highest 5.',
    );
    expect(second && summaryOf(other, second, lines)).toBe(
      'ds000117: Error on 4 July 2026; Error on 1 July 2026.',
    );
  });

  test('in bins has mean, lowest and highest of each', () => {
    const { lines, stops } = linesOf(
      [series('openneuro.total', [3, 5, 5, 2])],
      { begin: BEGIN, end: BEGIN + 4 * DAY },
      2,
    );
    expect(lines[0]).toEqual({
      values: [4, 3.5, 3.5],
      bounds: { min: [3, 2, 2], max: [5, 5, 5] },
    });
    expect(stops).toEqual([0, 1]);
  });

  test('without a number in its time says so', () => {
    const none = series('openneuro.total', []);
    const lines = linesOf([none], span, 0);
    expect(lines.lines[0] && summaryOf(none, lines.lines[0], lines)).toBe(
      'Datasets: no numbers in this time.',
    );
  });

  test.each([
    [{ range: '30d' }, '2026-07-02T00:00:00.000Z', '2026-08-01T00:00:00.000Z'],
    [{}, '2026-05-03T00:00:00.000Z', '2026-08-01T00:00:00.000Z'],
    [{ range: 'all' }, '2026-01-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z'],
    [
      { range: { begin: '2026-06-01T00:00:00Z', end: '2027-01-01T00:00:00Z' } },
      '2026-06-01T00:00:00.000Z',
      '2026-08-01T00:00:00.000Z',
    ],
  ] as const)('with %j is from %s to %s', (plot, begin, end) => {
    const shown = spanOf(plot, ['2026-01', '2026-08'], '2026-08-01T00:00:00.000Z');
    expect([shown.begin, shown.end].map((at) => new Date(at).toISOString())).toEqual([begin, end]);
  });

  test('gives each line a colour of its own, a status that of the status', () => {
    const names = [1, 2, 3, 4, 5, 6].map((number) => `openneuro.x${number}`);
    const colours = coloursFor(['openneuro.overall.error', 'openneuro.s3Files.error', ...names]);
    expect(colours[0]).toBe('--error');
    expect(new Set(colours).size).toBe(8);
  });
});

test('counts tell the change since yesterday and since 30 days, and where nothing is known', () => {
  const DAY = 86_400_000;
  const end = Date.parse('2026-08-01T00:00:00Z');
  const points = [
    { at: end - 30 * DAY, value: 10 },
    { at: end - DAY - 1, value: 12 },
    { at: end - DAY / 2, value: 20 },
    { at: end, value: 15 },
  ];
  const [error, mismatch] = countsAt([{ points, before: null }], end);
  expect(error).toEqual({ status: 'error', now: 15, sinceYesterday: 3, since30Days: 5 });
  expect(mismatch).toMatchObject({ now: null, sinceYesterday: null, since30Days: null });
  expect([3, -2, 0, null].map(changeWords)).toEqual(['+3', '−2', '0', 'not known']);
});

test.each([
  ['openneuro.overall.error', 'Error'],
  ['openneuro.s3Files.ok', 'Export files: OK'],
  ['openneuro.issue.s3Files:files-missing', 'Files missing'],
  ['openneuro.notChecked.github', 'GitHub mirror: not checked'],
  ['openneuro.total', 'Datasets'],
  ['openneuro.withdrawn', 'Withdrawn'],
  ['openneuro.dataset.ds000117.overall', 'ds000117'],
  ['openneuro.dataset.ds000117.github', 'ds000117: GitHub mirror'],
  ['openneuro.gone.else', 'gone: else'],
])('the series %s is called %s', (name, words) => {
  expect(seriesName(name)).toBe(words);
});

test('widgets without a title are called by what they show', () => {
  expect(read(FULL).content.widgets.map(widgetTitle)).toEqual([
    ...['Errors', 'Statuses: all checks', 'List', 'ds000117: GitHub mirror', 'Note'],
  ]);
});

describe('my boards', () => {
  const entry = (number: number, more: Partial<Mine> = {}): Mine => ({
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    ...{ title: `Board ${number}`, h: '0123456789ab', savedAt: null },
    seenAt: new Date(Date.UTC(2026, 7, 1) + number * 1000).toISOString(),
    ...more,
  });

  test('are 200 at most, the newest use first, each once, and no key is lost', () => {
    const key = 'k'.repeat(43);
    const all = Array.from({ length: 250 }, (_, number) => entry(number));
    const twice = ordered([...all, entry(249, { editKey: key, seenAt: '2020-01-01T00:00:00Z' })]);
    expect(twice).toHaveLength(200);
    expect(twice[0]).toEqual({ ...entry(249), editKey: key });
    expect(twice.at(-1)).toEqual(entry(50));
    expect(readMine(JSON.parse(JSON.stringify(twice)))).toEqual(twice);
  });

  test.each([
    [null],
    [{}],
    [[null, 'x', {}]],
    [[{ ...entry(1), id: '../../x' }]],
    [[{ ...entry(1), h: '<b>' }]],
    [[{ ...entry(1), seenAt: 'never' }]],
  ])('are none in %j', (value) => {
    expect(readMine(value)).toEqual([]);
  });

  test('without a valid key can only be read', () => {
    expect(readMine([{ ...entry(1), editKey: 'x" onload="' }])).toEqual([entry(1)]);
    expect(mayChange(entry(1))).toBe(false);
    expect(mayChange(entry(1, { editKey: 'k'.repeat(43) }))).toBe(true);
    // Where boards need no key, none is told.
    expect(mayChange(entry(1, { savedAt: entry(1).seenAt }))).toBe(true);
  });
});

test.each([
  [{ kind: 'none' }, 'There are no saved boards here. Your view is unchanged.'],
  [{ kind: 'away' }, /no trustworthy answer came/],
] as const)('%j is said when a board is opened', (answer, sentence) => {
  expect(whyNotOpened(answer)).toMatch(sentence);
});

test('a save that got no answer can be tried again', () => {
  expect(whyNotSaved({ kind: 'away' })).toMatchObject({ remedies: ['retry'] });
});
