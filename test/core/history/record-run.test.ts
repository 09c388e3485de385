// What publishing a run adds to the history, and that nothing of it depends on where a run was cut
// off (H01–H04, H06–H09, H13, H14, H17).

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import type { Row } from '../../../core/documents/rows.ts';
import { diffSummaries, summaryOf } from '../../../core/history/diff.ts';
import type { Event } from '../../../core/history/events.ts';
import { rebuildHistory } from '../../../core/history/rebuild.ts';
import { overtaken } from '../../../core/history/record-run.ts';
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
import { checkRow, rowOf } from '../../support/rows.ts';
import { healthyArchive, stageContext } from '../../support/stage-context.ts';

const diff = (previous: readonly Row[], next: readonly Row[], withdrawn: readonly string[] = []) =>
  diffSummaries({ archive: openneuro, withdrawn: new Set(withdrawn) }, summaryOf(previous), next)
    .events;

test('the same summary twice gives no event, and the same run twice writes nothing', async () => {
  const rows = [row('ds000001', 'ok'), row('ds000002', 'error:tag-missing')];
  expect(diff(rows, rows)).toEqual([]);
  const world = emptyWorld();
  await publish(world, 0, rows);
  world.store.writes.length = 0;
  await publish(world, 0, rows);
  expect(world.store.writes).toEqual([]);
});

test.each<[string, readonly Row[], readonly Row[], readonly Partial<Event>[]]>([
  [
    'a verdict, of a check and of all',
    [row('ds000001', 'ok')],
    [row('ds000001', 'error:tag-missing')],
    [
      { kind: 'verdict', check: 'overall', from: 'ok', to: 'error' },
      { kind: 'verdict', check: 'github', from: 'ok', to: 'error:tag-missing' },
    ],
  ],
  [
    'another finding of the same status',
    [row('ds000001', 'error:tag-missing')],
    [row('ds000001', 'error:repo-not-found')],
    [{ kind: 'verdict', check: 'github', from: 'error:tag-missing', to: 'error:repo-not-found' }],
  ],
  [
    'a new snapshot, with its date',
    [row('ds000001', 'ok')],
    [row('ds000001', 'ok', { version: '1.0.1', versionDate: '2026-08-01T00:00:00.000Z' })],
    [
      {
        kind: 'versions',
        from: { latest: '1.0.0', date: '2026-07-01T00:00:00.000Z' },
        to: { latest: '1.0.1', date: '2026-08-01T00:00:00.000Z' },
      },
    ],
  ],
  [
    'a date that was unknown is none',
    [row('ds000001', 'ok', { versionDate: null })],
    [row('ds000001', 'ok')],
    [],
  ],
  [
    'a new dataset, with its version',
    [],
    [row('ds000001', 'ok')],
    [{ kind: 'listed', to: 'ok', version: '1.0.0', created: '2026-07-01T00:00:00.000Z' }],
  ],
  [
    'a dataset that is no longer listed',
    [row('ds000001', 'ok')],
    [],
    [{ kind: 'withdrawn', from: 'ok' }],
  ],
  [
    'a measurement that fails',
    [row('ds000001', 'ok')],
    [failed(row('ds000001', 'ok'))],
    [{ kind: 'unverified', check: 'github', reason: 'timeout' }],
  ],
  [
    'one that works again',
    [failed(row('ds000001', 'ok'))],
    [row('ds000001', 'ok')],
    [{ kind: 'verified', check: 'github', reason: 'timeout' }],
  ],
  [
    'ids that differ only in case are two datasets',
    [row('ds000001', 'ok')],
    [row('DS000001', 'ok'), row('ds000001', 'ok')],
    [{ kind: 'listed', id: 'DS000001' }],
  ],
])('an event tells %s', (_, previous, next, expected) => {
  const events = diff(previous, next);
  expect(events).toMatchObject(expected as object[]);
  expect(events).toHaveLength(expected.length);
});

