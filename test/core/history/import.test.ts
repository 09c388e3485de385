// What is odd in recorded histories: each in a repository of its own, made with git.

import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { openRepository } from '../../../bin/history/repository.ts';
import type { RunHistory } from '../../../core/history/documents.ts';
import type { Recorded } from '../../../core/history/import/recorded.ts';
import { type RecordedHistory, readRecorded } from '../../../core/history/import/runs.ts';
import { temporaryFolder } from '../../bin/cli.ts';
import { type Commit, makeRepository } from '../../support/recorded-repository.ts';
import {
  commitOf,
  type RecordedDataset,
  type RecordedDay,
  WELL,
} from '../../support/recorded-world.ts';

const folder = await temporaryFolder();
afterAll(() => folder.remove());

interface Read extends RecordedHistory {
  readonly left: readonly string[];
}
let made = 0;

async function read(
  commits: readonly Commit[],
  more: { until?: string; asRecorded?: boolean } = {},
): Promise<Read> {
  made += 1;
  const path = join(folder.path, `repository-${made}`);
  await makeRepository(path, commits);
  const { signal } = new AbortController();
  const repository = await openRepository({ folder: path, ref: 'main', signal });
  const left: string[] = [];
  const history = await readRecorded({
    archive: openneuro,
    recorded: openneuro.recorded as Recorded,
    repository,
    until: more.until ?? null,
    asRecorded: more.asRecorded ?? false,
    signal,
    onStart: () => {},
    onRun: () => {},
    onSkipped: (_commit, why) => left.push(why),
  });
  repository.close();
  return { ...(history as RecordedHistory), left };
}

/** Days of April, with these datasets. */
const days = (
  ...all: readonly (Readonly<Record<string, RecordedDataset>> | RecordedDay)[]
): Commit[] =>
  all.map((day, at) =>
    commitOf(
      'time' in day && typeof day.time === 'string'
        ? (day as RecordedDay)
        : { time: timeOf(at + 1), datasets: day as RecordedDay['datasets'] },
    ),
  );
const timeOf = (day: number) => `2026-04-${String(day + 9).padStart(2, '0')}T07:00:00.000Z`;
/** Arrivals aside: they are of another measure. */
const told = ({ runs }: { runs: readonly RunHistory[] }) =>
  runs.map(({ events }) => events.filter(({ kind }) => kind !== 'arrived'));
const summaryRow = ({ imported }: Read, id: string) => {
  const [part] = imported.summary;
  const place = part?.columns.id.indexOf(id) ?? -1;
  return part?.verdicts[part.columns.verdict[place] as number];
};

const MISSING: RecordedDataset = { ...WELL, added: ['sub-01/a.nii.gz', 'sub-02/b.nii.gz'] };
const BLOCKED: RecordedDataset = { ...WELL, exported: null };

test('the first run begins the strips, and the next ones say what changed', async () => {
  const history = await read(days({ ds1: WELL, ds2: WELL }, { ds1: MISSING, ds2: WELL }));
  const [first, second] = history.runs;
  expect(first).toMatchObject({ events: [], origin: 'import', rulesVersion: null });
  expect(first?.states.of).toEqual({ ds1: 0, ds2: 0 });
  expect(second?.events).toEqual([
    { kind: 'verdict', id: 'ds1', check: 'overall', from: 'ok', to: 'error' },
    { kind: 'verdict', id: 'ds1', check: 's3Files', from: 'ok', to: 'error:files-missing' },
  ]);
  expect(history.imported.since).toEqual({
    ds1: { s3Files: { verdict: 'error:files-missing', since: timeOf(2) } },
  });
});

test('the time of a run is that of its summary, not that of its commit in a local zone', async () => {
  const commit = { ...days({ ds1: WELL })[0], at: '1775812345 +0530' } as Commit;
  expect((await read([commit])).runs[0]?.run).toBe(timeOf(1));
});

test('a run that is not later than the one before is left out', async () => {
  const early = { time: timeOf(1), datasets: { ds1: MISSING } };
  const history = await read(days({ ds1: WELL }, early, { ds1: WELL }));
  expect(history.left).toEqual(['its time is not after that of the run before']);
  expect(told(history)).toEqual([[], []]);
});

