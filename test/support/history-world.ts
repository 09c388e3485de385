// Runs that publish given rows one after the other, as far as the history sees them.

import { expect } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import type { Row } from '../../core/documents/rows.ts';
import { summaryOf } from '../../core/history/diff.ts';
import type { HistoryIndex, RunHistory } from '../../core/history/documents.ts';
import { runPath } from '../../core/history/paths.ts';
import { overtaken, readBefore, recordHistory } from '../../core/history/record-run.ts';
import { withSince } from '../../core/history/since.ts';
import type { Strips } from '../../core/history/strips-document.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { checkRow, rowOf } from './rows.ts';
import { healthyArchive, stageContext } from './stage-context.ts';

const catalogue = catalogueOf(openneuro);

/** As the summary, which says which publication it is of. */
interface Shown {
  rows: readonly Row[];
  run: string;
  publication: number;
}
export interface World {
  readonly store: MemoryStore;
  shown: Shown | null;
}
export const emptyWorld = (): World => ({ store: memoryStore(), shown: null });

/** Publishes rows on a day (a part of one is a time of day), as `summarize` does. @returns the run's file */
export async function publish(
  world: World,
  day: number,
  rows: readonly Row[],
): Promise<RunHistory> {
  const context = stageContext(healthyArchive([]), { store: world.store, day });
  const { shown } = world;
  const published = shown && { ...summaryOf(shown.rows), ...shown };
  const before = await readBefore(context, published);
  expect(overtaken(before.previous, context)).toBe(null);
  const dated = withSince(rows, before);
  const index = await recordHistory(context, { catalogue, rows: dated, ...before });
  world.shown = { rows: dated, run: context.runStart, publication: index.runs };
  return world.store.document(runPath(index.lastRun));
}

export const row = (
  id: string,
  verdict: string,
  more: Partial<Row> = {},
  at = '2026-08-01T00:00:00.000Z',
) =>
  rowOf(
    id,
    { github: checkRow(verdict, { at, since: at }) },
    { versionDate: '2026-07-01T00:00:00.000Z', ...more },
  );
export const failed = (one: Row): Row => ({
  ...one,
  checks: {
    github: {
      ...(one.checks.github as Row['checks'][string]),
      lastAttempt: { at: '2026-08-02T00:00:00.000Z', reason: 'timeout' },
    },
  },
});
export const stripsOf = ({ store }: World, id: string) =>
  store.document<Strips>(`datasets/${id}/history.json`);
export const indexOf = ({ store }: World) => store.document<HistoryIndex>('history/index.json');
/** Dies before the nth write of a day. @returns false if there are fewer writes */
export async function dies(
  world: World,
  day: number,
  rows: readonly Row[],
  nth: number,
): Promise<boolean> {
  const { writes } = world.store;
  const until = writes.length + nth;
  const push = writes.push.bind(writes);
  const { shown } = world;
  writes.push = (...paths: string[]) => {
    const length = push(...paths);
    if (length >= until) throw new Error('died');
    return length;
  };
  try {
    await publish(world, day, rows);
    return false;
  } catch (error) {
    expect((error as Error).message).toBe('died');
    world.shown = shown;
    return true;
  } finally {
    writes.push = push;
  }
}
