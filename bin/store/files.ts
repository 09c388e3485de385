// The file operations of the folder store as one object, so that tests can pass one that dies
// between any two of them.

import {
  closeSync,
  fsync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

export interface Files {
  /** The whole file; undefined if there is none. */
  read(path: string): Promise<Buffer | undefined>;
  /** Whether the file exists and holds exactly these pieces, in order. */
  holds(path: string, pieces: Iterable<Buffer>): Promise<boolean>;
  /** Names in a folder; empty if there is no such folder. */
  list(path: string): Promise<{ readonly name: string; readonly folder: boolean }[]>;
  /** Creates a file with these bytes, on the disk when it returns. Mode 0644, less the umask. */
  create(path: string, bytes: string | Buffer | Iterable<Buffer>): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes the changes in a folder (names made, renamed, removed) durable. */
  syncFolder(path: string): Promise<void>;
  /** Makes a folder and its parents; returns the first one that was made, undefined if none. */
  makeFolder(path: string): Promise<string | undefined>;
  /** Removes a file; no effect if there is none. */
  remove(path: string): Promise<void>;
  /** Removes an empty folder; no effect if there is none. */
  removeFolder(path: string): Promise<void>;
}

async function unlessAbsent<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

/** mkdir's `recursive` is not used: it never ends if a folder refuses children, as /proc does. */
async function makeFolder(path: string): Promise<string | undefined> {
  let first: string | undefined;
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return undefined;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    first = await makeFolder(dirname(path));
  }
  try {
    await mkdir(path);
    return first ?? path;
  } catch (error) {
    // Another writer in this process was faster.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return first;
    throw error;
  }
}

/**
 * A sync covers everything done before it begins. Callers that arrive during one share the next
 * one. Records of a check share a folder, and 16 are written at a time.
 */
function shared(work: (path: string) => Promise<void>): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  const begin = (path: string): Promise<void> => {
    const current = work(path).finally(() => {
      if (running.get(path) === current) running.delete(path);
    });
    running.set(path, current);
    return current;
  };
  return (path) => {
    const current = running.get(path);
    if (!current) return begin(path);
    const waiting = next.get(path);
    if (waiting) return waiting;
    const turn = (async () => {
      await current.catch(() => {});
      next.delete(path);
      await begin(path);
    })();
    next.set(path, turn);
    return turn;
  };
}

// Opening, reading and writing take some 10 µs each. The thread pool costs ten times that, so they
// run in this thread. Operations that may wait for the disk do not: syncs, and renames, which wait
// for the file system's journal.
const sync = promisify(fsync);

export const diskFiles: Files = {
  read: (path) => unlessAbsent<Buffer | undefined>(async () => readFileSync(path), undefined),

  holds: (path, pieces) =>
    unlessAbsent(async () => {
      const file = openSync(path, 'r');
      try {
        let there = Buffer.alloc(0);
        for (const piece of pieces) {
          if (there.length < piece.length) there = Buffer.allocUnsafe(piece.length);
          const read = readSync(file, there, 0, piece.length, null);
          if (read < piece.length || piece.compare(there, 0, read) !== 0) return false;
        }
        return readSync(file, Buffer.alloc(1), 0, 1, null) === 0;
      } finally {
        closeSync(file);
      }
    }, false),

  async list(path) {
    const entries = await unlessAbsent(async () => readdirSync(path, { withFileTypes: true }), []);
    return entries.map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
  },

  async create(path, bytes) {
    const file = openSync(path, 'wx', 0o644);
    try {
      if (typeof bytes === 'string' || Buffer.isBuffer(bytes)) writeFileSync(file, bytes);
      else {
        for (const piece of bytes) {
          writeFileSync(file, piece);
          // Many pieces take long to make, so let other work run.
          await new Promise(setImmediate);
        }
      }
      await sync(file);
    } finally {
      closeSync(file);
    }
  },

  rename: (from, to) => rename(from, to),

  syncFolder: shared(async (path) => {
    const folder = openSync(path, 'r');
    try {
      await sync(folder);
    } finally {
      closeSync(folder);
    }
  }),

  makeFolder,
  remove: (path) => unlessAbsent(() => unlink(path), undefined),
  removeFolder: (path) => unlessAbsent(() => rmdir(path), undefined),
};