test('counts that change alone are an event, with a verdict they are not', () => {
  const files = (verdict: string, added: number) =>
    rowOf('ds000001', { s3Files: checkRow(verdict, { numbers: { added } }) });
  expect(diff([files('error:files-missing', 3)], [files('error:files-missing', 5)])).toEqual([
    {
      kind: 'counts',
      id: 'ds000001',
      check: 's3Files',
      from: { added: 3, removed: 0 },
      to: { added: 5, removed: 0 },
    },
  ]);
  const kinds = diff([files('ok', 0)], [files('error:files-missing', 5)]).map(({ kind }) => kind);
  expect(kinds).toEqual(['verdict', 'verdict']);
});

test('the latest version arrives at each place once', () => {
  const at = (version: string, mirror: string) =>
    rowOf('ds000001', { github: checkRow('ok', { version: mirror }) }, { version });
  const arrived = {
    kind: 'arrived',
    id: 'ds000001',
    place: 'mirror',
    version: '1.0.1',
    created: null,
  };
  expect(diff([at('1.0.1', '1.0.0')], [at('1.0.1', '1.0.1')])).toContainEqual(arrived);
  expect(diff([at('1.0.0', '1.0.0')], [at('1.0.1', '1.0.1')])).toContainEqual(arrived);
  expect(diff([at('1.0.1', '1.0.1')], [at('1.0.1', '1.0.1')])).toEqual([]);
});

test('a change of rules is marked, and so is one of the checks that are made', () => {
  const judged = (verdict: string, rulesVersion: number) =>
    row('ds000001', verdict, { rulesVersion });
  const byRules = diff([judged('ok', 1)], [judged('warning:branch-behind', 2)]);
  expect(byRules.map((event) => 'because' in event && event.because)).toEqual(['rules', 'rules']);

  const more = rowOf(
    'ds000001',
    {
      github: checkRow('ok'),
      s3Content: checkRow('error:sha-mismatch'),
    },
    { versionDate: '2026-07-01T00:00:00.000Z' },
  );
  expect(diff([row('ds000001', 'ok')], [more])).toEqual([
    {
      kind: 'verdict',
      id: 'ds000001',
      check: 'overall',
      from: 'ok',
      to: 'error',
      because: 'rules',
    },
  ]);
  const fine = rowOf(
    'ds000001',
    { github: checkRow('ok'), s3Content: checkRow('ok') },
    { versionDate: '2026-07-01T00:00:00.000Z' },
  );
  expect(diff([row('ds000001', 'ok')], [fine])).toEqual([]);
});

test('a check that is newly made begins its strip; its numbers sum to the total', async () => {
  const world = emptyWorld();
  const plain = row('ds000001', 'ok');
  await publish(world, 0, [plain]);
  const more = { ...plain, checks: { ...plain.checks, s3Content: checkRow('ok') } };
  const { events, counts } = await publish(world, 1, [more]);
  expect(events).toEqual([]);
  expect(stripsOf(world, 'ds000001').strips.s3Content).toEqual([['2026-08-02', 'ok']]);
  expect(counts).toMatchObject({
    total: 1,
    'notChecked.s3Content': 0,
    's3Content.ok': 1,
    'notChecked.s3Access': 1,
  });
});

test('a day without a measurement leaves the strip and since as they were', async () => {
  const world = emptyWorld();
  const fine = row('ds000001', 'ok');
  const bad = row('ds000001', 'error:tag-missing', {}, '2026-08-02T00:00:05.000Z');
  await publish(world, 0, [fine]);
  await publish(world, 1, [bad]);
  const since = world.shown?.rows[0]?.since;
  expect(since).toBe('2026-08-02T00:00:05.000Z');
  await publish(world, 2, [failed(bad)]);
  await publish(world, 3, [failed(bad)]);
  await publish(world, 4, [bad]);
  expect(world.shown?.rows[0]).toMatchObject({ since, checks: { github: { since } } });
  expect(stripsOf(world, 'ds000001')).toMatchObject({
    strips: {
      overall: [
        ['2026-08-01', 'ok'],
        ['2026-08-02', 'error'],
      ],
    },
    unverified: { github: [['2026-08-03', '2026-08-04']] },
  });
});

