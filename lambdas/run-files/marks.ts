// What the hourly look knows of faulty datasets (core/monitor/changed.ts). It is kept over runs.

import * as z from 'zod';
import { datasetIdSchema } from '../../core/ids.ts';
import type { KnownMarks } from '../../core/monitor/changed.ts';
import { MARKS_FILE } from '../names.ts';
import type { RunStore } from '../run-store.ts';

const marksSchema = z.record(
  datasetIdSchema,
  z.object({
    of: z.string(),
    marks: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  }),
);

const marksKey = ({ runsPrefix }: RunStore) => `${runsPrefix}${MARKS_FILE}`;

export async function readMarks(store: RunStore): Promise<Map<string, KnownMarks>> {
  const stored = marksSchema.safeParse((await store.readRunFile(marksKey(store))) ?? {});
  // Of another version: the marks are made again.
  return new Map(Object.entries(stored.data ?? {}));
}

export async function writeMarks(store: RunStore, marks: ReadonlyMap<string, KnownMarks>) {
  await store.writeRunFile(marksKey(store), Object.fromEntries(marks));
}
