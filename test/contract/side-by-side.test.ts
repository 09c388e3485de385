// Archives side by side, in one folder and in one bucket and table: none touches another's results,
// and one list names them all.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARCHIVES } from '../../archives/index.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { ADDRESSES_PATH, ARCHIVES_PATH, folderOf } from '../../core/documents/paths.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import { type FakeCloud, fakeCloud } from '../support/aws/cloud.ts';
import { openneuroWorld } from './openneuro.ts';
import { runSteps } from './steps.ts';
import { toy as toyArchive } from './toy/index.ts';
import { toyWorld } from './toy/server.ts';
import type { World } from './world.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, 'cli.ts');
const DAY = 86_400_000;

const toy = toyArchive as Archive;
/** Has entries with the same ids as the toys. */
const blocks: Archive = {
  ...toy,
  id: 'blocks',
  describe: (addresses) => ({ ...toy.describe(addresses), id: 'blocks', name: 'Blocks' }),
};
const { archive: first } = openneuroWorld;
const ALL = [first, toy, blocks];
const LISTED = [
  { id: first.id, name: expect.any(String), origin: 'live', folder: '' },
  { id: 'toy', name: 'Toys', origin: 'live', folder: 'toy/' },
  { id: 'blocks', name: 'Blocks', origin: 'live', folder: 'blocks/' },
];

const worlds = new Map<Archive, World>();
const worldOf = (archive: Archive) => worlds.get(archive) as World;
let folder: string;
beforeAll(async () => {
  worlds.set(first, await openneuroWorld.open());
  worlds.set(toy, await toyWorld());
  worlds.set(blocks, await toyWorld());
  worldOf(blocks).heal();
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-side-by-side-'));
});
afterAll(async () => {
  for (const world of worlds.values()) await world.close();
  await rm(folder, { recursive: true, force: true });
});

describe('in one bucket and one table', () => {
  const now = () => new Date('2026-08-01T08:00:00.000Z');
  const later = () => new Date(now().getTime() + DAY);
  const cloud = fakeCloud();
  const runOf = (archive: Archive, at: () => Date, into: FakeCloud = cloud) => {
    const { bucket, table } = into;
    const store = openAwsStore({
      ...{ archive, archives: ALL, bucket, table, now: at },
      ...into.clients(),
    });
    return runSteps(archive, worldOf(archive), store, at);
  };
  const document = (path: string) =>
    JSON.parse(cloud.objects.get(`data/${path}`)?.bytes.toString() ?? 'null');
  const statusesOf = (archive: Archive) => {
    const { columns, row } = readCompact(archive, document(`${folderOf(archive)}summary.json`));
    return Object.fromEntries(columns.id.map((id, place) => [id, row(place).status]));
  };
  /** All that is stored, by key; without what another archive has. */
  const stored = ({ objects, items }: FakeCloud, isShown: (key: string) => boolean) =>
    new Map(
      [
        ...Array.from(objects, ([key, { bytes }]) => [key, bytes.toString()] as const),
        ...Array.from(items, ([key, item]) => [key, JSON.stringify(item)] as const),
      ].filter(([key]) => isShown(key)),
    );
  const isOf = ({ id }: Archive) => {
    const places = [`data/${id}/`, `runs/${id}/`, `trees/${id}/`, `${id}/`];
    return (key: string) => places.some((place) => key.startsWith(place));
  };

  test('runs that start together publish each their own verdicts, of equal ids as well', async () => {
    const ended = await Promise.all(ALL.map((archive) => runOf(archive, now)));
    expect(ended.map(({ outcome }) => outcome)).toEqual(ALL.map(() => 'published'));
    expect(statusesOf(toy)).toEqual({ bear: 'ok', robot: 'warning', train: 'error' });
    expect(statusesOf(blocks)).toEqual({ bear: 'ok', robot: 'ok', train: 'ok' });
    expect(Object.keys(statusesOf(first)).length).toBeGreaterThan(50);
  });

  test('the list names all of them, in order', () => {
    expect(document(ARCHIVES_PATH)).toEqual({ schemaVersion: SCHEMA_VERSION, archives: LISTED });
  });

  test('each has an address book of its own, and schemas of its own checks', () => {
    for (const archive of ALL) {
      const { archive: about, schemas } = document(`${folderOf(archive)}${ADDRESSES_PATH}`);
      expect(about).toEqual({ id: archive.id, title: archive.words.title });
      expect(Object.hasOwn(schemas, 'schema/copy.schema.json')).toBe(archive !== first);
    }
  });

  test('the first has the same keys as if it were alone, and the others have all else', async () => {
    const alone = fakeCloud();
    await runOf(first, now, alone);
    const without = (key: string) => !isOf(toy)(key) && !isOf(blocks)(key);
    // The names of invocations are made up.
    const keysIn = (from: FakeCloud) => [...stored(from, without).keys()].sort();
    expect(keysIn(cloud)).toEqual(keysIn(alone));
    expect(stored(cloud, isOf(toy)).size).toBeGreaterThan(20);
    expect(stored(cloud, isOf(blocks)).size).toBe(stored(cloud, isOf(toy)).size);
  });

  test.each(ALL)('a run of $id alone leaves the others unchanged', async (archive) => {
    const others = (key: string) => ALL.some((one) => one !== archive && isIn(one)(key));
    const before = stored(cloud, others);
    const own = stored(cloud, isIn(archive));
    expect(before.size).toBeGreaterThan(40);
    expect((await runOf(archive, later)).outcome).toBe('published');
    expect(stored(cloud, others)).toEqual(before);
    expect(stored(cloud, isIn(archive))).not.toEqual(own);
  });
  const isIn = (archive: Archive) =>
    archive === first ? (key: string) => !isOf(toy)(key) && !isOf(blocks)(key) : isOf(archive);
});

