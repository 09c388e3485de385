// Whether an execution of the state machine still runs.

import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Log } from '../core/monitor/context.ts';

/** True where it could not be determined: nothing may be taken from a run that may be on. */
export async function stillRuns(sfn: SFNClient, executionArn: string, log: Log): Promise<boolean> {
  try {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  } catch (error) {
    const { name, message } = error as Error;
    // Deleted with its state machine, or older than Step Functions keeps them.
    if (name === 'ExecutionDoesNotExist') return false;
    log('warn', 'whether the run is still on cannot be asked', { name, detail: message });
    return true;
  }
}
