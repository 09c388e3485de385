// A whole run on one machine: its datasets, the order of its stages, and its outcome. On AWS the
// state machine does this.

import { clockAheadNote, isFromFuture } from '../clock-ahead.ts';
import type { Registry } from '../documents/documents.ts';
import { REGISTRY_PATH } from '../documents/paths.ts';
import type { RunRecord } from '../documents/records.ts';
import type { Rows } from '../documents/rows.ts';
import {
  FIRST_STAGE,
  isOfArchive,
  LAST_STAGE,
  type Measurement,
  servedBy,
  subjectsOf,
} from './archive.ts';
import { findChanged, listedIn } from './changed.ts';
import { isWanted, type Stage, type StageContext, type StageReport } from './context.ts';
import { chooseDatasets, isOverAll } from './datasets.ts';
import { fetchEntries } from './fetch-entries.ts';
import { inParallel, readOrNull } from './frame.ts';
import { createHandover, type Handover } from './handover.ts';
import { registryFaults, writeFailedStatus } from './run-status.ts';
import type { Store } from './store.ts';
import { summarize } from './summarize.ts';

export type RunRequest = RunRecord['request'];

export interface RunResult {
  /**
   * `checked`: it ended well and was not asked to summarize. `refused`: it cannot do what it was
   * asked for, and nothing was written. `unchanged`: a run over what changed had nothing to do.
   */
  readonly outcome:
    | ('published' | 'held' | 'failed' | 'interrupted')
    | ('checked' | 'refused' | 'unchanged');
  /**
   * One sentence each, for a person; a published run has some too if somebody must look at
   * something.
   */
  readonly why: readonly string[];
  readonly reports: readonly StageReport[];
  /** Made from this run's records, published or not. */
  readonly summary: Rows | null;
}

/** Why a run without its first stage is refused. */
export const NO_REGISTRY = 'there is no registry yet: run the stage fetch-registry first';

/**
 * An interrupted run older than this is not continued, because its first results would be stale.
 */
const GOES_ON_WITHIN_MS = 24 * 60 * 60 * 1000;

/**
 * The start that names the run: now, or the start of the last run if it was cut off and had the
 * same request. That run is then continued with its measurements.
 */
export async function chooseRunStart(
  store: Store,
  request: RunRequest,
  now: Date,
  force: boolean,
): Promise<{ runStart: string; goesOn: boolean }> {
  const last = await store.readLastRun();
  const goesOn =
    !force &&
    last !== undefined &&
    !isFromFuture(last.runStart, now) &&
    (last.outcome === 'interrupted' || last.outcome === 'running') &&
    JSON.stringify(last.request) === JSON.stringify(request) &&
    now.getTime() - Date.parse(last.runStart) < GOES_ON_WITHIN_MS;
  return { runStart: goesOn ? last.runStart : now.toISOString(), goesOn };
}

/**
 * Runs the requested stages. Failures of single datasets are in the reports; only faults of the run
 * as a whole decide its outcome.
 * @throws what the store throws when it cannot be written.
 */
export async function runPipeline(context: StageContext, request: RunRequest): Promise<RunResult> {
  const record = (outcome: RunRecord['outcome'], why: readonly string[]): RunRecord => ({
    runStart: context.runStart,
    finishedAt: outcome === 'running' ? null : context.now().toISOString(),
    outcome,
    why: [...why],
    request,
  });
  const result = await runStages(context, request, () =>
    context.store.writeRun(record('running', [])),
  );
  const { outcome, why } = result;
  if (outcome === 'refused') return result;
  // A run that was asked to publish nothing, or had nothing to publish, ended well.
  const endedWell = outcome === 'checked' || outcome === 'unchanged';
  await context.store.writeRun(record(endedWell ? 'published' : outcome, why));
  return result;
}

