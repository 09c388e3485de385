// A run over 100,000 datasets fits into the time of its functions, with half of it to spare: the
// real steps over a store that answers after 20 ms, and a registry with 1.5 s a page.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { memoryOf } from '../../lib/functions.ts';
import { DEPLOYED } from '../../scripts/cost/inputs.ts';
import type { Outcome } from './simulate.ts';

const DATASETS = 100_000;
const PAGES = DATASETS / 100;
/** Seconds that a function has. */
const LONGEST = 900;
let outcome: Outcome;

beforeAll(() => {
  const program = join(import.meta.dirname, 'simulate.ts');
  const options = ['--expose-gc', '--max-old-space-size=8000', program, String(DATASETS)];
  outcome = JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' }));
}, 1_800_000);

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const functionOf = (name: string) => {
  const found = outcome.functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not simulated`);
  return found;
};

test('everything is published', () => {
  expect(outcome).toMatchObject({ fetched: 'proceed', ended: 'published', datasets: DATASETS });
});

test('the reading of the registry is cut off and resumed, and hardly a page is asked for twice', () => {
  const { seconds } = functionOf('fetch-registry');
  expect(seconds.length).toBeGreaterThan(1);
  for (const one of seconds) expect(one).toBeLessThan(LONGEST);
  expect(outcome.pages).toBeGreaterThanOrEqual(PAGES);
  expect(outcome.pages).toBeLessThan(PAGES + 10);
});

test('fetch-registry takes less than half of the tries, and of their time, that the state machine gives it', () => {
  const { seconds } = functionOf('fetch-registry');
  expect(seconds.length).toBeLessThanOrEqual(DEPLOYED.tries.resumed / 2);
  expect(sum(seconds)).toBeLessThan((DEPLOYED.tries.resumed * LONGEST) / 2);
});

test.each([
  ['plan', 300],
  ['summarize', LONGEST],
])('%s ends in one try, after half of its %d seconds', (name, limit) => {
  const { seconds } = functionOf(name);
  expect(seconds).toHaveLength(1);
  expect(seconds[0]).toBeLessThan(limit / 2);
});

test.each(['fetch-registry', 'plan', 'summarize'])(
  '%s holds half of its memory at most',
  (name) => {
    const { heldMegabytes } = functionOf(name);
    const megabytes = memoryOf(openneuro, DATASETS)[name] as number;
    expect(heldMegabytes).toBeGreaterThan(30);
    expect(heldMegabytes).toBeLessThan(megabytes / 2);
  },
);

describe('the first run, which begins the history', () => {
  test('writes four files for each dataset, in two tries at most', () => {
    expect(outcome.begun).toBe(4 * DATASETS);
    const { seconds } = outcome.first;
    expect(seconds.length).toBeLessThanOrEqual(2);
    for (const one of seconds) expect(one).toBeLessThan(LONGEST);
  });

  test('asks for none of them before it writes', () => {
    const { GetObject, PutObject } = outcome.first.calls;
    expect(GetObject).toBeLessThan(3000);
    expect(PutObject).toBeLessThan(4 * DATASETS + 3000);
  });
});

test('records are asked for after the registry is read, so at most the second try asks in vain', () => {
  expect(functionOf('fetch-registry').calls.Query).toBeLessThan(2 * DATASETS);
});

test('only fetch-registry asks for single datasets, and for nothing but their records', () => {
  const calls = outcome.functions.map(({ calls }) => calls);
  for (const { GetObject } of calls) expect(GetObject).toBeLessThan(3000);
  const [, plan, summarize] = calls;
  expect(plan?.Query).toBeUndefined();
  // The runs before it, and the verdicts on the archive as a whole.
  expect(summarize?.Query).toBe(2);
});