test('what the first run saw may be older, so it has no since; a new dataset has', async () => {
  const world = emptyWorld();
  await publish(world, 0, [row('ds000001', 'ok')]);
  const at = '2026-08-02T00:00:05.000Z';
  await publish(world, 1, [row('ds000001', 'ok'), row('ds000002', 'ok', {}, at)]);
  expect(world.shown?.rows.map(({ since, checks }) => [since, checks.github?.since])).toEqual([
    [null, null],
    [at, at],
  ]);
});

test('the last run of a day decides its entry', async () => {
  const world = emptyWorld();
  const verdicts = ['ok', 'error:tag-missing', 'ok', 'warning:branch-behind'];
  for (const [i, verdict] of verdicts.entries())
    await publish(world, i / 4, [row('ds000001', verdict)]);
  expect(stripsOf(world, 'ds000001').strips.github).toEqual([
    ['2026-08-01', 'warning:branch-behind'],
  ]);
  expect(indexOf(world)).toMatchObject({ runs: 4, gaps: [] });
});

test('withdrawn and back: returned, and a gap in the strip', async () => {
  const world = emptyWorld();
  const both = [row('ds000001', 'ok'), row('ds000002', 'ok')];
  await publish(world, 0, both);
  await publish(world, 2, both.slice(0, 1));
  expect(indexOf(world)).toMatchObject({
    withdrawn: { ds000002: '2026-08-03T00:00:00.000Z' },
    gaps: [['2026-08-02', '2026-08-02']],
  });
  const { events } = await publish(world, 5, both);
  expect(events).toMatchObject([{ kind: 'returned', id: 'ds000002', to: 'ok' }]);
  expect(stripsOf(world, 'ds000002')).toMatchObject({
    notSeen: [['2026-08-03', '2026-08-05']],
    strips: { github: [['2026-08-01', 'ok']] },
  });
  expect(indexOf(world).withdrawn).toEqual({});
});

test('a clock that changes for summer, and a leap day, are days like others (UTC)', async () => {
  const world = emptyWorld();
  const day = (date: string) =>
    (Date.parse(`${date}T23:30:00Z`) - Date.UTC(2026, 7, 1)) / 86_400_000;
  for (const date of ['2028-02-28', '2028-02-29', '2028-03-01', '2028-03-25', '2028-03-26']) {
    await publish(world, day(date), [
      row('ds000001', date === '2028-02-29' ? 'error:tag-missing' : 'ok'),
    ]);
  }
  expect(stripsOf(world, 'ds000001').strips.github?.map(([first]) => first)).toEqual([
    '2028-02-28',
    '2028-02-29',
    '2028-03-01',
  ]);
  expect(indexOf(world).gaps).toEqual([['2028-03-02', '2028-03-24']]);
});

test('a run that is older than the published one is refused; one from the future does not count', () => {
  const now = () => new Date('2026-08-02T06:00:00.000Z');
  const runStart = '2026-08-02T05:00:00.000Z';
  expect(overtaken({ run: '2026-08-02T05:30:00.000Z' }, { runStart, now })).toMatch(
    /^A newer run, of 2026-08-02T05:30/,
  );
  for (const run of [null, '2026-08-01T05:00:00.000Z', runStart, '2026-08-03T05:00:00.000Z']) {
    expect(overtaken({ run }, { runStart, now })).toBe(null);
  }
  expect(overtaken(null, { runStart, now })).toBe(null);
});

const DAYS: readonly (readonly Row[])[] = [
  [row('ds000001', 'ok'), row('ds000002', 'ok')],
  [row('ds000001', 'error:tag-missing'), row('ds000002', 'ok'), row('ds000003', 'ok')],
  [row('ds000001', 'ok'), row('ds000003', 'warning:branch-behind')],
  [row('ds000001', 'ok'), failed(row('ds000002', 'ok')), row('ds000003', 'ok')],
];