test('a summary that cannot be read costs its run alone', async () => {
  const broken = {
    ...days({}, { ds1: MISSING })[1],
    files: { 'data/all-datasets.json': '{"lastUpdated": ' },
  } as Commit;
  const history = await read([
    days({ ds1: WELL })[0] as Commit,
    broken,
    ...days({}, {}, { ds1: WELL }).slice(2),
  ]);
  expect(history.left).toEqual([expect.stringContaining('its summary cannot be read')]);
  expect(history.runs).toHaveLength(2);
});

test('a finding that no schema knows is left out of its row', async () => {
  const row = { issueSubtypes: { github: 'odd-thing', s3Version: null, s3Files: null } };
  const history = await read(days({ ds1: WELL }, { ds1: { ...WELL, row } }));
  expect([history.left, told(history)]).toEqual([[], [[], []]]);
});

test('only the numbers of the start-up are kept; what returns after it was there before', async () => {
  const of = (time: string, datasets: RecordedDay['datasets']): RecordedDay => ({
    ...{ time, datasets },
    schema: '1.0.0',
  });
  const history = await read([
    ...days(
      of('2026-03-17T21:15:28.000Z', { ds1: MISSING, ds2: WELL }),
      of('2026-03-20T07:06:40.000Z', { ds1: WELL }),
      of('2026-03-21T06:57:42.000Z', { ds1: MISSING }),
      { time: '2026-03-22T07:00:00.000Z', datasets: { ds1: MISSING, ds2: WELL } },
    ),
  ]);
  const [one, two, three, four] = history.runs;
  expect(one).toMatchObject({ origin: 'start-up', events: [], states: { of: {} } });
  // There was no comparison of files at first.
  expect(one?.counts).toMatchObject({ total: 2, 's3Files.pending': 2, listed: 0 });
  expect(two?.origin).toBe('start-up');
  expect(three).toMatchObject({ origin: 'import', events: [] });
  expect(four?.events).toContainEqual(
    expect.objectContaining({ kind: 'returned', id: 'ds2', to: 'ok' }),
  );
  expect(history.index).toMatchObject({ firstRun: three?.run, startUp: 2, runs: 4 });
});

test('rows of 1.1.0 tell no findings, versions and counts: unknown and then known is no change', async () => {
  const none = { github: null, version: null, diff: null };
  const old = (schema?: '1.1.0'): RecordedDay['datasets'] => ({
    ds1: { ...MISSING, ...none },
    ds2: { ...BLOCKED, ...(schema && none) },
    ds3: { ...WELL, ...none },
  });
  const day = (at: number, schema?: '1.1.0'): RecordedDay => ({
    ...{ time: timeOf(at), datasets: old(schema) },
    ...(schema && { schema }),
  });
  for (const order of [
    [day(1, '1.1.0'), day(2)],
    [day(1), day(2, '1.1.0')],
  ]) {
    const history = await read(days(...order), { asRecorded: true });
    expect(told(history)).toEqual([[], []]);
    expect(summaryRow(history, 'ds1')?.issueSubtypes?.s3Files).toBe('files-missing');
  }
});

test('a verdict without a document is that of the row, and the event says so', async () => {
  const row = {
    status: 'error',
    checks: { github: 'error', s3Version: 'ok', s3Files: 'ok' },
    issueSubtypes: { github: 'tag-missing', s3Version: null, s3Files: null },
  };
  const history = await read(days({ ds1: WELL }, { ds1: { ...WELL, github: null, row } }));
  expect(told(history)[1]).toEqual([
    { kind: 'verdict', id: 'ds1', check: 'overall', from: 'ok', to: 'error', fromRow: true },
    {
      kind: 'verdict',
      id: 'ds1',
      check: 'github',
      from: 'ok',
      to: 'error:tag-missing',
      fromRow: true,
    },
  ]);
});

test('a measurement that failed keeps the verdict from before', async () => {
  const failed = { version: { requestError: 'timed out', versionSource: 'assumed_latest' } };
  const history = await read(
    days({ ds1: WELL }, { ds1: { ...WELL, ...failed } }, { ds1: WELL }, { ds1: BLOCKED }),
  );
  const kinds = told(history).map((events) =>
    events.map((event) => `${event.kind} ${'check' in event ? event.check : ''}`),
  );
  expect(kinds.slice(1, 3)).toEqual([['unverified s3Version'], ['verified s3Version']]);
  expect(kinds[3]).toContain('verdict s3Version');
});

