// What surrounds the steps: log lines, the token, the shape of a handler.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { HttpClient, HttpRequest } from '../../core/http.ts';
import { noTraffic } from '../../core/traffic.ts';
import { fetchRegistryEventSchema, runSchema } from '../../lambdas/contract.ts';
import { withGithubToken } from '../../lambdas/github-token.ts';
import { handlerOf } from '../../lambdas/invocation.ts';
import { beginLog } from '../../lambdas/logging.ts';
import { testRun } from '../support/steps.ts';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');
const context = {
  functionName: 'check-github',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 60_000,
};

/** Lines that the logger writes; the logger has a console of its own. */
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
  expect(handlers.length).toBeGreaterThanOrEqual(6);
  for (const name of handlers) {
    const lines = readFileSync(join(LAMBDAS, name), 'utf8').split('\n').length;
    expect(lines, name).toBeLessThan(60);
  }
});

describe('the log', () => {
  test('is one JSON line for each dataset and stage, with the run and the request in each', () => {
    const lines = listen();
    const log = beginLog(context, testRun());
    log('debug', 'checked', { stage: 'check-github', dataset: 'ds000001', status: 'ok' });
    log('warn', 'not measured', { stage: 'check-github', dataset: 'ds000002', reason: 'timeout' });
    const [checked, failed] = lines.map((line) => JSON.parse(line));
    const run = { run: testRun().start, execution: 'execution-0', request: 'request-1' };
    expect(checked).toMatchObject({ message: 'checked', dataset: 'ds000001', ...run });
    expect(failed).toMatchObject({ level: 'WARN', reason: 'timeout', ...run });
    expect(lines).toHaveLength(2);
  });

  test('of one run does not name the run before', () => {
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
    ['a dataset that is none', { run: { ...testRun(), input: { datasets: ['../x'] } } }],
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
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    traffic: noTraffic(),
    close: () => {},
    request: async (request) => {
      asked.push(request);
      return { kind: 'answer', status: 200, headers: {}, body: Buffer.alloc(0) };
    },
  };
  const ask = async (url: string) => {
    const client = withGithubToken(http, 'https://github.com/Org', ' secret\n');
    await client.request({ kind: 'refs', method: 'POST', url, maxBytes: 1, headers: { a: 'b' } });
    return asked.at(-1)?.headers ?? {};
  };

  test('goes to the mirrors, as HTTPS cloning sends it', async () => {
    const headers = await ask('https://github.com/Org/ds000001.git/git-upload-pack');
    const basic = Buffer.from('x-access-token:secret').toString('base64');
    expect(headers).toEqual({ a: 'b', authorization: `Basic ${basic}` });
  });

  test.each([
    'https://github.com/Organization/ds000001.git/git-upload-pack',
    'https://github.com.example.org/Org/ds000001.git',
    'https://s3.amazonaws.com/openneuro.org/ds000001/dataset_description.json',
    'https://openneuro.org/crn/graphql',
  ])('does not go to %s', async (url) => {
    expect(await ask(url)).toEqual({ a: 'b' });
  });
});
