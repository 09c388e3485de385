// Datasets that kill the functions that measure them: each costs its own verdict and no other.

import { describe, expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import type { Run, RunInput, ShardRef } from '../../lambdas/contract.ts';
import { stateName } from '../../lambdas/names.ts';
import { checkStep } from '../../lambdas/steps/check.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { planStep } from '../../lambdas/steps/plan.ts';
import { summarizeStep } from '../../lambdas/steps/summarize.ts';
import { type MemoryRunStore, memoryRunStore } from '../support/memory-run-store.ts';
import { type FakeArchive, healthyArchive, type TestContext } from '../support/stage-context.ts';
import { beginning, measuring, testRun, testTools } from '../support/steps.ts';

const IDS = Array.from({ length: 30 }, (_, i) => `ds${String(i).padStart(6, '0')}`);
const [ONE = '', TWO = '', THREE = ''] = ['ds000007', 'ds000011', 'ds000029'];
/** As in lib/pipeline/state-machine.ts. */
const MOST_DEATHS = 6;

/** What a dataset does to the function that asks its mirror. */
type Harm = 'kills' | 'has no end';
type Harms = Readonly<Record<string, Harm>>;

/** A store that does nothing any more once its function is dead. */
function mortal(store: MemoryRunStore) {
  let dead = false;
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (dead) throw new Error('the function is dead');
          const result: unknown = value.apply(target, args);
          return name === 'open' ? (result as Promise<object>).then(guarded) : result;
        };
      },
    });
  const die = (): void => {
    dead = true;
  };
  return { store: guarded(store), die };
}

/** One function of check-github. */
function functionOf(
  archive: FakeArchive,
  at: { store: MemoryRunStore; day: number },
  harms: Harms,
) {
  const { store, die } = mortal(at.store);
  const tools = measuring('check-github', testTools(archive, { ...at, store }));
  const { mirror } = tools.archive.sources as TestContext;
  const { readRefs } = mirror;
  mirror.readRefs = async (...question) => {
    const harm = harms[question[0]];
    if (harm === undefined) return readRefs(...question);
    if (harm === 'kills') die();
    else tools.timeIsUp();
    throw new Error('no answer');
  };
  return tools;
}

/** Sends functions for a shard as the state machine does. @returns how many */
async function measure(
  archive: FakeArchive,
  at: { store: MemoryRunStore; day: number },
  harms: Harms,
  event: { run: Run; shard: ShardRef },
): Promise<number> {
  for (let sent = 1, deaths = 0; ; sent += 1) {
    try {
      await checkStep(functionOf(archive, at, harms), event);
      return sent;
    } catch (error) {
      if ((error as Error).name !== 'OutOfTime') deaths += 1;
      if (deaths === MOST_DEATHS) return sent;
    }
  }
}

interface Story {
  readonly store: MemoryRunStore;
  readonly day?: number;
  readonly harms?: Harms;
  readonly input?: RunInput;
}

async function runAll({ store, day = 0, harms = {}, input = {} }: Story) {
  const archive = healthyArchive(IDS);
  const at = { store, day };
  const run = testRun(input, day);
  const { shards } = await fetchRegistryStep(testTools(archive, at), beginning(run));
  const sent: number[] = [];
  for (const shard of shards.CheckGithub ?? []) {
    sent.push(await measure(archive, at, harms, { run, shard }));
  }
  const others = async (
    stages: readonly string[],
    all: Readonly<Record<string, readonly ShardRef[]>>,
  ) => {
    for (const stage of stages) {
      for (const shard of all[stateName(stage)] ?? []) {
        await checkStep(measuring(stage, testTools(archive, at)), { run, shard });
      }
    }
  };
  const unharmed = ['check-s3-version', 'check-doi', 'check-deprecated', 'check-leftovers'];
  await others(unharmed, shards);
  const plan = await planStep(testTools(archive, at), { run, level: 1 });
  await others(['check-s3-files'], plan.shards);
  const last = testTools(archive, at);
  const { outcome } = await summarizeStep(last, run);
  const { datasets } = store.document<Summary>('all-datasets.json');
  const unverified = datasets.flatMap(({ id, unverified: marks }) =>
    Object.entries(marks ?? {}).flatMap(([check, mark]) =>
      mark ? [`${id} ${check} ${mark.reason}`] : [],
    ),
  );
  const days = datasets.map(({ lastChecked }) => lastChecked?.github?.slice(0, 10));
  const shares = await Promise.all(
    (shards.CheckGithub ?? []).map(async ({ key }) => {
      const { datasets: own } = (await store.readRunFile(key)) as { datasets: string[] };
      return own.length;
    }),
  );
  return {
    outcome,
    unverified,
    days,
    sent,
    shares,
    metrics: last.metrics,
    problems: store.runs.get(run.start)?.health?.problems,
  };
}

async function firstRun(): Promise<MemoryRunStore> {
  const store = memoryRunStore();
  expect(await runAll({ store })).toMatchObject({
    outcome: 'published',
    unverified: [],
    sent: [1],
  });
  return store;
}

