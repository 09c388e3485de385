// Last step of a run. Unreported datasets become unverified, the summary is
// published or held, the run is recorded, and the lock is released.

import { clockAheadNote } from '../../core/clock-ahead.ts';
import { countStatuses } from '../../core/documents/counts.ts';
import type { Registry, RunStatus } from '../../core/documents/documents.ts';
import { checkPath, REGISTRY_PATH, STATUS_PATH } from '../../core/documents/paths.ts';
import type { RunRecord, RunTotals } from '../../core/documents/records.ts';
import type { Row, Rows } from '../../core/documents/rows.ts';
import { notify } from '../../core/history/notify.ts';
import { type Archive, LAST_STAGE } from '../../core/monitor/archive.ts';
import { madeBy, type Stage, type StageContext } from '../../core/monitor/context.ts';
import { discardedResults, readOrNull, thrownAwayNote } from '../../core/monitor/frame.ts';
import { isUnverified } from '../../core/monitor/hold.ts';
import { recordUnreported, type Unreported } from '../../core/monitor/record-unreported.ts';
import { registryFaults, writeFailedStatus } from '../../core/monitor/run-status.ts';
import { summarize } from '../../core/monitor/summarize.ts';
import { countOf, noTraffic } from '../../core/traffic.ts';
import { siteFault } from '../canary.ts';
import { isWhole, type Run, type SummarizeResult } from '../contract.ts';
import { METRICS } from '../names.ts';
import type { Findings } from '../problems.ts';
import { countDied, type Report, readReports } from '../run-files/reports.ts';
import { listShards, type Shard } from '../run-files/shards.ts';
import { closeRun, failureOf } from './close-run.ts';
import {
  coveredPercent,
  findingsOf,
  hoursSince,
  type Measured,
  oldestVerdict,
  type Work,
} from './findings.ts';
import { asksFor, keepLock, requestOf, stageContext, type Tools } from './tools.ts';

export async function summarizeStep(tools: Tools, run: Run): Promise<SummarizeResult> {
  await keepLock(tools, run);
  const context = stageContext(tools, run);
  const reports = await readReports(tools.store, run);
  const ended = await endOf(tools, run, context, reports);
  if (ended.outcome === 'published') await tools.store.listArchives();
  await closeRun(tools, run, recordOf(tools, run, ended), ended.findings);
  emitMetrics(tools, run, ended);
  await tools.store.releaseLock(run);
  return { run, outcome: ended.outcome, why: ended.why.join(' ') };
}

interface Ended {
  readonly outcome: SummarizeResult['outcome'];
  readonly why: readonly string[];
  readonly totals: RunTotals | null;
  /** When the registry was last read; null when it is not known. */
  readonly registryReadAt: string | null;
  readonly work?: Work;
  readonly result?: Measured;
  readonly findings: Findings;
}

async function endOf(
  tools: Tools,
  run: Run,
  context: StageContext,
  reports: readonly Report[],
): Promise<Ended> {
  const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
  if (!registry) {
    const why = 'The registry cannot be read.';
    await writeFailedStatus(context, [why]);
    const findings = failureOf(run, why);
    return { outcome: 'failed', why: [why], totals: null, registryReadAt: null, findings };
  }
  const registryReadAt = registry.lastChecked;

  const lost = await lostShards(tools, run, reports);
  const left = await recordUnreported(context, registry, await unreportedOf(context, lost));
  tools.signal.throwIfAborted();
  const died = await countDied(tools.store, run);
  const work = { died, shardsLost: lost.length };
  if (died + lost.length > 0) tools.log('error', 'functions died', { ...work, checks: left });
  const notes = notesOf(reports);
  for (const note of notes) tools.log('warn', 'of the run', { note });
  const { runEveryHours = Infinity, watchEveryHours = Infinity, sizedFor = Infinity } = tools;
  const nextReadingHours = Math.min(runEveryHours, watchEveryHours);
  const seen = { run, now: tools.now(), registry, nextReadingHours, sizedFor, reports, work };
  if (!asksFor(run, LAST_STAGE)) {
    const why = registryFaults(context, registry);
    return {
      outcome: 'checked',
      why,
      totals: null,
      registryReadAt,
      work,
      findings: findingsOf({ ...seen, result: null, totals: null }),
    };
  }
  const before = (await readOrNull<RunStatus>(context, STATUS_PATH))?.publishedAt ?? null;
  const result = await summarize(context, registry);
  const { outcome, why, rulesChanged, summary, pruned } = result;
  for (const { dataset, documents, records } of pruned) {
    const removed = { dataset, documents: documents.length, records };
    tools.log('warn', 'withdrawn dataset removed', removed);
  }
  const totals = {
    ...totalsOf(context.archive, summary.datasets, reports),
    ...(rulesChanged > 0 && { rulesChanged }),
    ...(notes.length > 0 && { notes }),
  };
  const isPublished = outcome === 'published';
  const { notifiers, digest } = tools.deployment;
  const untold = isPublished ? await notify(context, notifiers, digest) : undefined;
  const fault = isPublished ? await visitSite(tools, summary, before) : undefined;
  const findings = {
    ...findingsOf({ ...seen, result, totals }),
    SiteUnreachable: fault,
    ChangesUntold: untold && (untold.join(' ') || null),
  };
  return { outcome, why, totals, registryReadAt, work, result, findings };
}

