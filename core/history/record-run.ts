// The history's part of publishing a run (docs/history.md). The index counts the publication first.
// If it counts more than the summary that is published, a run was cut off, and everything is made
// again from the files of the runs that were published. So a repeated run gives the same bytes, and
// what is published never lacks its history.

import { isFromFuture } from '../clock-ahead.ts';
import type { Catalogue } from '../documents/catalogue.ts';
import { readCompact } from '../documents/compact-read.ts';
import type { Row } from '../documents/rows.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { StageContext } from '../monitor/archive.ts';
import { readOrNull } from '../monitor/frame.ts';
import { summaryOfParts } from '../monitor/published-summary.ts';
import { byDataset, isBegun } from './by-dataset.ts';
import { countsOf } from './counts.ts';
import { derivedOf } from './derived.ts';
import { diffSummaries, type PublishedSummary } from './diff.ts';
import type { HistoryIndex, Imported, Notices, RunHistory } from './documents.ts';
import { type DatasetFiles, ofEachDataset } from './each-dataset.ts';
import { precisionOf, withIndex } from './fold.ts';
import { NO_STATE } from './notice-state.ts';
import { lookAt, noticesOf } from './notices.ts';
import { IMPORTED_PATH, INDEX_PATH, monthOf, NOTICES_PATH, runPath, stripsPath } from './paths.ts';
import { agedBetween, isNewMonth, rebuildHistory, rebuildPast } from './rebuild.ts';
import { DEFAULT_FROM } from './settings.ts';
import { type Before, isLater } from './since.ts';
import { firstMinute, inMonth, withRun } from './strips.ts';
import type { Strips } from './strips-document.ts';
import { badgeFiles, formOfBadges } from './write-badges.ts';
import { feedFiles, feedsOf } from './write-feeds.ts';

/**
 * Reads the history as it was when `published` was; it knows of no later run.
 * @param published null if nothing was
 */
export async function readBefore(
  context: StageContext,
  published: PublishedSummary | null,
): Promise<Before> {
  const kept = await readOrNull<HistoryIndex>(context, INDEX_PATH);
  // A damaged index is made again. Without files of runs there is nothing to make it from.
  const past = kept === null ? await rebuildPast(context) : null;
  const index = kept ?? past?.index ?? null;
  const isImported = index !== null && index.imported !== null;
  const imported = isImported ? await readOrNull<Imported>(context, IMPORTED_PATH) : null;
  const about = { imported, index, notices: past?.notices ?? null, replaces: [] };
  const isTorn = index !== kept;
  if (index === null) return { ...about, isTorn, previous: published };
  if (index.firstLook === null) {
    // The first run that measured here follows the imported ones.
    return { ...about, isTorn, previous: readImported(context, imported) ?? published };
  }
  const number = published === null ? 0 : published.publication;
  if (number === null || number === index.runs) return { ...about, isTorn, previous: published };
  const { later: replaces, ...before } = await rebuildPast(context, index.runs);
  const previous = published ?? readImported(context, imported);
  return { imported, isTorn: true, replaces, ...before, previous };
}

function readImported(
  { archive }: StageContext,
  imported: Imported | null,
): PublishedSummary | null {
  const [first, ...others] = (imported?.summary ?? []).map((part) => readCompact(archive, part));
  return first === undefined ? null : summaryOfParts([first, ...others]);
}

/**
 * Why a run must not be published; null if it may: a newer one was. A summary from the future is no
 * reason, since a clock was ahead.
 */
export function overtaken(
  published: Pick<PublishedSummary, 'run'> | null,
  { runStart, now }: Pick<StageContext, 'runStart' | 'now'>,
): string | null {
  const run = published?.run ?? null;
  if (run === null || Date.parse(run) <= Date.parse(runStart) || isFromFuture(run, now())) {
    return null;
  }
  return `A newer run, of ${run}, was published, so this one, of ${runStart}, is not.`;
}

/** What is about to be published. */
export interface Publishing extends Before {
  readonly catalogue: Catalogue;
  /** By id in byte order. */
  readonly rows: readonly Row[];
}

/**
 * Writes what the run adds: index, its own file, strips, months, notices, feeds, badges.
 * @returns the index after it
 */
