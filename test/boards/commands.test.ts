// `mirrorwatch boards`: dumps, and maintenance of boards in a folder.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFolderBoards } from '../../bin/boards/folder-store.ts';
import { main } from '../../bin/cli/main.ts';
import { sha256 } from '../../boards/digest.ts';
import { toJson } from '../../boards/record.ts';
import type { BoardRecord } from '../../boards/store.ts';
import { BOARD } from './world.ts';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirrorwatch-boards-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'boards-'));
});

const ids = [3, 1, 2].map((i) => `00000000-0000-4000-8000-00000000000${i}`);
const KEY = 'the-edit-key-of-a-board';
const record = (id: string, changes: Partial<BoardRecord> = {}): BoardRecord => {
  const body = JSON.stringify(BOARD);
  return {
    ...{
      id,
      body,
      size: Buffer.byteLength(body),
      rev: 4,
      createdAt: 1e12,
      changedAt: 1.2e12,
      lastAccess: 1.5e12,
    },
    ...{ keyHash: sha256(KEY), forkedFrom: null, whitelisted: false, protected: false },
    ...changes,
  };
};

async function fill(...records: readonly BoardRecord[]): Promise<void> {
  const { store, close } = await openFolderBoards(folder, { onUnreadable: () => {} });
  for (const one of records) await store.put(one, null);
  await close();
}
async function held(where: string): Promise<object[]> {
  const { store, close } = await openFolderBoards(where, { onUnreadable: () => {} });
  const { records } = await store.list(null);
  await close();
  return records.map(toJson);
}

/** The command as it is called, with what it prints. */
async function boards(...args: string[]) {
  const told = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    told.out += text;
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.err += text;
    return true;
  });
  try {
    return { code: await main(['boards', ...args], {}), ...told };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

describe('B34 a dump', () => {
  const three = ids.map((id, i) =>
    record(id, { whitelisted: i === 1, protected: i === 1, lastAccess: 1.5e12 + i }),
  );

  test('has what is whitelisted, or all, by id', async () => {
    await fill(...three);
    const file = join(folder, 'dump.json');
    const read = async () => JSON.parse(await readFile(file, 'utf8'));
    const some = await boards('export', file, '--boards', folder);
    expect(some).toEqual({ code: 0, out: `1 board in ${file}\n`, err: '' });
    expect(await read()).toEqual([toJson(three[1] as BoardRecord)]);
    expect((await boards('export', file, '--all', '--boards', folder)).code).toBe(0);
    expect((await read()).map(({ id }: { id: string }) => id)).toEqual([...ids].sort());
    expect(await readFile(file, 'utf8')).not.toContain(KEY);
  });

  test('is imported with flags, times and keys, and once', async () => {
    await fill(...three);
    const file = join(root, 'all.json');
    await boards('export', file, '--all', '--boards', folder);
    const other = await mkdtemp(join(root, 'boards-'));
    const first = await boards('import', file, '--boards', other);
    expect(first).toEqual({ code: 0, out: '3 written, 0 unchanged, 0 left out\n', err: '' });
    expect(await held(other)).toEqual(await held(folder));
    const second = await boards('import', file, '--boards', other);
    expect(second.out).toBe('0 written, 3 unchanged, 0 left out\n');
  });

  test('brings back what was changed since, and its totals are right', async () => {
    await fill(...three);
    const file = join(root, 'old.json');
    await boards('export', file, '--all', '--boards', folder);
    const { store, close } = await openFolderBoards(folder, { onUnreadable: () => {} });
    const seen = (await store.read(ids[0] as string, true)) as BoardRecord;
    await store.put({ ...seen, body: '{}', size: 2, rev: seen.rev + 1 }, seen);
    await close();
    const back = await boards('import', file, '--boards', folder);
    expect(back.out).toBe('1 written, 2 unchanged, 0 left out\n');
    const again = await boards('import', file, '--boards', folder);
    expect(again.out).toBe('0 written, 3 unchanged, 0 left out\n');
    const { size } = record('');
    const count = await boards('recount', '--boards', folder);
    expect(count.out).toBe(`3 boards, ${(3 * size).toLocaleString('en')} bytes\n`);
  });
});

describe('B35', () => {
  test('a file that is not there is named', async () => {
    const file = join(root, 'nowhere.json');
    const { code, err } = await boards('import', file, '--boards', folder);
    expect({ code, err }).toEqual({ code: 1, err: `mirrorwatch: there is no file ${file}\n` });
  });

  test('an action that does not exist is wrong usage', async () => {
    expect(await boards('frobnicate')).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('frobnicate') },
    });
    const { code, err } = await boards();
    expect({ code, usage: err.includes('Usage: mirrorwatch boards') }).toEqual({
      ...{ code: 2, usage: true },
    });
  });

  test('nothing is imported from half a file', async () => {
    await fill(record(ids[0] as string));
    const file = join(root, 'half.json');
    await boards('export', file, '--all', '--boards', folder);
    const text = await readFile(file, 'utf8');
    const other = await mkdtemp(join(root, 'boards-'));
    for (const half of [text.slice(0, text.length / 2), '{}', `[${text.slice(1, -3)}, {}]`]) {
      await writeFile(file, half);
      const { code, err } = await boards('import', file, '--boards', other);
      expect(code).toBe(1);
      expect(err).toContain(`${file} is not imported`);
    }
    expect(await held(other)).toEqual([]);
  });
});

test('B46 a dump of the older system: what fits is imported, the rest is named', async () => {
  const file = join(root, 'older.json');
  const [one, two, three] = ids;
  const of = (_id: unknown, dashboard: object) => ({
    ...{ _id, dashboard, last_access: { $date: '2026-06-25T10:00:00Z' }, _size: 10 },
    whitelisted: true,
  });
  await writeFile(
    file,
    JSON.stringify([of(one, BOARD), of(two, { widgets: [] }), of({ $uuid: three }, BOARD)]),
  );
  const { code, out, err } = await boards('import', file, '--boards', folder);
  expect({ code, out }).toEqual({ code: 1, out: '2 written, 0 unchanged, 1 left out\n' });
  expect(err).toContain(`${two} left out: Board validation failed.`);
  expect(await held(folder)).toMatchObject([
    { id: three, board: BOARD, lastAccess: '2026-06-25T10:00:00.000Z', whitelisted: true },
    { id: one, board: BOARD },
  ]);
});

test('boards in a folder are shown, listed, spared, protected and deleted', async () => {
  const id = ids[0] as string;
  await fill(record(id));
  const one = (action: string) => boards(action, id, '--boards', folder);
  expect(JSON.parse((await one('show')).out)).toEqual(toJson(record(id)));
  expect((await one('whitelist')).out).toBe(`Board ${id} whitelisted\n`);
  expect((await one('protect')).out).toBe(`Board ${id} protected and whitelisted\n`);
  const { out } = await boards('list', '--boards', folder);
  expect(out).toMatch(new RegExp(`^${id}  2017-07-14.*${BOARD.title}  whitelisted  protected\n$`));
  expect((await one('unprotect')).out).toContain('unprotected');
  expect((await one('unwhitelist')).out).toContain('unwhitelisted');
  expect((await one('delete')).out).toBe(`Board ${id} deleted\n`);
  expect(await one('delete')).toMatchObject({ code: 1, err: 'mirrorwatch: Board not found\n' });
});