/** @returns what a visitor of the site would miss; null if nothing */
function visitSite(
  { archive: { definition }, deployment: { visit, pause } }: Tools,
  { lastUpdated: at, datasets }: Rows,
  before: string | null,
): Promise<string | null> {
  const [check] = definition.checks;
  const id = datasets.find((row) => check && row.checks[check.id]?.at != null)?.id;
  const dataset = check && id ? { id, path: checkPath(check, id) } : null;
  return siteFault(visit, { at, before, total: datasets.length, dataset }, pause);
}

/** A note that several functions report appears once. */
function notesOf(reports: readonly Report[]): string[] {
  const lost = discardedResults(reports).size;
  const ahead = clockAheadNote(reports.map(({ fromFuture }) => fromFuture));
  return [...(lost > 0 ? [thrownAwayNote(lost)] : []), ...(ahead === null ? [] : [ahead])];
}

interface LostShard {
  readonly stage: Stage;
  /** It stopped in time and said so, or it was killed before that. */
  readonly reason: 'timeout' | 'internal';
  readonly read: () => Promise<Shard>;
}

/** Shards without a report of an invocation that tried everything. */
async function lostShards(
  { store, archive }: Tools,
  run: Run,
  reports: readonly Report[],
): Promise<LostShard[]> {
  const lost: LostShard[] = [];
  for (const { id: stage } of archive.definition.measurements) {
    if (!asksFor(run, stage)) continue;
    for (const { id, read } of await listShards(store, run, stage)) {
      const own = reports.filter((report) => report.stage === stage && report.shard === id);
      if (own.some(({ complete }) => complete)) continue;
      lost.push({ stage, reason: own.length > 0 ? 'timeout' : 'internal', read });
    }
  }
  return lost;
}

async function unreportedOf(
  context: StageContext,
  lost: readonly LostShard[],
): Promise<Unreported[]> {
  const unreported: Unreported[] = [];
  for (const { stage, reason, read } of lost) {
    const { datasets } = await read();
    for (const check of madeBy(context, stage)) unreported.push({ check, datasets, reason });
  }
  return unreported;
}

function totalsOf(
  { checks }: Archive,
  rows: readonly Row[],
  reports: readonly Report[],
): RunTotals {
  const traffic = noTraffic();
  for (const report of reports) {
    for (const [kind, { requests, retries, bytes }] of Object.entries(report.traffic)) {
      const count = countOf(traffic, kind);
      count.requests += requests;
      count.retries += retries;
      count.bytes += bytes;
    }
  }
  const ofCheck = (check: string) => countStatuses(rows.flatMap((row) => row.checks[check] ?? []));
  const unverified = rows.filter(isUnverified).map(({ id }) => id);
  return {
    datasets: rows.length,
    overall: countStatuses(rows),
    checks: Object.fromEntries(checks.map(({ id }) => [id, ofCheck(id)])),
    unverified: discardedResults(reports).union(new Set(unverified)).size,
    traffic,
  };
}

function recordOf(tools: Tools, run: Run, { outcome, why, totals }: Ended): RunRecord {
  return {
    runStart: run.start,
    finishedAt: tools.now().toISOString(),
    outcome: outcome === 'checked' ? 'published' : outcome,
    why: [...why],
    request: requestOf(run, tools),
    execution: run.name,
    ...(totals && { totals }),
  };
}

/** What the dashboard shows of runs over everything. */
function emitMetrics({ metric, now }: Tools, run: Run, ended: Ended): void {
  if (!isWhole(run.input)) return;
  const { totals, registryReadAt, work, result } = ended;
  if (registryReadAt !== null) {
    const age = (now().getTime() - Date.parse(registryReadAt)) / 1000;
    metric(METRICS.registryAgeSeconds, Math.max(0, age));
  }
  metric(METRICS.durationSeconds, (now().getTime() - Date.parse(run.start)) / 1000);
  if (work) {
    metric(METRICS.functionsDied, work.died);
    metric(METRICS.shardsLost, work.shardsLost);
  }
  if (!totals || !result) return;
  metric(METRICS.coveredPercent, coveredPercent(result));
  const oldest = oldestVerdict(result);
  if (oldest) metric(METRICS.oldestVerdictHours, hoursSince(oldest.at, now()));
  const { datasets, overall, unverified, traffic } = totals;
  const all = (what: 'requests' | 'bytes') =>
    Object.values(traffic).reduce((sum, count) => sum + count[what], 0);
  metric(METRICS.datasets, datasets);
  metric(METRICS.unverified, unverified);
  metric(METRICS.error, overall.error);
  metric(METRICS.versionMismatch, overall['version-mismatch']);
  metric(METRICS.warning, overall.warning);
  metric(METRICS.pending, overall.pending);
  metric(METRICS.ok, overall.ok);
  metric(METRICS.requests, all('requests'));
  metric(METRICS.bytes, all('bytes'));
}