describe('a dataset that kills its function', () => {
  test('is the only one that is not measured', async () => {
    const store = await firstRun();
    const { outcome, unverified, days, sent, metrics, problems } = await runAll({
      ...{ store, day: 1, harms: { [ONE]: 'kills' } },
    });
    expect(outcome).toBe('published');
    expect(unverified).toEqual([`${ONE} github killed`]);
    expect(days.filter((day) => day === '2026-08-02')).toHaveLength(IDS.length - 1);
    expect(sent, 'one among others, one alone, one for the rest').toEqual([3]);
    expect(metrics.get('FunctionsDied')).toBe(2);
    expect(metrics.get('ShardsLost')).toBe(0);
    expect(metrics.get('CoveredPercent')).toBeCloseTo((29 / 30) * 100);
    expect(problems).toEqual({ FunctionsDied: `Functions that died: 2. Of measuring ${ONE}.` });
  });

  test('has the last shard to itself on the next day, and takes no other with it', async () => {
    const store = await firstRun();
    const harms: Harms = { [ONE]: 'kills' };
    await runAll({ store, day: 1, harms });
    const { unverified, sent, shares } = await runAll({ store, day: 2, harms });
    expect(shares).toEqual([IDS.length - 1, 1]);
    expect(sent).toEqual([1, 3]);
    expect(unverified).toEqual([`${ONE} github killed`]);
  });

  test('is as all others after a good measurement', async () => {
    const store = await firstRun();
    await runAll({ store, day: 1, harms: { [ONE]: 'kills' } });
    expect(await runAll({ store, day: 2 })).toMatchObject({
      ...{ unverified: [], sent: [1, 1], problems: {} },
    });
    expect(await runAll({ store, day: 3 })).toMatchObject({ shares: [IDS.length], sent: [1] });
  });

  test('is reported by name after eight days without a measurement', async () => {
    const store = await firstRun();
    const harms: Harms = { [ONE]: 'kills' };
    for (const day of [1, 8]) {
      const { problems } = await runAll({ store, day, harms });
      expect(Object.keys(problems ?? {})).toEqual(['FunctionsDied']);
    }
    const { problems, metrics } = await runAll({ store, day: 9, harms });
    expect(problems?.OldVerdicts).toMatch(`The oldest is ${ONE}, last measured 2026-08-01T00:00`);
    expect(Math.round(metrics.get('OldestVerdictHours') ?? 0)).toBe(9 * 24);
    expect((await runAll({ store, day: 10 })).problems).toEqual({});
  });

  test('is one of those that `unverified` measures', async () => {
    const store = await firstRun();
    await runAll({ store, day: 1, harms: { [ONE]: 'kills' } });
    const input = { unverified: true };
    expect(await runAll({ store, day: 2, input })).toMatchObject({ shares: [1], unverified: [] });
  });
});

test('four datasets that kill cost four verdicts', async () => {
  const store = await firstRun();
  const killers = [ONE, TWO, THREE, 'ds000000'];
  const harms = Object.fromEntries(killers.map((id) => [id, 'kills' as const]));
  const input = { publishAnyway: true };
  const { unverified, sent } = await runAll({ store, day: 1, harms, input });
  expect(unverified).toEqual(killers.sort().map((id) => `${id} github killed`));
  expect(sent).toEqual([MOST_DEATHS]);
});

test('where every dataset kills, the shard is lost, and the functions are counted', async () => {
  const store = await firstRun();
  const harms = Object.fromEntries(IDS.map((id) => [id, 'kills' as const]));
  const input = { publishAnyway: true };
  const { unverified, sent, metrics, problems } = await runAll({ store, day: 1, harms, input });
  expect(sent).toEqual([MOST_DEATHS]);
  expect(unverified).toHaveLength(IDS.length);
  expect(unverified.filter((it) => it.endsWith('killed'))).toHaveLength(4);
  expect(unverified.filter((it) => it.endsWith('internal'))).toHaveLength(IDS.length - 4);
  expect(metrics.get('ShardsLost')).toBe(1);
  expect(problems).toMatchObject({
    FunctionsDied: 'Functions that died: 6.',
    ShardsLost: 'Shards lost: 1.',
    LowCoverage: '0 of 30 datasets (0.0 %) were measured.',
  });
  expect(metrics.get('FunctionsDied')).toBe(MOST_DEATHS);
});

test('a dataset without an end within the time of a function costs one verdict', async () => {
  const store = await firstRun();
  const { unverified, days, sent } = await runAll({
    ...{ store, day: 1, harms: { [ONE]: 'has no end' } },
  });
  expect(unverified).toEqual([`${ONE} github killed`]);
  expect(days.filter((day) => day === '2026-08-02')).toHaveLength(IDS.length - 1);
  expect(sent, 'two beside others, one alone, one for the rest').toEqual([4]);
});
