// Follows an execution to its end, and prints a line whenever a stage begins or progresses.

import { setTimeout as sleep } from 'node:timers/promises';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { ARCHIVES } from '../../archives/index.ts';
import { parseJson } from '../../core/documents/json.ts';
import { stagesOf } from '../../core/monitor/archive.ts';
import { INVALID_INPUT, stateName } from '../../lambdas/names.ts';

export interface Ended {
  /** SUCCEEDED, FAILED, TIMED_OUT, ABORTED. */
  readonly status: string;
  /**
   * The outcome from `summarize`, or `another-run`; `refused` if the input was wrong, and nothing was
   * done; null if the execution ended earlier.
   */
  readonly outcome: string | null;
  readonly why: string;
}

/**
 * States of the machine that are stages; for maps, the progress is the number of finished shards.
 */
const STAGE_OF: Readonly<Record<string, string>> = Object.fromEntries(
  ARCHIVES.flatMap((archive) => ['plan', ...stagesOf(archive)]).map((stage) => [
    stateName(stage),
    stage,
  ]),
);
/** The state of lib/pipeline/state-machine.ts in which a scheduled run waits for its turn. */
const WAITS = 'WaitForTurn';
const POLL_MS = 2000;

/** @param tell gets one line at a time, each once */
export async function follow(
  sfn: SFNClient,
  executionArn: string,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<Ended> {
  const { DescribeExecutionCommand } = await import('@aws-sdk/client-sfn');
  const told = new Set<string>();
  for (;;) {
    const { status, output, error, cause } = await sfn.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    for (const line of await progressOf(sfn, executionArn)) {
      if (!told.has(line)) tell(line);
      told.add(line);
    }
    if (status !== 'RUNNING') return endOf(status ?? 'UNKNOWN', output, error, cause);
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function progressOf(sfn: SFNClient, executionArn: string): Promise<string[]> {
  const { DescribeMapRunCommand, GetExecutionHistoryCommand, ListMapRunsCommand } = await import(
    '@aws-sdk/client-sfn'
  );
  const lines: string[] = [];
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  for (const { stateEnteredEventDetails } of events) {
    const stage = STAGE_OF[stateEnteredEventDetails?.name ?? ''];
    if (stage) lines.push(`${stage} …`);
    if (stateEnteredEventDetails?.name === WAITS) lines.push('another run is on, waiting for it …');
  }
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  for (const { mapRunArn } of mapRuns) {
    // `…:mapRun:<machine>/<label>:<id>`; the label is the state's name.
    const stage = STAGE_OF[mapRunArn?.split('/').at(-1)?.split(':')[0] ?? ''];
    if (!stage) continue;
    const { itemCounts } = await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    const { total = 0, succeeded = 0, failed = 0 } = itemCounts ?? {};
    if (total > 0) lines.push(`${stage} ${succeeded + failed} of ${total} shards`);
  }
  return lines;
}

/** Ends for which Step Functions may give neither an error nor a cause. */
const ENDS: Readonly<Record<string, string>> = {
  ABORTED: 'it was stopped',
  TIMED_OUT: 'it took longer than a run may take',
};

/** An error of a function is JSON (Lambda Developer Guide, "Function errors"). */
function wordsOf(cause: string): string {
  const parsed = parseJson(cause);
  const { errorMessage } = Object(parsed.ok ? parsed.value : undefined);
  return typeof errorMessage === 'string' ? errorMessage : cause;
}

/** The meaning of an execution's end, from its output or the cause of its failure. */
export function endOf(
  status: string,
  output: string | undefined,
  error: string | undefined,
  cause: string | undefined,
): Ended {
  if (status !== 'SUCCEEDED') {
    const said = [error, cause && wordsOf(cause)].filter(Boolean).join(': ');
    const outcome = error === INVALID_INPUT ? 'refused' : null;
    return { status, outcome, why: said || (ENDS[status] ?? '') };
  }
  // The state has `summary` after summarizing; before that it is the output of fetch-registry.
  const state = JSON.parse(output ?? '{}');
  const { outcome = null, why = '' } = state.summary ?? state;
  return { status, outcome, why };
}