describe('in one folder', () => {
  const command = async (...args: string[]) => {
    try {
      return { code: 0, ...(await run(process.execPath, [CLI, ...args])) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  };
  const runOf = (archive: Archive, ...more: string[]) => {
    const addresses = Object.entries(worldOf(archive).addresses);
    const given = addresses.flatMap(([place, url]) => [`--${place}-url`, url]);
    return command('run', '--archive', archive.id, '--out', folder, ...given, ...more);
  };
  const filesBelow = async (below: string, without?: string) => {
    const files = (await readdir(below, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !(without && entry.parentPath.startsWith(without)),
    );
    const texts = files.map(async ({ parentPath, name }): Promise<[string, string]> => {
      const path = join(parentPath, name);
      return [path, await readFile(path, 'utf8')];
    });
    return new Map(await Promise.all(texts));
  };

  test('a run of each writes its own folder, and the list is of both', async () => {
    const few = ['--max-datasets', '5'];
    expect(await runOf(first, ...few)).toMatchObject({ code: 0 });
    const before = await filesBelow(folder);
    expect(await runOf(toy)).toMatchObject({ code: 0 });
    const after = await filesBelow(folder, join(folder, 'toy'));
    const list = join(folder, ARCHIVES_PATH);
    expect(JSON.parse(after.get(list) ?? '')).toMatchObject({ archives: LISTED.slice(0, 2) });
    after.delete(list);
    before.delete(list);
    expect(after).toEqual(before);
    const toys = await filesBelow(join(folder, 'toy'));
    expect((await runOf(first, ...few)).code).toBe(0);
    expect(await filesBelow(join(folder, 'toy'))).toEqual(toys);
  });

  test('both are validated together, and each by itself', async () => {
    expect(await command('validate', folder)).toMatchObject({ code: 0 });
    expect(await command('validate', join(folder, 'toy'))).toMatchObject({ code: 0 });
    const copy = join(folder, 'toy/datasets/bear/copy.json');
    const text = await readFile(copy, 'utf8');
    await writeFile(copy, text.replace('"status": "ok"', '"status": "error"'));
    const { code, stdout } = await command('validate', folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^toy\/datasets\/bear\/copy\.json: status: /m);
    await writeFile(copy, text);
  });

  test('a list that names what is not there is found', async () => {
    const list = join(folder, ARCHIVES_PATH);
    const text = await readFile(list, 'utf8');
    await writeFile(list, text.replaceAll('"toy', '"toys'));
    const { code, stdout } = await command('validate', folder);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'archives.json: archives.1: is not what toys/status.json says\n',
    });
    await writeFile(list, '{}');
    expect((await command('validate', folder)).stdout).toMatch(/^archives\.json: archives: /m);
    await writeFile(list, text);
  });
});

test('one archive of the list is at the root, and the page shows it where none is asked for', () => {
  expect(ARCHIVES.filter(({ isAtRoot }) => isAtRoot)).toEqual([ARCHIVES[0]]);
});

test.each(ALL)('the id of $id is the name of a folder and of nothing else there', ({ id }) => {
  expect(id).toMatch(/^[a-z][a-z0-9]{0,30}$/);
  expect(['datasets', 'timestamps', 'sample', 'all']).not.toContain(id);
});
