// Several stacks in one account and region, and what outlives one that is destroyed.

import {
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { RestoreTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import { keysOf, PREFIXES } from '../../lambdas/names.ts';
import { LOCK_MS } from '../../lambdas/run-store.ts';
import { clients } from './clients.ts';
import {
  type ArchiveUrls,
  bootstrap,
  type Deployment,
  deploy,
  destroy,
  inCheckout,
  type Outputs,
  openDeployment,
} from './deployment.ts';
import { startSampleForStack } from './sample.ts';

const ONE = 'Watch-one';
const OTHER = 'Watch-other';

let sample: SampleServer;
let archive: ArchiveUrls;
let one: Deployment;
let other: Deployment;

beforeAll(async () => {
  const world = generateArchive({ datasets: 12, seed: 2 });
  ({ sample, urls: archive } = await startSampleForStack(world));
  await bootstrap();
  one = openDeployment(await deploy(archive, { name: ONE }));
  other = openDeployment(await deploy(archive, { name: OTHER }));
});
afterAll(() => sample?.close());

const mirrorwatch = (...args: string[]) => inCheckout('node', ['bin/mirrorwatch.ts', ...args]);

/** Everything that is kept, each with a value that changes when it is written. */
async function keptOf({ dynamo, outputs, written }: Deployment) {
  const { Items = [] } = await dynamo.send(
    new ScanCommand({ TableName: outputs.TableName, ConsistentRead: true }),
  );
  const results = Object.values(PREFIXES);
  const objects = [...(await written(''))].filter(([key]) =>
    results.some((prefix) => key.startsWith(prefix)),
  );
  return { objects, records: new Map(Items.map((item) => [`${item.pk} ${item.sk}`, item])) };
}

const verdicts = (summary: string) =>
  (JSON.parse(summary) as Summary).datasets.map(({ id, status, checks }) => ({
    ...{ id, status, checks },
  }));

describe('two stacks side by side', () => {
  test('have nothing of each other, and both have the name on their bill', async () => {
    const { cloudformation } = clients();
    const parts = async (StackName: string) => {
      const { StackResources = [] } = await cloudformation.send(
        new DescribeStackResourcesCommand({ StackName }),
      );
      // The id of a custom resource is ours, and names nothing.
      const real = StackResources.filter(
        ({ ResourceType }) => !ResourceType?.startsWith('Custom::'),
      );
      return real.map((part) => `${part.ResourceType} ${part.PhysicalResourceId}`);
    };
    const [ofOne, ofOther] = [new Set(await parts(ONE)), new Set(await parts(OTHER))];
    expect(ofOne.size).toBeGreaterThan(30);
    expect([...ofOne.intersection(ofOther)]).toEqual([]);
    for (const name of [ONE, OTHER]) {
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
      expect(Stacks?.[0]?.Tags).toEqual([{ Key: 'mirrorwatch', Value: name }]);
    }
  });

  test('each run is of the stack that was named, and the other one knows of none', async () => {
    const rerun = await mirrorwatch('rerun', '--stack', ONE, '--wait', '--json');
    expect(rerun.code, rerun.stderr).toBe(0);
    expect(JSON.parse(rerun.stdout)).toMatchObject({ outcome: 'published' });
    expect((await mirrorwatch('status', '--stack', ONE)).stdout).toMatch(/ published /);
    expect((await mirrorwatch('status', '--stack', OTHER)).stdout).toContain('no run yet');
    expect((await keptOf(one)).records.size).toBeGreaterThan(12);
    expect(await keptOf(other)).toEqual({ objects: [], records: new Map() });
  });

  test('a command with another name finds neither', async () => {
    const { code, stderr } = await mirrorwatch('status', '--stack', 'Nowhere');
    expect(code).toBe(1);
    expect(stderr).toContain('there is no stack Nowhere');
  });
});

describe('an id that is wrong', () => {
  test('is refused: no record, no banner, no lock; with skipUnknown the right ones are measured', async () => {
    const before = await keptOf(one);
    const runs = async () => (await mirrorwatch('status', '--stack', ONE, '--json')).stdout;
    const known = await runs();
    const rerun = (...args: string[]) =>
      mirrorwatch('rerun', '--stack', ONE, '--wait', '--json', '--datasets', ...args);
    const refused = await rerun('ds999999');
    expect(refused.code, refused.stderr).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      status: 'FAILED',
      outcome: 'refused',
      why: 'InvalidInput: not in the registry: ds999999',
    });
    const after = await keptOf(one);
    expect(after.objects).toEqual(before.objects);
    expect(await runs()).toBe(known);
    expect(after.records.get('LOCK LOCK')).toMatchObject({ expiresAt: 0 });

    const { datasets } = JSON.parse(await one.read('data/all-datasets.json')) as Summary;
    const both = `ds999999,${datasets[0]?.id}`;
    expect((await rerun(both, '--strict')).code).toBe(2);
    const left = await rerun(both);
    expect(left.code, left.stdout + left.stderr).toBe(0);
    expect(left.stderr).toContain('"skipUnknown":true');
    expect(JSON.parse(left.stdout)).toMatchObject({ outcome: 'published' });
  });
});

