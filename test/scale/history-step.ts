// What publishing a run adds to the history of a large archive after ten years: the real step, over a
// store in memory that encodes and checks documents as all stores do. Prints what it took as JSON.
//
//   node --expose-gc --max-semi-space-size=16 test/scale/history-step.ts 100000

import { openneuro } from '../../archives/openneuro/index.ts';
import { byDataset } from '../../core/history/by-dataset.ts';
import { derivedOf } from '../../core/history/derived.ts';
import type { HistoryIndex, RunHistory } from '../../core/history/documents.ts';
import { withIndex } from '../../core/history/fold.ts';
import { dayOf, INDEX_PATH, monthOf, stripsPath } from '../../core/history/paths.ts';
import { readBefore, recordHistory } from '../../core/history/record-run.ts';
import { withSince } from '../../core/history/since.ts';
import { withRun } from '../../core/history/strips.ts';
import type { Strips } from '../../core/history/strips-document.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import type { Store } from '../../core/monitor/store.ts';
import { storedDocuments } from '../../core/monitor/stored-document.ts';
import { OPENNEURO } from '../support/stage-context.ts';
import { catalogue, END, instant, RUNS, yearsOf } from './years.ts';

export interface HistoryStep {
  /** Of the processor: others may use it meanwhile. */
  readonly milliseconds: number;
  /** Datasets of which it says anything. */
  readonly changed: number;
  readonly events: number;
  readonly reads: number;
  readonly writes: number;
  /** Megabytes in use before the step, and at most during it. */
  readonly before: number;
  readonly most: number;
  /** Bytes of the largest documents, by path. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** What notices and arrivals remember. */
const REMEMBERED = 140;

const years = yearsOf(Number(process.argv[2] ?? 100_000));
const documents = new Map<string, Buffer>();
const { encode, decode } = storedDocuments(openneuro);
const calls = { reads: 0, writes: 0 };
const store = {
  async readDocument(path: string) {
    calls.reads += 1;
    const bytes = documents.get(path);
    return bytes && decode(path, bytes);
  },
  async writeDocument(path: string, document: unknown) {
    calls.writes += 1;
    documents.set(path, encode(path, document));
    return 'written' as const;
  },
  async writePage(path: string, text: string) {
    calls.writes += 1;
    documents.set(path, Buffer.from(text));
    return 'written' as const;
  },
  listHistory: async () => [],
} as unknown as Store;

await fill();
const published = years.published();
const next = years.nextRows();

const context = {
  archive: openneuro,
  about: OPENNEURO,
  store,
  now: () => new Date(END),
  runStart: instant(RUNS),
  log: () => {},
  signal: new AbortController().signal,
  options: { concurrency: 32 },
} as unknown as StageContext;

calls.reads = 0;
calls.writes = 0;
globalThis.gc?.();
const megabytes = () => process.memoryUsage().heapUsed / 1e6;
const before = megabytes();
let most = before;
const timer = setInterval(() => {
  most = Math.max(most, megabytes());
}, 5);
const began = process.cpuUsage();
const known = await readBefore(context, published);
const rows = withSince(next, known);
most = Math.max(most, megabytes());
await recordHistory(context, { catalogue, rows, ...known });
const { user, system } = process.cpuUsage(began);
const milliseconds = (user + system) / 1000;
most = Math.max(most, megabytes());
clearInterval(timer);

const path = [...documents.keys()].find((one) => one.startsWith('history/runs/')) as string;
const added = decode(path, documents.get(path) as Buffer) as RunHistory;
const result: HistoryStep = {
  milliseconds: Math.round(milliseconds),
  changed: byDataset(added).size,
  events: added.events.length,
  ...calls,
  before: Math.round(before),
  most: Math.round(most),
  bytes: Object.fromEntries(
    [...documents]
      .filter(([name]) => name.startsWith('history/'))
      .map(([name, { length }]) => [name, length]),
  ),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** Documents as they are after ten years, of which only those are made that the step reads. */
async function fill(): Promise<void> {
  let index: HistoryIndex | null = null;
  const made = new Map<string, object>();
  for (let run = 1; run < RUNS; run += 1) {
    const isLate = run > RUNS - REMEMBERED;
    const file = years.runFile(run);
    const added = isLate ? file : { ...file, events: [], states: { verdicts: [], of: {} } };
    index = withIndex(index, added);
    if (!isLate) continue;
    for (const { pathOf, after } of derivedOf(openneuro)) {
      const path = pathOf(added.run);
      const document = after(made.get(path) ?? null, added);
      if (document !== null) made.set(path, document);
    }
  }
  await store.writeDocument(INDEX_PATH, index);
  for (const [path, document] of made) {
    const isOld = /\d{4}-\d{2}\.json$/.test(path) && !path.includes(monthOf(instant(RUNS)));
    if (!isOld) await store.writeDocument(path, document);
  }
  for (const id of years.changedIn(RUNS)) await store.writeDocument(stripsPath(id), stripsOf(id));
}

/** A dataset's strips: it changed ten times. */
function stripsOf(id: string): Strips {
  const row = years.rowOf(id, instant(0));
  const verdicts = Object.fromEntries(
    Object.entries(row.checks).map(([check, { status }]) => [check, status]),
  );
  const begun = {
    ...{ run: instant(1), at: dayOf(instant(1)), events: [], notices: [] },
    states: { overall: row.status, ...verdicts },
  };
  let strips = withRun(null, id, begun);
  for (let change = 0; change < 10; change += 1) {
    const verdict = change % 2 === 0 ? 'error:blocked' : 'ok';
    const states = { overall: change % 2 === 0 ? 'error' : 'ok', s3Version: verdict };
    const run = instant(100 + change * 300);
    strips = withRun(strips, id, { run, at: dayOf(run), events: [], notices: [], states });
  }
  return strips;
}
