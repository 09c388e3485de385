// A disk in memory behind the file operations of bin/store/files.ts. A name that was created,
// renamed or removed lasts only once its folder is synced: a power cut may undo any that was not.

import type { Files } from '../../bin/store/files.ts';
import type { Random } from './random.ts';

/** Bytes of a file; null for a folder. */
type Entry = Buffer | null;

export interface Disk {
  /** What a process sees; `onWrite` is called before each operation that changes anything. */
  open(process: { dead: boolean }, onWrite: () => Promise<void>): Files;
  readonly entries: ReadonlyMap<string, Entry>;
  /** Processes that held a lock are gone. */
  processesDied(): void;
  powerCut(random: Random): void;
  /** Hours pass: everything is on the disk. */
  settle(): void;
}

const LOCK_FILE = /\/(lock|want)-\d+-(?=[^/]+$)/;
/** Linux assigns process ids up to 2^22, other systems fewer. */
const NO_PROCESS = 2 ** 22 + 1;

/** Paths here are absolute and plain: normalizing them would cost a tenth of the total time. */
function dirname(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

const codeError = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code });

export function createDisk(): Disk {
  const entries = new Map<string, Entry>([['/', null]]);
  const durable = new Map<string, Entry>(entries);
  /** Folder to the names in it that changed since it was synced. */
  const unsynced = new Map<string, Set<string>>();

  /** Folder to what is in it: path to whether it is a folder. */
  const contents = new Map<string, Map<string, boolean>>();
  const inFolder = (folder: string): Map<string, boolean> => {
    let paths = contents.get(folder);
    if (paths === undefined) {
      paths = new Map();
      contents.set(folder, paths);
    }
    return paths;
  };
  const put = (path: string, entry: Entry): void => {
    entries.set(path, entry);
    if (path !== '/') inFolder(dirname(path)).set(path, entry === null);
  };
  const drop = (path: string): void => {
    entries.delete(path);
    contents.get(dirname(path))?.delete(path);
  };
  const listingOf = (folder: string) =>
    Array.from(contents.get(folder) ?? [], ([path, isFolder]) => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      folder: isFolder,
    }));

  const change = (path: string, entry: Entry | undefined): void => {
    if (entry === undefined) drop(path);
    else put(path, entry);
    const folder = dirname(path);
    const names = unsynced.get(folder) ?? new Set();
    unsynced.set(folder, names.add(path));
  };
  const persist = (path: string): void => {
    const entry = entries.get(path);
    if (entry === undefined) durable.delete(path);
    else durable.set(path, entry);
  };
  /** Nobody writes into a buffer after handing it over, so it needs no copy. */
  const wholeOf = (bytes: string | Buffer | Iterable<Buffer>): Buffer => {
    if (Buffer.isBuffer(bytes)) return bytes;
    if (typeof bytes === 'string') return Buffer.from(bytes);
    const pieces = [...bytes];
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  };

  const open = (process: { dead: boolean }, onWrite: () => Promise<void>): Files => {
    const alive = (): void => {
      if (process.dead) throw new Error('the process is dead');
    };
    const writing = async (): Promise<void> => {
      alive();
      await onWrite();
      alive();
    };
    const read = (path: string): Buffer | undefined => entries.get(path) ?? undefined;
    return {
      async read(path) {
        alive();
        return read(path);
      },
      async holds(path, pieces) {
        alive();
        return read(path)?.equals(wholeOf(pieces)) ?? false;
      },
      async list(path) {
        alive();
        return listingOf(path);
      },
      async create(path, bytes) {
        alive();
        // As a system does: before the first byte is requested.
        if (entries.get(dirname(path)) !== null) throw codeError('ENOENT', path);
        if (entries.has(path)) throw codeError('EEXIST', path);
        const whole = wholeOf(bytes);
        try {
          await writing();
        } catch (error) {
          // A process that dies during a write leaves half a file.
          change(path, whole.subarray(0, whole.length / 2));
          throw error;
        }
        change(path, whole);
      },
      async rename(from, to) {
        await writing();
        const entry = entries.get(from);
        if (entry === undefined) throw codeError('ENOENT', from);
        change(to, entry);
        change(from, undefined);
      },
      async syncFolder(path) {
        await writing();
        for (const name of unsynced.get(path) ?? []) persist(name);
        unsynced.delete(path);
      },
      async makeFolder(path) {
        await writing();
        let first: string | undefined;
        for (let at = path; !entries.has(at); at = dirname(at)) {
          change(at, null);
          first = at;
        }
        return first;
      },
      async remove(path) {
        await writing();
        if (entries.has(path)) change(path, undefined);
      },
      async removeFolder(path) {
        await writing();
        if (listingOf(path).length > 0) throw codeError('ENOTEMPTY', path);
        if (entries.has(path)) change(path, undefined);
      },
    };
  };

  return {
    entries,
    open,
    processesDied() {
      // The process of this test lives on, so its files get a number that no process can have.
      for (const [path, entry] of [...entries]) {
        if (entry === null || !LOCK_FILE.test(path)) continue;
        drop(path);
        put(path.replace(LOCK_FILE, `/$1-${NO_PROCESS}-`), entry);
      }
    },
    settle() {
      for (const names of unsynced.values()) names.forEach(persist);
      unsynced.clear();
    },
    powerCut(random) {
      for (const path of Array.from(unsynced.values()).flatMap((names) => [...names])) {
        if (random.chance(0.5)) persist(path);
      }
      unsynced.clear();
      entries.clear();
      contents.clear();
      for (const [path, entry] of durable) {
        let folder = dirname(path);
        while (durable.get(folder) === null && folder !== '/') folder = dirname(folder);
        if (folder === '/') put(path, entry);
      }
      durable.clear();
      for (const [path, entry] of entries) durable.set(path, entry);
    },
  };
}
