// The folder store: the suite of all stores, and the features of a folder: a lock, left-over
// temporary files, disks that fill up.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { diskFiles, type Files } from '../../bin/store/files.ts';
import { encodeDocument } from '../../core/documents/json.ts';
import { PLAIN_PATH } from '../../core/documents/paths.ts';
import { runRecordSchema } from '../../core/documents/records.ts';
import { StoredDocumentError } from '../../core/monitor/store.ts';
import { checkPath } from '../support/documents.ts';
import { dyingFiles } from '../support/dying-files.ts';
import { readRecord, saveCheck } from '../support/sessions.ts';
import { checkRecord, githubDocument, runRecord } from './documents.ts';
import { type StoreUnderTest, storeSuite } from './suite.ts';

async function documentsIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.mirrorwatch'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

storeSuite('a folder', async (): Promise<StoreUnderTest> => {
  const root = await mkdtemp(join(tmpdir(), 'mirrorwatch-store-'));
  return {
    open: () => openFolderStore(root, { archive: openneuro, lock: true }),
    async openDying(n) {
      const files = dyingFiles(n);
      const store = await openFolderStore(root, { archive: openneuro, lock: true, files });
      files.armed = true;
      const close = () => {
        // A killed process leaves its lock; here the process lives on, so the lock must go.
        files.armed = false;
        return store.close();
      };
      return { ...store, close, died: files.died };
    },
    documents: () => documentsIn(root),
    writtenAt: async (path) => (await stat(join(root, path), { bigint: true })).ino,
    destroy: () => rm(root, { recursive: true }),
  };
});

