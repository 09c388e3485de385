// The whole monitor as deployed: an execution over the sample archive must publish what a run on
// one machine publishes, and handle being started twice, narrowed, killed or held.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import type { SampleArchive } from '../../archives/openneuro/sample/archive.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import { CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { SENT_PATH } from '../../core/history/paths.ts';
import { HOSTS } from '../../lambdas/names.ts';
import { timesPath } from '../support/documents.ts';
import { withoutTimes as timeless } from '../support/timeless.ts';
import { alarmTests } from './alarm-suite.ts';
import { changesTests } from './changes-suite.ts';
import { curveTests } from './curve-suite.ts';
import {
  type ArchiveUrls,
  bootstrap,
  type Deployment,
  deploy,
  inCheckout,
  openDeployment,
} from './deployment.ts';
import { killedTests } from './killed-suite.ts';
import { startSampleForStack } from './sample.ts';
import { laterBuildTests, visitorTests } from './site-suite.ts';
import { withdrawnTests } from './withdrawn-suite.ts';

/** The emulator that these tests started; null if the endpoint was given. */
const OWN = inject('emulatorGroup');
/** Enough to hold one dataset for every rule. */
const DATASETS = 60;
const SEED = 1;
/** Documents of the run itself; all others change only when the archive does. */
const OF_THE_RUN = [
  'all-datasets.json',
  'datasets-registry.json',
  'leftovers.json',
  'status.json',
  'summary.html',
  'summary.json',
  ...CHECKS.map(timesPath),
].map((path) => `data/${path}`);

let world: SampleArchive;
let sample: SampleServer;
let archive: ArchiveUrls;
let deployment: Deployment;
let began: string;

beforeAll(async () => {
  began = new Date().toISOString();
  world = generateArchive({ datasets: DATASETS, seed: SEED });
  ({ sample, urls: archive } = await startSampleForStack(world));
  await bootstrap();
  deployment = openDeployment(await deploy(archive));
});
afterAll(() => sample?.close());

/** Times of these tests, not those of the archive; and the duration of a run. */
const withoutTimes = (text: string) => timeless(text, began);

const summary = async () => JSON.parse(await deployment.read('data/all-datasets.json')) as Summary;
const outcomeOf = ({ output }: { output?: string | undefined }) =>
  JSON.parse(output ?? '{}').summary?.outcome;

/** A row without what a later run may change. */
const verdicts = ({ datasets }: Summary) =>
  datasets.map(({ id, status, checks, issueSubtypes }) => ({ id, status, checks, issueSubtypes }));

async function documentsOnDisk(root: string): Promise<Map<string, string>> {
  const documents = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(root.length + 1);
    if (!entry.isFile() || path.startsWith('.mirrorwatch')) continue;
    documents.set(`data/${path}`, await readFile(join(root, path), 'utf8'));
  }
  return documents;
}

/** A key without the start of a run, which names the run's file. */
const nameless = (key: string) => key.replace(/(?<=\/history\/runs\/).*/, 'run.json');

