// What the state machine may do. CDK would let it call every version of every function and be
// quiet about why; here each permission is written down.

import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { allow } from '../reasons.ts';

/** Step Functions User Guide, "Logging using CloudWatch Logs": these know no resource. */
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
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    description: 'Mirrorwatch: the state machine',
  });
  allow(role, {
    actions: ['lambda:InvokeFunction'],
    resources: functions.map((one) => one.functionArn),
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
