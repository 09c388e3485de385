// What the state machine may do, and who may ask about its executions. CDK would allow it to call every version of every function without
// a reason; here each permission is explicit.

import { Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledgePatterns, allow } from '../reasons.ts';
import { ownService } from '../service-principal.ts';

/** Step Functions User Guide, "Logging using CloudWatch Logs": these accept no resource. */
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

export function runRole(scope: Construct, functions: readonly IFunction[], tracing: boolean): Role {
  const role = new Role(scope, 'RunRole', {
    assumedBy: ownService(scope, 'states.amazonaws.com'),
    description: 'Mirrorwatch: the state machine',
  });
  allow(role, {
    actions: ['lambda:InvokeFunction'],
    resources: functions.map((one) => `${one.functionArn}:*`),
    why: 'a run that began before an update calls the versions that it began with',
  });
  allow(role, {
    actions: LOG_DELIVERY,
    resources: ['*'],
    why: 'log deliveries are settings of the account and have no ARN',
  });
  if (tracing) {
    allow(role, {
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
      why: 'X-Ray has no resources to name',
    });
  }
  return role;
}

/**
 * A distributed map runs its items as executions of its own machine, stops them, and redrives them
 * (Step Functions User Guide, "IAM policies for using Distributed Map states").
 */
export function allowMaps(scope: Construct, role: Role, machine: StateMachine): void {
  // A separate policy: the machine waits for the role's policy, and this one needs its name.
  const policy = new Policy(scope, 'MapsPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['states:StartExecution'],
        resources: [machine.stateMachineArn],
      }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:RedriveExecution', 'states:StopExecution'],
        // Executions of the machine, and of its maps by their labels.
        resources: [`${executionArn(machine)}:*`, `${executionArn(machine)}/*`],
      }),
    ],
  });
  const why = 'Step Functions makes up the names of the executions that a map starts';
  acknowledgePatterns(policy, why);
  // CDK's own policy. The role takes no updates, so it is not attached, but cdk-nag checks it.
  acknowledgePatterns(machine.node.findChild('DistributedMapPolicy') as Policy, why);
}

/** Whether an execution of the machine still runs. */
export function allowQuestions(scope: Construct, role: Role, machine: StateMachine): void {
  // A separate policy: the machine needs the role's function, and this one needs its name.
  const policy = new Policy(scope, 'AskPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['states:DescribeExecution'],
        resources: [`${executionArn(machine)}:*`],
      }),
    ],
  });
  acknowledgePatterns(policy, 'Step Functions makes up the names of executions');
}

function executionArn(machine: StateMachine): string {
  const { partition, region, account } = Stack.of(machine);
  return `arn:${partition}:states:${region}:${account}:execution:${machine.stateMachineName}`;
}
