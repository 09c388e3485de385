// The hourly look at what changed, on the deployed stack: every minute here.

import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { MARKS_FILE, PREFIXES } from '../../lambdas/names.ts';
import { clients } from './clients.ts';
import { bootstrap, deploy, openDeployment } from './deployment.ts';
import { resetEmulator } from './emulator.ts';

const ENDPOINT = inject('awsEnv').AWS_ENDPOINT_URL as string;
const NEW = generateArchive({ datasets: 60 }).datasets.at(-1)?.id as string;
const { sfn } = clients();
let before: SampleServer;
let after: SampleServer;

beforeAll(async () => {
  await resetEmulator(ENDPOINT);
  before = await startSampleArchive({ archive: generateArchive({ datasets: 59 }) });
  after = await startSampleArchive({ archive: generateArchive({ datasets: 60 }) });
  await bootstrap();
});
afterAll(async () => {
  await resetEmulator(ENDPOINT);
  await before.close();
  await after.close();
});

test('a dataset that is new has a verdict soon, and the others are left alone', async () => {
  const deployment = openDeployment(await deploy(before, { schedule: 'off' }));
  expect((await deployment.run()).status).toBe('SUCCEEDED');
  const published = JSON.parse(await deployment.read('data/all-datasets.json')).datasets;
  await deploy(after, { schedule: 'off', watch: 'rate(1 minute)' });

  const { input, status } = await firstStarted(deployment);
  const { changed, datasets } = JSON.parse(input ?? '{}');
  expect({ changed, status }).toEqual({ changed: true, status: 'SUCCEEDED' });
  expect(datasets).toContain(NEW);
  // The sample has faults in most of its datasets.
  expect(datasets.length).toBeLessThan(5);
  expect(after.stats().listing.requests).toBeLessThan(before.stats().listing.requests / 5);
  const rows = JSON.parse(await deployment.read('data/all-datasets.json')).datasets;
  expect(rows.map(({ id }: { id: string }) => id)).toContain(NEW);
  expect(rows).toHaveLength(published.length + 1);
  expect(await deployment.read(`${PREFIXES.runs}${MARKS_FILE}`)).toMatch(/"kind":"key"/);
});

/** The end of the first run that the look started. */
async function firstStarted({ outputs, untilEnded }: ReturnType<typeof openDeployment>) {
  for (;;) {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: outputs.StateMachineArn }),
    );
    for (const { executionArn } of executions) {
      const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input?.includes('changed')) return untilEnded(executionArn as string);
    }
    await sleep(1000);
  }
}
