// A second archive, added to the stack as docs/adding-an-archive.md says: what the first has stays as
// it is, and the roles of each allow what is its own.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { HOSTS, nameFor } from '../../lambdas/names.ts';
import { toy } from '../contract/toy/index.ts';
import { toyWorld } from '../contract/toy/server.ts';
import type { World } from '../contract/world.ts';
import { copyCheckout } from '../support/checkout.ts';
import { bootstrap, type Deployment, deploy, inCheckout, openDeployment } from './deployment.ts';
import { resetEmulator } from './emulator.ts';

/** The emulator that these tests started; null if the endpoint was given. */
const OWN = inject('emulatorGroup');
const ENDPOINT = inject('awsEnv').AWS_ENDPOINT_URL as string;
const SOURCE = join(import.meta.dirname, '../contract/toy/index.ts');

const LIST = `import type { Archive } from '../core/monitor/archive.ts';
import { openneuro } from './openneuro/index.ts';
import { toys } from './toys/index.ts';

export const ARCHIVES: readonly Archive[] = [openneuro, toys];
`;

async function addToys(checkout: string): Promise<void> {
  const text = (await readFile(SOURCE, 'utf8'))
    .replaceAll("'../../../core/", "'../../core/")
    .replaceAll("id: 'toy',", "id: 'toys',")
    .replace('export const toy:', 'export const toys:');
  await mkdir(join(checkout, 'archives/toys'));
  await writeFile(join(checkout, 'archives/toys/index.ts'), text);
  await writeFile(join(checkout, 'archives/index.ts'), LIST);
}

// Its sources are on this machine, and the emulator is reset.
describe.skipIf(OWN === null)('a second archive on the deployed stack', () => {
  let sample: SampleServer;
  let world: World;
  let checkout: string;
  let first: Deployment;
  let toys: Deployment;

  beforeAll(async () => {
    await resetEmulator(ENDPOINT);
    sample = await startSampleArchive({ archive: generateArchive({ datasets: 30 }) });
    world = await toyWorld();
    checkout = await mkdtemp(join(tmpdir(), 'mirrorwatch-checkout-'));
    await copyCheckout(checkout);
    await addToys(checkout);
    await bootstrap();
    first = openDeployment(await deploy(sample));
    expect((await first.run()).status).toBe('SUCCEEDED');
  });
  afterAll(async () => {
    await resetEmulator(ENDPOINT);
    await sample.close();
    await world.close();
    await rm(checkout, { recursive: true });
  });

  /** All that the archives have in the bucket and in the table. */
  async function stored(): Promise<Map<string, string>> {
    const all = new Map<string, string>();
    for (const prefix of ['data/', 'runs/', 'trees/']) {
      for (const [key, stamp] of await first.written(prefix)) all.set(key, stamp);
    }
    const { Items = [] } = await first.dynamo.send(
      new ScanCommand({ TableName: first.outputs.TableName, ConsistentRead: true }),
    );
    for (const item of Items) all.set(`${item.pk} ${item.sk}`, JSON.stringify(item));
    return all;
  }
  const isOfToys = (key: string) => /^(?:(?:data|runs|trees)\/)?toys\//.test(key);
  const isShared = (key: string) => key === 'data/archives.json' || key.startsWith(`${HOSTS} `);
  const some = (all: ReadonlyMap<string, string>, isWanted: (key: string) => boolean) =>
    new Map([...all].filter(([key]) => isWanted(key)));
  const ofFirst = (key: string) => !isOfToys(key) && !isShared(key);
  const outcomeOf = ({ output }: { output?: string | undefined }) =>
    JSON.parse(output ?? '{}').summary?.outcome;

  test('is deployed over it, and replaces nothing', async () => {
    const before = await stored();
    const { list, copies } = world.addresses;
    const addresses = JSON.stringify({ listUrl: list, copiesUrl: copies });
    const outputs = await deploy(sample, { checkout, 'toys.archive': addresses });
    expect(outputs).toMatchObject(first.outputs);
    const arn = (outputs as unknown as Record<string, string>)[nameFor('StateMachineArn', 'toys/')];
    expect(arn).toMatch(/^arn:/);
    toys = openDeployment({ ...outputs, StateMachineArn: arn as string });
    expect(await stored()).toEqual(before);
  });

  test('publishes in its own folder, and touches nothing of the first', async () => {
    const before = some(await stored(), ofFirst);
    expect(before.size).toBeGreaterThan(200);
    const execution = await toys.run();
    expect(execution.cause).toBeUndefined();
    expect(outcomeOf(execution)).toBe('published');
    const after = await stored();
    expect(some(after, ofFirst)).toEqual(before);
    expect(some(after, isOfToys).size).toBeGreaterThan(15);
    const part = readCompact(toy, JSON.parse(await toys.read('data/toys/summary.json')));
    const statuses = part.columns.id.map((id, place) => [id, part.row(place).status]);
    expect(Object.fromEntries(statuses)).toEqual({ bear: 'ok', robot: 'warning', train: 'error' });
    expect(JSON.parse(await toys.read('data/toys/status.json')).checks.list.status).toBe('warning');
    expect(JSON.parse(await toys.read('data/archives.json')).archives).toMatchObject([
      { id: 'openneuro', folder: '' },
      { id: 'toys', name: 'Toys', folder: 'toys/' },
    ]);
  });

  test('runs while the first runs, each with its own lock', async () => {
    world.heal();
    const ended = await Promise.all([first.run(), toys.run()]);
    expect(ended.map(outcomeOf)).toEqual(['published', 'published']);
    const part = readCompact(toy, JSON.parse(await toys.read('data/toys/summary.json')));
    expect(part.columns.id.map((_, place) => part.row(place).status)).toEqual(['ok', 'ok', 'ok']);
  });

  test('is started and followed by the command line with its name', async () => {
    const toyCommand = (...args: string[]) =>
      inCheckout('node', ['bin/mirrorwatch.ts', ...args, '--archive', 'toys'], checkout);
    const rerun = await toyCommand('rerun', '--wait');
    expect(rerun).toMatchObject({ code: 0, stdout: 'published\n' });
    const { stdout } = await toyCommand('status', '--last', '1');
    expect(stdout).toMatch(/published +3 +0 +0/);
    const { code, stderr } = await toyCommand('rerun', '--stages', 'check-github');
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toContain('check-github');
  });
});
