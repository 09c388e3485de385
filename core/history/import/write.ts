// Writes imported runs into a tree. The index and how the import ends come first, and all else can be
// made again, so an import that was cut off is repeated and gives the same bytes.

import { isDeepStrictEqual } from 'node:util';
import { type CompactSummary, compactFileName } from '../../documents/compact.ts';
import { fitting } from '../../documents/json.ts';
import type { StageContext } from '../../monitor/archive.ts';
import { inParallel, readOrNull } from '../../monitor/frame.ts';
import type { Store, WriteOutcome } from '../../monitor/store.ts';
import { derivedOf } from '../derived.ts';
import { type HistoryIndex, type RunHistory, runHistorySchema } from '../documents.ts';
import { withIndex } from '../fold.ts';
import { IMPORTED_PATH, INDEX_PATH, runPath, stripsPath } from '../paths.ts';
import { allRuns, rebuildHistory } from '../rebuild.ts';
import { joined } from './join.ts';
import type { RecordedHistory } from './runs.ts';

type Context = Pick<StageContext, 'archive' | 'log' | 'signal'> & {
  readonly options: Pick<StageContext['options'], 'concurrency'>;
  readonly store: Store & { removeDocument(path: string): Promise<WriteOutcome> };
};

/** What is there already, and what becomes of it. */
export interface ImportPlan {
  /** All runs afterwards. */
  readonly runs: readonly RunHistory[];
  /** How many of them were published here, and follow the imported ones. */
  readonly own: number;
  /** By how much their numbers grow. */
  readonly shift: number;
  /** Runs that are there and would go, or would say something else. */
  readonly replaced: readonly RunHistory[];
  /** An earlier import went further, and is the same so far. */
  readonly isBehind: boolean;
}

export async function planImport(
  context: Context,
  { runs: imported }: RecordedHistory,
): Promise<ImportPlan> {
  const before: RunHistory[] = [];
  for await (const run of allRuns(context)) before.push(run);
  const made = new Map(imported.map((run) => [run.run, fitting(runHistorySchema, run)]));
  const end = imported.at(-1)?.run ?? '';
  const replaced = before.filter((run) => {
    const isLater = run.origin === undefined && run.run > end;
    return !isLater && !isDeepStrictEqual(made.get(run.run), run);
  });
  const isOfMore = ({ origin, run }: RunHistory) => origin !== undefined && run > end;
  const { own, shift } = joined([...made.values()], before);
  return {
    runs: [...imported, ...own],
    own: own.length,
    shift,
    replaced,
    isBehind: replaced.length > 0 && replaced.every(isOfMore),
  };
}

/** @returns how many documents were not as they should be */
export async function writeImport(
  context: Context,
  { imported }: RecordedHistory,
  { runs, replaced, shift }: ImportPlan,
): Promise<number> {
  const { store, options, signal } = context;
  let index: HistoryIndex | null = null;
  for (const run of runs) index = withIndex(index, run);
  let written = 0;
  const count = (outcome: WriteOutcome) => {
    if (outcome === 'written') written += 1;
  };
  const kept = new Set(runs.map(({ run }) => runPath(run)));
  const known = (await store.listHistory()).filter((path) => !kept.has(path));
  count(await store.writeDocument(IMPORTED_PATH, imported));
  count(await store.writeDocument(INDEX_PATH, index));
  await inParallel(options.concurrency, runs, signal, async (run) => {
    count(await store.writeDocument(runPath(run.run), run));
  });
  const gone = leftBy(context.archive, replaced, runs);
  for (const path of gone) count(await store.removeDocument(path));
  if (shift !== 0) {
    // Runs that were cut off stay beside those that took their numbers.
    for (const path of known) {
      const run = gone.has(path) ? null : await readOrNull<RunHistory>(context, path);
      if (run === null) continue;
      count(await store.writeDocument(path, { ...run, number: run.number + shift }));
    }
  }
  written += await rebuildHistory(context);
  return written + (await renumberSummary(context, shift));
}

/** The published summary says which publication it is. */
async function renumberSummary(context: Context, shift: number): Promise<number> {
  if (shift === 0) return 0;
  const first = await readOrNull<CompactSummary>(context, compactFileName(0));
  let written = 0;
  for (const path of first === null ? [] : [...first.more, compactFileName(0)]) {
    const part = await readOrNull<CompactSummary>(context, path);
    if (part?.publication === undefined) continue;
    const next = { ...part, publication: part.publication + shift };
    if ((await context.store.writeDocument(path, next)) === 'written') written += 1;
  }
  return written;
}

/** Documents that only the runs that go had. */
function leftBy(
  archive: Context['archive'],
  gone: readonly RunHistory[],
  runs: readonly RunHistory[],
): Set<string> {
  const ofArchive = derivedOf(archive);
  const pathsOf = ({ run, events, states }: RunHistory) => [
    runPath(run),
    ...ofArchive.map(({ pathOf }) => pathOf(run)),
    ...[...Object.keys(states.of), ...events.map(({ id }) => id)].map(stripsPath),
  ];
  if (gone.length === 0) return new Set();
  return new Set(gone.flatMap(pathsOf)).difference(new Set(runs.flatMap(pathsOf)));
}
