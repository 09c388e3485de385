// The files of a run in the bucket: its datasets, the shards of each stage, and the report of each
// invocation. They expire with the prefix `runs/`.

import * as z from 'zod';
import { runTotalsSchema } from '../core/documents/records.ts';
import { FAILURE_REASONS } from '../core/failure.ts';
import { datasetIdSchema } from '../core/ids.ts';
import type { Stage } from '../core/monitor/context.ts';
import type { Run, ShardRef } from './contract.ts';
import type { DatasetState, DatasetStates } from './dataset-state.ts';
import { PREFIXES } from './names.ts';
import type { RunStore } from './run-store.ts';

const datasetsSchema = z.object({ datasets: z.array(datasetIdSchema) });

const handedSchema = z.object({
  session: z
    .object({
      records: z.record(z.string(), z.record(z.string(), z.unknown())),
      etags: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  documents: z.record(z.string(), z.string()),
});
const statesSchema = z.object({ handed: z.record(datasetIdSchema, handedSchema) });
const shardFileSchema = datasetsSchema.extend(statesSchema.shape);

const reportSchema = z.object({
  stage: z.string(),
  shard: z.string(),
  /** Everything it was asked for was tried. */
  complete: z.boolean(),
  total: z.int(),
  done: z.int(),
  failed: z.array(z.object({ dataset: z.string(), reason: z.string() })),
  /** As defined in core/monitor/context.ts. */
  fromFuture: z.string().optional(),
  milliseconds: z.number(),
  memoryBytes: z.number(),
  traffic: runTotalsSchema.shape.traffic,
});
export type Report = z.infer<typeof reportSchema>;

/** Colons are awkward in keys and consoles. */
const folder = (run: Run): string => `${PREFIXES.runs}${run.start.replaceAll(':', '-')}`;
const manifests = (run: Run, stage: Stage) => `${folder(run)}/${stage}/`;

export async function writeDatasets(store: RunStore, run: Run, datasets: readonly string[]) {
  await store.writeRunFile(`${folder(run)}/datasets.json`, { datasets });
}

/** @throws when the run has no list: fetch-registry failed */
export async function readDatasets(store: RunStore, run: Run): Promise<string[]> {
  return readList(store, `${folder(run)}/datasets.json`);
}

async function readList(store: RunStore, key: string): Promise<string[]> {
  return datasetsSchema.parse(await store.readRunFile(key)).datasets;
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
    return { id, key: `${manifests(run, stage)}${id}.json`, datasets };
  });
  await Promise.all(
    shards.map(({ key, datasets }) =>
      store.writeRunFile(key, { datasets, handed: someOf(handed, datasets) }),
    ),
  );
  return shards.map(({ id, key }) => ({ id, key }));
}

const someOf = (handed: DatasetStates, datasets: Iterable<string>) =>
  Object.fromEntries(
    [...datasets].flatMap((dataset) => {
      const one = handed.get(dataset);
      return one ? [[dataset, one] as const] : [];
    }),
  );

export interface Shard {
  readonly id: string;
  readonly datasets: readonly string[];
  readonly handed: DatasetStates;
}

async function readShardFile(store: RunStore, id: string, key: string): Promise<Shard> {
  const { datasets, handed } = shardFileSchema.parse(await store.readRunFile(key));
  return { id, datasets, handed: new Map(Object.entries(handed)) };
}

/** @throws when the key belongs to another run */
export async function readShard(store: RunStore, run: Run, { id, key }: ShardRef): Promise<Shard> {
  if (!key.startsWith(`${folder(run)}/`)) throw new Error(`${key} is of another run`);
  return readShardFile(store, id, key);
}

/**
 * Whether an invocation is the first for a shard. A later one must see what the earlier ones have
 * saved.
 */
export async function beginShard(
  store: RunStore,
  run: Run,
  { stage, shard, invocation }: { stage: Stage; shard: string; invocation: string },
): Promise<boolean> {
  const begun = `${folder(run)}/begun/${stage}/${shard}/`;
  const isFirst = (await store.listRunFiles(begun)).length === 0;
  await store.writeRunFile(`${begun}${invocation}.json`, {});
  return isFirst;
}

const statesFolder = (run: Run, stage: Stage) => `${folder(run)}/handed/${stage}/`;

/** Writes what an invocation knows about the datasets that it has finished. */
export async function writeStates(
  store: RunStore,
  run: Run,
  { stage, shard, invocation }: { stage: Stage; shard: string; invocation: string },
  handed: DatasetStates,
): Promise<void> {
  const key = `${statesFolder(run, stage)}${shard}-${invocation}.json`;
  await store.writeRunFile(key, { handed: someOf(handed, handed.keys()) });
}

/** The states from all invocations of a stage, without datasets that occur twice. */
export async function readStates(store: RunStore, run: Run, stage: Stage): Promise<DatasetStates> {
  const all = new Map<string, DatasetState>();
  const twice = new Set<string>();
  for (const key of await store.listRunFiles(statesFolder(run, stage))) {
    const { handed } = statesSchema.parse(await store.readRunFile(key));
    for (const [dataset, one] of Object.entries(handed)) {
      if (all.has(dataset)) twice.add(dataset);
      all.set(dataset, one);
    }
  }
  for (const dataset of twice) all.delete(dataset);
  return all;
}

/** The shards of a stage. Each is read when needed. */
export async function listShards(
  store: RunStore,
  run: Run,
  stage: Stage,
): Promise<{ readonly id: string; read(): Promise<Shard> }[]> {
  const prefix = manifests(run, stage);
  const keys = await store.listRunFiles(prefix);
  return keys.map((key) => {
    const id = key.slice(prefix.length).replace(/\.json$/, '');
    return { id, read: () => readShardFile(store, id, key) };
  });
}

const leftAloneSchema = z.record(
  z.string(),
  z.object({ kind: z.literal('failed'), reason: z.enum(FAILURE_REASONS), detail: z.string() }),
);
export type LeftAlone = z.infer<typeof leftAloneSchema>;
const leftAloneKey = (run: Run) => `${folder(run)}/left-alone.json`;

/** Hosts that refused a function of this run too often. The others read this and skip them. */
export async function readLeftAlone(store: RunStore, run: Run): Promise<LeftAlone> {
  return leftAloneSchema.parse((await store.readRunFile(leftAloneKey(run))) ?? {});
}

/** When two functions write at once, one entry is lost and another function rediscovers it. */
export async function writeLeftAlone(store: RunStore, run: Run, hosts: LeftAlone) {
  await store.writeRunFile(leftAloneKey(run), hosts);
}

export async function writeReport(store: RunStore, run: Run, invocation: string, report: Report) {
  const { stage, shard } = report;
  const key = `${folder(run)}/reports/${stage}/${shard}/${invocation}.json`;
  await store.writeRunFile(key, report);
}

/** Reports of all invocations of the run, retries included. */
export async function readReports(store: RunStore, run: Run): Promise<Report[]> {
  const keys = await store.listRunFiles(`${folder(run)}/reports/`);
  return Promise.all(keys.map(async (key) => reportSchema.parse(await store.readRunFile(key))));
}
