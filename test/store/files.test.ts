// The file operations of the folder store on a real disk, what they sync and when, and that none
// leaves a file open.

import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OWN_FOLDER, removeIfThere, sweep, writeIfChanged } from '../../bin/store/atomic.ts';
import type { Files } from '../../bin/store/files.ts';
import { keyedMutex } from '../../core/keyed-mutex.ts';

/** Pending syncs: each ends when the test lets it. */
const syncs = vi.hoisted(() => ({ held: null as (() => void)[] | null, count: 0 }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const fsync = (file: number, done: (error: Error | null) => void) => {
    syncs.count += 1;
    if (syncs.held === null) real.fsync(file, done);
    else syncs.held.push(() => real.fsync(file, done));
  };
  return { ...real, fsync };
});
const { diskFiles } = await import('../../bin/store/files.ts');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirrorwatch-files-'));
  syncs.held = null;
  syncs.count = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const settled = () => new Promise(setImmediate);

describe('whether a file holds pieces', () => {
  test.each<[string, string[], boolean]>([
    ['the same', ['abc', 'de'], true],
    ['the same, cut otherwise', ['a', 'bcde'], true],
    ['with an empty piece', ['', 'abc', '', 'de', ''], true],
    ['with more', ['abc', 'de', 'f'], false],
    ['with more in the last', ['abc', 'def'], false],
    ['with less', ['abc', 'd'], false],
    ['with none', [], false],
    ['with another first byte', ['xbc', 'de'], false],
    ['with another last byte', ['abc', 'dx'], false],
    ['shorter behind a longer one', ['abcd', 'x'], false],
  ])('%s', async (_, pieces, expected) => {
    const path = join(root, 'file');
    await writeFile(path, 'abcde');
    expect(await diskFiles.holds(path, bytes(...pieces))).toBe(expected);
  });

  test('where there is none', async () => {
    expect(await diskFiles.holds(join(root, 'none'), bytes('a'))).toBe(false);
    expect(await diskFiles.holds(join(root, 'none'), [])).toBe(false);
  });

  test('an empty file has no pieces', async () => {
    await writeFile(join(root, 'empty'), '');
    expect(await diskFiles.holds(join(root, 'empty'), [])).toBe(true);
  });
});

describe('a new file', () => {
  test.each<[string, string | Buffer | Buffer[]]>([
    ['a text', 'abc'],
    ['bytes', Buffer.from('abc')],
    ['pieces', bytes('a', 'bc')],
  ])('of %s is on the disk when it is made', async (_, content) => {
    await diskFiles.create(join(root, 'file'), content);
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('abc');
    expect(syncs.count).toBe(1);
  });

  test('is never made over another', async () => {
    await writeFile(join(root, 'file'), 'old');
    await expect(diskFiles.create(join(root, 'file'), 'new')).rejects.toThrow('EEXIST');
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('old');
  });
});

describe.runIf(process.platform === 'linux')('no file stays open', () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const failing = function* () {
    yield Buffer.from('a');
    throw new Error('no more');
  };
  test.each<[string, () => Promise<unknown>]>([
    ['a new file', () => diskFiles.create(join(root, 'new'), 'abc')],
    ['one that fails half-way', () => diskFiles.create(join(root, 'half'), failing())],
    ['a comparison', () => diskFiles.holds(join(root, 'file'), bytes('abc'))],
    ['one that differs', () => diskFiles.holds(join(root, 'file'), bytes('x'))],
    ['one whose pieces fail', () => diskFiles.holds(join(root, 'file'), failing())],
    ['a sync', () => diskFiles.syncFolder(root)],
  ])('after %s', async (_, work) => {
    await writeFile(join(root, 'file'), 'abc');
    await diskFiles.syncFolder(root);
    const before = open();
    for (let n = 0; n < 5; n++) {
      await work().catch(() => undefined);
      await rm(join(root, 'new'), { force: true });
      await rm(join(root, 'half'), { force: true });
    }
    expect(open()).toBe(before);
  });
});

