// The cost model: its inputs are the operations of a run, and its document is its output.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { ACCESS_TURN_DAYS } from '../../archives/openneuro/rules/s3-access.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { systemClock } from '../../core/http/clock.ts';
import { ALARM_METRICS, METRICS, TREE_DAYS } from '../../lambdas/names.ts';
import { sharedHosts } from '../../lambdas/shared-hosts.ts';
import { readSettings } from '../../lib/settings.ts';
import { CALLS_A_DATASET, DEPLOYED, type Stage } from '../../scripts/cost/inputs.ts';
import { estimate } from '../../scripts/cost/model.ts';
import { costReport, UsageError } from '../../scripts/cost/report.ts';
import { fakeCloud } from '../support/aws/cloud.ts';
import { type Calls, countingClients, countingStore, NO_CALLS } from './counting-store.ts';
import { definition, execute } from './machine.ts';
import { ROOT, resourcesOf, templateOf } from './synthesize.ts';

const STATES: Readonly<Record<string, Stage>> = {
  FetchRegistry: 'fetch-registry',
  CheckGithubShard: 'check-github',
  CheckS3VersionShard: 'check-s3-version',
  CheckDoiShard: 'check-doi',
  CheckDeprecatedShard: 'check-deprecated',
  CheckLeftoversShard: 'check-leftovers',
  Plan: 'plan',
  CheckS3FilesShard: 'check-s3-files',
  Summarize: 'summarize',
};
const DAILY = { datasets: 1850, files: 7e6, every: 1, watch: null, dashboard: false, memory: {} };

describe('the inputs of the model', () => {
  test('are what a run asks of S3 and DynamoDB for each dataset when nothing has changed', async () => {
    const archive = generateArchive({ datasets: 120 });
    const snapshots = await Promise.all(archive.datasets.map((one) => one.snapshots()));
    const datasets = snapshots.filter((list) => list.length > 0).length;
    const counted = new Map<string, Calls>();
    const ofHosts = { ...NO_CALLS };
    let invocations = 0;
    const server = await startSampleArchive({ archive });
    const cloud = fakeCloud();
    const store = countingStore(cloud, { ...NO_CALLS });
    try {
      await execute({ server, store });
      const storeOf = (state: string) => {
        const calls = counted.get(state) ?? { ...NO_CALLS };
        counted.set(state, calls);
        return countingStore(cloud, calls);
      };
      const run = '2026-08-02T00:00:00.000Z';
      const hostsOf = (name: string) => {
        invocations += 1;
        const { dynamo } = countingClients(cloud, ofHosts);
        const options = { table: cloud.table, clock: systemClock, log: () => {}, run, name };
        return sharedHosts({ dynamo, ...options });
      };
      const second = await execute({ server, store, day: 1, storeOf, hostsOf });
      expect(second).toMatchObject({ as: 'Succeeded' });
    } finally {
      await server.close();
    }
    // What a run does once, not for each dataset, is below half a call here.
    const each = (calls: number) => Math.round(calls / datasets);
    const found = Object.entries(STATES).map(([state, stage]) => {
      const calls = counted.get(state) ?? NO_CALLS;
      return [
        stage,
        {
          s3Get: each(calls.s3Get),
          s3Put: each(calls.s3Put),
          tableRead: each(calls.tableRead),
          tableScan: each(calls.tableScan),
          tableWrite: each(calls.tableWrite),
        },
      ];
    });
    expect(Object.fromEntries(found)).toEqual(CALLS_A_DATASET);
    expect(ofHosts.tableRead).toBe(DEPLOYED.hostReads * invocations);
    // The sample has one host for all places: a function writes when it begins to use it, and ends.
    expect(ofHosts.tableWrite).toBeLessThanOrEqual(2 * invocations);
    expect(ofHosts.tableWrite).toBeGreaterThan(invocations);
    const hosts = Math.max(...openneuro.measurements.map(({ asks }) => asks.length));
    expect(DEPLOYED.hostWrites).toBe(2 * hosts);
    const checks = Object.entries(STATES).filter(([, stage]) => stage !== 'summarize');
    const sum = (kind: keyof Calls) =>
      checks.reduce((all, [state]) => all + (counted.get(state)?.[kind] ?? 0), 0) / datasets;
    // The runs' own files are among the calls: 0.2 for each of so few datasets.
    expect(sum('tableRead')).toBeLessThan(2.2);
    expect(sum('s3Get')).toBeLessThan(3);
  });

  test('are as the stack is deployed', () => {
    expect(DEPLOYED.memory).toEqual(readSettings({}).memory);
    const large = readSettings({ 'mirrorwatch:datasets': DEPLOYED.large + 1 });
    expect({ ...DEPLOYED.memory, ...DEPLOYED.largeMemory }).toEqual(large.memory);
    expect(readSettings({ 'mirrorwatch:datasets': DEPLOYED.large }).memory).toEqual(
      DEPLOYED.memory,
    );
    const { measurements } = openneuro;
    expect(DEPLOYED.share).toEqual(
      Object.fromEntries(measurements.map(({ id, share }) => [id, share])),
    );
    expect(DEPLOYED.atOnce).toMatchObject(
      Object.fromEntries(measurements.map(({ id, workers }) => [id, workers.entriesAtOnce])),
    );
    const { States } = definition();
    const triesOf = (state: string) =>
      1 +
      States[state].Retry.find(
        ({ ErrorEquals }: { ErrorEquals: readonly string[] }) => ErrorEquals[0] === 'OutOfTime',
      ).MaxAttempts;
    expect(['FetchRegistry', 'Plan', 'Summarize'].map(triesOf)).toEqual([
      DEPLOYED.tries.resumed,
      1,
      DEPLOYED.tries.resumed,
    ]);
    const [curve] = resourcesOf(templateOf(), 'AWS::Lambda::Function').filter(([, one]) =>
      /Mirrorwatch curve/.test(one.Properties.Description ?? ''),
    );
    expect(curve?.[1].Properties.MemorySize).toBe(DEPLOYED.curveMemory);
    expect(DEPLOYED.accessDays).toBe(ACCESS_TURN_DAYS);
    expect(DEPLOYED.treeDays).toBe(TREE_DAYS.renewed);
    const alarms = resourcesOf(templateOf(), 'AWS::CloudWatch::Alarm');
    expect(DEPLOYED.alarmMetrics).toBe(alarms.length);
    // One of them is for schedules that are rarer than a week.
    expect(DEPLOYED.ownMetrics).toBe(Object.keys(ALARM_METRICS).length - 1);
    expect(DEPLOYED.dashboardMetrics).toBe(Object.keys(METRICS).length);
  });
});

