// Reads the documents of the history (docs/history.md) as far as the page shows them, by hand, since
// zod is too big for the page. Each reader throws at what it cannot trust; load() turns that into
// "broken".

import type {
  HistoryIndex,
  MonthCounts,
  RunEvent,
  SeriesCatalogue,
} from '../../core/history/documents.ts';
import {
  changesPath,
  countsPath,
  INDEX_PATH,
  SERIES_PATH,
  SYNC_PATH,
  stripsPath,
} from '../../core/history/paths.ts';
import type { Strips } from '../../core/history/strips-document.ts';
import { type Loaded, load } from '../shared/load.ts';
import type { Shown } from './strip-data.ts';
import type { Shown as ShownSync } from './sync-words.ts';

export interface Index
  extends Pick<
    HistoryIndex,
    'firstRun' | 'lastRun' | 'runs' | 'months' | 'gaps' | 'rulesVersions' | 'withdrawn'
  > {
  readonly hasBadges: boolean;
  /** Feeds are written only where the site's address is known. */
  readonly hasFeeds: boolean;
}

function check(isRight: boolean): void {
  if (!isRight) throw new Error('not a document of the history');
}
export const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value));
const isMonth = (value: unknown) => isText(value) && /^\d{4}-\d{2}$/.test(value);
/** A day, or a minute (core/history/strips.ts). */
const isMoment = (value: unknown) =>
  isText(value) && /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}Z)?$/.test(value);
export const isDay = (value: unknown): value is string =>
  isText(value) && /^\d{4}-\d{2}-\d{2}$/.test(value);

export function readIndex(document: unknown): Index {
  const { badges, feeds, ...index } = document as HistoryIndex;
  const { firstRun, lastRun, runs, months, gaps, rulesVersions, withdrawn } = index;
  check(isTime(firstRun) && isTime(lastRun) && Number.isInteger(runs) && months.every(isMonth));
  check(gaps.every((gap) => gap.every(isDay)) && rulesVersions.every(({ from }) => isTime(from)));
  const has = { hasBadges: badges !== undefined, hasFeeds: feeds != null && feeds.form !== null };
  check(Object.values(withdrawn).every(isTime));
  return { firstRun, lastRun, runs, months, gaps, rulesVersions, withdrawn, ...has };
}

export function readChanges(document: unknown): readonly RunEvent[] {
  const { events } = document as { readonly events: readonly RunEvent[] };
  check(events.every(({ run, id, kind }) => isTime(run) && isText(id) && isText(kind)));
  return events;
}

export function readCounts(document: unknown): MonthCounts {
  const counts = document as MonthCounts;
  const isColumn = (column: unknown) =>
    Array.isArray(column) &&
    column.length === counts.time.length &&
    column.every((value) => value === null || typeof value === 'number');
  check(counts.time.every(isTime) && Object.values(counts.columns).every(isColumn));
  return counts;
}

export function readSeries(document: unknown): SeriesCatalogue {
  const catalogue = document as SeriesCatalogue;
  check(catalogue.series.every(({ name, from }) => isText(name) && isTime(from)));
  check(catalogue.datasets.checks.every(isText));
  return catalogue;
}

export function readStrips(document: unknown): Shown {
  const { news = [], snapshots = [], truncated, ...own } = document as Strips;
  const { listed, strips, unverified, notSeen } = own;
  const isOrNull = (is: (value: unknown) => boolean, value: unknown) => value === null || is(value);
  check(isOrNull(isDay, listed));
  for (const entries of Object.values(strips)) {
    check(entries.every(([at, verdict]) => isMoment(at) && isOrNull(isText, verdict)));
  }
  for (const periods of [notSeen, ...Object.values(unverified)]) {
    check(periods.every(([from, to]) => isMoment(from) && isOrNull(isMoment, to)));
  }
  for (const { version, created, seen } of snapshots) {
    check(isText(version) && isTime(created) && Object.values(seen).every(isTime));
  }
  return {
    ...{ listed, strips, unverified, notSeen, snapshots, hasNews: news.length > 0 },
    ...(truncated && { truncated }),
  };
}

export function readSync(document: unknown): ShownSync {
  const { resolution, last90Days, waiting, months } = document as ShownSync;
  const isNumber = (value: unknown) => typeof value === 'number';
  const isOrNull = (value: unknown) => value === null || isNumber(value);
  check(isOrNull(resolution) && isNumber(waiting) && months.every(({ month }) => isMonth(month)));
  for (const { snapshots, places } of [last90Days, ...months]) {
    check(isNumber(snapshots));
    for (const { median, p90, waiting: still, replaced } of Object.values(places)) {
      check(isOrNull(median) && isOrNull(p90) && isNumber(still) && isNumber(replaced));
    }
  }
  return { resolution, last90Days, waiting, months };
}

export const loadSync = (): Promise<Loaded<ShownSync>> => load(SYNC_PATH, readSync);
/** @param folder by default the shown archive's */
export const loadStrips = (id: string, folder?: string): Promise<Loaded<Shown>> =>
  load(stripsPath(id), readStrips, folder);
export const loadIndex = (folder?: string): Promise<Loaded<Index>> =>
  load(INDEX_PATH, readIndex, folder);
export const loadChanges = (month: string): Promise<Loaded<readonly RunEvent[]>> =>
  load(changesPath(month), readChanges);
export const loadCounts = (month: string, folder?: string): Promise<Loaded<MonthCounts>> =>
  load(countsPath(month), readCounts, folder);
export const loadSeries = (folder?: string): Promise<Loaded<SeriesCatalogue>> =>
  load(SERIES_PATH, readSeries, folder);

/**
 * A month's document by its path, as core/history/read-changes.ts reads them.
 * @throws Error if it is absent or not what it should be
 */
export async function loadHistory(path: string): Promise<unknown> {
  const loaded = await load(path, (document) => {
    READERS.find(([folder]) => path.startsWith(folder))?.[1](document);
    return document;
  });
  if (loaded.kind !== 'loaded') throw new Error(`${path} is ${loaded.kind}`);
  return loaded.value;
}

const READERS = [
  [changesPath('').slice(0, -'.json'.length), readChanges],
  [countsPath('').slice(0, -'.json'.length), readCounts],
] as const;
