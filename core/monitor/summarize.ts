// The last stage. Makes the rows (summary-rows.ts) and compares them with those published; writes
// the address book with its schemas, the manifests, all-datasets.json and its forms for the page (compact, names, plain HTML), and
// status.json. If it holds publishing, it writes status.json only (docs/checks.md#summary and
// #unverified).

import { compareBytes } from '../compare/byte-order.ts';
import { catalogueOf } from '../documents/catalogue.ts';
import { compactSummary, namesOf } from '../documents/compact-write.ts';
import type { Registry } from '../documents/documents.ts';
import { NAMES_PATH, SUMMARY_PATH, timesPath } from '../documents/paths.ts';
import { encodeSummary, encodeTimestamps } from '../documents/pieces.ts';
import type { Row, Rows } from '../documents/rows.ts';
import { rulesNote } from '../documents/sentences.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import { overtaken, readBefore, recordHistory } from '../history/record-run.ts';
import { type Before, withSince } from '../history/since.ts';
import { NO_FEEDS } from '../history/write-feeds.ts';
import { LAST_STAGE, type SecondLook } from './archive.ts';
import { checkOf } from './check.ts';
import { madeChecks, type StageContext, type StageReport } from './context.ts';
import { countOtherRules, type HoldInput, holdReasons } from './hold.ts';
import { withKeptEntry } from './make-row.ts';
import { readPublished, readPublishedSummary } from './published-summary.ts';
import { registryFaults, runStatus, writeStatus } from './run-status.ts';
import { makeRows } from './summary-rows.ts';
import { type Pruned, pruneWithdrawn } from './withdrawn.ts';
import { writeAddresses } from './write-addresses.ts';

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
  const published = await readPublished(context);
  const before = await readBefore(context, published?.summary ?? null);
  const kept = measured.map((row) => withKeptEntry(catalogue, row, registry.unverified[row.id]));
  const rows = withSince(kept, before);

  const lastUpdated = context.now().toISOString();
  const { runStart: run } = context;
  let summary: Rows = { schemaVersion: SCHEMA_VERSION, lastUpdated, run, datasets: rows };
  const secondReading = (await context.archive.secondLook?.(context, measured)) ?? null;
  const compared = { previous: published?.rows ?? null, next: measured };
  const held = reasonsToHold(context, compared, secondReading, before);
  const rulesChanged = countOtherRules(compared);
  const outcome = held.length === 0 ? 'published' : 'held';
  const why = [...held, ...registryFaults(context, registry)];
  if (outcome === 'published') {
    await writeAddresses(context);
    const inOrder = rows.toSorted((a, b) => compareBytes(a.id, b.id));
    const history = await recordHistory(context, { catalogue, rows: inOrder, ...before });
    summary = { ...summary, publication: history.runs };
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
      ...(outcome === 'published' && before.index === null && !context.options.siteUrl
        ? [NO_FEEDS]
        : []),
    ],
  };
  const { covered } = status;
  return { outcome, why, rulesChanged, secondReading, summary, covered, pruned, report };
}

function reasonsToHold(
  { options, runStart, now }: StageContext,
  compared: HoldInput,
  secondReading: SecondLook | null,
  { previous }: Before,
): readonly string[] {
  // Not even --publish-anyway: the history would go back in time.
  const newer = overtaken(previous, { runStart, now });
  if (newer !== null) return [newer];
  if (options.publishAnyway) return [];
  return [...holdReasons(compared), ...(secondReading?.disagreements ?? []).map(asReason)];
}

const asReason = (disagreement: string) =>
  `${disagreement}: one of them is wrong, so nothing is published.`;

function* timesOf(
  rows: readonly Row[],
  check: string,
): Generator<readonly [id: string, at: string]> {
  for (const { id, checks } of rows) {
    const at = checks[check]?.at;
    if (at != null) yield [id, at];
  }
}
