// Atomic, durable writes: after a crash at any point a path holds its complete old or new bytes
// (docs/architecture.md).

import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Files } from './files.ts';

/** Names that nothing else writes, so that leftovers can be swept. */
const TEMPORARY = /^\.mirrorwatch-[0-9a-f]{16}\.tmp$/;

export function isTemporary(path: string): boolean {
  return TEMPORARY.test(basename(path));
}

/**
 * Replaces the file's bytes if they differ; returns whether it did.
 * @param known its present bytes, if they were just read
 */
export async function writeIfChanged(
  files: Files,
  path: string,
  bytes: Buffer,
  known?: Buffer,
): Promise<'written' | 'unchanged'> {
  const before = known ?? (await files.read(path));
  if (before?.equals(bytes)) return 'unchanged';
  return replace(files, path, bytes);
}

/** The same for bytes in pieces, which may be requested several times. */
export async function writePiecesIfChanged(
  files: Files,
  path: string,
  pieces: () => Iterable<Buffer>,
): Promise<'written' | 'unchanged'> {
  const made = Iterator.from(pieces());
  const first = made.next().value ?? Buffer.alloc(0);
  const second = made.next();
  // Most documents are one piece.
  if (second.done) return writeIfChanged(files, path, first);
  if (await files.holds(path, joined(first, second.value, made))) return 'unchanged';
  return replace(files, path, pieces());
}

function* joined(first: Buffer, second: Buffer, rest: Iterable<Buffer>): Generator<Buffer> {
  yield first;
  yield second;
  yield* rest;
}

/** Removes the file, also durably after a power cut; returns whether there was one. */
export async function removeIfThere(files: Files, path: string): Promise<'written' | 'unchanged'> {
  if ((await files.read(path)) === undefined) return 'unchanged';
  await files.remove(path);
  await files.syncFolder(dirname(path));
  return 'written';
}

/**
 * Removes a folder and all below, also durably after a power cut.
 * @param stays which files directly in the folder are kept, and then the folder is too
 */
export async function removeFolder(
  files: Files,
  folder: string,
  stays: (name: string) => boolean,
): Promise<void> {
  await removeBelow(files, folder, stays);
  await files.syncFolder(dirname(folder));
}

/** What is below is removed last: lists in a folder name what is below. */
async function removeBelow(
  files: Files,
  folder: string,
  stays: (name: string) => boolean = () => false,
): Promise<void> {
  const all = await files.list(folder);
  const entries = all.filter(({ name }) => !stays(name));
  for (const entry of entries) if (!entry.folder) await files.remove(join(folder, entry.name));
  await files.syncFolder(folder);
  for (const entry of entries) if (entry.folder) await removeBelow(files, join(folder, entry.name));
  if (entries.length === all.length) await files.removeFolder(folder);
}

async function replace(
  files: Files,
  path: string,
  bytes: Buffer | Iterable<Buffer>,
): Promise<'written'> {
  const folder = dirname(path);
  const temporary = join(
    folder,
    `.mirrorwatch-${randomUUID().replaceAll('-', '').slice(0, 16)}.tmp`,
  );
  try {
    await createIn(files, folder, () => files.create(temporary, bytes));
    await files.rename(temporary, path);
  } catch (error) {
    // The first error is the useful one; the file is swept when the store is closed.
    await files.remove(temporary).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folder);
  return 'written';
}

/** Creates the folder only if it is missing: checking first costs two calls per write. */
async function createIn(files: Files, folder: string, create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(files, folder);
    await create();
  }
}

/** Makes a folder that survives a power cut: syncs each new name in its parent. */
async function makeFolder(files: Files, folder: string): Promise<void> {
  const first = await files.makeFolder(folder);
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await files.syncFolder(dirname(made));
  }
}

/** The private folder of a tree's only writer; never exported, never served. */
export const OWN_FOLDER = '.mirrorwatch';

/**
 * Removes leftovers of a killed writer, in a folder and all below. A folder below that has a writer
 * of its own is another archive's: its writer may be alive.
 */
export async function sweep(files: Files, folder: string): Promise<void> {
  const sweepEntries = async (entries: Awaited<ReturnType<Files['list']>>, below: string) => {
    for (const { name, folder: isFolder } of entries) {
      const path = join(below, name);
      if (isFolder) {
        const inside = await files.list(path);
        if (!inside.some((entry) => entry.name === OWN_FOLDER)) await sweepEntries(inside, path);
      } else if (isTemporary(name)) await files.remove(path);
    }
  };
  await sweepEntries(await files.list(folder), folder);
}
