// The notices of runs: kept with each run, and made again from the files of the runs.

import { expect, test } from 'vitest';
import type { Changes, Notices, RunHistory } from '../../../core/history/documents.ts';
import { NOTICES_PATH, runPath } from '../../../core/history/paths.ts';
import { rebuildHistory } from '../../../core/history/rebuild.ts';
import { replay } from '../../../core/history/replay.ts';
import { runPipeline } from '../../../core/monitor/run.ts';
import { publishedRun } from '../../support/published-run.ts';
import {
  type ContextSettings,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  stageContext,
} from '../../support/stage-context.ts';
import { WHOLE_RUN } from '../../support/stages.ts';

const IDS = ['ds000001', 'ds000002', 'ds000003'];
type Context = ReturnType<typeof stageContext>;

/** Three days on which a mirror lacks its tag, the first of them a day after the first run. */
async function broken(archive: FakeArchive, settings: ContextSettings = {}) {
  let context = await run(archive, settings);
  archive.refs.set('ds000002', healthyRefs([]));
  for (let day = 1; day <= 3; day++) {
    context = await run(archive, { ...settings, store: context.store, day });
  }
  return context;
}

const run = async (archive: FakeArchive, settings?: ContextSettings) =>
  (await publishedRun(archive, settings)).context;

const runFile = ({ store }: Context, day: number) =>
  store.document<RunHistory>(runPath(`2026-08-0${day + 1}T00:00:00.000Z`));
const runFiles = (context: Context) =>
  Array.fromAsync(
    [...context.store.documents.keys()].filter((path) => path.includes('/runs/')),
  ).then((paths) => paths.sort().map((path) => context.store.document<RunHistory>(path)));

test('the second run that sees a fault tells it, in its file, in the month and in the state', async () => {
  const context = await broken(healthyArchive(IDS));
  const told = [0, 1, 2, 3].map((day) => runFile(context, day).notices);
  expect(told).toEqual([undefined, undefined, [expect.any(Object)], undefined]);
  expect(told[2]?.[0]).toMatchObject({
    ...{ id: 'ds000002', kind: 'fault', status: 'error' },
    checks: [{ check: 'github', from: 'ok', to: 'error:tag-missing' }],
  });
  const month = context.store.document<Changes>('history/changes/2026-08.json');
  expect(month.notices).toMatchObject([{ run: '2026-08-03T00:00:00.000Z', id: 'ds000002' }]);
  expect(context.store.document<Notices>(NOTICES_PATH)).toMatchObject({
    number: 4,
    datasets: { ds000002: { told: { github: 'error:tag-missing' } } },
  });
});

test('all of it is made again from the files of the runs', async () => {
  const context = await broken(healthyArchive(IDS));
  const { store } = context;
  expect(await rebuildHistory(context)).toBe(0);
  const before = new Map(store.documents);
  store.documents.delete(NOTICES_PATH);
  expect(await rebuildHistory(context)).toBe(1);
  expect(store.documents).toEqual(before);
});

test('a run that finds the state damaged makes it again first', async () => {
  const archive = healthyArchive(IDS);
  const next = async (spoil: (context: Context) => void) => {
    const context = await broken(healthyArchive(IDS));
    spoil(context);
    const after = await run(archive, { store: context.store, day: 4 });
    return [runFile(after, 4).notices, after.store.document(NOTICES_PATH)];
  };
  const whole = await next(() => {});
  expect(whole[0]).toMatchObject([{ id: 'ds000002', kind: 'mended' }]);
  expect(await next(({ store }) => store.documents.delete(NOTICES_PATH))).toEqual(whole);
  const early = (await run(healthyArchive(IDS), {})).store.documents.get(NOTICES_PATH) as string;
  expect(await next(({ store }) => store.documents.set(NOTICES_PATH, early))).toEqual(whole);
});

test('a run over another dataset confirms no fault', async () => {
  const archive = healthyArchive(IDS);
  const first = await run(archive, {});
  archive.refs.set('ds000002', healthyRefs([]));
  const second = await run(archive, { store: first.store, day: 1 });
  const context = stageContext(archive, {
    store: second.store,
    day: 2,
    options: { publishAnyway: true },
  });
  await runPipeline(context, { ...WHOLE_RUN, datasets: ['ds000001'] });
  expect(runFile(context, 2).notices).toBeUndefined();
  const last = await run(archive, { store: second.store, day: 3 });
  expect(runFile(last, 3).notices).toMatchObject([{ id: 'ds000002', kind: 'fault' }]);
});

test('what is told from which status on is kept with the run', async () => {
  const context = await broken(healthyArchive(IDS), { options: { notifyFrom: 'error' } });
  expect(runFile(context, 2)).toMatchObject({ notifyFrom: 'error', notices: [{ kind: 'fault' }] });
  expect(await rebuildHistory(context)).toBe(0);
});

test('a replay counts faults, and which of them were told', async () => {
  const archive = healthyArchive(IDS);
  const context = await broken(archive);
  archive.refs.set('ds000001', healthyRefs([]));
  const last = await run(archive, { store: context.store, day: 4 });
  const runs = await runFiles(last);
  const { known, young, told } = await replay(
    (async function* () {
      yield* runs;
    })(),
  );
  expect([known, young]).toEqual([
    { spells: 2, told: 1 },
    { spells: 0, told: 0 },
  ]);
  expect(told).toMatchObject({ fault: 1, mended: 0 });
});
