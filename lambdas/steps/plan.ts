// Before the measurements of a later level: shares of equal cost, by the last measurement.

import {
  type Archive,
  isNeeded,
  isOfArchive,
  levelsOf,
  servedBy,
  subjectsOf,
} from '../../core/monitor/archive.ts';
import { inParallel } from '../../core/monitor/frame.ts';
import { balance, type Cost } from '../../core/monitor/plan.ts';
import type { PlanResult, Run, ShardRef } from '../contract.ts';
import { type DatasetState, type DatasetStates, isKiller } from '../dataset-state.ts';
import { stateName } from '../names.ts';
import { readDatasets, readHanded, writeShards } from '../run-files/shards.ts';
import { readStates } from '../run-files/states.ts';
import type { SessionState } from '../run-store.ts';
import { asksFor, isOverAllDatasets, keepLock, type Tools } from './tools.ts';

const MOST_SHARES = 300;

export async function planStep(
  tools: Tools,
  { run, level }: { readonly run: Run; readonly level: number },
): Promise<PlanResult> {
  await keepLock(tools, run);
  const { store } = tools;
  const { definition } = tools.archive;
  const levels = levelsOf(definition);
  const own = levels[level] ?? [];
  const shards: Record<string, readonly ShardRef[]> = {};
  for (const { id } of own) shards[stateName(id)] = [];
  const wanted = own.filter(({ id }) => asksFor(run, id));
  if (wanted.length === 0) return { run, shards };

  const datasets = await readDatasets(store, run);
  const before = levels.slice(0, level).flatMap((all) => all.map(({ id }) => id));
  const through = before.filter(
    (id) => asksFor(run, id) && !isOfArchive(definition, id) && isNeeded(definition, id),
  );
  const handed = await gather(tools, run, through, datasets);
  tools.signal.throwIfAborted();
  for (const { id, cost = () => 1, share: target } of wanted) {
    const served = servedBy(definition, id);
    const [check = ''] = served;
    const costs: Cost[] = [];
    for (const dataset of subjectsOf(definition, id, datasets, isOverAllDatasets(run))) {
      const state = handed.get(dataset);
      const session = await store.open(dataset, state?.session);
      costs.push({
        dataset,
        cost: cost(session.record(check)),
        isKiller: isKiller(state, served),
      });
    }
    const shares = balance(costs, { target, most: MOST_SHARES });
    shards[stateName(id)] = await writeShards(store, run, id, shares, handed);
  }
  return { run, shards };
}

/**
 * What is known of each dataset after the earlier stages; read again if none of them reported it.
 */
async function gather(
  { store, archive, concurrency, signal }: Tools,
  run: Run,
  stages: readonly string[],
  datasets: readonly string[],
): Promise<DatasetStates> {
  // All of them were given the same of each dataset.
  const [stage] = stages;
  const first = stage === undefined ? new Map() : await readHanded(store, run, stage);
  const after: Told[] = [];
  for (const stage of stages) after.push({ stage, handed: await readStates(store, run, stage) });
  const all = new Map<string, DatasetState>();
  await inParallel(concurrency, datasets, signal, async (dataset) => {
    const { session: began, documents = {} } = first.get(dataset) ?? {};
    const session = began && afterAll(archive.definition, dataset, began, after);
    all.set(dataset, {
      session: session ?? (await store.open(dataset)).state(),
      documents: Object.assign(
        { ...documents },
        ...after.map(({ handed }) => handed.get(dataset)?.documents),
      ),
    });
  });
  return all;
}

interface Told {
  readonly stage: string;
  readonly handed: DatasetStates;
}

/** Undefined if a stage did not report the dataset. */
function afterAll(
  archive: Archive,
  dataset: string,
  { records, etags }: SessionState,
  after: readonly Told[],
): SessionState | undefined {
  const now = { ...records };
  for (const { stage, handed } of after) {
    const told = handed.get(dataset)?.session?.records;
    if (told === undefined) return undefined;
    for (const check of servedBy(archive, stage)) {
      const record = told[check];
      if (record !== undefined) now[check] = record;
    }
  }
  return { records: now, etags };
}