test("git-annex's own file in an export is no orphan, and pending hides no error", async () => {
  const annex = { ...WELL, removed: ['annex-uuid'] };
  const row = { status: 'pending' };
  const history = await read(
    days({ ds1: WELL, ds2: WELL }, { ds1: annex, ds2: { ...BLOCKED, row } }),
  );
  const changed = told(history)[1]?.map(
    (event) => 'check' in event && `${event.id} ${event.check}`,
  );
  expect(changed).toEqual(['ds2 overall', 'ds2 s3Version', 'ds2 s3Files', false]);
  expect(told(history)[1]?.[0]).toMatchObject({ from: 'ok', to: 'error' });
});

test('a date that appears is no change, another one is', async () => {
  const undated = { row: { latestSnapshotDate: null } };
  const without = { 'data/datasets/ds1/snapshots/1.0.0/metadata.json': null };
  const later = { row: { latestSnapshotDate: '2020-02-02T00:00:00.000Z' } };
  const day = (at: number, more: object): RecordedDay => ({
    ...{ time: timeOf(at), datasets: { ds1: { ...WELL, ...more } }, files: without },
  });
  const history = await read(days(day(1, undated), day(2, {}), day(3, later)));
  expect(told(history)).toEqual([
    [],
    [],
    [
      {
        ...{ kind: 'versions', id: 'ds1' },
        from: { date: WELL.created },
        to: { date: '2020-02-02T00:00:00.000Z' },
      },
    ],
  ]);
});

test.each([
  { changed: 1, by: 'the archive', because: undefined },
  { changed: 3, by: 'rules', because: 'rules' as const },
])(
  "when the system's rules changed, $changed of 100 datasets are changed by $by",
  async ({ changed, because }) => {
    const all = (faulty: number) =>
      Object.fromEntries(
        Array.from({ length: 100 }, (_, at) => [`ds${at + 100}`, at < faulty ? MISSING : WELL]),
      );
    const around = [
      { time: '2026-04-02T07:00:00.000Z', datasets: all(0) },
      { time: '2026-04-03T07:00:00.000Z', datasets: all(changed) },
      // The same on any other day is a change of the world.
      { time: '2026-04-04T07:00:00.000Z', datasets: all(0) },
    ];
    const [, second, third] = told(await read(days(...around)));
    const reasons = (events: typeof second) =>
      new Set(events?.map((event) => ('because' in event ? event.because : undefined)));
    expect(second).toHaveLength(2 * changed);
    expect(reasons(second)).toEqual(new Set([because]));
    expect(reasons(third)).toEqual(new Set([undefined]));
  },
);

test('a folder that stays does not show a dataset, and another case is another dataset', async () => {
  const history = await read(
    days({ ds1: WELL, DS2: WELL }, { ds1: WELL, ds2: WELL }, { ds1: WELL, DS2: WELL, ds2: WELL }),
  );
  expect(told(history).slice(1)).toEqual([
    [
      expect.objectContaining({ kind: 'listed', id: 'ds2', to: 'ok' }),
      { kind: 'withdrawn', id: 'DS2', from: 'ok' },
    ],
    [expect.objectContaining({ kind: 'returned', id: 'DS2', to: 'ok' })],
  ]);
});

test('only the branch itself counts, not what was merged into it', async () => {
  const [one, two, three] = days({ ds1: WELL }, { ds1: MISSING }, { ds1: WELL }) as [
    Commit,
    Commit,
    Commit,
  ];
  const history = await read([one, { ...two, branch: 'side' }, { ...three, merges: 'side' }]);
  expect(history.runs.map(({ run }) => run)).toEqual([timeOf(1), timeOf(3)]);
  expect(told(history)).toEqual([[], []]);
});

test('a link in the place of a document is no document', async () => {
  const history = await read([
    ...days({ ds1: WELL }),
    {
      ...(days({}, { ds1: WELL })[1] as Commit),
      links: { 'data/datasets/ds1/github.json': '/etc/passwd' },
    },
  ]);
  expect(told(history)).toEqual([[], []]);
  expect(history.runs[1]?.counts).toMatchObject({ 'github.ok': 1 });
});

test('until leaves later runs out', async () => {
  const all = days({ ds1: WELL }, { ds1: MISSING }, { ds1: WELL });
  expect((await read(all, { until: timeOf(2) })).runs).toHaveLength(2);
});