describe('the folder store', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mirrorwatch-folder-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const lockPath = (name: string) => join(root, '.mirrorwatch', name);
  async function leaveLock(name: string, content: object | string): Promise<void> {
    await mkdir(join(root, '.mirrorwatch'), { recursive: true });
    await writeFile(
      lockPath(name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
  const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

  test('a second writer learns who writes, since when, and where', async () => {
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    await expect(openFolderStore(root, { archive: openneuro, lock: true })).rejects.toThrow(
      new RegExp(`another run \\(pid ${process.pid}, since 20.* UTC\\) is writing to ${root}`),
    );
    await store.close();
    const next = await openFolderStore(root, { archive: openneuro, lock: true });
    await next.close();
  });

  test('one of 6 processes that open one folder at once gets it', async () => {
    const opened = await Promise.allSettled(
      Array.from({ length: 6 }, () => openFolderStore(root, { archive: openneuro, lock: true })),
    );
    const won = opened.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]?.value.close();
    expect(await readdir(join(root, '.mirrorwatch'))).toEqual([]);
  });

  test('the lock of a dead process is taken over', async () => {
    const pid = deadPid();
    const since = '2026-08-01T00:00:00.000Z';
    await leaveLock(`lock-${pid}-0a`, { pid, host: hostname(), since, born: null });
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    await store.close();
    expect(await readdir(join(root, '.mirrorwatch'))).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')(
    'a lock whose process number another process has got since is taken over',
    async () => {
      const pid = process.pid;
      await leaveLock(`lock-${pid}-0a`, { pid, host: hostname(), since: null, born: '1' });
      const store = await openFolderStore(root, { archive: openneuro, lock: true });
      await store.close();
      expect(await readdir(join(root, '.mirrorwatch'))).toEqual([]);
    },
  );

  test('a lock of another machine stands, and the message says what to remove', async () => {
    const since = '2026-08-01T12:03:00.000Z';
    await leaveLock('lock-1-0a', { pid: 1, host: 'elsewhere', since, born: null });
    await expect(openFolderStore(root, { archive: openneuro, lock: true })).rejects.toThrow(
      /pid 1, since 2026-08-01 12:03 UTC\) .* on elsewhere; .*remove .*lock-/,
    );
  });

  test('a lock that was cut while it was written still holds for its living process', async () => {
    await leaveLock(`lock-${process.pid}-0a`, '{"pid":');
    await expect(openFolderStore(root, { archive: openneuro, lock: true })).rejects.toThrow(
      'another run',
    );
  });

  test('a store without the lock only reads, makes nothing, and does not mind a writer', async () => {
    const absent = join(root, 'not-there');
    const store = await openFolderStore(absent, { archive: openneuro, lock: false });
    expect(await store.readDocument('all-datasets.json')).toBeUndefined();
    await expect(saveCheck(store, checkRecord('ds000001', 1), null)).rejects.toThrow(
      'reading only',
    );
    expect(await readdir(root)).toEqual([]);
  });

  test('temporary files of a killed writer are swept, other files are left alone', async () => {
    await mkdir(join(root, 'datasets/ds000001'), { recursive: true });
    await writeFile(join(root, 'datasets/ds000001/.mirrorwatch-0123456789abcdef.tmp'), '{"he');
    await writeFile(join(root, 'datasets/ds000001/notes.tmp'), 'mine');
    await leaveLock(`lock-${deadPid()}-0a`, { pid: 1, host: hostname(), since: null, born: null });
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    await store.close();
    expect(await readdir(join(root, 'datasets/ds000001'))).toEqual(['notes.tmp']);
  });

  test('a folder that its last writer closed is not looked through, which takes long', async () => {
    const listed: string[] = [];
    const files: Files = {
      ...diskFiles,
      list(path) {
        listed.push(path);
        return diskFiles.list(path);
      },
    };
    for (const dataset of ['ds000001', 'ds000002']) {
      const store = await openFolderStore(root, { archive: openneuro, lock: true, files });
      await saveCheck(store, checkRecord(dataset, 1), {
        path: checkPath('github', dataset),
        value: githubDocument('main'),
      });
      await store.close();
    }
    expect(new Set(listed)).toEqual(new Set([join(root, '.mirrorwatch')]));
  });

  test('among the records only files of datasets count, each once', async () => {
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    await saveCheck(store, checkRecord('ds000001', 1), null);
    const folder = join(root, '.mirrorwatch/records');
    const text = await readFile(join(folder, 'ds000001.json'), 'utf8');
    for (const name of [
      'ds000001',
      'ds000001.json~',
      'my notes.json',
      '.json',
      'ds000001.json.bak',
    ]) {
      await writeFile(join(folder, name), text);
    }
    expect(await Array.fromAsync(store.listRecords())).toEqual([checkRecord('ds000001', 1)]);
    await store.close();
  });

  test('a file that was copied to the name of another dataset holds no record of it', async () => {
    const told: string[] = [];
    const onUnreadable = (error: Error) => told.push(error.message);
    const store = await openFolderStore(root, { archive: openneuro, lock: true, onUnreadable });
    await saveCheck(store, checkRecord('ds000001', 2), null);
    const folder = join(root, '.mirrorwatch/records');
    await copyFile(join(folder, 'ds000001.json'), join(folder, 'notes.json'));
    expect(await Array.fromAsync(store.listRecords())).toEqual([checkRecord('ds000001', 2)]);
    expect(await readRecord(store, 'notes', 'github')).toBeUndefined();
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/notes\.json: github: a record of ds000001 github$/);
    // It is not newer than one of the dataset's own either.
    expect(await saveCheck(store, checkRecord('notes', 1), null)).toBe('written');
    expect(await readRecord(store, 'notes', 'github')).toEqual(checkRecord('notes', 1));
    await store.close();
  });

  test('other work gets the thread while many records are listed', async () => {
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    for (let n = 100; n < 200; n++) await saveCheck(store, checkRecord(`ds000${n}`, 1), null);
    let isOthersTurn = false;
    setImmediate(() => {
      isOthersTurn = true;
    });
    const before = [];
    for await (const record of store.listRecords()) if (!isOthersTurn) before.push(record);
    expect(before.length).toBeLessThan(100);
    await store.close();
  });

  test.each(['rising', 'falling'])(
    'the last run is the newest, be names listed %s',
    async (way) => {
      const files: Files = {
        ...diskFiles,
        async list(path) {
          const sorted = (await diskFiles.list(path)).sort((a, b) => (a.name < b.name ? -1 : 1));
          return way === 'rising' ? sorted : sorted.reverse();
        },
      };
      const store = await openFolderStore(root, { archive: openneuro, lock: true, files });
      for (const n of [2, 9, 10, 1]) await store.writeRun(runRecord(n));
      expect(await store.readLastRun()).toEqual(runRecord(10));
      await store.close();
    },
  );

  test('a run that was not completely written counts as absent', async () => {
    const runs = join(root, '.mirrorwatch/runs');
    await mkdir(runs, { recursive: true });
    const half = join(runs, '.mirrorwatch-0123456789abcdef.tmp');
    await writeFile(half, encodeDocument(runRecordSchema, runRecord(1)));
    const store = await openFolderStore(root, { archive: openneuro, lock: false });
    expect(await store.readLastRun()).toBeUndefined();
  });

  test('names are such as every file system takes, and the page is among the documents', async () => {
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    const commit = 'ab'.repeat(20);
    await saveCheck(store, checkRecord('ds000001', 1), null);
    await store.writeTree(commit, Buffer.from('x'));
    await store.writeRun(runRecord(1));
    expect(await store.writePage(PLAIN_PATH, '<!doctype html>')).toBe('written');
    expect(await store.writePage(PLAIN_PATH, '<!doctype html>')).toBe('unchanged');
    await store.close();
    expect(await readFile(join(root, PLAIN_PATH), 'utf8')).toBe('<!doctype html>');
    const own = await readdir(join(root, '.mirrorwatch'), { recursive: true });
    expect(own.sort()).toEqual([
      'records',
      'records/ds000001.json',
      'runs',
      'runs/2026-08-01T00-01-00.000Z.json',
      'trees',
      // A folder of all trees would be slow to search.
      'trees/ab',
      `trees/ab/${commit}`,
    ]);
  });

  test('a folder in the place of a file is one clear line, read or written', async () => {
    const path = checkPath('github', 'ds000001');
    await mkdir(join(root, path), { recursive: true });
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    const inTheWay = `${join(root, path)}: a folder is in the place of a file`;
    await expect(store.readDocument(path)).rejects.toThrow(`cannot read ${inTheWay}`);
    const write = store.writeDocument(path, githubDocument('main'));
    await expect(write).rejects.toThrow(`cannot write ${inTheWay}`);
    await store.close();
  });

  test('a half-written document is reported as such, never as absent', async () => {
    await mkdir(join(root, 'datasets/ds000001'), { recursive: true });
    await writeFile(join(root, checkPath('github', 'ds000001')), '{"schemaVersion": "3.0.0", "he');
    const store = await openFolderStore(root, { archive: openneuro, lock: false });
    await expect(store.readDocument(checkPath('github', 'ds000001'))).rejects.toThrow(
      StoredDocumentError,
    );
  });

  test('records are read as they are on the disk, also where somebody else changed them', async () => {
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    await saveCheck(store, checkRecord('ds000001', 0), null);
    const path = join(root, '.mirrorwatch/records/ds000001.json');
    expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 0));
    const changed = { ...checkRecord('ds000001', 0), status: 'error' };
    await writeFile(path, JSON.stringify({ github: changed }));
    expect(await readRecord(store, 'ds000001', 'github')).toMatchObject({ status: 'error' });
    await rm(path);
    expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
    await store.close();
  });

  test.each(['[]', 'null', '"text"', '1'])('%s for records counts as no folder', async (text) => {
    const told: string[] = [];
    const onUnreadable = (error: Error) => told.push(error.message);
    await mkdir(join(root, '.mirrorwatch/records'), { recursive: true });
    await writeFile(join(root, '.mirrorwatch/records/ds000001.json'), text);
    const store = await openFolderStore(root, { archive: openneuro, lock: true, onUnreadable });
    expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('not an object')]);
    await saveCheck(store, checkRecord('ds000001', 0), null);
    expect(await readRecord(store, 'ds000001', 'github')).toEqual(checkRecord('ds000001', 0));
    await store.close();
  });

  test('an unreadable record counts as absent, is reported, and is rewritten by the next check', async () => {
    const path = join(root, '.mirrorwatch/records/ds000001.json');
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, '{');
    const told: string[] = [];
    const store = await openFolderStore(root, {
      archive: openneuro,
      lock: true,
      onUnreadable: (error) => told.push(error.message),
    });
    expect(await readRecord(store, 'ds000001', 'github')).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('ds000001.json: not JSON')]);
    await saveCheck(store, checkRecord('ds000001', 1), null);
    expect(await Array.fromAsync(store.listRecords())).toEqual([checkRecord('ds000001', 1)]);
    await store.close();
  });

  test('documents are readable by others (mode 0644, less the umask)', async () => {
    const store = await openFolderStore(root, { archive: openneuro, lock: true });
    await store.writeDocument(checkPath('github', 'ds000001'), githubDocument('main'));
    await store.close();
    const { mode } = await stat(join(root, checkPath('github', 'ds000001')));
    expect(mode & 0o777).toBe(0o644 & ~process.umask());
  });

  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'quota'],
    ['EROFS', 'read-only'],
    ['EACCES', 'permission denied'],
  ])(
    '%s while writing is one clear line and leaves the old document whole',
    async (code, words) => {
      const failing: Files = {
        ...diskFiles,
        async create(path, bytes) {
          if (!path.endsWith('.tmp')) return diskFiles.create(path, bytes);
          await diskFiles.create(path, Buffer.from(bytes as Buffer).subarray(0, 3));
          throw Object.assign(new Error(code), { code });
        },
      };
      const good = await openFolderStore(root, { archive: openneuro, lock: true });
      await good.writeDocument(checkPath('github', 'ds000001'), githubDocument('main'));
      await good.close();
      const store = await openFolderStore(root, { archive: openneuro, lock: true, files: failing });
      const write = store.writeDocument(checkPath('github', 'ds000001'), githubDocument('master'));
      await expect(write).rejects.toThrow(words);
      await expect(write).rejects.toThrow('github.json');
      await store.close();
      expect(await readFile(join(root, checkPath('github', 'ds000001')), 'utf8')).toContain(
        '"main"',
      );
      expect(await readdir(join(root, 'datasets/ds000001'))).toEqual(['github.json']);
    },
  );

  test('a file in the place of the folder is one clear line', async () => {
    const path = join(root, 'file');
    await writeFile(path, '');
    const inTheWay = `${path}: a file is in the place of a folder; choose another folder with --out`;
    const open = (lock: boolean) => openFolderStore(path, { archive: openneuro, lock });
    await expect(open(true)).rejects.toThrow(`cannot write to ${inTheWay}`);
    await expect(open(false)).rejects.toThrow(`cannot read ${inTheWay}`);
  });

  test('a writer killed by the system at any moment leaves whole documents and no lasting lock', async () => {
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'endless-writer.ts'), root],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      // It prints a line per document: killed after a different number each time.
      let lines = 0;
      for await (const chunk of child.stdout) {
        lines += String(chunk).split('\n').length - 1;
        if (lines > 3 + round * 4) break;
      }
      child.kill('SIGKILL');
      await once(child, 'close').catch(() => undefined);
      const store = await openFolderStore(root, { archive: openneuro, lock: true });
      const paths = await documentsIn(root);
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) await store.readDocument(path);
      await store.close();
    }
  });
});
