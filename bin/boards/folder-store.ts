// Boards in a folder, a file each: `{id}.json`, which people can read, copy and keep under git. The
// time of a file is the last use of its board, so that reading a board writes none of its bytes.

import { statSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '../../boards/digest.ts';
import { type Indexed, indexedStore, type Shelf } from '../../boards/indexed-store.ts';
import { fromJson, recordSchema, toJson } from '../../boards/record.ts';
import { type BoardRecord, type BoardStore, StoreAway } from '../../boards/store.ts';
import { Problem } from '../../core/problem.ts';
import { fileProblem } from '../problem.ts';
import { OWN_FOLDER, sweep, writeIfChanged } from '../store/atomic.ts';
import { diskFiles, type Files } from '../store/files.ts';
import { type Lock, takeLock } from '../store/lock.ts';

const fileSchema = recordSchema.omit({ lastAccess: true });

export interface FolderBoards {
  readonly store: BoardStore;
  close(): Promise<void>;
}

export interface FolderBoardsOptions {
  /** Called with a file that is not a board's, which stays as it is. */
  readonly onUnreadable: (path: string) => void;
  readonly files?: Files;
}

/** @throws Problem if the folder cannot be used, or another process does */
export async function openFolderBoards(
  folder: string,
  { onUnreadable, files = diskFiles }: FolderBoardsOptions,
): Promise<FolderBoards> {
  const lock = await hold(folder, files);
  const there: Indexed[] = [];
  for (const { name } of await files.list(folder)) {
    const id = name.replace(/\.json$/, '');
    if (!isId(id) || id === name) continue;
    const path = join(folder, name);
    const record = parse(await files.read(path), statSync(path).mtimeMs);
    if (record?.id !== id) {
      onUnreadable(path);
      continue;
    }
    const { body, ...indexed } = record;
    there.push(indexed);
  }
  return { store: indexedStore(shelfIn(folder, files), there), close: () => lock.release() };
}

async function hold(folder: string, files: Files): Promise<Lock> {
  const own = join(folder, OWN_FOLDER);
  try {
    await files.makeFolder(own);
    const lock = await takeLock(files, own, folder);
    if (lock.orphaned) await sweep(files, folder);
    return lock;
  } catch (error) {
    if (!(error instanceof Problem)) throw fileProblem('write to', folder, error);
    throw new Problem(`the boards in ${folder} are in use by another process; end it first`, {
      cause: error,
    });
  }
}

function parse(bytes: Buffer | undefined, mtimeMs: number): BoardRecord | null {
  try {
    const file = fileSchema.parse(JSON.parse(String(bytes)));
    return fromJson({ ...file, lastAccess: new Date(Math.round(mtimeMs)).toISOString() });
  } catch {
    return null;
  }
}

function shelfIn(folder: string, files: Files): Shelf {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  const stamp = (id: string, lastAccess: number) =>
    utimes(pathOf(id), lastAccess / 1000, lastAccess / 1000);
  return {
    read: (id) =>
      orAway(async () => {
        const bytes = await files.read(pathOf(id));
        // It was checked when the folder was opened, and only this process writes it.
        return bytes && JSON.stringify(JSON.parse(bytes.toString()).board);
      }),

    write: (record) =>
      orAway(async () => {
        const { lastAccess, ...file } = toJson(record);
        const bytes = Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
        await writeIfChanged(files, pathOf(record.id), bytes);
        await stamp(record.id, record.lastAccess);
      }),

    remove: (id) =>
      orAway(async () => {
        await files.remove(pathOf(id));
        await files.syncFolder(folder);
      }),

    // After a power cut an evicted board may be there again: it is evicted again.
    discard: (id) => orAway(() => files.remove(pathOf(id))),

    touch: (id, lastAccess) => orAway(() => stamp(id, lastAccess)),
  };
}

/** A full disk or a folder that is gone is told as a store that is away. */
async function orAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StoreAway('the folder of the boards cannot be used', { cause: error });
  }
}