/** All documents after these days, if nothing is cut off. */
async function straight(days: number): Promise<World> {
  const world = emptyWorld();
  for (let day = 0; day < days; day++) await publish(world, day, DAYS[day] as readonly Row[]);
  return world;
}

test.each([0, 1, 2, 3])(
  'day %i, cut off after any write and repeated, ends with the same bytes',
  async (day) => {
    const whole = (await straight(day + 1)).store.documents;
    let cuts = 0;
    for (let nth = 1; ; nth++, cuts++) {
      const world = await straight(day);
      if (!(await dies(world, day, DAYS[day] as readonly Row[], nth))) break;
      await publish(world, day, DAYS[day] as readonly Row[]);
      expect(new Map([...world.store.documents].sort())).toEqual(new Map([...whole].sort()));
    }
    expect(cuts).toBeGreaterThan(5);
  },
);

test.each([1, 2])(
  'a run of day %i that is cut off and never repeated leaves nothing',
  async (day) => {
    const without = emptyWorld();
    for (const [other, rows] of DAYS.entries())
      if (other !== day) await publish(without, other, rows);
    for (let nth = 1; ; nth++) {
      const world = await straight(day);
      if (!(await dies(world, day, DAYS[day] as readonly Row[], nth))) break;
      for (const [other, rows] of DAYS.entries())
        if (other > day) await publish(world, other, rows);
      const told = ({ store }: World) =>
        [...store.documents]
          .filter(([path]) => !path.includes('/runs/') && !path.includes('badge'))
          .sort();
      expect(told(world)).toEqual(told(without));
    }
  },
);

test('all is made again from the files of the runs, whatever was damaged', async () => {
  const world = await straight(DAYS.length);
  const { documents } = world.store;
  const whole = new Map(documents);
  const context = stageContext(healthyArchive([]), { store: world.store });
  expect(await rebuildHistory(context)).toBe(0);
  for (const path of whole.keys())
    if (!path.includes('/runs/') && !path.includes('badge')) documents.delete(path);
  await rebuildHistory(context);
  expect(new Map([...documents].sort())).toEqual(new Map([...whole].sort()));
});

test('all is made again over several months, one of which a clock that was ahead had ended too early', async () => {
  const world = emptyWorld();
  for (const [at, day] of [0, 40, 1, 80, 130].entries()) {
    await publish(world, day, DAYS[at % DAYS.length] as readonly Row[]);
  }
  const { documents } = world.store;
  const whole = new Map(documents);
  expect(whole.get('history/changes/2026-08.json')).toContain('2026-08-02');
  const context = stageContext(healthyArchive([]), { store: world.store });
  expect(await rebuildHistory(context)).toBe(0);
  for (const path of whole.keys()) if (path.startsWith('history/changes/')) documents.delete(path);
  await rebuildHistory(context);
  expect(new Map([...documents].sort())).toEqual(new Map([...whole].sort()));
});

test.each([
  'history/index.json',
  'history/changes/2026-08.json',
  'history/counts/2026-08.json',
  'datasets/ds000001/history.json',
])('the next run mends %s', async (path) => {
  const expected = (await straight(2)).store.documents.get(path);
  const world = await straight(1);
  world.store.documents.delete(path);
  await publish(world, 1, DAYS[1] as readonly Row[]);
  expect(world.store.documents.get(path)).toBe(expected);
});

test('a run that publishes again is another publication', async () => {
  const world = emptyWorld();
  await publish(world, 0, [row('ds000001', 'ok')]);
  await publish(world, 1, [row('ds000001', 'ok')]);
  const { number, run } = await publish(world, 1, [row('ds000001', 'error:tag-missing')]);
  expect(number).toBe(3);
  expect(run).not.toBe('2026-08-02T00:00:00.000Z');
  expect(stripsOf(world, 'ds000001').strips.github).toEqual([
    ['2026-08-01', 'ok'],
    ['2026-08-02', 'error:tag-missing'],
  ]);
});
