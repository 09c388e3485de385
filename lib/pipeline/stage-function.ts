// The function of a stage: what it is for, its environment and its rights.

import { Duration, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { folderOf } from '../../core/documents/paths.ts';
import { type Archive, FIRST_STAGE, LAST_STAGE } from '../../core/monitor/archive.ts';
import {
  addressVariable,
  ENVIRONMENT,
  METRICS_NAMESPACE,
  nameFor,
  stateName,
  WATCH,
} from '../../lambdas/names.ts';
import { bundle } from '../bundle.ts';
import { PLAN } from '../functions.ts';
import { NodeFunction } from '../node-function.ts';
import { allow } from '../reasons.ts';
import { frequencyOf } from '../schedule.ts';
import { RECORD_END } from './ends.ts';
import { grantResults, grantSite } from './permissions.ts';
import type { PipelineProps } from './props.ts';
import { WATCH_SILENCE } from './silence.ts';

/** Of functions without a size of their own. */
const LEAST_MEMORY = 512;

/** They record how a run ended, and tell the operator. */
const ENDING: ReadonlySet<string> = new Set([FIRST_STAGE, LAST_STAGE, RECORD_END]);

/** Nobody waits for them, so nobody would hear that they fail. */
const CALLED_BY_EVENTS: ReadonlySet<string> = new Set([RECORD_END, WATCH]);

interface StageTraits {
  readonly does: string;
  readonly timeout: Duration;
  /** Datasets in work at once in one function. */
  readonly entriesAtOnce: number;
  /** Gets the deployment's GitHub token, if there is one. */
  readonly asksGithub?: boolean;
}

/**
 * Lambda's maximum; the functions stop by themselves ten seconds before. Their own work takes
 * seconds (docs/aws.md, "What the functions need"). Only a host that asks to be left alone may take
 * minutes.
 */
const LONGEST = Duration.minutes(15);

function traitsOf({ measurements, places, marks }: Archive, stage: string): StageTraits {
  const measurement = measurements.find(({ id }) => id === stage);
  if (measurement) {
    const { does, workers, asks } = measurement;
    return {
      does: `${does.slice(0, 1).toUpperCase()}${does.slice(1)}`,
      timeout: LONGEST,
      entriesAtOnce: workers.entriesAtOnce,
      asksGithub: asks.some((place) => places[place]?.isGithub === true),
    };
  }
  return { ...(OTHERS[stage] as StageTraits), asksGithub: stage === WATCH && marks !== undefined };
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

/** Functions of each measurement that run at once. */
export function shardsAtOnce({ archive, concurrency }: PipelineProps): Record<string, number> {
  return Object.fromEntries(
    archive.measurements.map(({ id, workers }) => [id, workers.most ?? concurrency]),
  );
}

/** @param undelivered gets the events that a function could not handle */
export function stageFunction(
  scope: Construct,
  stage: string,
  undelivered: IQueue,
  props: PipelineProps,
): NodeFunction {
  const { results, archive } = props;
  const traits = traitsOf(archive, stage);
  const token = traits.asksGithub ? (props.githubTokenParameter ?? null) : null;
  const isMeasurement = archive.measurements.some(({ id }) => id === stage);
  const made = new NodeFunction(scope, stateName(stage), {
    code: bundle({ entry: `lambdas/${isMeasurement ? 'measure' : stage}.lambda.ts` }),
    description: `Mirrorwatch ${stage}: ${traits.does}`,
    // It reads the published summary, like the last stage.
    memory: props.memory[stage === RECORD_END ? LAST_STAGE : stage] ?? LEAST_MEMORY,
    timeout: traits.timeout,
    logRetention: props.logRetention,
    tracing: props.tracing ?? false,
    deadLetterQueue: CALLED_BY_EVENTS.has(stage) ? undelivered : undefined,
    environment: environmentOf(Stack.of(scope), stage, traits, token, props),
  });
  grantResults(made.role, archive, stage, results);
  if (ENDING.has(stage)) {
    allow(made.role, { actions: ['sns:Publish'], resources: [props.topic.topicArn] });
  }
  if (stage === LAST_STAGE && !props.siteUrl) grantSite(made.role, results);
  if (stage === LAST_STAGE) {
    allow(made.role, { actions: ['sns:Publish'], resources: [props.changes.topicArn] });
    if (props.webhook) allowParameter(made.role, Stack.of(scope), props.webhook.secretParameter);
  }
  if (token) allowParameter(made.role, Stack.of(scope), token);
  return made;
}

/** @param name with its leading slash */
function allowParameter(role: Role, stack: Stack, name: string): void {
  const resources = [stack.formatArn({ service: 'ssm', resource: `parameter${name}` })];
  allow(role, { actions: ['ssm:GetParameter'], resources });
}

function environmentOf(
  stack: Stack,
  stage: string,
  { entriesAtOnce }: StageTraits,
  token: string | null,
  props: PipelineProps,
): Record<string, string> {
  const { results, archive, addresses } = props;
  const shards = shardsAtOnce(props)[stage];
  return {
    [ENVIRONMENT.bucket]: results.bucket.bucketName,
    [ENVIRONMENT.table]: results.table.tableName,
    [ENVIRONMENT.archive]: archive.id,
    ...(shards !== undefined && { [ENVIRONMENT.measurement]: stage }),
    ...Object.fromEntries(
      Object.entries(addresses).map(([place, url]) => [addressVariable(place), url]),
    ),
    [ENVIRONMENT.concurrency]: String(entriesAtOnce),
    [ENVIRONMENT.shardsAtOnce]: String(shards ?? 1),
    ...(props.checks && { [ENVIRONMENT.checks]: props.checks }),
    ...(props.newDatasetDays != null && {
      [ENVIRONMENT.newDatasetDays]: String(props.newDatasetDays),
    }),
    ...(Object.keys(props.choices ?? {}).length > 0 && {
      [ENVIRONMENT.choices]: JSON.stringify(props.choices),
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
    ...(ENDING.has(stage) && {
      [ENVIRONMENT.topic]: props.topic.topicArn,
      ...hoursBetween(ENVIRONMENT.runEveryHours, props.schedule),
      ...hoursBetween(ENVIRONMENT.watchEveryHours, props.watch),
    }),
    ...(stage === LAST_STAGE && {
      ...(props.siteUrl && { [ENVIRONMENT.siteUrl]: props.siteUrl }),
      [ENVIRONMENT.datasets]: String(props.sizedFor),
      [ENVIRONMENT.changesTopic]: props.changes.topicArn,
      ...(props.webhook && {
        [ENVIRONMENT.webhookUrl]: props.webhook.url,
        [ENVIRONMENT.webhookSecretParameter]: props.webhook.secretParameter,
      }),
      ...(props.notifyFrom && { [ENVIRONMENT.notifyFrom]: props.notifyFrom }),
      ...(props.digest && props.digest !== 'off' && { [ENVIRONMENT.digest]: props.digest }),
      ...(props.badgeLabel && { [ENVIRONMENT.badgeLabel]: props.badgeLabel }),
      ...(props.dashboard && { [ENVIRONMENT.dashboard]: 'true' }),
    }),
    // Every metric's dimension: two stacks in one account are apart.
    POWERTOOLS_SERVICE_NAME: nameFor(stack.stackName, folderOf(archive)),
    POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
  };
}

/** The longest time between two firings of a schedule, in a variable. */
const hoursBetween = (variable: string, expression?: string | null): Record<string, string> =>
  expression ? { [variable]: String(frequencyOf(expression).longestHours) } : {};
