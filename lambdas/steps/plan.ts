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
import { type DatasetState, type DatasetStates, killedChecks } from '../dataset-state.ts';
import { stateName } from '../names.ts';
import { packedStates } from '../packed-states.ts';
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
  /** By dataset, for each of the wanted measurements. */
  const costs = new Map<string, readonly Cost[]>();
  const look = async (dataset: string, state: DatasetState) => {
    const session = await store.open(dataset, state.session);
    const killed = killedChecks(state);
    const costsOf = wanted.map(({ id, cost = () => 1 }): Cost => {
      const served = servedBy(definition, id);
      const isKiller = killed.some((check) => served.includes(check));
      return { dataset, cost: cost(session.record(served[0] ?? '')), isKiller };
    });
    costs.set(dataset, costsOf);
  };
  const handed = await gather(tools, run, through, datasets, look);
  tools.signal.throwIfAborted();
  for (const [place, { id, share: target }] of wanted.entries()) {
    const own: Cost[] = [];
    for (const subject of subjectsOf(definition, id, datasets, isOverAllDatasets(run))) {
      // The archive as a whole is none of the datasets.
      if (!costs.has(subject)) await look(subject, { documents: {} });
      own.push(costs.get(subject)?.[place] as Cost);
    }
    const shares = balance(own, { target, most: MOST_SHARES });
    shards[stateName(id)] = await writeShards(store, run, id, shares, handed);
  }
  return { run, shards };
}

/**
 * What is known of each dataset after the earlier stages; read again if none of them reported it.
 * @param look sees each of them
 */
async function gather(
  { store, archive, concurrency, signal }: Tools,
  run: Run,
  stages: readonly string[],
  datasets: readonly string[],
  look: (dataset: string, state: DatasetState) => Promise<void>,
): Promise<DatasetStates> {
  // All of them were given the same of each dataset.
  const [stage] = stages;
  const first = stage === undefined ? packedStates() : await readHanded(store, run, stage);
  const after: { readonly stage: string; readonly handed: DatasetStates }[] = [];
  for (const stage of stages) after.push({ stage, handed: await readStates(store, run, stage) });
  const all = packedStates();
  await inParallel(concurrency, datasets, signal, async (dataset) => {
    const { session: began, documents = {} } = first.get(dataset) ?? {};
    first.delete(dataset);
    const told = after.map(({ stage, handed }): Told => ({ stage, state: handed.get(dataset) }));
    const session = began && afterAll(archive.definition, began, told);
    const state = {
      session: session ?? (await store.open(dataset)).state(),
      documents: Object.assign({ ...documents }, ...told.map(({ state }) => state?.documents)),
    };
    await look(dataset, state);
    all.set(dataset, state);
  });
  return all;
}

/** What a stage reported of a dataset, if it did. */
interface Told {
  readonly stage: string;
  readonly state: DatasetState | undefined;
}

/** Undefined if a stage did not report the dataset. */
function afterAll(
  archive: Archive,
  { records, etags }: SessionState,
  after: readonly Told[],
): SessionState | undefined {
  const now = { ...records };
  for (const { stage, state } of after) {
    const told = state?.session?.records;
    if (told === undefined) return undefined;
    for (const check of servedBy(archive, stage)) {
      const record = told[check];
      if (record !== undefined) now[check] = record;
    }
  }
  return { records: now, etags };
}
