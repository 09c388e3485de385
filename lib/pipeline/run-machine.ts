// The state machine of a run, with its role and its logs (state-machine.ts has the states).

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IVersion } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { LONGEST_RUN_MS } from '../../lambdas/names.ts';
import { acknowledge } from '../reasons.ts';
import type { PipelineProps } from './props.ts';
import { allowMaps, runRole } from './run-role.ts';
import { shardsAtOnce } from './stage-function.ts';
import { runDefinition } from './state-machine.ts';

/** @param functions by stage */
export function runMachine(
  scope: Construct,
  functions: Readonly<Record<string, IVersion>>,
  props: PipelineProps,
): StateMachine {
  const all = Object.values(functions).map(({ lambda }) => lambda);
  const role = runRole(scope, all, props.tracing ?? false);
  const definition = runDefinition(new Construct(scope, 'States'), {
    archive: props.archive,
    functions,
    shardsAtOnce: shardsAtOnce(props),
  });
  const machine = new StateMachine(scope, 'Run', {
    comment: 'Mirrorwatch: one run over the archive',
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromChainable(definition),
    role: role.withoutPolicyUpdates(),
    timeout: Duration.millis(LONGEST_RUN_MS),
    tracingEnabled: props.tracing ?? false,
    logs: {
      destination: new LogGroup(scope, 'RunLogs', {
        retention: props.logRetention,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      // The console keeps inputs and results for ninety days; the logs do not need them.
      includeExecutionData: false,
    },
  });
  // Logs cannot be set up before the role has permission.
  machine.node.addDependency(role);
  allowMaps(scope, role, machine);
  if (!props.tracing) {
    acknowledge(
      machine,
      'SF2',
      'traces cost by the state; `-c mirrorwatch:tracing=true` turns them on',
    );
  }
  return machine;
}
