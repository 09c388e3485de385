// First step of a run: takes the lock, reads what exists, and divides the datasets into shards
// for the two checks that depend on no other.

import { compareBytes } from '../../core/compare/byte-order.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import type { RunRecord } from '../../core/documents/records.ts';
import { FIRST_STAGE, levelsOf, servedBy, subjectsOf } from '../../core/monitor/archive.ts';
import { findChanged, listedIn } from '../../core/monitor/changed.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import { chooseDatasets } from '../../core/monitor/datasets.ts';
import {
  fetchEntries,
  type Reading,
  type RegistryOutcome,
} from '../../core/monitor/fetch-entries.ts';
import { inParallel, readOrNull } from '../../core/monitor/frame.ts';
import { balance } from '../../core/monitor/plan.ts';
import { NO_REGISTRY } from '../../core/monitor/run.ts';
import { writeFailedStatus } from '../../core/monitor/run-status.ts';
import type { FetchRegistryEvent, FetchRegistryResult, Run, ShardRef } from '../contract.ts';
import { type DatasetStates, killedChecks, trackingStore } from '../dataset-state.ts';
import { NO_EXECUTION } from '../lock.ts';
import { OUT_OF_TIME, stateName } from '../names.ts';
import { type PackedStates, packedStates } from '../packed-states.ts';
import type { Findings } from '../problems.ts';
import { keptPages } from '../run-files/kept-pages.ts';
import { writeReport } from '../run-files/reports.ts';
import { writeDatasets, writeShards } from '../run-files/shards.ts';
import type { Hold, SessionState } from '../run-store.ts';
import { closeRun, failureOf } from './close-run.ts';
import {
  asksFor,
  isOverAllDatasets,
  isOverChanged,
  named,
  requestOf,
  stageContext,
  type Tools,
} from './tools.ts';

const MOST_SHARES = 300;
/**
 * For how long a scheduled run waits for its turn: less than a run may take, and much more than one
 * takes. Then a person must look.
 */
const LONGEST_WAIT_MS = 2 * 60 * 60 * 1000;
/** Datasets whose documents are listed together: a page or two of keys. */
const BLOCK = 100;

export async function fetchRegistryStep(
  tools: Tools,
  { run, execution }: FetchRegistryEvent,
): Promise<FetchRegistryResult> {
  const { store, now, signal } = tools;
  const hold = await takeLock(tools, run, execution.arn);
  if (!hold.held) {
    const mayWait = now().getTime() - Date.parse(execution.start) < LONGEST_WAIT_MS;
    const outcome = !run.input.scheduled ? 'another-run' : mayWait ? 'wait' : 'no-turn';
    return end(run, outcome, `the run ${hold.by} has not ended yet, so nothing was done`);
  }
  const handed = packedStates();
  const known = trackingStore(store, tools.archive.definition, handed);
  const context = stageContext(tools, run, known);
  const record: RunRecord = {
    runStart: run.start,
    finishedAt: null,
    outcome: 'running',
    why: [],
    request: requestOf(run, tools),
    execution: run.name,
  };
  const begin = () => store.writeRun(record);
  const refuse = async (why: string): Promise<FetchRegistryResult> => {
    await store.releaseLock(run);
    return end(run, 'refused', why);
  };
  const stop = async (why: string, findings: Findings): Promise<FetchRegistryResult> => {
    await writeFailedStatus(context, [why]);
    const finishedAt = now().toISOString();
    await closeRun(tools, run, { ...record, finishedAt, outcome: 'failed', why: [why] }, findings);
    await store.releaseLock(run);
    return end(run, 'stopped', why);
  };

  if (asksFor(run, FIRST_STAGE)) {
    const outcome = await readWhatExists(tools, run, context, {
      begin,
      before: (ids) => readKnown(tools, handed, ids),
      after(id) {
        const state = known.release(id);
        if (state) handed.set(id, state);
      },
    });
    if (signal.aborted) throw named(OUT_OF_TIME, 'the registry was not read in time');
    if (outcome.kind === 'refused') return refuse(outcome.why);
    if (outcome.kind === 'stopped') {
      // A reading that failed, which the report names, or a registry that shrank.
      const { why, report } = outcome;
      return stop(why, report.failed.length > 0 ? failureOf(run, why) : { RegistryShrank: why });
    }
  }
  const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
  if (!registry) return refuse(NO_REGISTRY);
  const chosen = isOverChanged(run)
    ? { ids: await findChanged(context, listedIn(registry)), notes: [] }
    : chooseDatasets(registry, record.request);
  if ('why' in chosen) return refuse(chosen.why);
  for (const note of chosen.notes) context.log('warn', note);
  if (!asksFor(run, FIRST_STAGE)) await begin();
  if (isOverChanged(run) && chosen.ids.length === 0) {
    await store.writeRun({ ...record, finishedAt: now().toISOString(), outcome: 'published' });
    await store.releaseLock(run);
    return end(run, 'unchanged', '');
  }

  await readKnown(
    tools,
    handed,
    chosen.ids.filter((id) => !handed.has(id)),
  );
  const datasets = run.input.unverified ? unverifiedOf(handed, chosen.ids) : chosen.ids;
  await writeDatasets(store, run, datasets);
  const killed = new Map(datasets.map((dataset) => [dataset, killedChecks(handed.get(dataset))]));
  // Of the archive as a whole nothing is passed on.
  const all: DatasetStates = {
    get: (id) => (killed.has(id) ? known.stateOf(id) : undefined),
    keys: () => datasets.values(),
  };
  const [first = []] = levelsOf(tools.archive.definition);
  const shards: Record<string, readonly ShardRef[]> = {};
  for (const { id, share: target } of first) {
    const looked = subjectsOf(tools.archive.definition, id, datasets, isOverAllDatasets(run));
    const served = servedBy(tools.archive.definition, id);
    const costs = looked.map((dataset) => ({
      dataset,
      cost: 1,
      isKiller: killed.get(dataset)?.some((check) => served.includes(check)) ?? false,
    }));
    const shares = asksFor(run, id) ? balance(costs, { target, most: MOST_SHARES }) : [];
    shards[stateName(id)] = await writeShards(store, run, id, shares, all);
  }
  return { ...end(run, 'proceed', ''), shards };
}