export async function recordHistory(
  context: StageContext,
  { catalogue, rows, previous, index, notices: past, isTorn, replaces }: Publishing,
): Promise<HistoryIndex> {
  const { archive, store } = context;
  const withdrawn = new Set(Object.keys(index?.withdrawn ?? {}));
  const changed = diffSummaries({ archive, withdrawn }, index && previous, rows);
  const isAgain = index !== null && previous?.run === context.runStart;
  if (isAgain && !isTorn && changed.events.length === 0) return index;
  const number = (index?.runs ?? 0) + 1;
  const run = await freeName(context, number);
  const told = isTorn ? past : await readNotices(context, index);
  const { notifyFrom = DEFAULT_FROM } = context.options;
  const notified = notifyFrom === DEFAULT_FROM ? {} : { notifyFrom };
  const byId = new Map(rows.map((row) => [row.id, row]));
  const { events } = changed;
  const notices = noticesOf(told ?? NO_STATE, { run, events, ...notified }, (id) => {
    const row = byId.get(id);
    return row && lookAt(archive.checks, row, context.runStart);
  });
  const feeds = feedsOf(context, catalogue, run, index?.feeds);
  const form = formOfBadges(catalogue, context.options.badgeLabel);
  const others = replaces.filter((other) => other !== run);
  const added: RunHistory = {
    schemaVersion: SCHEMA_VERSION,
    run,
    number,
    until: newestOf(rows),
    rulesVersion: oldestRules(rows),
    ...(others.length > 0 && { replaces: others }),
    ...precisionOf(index, run),
    ...changed,
    counts: countsOf(catalogue, rows, events),
    ...(form !== index?.badges && { badges: form }),
    ...(notices.length > 0 && { notices }),
    ...notified,
    ...(feeds !== undefined && { feeds }),
  };
  const next = withIndex(index, added);
  await store.writeDocument(INDEX_PATH, next);
  await store.writeDocument(runPath(run), added);
  const about = { catalogue, rows, index: next, added };
  let shown = shownFiles(context, { ...about, isTorn });
  const isApplied = !isTorn && (await applyRun(context, { index, added, told, shown, rows }));
  if (!isApplied) {
    shown = shownFiles(context, { ...about, isTorn: true });
    await rebuildHistory(context, shown.write);
  }
  await shown.writeOfArchive();
  return next;
}

/** The run's start; if the run has published before, the time of this publication. */
async function freeName(context: StageContext, number: number): Promise<string> {
  let name = context.runStart;
  for (let at = context.now().getTime(); ; at += 1) {
    const there = await readOrNull<RunHistory>(context, runPath(name));
    // One of the same number was cut off, and is written again.
    if (there === null || there.number === number) return name;
    name = new Date(at).toISOString();
  }
}

/** Feeds and badges. */
function shownFiles(
  context: StageContext,
  about: Parameters<typeof badgeFiles>[1] & Parameters<typeof feedFiles>[1],
): DatasetFiles {
  const [feeds, badges] = [feedFiles(context, about), badgeFiles(context, about)];
  return {
    ids: new Set([...feeds.ids, ...badges.ids]),
    needsStrips: feeds.needsStrips,
    async write(id, strips, writer) {
      await feeds.write(id, strips, writer);
      await badges.write(id, strips, writer);
    },
    async writeOfArchive() {
      await feeds.writeOfArchive();
      await badges.writeOfArchive();
    },
  };
}

interface Applied {
  /** As it was before the run. */
  readonly index: HistoryIndex | null;
  readonly added: RunHistory;
  readonly told: Notices | null;
  readonly shown: DatasetFiles;
  readonly rows: readonly Row[];
}

/** @returns false if something is missing that earlier runs must have written */
async function applyRun(
  context: StageContext,
  { index, added, told, shown, rows }: Applied,
): Promise<boolean> {
  const { store } = context;
  const said = byDataset(added);
  const months = index?.months ?? [];
  const month = monthOf(added.run);
  const aged = isNewMonth(months, month)
    ? await agedBetween(context, firstMinute(months.at(-1) as string), firstMinute(month))
    : new Set<string>();
  let isWhole = true;
  const ids = aged.union(said).union(new Set(shown.ids));
  await ofEachDataset(context, ids, rows.length, async (id, writer) => {
    const run = said.get(id);
    const isOther = run !== undefined || aged.has(id);
    const isRead = index !== null && (isOther || shown.needsStrips);
    const read = isRead ? await readOrNull<Strips>(context, stripsPath(id)) : null;
    const before = read && aged.has(id) ? inMonth(read, month) : read;
    if (isOther && before === null && !(run && isBegun(run))) isWhole = false;
    const after = run ? withRun(before, id, run) : before;
    if (isOther && after !== null) await writer.writeDocument(stripsPath(id), after);
    await shown.write(id, after, writer);
  });
  const ofArchive = derivedOf(context.archive).map(async ({ pathOf, after }) => {
    const path = pathOf(added.run);
    const isThere = months.some((month) => pathOf(month) === path);
    const read = () => (path === NOTICES_PATH ? told : readOrNull<object>(context, path));
    const before = isThere ? await read() : null;
    if (isThere && before === null) isWhole = false;
    return [path, after(before, added)] as const;
  });
  const documents = await Promise.all(ofArchive);
  if (!isWhole) return false;
  for (const [path, document] of documents) {
    if (document !== null) await store.writeDocument(path, document);
  }
  return true;
}

/** What was told before a run; null if none came before it. */
async function readNotices(
  context: StageContext,
  index: HistoryIndex | null,
): Promise<Notices | null> {
  if (index === null) return null;
  const kept = await readOrNull<Notices>(context, NOTICES_PATH);
  return kept?.number === index.runs ? kept : (await rebuildPast(context, index.runs + 1)).notices;
}

/** The newest measurement that the rows show; null if none was made. */
export function newestOf(rows: readonly Row[]): string | null {
  let newest: string | null = null;
  for (const { checks } of rows) {
    for (const { at } of Object.values(checks)) {
      if (at !== null && (newest === null || isLater(at, newest))) newest = at;
    }
  }
  return newest;
}

/** The oldest rules of the rows; null if they have no number. */
export function oldestRules(rows: readonly Row[]): number | null {
  return rows.length === 0
    ? null
    : rows.reduce(
        (least, { rulesVersion }) => Math.min(least, rulesVersion ?? 0),
        Number.MAX_SAFE_INTEGER,
      ) || null;
}
