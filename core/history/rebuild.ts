// Makes everything again from the files of the runs.

import type { StageContext } from '../monitor/archive.ts';
import { inParallel, readOrNull } from '../monitor/frame.ts';
import type { Changes, HistoryIndex, MonthCounts, RunHistory, Strips } from './documents.ts';
import { withChanges, withCounts, withIndex } from './fold.ts';
import { changesPath, countsPath, INDEX_PATH, monthOf, stripsPath } from './paths.ts';
import { byDataset, withRun } from './strips.ts';

type Context = Pick<StageContext, 'store' | 'log' | 'options' | 'signal'>;

/** The index of all runs but these; null if there are none. */
export async function rebuildIndex(
  context: Context,
  without: readonly string[],
): Promise<HistoryIndex | null> {
  let index: HistoryIndex | null = null;
  for await (const run of readRuns(context, without)) index = withIndex(index, run);
  return index;
}

/** Writes strips, months and index anew. @returns how many documents were not as they should be */
export async function rebuildHistory(context: Context): Promise<number> {
  let index: HistoryIndex | null = null;
  const strips = new Map<string, Strips>();
  const changes = new Map<string, Changes>();
  const counts = new Map<string, MonthCounts>();
  for await (const run of readRuns(context, [])) {
    index = withIndex(index, run);
    const month = monthOf(run.run);
    changes.set(month, withChanges(changes.get(month) ?? null, run));
    counts.set(month, withCounts(counts.get(month) ?? null, run));
    for (const [id, said] of byDataset(run)) {
      strips.set(id, withRun(strips.get(id) ?? null, id, said));
    }
  }
  if (index === null) return 0;
  const documents: (readonly [path: string, document: object])[] = [
    ...Array.from(strips, ([id, document]) => [stripsPath(id), document] as const),
    ...Array.from(changes, ([month, document]) => [changesPath(month), document] as const),
    ...Array.from(counts, ([month, document]) => [countsPath(month), document] as const),
    [INDEX_PATH, index],
  ];
  let written = 0;
  const { store, options, signal } = context;
  await inParallel(options.concurrency, documents, signal, async ([path, document]) => {
    if ((await store.writeDocument(path, document)) === 'written') written += 1;
  });
  signal.throwIfAborted();
  return written;
}

/** In the order in which they were published. */
export async function* readRuns(
  context: Context,
  without: readonly string[],
): AsyncGenerator<RunHistory> {
  const { store, options, signal } = context;
  const runs: Pick<RunHistory, 'run' | 'number'>[] = [];
  const replaced = new Set(without);
  const paths = new Map<string, string>();
  await inParallel(options.concurrency, await store.listHistory(), signal, async (path) => {
    const file = await readOrNull<RunHistory>(context, path);
    if (file === null) return;
    const { run, number, replaces } = file;
    runs.push({ run, number });
    paths.set(run, path);
    if (replaces !== undefined) replaced.add(replaces);
  });
  signal.throwIfAborted();
  // Read again one by one: all at once may be more than fits in memory.
  for (const { run } of runs.toSorted((a, b) => a.number - b.number)) {
    if (replaced.has(run)) continue;
    const file = await readOrNull<RunHistory>(context, paths.get(run) as string);
    if (file !== null) yield file;
  }
}
