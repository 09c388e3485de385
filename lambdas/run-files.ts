// The files of a run in the bucket: its datasets, the shards of each stage, and the report of each
// invocation. They expire with the prefix `runs/`.

import * as z from 'zod';
import { runTotalsSchema } from '../core/documents/records.ts';
import { datasetIdSchema } from '../core/ids.ts';
import type { KnownMarks } from '../core/monitor/changed.ts';
import type { Stage } from '../core/monitor/context.ts';
import type { KeptPages, KeptPart } from '../core/monitor/entries-reading.ts';
import { inParallel } from '../core/monitor/frame.ts';
import type { Run, ShardRef } from './contract.ts';
import type { DatasetState, DatasetStates } from './dataset-state.ts';
import { MARKS_FILE } from './names.ts';
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
  /** Of those done: earlier invocations had measured them, or their results still hold. */
  skipped: z.int(),
  failed: z.array(z.object({ dataset: z.string(), reason: z.string() })),
  /** As defined in core/monitor/context.ts. */
  fromFuture: z.string().optional(),
  /** Why the token for the mirrors is of no use; null if it is. Absent if there is none. */
  tokenFault: z.string().nullable().optional(),
  milliseconds: z.number(),
  memoryBytes: z.number(),
  traffic: runTotalsSchema.shape.traffic,
});
export type Report = z.infer<typeof reportSchema>;

/** Read or written at once in one function. */
const FILES_AT_ONCE = 8;
/** A function that runs out of time says so itself. */
const NO_ABORT = new AbortController().signal;

/** Colons are awkward in keys and consoles. */
const folder = ({ runsPrefix }: RunStore, run: Run): string =>
  `${runsPrefix}${run.start.replaceAll(':', '-')}`;
const manifests = (store: RunStore, run: Run, stage: Stage) => `${folder(store, run)}/${stage}/`;

export async function writeDatasets(store: RunStore, run: Run, datasets: readonly string[]) {
  await store.writeRunFile(`${folder(store, run)}/datasets.json`, { datasets });
}

/** @throws when the run has no list: fetch-registry failed */
export async function readDatasets(store: RunStore, run: Run): Promise<string[]> {
  return readList(store, `${folder(store, run)}/datasets.json`);
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
    return { id, key: `${manifests(store, run, stage)}${id}.json`, datasets };
  });
  // Each is megabytes of text while it is written.
  await inParallel(FILES_AT_ONCE, shards, NO_ABORT, ({ key, datasets }) =>
    store.writeRunFile(key, { datasets, handed: someOf(handed, datasets) }),
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
  if (!key.startsWith(`${folder(store, run)}/`)) throw new Error(`${key} is of another run`);
  return readShardFile(store, id, key);
}

/** An invocation of a shard. */
interface Who {
  readonly stage: Stage;
  readonly shard: string;
  readonly invocation: string;
}

const begunFolder = (store: RunStore, run: Run) => `${folder(store, run)}/begun/`;
const reportsFolder = (store: RunStore, run: Run) => `${folder(store, run)}/reports/`;
/** Of an invocation, in each of these folders. */
const fileOf = ({ stage, shard, invocation }: Who) => `${stage}/${shard}/${invocation}.json`;

/** `dataset` is what an invocation that works alone has in work. */
const begunSchema = z.object({ dataset: datasetIdSchema.optional() });

/** What earlier invocations of a shard have left. */
export interface Before {
  /** There were some: what they have saved must be read again. */
  readonly any: boolean;
  /** One of them died: it never reported, or was out of time before it had finished anything. */
  readonly died: boolean;
  /** Each was the only dataset in work of an invocation that died. */
  readonly killers: ReadonlySet<string>;
}

export async function beginShard(store: RunStore, run: Run, who: Who): Promise<Before> {
  const { stage, shard } = who;
  const begun = await store.listRunFiles(`${begunFolder(store, run)}${stage}/${shard}/`);
  await writeInWork(store, run, who, undefined);
  const killers = new Set<string>();
  let died = false;
  for (const key of begun) {
    const reported = key.replace(begunFolder(store, run), reportsFolder(store, run));
    const report = await store.readRunFile(reported);
    if (report !== undefined && hasFinished(reportSchema.parse(report))) continue;
    died = true;
    const { dataset } = begunSchema.parse(await store.readRunFile(key));
    if (dataset !== undefined) killers.add(dataset);
  }
  return { any: begun.length > 0, died, killers };
}

/** Everything, or at least something: its successor has less to do. */
const hasFinished = ({ complete, done, skipped }: Report) => complete || done > skipped;

/** Told before a dataset is begun alone, so that it is known which one kills the invocation. */
export async function writeInWork(
  store: RunStore,
  run: Run,
  who: Who,
  dataset: string | undefined,
): Promise<void> {
  await store.writeRunFile(`${begunFolder(store, run)}${fileOf(who)}`, { dataset });
}

