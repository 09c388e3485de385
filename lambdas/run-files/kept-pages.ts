// The pages of the registry that earlier tries of a run have read, so that the next try continues.

import * as z from 'zod';
import { datasetIdSchema } from '../../core/ids.ts';
import type { KeptPages, KeptPart } from '../../core/monitor/entries-reading.ts';
import type { Run } from '../contract.ts';
import type { RunStore } from '../run-store.ts';
import { runFolder } from './folder.ts';

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

export function keptPages(store: RunStore, run: Run, now: () => Date): KeptPages {
  const prefix = `${runFolder(store, run)}/registry/`;
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
