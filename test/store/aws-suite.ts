// What every service that speaks S3's and DynamoDB's protocols must let the store do: the suite of
// all stores, the lock between runs, and records and documents that two runs write at once. It
// passes both on an emulator and on the in-memory clients of test/support/aws/.

import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { MOST_UNCOMPRESSED } from '../../core/documents/at-rest.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { systemClock } from '../../core/http/clock.ts';
import type { HostNews } from '../../core/http/hosts.ts';
import { type AwsStoreOptions, openAwsStore } from '../../lambdas/aws-store.ts';
import { keysOf, PREFIXES } from '../../lambdas/names.ts';
import { LOCK_MS, type RunStore } from '../../lambdas/run-store.ts';
import { sharedHosts } from '../../lambdas/shared-hosts.ts';
import { etagOf } from '../../lambdas/store/objects.ts';
import { checkPath } from '../support/documents.ts';
import { readRecord, saveCheck } from '../support/sessions.ts';
import { checkRecord, githubDocument, runRecord, runStart } from './documents.ts';
import { type StoreUnderTest, storeSuite } from './suite.ts';

export interface AwsPlace {
  readonly s3: S3Client;
  readonly dynamo: DynamoDBDocumentClient;
  readonly bucket: string;
  readonly table: string;
  destroy(): Promise<void>;
}

/** Commands that change something. */
const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;

/** A client that runs a hook before each of its commands. */
function before<C extends { send: (...args: never[]) => Promise<unknown> }>(
  client: C,
  act: (command: object) => Promise<void> | void,
): C {
  return new Proxy(client, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name);
      return async (command: object, ...rest: never[]) => {
        await act(command);
        return target.send(...([command, ...rest] as never[]));
      };
    },
  });
}

interface UnderTest extends AwsPlace, StoreUnderTest {
  openStore(more?: Partial<AwsStoreOptions>): RunStore;
  destroy(): Promise<void>;
}

function underTest(place: AwsPlace): UnderTest {
  const { s3, dynamo, bucket, table } = place;
  const openStore = (more: Partial<AwsStoreOptions> = {}) =>
    openAwsStore({ archive: openneuro, s3, dynamo, bucket, table, ...more });
  return {
    ...place,
    openStore,
    open: async () => ({ ...openStore(), close: async () => {} }),
    async openDying(n: number) {
      // As in a killed process: its n-th write and all later ones are not made.
      let writes = 0;
      const dies = ({ constructor: { name: command } }: object) => {
        if (WRITES.test(command) && ++writes >= n) throw new Error('killed');
      };
      const store = openStore({ s3: before(s3, dies), dynamo: before(dynamo, dies) });
      return { ...store, close: async () => {}, died: () => writes >= n };
    },
    async documents() {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: PREFIXES.data }),
      );
      return (page.Contents ?? []).map(({ Key = '' }) => Key.slice(PREFIXES.data.length));
    },
    async writtenAt(path: string) {
      const found = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: `${PREFIXES.data}${path}` }),
      );
      return [found.LastModified?.getTime(), found.ETag];
    },
  };
}

