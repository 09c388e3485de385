// The last stage. Reads the registry and every record; writes the manifests, all-datasets.json and
// its forms for the page (compact, names, plain HTML), and status.json. If it holds publishing, it
// writes status.json only (docs/checks.md#summary and #unverified).

import { compareBytes } from '../compare/byte-order.ts';
import { catalogueOf } from '../documents/catalogue.ts';
import { compactSummary, namesOf } from '../documents/compact-write.ts';
import {
  MOST_SENTENCES,
  MOST_TEXT,
  type Registry,
  type RunStatus,
} from '../documents/documents.ts';
import {
  NAMES_PATH,
  PLAIN_PATH,
  REGISTRY_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
  timesPath,
} from '../documents/paths.ts';
import { encodeSummary, encodeTimestamps } from '../documents/pieces.ts';
import { plainPage } from '../documents/plain-page.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { Row, Rows } from '../documents/rows.ts';
import { rulesNote } from '../documents/sentences.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import { LAST_STAGE, type SecondLook } from './archive.ts';
import { checkOf } from './check.ts';
import { madeChecks, type StageContext, type StageReport } from './context.ts';
import { inParallel, readOrNull } from './frame.ts';
import { stillHolds } from './good-for.ts';
import {
  countOtherRules,
  holdReasons,
  isUnverified,
  REGISTRY_DAYS,
  registryFault,
} from './hold.ts';
import { openLastRecords, type Records } from './last-records.ts';
import { makeRow, withKeptEntry } from './make-row.ts';
import { readPublished, readPublishedSummary } from './published-summary.ts';
import { type Pruned, pruneWithdrawn } from './withdrawn.ts';

export interface SummarizeResult {
  readonly outcome: 'published' | 'held';
  /** Why it was held; otherwise what a person must look at. */
  readonly why: readonly string[];
  /** Datasets judged by other rules than in the summary published before. */
  readonly rulesChanged: number;
  /** Result of the second look; null if there was none. */
  readonly secondReading: SecondLook | null;
  /** As it would be, or was, published. */
  readonly summary: Rows;
  /** Datasets of which every check was measured well in this run, or still holds. */
  readonly covered: number;
  /** What was removed of withdrawn datasets. */
  readonly pruned: readonly Pruned[];
  readonly report: StageReport;
}

/** Makes the summary from the records and publishes it, unless the rules hold it. */
export async function summarize(
  context: StageContext,
  registry: Registry,
): Promise<SummarizeResult> {
  const { store, progress } = context;
  const ids = Object.keys(registry.latestSnapshots);
  progress.start(LAST_STAGE, ids.length);
  const catalogue = catalogueOf(context.archive);
  const recorded = new Set<string>();
  const measured = await makeRows(context, registry, ids, recorded);
  const rows = measured.map((row) => withKeptEntry(catalogue, row, registry.unverified[row.id]));

  const now = context.now().toISOString();
  const summary: Rows = { schemaVersion: SCHEMA_VERSION, lastUpdated: now, datasets: rows };
  const secondReading = (await context.archive.secondLook?.(context, measured)) ?? null;
  const { held, rulesChanged } = await compareWithPublished(context, measured, secondReading);
  const outcome = held.length === 0 ? 'published' : 'held';
  const why = [...held, ...registryFaults(context, registry)];
  if (outcome === 'published') {
    const inOrder = rows.toSorted((a, b) => compareBytes(a.id, b.id));
    for (const check of madeChecks(context)) {
      const pieces = () => encodeTimestamps(timesOf(inOrder, check));
      await store.writePieces(timesPath(checkOf(context.archive, check)), pieces);
    }
    await store.writePieces(SUMMARY_PATH, () => encodeSummary(summary, context.archive.summary));
    for (const [name, part] of compactSummary(catalogue, summary))
      await store.writeDocument(name, part);
    await store.writeDocument(NAMES_PATH, namesOf(summary));
  }
  // The summary no longer leads to them, and the status does not yet say that all is done.
  const pruned =
    outcome === 'published' ? await pruneWithdrawn(store, registry, recorded, new Set(ids)) : [];
  const shown = outcome === 'published' ? summary : await readPublishedSummary(context);
  const status = runStatus(context, outcome, why, shown?.lastUpdated ?? null, rows, registry);
  if (rulesChanged > 0) status.lastRun.rulesChanged = rulesChanged;
  await writeStatus(context, status, shown);
  progress.end(LAST_STAGE);

  const report: StageReport = {
    stage: LAST_STAGE,
    total: ids.length,
    done: ids.length,
    skipped: 0,
    failed: [],
    notes: [
      ...why,
      ...(rulesChanged > 0 ? [rulesNote(rulesChanged)] : []),
      ...(secondReading?.note != null ? [secondReading.note] : []),
    ],
  };
  const { covered } = status;
  return { outcome, why, rulesChanged, secondReading, summary, covered, pruned, report };
}

