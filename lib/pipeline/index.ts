// The run: a schedule starts the state machine, which calls the stages' functions.

import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IVersion } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { folderOf } from '../../core/documents/paths.ts';
import { type Archive, FIRST_STAGE, LAST_STAGE } from '../../core/monitor/archive.ts';
import {
  addressVariable,
  ENVIRONMENT,
  LONGEST_RUN_MS,
  METRICS_NAMESPACE,
  nameFor,
  SCHEDULED,
  stateName,
  WATCH,
} from '../../lambdas/names.ts';
import { bundle } from '../bundle.ts';
import { NodeFunction } from '../node-function.ts';
import { acknowledge, allow } from '../reasons.ts';
import type { Results } from '../results/index.ts';
import { PLAN, pipelineStages } from '../settings.ts';
import { RECORD_END, recordEnds, undeliveredQueue } from './ends.ts';
import { grantResults, grantSite } from './permissions.ts';
import { allowMaps, allowQuestions, runRole } from './run-role.ts';
import { needsWatching, WATCH_SILENCE, watchSilence } from './silence.ts';
import { runDefinition } from './state-machine.ts';
import { OldVersions } from './versions.ts';
import { watchChanges } from './watch.ts';

export interface PipelineProps {
  readonly results: Results;
  readonly archive: Archive;
  /** By place. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Megabytes of each function. */
  readonly memory: Readonly<Record<string, number>>;
  /** Concurrent functions of the file comparison. */
  readonly concurrency: number;
  readonly logRetention: RetentionDays;
  /** EventBridge Scheduler expression in UTC. @default null: runs are started by hand */
  readonly schedule?: string | null;
  /** The same for looking at what changed. @default null: never */
  readonly watch?: string | null;
  /** Name of an SSM SecureString. @default null: requests to GitHub have no token */
  readonly githubTokenParameter?: string | null;
  /** Named in the User-Agent. @default null */
  readonly contactUrl?: string | null;
  /** The mirror host's text for a repository that does not exist. Default: GitHub's and git's. */
  readonly mirrorAbsent?: string | null;
  /** The enabled content checks, comma-separated. @default null: all of them */
  readonly checks?: string | null;
  /** Days that a new dataset's copies may take. @default null: the functions' default */
  readonly newDatasetDays?: number | null;
  /** Mirrors that a second git reader also reads. @default null: the functions' default */
  readonly secondReadings?: number | null;
  /** Days for which the registry may be unreadable. @default null: the functions' default */
  readonly registryDays?: number | null;
  /** Gets what a run has to tell the operator. */
  readonly topic: ITopic;
  /** Address of the site; null where there is none: then its files are looked at in the bucket. */
  readonly siteUrl: string | null;
  /** Whether there is a dashboard of the runs. @default false */
  readonly dashboard?: boolean;
  /** X-Ray. @default false */
  readonly tracing?: boolean;
}

/** Of functions that nobody sizes. */
const LEAST_MEMORY = 512;

/** They record how a run ended, and tell the operator. */
const ENDING: ReadonlySet<string> = new Set([FIRST_STAGE, LAST_STAGE, RECORD_END]);

interface StageTraits {
  readonly does: string;
  readonly timeout: Duration;
  /** Datasets in work at once in one function. */
  readonly entriesAtOnce: number;
  /** Gets the token for the mirrors, if there is one. */
  readonly asksMirror?: boolean;
}

/**
 * Lambda's maximum; the functions stop by themselves ten seconds before. Their own work takes
 * seconds (docs/aws.md, "What the functions need"). Only a host that asks to be left alone may take
 * minutes.
 */
const LONGEST = Duration.minutes(15);

function traitsOf({ measurements }: Archive, stage: string): StageTraits {
  const measurement = measurements.find(({ id }) => id === stage);
  if (measurement) {
    const { does, workers, asks } = measurement;
    return {
      does: `${does.slice(0, 1).toUpperCase()}${does.slice(1)}`,
      timeout: LONGEST,
      entriesAtOnce: workers.entriesAtOnce,
      asksMirror: asks.includes('mirror'),
    };
  }
  return OTHERS[stage] as StageTraits;
}

const OTHERS: Readonly<Record<string, StageTraits>> = {
  [FIRST_STAGE]: {
    does: 'Read the registry and share its datasets out',
    timeout: LONGEST,
    entriesAtOnce: 16,
  },
  [PLAN]: {
    does: 'Share further measurements out by what they cost',
    timeout: Duration.minutes(5),
    entriesAtOnce: 16,
  },
  [WATCH_SILENCE]: {
    does: 'Tell for how long nothing was published',
    timeout: Duration.minutes(1),
    entriesAtOnce: 1,
  },
  [WATCH]: {
    does: 'Look at what changed, and start a run over it',
    timeout: LONGEST,
    entriesAtOnce: 16,
    asksMirror: true,
  },
  [LAST_STAGE]: {
    does: 'Make the summary and publish it, or hold it',
    timeout: LONGEST,
    entriesAtOnce: 32,
  },
  [RECORD_END]: {
    does: 'Record the end of a run that could not do it itself',
    timeout: Duration.minutes(5),
    entriesAtOnce: 1,
  },
};

