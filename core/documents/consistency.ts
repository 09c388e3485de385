// Checks that a schema cannot make: whether the fields of a document agree with each other. Only
// documents of today's schema have verdicts; for older ones only lists and counts are checked.

import { compareBytes } from '../compare/byte-order.ts';
import { type CheckDefinition, type Found, nameOf } from '../monitor/check.ts';
import { type KeptDocument, verdictOf } from '../monitor/verdict.ts';
import { isLasting, type Shown } from './catalogue.ts';
import type { CompactSummary } from './compact.ts';
import { readCompact } from './compact-read.ts';
import type { Registry, RunStatus } from './documents.ts';
import type { Issue } from './json.ts';
import { type CheckRow, type Row, readSummary, type SummaryLayout } from './rows.ts';
import { type Status, worst } from './vocabulary.ts';

/** Called with each disagreement. */
export type Report = (field: string, message: string) => void;

/** Runs the checks of one document and returns what they found. */
export function collect(check: (report: Report) => void): Issue[] {
  const issues: Issue[] = [];
  check((field, message) => issues.push({ field, message }));
  return issues;
}

export function checkRegistry(registry: Registry, report: Report): void {
  const listed = Object.keys(registry.latestSnapshots);
  if (registry.totalCount !== listed.length) {
    report('totalCount', `is ${registry.totalCount}, and there are ${listed.length} entries`);
  }
  for (const id of Object.keys(registry.skipped)) {
    if (Object.hasOwn(registry.latestSnapshots, id)) report(`skipped.${id}`, 'is not skipped');
  }
  for (const field of ['gone', 'withdrawn'] as const) {
    for (const [i, { id }] of (registry[field] ?? []).entries()) {
      if (Object.hasOwn(registry.latestSnapshots, id)) report(`${field}.${i}`, `${id} is listed`);
    }
  }
  const gone = new Set(registry.gone?.map(({ id }) => id));
  for (const [i, { id }] of (registry.withdrawn ?? []).entries()) {
    if (gone.has(id)) report(`withdrawn.${i}`, `${id} is in gone as well`);
  }
  for (const field of ['names', 'unverified'] as const) {
    for (const id of Object.keys(registry[field])) {
      if (!Object.hasOwn(registry.latestSnapshots, id)) {
        report(`${field}.${id}`, 'is about a dataset that is not listed');
      }
    }
  }
}

export function checkCompact(
  archive: Pick<Shown, 'checks'>,
  compact: CompactSummary,
  report: Report,
): void {
  const ids = compact.columns.id;
  try {
    const { row } = readCompact(archive, compact);
    for (const place of ids.keys()) row(place);
  } catch (cause) {
    report('columns', cause instanceof Error ? cause.message : String(cause));
  }
  if (compact.total < ids.length) {
    report('total', `is ${compact.total}, and there are ${ids.length} rows`);
  }
  checkOrder('columns.id', ids, report);
}

/** The part of an archive that its summary depends on. */
export interface Summarized extends Shown {
  readonly summary?: SummaryLayout;
  readonly rules: number;
  readonly documents: { rowAgrees?(row: object, report: Report): void };
}

/** @param summary in the archive's layout */
export function checkSummary(
  summary: { readonly datasets: readonly object[] },
  judged: boolean,
  report: Report,
  archive: Summarized,
): void {
  const { datasets: rows } = readSummary(summary, archive.summary);
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    if (before && compareBytes(before.id, row.id) >= 0) {
      report(`datasets.${i}.id`, `${row.id} is out of order or stands twice`);
    }
    const ofRow: Report = (field, message) => report(`datasets.${row.id}.${field}`, message);
    archive.documents.rowAgrees?.(summary.datasets[i] as object, ofRow);
    // Older summaries ranked pending above error and gave the newest time (docs/checks.md#summary).
    if (judged && row.rulesVersion === archive.rules) checkRow(row, archive.checks, ofRow);
  });
}

function checkRow(row: Row, checks: readonly CheckDefinition[], report: Report): void {
  const own = Object.values(row.checks);
  const status = worst(own.map((check) => check.status));
  if (row.status !== status) report('status', `is ${row.status}; the checks say ${status}`);
  for (const check of checks) {
    const made = row.checks[check.id];
    if (made) checkSubtype(made, row.pending !== null, check, report);
  }
  const measured = checks.flatMap((check) => {
    const at = isLasting(check) ? null : row.checks[check.id]?.at;
    return at == null ? [] : [Date.parse(at)];
  });
  const oldest = measured.length === 0 ? null : Math.min(...measured);
  const told = row.checkedAt === null ? null : Date.parse(row.checkedAt);
  if (told !== oldest) report('checkedAt', `is ${row.checkedAt}, not the oldest of lastChecked`);
  for (const [id, { subtype, findings }] of Object.entries(row.checks)) {
    const [first = subtype] = findings;
    if (first !== subtype) {
      report('findings', `of ${id} begin with ${first}, and the subtype is ${subtype}`);
    }
  }
}

/**
 * A subtype has one status. Without a subtype a check is ok, pending, or as bad as its reason to
 * compare nothing.
 */
