// The run as a state machine: the order of the stages, what is retried, and what a failure becomes.
// An error that ends the execution is recorded by `record-end` (ends.ts), as is every other end that
// no state can see. Retry and Catch are on the task inside an item and turn a lost shard into a value. `summarize`
// decides what that means (docs/checks.md#unverified). lambdas/contract.ts defines the events and
// results.

import { Duration, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DistributedMap,
  Fail,
  type IChainable,
  JitterType,
  JsonPath,
  Parallel,
  Pass,
  ProcessorMode,
  ProcessorType,
  type State,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import {
  type Archive,
  FIRST_STAGE,
  LAST_STAGE,
  levelsOf,
  type Measurement,
} from '../../core/monitor/archive.ts';
import { INVALID_INPUT, NO_TURN, OUT_OF_TIME, SUPERSEDED, stateName } from '../../lambdas/names.ts';
import { PLAN } from '../functions.ts';

export interface DefinitionProps {
  readonly archive: Archive;
  /** By stage. */
  readonly functions: Readonly<Record<string, IFunction>>;
  /** Concurrent functions in each map, by measurement. */
  readonly shardsAtOnce: Readonly<Record<string, number>>;
}

/**
 * Lambda's own faults, which say nothing about the work. CDK's default list lacks TooManyRequests,
 * the error of an account with no concurrency left.
 */
const LAMBDA_FAULTS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
];
/** Another run holds the lock, or the input is invalid: a retry changes nothing. */
const FINAL = [SUPERSEDED, INVALID_INPUT];

/** Five hours of fifteen minutes each: a shard that needs more will never end. */
const SHARD_TRIES = 20;
/**
 * Further tries of the first and the last stage. The registry's reading resumes, with some 450 pages
 * in each try; what comes after it is done again. `summarize` resumes the files that a run writes for
 * all datasets: the first run, and one with other words or colours. 100,000 datasets take three tries
 * of the first stage (test/scale).
 */
const RESUMED_TRIES = 6;
const RESUMING: readonly string[] = [FIRST_STAGE, LAST_STAGE];
/**
 * How often a function may die and be sent again. For a shard: once with several datasets in work,
 * then once for each of four that kill (lambdas/steps/check.ts).
 */
const DEATHS = { ofStep: 1, ofShard: 5 };
/** A lost shard is a value, so a map fails only when Step Functions cannot run the items. */
const TOLERATED_FAILURE_PERCENT = 50;
/** Longer than any function may run: for an invocation whose end never arrives. */
const TASK_TIMEOUT = Duration.minutes(16);

const EVERYTHING = ['States.ALL'];

/** Between two tries of a run that waits for its turn. */
const TRIES_EVERY = Duration.minutes(5);

/** Step Functions itself names the run (lambdas/contract.ts). FetchRegistry passes it on. */
const BEGINS = {
  run: {
    name: JsonPath.stringAt('$$.Execution.Name'),
    start: JsonPath.stringAt('$$.State.EnteredTime'),
    input: JsonPath.objectAt('$$.Execution.Input'),
  },
  execution: {
    arn: JsonPath.stringAt('$$.Execution.Id'),
    start: JsonPath.stringAt('$$.Execution.StartTime'),
  },
};
const RUN = JsonPath.objectAt('$.run');

/** The whole run; see docs/aws.md for the picture. */
export function runDefinition(scope: Construct, props: DefinitionProps): IChainable {
  const invoke = (id: string, stage: string, payload: object, resultPath?: string) =>
    invokeStage(scope, id, {
      lambdaFunction: props.functions[stage] as IFunction,
      payload,
      // `plan` starts over, so it would run out of time again.
      outOfTimeTries: RESUMING.includes(stage) ? RESUMED_TRIES : 0,
      ...(resultPath !== undefined && { resultPath }),
    });

  const outcome = new Choice(scope, 'MayItBePublished')
    .when(outcomeIs('$.summary.outcome', 'held'), fail(scope, 'PublishHeld', '$.summary.why'))
    .when(outcomeIs('$.summary.outcome', 'failed'), fail(scope, 'RunFailed', '$.summary.why'))
    .otherwise(new Succeed(scope, 'Done'));

  // From the last level to the first, since each needs the state that follows it.
  const summarize = invoke('Summarize', LAST_STAGE, { run: RUN }, '$.summary');
  summarize.next(outcome);
  let next: State = summarize;
  const levels = levelsOf(props.archive);
  for (const [level, measurements] of [...levels.entries()].toReversed()) {
    const checks = checksOf(scope, level, measurements, next, props);
    if (level === 0) next = checks;
    else {
      const plan = invoke(level === 1 ? 'Plan' : `Plan${level}`, PLAN, { run: RUN, level });
      plan.next(checks);
      next = plan;
    }
  }

  const fetchRegistry = invoke('FetchRegistry', FIRST_STAGE, BEGINS);
  const wait = new Wait(scope, 'WaitForTurn', { time: WaitTime.duration(TRIES_EVERY) });
  const mayItRun = new Choice(scope, 'MayItRun')
    .when(outcomeIs('$.outcome', 'another-run'), new Succeed(scope, 'AnotherRunIsOn'))
    .when(outcomeIs('$.outcome', 'wait'), wait.next(fetchRegistry))
    .when(outcomeIs('$.outcome', 'no-turn'), fail(scope, NO_TURN, '$.why'))
    .when(outcomeIs('$.outcome', 'unchanged'), new Succeed(scope, 'NothingHasChanged'))
    .when(outcomeIs('$.outcome', 'stopped'), fail(scope, 'RegistryStopped', '$.why'))
    .when(
      outcomeIs('$.outcome', 'refused'),
      new Fail(scope, 'InputRefused', { error: INVALID_INPUT, causePath: '$.why' }),
    )
    .otherwise(next);
  return fetchRegistry.next(mayItRun);
}