describe('the model', () => {
  test('adds its lines up', () => {
    const { lines, total } = estimate(DAILY);
    expect(lines.reduce((sum, { cost }) => sum + cost, 0)).toBeCloseTo(total, 10);
    for (const { amount, cost } of lines) {
      expect(Number.isFinite(cost)).toBe(true);
      expect(amount).toBeGreaterThanOrEqual(0);
    }
  });

  test('costs twice as much for what is done twice as often', () => {
    const line = (every: number, what: string) =>
      estimate({ ...DAILY, every }).lines.find((one) => one.what === what)?.cost ?? Number.NaN;
    // What readers ask for does not depend on the runs.
    const more = (every: number, what: string) => line(every / 2, what) - line(every, what);
    for (const what of ['Lambda: time', 'Step Functions']) {
      expect(more(0.5, what)).toBeCloseTo(2 * more(1, what), 10);
    }
    expect(line(0.5, 'CloudWatch: alarms')).toBe(line(1, 'CloudWatch: alarms'));
  });

  test('a month costs at most a dollar, and thirty cents more with the hourly look', () => {
    const daily = estimate(DAILY).total;
    const watched = estimate({ ...DAILY, watch: 1 / 24 }).total;
    expect(daily).toBeLessThan(1);
    expect(watched).toBeLessThan(1.3);
    expect(watched - daily).toBeLessThan(0.3);
  });

  test('counts what is always free', () => {
    const { lines, total, totalAboveFree } = estimate(DAILY);
    expect(totalAboveFree).toBeLessThan(total / 2);
    const of = (what: string) => lines.find((one) => one.what === what);
    expect(of('CloudWatch: alarms')).toMatchObject({ costAboveFree: 0 });
    expect(of('S3: writes')?.costAboveFree).toBe(of('S3: writes')?.cost);
  });

  test('says when GitHub could not be asked so often', () => {
    expect(costReport(['--datasets', '100k', '--every', '1h'])).toContain('Not possible');
    expect(costReport(['--datasets', '100k'])).not.toContain('Not possible');
  });

  const LARGE = ['--datasets', '100k', '--files', '378M', '--no-watch'];
  test.each([
    ['the archive as it is', [], []],
    ['100,000 datasets', LARGE, []],
    [
      '100,000 datasets with less memory than there is',
      [...LARGE, '--memory', 'fetch-registry=512,plan=256'],
      ['fetch-registry', 'plan'],
    ],
    ['a look every hour at 100,000', [...LARGE.slice(0, 4), '--watch', '1h'], ['watch']],
    [
      'a million datasets',
      ['--datasets', '1M', '--files', '4G', '--no-watch'],
      ['fetch-registry', 'plan', 'summarize,'],
    ],
  ])('%s: not possible are %j', (_, args, expected) => {
    const lines = costReport(args)
      .split('\n')
      .filter((line) => line.endsWith('not possible'));
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(expected);
  });

  test.each([['--datasets', 'many'], ['--every', '0d'], ['--every', '1w'], ['--what']])(
    'refuses %s %s',
    (...args) => {
      expect(() => costReport(args)).toThrow(UsageError);
    },
  );
});

test('docs/cost.md shows what the model prints', () => {
  const text = readFileSync(join(ROOT, 'docs/cost.md'), 'utf8');
  const [, args = '', output] = /```\n\$ npm run cost -- (.*)\n([\s\S]*?)\n```/.exec(text) ?? [];
  expect(costReport(args.split(' '))).toBe(output);
  const rows = [...text.matchAll(/^\| `(--.*?)` \|.*\| ([\d.]+) \|$/gm)];
  expect(rows).toHaveLength(4);
  for (const [, of = '', total] of rows) {
    expect(costReport(of.split(' '))).toMatch(new RegExp(`USD a month +${total}\\b`));
  }
});
