// The run: a schedule starts the state machine, the state machine calls the stages' functions.

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENVIRONMENT, METRICS_NAMESPACE, SERVICE_NAME } from '../../lambdas/names.ts';
import { bundle } from '../bundle.ts';
import { NodeFunction } from '../node-function.ts';
import { acknowledge } from '../reasons.ts';
import type { Results } from '../results/index.ts';
import {
  type ArchiveEndpoints,
  type CheckStage,
  PIPELINE_STAGES,
  type PipelineStage,
} from '../settings.ts';
import { grantResults } from './permissions.ts';
import { allowMaps, runRole } from './run-role.ts';
import { runDefinition } from './state-machine.ts';

export interface PipelineProps {
  readonly results: Results;
  readonly archive: ArchiveEndpoints;
  /** Megabytes of each function. */
  readonly memory: Readonly<Record<PipelineStage, number>>;
  /** Functions of the file comparison at once. */
  readonly concurrency: number;
  readonly logRetention: RetentionDays;
  /** EventBridge Scheduler expression in UTC. @default null: runs are started by hand */
  readonly schedule?: string | null;
  /** Name of an SSM SecureString. @default null: GitHub is asked without a token */
  readonly githubTokenParameter?: string | null;
  /** Named in the User-Agent. @default null */
  readonly contactUrl?: string | null;
  /** What the host of the mirrors says of a repository that is not there. Default: GitHub and git. */
  readonly mirrorAbsent?: string | null;
  /** The checks of what is inside that are made, with commas. @default null: all of them */
  readonly checks?: string | null;
  /** Days that a new dataset's copies may take. @default null: what the functions take for it */
  readonly newDatasetDays?: number | null;
  /** Mirrors that a second reader of git reads as well. @default null: what the functions take for it */
  readonly secondReadings?: number | null;
  /** Days for which the registry may be unreadable. @default null: what the functions take for it */
  readonly registryDays?: number | null;
  /** X-Ray. @default false */
  readonly tracing?: boolean;
}

interface StageTraits {
  readonly does: string;
  readonly timeout: Duration;
  /** Datasets in work at once within one function. */
  readonly datasetsAtOnce: number;
  readonly asksGithub?: boolean;
}

/**
 * The most that Lambda allows; the functions stop by themselves ten seconds before. Their own work is
 * seconds (docs/aws.md, "What the functions need"): what may take minutes is a host that asks to be left alone.
 */
const LONGEST = Duration.minutes(15);

const TRAITS: Readonly<Record<PipelineStage, StageTraits>> = {
  'fetch-registry': {
    does: 'Reads the registry and shares its datasets out',
    timeout: LONGEST,
    datasetsAtOnce: 16,
  },
  'check-github': {
    does: 'Compares the refs of mirrors with the registry',
    timeout: LONGEST,
    datasetsAtOnce: 8,
    asksGithub: true,
  },
  'check-s3-version': {
    does: 'Reads the versions of exports',
    timeout: LONGEST,
    datasetsAtOnce: 16,
  },
  plan: {
    does: 'Shares the file comparison out by the number of files',
    timeout: Duration.minutes(5),
    datasetsAtOnce: 16,
  },
  'check-s3-files': {
    does: 'Compares the files of tags with those of exports',
    timeout: LONGEST,
    datasetsAtOnce: 4,
    asksGithub: true,
  },
  summarize: {
    does: 'Makes the summary and publishes it, or holds it',
    timeout: LONGEST,
    datasetsAtOnce: 32,
  },
};

