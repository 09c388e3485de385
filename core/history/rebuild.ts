// Makes everything again from the files of the runs.

import type { StageContext } from '../monitor/archive.ts';
import { inParallel, readOrNull } from '../monitor/frame.ts';
import type { Writer } from '../monitor/store.ts';
import { byDataset } from './by-dataset.ts';
import { derivedOf } from './derived.ts';
import type { HistoryIndex, Notices, RunHistory } from './documents.ts';
import { type DatasetFiles, ofEachDataset } from './each-dataset.ts';
import { withIndex, withNotices } from './fold.ts';
import { dayOfRunPath, INDEX_PATH, monthOf, stripsPath } from './paths.ts';
import { inMonth, withRun } from './strips.ts';
import type { Strips } from './strips-document.ts';

type Context = Pick<StageContext, 'store' | 'log' | 'signal'> & {
  readonly options: Pick<StageContext['options'], 'concurrency'>;
};

/** What the runs before a number leave to the next one. */
export interface Past {
  /** Null without a run. */
  readonly index: HistoryIndex | null;
  readonly notices: Notices | null;
  /** Other runs that have files. */
  readonly later: readonly string[];
}

/** @param before default: of all runs */
export async function rebuildPast(
  context: Context,
  before = Number.MAX_SAFE_INTEGER,
): Promise<Past> {
  const files = await listRuns(context);
  let index: HistoryIndex | null = null;
  let notices: Notices | null = null;
  const earlier = files.filter(({ number }) => number < before);
  for await (const run of readRuns(context, earlier)) {
    index = withIndex(index, run);
    notices = withNotices(notices, run);
  }
  const later = files.filter(({ number }) => number >= before);
  return { index, notices, later: later.map(({ run }) => run) };
}

/** What each published run added, in order. */
export async function* allRuns(context: Context): AsyncGenerator<RunHistory> {
  yield* readRuns(context, await listRuns(context));
}

/** @param months those with runs so far, ascending */
export const isNewMonth = (months: readonly string[], month: string): boolean =>
  months.length > 0 && month > (months.at(-1) as string);

/** Datasets whose strips got minutes from a run of these days, the last one not included. */
export async function agedBetween(
  context: Context,
  from: string,
  to: string,
): Promise<Set<string>> {
  const { store, options, signal } = context;
  const ids = new Set<string>();
  const paths = (await store.listHistory()).filter((path) => {
    const day = dayOfRunPath(path);
    return day >= from && day < to;
  });
  await inParallel(options.concurrency, paths, signal, async (path) => {
    const file = await readOrNull<RunHistory>(context, path);
    if (file?.precision !== undefined) for (const id of byDataset(file).keys()) ids.add(id);
  });
  signal.throwIfAborted();
  return ids;
}

/**
 * Writes strips, months and all else anew.
 * @param also writes what else is made for datasets
 * @returns how many documents were not as they should be
 */
export async function rebuildHistory(
  context: Context & Pick<StageContext, 'archive'>,
  also?: DatasetFiles['write'],
): Promise<number> {
  let written = 0;
  const write = async (writer: Writer, path: string, document: object) => {
    if ((await writer.writeDocument(path, document)) === 'written') written += 1;
  };
  const files = await listRuns(context);
  const lastOf = new Map(files.map(({ run, number }) => [monthOf(run), number]));
  const ofArchive = derivedOf(context.archive);
  const documents = new Map<string, object>();
  const strips = new Map<string, Strips>();
  let index: HistoryIndex | null = null;
  let hasMinutes = false;
  for await (const [run, next] of withNext(readRuns(context, files))) {
    const month = monthOf(run.run);
    if (hasMinutes && isNewMonth(index?.months ?? [], month)) {
      for (const [path, document] of strips) strips.set(path, inMonth(document, month));
    }
    hasMinutes ||= run.precision !== undefined;
    index = withIndex(index, run);
    for (const { pathOf, after } of ofArchive) {
      const path = pathOf(run.run);
      const document = after(documents.get(path) ?? null, run, next);
      if (document === null) continue;
      // Ten years of months are more than fits in memory.
      const isOver = lastOf.get(month) === run.number && next && pathOf(next.run) !== path;
      if (isOver) {
        await write(context.store, path, document);
        documents.delete(path);
      } else documents.set(path, document);
    }
    for (const [id, said] of byDataset(run)) {
      strips.set(id, withRun(strips.get(id) ?? null, id, said));
    }
  }
  if (index === null) return 0;
  documents.set(INDEX_PATH, index);
  for (const [path, document] of documents) await write(context.store, path, document);
  await ofEachDataset(context, strips.keys(), strips.size, async (id, writer) => {
    const own = strips.get(id) as Strips;
    await write(writer, stripsPath(id), own);
    await also?.(id, own, writer);
  });
  return written;
}

/** Each with the one after it. */
async function* withNext<T>(items: AsyncIterable<T>): AsyncGenerator<readonly [T, T | null]> {
  let last: T | null = null;
  for await (const item of items) {
    if (last !== null) yield [last, item];
    last = item;
  }
  if (last !== null) yield [last, null];
}

interface RunFile {
  readonly path: string;
  readonly run: string;
  readonly number: number;
  /** A run of the same number came after it, since it was cut off before it was published. */
  readonly isReplaced: boolean;
}

/** In the order in which they were published. */
async function listRuns(context: Context): Promise<readonly RunFile[]> {
  const { store, options, signal } = context;
  const files: Omit<RunFile, 'isReplaced'>[] = [];
  const replaced = new Set<string>();
  await inParallel(options.concurrency, await store.listHistory(), signal, async (path) => {
    const file = await readOrNull<RunHistory>(context, path);
    if (file === null) return;
    const { run, number, replaces = [] } = file;
    files.push({ path, run, number });
    for (const other of replaces) replaced.add(`${number} ${other}`);
  });
  signal.throwIfAborted();
  return files
    .map((file) => ({ ...file, isReplaced: replaced.has(`${file.number} ${file.run}`) }))
    .sort((a, b) => a.number - b.number);
}

/** Reads them again, some at a time: all at once may be more than fits in memory. */
async function* readRuns(context: Context, files: readonly RunFile[]): AsyncGenerator<RunHistory> {
  const { concurrency } = context.options;
  const counted = files.filter(({ isReplaced }) => !isReplaced);
  for (let from = 0; from < counted.length; from += concurrency) {
    const some = counted.slice(from, from + concurrency);
    const read = some.map(({ path }) => readOrNull<RunHistory>(context, path));
    for (const file of await Promise.all(read)) if (file !== null) yield file;
    context.signal.throwIfAborted();
  }
}