function checkSubtype(
  { status, subtype, notCompared }: CheckRow,
  waits: boolean,
  { id, findings, reasons }: CheckDefinition,
  report: Report,
): void {
  const severity = notCompared === null ? undefined : reasons?.[notCompared]?.severity;
  const without: readonly Status[] =
    severity === undefined ? ['ok', 'pending'] : waits ? [severity, 'pending'] : [severity];
  const allowed: readonly (Status | undefined)[] =
    subtype === null ? without : [findings[subtype]?.severity];
  if (!allowed.includes(status)) report(`checks.${id}`, `is ${status} with subtype ${subtype}`);
}

export function checkStatus(status: RunStatus, report: Report): void {
  const { lastRun, publishedAt } = status;
  if (lastRun.outcome === 'published' && publishedAt === null) report('publishedAt', 'is missing');
  if (Date.parse(lastRun.finishedAt) < Date.parse(lastRun.startedAt)) {
    report('lastRun.finishedAt', 'is before startedAt');
  }
  for (const field of ['covered', 'unverified'] as const) {
    if (status[field] > status.datasets) report(field, `is more than ${status.datasets} datasets`);
  }
}

/**
 * Checks for strictly rising UTF-8 bytes. A name that is not UTF-8 lost bytes, so it is skipped.
 */
export function checkOrder(field: string, paths: readonly string[], report: Report): void {
  for (let i = 1; i < paths.length; i += 1) {
    const [before, path] = [paths[i - 1] ?? '', paths[i] ?? ''];
    if (before === FOLDER_MARKER || before.includes('\u{fffd}') || path.includes('\u{fffd}'))
      continue;
    if (compareBytes(before, path) < 0) continue;
    report(`${field}.${i}`, 'is out of order or stands twice');
    return;
  }
}

/** The shown form of the dataset's own folder marker, an empty key; always first. */
const FOLDER_MARKER = './';

/** A document that names a dataset must be in that dataset's folder. */
export function checkOwner(document: unknown, dataset: string | null, report: Report): void {
  const { datasetId } = document as { readonly datasetId?: string };
  if (datasetId !== undefined && datasetId !== dataset) report('datasetId', `is ${datasetId}`);
}

/** Checks for a strictly rising order; a path that is not UTF-8 lost bytes, so it is skipped. */
export function checkPaths<T>(
  field: string,
  items: readonly T[],
  nameOf: (item: T) => string,
  report: Report,
): void {
  for (let i = 1; i < items.length; i += 1) {
    const [before, name] = [nameOf(items[i - 1] as T), nameOf(items[i] as T)];
    if (before.includes('\u{fffd}') || name.includes('\u{fffd}')) continue;
    if (compareBytes(before, name) < 0) continue;
    report(`${field}.${i}`, 'is out of order or stands twice');
    return;
  }
}

/**
 * Checks that a check's document agrees with its own evidence, by the check's own rules.
 * @param entry what the registry said when the document was judged; null if unknown
 */
export function checkVerdict(
  check: CheckDefinition,
  document: KeptDocument,
  entry: unknown,
  report: Report,
): void {
  const judged = check.judge(document, entry);
  const open = entry === null ? (check.byEntry?.(document) ?? []) : [];
  const found = (document.findings ?? assumed(document, judged, open)).map(nameOf);
  if (document.findings !== undefined)
    checkFindings(check, document.findings, judged, open, report);

  const { notCompared = null, pending = null } = document;
  const reason = found.length > 0 ? null : check.reasonOf?.(document);
  if (reason !== undefined && notCompared !== reason) {
    report('notCompared', `is ${notCompared}; the evidence says ${reason}`);
  }
  const seen = { found, notCompared, evidence: document };
  const verdict = verdictOf(check, seen, pending?.until ?? null);
  if (pending !== null && verdict.pending === null) {
    report('pending', 'is there, and nothing waits');
    return;
  }
  for (const field of ['status', 'subtype'] as const) {
    if (document[field] === verdict[field]) continue;
    report(field, `is ${document[field]}; the findings say ${verdict[field]}`);
  }
}

function checkFindings(
  { findings }: CheckDefinition,
  told: readonly Found[],
  judged: readonly Found[],
  open: readonly string[],
  report: Report,
): void {
  const ranks = Object.keys(findings);
  const rankOf = (one: Found | undefined) => (one ? ranks.indexOf(nameOf(one)) : -1);
  const wrong = told.findIndex((one, i) => rankOf(told[i - 1]) >= rankOf(one));
  if (wrong >= 0) {
    report(`findings.${wrong}`, `${nameOf(told[wrong] as Found)} is out of rank`);
    return;
  }
  const certain = (all: readonly Found[]) => all.filter((one) => !open.includes(nameOf(one)));
  if (JSON.stringify(certain(told)) === JSON.stringify(certain(judged))) return;
  const show = (all: readonly Found[]) => certain(all).map(nameOf).join(', ') || 'none';
  report('findings', `are ${show(told)}; the evidence says ${show(judged)}`);
}

/**
 * For an older document without findings: its subtype counts as found if the evidence does not
 * decide it.
 */
const assumed = (
  { subtype }: KeptDocument,
  judged: readonly Found[],
  open: readonly string[],
): readonly Found[] => (subtype !== null && open.includes(subtype) ? [subtype, ...judged] : judged);