/** The measurements of a level in parallel, then the next state, even if some of them failed. */
function checksOf(
  scope: Construct,
  level: number,
  measurements: readonly Measurement[],
  next: State,
  props: DefinitionProps,
): State {
  const maps = measurements.map(({ id }) =>
    checkMap(scope, stateName(id), { ...props, stage: id, shards: `$.shards.${stateName(id)}` }),
  );
  const [first] = maps as [(typeof maps)[number], ...typeof maps];
  if (maps.length === 1) {
    first.map.next(next);
    first.failed.next(next);
    return first.map;
  }
  const id = level === 0 ? 'FirstChecks' : `Checks${level}`;
  const parallel = new Parallel(scope, id, { resultPath: JsonPath.DISCARD });
  for (const { map } of maps) parallel.branch(map);
  parallel.addCatch(next, { errors: EVERYTHING, resultPath: '$.caught' });
  parallel.next(next);
  return parallel;
}

interface InvokeProps {
  readonly lambdaFunction: IFunction;
  readonly payload: object;
  /** How often a function that stopped in time is sent again. */
  readonly outOfTimeTries: number;
  /** Where the result goes in the state. Without it the result replaces the state. */
  readonly resultPath?: string;
  /** How often one that died is sent again. */
  readonly deaths?: number;
}

function invokeStage(scope: Construct, id: string, props: InvokeProps): LambdaInvoke {
  const { lambdaFunction, payload, outOfTimeTries, resultPath, deaths = DEATHS.ofStep } = props;
  const task = new LambdaInvoke(scope, id, {
    lambdaFunction,
    payload: TaskInput.fromObject(payload),
    // With its plain ARN a function's errors keep their names, and its result is not wrapped.
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    ...(resultPath && { resultPath }),
    taskTimeout: Timeout.duration(TASK_TIMEOUT),
  });
  task
    .addRetry({ errors: FINAL, maxAttempts: 0 })
    .addRetry({
      errors: LAMBDA_FAULTS,
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxAttempts: 6,
      maxDelay: Duration.minutes(1),
      jitterStrategy: JitterType.FULL,
    })
    .addRetry({
      errors: [OUT_OF_TIME],
      interval: Duration.seconds(1),
      backoffRate: 1,
      maxAttempts: outOfTimeTries,
    })
    // Killed for time or memory: finished work is kept, so the retry has less to do.
    .addRetry({
      errors: EVERYTHING,
      interval: Duration.seconds(10),
      backoffRate: 1,
      maxAttempts: deaths,
    });
  return task;
}

interface CheckMapProps extends DefinitionProps {
  readonly stage: string;
  /** Path of the list of shards in the state. */
  readonly shards: string;
}

/** A map over the shards of a measurement. Its results are the records; the state is unchanged. */
function checkMap(scope: Construct, id: string, props: CheckMapProps) {
  const { stage, shards, functions, shardsAtOnce } = props;
  const item = { run: RUN, shard: JsonPath.objectAt('$.shard') };
  const lost = new Pass(scope, `${id}ShardLost`, {
    parameters: {
      ok: false,
      shard: JsonPath.stringAt('$.shard.id'),
      error: JsonPath.stringAt('$.caught.Error'),
    },
  });
  const map = new DistributedMap(scope, id, {
    itemsPath: shards,
    itemSelector: {
      run: RUN,
      shard: JsonPath.objectAt('$$.Map.Item.Value'),
    },
    maxConcurrency: shardsAtOnce[stage] as number,
    toleratedFailurePercentage: TOLERATED_FAILURE_PERCENT,
    label: id,
    resultPath: JsonPath.DISCARD,
  });
  map.itemProcessor(
    invokeStage(scope, `${id}Shard`, {
      lambdaFunction: functions[stage] as IFunction,
      payload: item,
      outOfTimeTries: SHARD_TRIES,
      deaths: DEATHS.ofShard,
    }).addCatch(lost, { errors: EVERYTHING, resultPath: '$.caught' }),
    // A shard may take a function's fifteen minutes; an express child is stopped after five.
    { mode: ProcessorMode.DISTRIBUTED, executionType: ProcessorType.STANDARD },
  );
  Validations.of(map).acknowledge({
    id: 'Annotation::@aws-cdk/aws-stepfunctions:propertyIgnored',
    reason: 'CDK demands the execution type of the items and then says that it has one',
  });
  // The run continues: the records have the measurements and show what is missing.
  const failed = new Pass(scope, `${id}Failed`);
  map.addCatch(failed, { errors: EVERYTHING, resultPath: '$.caught' });
  return { map, failed };
}

const outcomeIs = (path: string, outcome: string) => Condition.stringEquals(path, outcome);

const fail = (scope: Construct, id: string, causePath: string) =>
  new Fail(scope, id, { error: id, causePath });
