import { expect, test } from 'vitest';
import type { Event } from '../../../core/history/events.ts';
import { changesPath, countsPath, INDEX_PATH, monthOf } from '../../../core/history/paths.ts';
import { readChanges } from '../../../core/history/read-changes.ts';

const RUNS = [
  '2026-07-30T06:00:00.000Z',
  '2026-07-31T06:00:00.000Z',
  '2026-08-02T06:00:00.000Z',
  '2026-08-03T05:00:00.000Z',
  '2026-08-03T06:00:00.000Z',
] as const;

/** Each run mends a dataset that is named after its place. */
const mended = (place: number): Event => ({
  ...{ kind: 'verdict', id: `ds${place}`, check: 'github' },
  ...{ from: 'error:repo-not-found', to: 'ok' },
});
const months = [...new Set(RUNS.map(monthOf))];
const documents = new Map<string, unknown>([
  [INDEX_PATH, { months, firstRun: RUNS[0], lastRun: RUNS.at(-1) }],
  ...months.flatMap((month) => {
    const time = RUNS.filter((run) => monthOf(run) === month);
    const events = time.map((run) => ({ run, ...mended(RUNS.indexOf(run)) }));
    return [
      [countsPath(month), { time }],
      [changesPath(month), { events }],
    ] as const;
  }),
]);

test.each<[asked: string, since: string | null, ids: string[]]>([
  ['yesterday', RUNS[2], ['ds4', 'ds3']],
  ['run', RUNS[3], ['ds4']],
  ['2026-08-03', RUNS[2], ['ds4', 'ds3']],
  ['2026-08-01', RUNS[1], ['ds4', 'ds3', 'ds2']],
  ['2026-07-31', RUNS[0], ['ds4', 'ds3', 'ds2', 'ds1']],
  ['2026-07-30', null, ['ds4', 'ds3', 'ds2', 'ds1', 'ds0']],
  ['2020-01-01', null, ['ds4', 'ds3', 'ds2', 'ds1', 'ds0']],
  ['2027-01-01', RUNS[4], []],
])('since %s is after the run of %s', async (asked, since, ids) => {
  const asks: string[] = [];
  const read = async (path: string) => {
    asks.push(path);
    return documents.get(path);
  };
  const found = await readChanges(read, asked);
  expect(found?.since).toBe(since);
  expect(found?.until).toBe(RUNS[4]);
  expect(found?.changes.map(({ id }) => id)).toEqual(ids);
  // No month is read that can tell nothing.
  expect(asks.includes(changesPath('2026-07'))).toBe(ids.includes('ds1'));
});

test('a folder without a history has none', async () => {
  expect(await readChanges(async () => undefined, 'yesterday')).toBeNull();
});
