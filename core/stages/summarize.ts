// Stage 4: what is published. Reads the registry and every record; writes the manifests,
// all-datasets.json and its forms for the page (compact, names, plain HTML), and status.json; or
// holds all but the last back (checks.md sections 6 and 7).

import { compactSummary, namesOf } from '../model/compact.ts';
import type { Metadata, Registry, RunStatus, Summary, SummaryRow } from '../model/documents.ts';
import { recordOf } from '../model/json.ts';
import {
  metadataPath,
  NAMES_PATH,
  PLAIN_PATH,
  STATUS_PATH,
  SUMMARY_PATH,
  TIMESTAMPS_PATHS,
} from '../model/paths.ts';
import { plainPage } from '../model/plain-page.ts';
import type { CheckRecord } from '../model/records.ts';
import { type Check, NAME_CHECKS, SCHEMA_VERSION } from '../model/vocabulary.ts';
import { archiveLink } from '../openneuro/links.ts';
import { holdReasons } from '../openneuro/rules/publish.ts';
import { summarizeDataset } from '../openneuro/rules/summary.ts';
import { madeChecks, type StageContext, type StageReport } from './context.ts';
import { readOrNull } from './frame.ts';
import { type CheckRecords, openKnown } from './known.ts';

export interface SummarizeResult {
  readonly outcome: 'published' | 'held';
  readonly why: readonly string[];
  /** As it would be, or was, published. */
  readonly summary: Summary;
  readonly report: StageReport;
}

/** Makes the summary from the records and publishes it, unless the rules hold it back. */
export async function summarize(
  context: StageContext,
  registry: Registry,
): Promise<SummarizeResult> {
  const { store, progress } = context;
  const ids = Object.keys(registry.latestSnapshots);
  progress.start('summarize', ids.length);
  const records = await allRecords(context);
  const known = await openKnown(context, registry);
  const rows: SummaryRow[] = [];
  const made = madeChecks(context.options);
  const checkedAt = new Map<Check, [string, string][]>(made.map((check) => [check, []]));

  for (const id of ids) {
    const own = records.get(id);
    // A tree of an older system has documents and no records.
    const complete = own !== undefined && NAME_CHECKS.every((check) => own[check] !== undefined);
    const found = complete ? own : { ...(await known.derived(id)), ...own };
    const merged = only(found, made);
    const latest = registry.latestSnapshots[id] as string;
    const metadata = await readOrNull<Metadata>(context, metadataPath(id, latest));
    const entry = {
      latest,
      name: registry.names[id] ?? null,
      latestDate: metadata?.created ?? null,
    };
    rows.push(summarizeDataset(id, entry, merged));
    for (const [check, times] of checkedAt) {
      const at = merged[check]?.checkedAt;
      if (at != null) times.push([id, at]);
    }
    progress.step('summarize', id, true);
  }

  const now = context.now().toISOString();
  const summary: Summary = { schemaVersion: SCHEMA_VERSION, lastUpdated: now, datasets: rows };
  const published = await readOrNull<Summary>(context, SUMMARY_PATH);
  const why = context.options.publishAnyway
    ? []
    : holdReasons({ previous: published?.datasets ?? null, next: rows });
  const outcome = why.length === 0 ? 'published' : 'held';
  if (outcome === 'published') {
    for (const [check, times] of checkedAt) {
      await store.writeDocument(TIMESTAMPS_PATHS[check], recordOf(times));
    }
    await store.writeDocument(SUMMARY_PATH, summary);
    for (const [name, part] of compactSummary(summary)) await store.writeDocument(name, part);
    await store.writeDocument(NAMES_PATH, namesOf(summary));
  }
  const shown = outcome === 'published' ? summary : published;
  const status = runStatus(context, outcome, why, shown?.lastUpdated ?? null, rows);
  await writeStatus(context, status, shown);
  progress.end('summarize');

  const report: StageReport = {
    stage: 'summarize',
    total: ids.length,
    done: ids.length,
    skipped: 0,
    failed: [],
    notes: why,
  };
  return { outcome, why, summary, report };
}

/** For the banner, when a run could not go on: what is published stays. */
export async function writeFailedStatus(
  context: StageContext,
  why: readonly string[],
): Promise<void> {
  const published = await readOrNull<Summary>(context, SUMMARY_PATH);
  const status = runStatus(
    context,
    'failed',
    why,
    published?.lastUpdated ?? null,
    published?.datasets ?? [],
  );
  await writeStatus(context, status, published);
}

/** The banner's document, and the same in the page without scripts. */
async function writeStatus(
  { store }: StageContext,
  status: RunStatus,
  summary: Summary | null,
): Promise<void> {
  await store.writeDocument(STATUS_PATH, status);
  if (summary) await store.writePage(PLAIN_PATH, plainPage({ summary, status, link: archiveLink }));
}

async function allRecords(context: StageContext): Promise<Map<string, CheckRecords>> {
  const records = new Map<string, { [C in Check]?: CheckRecord }>();
  for await (const record of context.store.listRecords()) {
    const own = records.get(record.dataset) ?? {};
    own[record.check] = record;
    records.set(record.dataset, own);
  }
  return records;
}

function runStatus(
  context: StageContext,
  outcome: RunStatus['lastRun']['outcome'],
  why: readonly string[],
  publishedAt: string | null,
  rows: readonly SummaryRow[],
): RunStatus {
  const now = context.now();
  const seconds = (now.getTime() - Date.parse(context.runStart)) / 1000;
  return {
    schemaVersion: SCHEMA_VERSION,
    lastRun: {
      id: context.runStart,
      startedAt: context.runStart,
      finishedAt: now.toISOString(),
      outcome,
      why: [...why],
      durationSeconds: Math.max(0, Math.round(seconds)),
    },
    publishedAt,
    datasets: rows.length,
    covered: rows.filter((row) => isCovered(context, row)).length,
    unverified: rows.filter((row) => row.unverified !== null).length,
  };
}

/** Without the records of checks that are switched off: what they found is not known to hold still. */
function only(records: CheckRecords, checks: readonly Check[]): CheckRecords {
  return Object.fromEntries(checks.map((check) => [check, records[check]]));
}

/** Every check was measured well in this run. */
function isCovered({ runStart, options }: StageContext, row: SummaryRow): boolean {
  return (
    row.unverified === null &&
    madeChecks(options).every((check) => {
      const at = row.lastChecked?.[check];
      return at != null && Date.parse(at) >= Date.parse(runStart);
    })
  );
}
