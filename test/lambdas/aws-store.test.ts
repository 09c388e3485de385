// The store on AWS without AWS: the suite, and the cases that only in-memory clients can create at
// will: faster writers, lost answers, errors of the services, pages of any size.

import { describe, expect, test } from 'vitest';
import { PLAIN_PATH } from '../../core/documents/paths.ts';
import { RefusedPathError } from '../../core/monitor/stored-document.ts';
import { keysOf, TREE_DAYS } from '../../lambdas/names.ts';
import { awsStoreSuite } from '../store/aws-suite.ts';
import { checkRecord, githubDocument, runRecord, runStart } from '../store/documents.ts';
import type { FakeObject } from '../support/aws/bucket.ts';
import { type Call, fakeCloud } from '../support/aws/cloud.ts';
import { awsError } from '../support/aws/error.ts';
import { readRecord, saveCheck } from '../support/sessions.ts';
import { DOCUMENT_KEY, headOf, ID, open, PATH, watching } from './aws-process.ts';

awsStoreSuite('S3 and DynamoDB in memory', async () => {
  const { bucket, table, clients } = fakeCloud();
  return { bucket, table, ...clients(), destroy: async () => {} };
});

awsStoreSuite('a bucket whose etags are no MD5', async () => {
  const { bucket, table, clients } = fakeCloud({ otherEtags: true });
  return { bucket, table, ...clients(), destroy: async () => {} };
});

describe('a kept tree', () => {
  const commit = 'a'.repeat(40);
  const DAY = 24 * 60 * 60 * 1000;

  test.each([
    [TREE_DAYS.renewed - 1, ['GetObject']],
    [TREE_DAYS.renewed + 1, ['GetObject', 'PutObject', 'GetObject']],
  ])('that is read %i days after it was written: %j', async (days, expected) => {
    const cloud = fakeCloud();
    await open(cloud).writeTree(commit, Buffer.from('a tree'));
    const [[key, written]] = [...cloud.objects] as [[string, FakeObject]];
    const old = { ...written, modified: new Date(Date.now() - days * DAY) };
    cloud.objects.set(key, old);
    const calls: string[] = [];
    const store = open(cloud, { before: ({ name }) => void calls.push(name) });
    expect((await store.readTree(commit))?.toString()).toBe('a tree');
    // It was written just now, so it is not written once more.
    if (expected.length > 1) await store.readTree(commit);
    expect(calls).toEqual(expected);
    expect(cloud.objects.get(key)).toMatchObject({ etag: old.etag, cacheControl: 'no-store' });
  });

  test('lives long enough after it was written again for one that is read daily', () => {
    expect(TREE_DAYS.kept - TREE_DAYS.renewed).toBeGreaterThanOrEqual(30);
  });
});

