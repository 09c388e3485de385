// How runs end on the deployed stack when no state of theirs can tell, how the next ones begin, and
// with which code a run ends.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  InvokeCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { keysOf, SCHEDULED } from '../../lambdas/names.ts';
import { LOCK_MS } from '../../lambdas/run-store.ts';
import { KEPT_MS, removeOldVersions } from '../../lambdas/versions.ts';
import { endEvent } from '../support/end-event.ts';
import { clients } from './clients.ts';
import { bootstrap, type Deployment, deploy, inCheckout, openDeployment } from './deployment.ts';
import { resetEmulator } from './emulator.ts';
import { keepKilling, pause } from './kill.ts';

/** The emulator that these tests started; null if the endpoint was given. */
const OWN = inject('emulatorGroup');
const ENDPOINT = inject('awsEnv').AWS_ENDPOINT_URL as string;
/** Two stages, of which the first can be made slow. */
const SHORT = { stages: ['check-github', 'summarize'] };

// Functions are killed and paused, which only our own emulator allows.
describe.skipIf(OWN === null)('on the deployed stack', () => {
  const group = OWN as number;
  const { sfn, lambda } = clients();
  let sample: SampleServer;
  let deployment: Deployment;

  beforeAll(async () => {
    await resetEmulator(ENDPOINT);
    sample = await startSampleArchive({ archive: generateArchive({ datasets: 30 }) });
    await bootstrap();
    deployment = openDeployment(await deploy(sample));
    expect((await deployment.run()).status).toBe('SUCCEEDED');
  });
  afterEach(() => sample.setLatency({}));
  // The other files begin with nothing, too.
  afterAll(async () => {
    await resetEmulator(ENDPOINT);
    await sample.close();
  });

  const status = async () => JSON.parse(await deployment.read('data/status.json')) as RunStatus;
  const lock = async () => {
    const { outputs, dynamo } = deployment;
    const command = new GetCommand({ TableName: outputs.TableName, Key: keysOf('').lock });
    return (await dynamo.send(command)).Item;
  };
  const put = (item: object) =>
    deployment.dynamo.send(
      new PutCommand({ TableName: deployment.outputs.TableName, Item: { ...item } }),
    );
  const told = async () => inCheckout('node', ['bin/mirrorwatch.ts', 'status', '--last', '1']);
  const outcomeOf = ({ output }: { output?: string | undefined }) => {
    const state = JSON.parse(output ?? '{}');
    return (state.summary ?? state).outcome;
  };

  /** A run whose mirrors are slow, once it has asked one of them. */
  async function slowRun(input: object = SHORT): Promise<string> {
    sample.setLatency({ refs: 400 });
    sample.resetStats();
    const running = await deployment.start(input);
    while (sample.stats().refs.requests === 0) await sleep(50);
    return running;
  }

  /** Calls the function that records ends, as EventBridge does. */
  async function tellEnd(run: { name: string; start: string }, detail: object): Promise<void> {
    const FunctionName = await functionArn('RecordEnd');
    const Payload = JSON.stringify(endEvent(run, detail));
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
  }

  async function functionArn(part: string): Promise<string> {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const found = Functions.find(({ FunctionName }) => FunctionName?.includes(part));
    return found?.FunctionArn ?? '';
  }

  /** A function records the end, some time after it. */
  async function untilRecorded(): Promise<RunStatus['lastRun']> {
    for (let tries = 0; tries < 300; tries += 1) {
      const { lastRun } = await status();
      if (lastRun.outcome === 'failed' && (await lock())?.expiresAt === 0) return lastRun;
      await sleep(200);
    }
    throw new Error('nothing recorded the end');
  }

  test('a run that is stopped is recorded, and the next one begins at once', async () => {
    const executionArn = await slowRun();
    expect((await lock())?.expiresAt).toBeGreaterThan(Date.now());
    await sfn.send(new StopExecutionCommand({ executionArn }));
    expect((await untilRecorded()).why).toEqual(['The run was stopped before its end.']);
    const { code, stdout } = await told();
    expect(stdout).toMatch(/ failed\n\n.*stopped before its end/s);
    expect(code).toBe(1);
    sample.setLatency({});
    expect(outcomeOf(await deployment.run(SHORT))).toBe('published');
    expect((await told()).code).toBe(0);
  });

  test('a run whose last function is killed is recorded, and the next one publishes', async () => {
    const before = await deployment.read('data/all-datasets.json');
    const killing = new AbortController();
    const killed = keepKilling(group, 'Summarize', killing.signal);
    const execution = await deployment.run(SHORT);
    killing.abort();
    expect(await killed).toBeGreaterThan(1);
    expect(execution.status).toBe('FAILED');
    const { why } = await untilRecorded();
    expect(why).toEqual([`The run could not continue: ${execution.error}.`]);
    expect(await deployment.read('data/all-datasets.json')).toBe(before);
    expect((await told()).code).toBe(1);
    expect(outcomeOf(await deployment.run(SHORT))).toBe('published');
  });

  test('a run of whose end nobody heard is shown as died, and keeps no other waiting', async () => {
    const now = Date.now();
    const start = new Date(now - 1000).toISOString();
    const request = { datasets: null, maxDatasets: null, stages: [], archive: [] };
    const run = { runStart: start, finishedAt: null, outcome: 'running', why: [], request };
    await put({ ...keysOf('').run(start), ...run, execution: 'gone' });
    await put({ ...keysOf('').lock, holder: 'gone', start, expiresAt: now + LOCK_MS });
    const { code, stdout } = await told();
    expect(stdout).toMatch(/ died\n/);
    expect(code).toBe(1);
    expect(outcomeOf(await deployment.run(SHORT))).toBe('published');
  });

  test('a run that takes too long is recorded, and the next one begins at once', async () => {
    // The emulator stops no execution at its time limit, so the event comes from here.
    const run = { name: 'slow', start: new Date().toISOString() };
    await put({
      ...keysOf('').lock,
      holder: run.name,
      start: run.start,
      expiresAt: Date.now() + LOCK_MS,
    });
    await tellEnd(run, { status: 'TIMED_OUT', stopDate: Date.now() });
    expect((await untilRecorded()).why).toEqual(['The run did not end within 8 hours.']);
    expect((await told()).code).toBe(1);
    expect(outcomeOf(await deployment.run(SHORT))).toBe('published');
  });

  test('one of two starts at once runs, and the other says which', async () => {
    sample.setLatency({ refs: 100 });
    const started = await Promise.all([deployment.start(SHORT), deployment.start(SHORT)]);
    const ended = await Promise.all(started.map((one) => deployment.untilEnded(one)));
    expect(ended.map(({ status: as }) => as)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(ended.map(outcomeOf).sort()).toEqual(['another-run', 'published']);
    const [winner] = ended.filter((one) => outcomeOf(one) === 'published');
    const [other] = ended.filter((one) => outcomeOf(one) === 'another-run');
    expect(JSON.parse(other?.output ?? '').why).toContain(winner?.name);
  });

  test('a scheduled run waits for the one that is on, and then publishes', async () => {
    const first = await slowRun();
    const second = await deployment.run({ ...SHORT, ...SCHEDULED });
    expect(outcomeOf(second)).toBe('published');
    const { stopDate, ...one } = await deployment.untilEnded(first);
    expect(outcomeOf(one)).toBe('published');
    expect(second.stopDate?.getTime()).toBeGreaterThan(stopDate?.getTime() ?? 0);
    const [, line] = (await told()).stdout.split('\n');
    expect(line).toMatch(/ published /);
  });

  test('a run ends with the code it began with, and the schedule starts one with the new', async () => {
    const other = await startSampleArchive({ archive: generateArchive({ datasets: 30 }) });
    try {
      const first = await slowRun({});
      const goOn = pause(group, 'CheckGithub');
      let listings: number;
      try {
        // Addresses are settings of a function, so of its version.
        await deploy(other, { schedule: 'rate(1 minute)' });
        listings = sample.stats().listing.requests;
      } finally {
        goOn();
      }
      sample.setLatency({});
      expect(outcomeOf(await deployment.untilEnded(first))).toBe('published');
      // Of the comparison of files, which begins after the deployment.
      expect(sample.stats().listing.requests).toBeGreaterThan(listings);

      const scheduled = await untilScheduled();
      expect(outcomeOf(scheduled)).toBe('published');
      expect(other.stats().refs.requests).toBeGreaterThan(0);
    } finally {
      await other.close();
    }
  });

  test('versions of before are there until no run needs them, and then go', async () => {
    const FunctionName = await functionArn('CheckGithub');
    const versions = async () => {
      const command = new ListVersionsByFunctionCommand({ FunctionName });
      return (await lambda.send(command)).Versions?.map(({ Version }) => Version);
    };
    expect(await versions()).toEqual(['$LATEST', '1', '2']);
    const remove = (now: number) => removeOldVersions(lambda, [`${FunctionName}:2`], new Date(now));
    await remove(Date.now());
    expect(await versions()).toEqual(['$LATEST', '1', '2']);
    await remove(Date.now() + KEPT_MS + 1000);
    expect(await versions()).toEqual(['$LATEST', '2']);
  });

  /** The end of the first run that the schedule started. */
  async function untilScheduled() {
    const { StateMachineArn: stateMachineArn } = deployment.outputs;
    for (;;) {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      for (const { executionArn } of executions) {
        const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        if (input === JSON.stringify(SCHEDULED)) return deployment.untilEnded(executionArn ?? '');
      }
      await sleep(1000);
    }
  }
});
