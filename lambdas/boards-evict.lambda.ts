// Evicts boards until the target is met, when a request had no time for all of them; every night it
// counts all boards again. One of it runs at a time.

import * as z from 'zod';
import { evictToTarget } from '../boards/evict.ts';
import { publishBoardBytes } from './boards/metric.ts';
import { logFault, openTable } from './boards/open.ts';

const eventSchema = z.object({ recount: z.boolean().default(false) });

const { store, settings } = openTable();

/** @throws so that Lambda tries again */
export async function handler(input: unknown): Promise<void> {
  const { recount } = eventSchema.parse(input ?? {});
  try {
    if (!recount) return void (await evictToTarget({ store, settings }, null, () => false));
    const before = await store.totals();
    const after = await store.recount();
    if (before.bytes !== after.bytes || before.boards !== after.boards) {
      console.warn(JSON.stringify({ level: 'WARN', message: 'totals were wrong', before, after }));
    }
    publishBoardBytes(after.bytes);
  } catch (error) {
    logFault(recount ? 'count boards' : 'evict boards', error);
    throw error;
  }
}
