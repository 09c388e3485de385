// The hourly look at what changed, and the runs that it starts.

import { describe, expect, test } from 'vitest';
import type { RunStatus } from '../../core/documents/documents.ts';
import { failed } from '../../core/failure.ts';
import { type RunInput, runInputSchema } from '../../lambdas/contract.ts';
import { MARKS_FILE, PREFIXES } from '../../lambdas/names.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import type { Tools } from '../../lambdas/steps/tools.ts';
import { watchStep } from '../../lambdas/steps/watch.ts';
import { memoryRunStore } from '../support/memory-run-store.ts';
import { dataset, type FakeArchive, healthyArchive, page } from '../support/stage-context.ts';
import { beginning, measuring, testRun, testTools } from '../support/steps.ts';

const IDS = Array.from({ length: 60 }, (_, i) => `ds${String(i + 1).padStart(6, '0')}`);
const [FIRST = ''] = IDS;
const MARKS = `${PREFIXES.runs}${MARKS_FILE}`;
const FILES = ['CHANGES', 'dataset_description.json'];

/** Daily runs, and a look every hour. */
const DAILY = { runEveryHours: 24, watchEveryHours: 1 };

function story(change: (archive: FakeArchive) => void = () => {}, hours: Partial<Tools> = DAILY) {
  const archive = healthyArchive(IDS);
  change(archive);
  const store = memoryRunStore();
  const toolsOf = (day: number) => ({ ...testTools(archive, { store, day }), ...hours });

  /** As the state machine makes it; each shard a function. */
  const run = async (day: number, input: RunInput = {}) => {
    const run = testRun(runInputSchema.parse(input), day);
    const begun = await fetchRegistryStep(toolsOf(day), beginning(run));
    if (begun.outcome !== 'proceed') return { outcome: begun.outcome, measured: [] };
    const measured: string[] = [];
    const check = async (stage: string, shards: (typeof begun.shards)[string] = []) => {
      for (const shard of shards) {
        await checkStep(measuring(stage, toolsOf(day)), { run, shard });
        const { datasets } = JSON.parse(store.runFiles.get(shard.key) ?? '{}');
        if (stage === 'check-s3-files') measured.push(...datasets);
      }
    };
    await check('check-github', begun.shards.CheckGithub);
    await check('check-s3-version', begun.shards.CheckS3Version);
    const { shards } = await planStep(toolsOf(day), { run, level: 1 });
    await check('check-s3-files', shards.CheckS3Files);
    const { outcome } = await summarizeStep(toolsOf(day), run);
    return { outcome, measured };
  };
  const watch = async (day: number) => {
    archive.asked.registry = 0;
    const started: RunInput[] = [];
    const startRun = async (input: RunInput) => void started.push(input);
    const result = await watchStep({ ...toolsOf(day), startRun }, testRun({}, day));
    return { ...result, input: started[0] };
  };
  return { archive, store, run, watch };
}

test('where nothing has changed no run is started and nothing is written', async () => {
  const { store, run, watch } = story();
  await run(0);
  store.writes.length = 0;
  const files = store.runFiles.size;
  expect(await watch(1)).toEqual({ started: 0, why: 'nothing has changed' });
  expect(store.writes).toEqual([]);
  expect(store.runFiles.size).toBe(files);
});

test('a new snapshot starts a run over its dataset, which publishes all', async () => {
  const { archive, store, run, watch } = story();
  await run(0);
  archive.readings = [
    [page(IDS.map((id) => dataset(id, id === FIRST ? ['1.0.0', '1.1.0'] : ['1.0.0'])))],
  ];
  const { started, input } = await watch(1);
  expect({ started, input }).toEqual({
    started: 1,
    input: { changed: true, datasets: [FIRST], skipUnknown: true },
  });
  expect(await run(1, input)).toEqual({ outcome: 'published', measured: [FIRST] });
  expect(store.document<RunStatus>('status.json').datasets).toBe(IDS.length);
  expect(store.holder(new Date(Date.UTC(2026, 7, 2)))).toBeNull();
});