/** How many invocations began and never reported. */
export async function countDied(store: RunStore, run: Run): Promise<number> {
  const filesOf = async (prefix: string) =>
    new Set((await store.listRunFiles(prefix)).map((key) => key.slice(prefix.length)));
  const begun = await filesOf(begunFolder(store, run));
  return begun.difference(await filesOf(reportsFolder(store, run))).size;
}

const statesFolder = (store: RunStore, run: Run, stage: Stage) =>
  `${folder(store, run)}/handed/${stage}/`;

/** Writes what an invocation knows about the datasets that it has finished. */
export async function writeStates(
  store: RunStore,
  run: Run,
  { stage, shard, invocation }: Who,
  handed: DatasetStates,
): Promise<void> {
  const key = `${statesFolder(store, run, stage)}${shard}-${invocation}.json`;
  await store.writeRunFile(key, { handed: someOf(handed, handed.keys()) });
}

/** The states from all invocations of a stage, without datasets that occur twice. */
export async function readStates(store: RunStore, run: Run, stage: Stage): Promise<DatasetStates> {
  const all = new Map<string, DatasetState>();
  const twice = new Set<string>();
  const keys = await store.listRunFiles(statesFolder(store, run, stage));
  await inParallel(FILES_AT_ONCE, keys, NO_ABORT, async (key) => {
    const { handed } = statesSchema.parse(await store.readRunFile(key));
    for (const [dataset, one] of Object.entries(handed)) {
      if (all.has(dataset)) twice.add(dataset);
      all.set(dataset, one);
    }
  });
  for (const dataset of twice) all.delete(dataset);
  return all;
}

/** What is known of the datasets in the shards of a stage. */
export async function readHanded(store: RunStore, run: Run, stage: Stage): Promise<DatasetStates> {
  const all = new Map<string, DatasetState>();
  await inParallel(FILES_AT_ONCE, await listShards(store, run, stage), NO_ABORT, async (shard) => {
    for (const [dataset, one] of (await shard.read()).handed) all.set(dataset, one);
  });
  return all;
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

export async function writeReport(store: RunStore, run: Run, invocation: string, report: Report) {
  const who = { ...report, invocation };
  await store.writeRunFile(`${reportsFolder(store, run)}${fileOf(who)}`, report);
}

/** Reports of all invocations of the run, retries included. */
export async function readReports(store: RunStore, run: Run): Promise<Report[]> {
  const reports = new Map<string, Report>();
  const keys = await store.listRunFiles(reportsFolder(store, run));
  await inParallel(FILES_AT_ONCE, keys, NO_ABORT, async (key) => {
    reports.set(key, reportSchema.parse(await store.readRunFile(key)));
  });
  return keys.flatMap((key) => reports.get(key) ?? []);
}

const marksSchema = z.record(
  datasetIdSchema,
  z.object({
    of: z.string(),
    marks: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  }),
);

const marksKey = ({ runsPrefix }: RunStore) => `${runsPrefix}${MARKS_FILE}`;

/** What the hourly look knows of faulty datasets (core/monitor/changed.ts). */
export async function readMarks(store: RunStore): Promise<Map<string, KnownMarks>> {
  const stored = marksSchema.safeParse((await store.readRunFile(marksKey(store))) ?? {});
  // Of another version: the marks are made again.
  return new Map(Object.entries(stored.data ?? {}));
}

export async function writeMarks(store: RunStore, marks: ReadonlyMap<string, KnownMarks>) {
  await store.writeRunFile(marksKey(store), Object.fromEntries(marks));
}

const keptPartSchema = z.object({
  at: z.iso.datetime(),
  reading: z.int().nonnegative(),
  from: z.int().nonnegative(),
  pages: z.array(
    z.object({
      // What else an entry has, its archive knows, which wrote it.
      entries: z.array(
        z.looseObject({
          id: datasetIdSchema,
          name: z.string().nullable(),
          version: z.string().nullable(),
          skipped: z.literal('no-snapshots').nullable(),
        }),
      ),
      broken: z.array(z.object({ id: z.string().nullable(), detail: z.string() })),
      count: z.int().nullable(),
      notes: z.array(z.string()),
      next: z.string().nullish(),
    }),
  ),
});
/** A redrive days later must not take up what was read then. */
const KEPT_FOR_MS = 2 * 60 * 60 * 1000;

/** The pages of the registry that earlier tries of this run have read. */
export function keptPages(store: RunStore, run: Run, now: () => Date): KeptPages {
  const prefix = `${folder(store, run)}/registry/`;
  let written: number | undefined;
  return {
    async load() {
      const keys = await store.listRunFiles(prefix);
      written = keys.length;
      const parts: KeptPart[] = [];
      for (const key of keys) {
        const { at, ...part } = keptPartSchema.parse(await store.readRunFile(key));
        if (now().getTime() - Date.parse(at) > KEPT_FOR_MS) return [];
        parts.push(part as KeptPart);
      }
      return parts;
    },
    async keep(part) {
      written = (written ?? 0) + 1;
      const key = `${prefix}${String(written).padStart(6, '0')}.json`;
      await store.writeRunFile(key, { at: now().toISOString(), ...part });
    },
  };
}
