// Looks every hour whether a run over what changed has anything to do, and starts it. It writes no
// results and takes no lock: a run in progress will publish, and the next hour looks again.

import type { Registry, RunStatus } from '../../core/documents/documents.ts';
import { REGISTRY_PATH, STATUS_PATH } from '../../core/documents/paths.ts';
import { LAST_STAGE } from '../../core/monitor/archive.ts';
import { findChanged, type Listed } from '../../core/monitor/changed.ts';
import { readEntries } from '../../core/monitor/entries-reading.ts';
import { readOrNull } from '../../core/monitor/frame.ts';
import { registryFault } from '../../core/monitor/hold.ts';
import type { Run, WatchResult } from '../contract.ts';
import { readMarks, writeMarks } from '../run-files/marks.ts';
import { STALE_REGISTRY_HOURS } from './findings.ts';
import { stageContext, type Tools } from './tools.ts';

export async function watchStep(tools: Tools, run: Run): Promise<WatchResult> {
  const { startRun } = tools;
  if (startRun === undefined) throw new Error('this function may start no run');
  const context = stageContext(tools, run);
  const registry = await readOrNull<Registry>(context, REGISTRY_PATH);
  if (registry === null) return { started: 0, why: 'no run has read the registry yet' };
  const status = await readOrNull<RunStatus>(context, STATUS_PATH);
  if (status !== null && status.lastRun.outcome !== 'published') {
    // It would end the same way every hour.
    return { started: 0, why: `the last run ended as ${status.lastRun.outcome}` };
  }
  const reading = await readEntries(tools.archive.definition.entries(context), context.signal);
  if (reading.kind === 'failed') {
    if (isUntold(registry, status, tools.now())) await startRun({ stages: [LAST_STAGE] });
    return { started: 0, why: `the registry: ${reading.reason}` };
  }
  const listed = new Map<string, Listed>();
  for (const { id, version, versionDate, skipped } of reading.entries) {
    if (skipped === null) listed.set(id, { version, date: versionDate ?? null });
  }
  const known = await readMarks(tools.store);
  const before = JSON.stringify([...known]);
  const datasets = await findChanged(context, listed, known);
  if (JSON.stringify([...known]) !== before) await writeMarks(tools.store, known);
  if (datasets.length === 0) return { started: 0, why: 'nothing has changed' };
  const some = datasets.slice(0, MOST_STARTED);
  // One that is withdrawn meanwhile must not stop the others.
  await startRun({ changed: true, datasets: some, skipUnknown: true });
  return { started: datasets.length, why: '' };
}

/** Whether the registry became stale after the last run, which would have reported it. */
function isUntold(registry: Registry, status: RunStatus | null, now: Date): boolean {
  const isStale = (at: Date) => registryFault(registry, STALE_REGISTRY_HOURS / 24, at) !== null;
  return status !== null && isStale(now) && !isStale(new Date(status.lastRun.finishedAt));
}

/** As many as the input of an execution may name; the others have their turn an hour later. */
const MOST_STARTED = 5000;
