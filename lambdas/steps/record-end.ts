// After an execution that failed, timed out or was stopped: no state of it may have run at the end. It
// records the end where no step did, so that readers see it, and releases the lock.

import type { RunRecord } from '../../core/documents/records.ts';
import { writeFailedStatus } from '../../core/monitor/run-status.ts';
import type { EndEvent, EndResult } from '../contract.ts';
import { LONGEST_RUN_MS, NO_TURN } from '../names.ts';
import { closeRun, failureOf } from './close-run.ts';
import { requestOf, stageContext, type Tools } from './tools.ts';

/** The run that ended is among the newest ones. */
const RUNS_LOOKED_AT = 50;
const HOUR_MS = 60 * 60 * 1000;

export async function recordEndStep(tools: Tools, event: EndEvent): Promise<EndResult> {
  const { store, now } = tools;
  const { end } = event;
  const runs = await store.listRuns(RUNS_LOOKED_AT);
  const own = runs.find(({ execution }) => execution === event.run.name);
  if (own === undefined && end.isRefused) return { outcome: 'refused' };
  const run = { ...event.run, start: own?.runStart ?? event.run.start };

  const why = whyOf(end);
  const record: RunRecord = {
    runStart: run.start,
    request: own?.request ?? requestOf(run, tools),
    execution: run.name,
    finishedAt: end.at,
    outcome: 'failed',
    why: [why],
  };
  const isRecorded = await closeRun(tools, run, record, failureOf(run, why), store.endRun);
  if (isRecorded) {
    // Where another run has the lock, status.json is about that one.
    const hold = await store.holdLock(run, now());
    if (hold.held) await writeFailedStatus(stageContext(tools, run), [why]);
  }
  await store.releaseLock(run);
  return { outcome: isRecorded ? 'recorded' : 'recorded-before' };
}

/** Only names of errors: a cause may hold anything, and the page shows this. */
function whyOf({ status, error, cause }: EndEvent['end']): string {
  switch (status) {
    case 'ABORTED':
      return 'The run was stopped before its end.';
    case 'TIMED_OUT':
      return `The run did not end within ${LONGEST_RUN_MS / HOUR_MS} hours.`;
    case 'FAILED':
      if (error === NO_TURN) return `The run did not begin: ${cause}.`;
      return `The run could not continue: ${error ?? 'it said no error'}.`;
  }
}
