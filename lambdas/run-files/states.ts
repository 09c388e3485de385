// What a function knows of datasets when it ends, passed on so that the next ones need not read it.

import * as z from 'zod';
import { datasetIdSchema } from '../../core/ids.ts';
import type { Stage } from '../../core/monitor/context.ts';
import { inParallel } from '../../core/monitor/frame.ts';
import type { Run } from '../contract.ts';
import type { DatasetStates } from '../dataset-state.ts';
import { packedStates } from '../packed-states.ts';
import type { Item, RunStore } from '../run-store.ts';
import { FILES_AT_ONCE, NO_ABORT, runFolder } from './folder.ts';
import type { ShardInvocation } from './reports.ts';

/** An item of the table; a session checks each when it is asked for the record. */
const itemSchema = z.custom<Item>((value) => typeof value === 'object' && value !== null);
const handedSchema = z.object({
  session: z
    .object({
      records: z.record(z.string(), itemSchema),
      etags: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  documents: z.record(z.string(), z.string()),
});
export const statesSchema = z.object({ handed: z.record(datasetIdSchema, handedSchema) });

/** As written; states of other datasets are left out. */
export const statesOf = (handed: DatasetStates, datasets: Iterable<string>) =>
  Object.fromEntries(
    [...datasets].flatMap((dataset) => {
      const one = handed.get(dataset);
      return one ? [[dataset, one] as const] : [];
    }),
  );

const statesFolder = (store: RunStore, run: Run, stage: Stage) =>
  `${runFolder(store, run)}/handed/${stage}/`;

/** Writes what an invocation knows about the datasets that it has finished. */
export async function writeStates(
  store: RunStore,
  run: Run,
  { stage, shard, invocation }: ShardInvocation,
  handed: DatasetStates,
): Promise<void> {
  const key = `${statesFolder(store, run, stage)}${shard}-${invocation}.json`;
  await store.writeRunFile(key, { handed: statesOf(handed, handed.keys()) });
}

/** The states from all invocations of a stage, without datasets that occur twice. */
export async function readStates(store: RunStore, run: Run, stage: Stage): Promise<DatasetStates> {
  const all = packedStates();
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
