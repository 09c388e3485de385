// Makes what a function needs from the environment, which is read only here: clients that live as
// long as the container, and tools for one invocation.

import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ARCHIVES } from '../archives/index.ts';
import { DIGESTS, NOTIFY_FROM } from '../core/history/settings.ts';
import { systemClock } from '../core/http/clock.ts';
import { createHttpClient, userAgent } from '../core/http.ts';
import type { Archive } from '../core/monitor/archive.ts';
import type { Log } from '../core/monitor/context.ts';
import { REGISTRY_DAYS } from '../core/monitor/hold.ts';
import { NEW_DATASET_DAYS } from '../core/monitor/new-entries.ts';
import { SECOND_READINGS } from '../core/protocols/git/second-reader.ts';
import project from '../package.json' with { type: 'json' };
import { openAwsStore } from './aws-store.ts';
import type { Run, RunInput } from './contract.ts';
import { stillRuns } from './executions.ts';
import { readGithubToken, tokenRefused } from './github-token.ts';
import { metric } from './logging.ts';
import { ALARM_METRICS, addressVariable, ENVIRONMENT } from './names.ts';
import { secretWebhook, topicChannel } from './notifiers.ts';
import { sharedHosts } from './shared-hosts.ts';
import type { Metric, Tools } from './steps/tools.ts';
import { visitInBucket, visitOverHttp } from './visitor.ts';

const address = z.url({ protocol: /^https?$/ });
const environmentSchema = z.object({
  [ENVIRONMENT.bucket]: z.string().min(3),
  [ENVIRONMENT.table]: z.string().min(3),
  [ENVIRONMENT.archive]: z.enum(ARCHIVES.map(({ id }) => id)),
  [ENVIRONMENT.measurement]: z.string().optional(),
  [ENVIRONMENT.mirrorAbsent]: z.string().optional(),
  [ENVIRONMENT.concurrency]: z.coerce.number().int().positive().default(8),
  [ENVIRONMENT.shardsAtOnce]: z.coerce.number().int().positive().default(1),
  [ENVIRONMENT.checks]: z
    .string()
    .transform((names) => names.split(','))
    .optional(),
  [ENVIRONMENT.newDatasetDays]: z.coerce.number().int().nonnegative().default(NEW_DATASET_DAYS),
  [ENVIRONMENT.choices]: z
    .string()
    .transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text)))
    .optional(),
  [ENVIRONMENT.secondReadings]: z.coerce.number().int().nonnegative().default(SECOND_READINGS),
  [ENVIRONMENT.registryDays]: z.coerce.number().int().nonnegative().default(REGISTRY_DAYS),
  [ENVIRONMENT.runEveryHours]: z.coerce.number().positive().optional(),
  [ENVIRONMENT.watchEveryHours]: z.coerce.number().positive().optional(),
  [ENVIRONMENT.datasets]: z.coerce.number().int().positive().optional(),
  [ENVIRONMENT.contactUrl]: address.optional(),
  [ENVIRONMENT.githubTokenParameter]: z.string().optional(),
  [ENVIRONMENT.topic]: z.string().optional(),
  [ENVIRONMENT.siteUrl]: address.optional(),
  [ENVIRONMENT.notifyFrom]: z.enum(NOTIFY_FROM).optional(),
  [ENVIRONMENT.digest]: z.enum(DIGESTS).optional(),
  [ENVIRONMENT.badgeLabel]: z.string().optional(),
  [ENVIRONMENT.changesTopic]: z.string().optional(),
  [ENVIRONMENT.webhookUrl]: z.url({ protocol: /^https$/ }).optional(),
  [ENVIRONMENT.webhookSecretParameter]: z.string().optional(),
  [ENVIRONMENT.dashboard]: z.literal('true').optional(),
  /** The name of the stack. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
  [ENVIRONMENT.stateMachine]: z.string().optional(),
  AWS_ENDPOINT_URL: z.string().optional(),
});

type Container = Awaited<ReturnType<typeof openContainer>>;
let container: Promise<Container> | undefined;

/** Tools for one invocation. Its requests are counted from zero. */
export async function openTools(
  log: Log,
  signal: AbortSignal,
  /** Absent for a function that takes no part in one, and asks no host. */
  run: Run | undefined,
): Promise<Tools & { close(): Promise<void> }> {
  container ??= openContainer();
  const opened = await container.catch((error: unknown) => {
    container = undefined;
    throw error;
  });
  const { store, environment, ssm, sfn, sns, s3, dynamo } = opened;
  const invocation = randomUUID();
  const peers = sharedHosts({
    ...{ dynamo, table: environment[ENVIRONMENT.table], clock: systemClock, log },
    ...{ run: run?.start ?? '', name: invocation },
  });
  const parameter = environment[ENVIRONMENT.githubTokenParameter];
  // Read for each invocation: a container lives for hours, and the token may be replaced.
  let tokenFault: string | null = null;
  const onUnusable = (reason: string) => {
    tokenFault = reason;
  };
  const mirrorToken = parameter && (await readGithubToken(ssm, parameter, { log, onUnusable }));
  const stateMachineArn = environment[ENVIRONMENT.stateMachine];
  const definition = definitionOf(environment);
  const addresses = addressesOf(definition);
  const site = environment[ENVIRONMENT.siteUrl];
  const contact = environment[ENVIRONMENT.contactUrl];
  const changesTopic = environment[ENVIRONMENT.changesTopic];
  const webhookUrl = environment[ENVIRONMENT.webhookUrl];
  const secretParameter = environment[ENVIRONMENT.webhookSecretParameter];
  const http = createHttpClient({
    userAgent: contact ? userAgent(project.version, contact) : `mirrorwatch/${project.version}`,
    limits: definition.limits,
    clients: environment[ENVIRONMENT.shardsAtOnce],
    peers,
    onPause: (host, milliseconds) =>
      log('warn', 'the host asks to be left alone', { host, milliseconds }),
    onLeftAlone: (host, why) => log('warn', why, { host }),
  });
  return {
    store: store(log),
    archive: {
      definition,
      sources: definition.open({
        http,
        addresses,
        tokens: githubTokens(definition, mirrorToken),
        mirrorAbsent: environment[ENVIRONMENT.mirrorAbsent],
        onTokenRefused: tokenRefused({ log, onUnusable }),
      }),
      about: definition.describe(addresses),
      identity: Object.values(addresses),
      traffic: http.traffic,
    },
    now: () => new Date(),
    memoryBytes: () => process.memoryUsage.rss(),
    log,
    metric: environment[ENVIRONMENT.dashboard] ? metric : onlyAlarmed,
    deployment: {
      name: environment.POWERTOOLS_SERVICE_NAME,
      async tell({ subject, text }) {
        const TopicArn = environment[ENVIRONMENT.topic];
        if (TopicArn === undefined) throw new Error(`${ENVIRONMENT.topic} is not set`);
        await sns.send(new PublishCommand({ TopicArn, Subject: subject, Message: text }));
      },
      visit: site
        ? visitOverHttp(site, signal)
        : visitInBucket(s3, environment[ENVIRONMENT.bucket]),
      pause: (milliseconds) => systemClock.sleep(milliseconds, signal),
      notifiers: [
        ...(changesTopic === undefined ? [] : [topicChannel(sns, changesTopic)]),
        ...(webhookUrl === undefined || secretParameter === undefined
          ? []
          : [secretWebhook(ssm, webhookUrl, secretParameter)]),
      ],
      digest: environment[ENVIRONMENT.digest],
    },
    told: {
      ...(site !== undefined && { siteUrl: site.replace(/\/+$/, '') }),
      badgeLabel: environment[ENVIRONMENT.badgeLabel],
      notifyFrom: environment[ENVIRONMENT.notifyFrom],
    },
    ...(parameter && { tokenFault: () => tokenFault }),
    concurrency: environment[ENVIRONMENT.concurrency],
    checks: environment[ENVIRONMENT.checks],
    measurement: environment[ENVIRONMENT.measurement] ?? null,
    newDatasetDays: environment[ENVIRONMENT.newDatasetDays],
    choices: environment[ENVIRONMENT.choices],
    secondReadings: environment[ENVIRONMENT.secondReadings],
    registryDays: environment[ENVIRONMENT.registryDays],
    runEveryHours: environment[ENVIRONMENT.runEveryHours],
    watchEveryHours: environment[ENVIRONMENT.watchEveryHours],
    sizedFor: environment[ENVIRONMENT.datasets],
    stillRuns: (executionArn) => stillRuns(sfn, executionArn, log),
    ...(stateMachineArn && { startRun: (input) => startExecution(sfn, stateMachineArn, input) }),
    invocation,
    signal,
    async close() {
      http.close();
      await peers.close();
    },
  };
}

