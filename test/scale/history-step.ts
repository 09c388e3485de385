// What publishing a run adds to the history of a large archive after ten years: the real step, over a
// store in memory that encodes and checks documents as all stores do. Prints what it took as JSON.
//
//   node --expose-gc test/scale/history-step.ts 100000

import { openneuro } from '../../archives/openneuro/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { compactSummary } from '../../core/documents/compact-write.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import type { CheckRow, Row } from '../../core/documents/rows.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { byDataset } from '../../core/history/by-dataset.ts';
import { countsOf } from '../../core/history/counts.ts';
import type {
  Changes,
  HistoryIndex,
  MonthCounts,
  Notices,
  RunHistory,
  SeriesCatalogue,
  Sync,
} from '../../core/history/documents.ts';
import type { Event } from '../../core/history/events.ts';
import { withChanges, withCounts, withIndex, withNotices } from '../../core/history/fold.ts';
import {
  changesPath,
  countsPath,
  dayOf,
  INDEX_PATH,
  monthOf,
  NOTICES_PATH,
  SERIES_PATH,
  SYNC_PATH,
  stripsPath,
} from '../../core/history/paths.ts';
import { readBefore, recordHistory } from '../../core/history/record-run.ts';
import { withSeries } from '../../core/history/series.ts';
import { withSince } from '../../core/history/since.ts';
import { withRun } from '../../core/history/strips.ts';
import type { Strips } from '../../core/history/strips-document.ts';
import { withSync } from '../../core/history/sync.ts';
import { formOfBadges } from '../../core/history/write-badges.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import { makeRow } from '../../core/monitor/make-row.ts';
import { summaryOfParts } from '../../core/monitor/published-summary.ts';
import type { Store } from '../../core/monitor/store.ts';
import { storedDocuments } from '../../core/monitor/stored-document.ts';
import { OPENNEURO } from '../support/stage-context.ts';
import { idsOf, LATEST, recordsOf } from './archive.ts';

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

const datasets = Number(process.argv[2] ?? 100_000);
const RUNS = 3650;
/** What notices and arrivals remember. */
const REMEMBERED = 140;
const DAY = 86_400_000;
const END = Date.UTC(2036, 7, 20, 6);
const instant = (run: number) => new Date(END - (RUNS - run) * DAY).toISOString();

/** Of 1,000 datasets in a day, as measured: docs/history.md. */
const RATES = { verdicts: 1.3 / 2, versions: 1.0, listed: 0.8 };

const ids = idsOf(datasets);
const catalogue = catalogueOf(openneuro);
const rowOf = (id: string, at: string): Row => {
  const records = recordsOf(id, at) as unknown as readonly CheckRecord[];
  const since = instant(1000);
  const byCheck = Object.fromEntries(records.map((record) => [record.check, { ...record, since }]));
  const latestDate = new Date(END - 2000 * DAY).toISOString();
  return makeRow(catalogue, id, { latest: LATEST, name: null, latestDate }, byCheck);
};
/** Different ones each day. */
const some = (run: number, kind: number, rate: number) =>
  Array.from(
    { length: Math.ceil((datasets * rate) / 1000) },
    (_, n) => ids[(run * 7919 + kind * 104_729 + n * 611_953) % datasets] as string,
  );

function eventsOf(run: number): Event[] {
  const created = new Date(Date.parse(instant(run)) - DAY / 2).toISOString();
  const bad = run % 2 === 0;
  const [good, worse] = ['ok', 'error'];
  const [from, to] = bad ? [good, worse] : [worse, good];
  return [
    // What is found on one day is mended on the next.
    ...some(bad ? run : run - 1, 1, RATES.verdicts).flatMap((id): Event[] => [
      { kind: 'verdict', id, check: 'overall', from: from as string, to: to as string },
      {
        kind: 'verdict',
        id,
        check: 's3Version',
        from: bad ? 'ok' : 'error:blocked',
        to: bad ? 'error:blocked' : 'ok',
      },
    ]),
    ...some(run, 2, RATES.versions).map(
      (id): Event => ({
        ...{ kind: 'versions', id, from: { latest: `1.0.${run}` } },
        to: { latest: `1.0.${run + 1}`, date: created },
      }),
    ),
    ...some(run, 2, RATES.versions * 0.9).flatMap((id) =>
      ['mirror', 'export', 'files'].map(
        (name): Event => ({
          ...{ kind: 'arrived', id, place: name, version: `1.0.${run + 1}`, created },
        }),
      ),
    ),
  ];
}

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

const previous = ids.map((id) => rowOf(id, instant(RUNS - 1)));
await fill();
const lastUpdated = instant(RUNS - 1);
const summary = { lastUpdated, run: lastUpdated, publication: RUNS, datasets: previous };
const parts = [...compactSummary(catalogue, summary).values()].map((part) =>
  readCompact(openneuro, JSON.parse(JSON.stringify(part))),
);
const published = summaryOfParts(parts as [(typeof parts)[number]]);
const next = changedRows();
previous.length = 0;

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
  let notices: Notices | null = null;
  let sync: Sync | null = null;
  let changes: Changes | null = null;
  let counts: MonthCounts | null = null;
  let series: SeriesCatalogue | null = null;
  const numbers = countsOf(catalogue, previous, []);
  for (let run = 1; run < RUNS; run += 1) {
    const isLate = run > RUNS - REMEMBERED;
    const added: RunHistory = {
      schemaVersion: SCHEMA_VERSION,
      ...{ run: instant(run), number: run + 1, until: instant(run), rulesVersion: openneuro.rules },
      events: isLate ? eventsOf(run) : [],
      states: { verdicts: [], of: {} },
      counts: numbers,
      ...(run === 1 && { badges: formOfBadges(catalogue) }),
    };
    index = withIndex(index, added);
    if (!isLate) continue;
    notices = withNotices(notices, added);
    series = withSeries(series, openneuro.id, added);
    sync = withSync(sync, added, openneuro.arrivals ?? []);
    if (monthOf(added.run) !== monthOf(instant(RUNS))) continue;
    changes = withChanges(changes, added);
    counts = withCounts(counts, added);
  }
  const month = monthOf(instant(RUNS));
  await store.writeDocument(INDEX_PATH, index);
  await store.writeDocument(NOTICES_PATH, notices);
  await store.writeDocument(SYNC_PATH, sync);
  await store.writeDocument(SERIES_PATH, series);
  await store.writeDocument(changesPath(month), changes);
  await store.writeDocument(countsPath(month), counts);
  for (const id of new Set([...some(RUNS, 1, RATES.verdicts), ...some(RUNS, 2, RATES.versions)])) {
    await store.writeDocument(stripsPath(id), stripsOf(id));
  }
}

/** A dataset's strips: it changed ten times. */
function stripsOf(id: string): Strips {
  const row = rowOf(id, instant(0));
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

/** The rows of the run, of which some differ from the ones before. */
function changedRows(): Row[] {
  const at = instant(RUNS);
  const blocked = new Set(some(RUNS, 1, RATES.verdicts));
  const newer = new Set(some(RUNS, 2, RATES.versions));
  return ids.map((id) => {
    const row = rowOf(id, at);
    const { s3Version } = row.checks as Record<string, CheckRow>;
    if (blocked.has(id)) {
      const own = {
        ...s3Version,
        status: 'error',
        subtype: 'blocked',
        findings: ['blocked'],
        version: null,
      } as CheckRow;
      return { ...row, status: 'error', checks: { ...row.checks, s3Version: own } };
    }
    return newer.has(id)
      ? { ...row, version: '9.9.9', versionDate: new Date(END - DAY).toISOString() }
      : row;
  });
}
