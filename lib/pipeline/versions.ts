// A run ends with the code that it began with: the state machine calls published versions, and those
// of earlier deployments stay as long as a run of theirs may need them. CloudFormation leaves them
// where they are; after each deployment a function removes the old ones.

import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IVersion } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { bundle } from '../bundle.ts';
import { NodeFunction } from '../node-function.ts';
import { allow } from '../reasons.ts';

export interface OldVersionsProps {
  /** Those that the state machine calls now. */
  readonly versions: readonly IVersion[];
  readonly stateMachine: StateMachine;
  readonly logRetention: RetentionDays;
}

export class OldVersions extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { versions, stateMachine, ...props }: OldVersionsProps,
  ) {
    super(scope, id);
    const remover = new NodeFunction(this, 'Remover', {
      code: bundle({ entry: 'lambdas/remove-versions.lambda.ts' }),
      description:
        'Mirrorwatch remove-versions: Remove versions of functions that no run needs any more',
      memory: 256,
      timeout: Duration.minutes(5),
      logRetention: props.logRetention,
    });
    const functions = versions.map(({ lambda }) => lambda.functionArn);
    allow(remover.role, { actions: ['lambda:ListVersionsByFunction'], resources: functions });
    allow(remover.role, {
      actions: ['lambda:DeleteFunction'],
      resources: functions.map((arn) => `${arn}:*`),
      why: 'versions have numbers; without one it would be the function, which is not allowed',
    });
    const removal = new CustomResource(this, 'Removal', {
      resourceType: 'Custom::MirrorwatchOldVersions',
      serviceToken: remover.function.functionArn,
      // New versions are what makes CloudFormation call it.
      properties: { Versions: versions.map(({ functionArn }) => functionArn) },
    });
    // Until the state machine is updated, new executions call the versions before these.
    removal.node.addDependency(stateMachine, remover);
  }
}
