// Every end of a run is recorded. Steps record the ends that they see; an execution that is stopped,
// runs out of time or loses a function that no state catches has none left. EventBridge then starts
// `record-end`.

import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { NodeFunction } from '../node-function.ts';
import { acknowledge } from '../reasons.ts';

/** The function; its step is lambdas/steps/record-end.ts. */
export const RECORD_END = 'record-end';

/** Starts of the schedule and ends of runs that could not be delivered or handled. */
export function undeliveredQueue(scope: Construct): Queue {
  const queue = new Queue(scope, 'Undelivered', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // The longest that SQS keeps: until then somebody should look.
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'SQS3', 'it is the queue for what was not delivered');
  return queue;
}

export interface EndsProps {
  readonly stateMachine: StateMachine;
  readonly recordEnd: NodeFunction;
  /** Gets the events that could not be delivered; those that failed are the function's to tell. */
  readonly undelivered: Queue;
}

export function recordEnds(scope: Construct, props: EndsProps): void {
  const { stateMachine, recordEnd, undelivered } = props;
  new Rule(scope, 'Ends', {
    description: 'A run that did not succeed',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        // Executions of a map's items have the ARN of another machine, with the map's label.
        stateMachineArn: [stateMachine.stateMachineArn],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    targets: [new LambdaFunction(recordEnd.function, { deadLetterQueue: undelivered })],
  });
}
