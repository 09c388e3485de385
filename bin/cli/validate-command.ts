// `mirrorwatch validate DIR`: checks every document of a tree against its schema and the others.

import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ARCHIVES } from '../../archives/index.ts';
import { isFromFuture } from '../../core/clock-ahead.ts';
import { publishedArchives } from '../../core/documents/archives.ts';
import { fromRest } from '../../core/documents/at-rest.ts';
import { archivesSchema } from '../../core/documents/documents.ts';
import { counted } from '../../core/documents/format.ts';
import { checkValue, parseJson } from '../../core/documents/json.ts';
import { ARCHIVES_PATH, folderOf, STATUS_PATH } from '../../core/documents/paths.ts';
import { validateTree } from '../../core/documents/validate.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { Problem } from '../../core/problem.ts';
import { openFolderStore } from '../folder-store.ts';
import { fileProblem } from '../problem.ts';
import { isTemporary, OWN_FOLDER } from '../store/atomic.ts';
import { plain } from './format.ts';

/** @returns the exit code: 1 if there is any finding */
export async function validateCommand(
  folder: string,
  archives: readonly Archive[] = ARCHIVES,
): Promise<number> {
  const { found, documents } = await findFaults(
    folder,
    (line) => process.stdout.write(`${line}\n`),
    archives,
  );
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const left = await countTemporary(folder);
  if (left > 0) {
    say(`${counted(left, 'file')} of a write that was cut off; the next run removes what is left`);
  }
  const among = counted(documents, 'document');
  if (found > 0) say(`${counted(found, 'finding')} in ${among} of ${folder}`);
  else process.stdout.write(`${folder}: ${among}, every one valid\n`);
  return found > 0 ? 1 : 0;
}

async function countTemporary(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => isTemporary(name)).length;
}

interface Validated {
  readonly found: number;
  /** Files that were looked at. */
  readonly documents: number;
}

/**
 * One line per finding: file, field, message.
 * @throws Problem if there is no such folder or no tree in it
 */
export async function findFaults(
  folder: string,
  say: (line: string) => void,
  archives: readonly Archive[] = ARCHIVES,
): Promise<Validated> {
  await refuseUnlessTree(folder);
  const archive = await archiveOf(folder, archives);
  const counts = { found: 0, documents: 0 };
  const tell: Tell = {
    finding(line) {
      counts.found += 1;
      say(plain(line));
    },
    document() {
      counts.documents += 1;
    },
  };
  const others = archive.isAtRoot ? await othersIn(folder, archives) : [];
  await findFaultsOf(folder, archive, others.map(folderOf), tell);
  for (const other of others) {
    const below = folderOf(other);
    await findFaultsOf(join(folder, below), other, [], {
      ...tell,
      finding: (line) => tell.finding(`${below}${line}`),
    });
  }
  for (const line of await faultsOfList(folder, archives)) tell.finding(line);
  return counts;
}

interface Tell {
  finding(line: string): void;
  /** Called for each file that is looked at. */
  document(): void;
}

/** @param without folders of other archives in it */
async function findFaultsOf(
  folder: string,
  archive: Archive,
  without: readonly string[],
  tell: Tell,
): Promise<void> {
  const reader = {
    async *list() {
      for await (const path of listFiles(folder, '', without)) {
        tell.document();
        yield path;
      }
    },
    read: (path: string) => readText(join(folder, path)),
  };
  const options = { isSettled: await lastRunEnded(folder, archive) };
  for await (const { path, field, message } of validateTree(reader, archive, options)) {
    tell.finding(`${path}: ${field === '' ? '' : `${field}: `}${message}`);
  }
  for (const line of await recordsOfFuture(folder, archive, new Date())) tell.finding(line);
}

/** The archives that have a folder of their own here. */
export async function othersIn(folder: string, archives: readonly Archive[]): Promise<Archive[]> {
  const names = new Set((await readdir(folder)).map((name) => `${name}/`));
  return archives.filter((one) => names.has(folderOf(one)));
}