describe('records', () => {
  const restored = `${ONE}-restored`;
  const restore = (from: string) => mirrorwatch('restore', '--stack', ONE, '--from', from);

  test('lost records come back from a table of a point in time, under the lock', async () => {
    const { dynamo, outputs } = one;
    const { records: before } = await keptOf(one);
    await dynamo.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: outputs.TableName,
        TargetTableName: restored,
        UseLatestRestorableTime: true,
      }),
    );
    const checks = [...before.values()].filter(({ pk }) => `${pk}`.startsWith('CHECK#'));
    for (const { pk, sk } of checks.slice(3)) {
      await dynamo.send(new DeleteCommand({ TableName: outputs.TableName, Key: { pk, sk } }));
    }
    await dynamo.send(
      new PutCommand({ TableName: outputs.TableName, Item: { ...checks[0], status: 'spoiled' } }),
    );
    const { code, stdout, stderr } = await restore(restored);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`${checks.length} records of checks`);
    const { records: after } = await keptOf(one);
    const withoutLock = (all: typeof after) =>
      [...all].filter(([key]) => key !== 'LOCK LOCK').sort();
    expect(withoutLock(after)).toEqual(withoutLock(before));
    expect(after.get('LOCK LOCK')).toMatchObject({ expiresAt: 0 });
  });

  test('are not copied while a run is on, from nowhere, or from the table itself', async () => {
    const { dynamo, outputs } = one;
    const lock = { ...keysOf('').lock, holder: 'by-hand', start: new Date().toISOString() };
    const hold = (expiresAt: number) =>
      dynamo.send(new PutCommand({ TableName: outputs.TableName, Item: { ...lock, expiresAt } }));
    await hold(Date.now() + LOCK_MS);
    const during = await restore(restored);
    expect([during.code, during.stderr]).toEqual([1, expect.stringContaining('the run by-hand')]);
    await hold(0);
    const nowhere = await restore('nowhere');
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('no table')]);
    const itself = await restore(outputs.TableName);
    expect([itself.code, itself.stderr]).toEqual([1, expect.stringContaining('the live table')]);
  });

  test('records are derived from the documents when nothing is left of the table', async () => {
    const { dynamo, outputs } = one;
    const before = await one.read('data/all-datasets.json');
    for (const { pk, sk } of (await keptOf(one)).records.values()) {
      if (!`${pk}`.startsWith('CHECK#')) continue;
      await dynamo.send(new DeleteCommand({ TableName: outputs.TableName, Key: { pk, sk } }));
    }
    const rerun = await mirrorwatch(
      ...['rerun', '--stack', ONE, '--stages', 'summarize', '--wait', '--json'],
    );
    expect(rerun.code, rerun.stdout + rerun.stderr).toBe(0);
    expect(verdicts(await one.read('data/all-datasets.json'))).toEqual(verdicts(before));
    // For the tests that follow.
    expect((await restore(restored)).code).toBe(0);
  });
});

describe('a stack that is destroyed', () => {
  test('is not, as long as it is protected', async () => {
    const { code, stdout, stderr } = await destroy(archive, { name: ONE });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/termination ?protection/i);
    expect((await one.written('data/')).size).toBeGreaterThan(50);
  });

  test('a stack that was destroyed and deployed again takes up its documents and records, and runs on', async () => {
    const published = async () =>
      (await mirrorwatch('status', '--stack', ONE)).stdout.match(/ published /g)?.length ?? 0;
    const runs = await published();
    const before = await keptOf(one);
    const summary = await one.read('data/all-datasets.json');
    await deploy(archive, { name: ONE, protect: 'false' });
    const { code, stdout, stderr } = await destroy(archive, { name: ONE, protect: 'false' });
    expect(code, stdout + stderr).toBe(0);
    expect((await mirrorwatch('status', '--stack', ONE)).stderr).toContain('there is no stack');
    expect(await keptOf(one)).toEqual(before);

    const outputs: Outputs = await deploy(archive, { name: ONE });
    const again = openDeployment(outputs);
    expect(outputs.BucketName).toBe(one.outputs.BucketName);
    expect(outputs.TableName).toBe(one.outputs.TableName);
    expect(await keptOf(again)).toEqual(before);

    const rerun = await mirrorwatch('rerun', '--stack', ONE, '--wait', '--json');
    expect(rerun.code, rerun.stderr).toBe(0);
    expect(verdicts(await again.read('data/all-datasets.json'))).toEqual(verdicts(summary));
    const after = await keptOf(again);
    expect([...after.records.keys()]).toEqual(expect.arrayContaining([...before.records.keys()]));
    expect(await published()).toBe(runs + 1);
  });
});
