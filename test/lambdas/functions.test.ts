// What surrounds the steps: log lines, the token, the shape of a handler.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Log } from '../../core/monitor/context.ts';
import { fetchRegistryEventSchema, runSchema } from '../../lambdas/contract.ts';
import { readGithubToken } from '../../lambdas/github-token.ts';
import { handlerOf } from '../../lambdas/invocation.ts';
import { beginLog } from '../../lambdas/logging.ts';
import { testRun } from '../support/steps.ts';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');
const context = {
  functionName: 'check-github',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 60_000,
};

/** Lines of the logger, which has its own console. */
function listen(): string[] {
  const lines: string[] = [];
  const keep = (chunk: unknown) => {
    lines.push(...String(chunk).split('\n').filter(Boolean));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  return lines;
}

afterEach(() => vi.restoreAllMocks());

test('a handler is a few lines: the event, the step, the result', () => {
  const handlers = readdirSync(LAMBDAS).filter((name) => name.endsWith('.lambda.ts'));
  expect(handlers.length).toBeGreaterThanOrEqual(5);
  for (const name of handlers) {
    const lines = readFileSync(join(LAMBDAS, name), 'utf8').split('\n').length;
    expect(lines, name).toBeLessThan(60);
  }
});

describe('the log', () => {
  test('is a JSON line for each dataset that is not ok, with the run and the request in each', () => {
    const lines = listen();
    const log = beginLog(context, testRun());
    log('debug', 'checked', { stage: 'check-github', dataset: 'ds000001', status: 'error' });
    log('debug', 'checked', { stage: 'check-github', dataset: 'ds000003', status: 'ok' });
    log('warn', 'not measured', { stage: 'check-github', dataset: 'ds000002', reason: 'timeout' });
    const [checked, failed] = lines.map((line) => JSON.parse(line));
    const run = { run: testRun().start, execution: 'execution-0', request: 'request-1' };
    expect(checked).toMatchObject({ message: 'checked', dataset: 'ds000001', ...run });
    expect(failed).toMatchObject({ level: 'WARN', reason: 'timeout', ...run });
    expect(lines).toHaveLength(2);
  });

  test('the log of one run does not name the run before', () => {
    const lines = listen();
    beginLog(context, testRun({}, 1));
    beginLog(context, undefined)('info', 'nothing');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('execution-1');
  });
});

describe('an event', () => {
  test.each([
    ['a misspelt field', { run: { ...testRun(), input: { dataset: ['ds000001'] } } }],
    ['an invalid dataset', { run: { ...testRun(), input: { datasets: ['../x'] } } }],
    ['an unknown stage', { run: { ...testRun(), input: { stages: ['check-svn'] } } }],
    ['no run', {}],
  ])('with %s is refused by name, before anything is asked', async (_, event) => {
    const lines = listen();
    const step = vi.fn();
    const handler = handlerOf(fetchRegistryEventSchema, step);
    await expect(handler(event, context)).rejects.toMatchObject({ name: 'InvalidInput' });
    expect(step).not.toHaveBeenCalled();
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['input refused']);
    expect(JSON.parse(lines[0] ?? '').detail).toContain('✖');
  });

  test('names the run by its start in one form, whatever form Step Functions gives it', () => {
    const { start } = runSchema.parse({ ...testRun(), start: '2026-08-01T06:00:00.5+00:00' });
    expect(start).toBe('2026-08-01T06:00:00.500Z');
  });
});

describe("GitHub's token", () => {
  const told = () => {
    const lines: unknown[] = [];
    const faults: string[] = [];
    const log: Log = (level, event, facts) => lines.push([level, event, facts]);
    const onUnusable = (reason: string) => faults.push(reason);
    return { log, onUnusable, lines, faults };
  };
  const ssm = (answer: () => unknown) => ({ send: vi.fn(async () => answer()) });
  const named = (name: string) => () => {
    throw Object.assign(new Error('no'), { name });
  };
  const read = (answer: () => unknown, to: ReturnType<typeof told>) =>
    readGithubToken(ssm(answer) as never, '/mirrorwatch/github', to);

  test('is read decrypted', async () => {
    const client = ssm(() => ({ Parameter: { Value: ' secret\n' } }));
    const to = told();
    expect(await readGithubToken(client as never, '/mirrorwatch/github', to)).toBe('secret');
    const [command] = client.send.mock.calls[0] as unknown as [{ input: unknown }];
    expect(command.input).toEqual({ Name: '/mirrorwatch/github', WithDecryption: true });
    expect(to.faults).toEqual([]);
  });

  test.each([
    ['gone or renamed', named('ParameterNotFound'), 'ParameterNotFound'],
    ['not for us', named('AccessDeniedException'), 'AccessDeniedException'],
    ['throttled', named('ThrottlingException'), 'ThrottlingException'],
    ['unreachable', named('TimeoutError'), 'TimeoutError'],
    ['empty', () => ({}), 'it holds no token'],
    ['two lines', () => ({ Parameter: { Value: 'secret\nline' } }), 'it holds no token'],
  ])('that is %s stops nothing, and is reported', async (_, answer, reason) => {
    const to = told();
    expect(await read(answer, to)).toBeUndefined();
    expect(to.faults).toEqual([reason]);
    expect(to.lines).toEqual([
      [
        'error',
        'the GitHub token does not work; continuing without it',
        { parameter: '/mirrorwatch/github', reason },
      ],
    ]);
  });
});