/** Archives that archives.json lists although nothing of them is published here. */
async function faultsOfList(folder: string, archives: readonly Archive[]): Promise<string[]> {
  const read = (path: string) => readText(join(folder, path)).catch(() => undefined);
  const json = parseJson((await read(ARCHIVES_PATH)) ?? '');
  const list = json.ok ? checkValue(archivesSchema, json.value) : json;
  if (!list.ok) return [];
  const there = (await publishedArchives(archives, read)).archives;
  return list.value.archives.flatMap((one, at) =>
    there.some((other) => isDeepStrictEqual(other, one))
      ? []
      : [`${ARCHIVES_PATH}: archives.${at}: is not what ${one.folder}${STATUS_PATH} says`],
  );
}

/** By status.json; the first in the list if it does not say, as in legacy trees. */
export async function archiveOf(folder: string, archives: readonly Archive[]): Promise<Archive> {
  const text = await readText(join(folder, STATUS_PATH)).catch(() => undefined);
  const id = /"archive": \{\s*"id": "([^"]*)"/.exec(text ?? '')?.[1];
  return archives.find((one) => one.id === id) ?? (archives[0] as Archive);
}

/** Whether the last run finished, as far as the folder shows. */
async function lastRunEnded(folder: string, archive: Archive): Promise<boolean> {
  const is = await stat(join(folder, OWN_FOLDER, 'runs')).catch(() => undefined);
  if (!is?.isDirectory()) return true;
  const last = await (await openFolderStore(folder, { archive, lock: false })).readLastRun();
  return last === undefined || last.outcome === 'published' || last.outcome === 'held';
}

/** Records with a future time: a clock that was ahead wrote them. */
async function recordsOfFuture(folder: string, archive: Archive, now: Date): Promise<string[]> {
  const lines: string[] = [];
  // A file with that name is a separate finding.
  for (const path of [OWN_FOLDER, join(OWN_FOLDER, 'records')]) {
    const is = await stat(join(folder, path)).catch(() => undefined);
    if (is?.isDirectory()) continue;
    const fault = `${path}: is a file where a folder should be`;
    return is === undefined || path === OWN_FOLDER ? [] : [fault];
  }
  const store = await openFolderStore(folder, { archive, lock: false });
  for await (const { dataset, check, runStart } of store.listRecords()) {
    if (!isFromFuture(runStart, now)) continue;
    const message = `is of a run that begins in the future (${runStart}); the next run replaces it`;
    lines.push(`${OWN_FOLDER}/records/${dataset}.json: ${check}: ${message}`);
  }
  return lines;
}

export async function refuseUnlessTree(folder: string): Promise<void> {
  const is = await stat(folder).catch(() => undefined);
  if (is?.isFile()) {
    throw new Problem(`${folder} is a file; give the folder of a run's results, such as data/`);
  }
  if (!is?.isDirectory()) {
    throw new Problem(`there is no folder ${folder}; give the folder of a run's results`);
  }
  const first = await listFiles(folder, '').next();
  if (first.done)
    throw new Problem(`${folder} holds no documents; give the folder of a run's results`);
}

/**
 * Paths of files below the folder, with `/`. Our private files are not part of the tree. Neither
 * are leftovers of a crashed write: their document is whole.
 */
async function* listFiles(
  root: string,
  below: string,
  without: readonly string[] = [],
): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, below), { withFileTypes: true });
  } catch (error) {
    throw fileProblem('read', join(root, below), error);
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if ((path === OWN_FOLDER && entry.isDirectory()) || isTemporary(path)) continue;
    if (without.includes(`${path}/`)) continue;
    if (entry.isDirectory()) yield* listFiles(root, path, without);
    else yield path;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return fromRest(await readFile(path)).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileProblem('read', path, error);
  }
}