export class Pipeline extends Construct {
  readonly archive: Archive;
  readonly stateMachine: StateMachine;
  readonly functions: Readonly<Record<string, NodeFunction>>;
  /**
   * Starts of the schedule and ends of runs that could not be delivered or handled: each message is
   * something that a person must look at.
   */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    this.archive = props.archive;
    this.undelivered = undeliveredQueue(this);
    const shardsAtOnce = Object.fromEntries(
      props.archive.measurements.map(({ id, workers }) => [id, workers.most ?? props.concurrency]),
    );
    this.functions = Object.fromEntries(
      pipelineStages(props.archive).map((stage) => [
        stage,
        this.stageFunction(stage, shardsAtOnce[stage] ?? null, props),
      ]),
    );
    const versions = Object.fromEntries(
      Object.entries(this.functions).map(([stage, one]) => [
        stage,
        one.function.currentVersion as IVersion,
      ]),
    );
    this.stateMachine = this.runMachine(versions, shardsAtOnce, props);
    const { role } = this.functions[FIRST_STAGE] as NodeFunction;
    allowQuestions(this, role, this.stateMachine);
    new OldVersions(this, 'OldVersions', {
      versions: Object.values(versions),
      stateMachine: this.stateMachine,
      logRetention: props.logRetention,
    });
    recordEnds(this, {
      stateMachine: this.stateMachine,
      recordEnd: this.stageFunction(RECORD_END, null, props),
      undelivered: this.undelivered,
    });
    if (props.schedule) {
      new Schedule(this, 'Schedule', {
        description: 'Starts a full run',
        schedule: ScheduleExpression.expression(props.schedule),
        target: new StepFunctionsStartExecution(this.stateMachine, {
          input: ScheduleTargetInput.fromObject(SCHEDULED),
          // A run that starts hours late would overlap the next one.
          maxEventAge: Duration.hours(2),
          retryAttempts: 5,
          deadLetterQueue: this.undelivered,
        }),
      });
      if (needsWatching(props.schedule)) {
        watchSilence(this, this.stageFunction(WATCH_SILENCE, null, props));
      }
    }
    if (props.watch) {
      const watch = this.stageFunction(WATCH, null, props);
      watchChanges(this, props.watch, watch, this.stateMachine);
    }
  }

  private stageFunction(
    stage: string,
    /** Null for a function that makes no measurement. */
    shardsAtOnce: number | null,
    props: PipelineProps,
  ): NodeFunction {
    const { results, archive, addresses } = props;
    const traits = traitsOf(archive, stage);
    const token = traits.asksMirror ? props.githubTokenParameter : null;
    const made = new NodeFunction(this, stateName(stage), {
      code: bundle({
        entry: `lambdas/${shardsAtOnce === null ? stage : 'measure'}.lambda.ts`,
      }),
      description: `Mirrorwatch ${stage}: ${traits.does}`,
      // It reads the published summary, like the last stage.
      memory: props.memory[stage === RECORD_END ? LAST_STAGE : stage] ?? LEAST_MEMORY,
      timeout: traits.timeout,
      logRetention: props.logRetention,
      tracing: props.tracing ?? false,
      deadLetterQueue: stage === RECORD_END ? (this.undelivered as IQueue) : undefined,
      environment: {
        [ENVIRONMENT.bucket]: results.bucket.bucketName,
        [ENVIRONMENT.table]: results.table.tableName,
        [ENVIRONMENT.archive]: archive.id,
        ...(shardsAtOnce !== null && { [ENVIRONMENT.measurement]: stage }),
        ...Object.fromEntries(
          Object.entries(addresses).map(([place, url]) => [addressVariable(place), url]),
        ),
        [ENVIRONMENT.concurrency]: String(traits.entriesAtOnce),
        [ENVIRONMENT.shardsAtOnce]: String(shardsAtOnce ?? 1),
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
        ...(ENDING.has(stage) && { [ENVIRONMENT.topic]: props.topic.topicArn }),
        ...(stage === LAST_STAGE && {
          ...(props.siteUrl && { [ENVIRONMENT.siteUrl]: props.siteUrl }),
          ...(props.dashboard && { [ENVIRONMENT.dashboard]: 'true' }),
        }),
        // Every metric's dimension: two stacks in one account are apart.
        POWERTOOLS_SERVICE_NAME: nameFor(Stack.of(this).stackName, folderOf(archive)),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
    });
    grantResults(made.role, archive, stage, results);
    if (ENDING.has(stage)) {
      allow(made.role, { actions: ['sns:Publish'], resources: [props.topic.topicArn] });
    }
    if (stage === LAST_STAGE && !props.siteUrl) grantSite(made.role, results);
    if (token) {
      const resources = [
        Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${token}` }),
      ];
      allow(made.role, { actions: ['ssm:GetParameter'], resources });
    }
    return made;
  }

  private runMachine(
    functions: Readonly<Record<string, IVersion>>,
    shardsAtOnce: Readonly<Record<string, number>>,
    props: PipelineProps,
  ): StateMachine {
    const all = Object.values(functions).map(({ lambda }) => lambda);
    const role = runRole(this, all, props.tracing ?? false);
    const definition = runDefinition(new Construct(this, 'States'), {
      archive: props.archive,
      functions,
      shardsAtOnce,
    });
    const machine = new StateMachine(this, 'Run', {
      comment: 'Mirrorwatch: one run over the archive',
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(definition),
      role: role.withoutPolicyUpdates(),
      timeout: Duration.millis(LONGEST_RUN_MS),
      tracingEnabled: props.tracing ?? false,
      logs: {
        destination: new LogGroup(this, 'RunLogs', {
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
    allowMaps(this, role, machine);
    if (!props.tracing) {
      acknowledge(
        machine,
        'SF2',
        'traces cost by the state; `-c mirrorwatch:tracing=true` turns them on',
      );
    }
    return machine;
  }
}
