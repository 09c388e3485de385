// The commands about the deployed monitor, as far as they need no AWS: their requests, their
// reading of a result, and one line for every error that a person can fix.

import { describe, expect, test } from 'vitest';
import { endOf } from '../../bin/aws/follow.ts';
import type { RerunOptions } from '../../bin/aws/options.ts';
import { consoleLink, inputOf } from '../../bin/aws/rerun-command.ts';
import { awsProblem } from '../../bin/aws/stack.ts';
import { shownRun, statusCode, statusText } from '../../bin/aws/status-command.ts';
import type { RunRecord, RunTotals } from '../../core/documents/records.ts';
import { Problem } from '../../core/problem.ts';
import { noTraffic } from '../../core/traffic.ts';
import { runInputSchema } from '../../lambdas/contract.ts';
import { keysOf } from '../../lambdas/names.ts';

const HEALTHY = { problems: {}, publishedAt: null };
const ILL = { ...HEALTHY, problems: { TokenRefused: 'gone' } };
const PLAIN: RerunOptions = { stack: 'Mirrorwatch', folder: '', json: false, wait: false };

describe('mirrorwatch rerun', () => {
  test.each<[options: Partial<RerunOptions>, input: object]>([
    [{}, {}],
    [{ datasets: ['ds000117'] }, { datasets: ['ds000117'], skipUnknown: true }],
    [{ datasets: ['ds000117'], strict: true }, { datasets: ['ds000117'] }],
    [{ stages: ['check-s3-files', 'summarize'] }, { stages: ['check-s3-files', 'summarize'] }],
    [
      { unverified: true, force: true, acceptShrink: true, publishAnyway: true },
      { unverified: true, force: true, acceptShrink: true, publishAnyway: true },
    ],
    [{ wait: true, json: true }, {}],
  ])('of %j sends %j, which the functions take', (options, input) => {
    const sent = inputOf({ ...PLAIN, ...options });
    expect(sent).toEqual(input);
    expect(runInputSchema.safeParse(sent).success).toBe(true);
  });

  test('links the execution in the console of its region', () => {
    const arn = 'arn:aws:states:eu-west-1:123456789012:execution:Run:abc';
    expect(consoleLink(arn)).toBe(
      `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${arn}`,
    );
  });

  test.each([
    ['SUCCEEDED', { summary: { outcome: 'published', why: '' } }, 'published', ''],
    ['SUCCEEDED', { outcome: 'another-run', why: 'the run x …' }, 'another-run', 'the run x …'],
  ])('an execution %s with %j ended as %s', (status, output, outcome, why) => {
    expect(endOf(status, JSON.stringify(output), undefined, undefined)).toEqual({
      status,
      outcome,
      why,
    });
  });

  test('an execution that failed says its error and cause', () => {
    const ended = endOf('FAILED', undefined, 'PublishHeld', '8 of 57 datasets …');
    expect(ended).toEqual({
      status: 'FAILED',
      outcome: null,
      why: 'PublishHeld: 8 of 57 datasets …',
    });
  });

  test.each([
    ['ABORTED', undefined, undefined, 'it was stopped'],
    ['ABORTED', 'Changed', 'my mind', 'Changed: my mind'],
    ['TIMED_OUT', undefined, undefined, 'it took longer than a run may take'],
    [
      'FAILED',
      'Runtime.ExitError',
      JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: 'out of memory' }),
      'Runtime.ExitError: out of memory',
    ],
  ])('an execution that is %s with %s, %s is described in words', (status, error, cause, why) => {
    expect(endOf(status, undefined, error, cause)).toEqual({ status, outcome: null, why });
  });
});