/** Undefined if the archive has none. */
async function readChecksOfArchive({
  archive,
  store,
}: StageContext): Promise<RunStatus['checks'] | undefined> {
  const checks: NonNullable<RunStatus['checks']> = {};
  if (archive.wholeChecks === undefined) return undefined;
  const session = await store.open(archive.id);
  for (const { id: check } of archive.wholeChecks) {
    const record = session.record(check);
    if (record === undefined) continue;
    const { status, findings, checkedAt: at, lastAttempt } = record;
    checks[check] = { status, findings: [...findings], at, lastAttempt };
  }
  return Object.keys(checks).length > 0 ? checks : undefined;
}

/** Writes the large documents and releases them from memory. */
async function compareWithPublished(
  context: StageContext,
  next: readonly Row[],
  secondReading: SecondLook | null,
): Promise<{ readonly held: readonly string[]; readonly rulesChanged: number }> {
  const previous = (await readPublished(context))?.rows ?? null;
  const held = context.options.publishAnyway
    ? []
    : [...holdReasons({ previous, next }), ...(secondReading?.disagreements ?? []).map(asReason)];
  return { held, rulesChanged: countOtherRules({ previous, next }) };
}

const asReason = (disagreement: string) =>
  `${disagreement}: one of them is wrong, so nothing is published.`;

/** For the banner, if a run could not continue: the published results stay. */
export async function writeFailedStatus(
  context: StageContext,
  why: readonly string[],
): Promise<void> {
  const published = await readPublishedSummary(context);
  const status = runStatus(
    context,
    'failed',
    why,
    published?.lastUpdated ?? null,
    published?.datasets ?? [],
    await readOrNull<Registry>(context, REGISTRY_PATH),
  );
  await writeStatus(context, status, published);
}

/** Writes status.json, which the banner shows, and the plain page with the same text. */
async function writeStatus(
  context: StageContext,
  status: RunStatus,
  summary: Rows | null,
): Promise<void> {
  const { archive, store, about } = context;
  const checks = await readChecksOfArchive(context);
  if (checks) status.checks = checks;
  await store.writeDocument(STATUS_PATH, status);
  const link = (id: string) => archive.link('archive', about, id);
  if (summary)
    await store.writePage(
      PLAIN_PATH,
      plainPage({ catalogue: catalogueOf(archive), summary, status, link }),
    );
}

/**
 * Rows in the order of the ids. A dataset's records are released after all its checks were seen.
 * @param recorded gets the ids of all datasets that have records
 */