describe('a folder', () => {
  test('is made with its parents: the first new one is returned, none if all were there', async () => {
    expect(await diskFiles.makeFolder(join(root, 'a/b/c'))).toBe(join(root, 'a'));
    expect(await diskFiles.makeFolder(join(root, 'a/b/c'))).toBeUndefined();
    expect(await diskFiles.makeFolder(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'));
    expect(await diskFiles.list(join(root, 'a/b'))).toEqual([
      { name: 'c', folder: true },
      { name: 'd', folder: true },
    ]);
  });

  test('is made by two at once', async () => {
    const path = join(root, 'a/b/c');
    const made = await Promise.all([1, 2, 3].map(() => diskFiles.makeFolder(path)));
    expect(made).toContain(join(root, 'a'));
    expect(await diskFiles.list(path)).toEqual([]);
  });

  test('is not made where a file is, nor below one', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(diskFiles.makeFolder(join(root, 'file'))).rejects.toThrow('EEXIST');
    await expect(diskFiles.makeFolder(join(root, 'file/a'))).rejects.toThrow('ENOTDIR');
  });

  test.runIf(process.platform === 'linux')('is not tried for ever where none can be', async () => {
    await expect(diskFiles.makeFolder('/proc/none/a')).rejects.toThrow('ENOENT');
  });

  test('a folder that is not there has no names, and cannot be synced', async () => {
    expect(await diskFiles.list(join(root, 'none'))).toEqual([]);
    await expect(diskFiles.syncFolder(join(root, 'none'))).rejects.toThrow('ENOENT');
    await mkdir(join(root, 'none'));
    await diskFiles.syncFolder(join(root, 'none'));
    expect(syncs.count).toBe(1);
  });
});

describe('syncs of one folder', () => {
  test('syncs that are asked for while one runs wait for the next, all together', async () => {
    const held: (() => void)[] = [];
    syncs.held = held;
    const done: string[] = [];
    const ask = (name: string) => diskFiles.syncFolder(root).then(() => done.push(name));
    const first = ask('first');
    const second = ask('second');
    const third = ask('third');
    await settled();
    expect(syncs.count).toBe(1);
    held.shift()?.();
    await first;
    await settled();
    // The first sync does not cover what was done before the second began.
    expect([done, syncs.count]).toEqual([['first'], 2]);
    const fourth = ask('fourth');
    held.shift()?.();
    await Promise.all([second, third]);
    await settled();
    expect([done, syncs.count]).toEqual([['first', 'second', 'third'], 3]);
    held.shift()?.();
    await fourth;
    syncs.held = null;
    await diskFiles.syncFolder(root);
    expect(syncs.count).toBe(4);
  });

  test('syncs of two folders do not wait for each other', async () => {
    await mkdir(join(root, 'other'));
    syncs.held = [];
    const both = [diskFiles.syncFolder(root), diskFiles.syncFolder(join(root, 'other'))];
    await settled();
    expect(syncs.count).toBe(2);
    for (const go of syncs.held) go();
    await Promise.all(both);
  });

  test('syncs that fail, fail for their callers, and are not kept', async () => {
    const path = join(root, 'later');
    const asked = await Promise.allSettled([
      diskFiles.syncFolder(path),
      diskFiles.syncFolder(path),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await mkdir(path);
    await diskFiles.syncFolder(path);
    expect(syncs.count).toBe(1);
  });
});

test('a write syncs the bytes, then the name, then every new folder', async () => {
  const steps: string[] = [];
  const below = (path: string) => path.slice(root.length).replace(/[0-9a-f]{16}/, '…') || '/';
  const told =
    <A extends [string, ...unknown[]], R>(name: string, work: (...args: A) => R) =>
    (...args: A): R => {
      steps.push(`${name} ${below(args[0])}`);
      return work(...args);
    };
  const files: Files = {
    ...diskFiles,
    create: told('create', diskFiles.create),
    rename: told('rename', diskFiles.rename),
    syncFolder: told('sync', diskFiles.syncFolder),
    makeFolder: told('make', diskFiles.makeFolder),
  };
  await writeIfChanged(files, join(root, 'a/b/file'), Buffer.from('x'));
  expect(steps).toEqual([
    'create /a/b/.mirrorwatch-….tmp',
    'make /a/b',
    'sync /a',
    'sync /',
    'create /a/b/.mirrorwatch-….tmp',
    'rename /a/b/.mirrorwatch-….tmp',
    'sync /a/b',
  ]);
  steps.length = 0;
  await writeIfChanged(files, join(root, 'a/c/file'), Buffer.from('x'));
  expect(steps.slice(1, 4)).toEqual(['make /a/c', 'sync /a', 'create /a/c/.mirrorwatch-….tmp']);
  steps.length = 0;
  expect(await writeIfChanged(files, join(root, 'a/c/file'), Buffer.from('x'))).toBe('unchanged');
  expect(steps).toEqual([]);
});

describe('what a write leaves behind', () => {
  const failing = (change: Partial<Files>): Files => ({ ...diskFiles, ...change });
  const fails = (code: string) => async () => {
    throw Object.assign(new Error(code), { code });
  };

  test('where the name cannot be given: the old bytes, and nothing else', async () => {
    await writeFile(join(root, 'file'), 'old');
    const write = (files: Files) => writeIfChanged(files, join(root, 'file'), Buffer.from('new'));
    await expect(write(failing({ rename: fails('EIO') }))).rejects.toThrow('EIO');
    expect(readdirSync(root)).toEqual(['file']);
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('old');
    // The first error is the relevant one.
    const files = failing({ rename: fails('EIO'), remove: fails('EROFS') });
    await expect(write(files)).rejects.toThrow('EIO');
  });

  test('makes none where the folder may not be written to', async () => {
    const files = failing({ create: fails('EACCES'), makeFolder: fails('a folder') });
    const write = writeIfChanged(files, join(root, 'a/file'), Buffer.from('new'));
    await expect(write).rejects.toThrow('EACCES');
  });

  test('a removal that lasts, where there was a file', async () => {
    await writeFile(join(root, 'file'), 'old');
    expect(await removeIfThere(diskFiles, join(root, 'file'))).toBe('written');
    expect([readdirSync(root), syncs.count]).toEqual([[], 1]);
    expect(await removeIfThere(diskFiles, join(root, 'file'))).toBe('unchanged');
    expect(syncs.count).toBe(1);
  });

  test('is swept by its name, in every folder, and nothing that is only named alike', async () => {
    const left = '.mirrorwatch-0123456789abcdef.tmp';
    const others = [
      ...['.mirrorwatch-0123456789abcde.tmp', '.mirrorwatch-0123456789abcdeg.tmp'],
      ...[`${left}.bak`, `x${left}`, '.mirrorwatch-0123456789abcdefxtmp', 'notes.tmp'],
    ];
    const folders = [root, join(root, 'a'), join(root, 'a/b')];
    for (const folder of folders) {
      await mkdir(folder, { recursive: true });
      for (const name of [left, ...others]) await writeFile(join(folder, name), '');
    }
    // A folder is not a left-over file, whatever its name.
    await mkdir(join(root, 'c', left), { recursive: true });
    await sweep(diskFiles, root);
    for (const folder of folders) {
      const files = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isFile());
      expect(files.map(({ name }) => name).sort()).toEqual([...others].sort());
    }
    expect(readdirSync(join(root, 'c'))).toEqual([left]);
  });

  test('not those of another archive, whose writer may be alive', async () => {
    const left = '.mirrorwatch-0123456789abcdef.tmp';
    const other = join(root, 'other');
    await mkdir(join(other, OWN_FOLDER), { recursive: true });
    await mkdir(join(root, OWN_FOLDER));
    await writeFile(join(other, left), '');
    await writeFile(join(root, left), '');
    await sweep(diskFiles, root);
    expect(readdirSync(other)).toContain(left);
    expect(readdirSync(root)).not.toContain(left);
    await sweep(diskFiles, other);
    expect(readdirSync(other)).toEqual([OWN_FOLDER]);
  });
});

test('work on one path takes turns, also after work that failed; on others it does not wait', async () => {
  const alone = keyedMutex();
  const steps: string[] = [];
  let go = () => {};
  const work = (name: string, until?: Promise<void>) => async () => {
    steps.push(`${name} begins`);
    await until;
    steps.push(`${name} ends`);
    if (name === 'first') throw new Error('first');
    return name;
  };
  const first = alone('a', work('first', new Promise((resolve) => (go = resolve))));
  const second = alone('a', work('second'));
  expect(await alone('b', work('other'))).toBe('other');
  expect(steps).toEqual(['first begins', 'other begins', 'other ends']);
  const third = alone('a', work('third'));
  go();
  await expect(first).rejects.toThrow('first');
  expect(await Promise.all([second, third])).toEqual(['second', 'third']);
  expect(steps.slice(3)).toEqual([
    ...['first ends', 'second begins', 'second ends', 'third begins', 'third ends'],
  ]);
  expect(await alone('a', work('fourth'))).toBe('fourth');
});
