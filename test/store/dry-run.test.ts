// A dry run: what it says it would write is what another run writes.

import { beforeEach, describe, expect, test } from 'vitest';
import { encodeFiles } from '../../archives/openneuro/files-document.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import { filesPath } from '../../archives/openneuro/paths.ts';
import { type DryRunStore, dryRunStore } from '../../bin/store/dry-run.ts';
import { PLAIN_PATH } from '../../core/documents/paths.ts';
import type { Store } from '../../core/monitor/store.ts';
import { checkPath } from '../support/documents.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { readRecord, saveCheck } from '../support/sessions.ts';
import { checkRecord, githubDocument, runRecord } from './documents.ts';

const ID = 'ds000001';
const PATH = checkPath('github', ID);
const COMMIT = 'b'.repeat(40);
const NOTHING = { documents: [], records: 0, removed: [], trees: 0, unchanged: 0 };
const evidence = (head: string) => ({ path: PATH, value: githubDocument(head) });

let below: MemoryStore;
let store: DryRunStore;
beforeEach(async () => {
  below = memoryStore();
  await saveCheck(below, checkRecord(ID, 1), evidence('main'));
  await saveCheck(below, checkRecord(ID, 1, { check: 's3Files' }), null);
  below.writes.length = 0;
  store = dryRunStore(below, openneuro);
});

const records = async (of: Store) => {
  const listed = await Array.fromAsync(of.listRecords());
  return listed.map(({ dataset, check, runStart }) => `${dataset} ${check} ${runStart}`).sort();
};

test('a folder without writer is read completely', async () => {
  expect(await store.readDocument(PATH)).toMatchObject({ head: 'main' });
  expect(await readRecord(store, ID, 'github')).toEqual(checkRecord(ID, 1));
  expect(await records(store)).toEqual(await records(below));
  expect(await store.readTree(COMMIT)).toBeUndefined();
  await below.writeTree(COMMIT, Buffer.from('tree'));
  expect((await store.readTree(COMMIT))?.toString()).toBe('tree');
  expect(await store.readLastRun()).toBeUndefined();
  await below.writeRun(runRecord(1));
  expect(await store.readLastRun()).toEqual(runRecord(1));
  expect(store.changes()).toEqual(NOTHING);
});

test('what was written is read back, and the store below has none of it', async () => {
  const files = { schemaVersion: '3.0.0', count: 1, commit: COMMIT } as const;
  expect(await store.writeDocument(PATH, githubDocument('next'))).toBe('written');
  const pieces = () => encodeFiles(files, ['README']);
  expect(await store.writePieces(filesPath(ID, '1.0.0'), pieces)).toBe('written');
  expect(await store.writePage(PLAIN_PATH, '<!doctype html>')).toBe('written');
  await store.writeTree(COMMIT, Buffer.from('tree'));
  await store.writeRun(runRecord(2));
  expect(await store.readDocument(PATH)).toMatchObject({ head: 'next' });
  expect(await store.readDocument(filesPath(ID, '1.0.0'))).toEqual({ ...files, files: ['README'] });
  expect((await store.readTree(COMMIT))?.toString()).toBe('tree');
  expect(await store.readLastRun()).toEqual(runRecord(2));
  expect(store.changes()).toEqual({
    documents: [PATH, filesPath(ID, '1.0.0'), PLAIN_PATH],
    records: 0,
    removed: [],
    trees: 1,
    unchanged: 0,
  });
  expect([below.writes, below.trees.size]).toEqual([[], 0]);
  expect(await below.readLastRun()).toBeUndefined();
});

describe('a check', () => {
  test('a check without evidence any more takes its document away, and the store below keeps it', async () => {
    const none = { path: PATH, value: null };
    expect(await saveCheck(store, checkRecord(ID, 2), none)).toBe('written');
    expect(await store.readDocument(PATH)).toBeUndefined();
    expect(await below.readDocument(PATH)).toMatchObject({ head: 'main' });
    expect(store.changes()).toMatchObject({ documents: [PATH], records: 1 });
    // There is nothing left to remove again.
    expect(await saveCheck(store, checkRecord(ID, 2), none)).toBe('unchanged');
    expect(await saveCheck(store, checkRecord(ID, 3), evidence('back'))).toBe('written');
    expect(await store.readDocument(PATH)).toMatchObject({ head: 'back' });
  });

  test('is there once, as it was saved last', async () => {
    expect(await saveCheck(store, checkRecord(ID, 2), evidence('next'))).toBe('written');
    expect(await readRecord(store, ID, 'github')).toEqual(checkRecord(ID, 2));
    const [, s3Files] = await records(below);
    const { runStart } = checkRecord(ID, 2);
    expect(await records(store)).toEqual([`${ID} github ${runStart}`, s3Files]);
    expect(store.changes()).toEqual({ ...NOTHING, documents: [PATH], records: 1 });
    expect(below.writes).toEqual([]);
  });

  test('a check that changes nothing counts as unchanged, once', async () => {
    for (const _ of [1, 2]) {
      expect(await saveCheck(store, checkRecord(ID, 1), evidence('main'))).toBe('unchanged');
    }
    expect(store.changes()).toEqual({ ...NOTHING, unchanged: 2 });
  });

  test('other evidence under the same record is written', async () => {
    expect(await saveCheck(store, checkRecord(ID, 1), evidence('next'))).toBe('written');
    expect(store.changes()).toEqual({ ...NOTHING, documents: [PATH], unchanged: 1 });
  });

  test('a check of an older run is not saved, whether the newer one is below or here', async () => {
    expect(await saveCheck(store, checkRecord(ID, 0), evidence('late'))).toBe('older');
    await saveCheck(store, checkRecord(ID, 5), null);
    expect(await saveCheck(store, checkRecord(ID, 4), evidence('late'))).toBe('older');
    expect(await store.readDocument(PATH)).toMatchObject({ head: 'main' });
    expect(store.changes()).toEqual({ ...NOTHING, records: 1 });
  });
});

test('an unreadable document would be replaced', async () => {
  below.readDocument = async () => {
    throw new Error('no JSON');
  };
  expect(await store.writeDocument(PATH, githubDocument('main'))).toBe('written');
});
