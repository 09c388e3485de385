// The invocations of a run's functions: each says what it begins, and reports when it ends. One that
// began and never reported has died.

import * as z from 'zod';
import { runTotalsSchema } from '../../core/documents/records.ts';
import { datasetIdSchema } from '../../core/ids.ts';
import type { Stage } from '../../core/monitor/context.ts';
import { inParallel } from '../../core/monitor/frame.ts';
import type { Run } from '../contract.ts';
import type { RunStore } from '../run-store.ts';
import { FILES_AT_ONCE, NO_ABORT, runFolder } from './folder.ts';

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
  /** Why the token for the mirrors is useless; null if it is useful. Absent if there is none. */
  tokenFault: z.string().nullable().optional(),
  milliseconds: z.number(),
  memoryBytes: z.number(),
  traffic: runTotalsSchema.shape.traffic,
});
export type Report = z.infer<typeof reportSchema>;

/** An invocation of a shard. */
export interface ShardInvocation {
  readonly stage: Stage;
  readonly shard: string;
  readonly invocation: string;
}

const begunFolder = (store: RunStore, run: Run) => `${runFolder(store, run)}/begun/`;
const reportsFolder = (store: RunStore, run: Run) => `${runFolder(store, run)}/reports/`;
/** Of an invocation, in each of these folders. */
const fileOf = ({ stage, shard, invocation }: ShardInvocation) =>
  `${stage}/${shard}/${invocation}.json`;

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

export async function beginShard(store: RunStore, run: Run, who: ShardInvocation): Promise<Before> {
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

/** Reported before a dataset is begun alone, so that it is known which one kills the invocation. */
export async function writeInWork(
  store: RunStore,
  run: Run,
  who: ShardInvocation,
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
