// What the functions of a run pass on to each other, over the store on AWS: the results are those
// of functions that read everything themselves, and nothing comes from one that was given up.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { staysAfterRemoval } from '../../core/history/paths.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import { type FakeCloud, fakeCloud } from '../support/aws/cloud.ts';
import { memoryRunStore } from '../support/memory-run-store.ts';
import { aroundSaves } from '../support/sessions.ts';
import { type Execution, execute } from './machine.ts';

let server: SampleServer;
let cloud: FakeCloud;
let store: RunStore;

beforeEach(async () => {
  server = await startSampleArchive({ archive: generateArchive({ datasets: 40 }) });
  cloud = fakeCloud();
  const { bucket, table } = cloud;
  store = openAwsStore({ archive: openneuro, ...cloud.clients(), bucket, table });
});
afterEach(() => server.close());

const run = async (day: number, more: Partial<Execution> = {}) =>
  expect(await execute({ server, store, day, ...more })).toMatchObject({ as: 'Succeeded' });

/** Documents of datasets by path. */
const documents = () =>
  new Map(
    [...cloud.objects].flatMap(([key, { bytes }]) =>
      // The history of a dataset is mended by a run that adds to it.
      key.startsWith('data/datasets/') && !staysAfterRemoval(key)
        ? [[key.slice(5), bytes.toString()] as const]
        : [],
    ),
  );

/** The keys requested without credentials change every day; causes name their number. */
const isOfTheDay = (path: string) => /\/(s3-access|causes)\.json$/.test(path);

/** A good answer that holds for 30 days: its document is not read meanwhile. */
const isHeld = (path: string, text: string) =>
  /\/(doi|deprecated)\.json$/.test(path) && JSON.parse(text).status === 'ok';

/** Except the time each was made. */
const recordsOf = (records: Iterable<object>) =>
  new Map(
    [...records].map((record) => {
      const { dataset, check, status, findings, version, lastAttempt, causes } = record as Record<
        string,
        unknown
      >;
      const failed = (lastAttempt as { reason: string } | null)?.reason ?? null;
      return [`${dataset} ${check}`, { status, findings, version, failed, causes }];
    }),
  );
const records = async () => recordsOf(await Array.fromAsync(store.listRecords()));

describe('a run whose functions pass on what they know', () => {
  test('leaves what functions leave that read everything themselves, day by day', async () => {
    const memory = memoryRunStore();
    for (const day of [0, 1, 2]) {
      await run(day);
      await run(day, { store: memory });
      const own = [...memory.documents].filter(
        ([path]) => path.startsWith('datasets/') && !staysAfterRemoval(path),
      );
      // The times of failed attempts differ by milliseconds.
      const timeless = (all: Iterable<readonly [string, string]>) =>
        new Map(Array.from(all, ([path, text]) => [path, text.replaceAll(/"at": ".*"/g, '')]));
      expect(timeless(documents())).toEqual(timeless(own));
      expect(await records()).toEqual(recordsOf(memory.records.values()));
    }
  });

  test('repairs what was deleted or damaged since', async () => {
    await run(0);
    const before = documents();
    const ids = [...new Set([...before.keys()].map((path) => path.split('/')[1] ?? ''))];
    let spoiled = 0;
    for (const [at, path] of [...before.keys()].entries()) {
      // Another day, another choice.
      if (isOfTheDay(path) || ids.indexOf(path.split('/')[1] ?? '') % 2 === 0) continue;
      const key = `data/${path}`;
      if (at % 2 === 0) cloud.objects.delete(key);
      else {
        const object = cloud.objects.get(key);
        if (object) cloud.objects.set(key, { ...object, bytes: Buffer.from('{'), etag: '"other"' });
      }
      spoiled += 1;
    }
    expect(spoiled).toBeGreaterThan(50);
    await run(1);
    const next = documents();
    for (const [path, text] of before) {
      if (isOfTheDay(path) || isHeld(path, text)) continue;
      expect([path, next.get(path)]).toEqual([path, text]);
    }
    await run(31);
    const later = documents();
    for (const [path, text] of before) {
      if (isHeld(path, text)) expect([path, later.get(path)]).toEqual([path, text]);
    }
  });

  test('a function that is sent again skips what the one before it saved', async () => {
    await run(0);
    server.resetStats();
    await run(1);
    const asUsual = server.stats().refs.requests;
    let invocations = 0;
    server.resetStats();
    await run(2, {
      meddling: {
        CheckGithubShard: async (invoke) => {
          invocations += 1;
          if (invocations > 1) return invoke();
          const time = new AbortController();
          let saved = 0;
          const asBefore = aroundSaves(store, (save) => async (...args) => {
            saved += 1;
            if (saved === 20) time.abort();
            return save(...args);
          });
          return invoke(time.signal).finally(asBefore);
        },
      },
    });
    expect(invocations).toBe(2);
    const github = (await Array.fromAsync(store.listRecords())).filter(
      ({ check }) => check === 'github',
    );
    expect(new Set(github.map(({ runStart }) => runStart))).toEqual(
      new Set(['2026-08-03T00:00:00.000Z']),
    );
    // Of the mirrors requested before, only those that failed or were in work are requested again.
    expect(server.stats().refs.requests).toBeLessThan(asUsual + 12);
  });

  test('what a function measured before it died is read again, the rest is unchanged', async () => {
    await run(0);
    const before = await records();
    const meddling = {
      CheckGithubShard: async () => {
        throw new Error('died');
      },
    };
    // Too much was not measured to publish it.
    expect(await execute({ server, store, day: 1, meddling })).toMatchObject({ as: 'PublishHeld' });
    const after = await records();
    for (const [name, { status, version }] of before) {
      expect([name, after.get(name)]).toEqual([name, expect.objectContaining({ status, version })]);
      if (name.endsWith(' github')) expect(after.get(name)?.failed).toBe('internal');
    }
  });
});