/** By place. */
function githubTokens({ places }: Archive, token: string | undefined) {
  const asked = Object.entries(places).filter(([, { isGithub }]) => isGithub);
  return Object.fromEntries(asked.map(([place]) => [place, token]));
}

async function startExecution(sfn: SFNClient, stateMachineArn: string, input: RunInput) {
  await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
}

const definitionOf = (environment: z.infer<typeof environmentSchema>): Archive =>
  ARCHIVES.find(({ id }) => id === environment[ENVIRONMENT.archive]) as Archive;

async function openContainer() {
  const environment = environmentSchema.parse(process.env);
  // Emulators have no separate host name for each bucket.
  const s3 = new S3Client({ forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined });
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient());
  return {
    environment,
    dynamo,
    s3,
    sns: new SNSClient(),
    ssm: new SSMClient({ maxAttempts: 5 }),
    sfn: new SFNClient(),
    store: (log: Log) =>
      openAwsStore({
        archive: definitionOf(environment),
        archives: ARCHIVES,
        s3,
        dynamo,
        bucket: environment[ENVIRONMENT.bucket],
        table: environment[ENVIRONMENT.table],
        onUnreadable: (record) => log('warn', 'unreadable record, measuring again', { record }),
      }),
  };
}

const ALARMED: ReadonlySet<Metric> = new Set(Object.values(ALARM_METRICS));
/** The others would cost and nobody would look at them. */
function onlyAlarmed(name: Metric, value: number): void {
  if (ALARMED.has(name)) metric(name, value);
}

/** Each place of the archive has its own variable. */
function addressesOf({ places }: Archive): Record<string, string> {
  return Object.fromEntries(
    Object.keys(places).map((place) => {
      const name = addressVariable(place);
      const parsed = address.safeParse(process.env[name]);
      if (!parsed.success) throw new Error(`${name} holds no http(s) address`);
      return [place, parsed.data];
    }),
  );
}
