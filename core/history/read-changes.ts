// The changes since a day or a run, from the files of months.

import { type Change, changesOf, yesterdayOf } from './classify.ts';
import type { Changes, HistoryIndex, MonthCounts } from './documents.ts';
import { changesPath, countsPath, dayOf, INDEX_PATH, monthOf } from './paths.ts';

/** Reads a document of the history; undefined or null if there is none. */
export type ReadHistory = (path: string) => Promise<unknown>;

/** `run`: what the newest run changed. `yesterday`: classify.ts. Otherwise a day, as `2026-08-08`. */
export type Since = 'yesterday' | 'run' | (string & {});

export interface ChangesSince {
  /** The run that the changes are since; null if it is before the first one. */
  readonly since: string | null;
  /** The newest run. */
  readonly until: string;
  readonly firstRun: string;
  /** Newest first; runs of a day one after the other. */
  readonly changes: readonly Change[];
}

/** @returns null if there is no history */
export async function readChanges(read: ReadHistory, asked: Since): Promise<ChangesSince | null> {
  const index = (await read(INDEX_PATH)) as HistoryIndex | null | undefined;
  if (index == null) return null;
  const { months, lastRun: until, firstRun } = index;
  const runs: string[] = [];
  let since: string | null = null;
  // The newest months first, until one has the run that is asked for.
  for (const month of months.toReversed()) {
    const counts = (await read(countsPath(month))) as MonthCounts | null | undefined;
    runs.unshift(...(counts?.time ?? []));
    since = baseOf(runs, asked);
    if (since !== null) break;
  }
  const after = new Set(since === null ? runs : runs.slice(runs.indexOf(since) + 1));
  const wanted = new Set(Array.from(after, monthOf));
  const changes: Change[] = [];
  for (const month of months.filter((one) => wanted.has(one))) {
    const document = (await read(changesPath(month))) as Changes | null | undefined;
    const events = document?.events ?? [];
    changes.push(...events.filter(({ run }) => after.has(run)).flatMap(changesOf));
  }
  const place = new Map(runs.map((run, at) => [run, at]));
  const newestFirst = (a: Change, b: Change) =>
    (place.get(b.run) as number) - (place.get(a.run) as number);
  return { since, until, firstRun, changes: changes.toSorted(newestFirst) };
}

/** The run after which changes count; null if it is not among these. */
function baseOf(runs: readonly string[], asked: Since): string | null {
  if (asked === 'run') return runs.at(-2) ?? null;
  if (asked === 'yesterday') return yesterdayOf(runs);
  return runs.findLast((run) => dayOf(run) < asked) ?? null;
}
