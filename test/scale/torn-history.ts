// A run that follows one that was cut off, over a large archive after ten years: everything of the
// history is made again from the files of the runs. The real step of `summarize`, over a store that
// takes its time. Prints what it took as JSON.
//
//   node --expose-gc test/scale/torn-history.ts 100000

import { openneuro } from '../../archives/openneuro/index.ts';
import type { HistoryIndex } from '../../core/history/documents.ts';
import { withIndex } from '../../core/history/fold.ts';
import { INDEX_PATH, runPath } from '../../core/history/paths.ts';
import { readBefore, recordHistory } from '../../core/history/record-run.ts';
import { withSince } from '../../core/history/since.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import type { Store, Writer } from '../../core/monitor/store.ts';
import { storedDocuments } from '../../core/monitor/stored-document.ts';
import { etagOf } from '../../lambdas/store/objects.ts';
import { memoryOf } from '../../lib/functions.ts';
import { ASSUMED, WHOLE_PROCESSOR } from '../../scripts/cost/inputs.ts';
import { OPENNEURO } from '../support/stage-context.ts';
import { openBucket } from './bucket.ts';
import { functionClock } from './clock.ts';
import { SDK_WORK } from './cloud.ts';
import { catalogue, END, instant, RUNS, yearsOf } from './years.ts';

export interface TornHistory {
  /** Of the function, its waiting included. */
  readonly seconds: number;
  readonly reads: number;
  readonly writes: number;
  /** Megabytes that were held at most, after a collection, beside what was held before. */
  readonly heldMegabytes: number;
  /** Files that are there after it, those of the runs included. */
  readonly documents: number;
}

const datasets = Number(process.argv[2] ?? 100_000);
const years = yearsOf(datasets);
const clock = functionClock(END);
const bucket = openBucket();
const { encode, decode } = storedDocuments(openneuro);
const calls = { reads: 0, writes: 0 };

/** Milliseconds of the function: a collection of everything takes long. */
const LOOK_EVERY = 15_000;
let looked = END;
let held = 0;
const memory = () => {
  clock.outside(() => globalThis.gc?.());
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};
async function asked(bytes: number): Promise<void> {
  if (clock.now() - looked > LOOK_EVERY) {
    held = Math.max(held, memory());
    looked = clock.now();
  }
  await clock.wait(ASSUMED.s3Call + Math.ceil(bytes / ASSUMED.bytesAMs));
  clock.work(SDK_WORK.request);
}
/** @param etag of what is there, as a listing showed it */
async function put(path: string, bytes: Buffer, etag?: string) {
  if (etag === etagOf(bytes)) return 'unchanged' as const;
  calls.writes += 1;
  await asked(bytes.length);
  clock.outside(() => bucket.put(path, bytes));
  return 'written' as const;
}
const writer = (found: (path: string) => string | undefined): Writer => ({
  writeDocument: (path, document) => put(path, encode(path, document), found(path)),
  writePage: (path, text) => put(path, Buffer.from(text), found(path)),
});
const store = {
  ...writer(() => undefined),
  async readDocument(path: string) {
    calls.reads += 1;
    const length = clock.outside(() => bucket.find(path)?.length);
    await asked(length ?? 0);
    return length === undefined
      ? undefined
      : decode(
          path,
          clock.outside(() => bucket.read(path)),
        );
  },
  async writerOf(ids: readonly string[]) {
    await asked(0);
    const found = clock.outside(() =>
      ids.flatMap((id) => bucket.list(`datasets/${id}/`, '', 1000)),
    );
    clock.work(found.length * SDK_WORK.item);
    const etags = new Map(found.map(({ key, etag }) => [key, etag]));
    return writer((path) => etags.get(path));
  },
  async listHistory() {
    for (let page = 0; page <= RUNS / 1000; page += 1) await asked(0);
    return bucket.list('history/runs/', '', RUNS * 2).map(({ key }) => key);
  },
} as unknown as Store;

let index: HistoryIndex | null = null;
for (let run = 1; run < RUNS; run += 1) {
  const added = years.runFile(run);
  bucket.put(runPath(added.run), encode(runPath(added.run), added));
  index = withIndex(index, added);
}
// The run that was cut off has counted itself, and has its file.
const cutOff = { ...years.runFile(RUNS), run: new Date(END - 3_600_000).toISOString() };
bucket.put(runPath(cutOff.run), encode(runPath(cutOff.run), cutOff));
bucket.put(INDEX_PATH, encode(INDEX_PATH, withIndex(index, cutOff)));
index = null;
const published = years.published();
const next = years.nextRows();

const context = {
  archive: openneuro,
  about: OPENNEURO,
  store,
  now: () => new Date(clock.now()),
  runStart: instant(RUNS),
  log: () => {},
  signal: new AbortController().signal,
  options: { concurrency: 32, siteUrl: 'https://watch.example.org' },
} as unknown as StageContext;

clock.setFactor(Math.max(1, WHOLE_PROCESSOR / (memoryOf(openneuro, datasets).summarize as number)));
const before = memory();
const began = clock.now();
const known = await readBefore(context, published);
if (!known.isTorn) throw new Error('nothing was cut off');
await recordHistory(context, { catalogue, rows: withSince(next, known), ...known });
const result: TornHistory = {
  seconds: Math.round((clock.now() - began) / 1000),
  ...calls,
  heldMegabytes: Math.round(Math.max(held, memory()) - before),
  documents: bucket.list('', '', 10_000_000).length,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