test('what is asked again of a fault is kept, and its documents are read once', async () => {
  const { archive, store, run, watch } = story(({ listings, access }) => {
    listings.set(FIRST, FILES.slice(1));
    access.set(`${FIRST}/CHANGES`, 404);
  });
  await run(0);
  expect(await watch(1)).toMatchObject({ started: 0 });
  const kept = store.runFiles.get(MARKS);
  expect(kept).toContain('CHANGES');
  const { readDocument } = store;
  const read: string[] = [];
  store.readDocument = (path) => {
    read.push(path);
    return readDocument(path);
  };
  expect(await watch(1)).toMatchObject({ started: 0 });
  expect(read.filter((path) => path.startsWith('datasets/'))).toEqual([]);
  expect(store.runFiles.get(MARKS)).toBe(kept);
  archive.listings.set(FIRST, FILES);
  archive.access.delete(`${FIRST}/CHANGES`);
  const { input } = await watch(1);
  expect(input).toEqual({ changed: true, datasets: [FIRST], skipUnknown: true });
  expect(await run(1, input)).toMatchObject({ outcome: 'published', measured: [FIRST] });
  expect(await watch(1)).toEqual({ started: 0, why: 'nothing has changed' });
  expect(store.runFiles.get(MARKS)).toBe('{}');
});

test('the watch starts nothing after a run that was held or failed', async () => {
  const { archive, run, watch } = story();
  await run(0);
  for (const id of IDS.slice(0, 5)) archive.refs.set(id, 'absent');
  expect(await run(1)).toMatchObject({ outcome: 'held' });
  expect(await watch(1)).toEqual({ started: 0, why: 'the last run ended as held' });
});

test('the watch starts nothing where the registry cannot be read, or was never read', async () => {
  const { archive, run, watch } = story();
  expect(await watch(0)).toMatchObject({ started: 0, why: 'no run has read the registry yet' });
  await run(0);
  archive.readings = [[failed('timeout', 'no answer')]];
  expect(await watch(1)).toEqual({ started: 0, why: 'the registry: timeout' });
});

describe('a registry that cannot be read', () => {
  const SINCE = expect.stringContaining('could not be read since 2026-08-01 00:00');
  const HOUR = 1 / 24;
  const stale = async ({ store }: ReturnType<typeof story>) => {
    const [run] = await store.listRuns(1);
    return run?.health?.problems.RegistryStale;
  };

  test('is reported after 26 hours, by a run that the hourly look starts once', async () => {
    const there = story();
    const { archive, run, watch } = there;
    await run(0);
    archive.readings = [[failed('timeout', 'no answer')]];
    await run(1, { scheduled: true });
    const nothing = { started: 0, why: 'the registry: timeout' };
    expect(await watch(1 + HOUR)).toEqual(nothing);
    const { input } = await watch(1 + 3 * HOUR);
    expect(input).toEqual({ stages: ['summarize'] });
    expect(await stale(there)).toBeUndefined();
    expect(await run(1 + 3 * HOUR, input)).toMatchObject({ outcome: 'published' });
    expect(await stale(there)).toEqual(SINCE);
    expect(await watch(1 + 4 * HOUR)).toEqual(nothing);
  });

  test.each([
    ['daily', { runEveryHours: 24 }, SINCE],
    ['weekly', { runEveryHours: 168 }, SINCE],
    ['every half day', { runEveryHours: 12 }, undefined],
  ])('without looks, on a schedule that is %s, it is reported in time', async (_, hours, told) => {
    const there = story(() => {}, hours);
    await there.run(0);
    there.archive.readings = [[failed('timeout', 'no answer')]];
    await there.run(hours.runEveryHours / 24, { scheduled: true });
    expect(await stale(there)).toEqual(told);
    await there.run(2 * (hours.runEveryHours / 24), { scheduled: true });
    expect(await stale(there)).toEqual(SINCE);
  });

  test('once reported, stays reported after a manual run, until the registry is read', async () => {
    const there = story(() => {}, { runEveryHours: 24 });
    await there.run(0);
    const { readings } = there.archive;
    there.archive.readings = [[failed('timeout', 'no answer')]];
    await there.run(1, { scheduled: true });
    await there.run(1 + HOUR);
    expect(await stale(there)).toEqual(SINCE);
    there.archive.readings = readings;
    await there.run(1 + 2 * HOUR);
    expect(await stale(there)).toBeUndefined();
  });
});

test('a run over what changed that was started by hand finds it itself, or ends', async () => {
  const { archive, store, run } = story(({ listings, access }) => {
    listings.set(FIRST, FILES.slice(1));
    access.set(`${FIRST}/CHANGES`, 404);
  });
  await run(0);
  expect(await run(1, { changed: true })).toEqual({ outcome: 'unchanged', measured: [] });
  expect(store.holder(new Date(Date.UTC(2026, 7, 2)))).toBeNull();
  expect([...store.runs.values()].map(({ outcome }) => outcome)).toEqual([
    'published',
    'published',
  ]);
  archive.access.delete(`${FIRST}/CHANGES`);
  archive.listings.set(FIRST, FILES);
  expect(await run(2, { changed: true })).toEqual({ outcome: 'published', measured: [FIRST] });
});