describe('a document', () => {
  test.each([
    ['was written first by another', undefined, 'other'],
    ['was changed by another since it was read', 'before', 'other'],
  ])('that %s is read again before it is replaced', async (_, there, theirs) => {
    const cloud = fakeCloud();
    const other = open(cloud);
    if (there) await other.writeDocument(PATH, githubDocument(there));
    const { calls, before } = watching('PutObject', () =>
      other.writeDocument(PATH, githubDocument(theirs)),
    );
    expect(await open(cloud, { before }).writeDocument(PATH, githubDocument('mine'))).toBe(
      'written',
    );
    expect(calls).toEqual(['GetObject', 'PutObject', 'GetObject', 'PutObject']);
    expect(headOf(cloud)).toBe('mine');
  });

  test('a document that another writer wrote identically in the meantime is unchanged', async () => {
    const cloud = fakeCloud();
    const other = open(cloud);
    await other.writeDocument(PATH, githubDocument('before'));
    const { before } = watching('PutObject', () =>
      other.writeDocument(PATH, githubDocument('same')),
    );
    const mine = open(cloud, { before });
    expect(await mine.writeDocument(PATH, githubDocument('same'))).toBe('unchanged');
  });

  test('is requested unless it has these bytes: S3 does not send one that is unchanged', async () => {
    const cloud = fakeCloud();
    const asked: unknown[] = [];
    const before = ({ name, input }: Call) => {
      if (name === 'GetObject') asked.push(input.IfNoneMatch);
    };
    const store = open(cloud, { before });
    await store.writeDocument(PATH, githubDocument('main'));
    expect(asked).toEqual([cloud.objects.get(DOCUMENT_KEY)?.etag]);
    await store.readDocument(PATH);
    expect(asked).toEqual([expect.any(String), undefined]);
  });

  test('a document that was deleted since it was read is written again', async () => {
    const cloud = fakeCloud();
    await open(cloud).writeDocument(PATH, githubDocument('before'));
    const { calls, before } = watching('PutObject', () => cloud.objects.delete(DOCUMENT_KEY));
    expect(await open(cloud, { before }).writeDocument(PATH, githubDocument('mine'))).toBe(
      'written',
    );
    expect(calls.filter((name) => name === 'PutObject')).toHaveLength(2);
    expect(headOf(cloud)).toBe('mine');
  });

  test('is tried again while S3 is at another conditional write (409)', async () => {
    const cloud = fakeCloud();
    const { before } = watching('PutObject', () => {
      throw awsError('ConditionalRequestConflict', 409);
    });
    expect(await open(cloud, { before }).writeDocument(PATH, githubDocument('mine'))).toBe(
      'written',
    );
  });

  test.each(['GetObject', 'PutObject'])('is not written where %s fails otherwise', async (name) => {
    const cloud = fakeCloud();
    for (const status of [403, 500, 503]) {
      const { before } = watching(name, () => {
        throw awsError('Trouble', status);
      });
      const write = open(cloud, { before }).writeDocument(PATH, githubDocument('mine'));
      await expect(write).rejects.toThrow('Trouble');
    }
    const { before } = watching(name, () => {
      throw new Error('no socket');
    });
    const write = open(cloud, { before }).writeDocument(PATH, githubDocument('mine'));
    await expect(write).rejects.toThrow('no socket');
    expect(cloud.objects.size).toBe(0);
  });

  test('fails after a hundred tries, each after a pause', async () => {
    const cloud = fakeCloud();
    let [tries, pauses] = [0, 0];
    const before = (call: Call) => {
      if (call.name !== 'PutObject') return;
      tries += 1;
      throw awsError('PreconditionFailed', 412);
    };
    const pause = async () => {
      pauses += 1;
    };
    const write = open(cloud, { before }, { pause }).writeDocument(PATH, githubDocument('mine'));
    await expect(write).rejects.toThrow('other writers were quicker 100 times');
    expect([tries, pauses]).toEqual([100, 100]);
  });

  test('a document whose answer was lost is there, and unchanged when it is written again', async () => {
    const cloud = fakeCloud();
    const after = ({ writes }: Call) => {
      if (writes) throw new Error('no answer');
    };
    const write = open(cloud, { after }).writeDocument(PATH, githubDocument('mine'));
    await expect(write).rejects.toThrow('no answer');
    expect(await open(cloud).writeDocument(PATH, githubDocument('mine'))).toBe('unchanged');
  });

  test('a page, a tree and a file of a run say what they are and how long they may be kept', async () => {
    const cloud = fakeCloud();
    const store = open(cloud);
    await store.writePage(PLAIN_PATH, '<!doctype html>');
    await store.writePage('datasets/ds000001/badge.svg', '<svg/>');
    await store.writePage('schema/summary.schema.json', '{}');
    await expect(store.writePage('schema/none.schema.json', '{}')).rejects.toThrow(
      RefusedPathError,
    );
    await expect(store.writePage('datasets/../badge.svg', '')).rejects.toThrow(RefusedPathError);
    await store.writeTree('b'.repeat(40), Buffer.from('tree'));
    await store.writeRunFile('runs/a/b.json', { a: 1 });
    const headers = [...cloud.objects].map(([key, { contentType, cacheControl, bytes }]) => [
      ...[key, contentType, cacheControl, bytes.toString()],
    ]);
    const bb = `trees/bb/${'b'.repeat(40)}`;
    expect(headers).toEqual([
      ['data/summary.html', 'text/html; charset=utf-8', 'public, max-age=60', '<!doctype html>'],
      ['data/datasets/ds000001/badge.svg', 'image/svg+xml', 'public, max-age=300', '<svg/>'],
      [
        ...['data/schema/summary.schema.json', 'application/json; charset=utf-8'],
        ...['public, max-age=60', '{}'],
      ],
      [bb, 'application/octet-stream', 'no-store', 'tree'],
      ['runs/a/b.json', 'application/json', 'no-store', '{"a":1}\n'],
    ]);
    expect(await store.writePage(PLAIN_PATH, '<!doctype html>')).toBe('unchanged');
    expect(await store.writePage(PLAIN_PATH, '<!doctype html><p>')).toBe('written');
  });
});

test('what was just written is read, however late an eventually consistent read shows it', async () => {
  const cloud = fakeCloud({ staleReads: true });
  const store = open(cloud);
  for (const n of [1, 2]) {
    expect(await saveCheck(store, checkRecord(ID, n), null)).toBe('written');
    expect(await readRecord(store, ID, 'github')).toEqual(checkRecord(ID, n));
    expect(await Array.fromAsync(store.listRecords())).toEqual([checkRecord(ID, n)]);
    await store.writeRun(runRecord(n));
    expect(await store.readLastRun()).toEqual(runRecord(n));
    await store.holdLock({ name: `run-${n}`, start: runStart(n) }, new Date(runStart(n)));
    const other = { name: 'other', start: runStart(9) };
    const hold = await store.holdLock(other, new Date(runStart(n)));
    expect(hold).toEqual({ held: false, by: `run-${n}` });
    await store.releaseLock({ name: `run-${n}` });
  }
});