describe('mirrorwatch status', () => {
  const statuses = { error: 2, 'version-mismatch': 1, warning: 3, pending: 0, ok: 51 };
  const run = (extra: Partial<RunRecord>): RunRecord => ({
    runStart: '2026-08-01T06:00:01.234Z',
    finishedAt: '2026-08-01T06:04:11.234Z',
    outcome: 'published',
    why: [],
    request: { datasets: null, maxDatasets: null, stages: [], archive: [] },
    totals: {
      datasets: 1847,
      overall: statuses,
      checks: { github: statuses, s3Version: statuses, s3Files: statuses },
      unverified: 4,
      traffic: { ...noTraffic(), listing: { requests: 7100, retries: 1, bytes: 5 } },
    },
    ...extra,
  });

  test('shows a run a line, with what it found and cost', () => {
    const [head, line] = statusText([run({})]).split('\n');
    expect(head?.split(/ {2,}/)).toEqual([
      ...['started', 'took', 'outcome', 'datasets', 'bad', 'unverified', 'requests'],
    ]);
    expect(line?.split(/ {2,}/)).toEqual([
      ...['2026-08-01 06:00', '4 min 10 s', 'published', '1,847', '3', '4', '7,100'],
    ]);
  });

  test('says why a run was held, and leaves out what a running one cannot know', () => {
    const { totals: _, ...bare } = run({ finishedAt: null, outcome: 'running' });
    const held = run({ outcome: 'held', why: ['100 of 1847 could not be measured.'] });
    const text = statusText([bare, held]);
    expect(text).toContain('2026-08-01 06:00: 100 of 1847 could not be measured.');
    expect(text.split('\n')[1]).toMatch(/^2026-08-01 06:00 +running$/);
  });

  test('says that rules have changed, so that more bad datasets are no riddle', () => {
    const totals = { ...(run({}).totals as RunTotals), rulesChanged: 1847 };
    const text = statusText([run({ totals })]);
    expect(text).toMatch(/^2026-08-01 06:00: The rules have changed .+ \(1,847 datasets\)/m);
  });

  test('prints what a published run says beside its numbers', () => {
    const totals = { ...(run({}).totals as RunTotals), notes: ['A clock was ahead.'] };
    const why = ['The registry could not be read since 2026-07-28.'];
    const text = statusText([run({ totals, why })]);
    expect(text).toContain(
      '2026-08-01 06:00: The registry could not be read since 2026-07-28. A clock',
    );
  });

  test.each([
    [[], 1],
    [[run({})], 0],
    [[run({ outcome: 'running' }), run({})], 0],
    [[run({ outcome: 'held' }), run({})], 1],
    [[run({ why: ['The registry could not be read.'] })], 1],
    [[run({ health: HEALTHY })], 0],
    [[run({ health: ILL }), run({ health: HEALTHY })], 1],
    [[run({ health: HEALTHY }), run({ health: ILL })], 0],
  ])('ends with the code of the newest run that ended: %#', (runs, code) => {
    expect(statusCode(runs)).toBe(code);
  });

  test.each([
    ['is on', 1, null, 'running', 0],
    ['was stopped, and nobody recorded it', 1, 'ABORTED', 'died', 1],
    ['is older than any run, whatever is said of it', 9, null, 'died', 1],
    ['had no execution to ask for, as before they were recorded', 1, null, 'running', 0, undefined],
  ])('a run that %s', async (_, hours, end, outcome, code, ...execution) => {
    const { totals: __, ...bare } = run({ finishedAt: null, outcome: 'running' });
    const name = execution.length > 0 ? {} : { execution: 'abc' };
    const now = new Date(Date.parse(bare.runStart) + hours * 3_600_000);
    const shown = await shownRun({ ...bare, ...name }, now, async (asked) => {
      expect(asked).toBe('abc');
      return end;
    });
    expect(shown.outcome).toBe(outcome);
    expect(statusCode([shown, run({})])).toBe(code);
    if (end !== null) expect(statusText([shown])).toContain(`is over (${end})`);
  });

  test('prints the open problems of the newest run that ended, and no older ones', () => {
    const running = run({ outcome: 'running', finishedAt: null });
    expect(statusText([running, run({ health: ILL })])).toMatch(/\n\nTokenRefused: gone$/);
    expect(statusText([run({ health: HEALTHY }), run({ health: ILL })])).not.toContain('gone');
  });

  test('a monitor that never ran says how to begin', () => {
    expect(statusText([])).toMatch(/start one with: .+ rerun$/);
  });

  test('reads the partition that the functions write', () => {
    expect(keysOf('').run('').pk).toBe('RUN');
  });
});

describe('what AWS answers when it cannot be asked', () => {
  const of = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, $metadata: {}, ...more });

  test.each([
    [of('ValidationError', 'Stack with id X does not exist'), 'there is no stack Mine'],
    [of('Error', 'Region is missing'), 'set AWS_REGION'],
    [of('CredentialsProviderError', 'Could not load'), 'no AWS credentials'],
    [of('ExpiredTokenException', 'expired'), 'sign in again'],
    [of('AccessDeniedException', 'User is not authorized'), 'do not allow it'],
    [of('Error', 'connect', { code: 'ECONNREFUSED' }), 'endpoint cannot be reached (ECONNREFUSED)'],
    [of('ThrottlingException', 'Rate exceeded'), 'ThrottlingException: Rate exceeded'],
  ])('%s is one line', (error, words) => {
    const problem = awsProblem('Mine', error);
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).message).toContain(words);
  });

  test('a fault of the program stays one', () => {
    const fault = new TypeError('x is not a function');
    expect(awsProblem('Mine', fault)).toBe(fault);
  });
});