/** Takes the lock, also from a run that is over and could not give it back. */
async function takeLock(tools: Tools, run: Run, executionArn: string): Promise<Hold> {
  const { store, now, log } = tools;
  const hold = await store.holdLock(run, now());
  if (hold.held || hold.by.startsWith(NO_EXECUTION)) return hold;
  // The last part of an execution's ARN is its name.
  const holder = executionArn.replace(/[^:]+$/, () => hold.by);
  if (await tools.stillRuns(holder)) return hold;
  log('warn', 'took over from a run that is over', { by: hold.by });
  return store.holdLock(run, now(), hold.by);
}

async function readWhatExists(
  tools: Tools,
  run: Run,
  context: StageContext,
  around: Omit<Reading, 'kept'>,
): Promise<RegistryOutcome> {
  const began = tools.now().getTime();
  const kept = keptPages(tools.store, run, tools.now);
  const outcome = await fetchEntries(context, requestOf(run, tools), { ...around, kept });
  const { report } = outcome;
  if (outcome.kind === 'refused') return outcome;
  await writeReport(tools.store, run, tools.invocation, {
    stage: report.stage,
    shard: 'all',
    complete: true,
    total: report.total,
    done: report.done,
    skipped: report.skipped,
    failed: [...report.failed],
    milliseconds: tools.now().getTime() - began,
    memoryBytes: tools.memoryBytes(),
    traffic: tools.archive.traffic,
  });
  for (const note of report.notes) tools.log('warn', 'of the registry', { note });
  return outcome;
}

/**
 * Adds what is known of datasets before the run writes of them, for all its functions: the records
 * with one query per dataset, then the etags of the documents with one listing per block.
 */
async function readKnown(
  { store, concurrency, signal }: Tools,
  handed: PackedStates,
  datasets: readonly string[],
): Promise<void> {
  const sorted = datasets.toSorted(compareBytes);
  for (let at = 0; at < sorted.length && !signal.aborted; at += BLOCK) {
    const block = sorted.slice(at, at + BLOCK);
    const read = new Map<string, SessionState>();
    await inParallel(concurrency, block, signal, async (dataset) => {
      read.set(dataset, (await store.open(dataset)).state());
    });
    const listed = await store.listEtags(block);
    for (const [dataset, session] of read) {
      handed.set(dataset, { session: { ...session, etags: listed?.get(dataset) }, documents: {} });
    }
  }
}

/** Datasets whose newest attempt failed in some check. */
function unverifiedOf(handed: DatasetStates, datasets: readonly string[]): readonly string[] {
  return datasets.filter((id) => {
    const records = Object.values(handed.get(id)?.session?.records ?? {});
    return records.some(({ lastAttempt }) => lastAttempt != null);
  });
}

function end(run: Run, outcome: FetchRegistryResult['outcome'], why: string): FetchRegistryResult {
  return { run, outcome, why, shards: {} };
}