describe('many records', () => {
  const ids = Array.from({ length: 230 }, (_, i) => `ds${String(i).padStart(6, '0')}`);

  test('are all listed, page by page, without runs and locks; unreadable ones are reported', async () => {
    const cloud = fakeCloud({ pageItems: 7 });
    const told: string[] = [];
    const store = open(cloud, {}, { onUnreadable: (key) => told.push(key) });
    for (const id of ids) await saveCheck(store, checkRecord(id, 1), null);
    for (const n of [1, 2, 3]) await store.writeRun(runRecord(n));
    await store.holdLock({ name: 'a', start: runStart(1) }, new Date());
    cloud.items.set('CHECK#ds000007\0github', {
      ...keysOf('').check('ds000007', 'github'),
      status: 1,
    });
    const listed = await Array.fromAsync(store.listRecords());
    expect(listed.map(({ dataset }) => dataset).sort()).toEqual(
      ids.filter((id) => id !== 'ds000007'),
    );
    expect(told).toEqual(['CHECK#ds000007 github']);
  });

  test('the records of a dataset come by one query, page by page; an unreadable one is left out and reported', async () => {
    const cloud = fakeCloud({ pageItems: 2 });
    const told: string[] = [];
    const queries: unknown[] = [];
    const before = ({ name, input }: Call) => {
      if (name === 'Query') queries.push(input.ConsistentRead);
    };
    const checks = ['annexRecord', 'github', 's3Files', 's3Version'];
    for (const check of checks) await saveCheck(open(cloud), checkRecord(ID, 1, { check }), null);
    await saveCheck(open(cloud), checkRecord('ds0000010', 1), null);
    cloud.items.set(`CHECK#${ID}\0github`, keysOf('').check(ID, 'github'));
    const store = open(cloud, { before }, { onUnreadable: (key) => told.push(key) });
    const session = await store.open(ID);
    const found = checks.map((check) => session.record(check)?.check);
    expect(found).toEqual(['annexRecord', undefined, 's3Files', 's3Version']);
    expect(queries).toEqual([true, true]);
    expect(told).toEqual([`CHECK#${ID} github`]);
    await expect(store.open('../x')).rejects.toThrow();
    await expect(session.save(checkRecord('ds000002', 1), null)).rejects.toThrow('another dataset');
  });

  test('an unreadable run counts as absent and is reported', async () => {
    const cloud = fakeCloud();
    const told: string[] = [];
    const store = open(cloud, {}, { onUnreadable: (key) => told.push(key) });
    await store.writeRun(runRecord(1));
    const broken = keysOf('').run(runStart(2));
    cloud.items.set(`RUN\0${broken.sk}`, broken);
    expect([...(await store.listRuns(5))]).toEqual([runRecord(1)]);
    expect(told).toEqual([`RUN ${runStart(2)}`]);
  });

  test('an unreadable record without a start is replaced, also in a race', async () => {
    const cloud = fakeCloud();
    cloud.items.set(`CHECK#${ID}\0github`, keysOf('').check(ID, 'github'));
    const { before } = watching('Put', () => saveCheck(open(cloud), checkRecord(ID, 3), null));
    expect(await saveCheck(open(cloud, { before }), checkRecord(ID, 2), null)).toBe('older');
    expect(await readRecord(open(cloud), ID, 'github')).toEqual(checkRecord(ID, 3));
  });
});

describe('files of a run', () => {
  test('come back as they were, and are listed by their prefix in byte order over all pages', async () => {
    const store = open(fakeCloud({ pageSize: 2 }));
    const keys = ['runs/a/1', 'runs/a/10', 'runs/a/2', 'runs/a/é', 'runs/a/\u{10000}'];
    for (const key of [...keys].reverse()) await store.writeRunFile(key, { key });
    await store.writeRunFile('runs/b/1', {});
    await store.writeDocument(PATH, githubDocument('main'));
    expect(await store.listRunFiles('runs/a/')).toEqual(keys);
    expect(await store.listRunFiles('runs/c/')).toEqual([]);
    expect(await store.readRunFile('runs/a/10')).toEqual({ key: 'runs/a/10' });
    expect(await store.readRunFile('runs/a/3')).toBeUndefined();
  });

  test('are below their prefix and nowhere else', async () => {
    const store = open(fakeCloud());
    for (const key of ['data/all-datasets.json', 'x/runs/a', '', 'run']) {
      await expect(store.readRunFile(key)).rejects.toThrow('no file of a run');
      await expect(store.writeRunFile(key, {})).rejects.toThrow('no file of a run');
      await expect(store.listRunFiles(key)).rejects.toThrow('no file of a run');
    }
  });
});