export function awsStoreSuite(name: string, makePlace: () => Promise<AwsPlace>): void {
  const make = async () => underTest(await makePlace());
  storeSuite(name, make);

  describe(`the store on AWS: ${name}`, () => {
    let there: UnderTest;
    beforeEach(async () => {
      there = await make();
    });
    afterEach(() => there.destroy());

    const now = new Date(runStart(5));
    const later = new Date(now.getTime() + LOCK_MS + 1);
    const run = (n: number) => ({ name: `run-${n}`, start: runStart(n) });

    test('one run holds the lock, its own redrive passes, another learns who has it', async () => {
      const store = there.openStore();
      expect(await store.holdLock(run(1), now)).toEqual({ held: true });
      expect(await store.holdLock(run(1), now)).toEqual({ held: true });
      expect(await store.holdLock(run(2), now)).toEqual({ held: false, by: 'run-1' });
      await store.releaseLock(run(2));
      expect(await store.holdLock(run(2), now)).toEqual({ held: false, by: 'run-1' });
      await store.releaseLock(run(1));
      expect(await store.holdLock(run(2), now)).toEqual({ held: true });
    });

    test('a document that CloudFront would not compress is stored compressed, and read as it was', async () => {
      const store = there.openStore();
      const path = 'datasets/ds000001/snapshots/1.0.0/files.json';
      const Key = `${PREFIXES.data}${path}`;
      const files = (count: number) => ({
        schemaVersion: SCHEMA_VERSION,
        count,
        files: Array.from({ length: count }, (_, at) => `sub-01/${String(at).padStart(90, '0')}`),
        commit: null,
      });
      const large = files(MOST_UNCOMPRESSED / 100);
      expect(await store.writeDocument(path, files(1))).toBe('written');
      expect(await store.writeDocument(path, large)).toBe('written');
      const stored = await there.s3.send(new GetObjectCommand({ Bucket: there.bucket, Key }));
      expect(stored.ContentEncoding).toBe('gzip');
      const bytes = Buffer.from((await stored.Body?.transformToByteArray()) ?? []);
      const plain = gunzipSync(bytes);
      expect(plain.length).toBeGreaterThan(MOST_UNCOMPRESSED);
      expect(bytes.length).toBeLessThan(plain.length / 10);
      expect(JSON.parse(plain.toString())).toEqual(large);
      expect(await store.readDocument(path)).toEqual(large);

      const at = await there.writtenAt(path);
      expect(await store.writeDocument(path, large)).toBe('unchanged');
      expect(await store.writePieces(path, () => [plain])).toBe('unchanged');
      expect(await there.writtenAt(path)).toEqual(at);
      const listed = await store.listEtags(['ds000001']);
      expect(listed?.get('ds000001')).toEqual({ [path]: stored.ETag });
      // A bucket may have etags of its own.
      if (stored.ETag === etagOf(bytes)) expect(store.etagOf(plain)).toBe(stored.ETag);
      expect(await store.writeDocument(path, files(1))).toBe('written');
      expect(await store.readDocument(path)).toEqual(files(1));
    });

    test('the lock of a run that was stopped is taken over when its time is up', async () => {
      const store = there.openStore();
      await store.holdLock(run(1), now);
      expect(await store.holdLock(run(2), later)).toEqual({ held: true });
    });

    test('a late child of an old run never gets the lock again', async () => {
      const store = there.openStore();
      await store.holdLock(run(2), now);
      await store.releaseLock(run(2));
      expect(await store.holdLock(run(1), later)).toEqual({ held: false, by: 'run-2' });
    });

    test('the lock of a run that is known to be over is free at once, for newer runs', async () => {
      const store = there.openStore();
      await store.holdLock(run(2), now);
      expect(await store.holdLock(run(3), now, 'run-1')).toEqual({ held: false, by: 'run-2' });
      expect(await store.holdLock(run(1), now, 'run-2')).toEqual({ held: false, by: 'run-2' });
      expect(await store.holdLock(run(3), now, 'run-2')).toEqual({ held: true });
      expect(await store.holdLock(run(4), now, 'run-2')).toEqual({ held: false, by: 'run-3' });
    });

    test('the end of a run is recorded where it recorded none itself', async () => {
      const store = there.openStore();
      const end = (n: number) => store.endRun(runRecord(n, 'failed'));
      expect(await end(1)).toBe(true);
      await store.writeRun(runRecord(2, 'running'));
      expect(await end(2)).toBe(true);
      expect(await end(2), 'a second try of the same').toBe(true);
      const other = { ...runRecord(2, 'failed'), finishedAt: runStart(9) };
      expect(await store.endRun(other)).toBe(false);
      await store.writeRun(runRecord(3, 'held'));
      expect(await end(3)).toBe(false);
      const runs = [...(await store.listRuns(3))];
      expect(runs.map(({ outcome }) => outcome)).toEqual(['held', 'failed', 'failed']);
    });

    test('one of 20 executions that begin at once gets the lock', async () => {
      const store = there.openStore();
      const names = Array.from({ length: 20 }, (_, i) => i);
      const holds = await Promise.all(names.map((n) => store.holdLock(run(n), now)));
      expect(holds.filter(({ held }) => held)).toHaveLength(1);
    });

    test('runs come newest first, as many as asked', async () => {
      const store = there.openStore();
      for (const n of [2, 4, 1, 3]) await store.writeRun(runRecord(n));
      const runs = [...(await store.listRuns(3))];
      expect(runs.map((found) => found.runStart)).toEqual([4, 3, 2].map((n) => runStart(n)));
    });

    test('a record that cannot be read counts as absent, is reported, and is written again', async () => {
      const told: string[] = [];
      const store = there.openStore({ onUnreadable: (key) => told.push(key) });
      const broken = { ...keysOf('').check('ds000001', 'github'), runStart: 7 };
      await there.dynamo.send(new PutCommand({ TableName: there.table, Item: broken }));
      expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
      expect(told).toEqual(['CHECK#ds000001 github']);
      expect(await saveCheck(store, checkRecord('ds000001', 1), null)).toBe('written');
      expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 1));
    });

    test('an older run that wrote over evidence a newer one found unchanged puts it back', async () => {
      const evidence = (head: string) => ({
        path: checkPath('github', 'ds000001'),
        value: githubDocument(head),
      });
      const newer = there.openStore();
      await saveCheck(newer, checkRecord('ds000001', 1), evidence('main'));
      // The newer run saves between the older one's document and its record.
      let saved = false;
      const slow = before(there.dynamo, async (command) => {
        if (command.constructor.name !== 'PutCommand' || saved) return;
        saved = true;
        await saveCheck(newer, checkRecord('ds000001', 3), null);
      });
      const older = there.openStore({ dynamo: slow });
      expect(await saveCheck(older, checkRecord('ds000001', 2), evidence('late'))).toBe('older');
      expect(await newer.readDocument(checkPath('github', 'ds000001'))).toMatchObject({
        head: 'main',
      });
      expect((await readRecord(newer, 'ds000001', 'github'))?.runStart).toBe(runStart(3));
    });

    test('documents are cached for a minute, those of a snapshot as well, since they may be withdrawn', async () => {
      const store = there.openStore();
      await store.writeDocument(checkPath('github', 'ds000001'), githubDocument('main'));
      await store.writeDocument('datasets/ds000001/snapshots/1.0.0/metadata.json', {
        schemaVersion: '3.0.0',
        hexsha: 'a'.repeat(40),
        created: runStart(1),
      });
      const head = (path: string) =>
        there.s3.send(new GetObjectCommand({ Bucket: there.bucket, Key: `data/${path}` }));
      const ofCheck = await head(checkPath('github', 'ds000001'));
      expect(ofCheck.CacheControl).toBe('public, max-age=60');
      expect(ofCheck.ContentType).toBe('application/json; charset=utf-8');
      const ofSnapshot = await head('datasets/ds000001/snapshots/1.0.0/metadata.json');
      expect(ofSnapshot.CacheControl).toBe('public, max-age=60');
    });

    test('functions tell each other what they saw of a host, and one that ends is forgotten', async () => {
      const open = (name: string) => {
        const peers = sharedHosts({
          ...{ dynamo: there.dynamo, table: there.table, name, run: runStart(1) },
          ...{ clock: systemClock, log: () => {} },
        });
        const heard = new Promise<HostNews>((resolve) => {
          peers.listen((_host, news) => resolve(news));
        });
        return { ...peers, heard };
      };
      const nothing = { retries: 0, pausedUntil: 0, leftAlone: undefined };
      const facts = { ...nothing, retries: 3, pausedUntil: Date.now() + 50_000 };
      const first = open('first');
      first.tell('github.com', facts);
      expect(await first.heard).toEqual({ ...nothing, clients: 1, place: 0 });
      const second = open('second');
      expect(await second.heard).toEqual({ ...facts, clients: 2, place: 1 });
      second.tell('github.com', { ...nothing, retries: 2 });
      await second.close();
      await first.close();
      const third = open('third');
      expect(await third.heard).toEqual({ ...facts, retries: 5, clients: 1, place: 0 });
      await third.close();
    });
  });
}
