// The event of EventBridge for an execution that ended.

import type { Run } from '../../lambdas/contract.ts';

/** As Step Functions sends it (Step Functions Developer Guide, "Execution status change"). */
export function endEvent({ name, start }: Pick<Run, 'name' | 'start'>, detail: object): object {
  const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:Run';
  const executionArn = `${stateMachineArn.replace('stateMachine', 'execution')}:${name}`;
  return {
    version: '0',
    id: '315c1398-40ff-a850-213b-158f73e60175',
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: '123456789012',
    time: '2026-08-01T08:00:00Z',
    region: 'us-east-1',
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      name,
      status: 'TIMED_OUT',
      startDate: Date.parse(start),
      stopDate: Date.parse(start) + 8 * 3_600_000,
      input: '{}',
      output: null,
      inputDetails: { included: true },
      outputDetails: null,
      error: null,
      cause: null,
      ...detail,
    },
  };
}
