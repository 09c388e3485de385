// What a run shares out: its datasets, and the shards of each stage.

import * as z from 'zod';
import { datasetIdSchema } from '../../core/ids.ts';
import type { Stage } from '../../core/monitor/context.ts';
import { inParallel } from '../../core/monitor/frame.ts';
import type { Run, ShardRef } from '../contract.ts';
import type { DatasetState, DatasetStates } from '../dataset-state.ts';
import { type PackedStates, packedStates } from '../packed-states.ts';
import type { RunStore } from '../run-store.ts';
import { FILES_AT_ONCE, NO_ABORT, runFolder } from './folder.ts';
import { statesOf, statesSchema } from './states.ts';

const datasetsSchema = z.object({ datasets: z.array(datasetIdSchema) });

const shardFileSchema = datasetsSchema.extend(statesSchema.shape);

const manifests = (store: RunStore, run: Run, stage: Stage) => `${runFolder(store, run)}/${stage}/`;

export async function writeDatasets(store: RunStore, run: Run, datasets: readonly string[]) {
  await store.writeRunFile(`${runFolder(store, run)}/datasets.json`, { datasets });
}

/** @throws when the run has no list: fetch-registry failed */
export async function readDatasets(store: RunStore, run: Run): Promise<string[]> {
  const file = await store.readRunFile(`${runFolder(store, run)}/datasets.json`);
  return datasetsSchema.parse(file).datasets;
}

export async function writeShards(
  store: RunStore,
  run: Run,
  stage: Stage,
  shares: readonly (readonly string[])[],
  handed: DatasetStates,
): Promise<ShardRef[]> {
  const shards = shares.map((datasets, at) => {
    const id = String(at + 1).padStart(4, '0');
    return { id, key: `${manifests(store, run, stage)}${id}.json`, datasets };
  });
  // Each is megabytes of text while it is written.
  await inParallel(FILES_AT_ONCE, shards, NO_ABORT, ({ key, datasets }) =>
    store.writeRunFile(key, { datasets, handed: statesOf(handed, datasets) }),
  );
  return shards.map(({ id, key }) => ({ id, key }));
}

export interface Shard {
  readonly id: string;
  readonly datasets: readonly string[];
  readonly handed: ReadonlyMap<string, DatasetState>;
}

async function readShardFile(store: RunStore, id: string, key: string): Promise<Shard> {
  const { datasets, handed } = shardFileSchema.parse(await store.readRunFile(key));
  return { id, datasets, handed: new Map(Object.entries(handed)) };
}

/** @throws when the key belongs to another run */
export async function readShard(store: RunStore, run: Run, { id, key }: ShardRef): Promise<Shard> {
  if (!key.startsWith(`${runFolder(store, run)}/`)) throw new Error(`${key} is of another run`);
  return readShardFile(store, id, key);
}

/** The shards of a stage. Each is read when needed. */
export async function listShards(
  store: RunStore,
  run: Run,
  stage: Stage,
): Promise<{ readonly id: string; read(): Promise<Shard> }[]> {
  const prefix = manifests(store, run, stage);
  const keys = await store.listRunFiles(prefix);
  return keys.map((key) => {
    const id = key.slice(prefix.length).replace(/\.json$/, '');
    return { id, read: () => readShardFile(store, id, key) };
  });
}

/** What is known of the datasets in the shards of a stage. */
export async function readHanded(store: RunStore, run: Run, stage: Stage): Promise<PackedStates> {
  const all = packedStates();
  await inParallel(FILES_AT_ONCE, await listShards(store, run, stage), NO_ABORT, async (shard) => {
    for (const [dataset, one] of (await shard.read()).handed) all.set(dataset, one);
  });
  return all;
}