export class Pipeline extends Construct {
  readonly stateMachine: StateMachine;
  readonly functions: Readonly<Record<PipelineStage, NodeFunction>>;

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    const shardsAtOnce: Record<CheckStage, number> = {
      // GitHub's limits are the host's, so more functions would only get smaller shares of them.
      'check-github': 1,
      'check-s3-version': 2,
      'check-s3-files': props.concurrency,
    };
    const functionOf = (stage: PipelineStage) => this.stageFunction(stage, shardsAtOnce, props);
    this.functions = Object.fromEntries(
      PIPELINE_STAGES.map((stage) => [stage, functionOf(stage)]),
    ) as Record<PipelineStage, NodeFunction>;
    this.stateMachine = this.runMachine(shardsAtOnce, props);
    if (props.schedule) {
      new Schedule(this, 'Schedule', {
        description: 'Starts a full run',
        schedule: ScheduleExpression.expression(props.schedule),
        target: new StepFunctionsStartExecution(this.stateMachine, {
          input: ScheduleTargetInput.fromObject({}),
          // A run that starts hours late would meet the next one.
          maxEventAge: Duration.hours(2),
          retryAttempts: 5,
        }),
      });
    }
  }

  private stageFunction(
    stage: PipelineStage,
    shardsAtOnce: Readonly<Record<CheckStage, number>>,
    props: PipelineProps,
  ): NodeFunction {
    const traits = TRAITS[stage];
    const { results, archive } = props;
    const token = traits.asksGithub ? props.githubTokenParameter : null;
    const made = new NodeFunction(this, pascal(stage), {
      code: bundle({ entry: `lambdas/${stage}.lambda.ts` }),
      description: `Mirrorwatch ${stage}: ${traits.does}`,
      memory: props.memory[stage],
      timeout: traits.timeout,
      logRetention: props.logRetention,
      tracing: props.tracing ?? false,
      environment: {
        [ENVIRONMENT.bucket]: results.bucket.bucketName,
        [ENVIRONMENT.table]: results.table.tableName,
        [ENVIRONMENT.registryUrl]: archive.registryUrl,
        [ENVIRONMENT.mirrorUrl]: archive.mirrorUrl,
        [ENVIRONMENT.exportUrl]: archive.exportUrl,
        [ENVIRONMENT.concurrency]: String(traits.datasetsAtOnce),
        [ENVIRONMENT.shardsAtOnce]: String(isCheck(stage) ? shardsAtOnce[stage] : 1),
        ...(props.checks && { [ENVIRONMENT.checks]: props.checks }),
        ...(props.newDatasetDays != null && {
          [ENVIRONMENT.newDatasetDays]: String(props.newDatasetDays),
        }),
        ...(props.registryDays != null && {
          [ENVIRONMENT.registryDays]: String(props.registryDays),
        }),
        ...(props.secondReadings != null && {
          [ENVIRONMENT.secondReadings]: String(props.secondReadings),
        }),
        ...(props.contactUrl && { [ENVIRONMENT.contactUrl]: props.contactUrl }),
        ...(props.mirrorAbsent && { [ENVIRONMENT.mirrorAbsent]: props.mirrorAbsent }),
        ...(token && { [ENVIRONMENT.githubTokenParameter]: token }),
        POWERTOOLS_SERVICE_NAME: SERVICE_NAME,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
    });
    grantResults(made.role, stage, results);
    if (token) {
      StringParameter.fromSecureStringParameterAttributes(this, `${pascal(stage)}Token`, {
        parameterName: token,
      }).grantRead(made.function);
    }
    return made;
  }

  private runMachine(
    shardsAtOnce: Readonly<Record<CheckStage, number>>,
    props: PipelineProps,
  ): StateMachine {
    const functions = Object.fromEntries(
      PIPELINE_STAGES.map((stage) => [stage, this.functions[stage].function]),
    ) as Record<PipelineStage, NodeFunction['function']>;
    const role = runRole(this, Object.values(functions), props.tracing ?? false);
    const definition = runDefinition(new Construct(this, 'States'), { functions, shardsAtOnce });
    const machine = new StateMachine(this, 'Run', {
      comment: 'Mirrorwatch: one run over the archive',
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(definition),
      role: role.withoutPolicyUpdates(),
      timeout: Duration.hours(8),
      tracingEnabled: props.tracing ?? false,
      logs: {
        destination: new LogGroup(this, 'RunLogs', {
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // Inputs and results are in the console for ninety days; in logs nothing needs them.
        includeExecutionData: false,
      },
    });
    // Logs cannot be set up before the role may.
    machine.node.addDependency(role);
    allowMaps(this, role, machine);
    if (!props.tracing) {
      acknowledge(machine, 'SF2', 'traces cost by the state; `-c tracing=true` turns them on');
    }
    return machine;
  }
}

const isCheck = (stage: PipelineStage): stage is CheckStage => stage.startsWith('check-');

/** `check-s3-files` → `CheckS3Files`. */
const pascal = (name: string) =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
