// The files of a run in the bucket: which datasets it is about, the shares of each stage, and what
// each invocation reports. They expire with the prefix `runs/`.

import * as z from 'zod';
import { runTotalsSchema } from '../core/documents/records.ts';
import { FAILURE_REASONS } from '../core/failure.ts';
import { datasetIdSchema } from '../core/ids.ts';
import type { Stage } from '../core/monitor/context.ts';
import type { Run, ShardRef } from './contract.ts';
import { PREFIXES } from './names.ts';
import type { RunStore } from './run-store.ts';

const datasetsSchema = z.object({ datasets: z.array(datasetIdSchema) });

const reportSchema = z.object({
  stage: z.string(),
  shard: z.string(),
  /** Everything it was asked for was tried. */
  complete: z.boolean(),
  total: z.int(),
  done: z.int(),
  failed: z.array(z.object({ dataset: z.string(), reason: z.string() })),
  /** As core/monitor/context.ts has it. */
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

/** @throws when the run has no list: fetch-registry did not end well */
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
): Promise<ShardRef[]> {
  const shards = shares.map((datasets, at) => {
    const id = String(at + 1).padStart(4, '0');
    return { id, key: `${manifests(run, stage)}${id}.json`, datasets };
  });
  await Promise.all(shards.map(({ key, datasets }) => store.writeRunFile(key, { datasets })));
  return shards.map(({ id, key }) => ({ id, key }));
}

/** @throws when the key is none of this run's */
export async function readShard(store: RunStore, run: Run, { key }: ShardRef): Promise<string[]> {
  if (!key.startsWith(`${folder(run)}/`)) throw new Error(`${key} is of another run`);
  return readList(store, key);
}

export async function listShards(
  store: RunStore,
  run: Run,
  stage: Stage,
): Promise<{ id: string; datasets: string[] }[]> {
  const prefix = manifests(run, stage);
  const keys = await store.listRunFiles(prefix);
  return Promise.all(
    keys.map(async (key) => ({
      id: key.slice(prefix.length).replace(/\.json$/, ''),
      datasets: await readList(store, key),
    })),
  );
}

const leftAloneSchema = z.record(
  z.string(),
  z.object({ kind: z.literal('failed'), reason: z.enum(FAILURE_REASONS), detail: z.string() }),
);
export type LeftAlone = z.infer<typeof leftAloneSchema>;
const leftAloneKey = (run: Run) => `${folder(run)}/left-alone.json`;

/** Hosts that a function of this run was refused by too often: the others need not find out themselves. */
export async function readLeftAlone(store: RunStore, run: Run): Promise<LeftAlone> {
  return leftAloneSchema.parse((await store.readRunFile(leftAloneKey(run))) ?? {});
}

/** Of two functions that write at once one is lost, and somebody else finds out again. */
export async function writeLeftAlone(store: RunStore, run: Run, hosts: LeftAlone) {
  await store.writeRunFile(leftAloneKey(run), hosts);
}

export async function writeReport(store: RunStore, run: Run, invocation: string, report: Report) {
  const { stage, shard } = report;
  const key = `${folder(run)}/reports/${stage}/${shard}/${invocation}.json`;
  await store.writeRunFile(key, report);
}

/** Of all invocations of the run, retries included. */
export async function readReports(store: RunStore, run: Run): Promise<Report[]> {
  const keys = await store.listRunFiles(`${folder(run)}/reports/`);
  return Promise.all(keys.map(async (key) => reportSchema.parse(await store.readRunFile(key))));
}