async function makeRows(
  context: StageContext,
  registry: Registry,
  ids: readonly string[],
  recorded: Set<string>,
): Promise<Row[]> {
  const catalogue = catalogueOf(context.archive);
  const wanted = new Map<string, Row | null>(ids.map((id) => [id, null]));
  const dates = await versionDates(context, registry, ids);
  const rowOf = (id: string, records: Records): Row => {
    const latest = registry.latestSnapshots[id] ?? null;
    const name = registry.names[id] ?? null;
    const latestDate = dates.get(id) ?? null;
    const row = makeRow(catalogue, id, { latest, name, latestDate }, records);
    context.progress.step(LAST_STAGE, id, true);
    return row;
  };

  const incomplete = new Map<string, Record<string, CheckRecord>>();
  const made = madeChecks(context);
  for await (const record of context.store.listRecords()) {
    const id = record.dataset;
    recorded.add(id);
    // The check is switched off, so it is unknown whether its findings still hold.
    if (!made.includes(record.check)) continue;
    // The registry no longer has the dataset, or its record came twice.
    if (wanted.get(id) !== null) continue;
    const own = incomplete.get(id) ?? {};
    own[record.check] = record;
    if (made.every((check) => own[check] !== undefined)) {
      incomplete.delete(id);
      wanted.set(id, rowOf(id, own));
    } else incomplete.set(id, own);
  }

  const known = openLastRecords(context, registry);
  const others = ids.filter((id) => wanted.get(id) === null);
  await inParallel(context.options.concurrency, others, context.signal, async (id) => {
    // A legacy tree has documents and no records.
    const derived = only(await known.derived(id), made);
    wanted.set(id, rowOf(id, { ...derived, ...incomplete.get(id) }));
  });
  context.signal.throwIfAborted();
  return [...wanted.values()] as Row[];
}

/** When the latest versions were created; those that the registry's document lacks are read. */
async function versionDates(
  context: StageContext,
  { latestSnapshots, versionDates = {} }: Registry,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const dates = new Map<string, string | null>();
  const read = context.archive.versionDate;
  await inParallel(context.options.concurrency, ids, context.signal, async (id) => {
    const latest = latestSnapshots[id] ?? null;
    if (latest === null) return;
    dates.set(id, versionDates[id] ?? (await read?.(context, id, latest)) ?? null);
  });
  context.signal.throwIfAborted();
  return dates;
}

function* timesOf(
  rows: readonly Row[],
  check: string,
): Generator<readonly [id: string, at: string]> {
  for (const { id, checks } of rows) {
    const at = checks[check]?.at;
    if (at != null) yield [id, at];
  }
}

function runStatus(
  context: StageContext,
  outcome: RunStatus['lastRun']['outcome'],
  why: readonly string[],
  publishedAt: string | null,
  rows: readonly Row[],
  registry: Registry | null,
): RunStatus {
  const started = Date.parse(context.runStart);
  // A clock may be set back during a run.
  const finished = Math.max(context.now().getTime(), started);
  return {
    schemaVersion: SCHEMA_VERSION,
    lastRun: {
      id: context.runStart,
      startedAt: context.runStart,
      finishedAt: new Date(finished).toISOString(),
      outcome,
      why: bounded(why),
      durationSeconds: Math.round((finished - started) / 1000),
    },
    publishedAt,
    datasets: rows.length,
    covered: rows.filter((row) => isCovered(context, row)).length,
    unverified: rows.filter(isUnverified).length,
    archive: context.about,
    ...(registry && {
      registry: { readAt: registry.lastChecked, lastAttempt: registry.lastAttempt },
    }),
  };
}

/** As much as status.json takes; the run's record and the log have all of it. */
function bounded(why: readonly string[]): string[] {
  const cut = why.map((text) =>
    text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text,
  );
  if (cut.length <= MOST_SENTENCES) return cut;
  const others = cut.length - (MOST_SENTENCES - 1);
  return [...cut.slice(0, MOST_SENTENCES - 1), `And ${others} more.`];
}

/** What a person must look at, published or not. */
export function registryFaults(
  context: Pick<StageContext, 'now' | 'options'>,
  registry: Registry,
): readonly string[] {
  const { registryDays = REGISTRY_DAYS } = context.options;
  const fault = registryFault(registry, registryDays, context.now());
  return fault === null ? [] : [fault];
}

/** The records of these checks only. */
function only(records: Records, checks: readonly string[]): Records {
  return Object.fromEntries(checks.map((check) => [check, records[check]]));
}

/** Whether every check was measured well in this run, or still holds. */
function isCovered(context: StageContext, row: Row): boolean {
  return (
    !isUnverified(row) &&
    madeChecks(context).every((id) => {
      const at = row.checks[id]?.at ?? null;
      const isOfRun = at !== null && Date.parse(at) >= Date.parse(context.runStart);
      return isOfRun || stillHolds(checkOf(context.archive, id), row.id, at, context.runStart);
    })
  );
}