describe('a full run', () => {
  test('succeeds and says that it published', async () => {
    const execution = await deployment.run();
    expect(execution.cause).toBeUndefined();
    expect(execution.status).toBe('SUCCEEDED');
    expect(outcomeOf(execution)).toBe('published');
  });

  test('publishes byte for byte what a run on one machine writes, times aside', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-deployed-'));
    try {
      const { code, stderr } = await inCheckout('node', [
        ...['bin/mirrorwatch.ts', 'run', '--out', folder, '--registry-url', sample.registryUrl],
        ...['--mirror-url', sample.mirrorUrl, '--export-url', sample.exportUrl],
        ...['--doi-url', sample.doiUrl],
      ]);
      expect(code, stderr).toBe(0);
      const disk = await documentsOnDisk(folder);
      const keys = new Map(
        Array.from((await deployment.written('data/')).keys(), (key) => [nameless(key), key]),
      );
      // Only there is a topic, which is told what changed.
      keys.delete(`data/${SENT_PATH}`);
      expect([...keys.keys()].sort()).toEqual(Array.from(disk.keys(), nameless).sort());
      for (const [key, text] of disk) {
        const there = await deployment.read(keys.get(nameless(key)) as string);
        // Only there runs have a schedule.
        const unscheduled = there.replace(/\n *"everyHours": 24,/, '');
        expect(withoutTimes(unscheduled), key).toBe(withoutTimes(text));
      }
      expect(keys.size).toBeGreaterThan(300);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('leaves a record of every check, with the verdict that the summary shows', async () => {
    const { Items = [] } = await deployment.dynamo.send(
      new ScanCommand({ TableName: deployment.outputs.TableName, ConsistentRead: true }),
    );
    const { datasets } = await summary();
    for (const { id, checks } of datasets) {
      for (const check of CHECKS) {
        const item = Items.find(({ pk, sk }) => pk === `CHECK#${id}` && sk === check);
        expect(item?.status, `${id} ${check}`).toBe(checks[check]);
      }
    }
    const [run] = Items.filter(({ pk }) => pk === 'RUN');
    expect(run).toMatchObject({ outcome: 'published', totals: { datasets: datasets.length } });
    expect(run?.totals.traffic.refs.requests).toBeGreaterThanOrEqual(datasets.length);
    expect(Items.find(({ pk }) => pk === 'LOCK')).toMatchObject({ expiresAt: 0 });
  });

  test('shares the hosts that its functions ask, and no function keeps its place at one', async () => {
    const { Items = [] } = await deployment.dynamo.send(
      new QueryCommand({
        TableName: deployment.outputs.TableName,
        KeyConditionExpression: 'pk = :hosts',
        ExpressionAttributeValues: { ':hosts': HOSTS },
        ConsistentRead: true,
      }),
    );
    const hosts = Object.values(archive).map((url) => new URL(url).host);
    expect(Items.map(({ sk }) => sk)).toEqual([...new Set(hosts)].sort());
    for (const { pk: _, sk, ...said } of Items) {
      const using = Object.values(said).filter(({ until }) => until > 0);
      expect(using, sk).toEqual([]);
    }
  });

  test('finds the documents there, with types and times to keep them', async () => {
    expect(await deployment.headers('data/all-datasets.json')).toEqual([
      'application/json; charset=utf-8',
      'public, max-age=60',
    ]);
  });

  test('finds a badge of the archive and of each dataset, as pictures', async () => {
    const picture = ['image/svg+xml', 'public, max-age=300'];
    expect(await deployment.headers('data/badges/openneuro.svg')).toEqual(picture);
    const badges = [...(await deployment.written('data/datasets/')).keys()].filter((key) =>
      key.endsWith('/badge.svg'),
    );
    expect(badges.length).toBeGreaterThan(50);
    expect(await deployment.headers(badges[0] as string)).toEqual(picture);
  });

  test.skipIf(OWN === null)('shows nothing to strangers', async () => {
    const { AWS_ENDPOINT_URL } = inject('awsEnv');
    const stranger = await fetch(`${AWS_ENDPOINT_URL}/${deployment.outputs.BucketName}/index.html`);
    expect(stranger.status).toBe(403);
  });
});

describe('a visitor', () => visitorTests(() => deployment));

describe('curves', () => curveTests(() => deployment));

describe('a second run', () => {
  test('over an archive that did not change writes nothing but times', async () => {
    const before = await deployment.written('');
    const texts = new Map<string, string>();
    for (const key of before.keys()) {
      if (key.startsWith('data/')) texts.set(key, withoutTimes(await deployment.read(key)));
    }
    sample.resetStats();
    expect((await deployment.run()).status).toBe('SUCCEEDED');
    const after = await deployment.written('');
    const changed = [...after].filter(
      ([key, stamp]) => !key.startsWith('runs/') && before.get(key) !== stamp,
    );
    const [ofHistory, documents] = [true, false].map((is) =>
      changed.map(([key]) => key).filter((key) => key.startsWith('data/history/') === is),
    ) as [string[], string[]];
    const plain = (text = '') => withoutTimes(text).replace(/"publication": \d+/, '"publication"');
    for (const key of documents) {
      expect(plain(await deployment.read(key)), key).toBe(plain(texts.get(key)));
    }
    // The history has one run more, in which nothing happened.
    const run = ofHistory.find((key) => key.includes('/runs/')) as string;
    expect(JSON.parse(await deployment.read(run))).toMatchObject({ number: 2, events: [] });
    // Otherwise only the time of the last attempt at the one dataset that cannot be measured.
    const others = documents.filter((key) => !OF_THE_RUN.includes(key));
    for (const key of others) expect(await deployment.read(key)).toContain('"lastAttempt": {');
    expect(others.length).toBeLessThan(4);
    // Trees are kept; both readers read the smallest mirror of the day's sample.
    expect(sample.stats().tree.requests).toBe(2);
  });

  test('narrowed to one dataset and stage asks the archive nothing else', async () => {
    const { datasets } = await summary();
    const id = datasets.find(({ status }) => status === 'ok')?.id as string;
    sample.resetStats();
    const { code, stdout, stderr } = await inCheckout('node', [
      ...['bin/mirrorwatch.ts', 'rerun', '--datasets', id, '--force', '--wait', '--json'],
      ...['--stages', 'check-s3-files,summarize'],
    ]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', outcome: 'published' });
    expect(stderr).toContain('check-s3-files 1 of 1 shards');
    const { registry, refs, tree, description, listing } = sample.stats();
    const others = [registry, refs, tree, description].map(({ requests }) => requests);
    expect(others).toEqual([0, 0, 0, 0]);
    expect(listing.requests).toBeGreaterThan(0);
    expect((await summary()).datasets).toHaveLength(datasets.length);
  });

  test('a misspelt input fails at once, before anything is asked', async () => {
    sample.resetStats();
    const execution = await deployment.run({ dataset: 'ds000001' } as object);
    expect(execution.status).toBe('FAILED');
    expect(sample.stats().registry.requests).toBe(0);
  });
});

describe('a run that is disturbed', () => {
  test('is not disturbed by a second execution, which ends at once and says who runs', async () => {
    sample.setLatency({ refs: 400 });
    sample.resetStats();
    const first = await deployment.start({ stages: ['check-github', 'summarize'] });
    while (sample.stats().refs.requests === 0) await sleep(50);
    const asked = sample.stats().refs.requests;
    const second = await deployment.run();
    expect(second.status).toBe('SUCCEEDED');
    const { outcome, why } = JSON.parse(second.output ?? '{}');
    expect(outcome).toBe('another-run');
    expect(why).toContain(first.split(':').at(-1));
    expect(sample.stats().registry.requests).toBe(0);
    expect(asked).toBeLessThan(DATASETS);
    sample.setLatency({});
    expect(outcomeOf(await deployment.untilEnded(first))).toBe('published');
  });

  killedTests(() => ({ deployment, sample }), OWN);

  test('a run that cannot measure more than 5 % is held; the site keeps the last good summary', async () => {
    const before = await deployment.read('data/all-datasets.json');
    const { datasets } = await summary();
    const some = datasets.filter(({ unverified }) => !unverified).slice(0, 8);
    sample.setFaults([
      { kind: 'description', fault: '500', rate: 1, datasets: some.map(({ id }) => id) },
    ]);
    const execution = await deployment.run({ stages: ['check-s3-version', 'summarize'] });
    sample.setFaults([]);
    expect(execution.status).toBe('FAILED');
    expect(execution.error).toBe('PublishHeld');
    expect(execution.cause).toContain('could not be measured');
    expect(await deployment.read('data/all-datasets.json')).toBe(before);
    const status = JSON.parse(await deployment.read('data/status.json'));
    expect(status.lastRun.outcome).toBe('held');
    expect(status.lastRun.why[0]).toContain('8 of');
    const told = await inCheckout('node', ['bin/mirrorwatch.ts', 'status', '--last', '2']);
    expect(told.code).toBe(1);
    expect(told.stdout.split('\n')[1]).toMatch(/ held /);
    expect(outcomeOf(await deployment.run({ unverified: true }))).toBe('published');
    expect(verdicts(await summary())).toEqual(verdicts({ ...JSON.parse(before) }));
  });
});

describe('a withdrawn dataset', () =>
  withdrawnTests(
    () => deployment,
    () => world,
  ));

describe('alarms', () =>
  alarmTests(
    () => deployment,
    () => sample,
    () => Date.parse(began),
  ));

describe('a later build of the page', () =>
  laterBuildTests(
    () => deployment,
    (checkout) => deploy(archive, { checkout }),
  ));

// Its functions ask for the site at an address of this machine.
describe.skipIf(OWN === null)('who follows the archive', () =>
  changesTests(
    () => deployment,
    () => world,
    (siteUrl) => deploy(archive, { siteUrl }),
  ),
);
