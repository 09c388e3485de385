// What the functions know of executions and versions: which runs are on, how one ended, which code
// is still needed.

import {
  DeleteFunctionCommand,
  LambdaClient,
  type ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import type { RunStatus } from '../../core/documents/documents.ts';
import { endEventSchema, runInputSchema } from '../../lambdas/contract.ts';
import { stillRuns } from '../../lambdas/executions.ts';
import { SCHEDULED } from '../../lambdas/names.ts';
import { fetchRegistryStep } from '../../lambdas/steps/fetch-registry.ts';
import { recordEndStep } from '../../lambdas/steps/record-end.ts';
import { KEPT_MS, notNeeded, removeOldVersions } from '../../lambdas/versions.ts';
import { endEvent } from '../support/end-event.ts';
import { healthyArchive } from '../support/stage-context.ts';
import { beginning, testRun, testTools } from '../support/steps.ts';

const ARN = 'arn:aws:states:us-east-1:123456789012:execution:Run:execution-0';
const run = testRun();

describe('the end of an execution', () => {
  const recorded = async (detail: object, hasBegun = true) => {
    const archive = healthyArchive(['ds000001']);
    const tools = testTools(archive);
    if (hasBegun) await fetchRegistryStep(tools, beginning(run));
    tools.store.writes.length = 0;
    const result = await recordEndStep(tools, endEventSchema.parse(endEvent(run, detail)));
    return { ...result, tools, record: tools.store.runs.get(run.start) };
  };

  test.each([
    [{ status: 'TIMED_OUT' }, 'The run did not end within 8 hours.'],
    [{ status: 'ABORTED', cause: 'secret words' }, 'The run was stopped before its end.'],
    [
      { status: 'FAILED', error: 'Runtime.OutOfMemory', cause: 'secret words' },
      'The run could not continue: Runtime.OutOfMemory.',
    ],
    [{ status: 'FAILED' }, 'The run could not continue: it said no error.'],
  ])('%j is recorded, reported and shown in our words', async (detail, why) => {
    const { outcome, record, tools } = await recorded(detail);
    expect(outcome).toBe('recorded');
    expect(record).toMatchObject({ outcome: 'failed', why: [why], execution: run.name });
    expect(record?.finishedAt).toBe('2026-08-01T08:00:00.000Z');
    expect(tools.store.document<RunStatus>('status.json').lastRun.why).toEqual([why]);
    expect([...tools.metrics]).toEqual([
      ['Published', 0],
      ['Problems', 1],
    ]);
    const [mail] = tools.deployment.mails;
    expect(mail?.subject).toBe('Test: ALARM RunFailed');
    expect(mail?.text).toContain(why);
    expect(tools.store.holder(tools.now())).toBeNull();
  });

  test('is reported by a second try if the first one died', async () => {
    const archive = healthyArchive(['ds000001']);
    const tools = testTools(archive);
    await fetchRegistryStep(tools, beginning(run));
    const event = endEventSchema.parse(endEvent(run, { status: 'ABORTED' }));
    const dying = { ...tools.store, holdLock: () => Promise.reject(new Error('killed')) };
    await expect(recordEndStep({ ...tools, store: dying }, event)).rejects.toThrow('killed');
    expect(await recordEndStep(tools, event)).toEqual({ outcome: 'recorded' });
    expect(tools.store.document<RunStatus>('status.json').lastRun.outcome).toBe('failed');
    expect(tools.store.holder(tools.now())).toBeNull();
  });

  test('an end that came before the first step is recorded as well', async () => {
    const { record } = await recorded({ status: 'ABORTED' }, false);
    expect(record).toMatchObject({ outcome: 'failed', execution: run.name });
  });

  test('an end with an input too long for an event keeps the run’s request', async () => {
    const { record } = await recorded({ status: 'ABORTED', input: null });
    expect(record?.request.stages.length).toBeGreaterThan(0);
  });

  test.each([
    { input: '{"dataset":["ds000001"]}' },
    { input: 'no JSON' },
    { status: 'FAILED', error: 'InvalidInput' },
  ])('of an input that was refused (%j) is nothing to record', async (detail) => {
    const { outcome, tools } = await recorded(detail, false);
    expect(outcome).toBe('refused');
    expect(tools.store.writes).toEqual([]);
    expect(tools.store.runs.size).toBe(0);
    expect(tools.metrics.size).toBe(0);
  });

  test.each([{ status: 'SUCCEEDED' }, { status: 'RUNNING' }, { name: '' }])(
    'is refused if the event is invalid: %j',
    (detail) => {
      expect(endEventSchema.safeParse(endEvent(run, detail)).success).toBe(false);
    },
  );
});

test('the input of the schedule is one that the functions take', () => {
  expect(runInputSchema.parse(SCHEDULED)).toEqual(SCHEDULED);
});

describe('whether an execution is on', () => {
  const asked = async (answer: () => object) => {
    const logged: unknown[] = [];
    const sfn = { send: async () => answer() } as unknown as SFNClient;
    const on = await stillRuns(sfn, ARN, (...line) => logged.push(line));
    return { on, logged: logged.length };
  };
  const refusing = (name: string) => () => {
    throw Object.assign(new Error('no'), { name });
  };

  test.each([
    ['RUNNING', true],
    ['PENDING_REDRIVE', true],
    ['SUCCEEDED', false],
    ['FAILED', false],
    ['TIMED_OUT', false],
    ['ABORTED', false],
  ])('%s: %s', async (status, on) => {
    expect(await asked(() => ({ status }))).toEqual({ on, logged: 0 });
  });

  test('an execution that does not exist is not on', async () => {
    expect(await asked(refusing('ExecutionDoesNotExist'))).toEqual({ on: false, logged: 0 });
  });

  test.each(['AccessDeniedException', 'InvalidArn', 'ThrottlingException', 'TimeoutError'])(
    'it may be when the answer is %s, and the log says so',
    async (name) => {
      expect(await asked(refusing(name))).toEqual({ on: true, logged: 1 });
    },
  );
});

describe('versions of a function', () => {
  const now = new Date('2026-08-20T00:00:00.000Z');
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);

  test('are needed until the next one is older than any run', () => {
    const versions = [
      { number: 10, at: ago(0) },
      { number: 9, at: ago(KEPT_MS) },
      { number: 8, at: ago(KEPT_MS + 1) },
      { number: 2, at: ago(KEPT_MS + 2) },
    ];
    // The ninth was replaced just now, the eighth as long ago as one is kept.
    expect(notNeeded(versions, now)).toEqual([2]);
    expect(notNeeded(versions.slice(2), now)).toEqual([2]);
    expect(notNeeded([{ number: 1, at: ago(100 * KEPT_MS) }], now)).toEqual([]);
  });

  test('are removed except the one in use, and the function stays', async () => {
    const removed: unknown[] = [];
    const version = (Version: string, at: Date) => ({ Version, LastModified: at.toISOString() });
    const pages = [
      [version('$LATEST', now), version('1', ago(3 * KEPT_MS))],
      [version('2', ago(2.5 * KEPT_MS)), version('3', ago(2 * KEPT_MS)), version('4', ago(1))],
    ];
    let page = 0;
    const lambda = Object.create(LambdaClient.prototype);
    lambda.send = async (command: ListVersionsByFunctionCommand | DeleteFunctionCommand) => {
      if (command instanceof DeleteFunctionCommand) removed.push(command.input);
      const Versions = pages[page];
      page += 1;
      return { Versions, ...(page < pages.length && { NextMarker: String(page) }) };
    };
    // After a deployment that was rolled back, the one in use is not the newest.
    const FunctionName = 'arn:aws:lambda:us-east-1:123456789012:function:Plan';
    await removeOldVersions(lambda, [`${FunctionName}:2`], now);
    expect(removed).toEqual([{ FunctionName, Qualifier: '1' }]);
  });
});