/** @param begin called before the first write */
async function runStages(
  context: StageContext,
  request: RunRequest,
  begin: () => Promise<void>,
): Promise<RunResult> {
  const reports: StageReport[] = [];
  const isMeasured = ({ id }: Measurement) => isWanted(context, id);
  const stages = request.stages.filter((stage) =>
    context.archive.measurements.every((one) => one.id !== stage || isMeasured(one)),
  );
  const asked = (stage: Stage): boolean => stages.includes(stage);
  const end = (
    outcome: RunResult['outcome'],
    why: readonly string[] = [],
    summary: Rows | null = null,
  ): RunResult => ({ outcome, why, reports, summary });
  const interrupted = () => end('interrupted', ['interrupted before the end']);
  const stopped = async (why: readonly string[]): Promise<RunResult> => {
    await writeFailedStatus(context, why);
    return end('failed', why);
  };

  if (asked(FIRST_STAGE)) {
    const outcome = await fetchEntries(context, request, { begin });
    reports.push(outcome.report);
    if (context.signal.aborted) return interrupted();
    if (outcome.kind === 'refused') return end('refused', [outcome.why]);
    if (outcome.kind === 'stopped') return stopped([outcome.why]);
  }

  const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
  if (!registry) return end('refused', [NO_REGISTRY]);
  const chosen = request.changed
    ? { ids: await findChanged(context, listedIn(registry)), notes: [] }
    : chooseDatasets(registry, request);
  if ('why' in chosen) return end('refused', [chosen.why]);
  if (!asked(FIRST_STAGE)) await begin();
  if (request.changed && chosen.ids.length === 0) {
    return end('unchanged', registryFaults(context, registry));
  }

  const subjects = { ids: chosen.ids, isOverAll: isOverAll(request) };
  const measured = await runMeasurements(context, registry, subjects, asked);
  // The first stage has noted it already.
  reports.push(...(asked(FIRST_STAGE) ? measured : withNotes(measured, chosen.notes)));
  if (context.signal.aborted) return interrupted();

  if (!asked(LAST_STAGE)) return end('checked', registryFaults(context, registry));
  const summarized = await summarize(context, registry);
  reports.push(summarized.report);
  return end(summarized.outcome, summarized.why, summarized.summary);
}

/**
 * Runs the requested measurements in parallel. Each begins an entry when the measurements that it
 * needs have finished it. If one throws, the others end.
 */
async function runMeasurements(
  context: StageContext,
  registry: Registry,
  { ids, isOverAll }: { readonly ids: readonly string[]; readonly isOverAll: boolean },
  asked: (stage: Stage) => boolean,
): Promise<StageReport[]> {
  const broken = new AbortController();
  const beside = { ...context, signal: AbortSignal.any([context.signal, broken.signal]) };
  const { archive } = context;
  const wanted = archive.measurements.filter(
    ({ id }) => asked(id) && (isOverAll || !isOfArchive(archive, id)),
  );
  const order = await longestFirst(context, wanted, ids);
  const handovers = new Map<string, Handover>();
  for (const { id, needs } of wanted) {
    const before = needs.filter(asked).length;
    if (before > 0 && !isOfArchive(archive, id)) handovers.set(id, createHandover(before));
  }
  const running = new Map<string, Promise<StageReport>>();
  for (const { id, needs, run } of wanted) {
    const waiting = wanted.flatMap((other) =>
      other.needs.includes(id) ? (handovers.get(other.id) ?? []) : [],
    );
    const from = handovers.get(id);
    const before = Promise.allSettled(needs.map((needed) => running.get(needed)));
    const begin = () =>
      run(beside, registry, subjectsOf(archive, id, order, isOverAll), {
        ...(from && { from: from.datasets }),
        through: (entry) => {
          for (const { pass } of waiting) pass(entry);
        },
      });
    // The whole archive is measured after all entries.
    const work = isOfArchive(archive, id) ? before.then(begin) : begin();
    work.catch((error) => broken.abort(error));
    running.set(id, work);
    if (from) void before.then(from.end);
  }
  const reports: StageReport[] = [];
  for (const settled of await Promise.allSettled(running.values())) {
    if (settled.status === 'rejected') throw settled.reason;
    reports.push(settled.value);
  }
  const ahead = clockAheadNote(reports.map(({ fromFuture }) => fromFuture));
  return withNotes(reports, ahead === null ? [] : [ahead]);
}

/** Notes on all reports are given once. */
function withNotes([head, ...others]: StageReport[], notes: readonly string[]): StageReport[] {
  return head ? [{ ...head, notes: [...head.notes, ...notes] }, ...others] : [];
}

/**
 * The most expensive entries first, so that a huge one does not run alone at the end. Entries that
 * were never measured come before all: they may be huge, or wait long for an answer.
 */
async function longestFirst(
  context: StageContext,
  measurements: readonly Measurement[],
  ids: readonly string[],
): Promise<readonly string[]> {
  const costly = measurements.filter(({ cost }) => cost !== undefined);
  if (costly.length === 0) return ids;
  const costs = new Map<string, number>(ids.map((id) => [id, 0]));
  await inParallel(context.options.concurrency, ids, context.signal, async (id) => {
    const session = await context.store.open(id);
    for (const { id: stage, cost } of costly) {
      const [check] = servedBy(context.archive, stage);
      if (cost === undefined || check === undefined) continue;
      const record = session.record(check);
      const expected = record === undefined ? Number.MAX_SAFE_INTEGER : cost(record);
      costs.set(id, Math.max(costs.get(id) as number, expected));
    }
  });
  return ids.toSorted((a, b) => (costs.get(b) as number) - (costs.get(a) as number));
}
