// Boards of an older version. There is only one version, so the tests make one that comes before it.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportBoards, importBoards } from '../../boards/dump.ts';
import { STEPS, upgraded } from '../../boards/migrations.ts';
import { BOARD_VERSION, boardSchema } from '../../boards/schema.ts';
import type { BoardRecord } from '../../boards/store.ts';
import { BOARD, memoryBackend, openWorld, VOCABULARY } from './world.ts';

const { title, ...others } = BOARD;
/** Titles were names. */
const OLD = { ...others, schemaVersion: 0, name: title };
const body = JSON.stringify(OLD);
const bytesOf = (text: string) => Buffer.byteLength(text);
const id = '00000000-0000-4000-8000-000000000001';

beforeEach(() => {
  STEPS.set(0, ({ name, schemaVersion, ...board }) => ({
    ...{ schemaVersion: 1, title: name, ...board },
  }));
});
afterEach(() => {
  STEPS.clear();
});

const openWithOld = async () => {
  const world = await openWorld(memoryBackend, { edit: 'open' });
  const record: BoardRecord = {
    ...{
      id,
      body,
      size: bytesOf(body),
      rev: 1,
      createdAt: 0,
      changedAt: 0,
      lastAccess: 0,
      keyHash: null,
    },
    ...{ forkedFrom: null, whitelisted: false, protected: false },
  };
  await world.store.put(record, null);
  return world;
};

test('every version before this one has its step', () => {
  STEPS.delete(0);
  const before = Array.from({ length: BOARD_VERSION - 1 }, (_, i) => i + 1);
  expect([...STEPS.keys()]).toEqual(before);
});

test('one step after another is made', () => {
  STEPS.set(1, ({ notes, ...board }) => ({ ...board, schemaVersion: 2, remarks: notes }));
  const { notes, ...board } = BOARD;
  expect(JSON.parse(upgraded(body, 2))).toEqual({ ...board, schemaVersion: 2, remarks: notes });
});

test.each([JSON.stringify(BOARD), '{"schemaVersion":2,"x":1}', '{"anything":1}', '{}'])(
  'what is no older board stays as it is: %.30s',
  (text) => {
    expect(upgraded(text)).toBe(text);
  },
);

test('a stored board is read and copied in the form of today, and stays as it is stored', async () => {
  const world = await openWithOld();
  const read = await world.ask('GET', `/api/boards/${id}`);
  expect(read.json).toEqual({ id, ...BOARD });
  expect((await world.store.read(id, true))?.body).toBe(body);
  const fork = await world.ask('POST', `/api/boards/${id}/fork`);
  const { id: _, ...copy } = fork.json;
  expect(copy).toEqual({ forkedFrom: id, ...BOARD });
});

test('what was read is not changed for who asks again, and is saved in the form of today', async () => {
  const world = await openWithOld();
  const path = `/api/boards/${id}`;
  const { json, headers } = await world.ask('GET', path);
  const etag = headers.etag as string;
  const again = await world.ask('GET', path, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  const saved = await world.ask('PUT', path, { body: json, headers: { 'if-match': etag } });
  expect(saved.status).toBe(200);
  const stored = JSON.stringify(BOARD);
  const size = bytesOf(stored);
  expect(await world.store.read(id, true)).toMatchObject({ body: stored, size });
  expect(await world.store.totals()).toEqual({ bytes: size, boards: 1 });
});

test('a dump of an older board is imported in the form of today', async () => {
  const world = await openWithOld();
  const dump = await exportBoards(world.store, true);
  const other = await openWorld(memoryBackend);
  const { written } = await importBoards(
    ...([other.store, dump, boardSchema(VOCABULARY), other.settings] as const),
  );
  expect(written).toBe(1);
  expect((await other.store.read(id, true))?.body).toBe(JSON.stringify(BOARD));
});

test('an older board is not accepted as a new one', async () => {
  const world = await openWithOld();
  const { status, json } = await world.ask('POST', '/api/boards', { body: OLD });
  expect([status, json.errors[0].path]).toEqual([422, '/schemaVersion']);
});
