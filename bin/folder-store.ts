// The store in a folder: the exported tree at its root and, in `.mirrorwatch/` beside it, what is
// private: records, runs, kept trees and the lock. A write is whole or not there at all.

import { basename, join, resolve } from 'node:path';
import * as z from 'zod';
import { isFromFuture, staysOver } from '../core/clock-ahead.ts';
import { encodeDocument, fitting } from '../core/documents/json.ts';
import {
  type CheckRecord,
  checkRecordSchema,
  type RunRecord,
  runRecordSchema,
  upgradeRecord,
} from '../core/documents/records.ts';
import { datasetIdSchema, shaSchema } from '../core/ids.ts';
import type { Archive } from '../core/monitor/archive.ts';
import {
  type Session,
  type Store,
  StoredDocumentError,
  type WriteOutcome,
} from '../core/monitor/store.ts';
import {
  checkStored,
  parseStored,
  RefusedPathError,
  type StoredDocuments,
  storedDocuments,
} from '../core/monitor/stored-document.ts';
import { fileProblem } from './problem.ts';
import {
  isTemporary,
  removeIfThere,
  sweep,
  writeIfChanged,
  writePiecesIfChanged,
} from './store/atomic.ts';
import { diskFiles, type Files } from './store/files.ts';
import { keyedMutex } from './store/keyed-mutex.ts';
import { type Lock, takeLock } from './store/lock.ts';

/** The private folder; never exported, never served. */
export const OWN_FOLDER = '.mirrorwatch';

/** Files of records; the thread is shared after so many. */
const RECORDS_AT_ONCE = 64;
/** More datasets than are in work at once. */
const DECODED_DATASETS = 64;

/** All records of a dataset in one file, by check: a file each took longer to open than to read. */
const recordsSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);
type Records = z.infer<typeof recordsSchema>;

export interface FolderStoreOptions {
  /** Tells which documents there are. */
  readonly archive: Archive;
  /** Hold the folder as its only writer; without the lock the store only reads. */
  readonly lock: boolean;
  /** Called with records that cannot be read; they count as absent and are written again. */
  readonly onUnreadable?: (error: StoredDocumentError) => void;
  /** Tests pass one that fails; the disk by default. */
  readonly files?: Files;
  /** The clock by which a run is of the future; that of this machine by default. */
  readonly now?: () => Date;
}

export type FolderStore = Store & {
  /** Gives the folder back to others. */
  close(): Promise<void>;
};

/**
 * Opens a folder, making it when it is to be written; half-done writes of a killed run are removed.
 * @throws Problem when the folder cannot be used or another run is writing to it
 */
export async function openFolderStore(
  root: string,
  {
    archive,
    lock,
    onUnreadable = () => {},
    files = diskFiles,
    now = () => new Date(),
  }: FolderStoreOptions,
): Promise<FolderStore> {
  const folder = resolve(root);
  const own = join(folder, OWN_FOLDER);
  const documents = storedDocuments(archive);
  if (!lock) {
    await files.list(folder).catch((error: unknown) => {
      throw fileProblem('read', root, error);
    });
    const read = reader(folder, files, documents, onUnreadable, now);
    return { ...read, open: (dataset) => openSession(read, refuse, dataset), ...READ_ONLY };
  }
  let held: Lock | undefined;
  try {
    await files.makeFolder(own);
    held = await takeLock(files, own, root);
    // Only then is there anything to sweep: to look through 100,000 datasets takes a minute.
    if (held.orphaned) await sweep(files, folder);
  } catch (error) {
    await held?.release();
    throw fileProblem('write to', root, error);
  }
  const { release } = held;
  const read = reader(folder, files, documents, onUnreadable, now);
  let failures = 0;
  const write = writer(folder, files, documents, read, now, () => {
    failures++;
  });
  const close = async (): Promise<void> => {
    if (failures > 0) await sweep(files, folder).catch(() => {});
    await release();
  };
  const open = (dataset: string) => openSession(read, write.saveCheck, dataset);
  return { ...read, ...write, open, close };
}

async function openSession(
  { readRecords, recordOf }: Reader,
  save: Writer['saveCheck'],
  dataset: string,
): Promise<Session> {
  let { records } = await readRecords(dataset);
  return {
    dataset,
    record: (check) => recordOf(records, dataset, check),
    async save(record, document) {
      // By what is in the file then: other checks of the dataset are saved meanwhile.
      const saved = await save(record, document);
      ({ records } = saved);
      return saved.outcome;
    },
  };
}

type Reader = Pick<Store, 'readDocument' | 'listRecords' | 'readTree' | 'readLastRun'> & {
  /** A dataset's records as they stand in their file, none of them looked at. */
  readRecords(dataset: string): Promise<RecordsFile>;
  /** What the bytes of its file hold, so that they need not be decoded again. */
  knowRecords(dataset: string, bytes: Buffer, records: Records): void;
  recordOf(records: Records, dataset: string, check: string): CheckRecord | undefined;
};
type Writer = Pick<
  Store,
  'writeDocument' | 'writePieces' | 'writePage' | 'writeTree' | 'writeRun'
> & {
  /** What the dataset's records are then, or why nothing was written. */
  saveCheck(...check: Parameters<Session['save']>): Promise<Saved>;
};
/** Without bytes where there is none. */
interface RecordsFile {
  readonly records: Records;
  readonly bytes: Buffer | undefined;
}
interface Saved {
  readonly outcome: WriteOutcome;
  readonly records: Records;
}

function reader(
  folder: string,
  files: Files,
  documents: StoredDocuments,
  onUnreadable: (error: StoredDocumentError) => void,
  now: () => Date,
): Reader {
  async function read(path: string): Promise<Buffer | undefined> {
    try {
      return await files.read(join(folder, path));
    } catch (error) {
      throw fileProblem('read', join(folder, path), error);
    }
  }

  /** One of our own small files: what cannot be read is written again by the next run. */
  async function readOwn<T extends z.ZodType>(
    path: string,
    schema: T,
  ): Promise<z.infer<T> | undefined> {
    const bytes = await read(path);
    return bytes && unlessUnreadable(() => parseStored(path, schema, bytes));
  }

  function unlessUnreadable<T>(parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof StoredDocumentError)) throw error;
      onUnreadable(error);
      return undefined;
    }
  }

  /** A run reads the records of a dataset a dozen times, mostly as it left them itself. */
  const decoded = new Map<string, RecordsFile & { readonly bytes: Buffer }>();
  const knowRecords = (dataset: string, bytes: Buffer, records: Records): void => {
    decoded.delete(dataset);
    decoded.set(dataset, { bytes, records });
    const [oldest] = decoded.keys();
    if (decoded.size > DECODED_DATASETS && oldest !== undefined) decoded.delete(oldest);
  };
  const readRecords = async (dataset: string): Promise<RecordsFile> => {
    const path = recordsPath(dataset);
    const bytes = await read(path);
    if (bytes === undefined) return { records: {}, bytes };
    const known = decoded.get(dataset);
    if (known?.bytes.equals(bytes)) return known;
    const records = unlessUnreadable(() => parseStored(path, recordsSchema, bytes));
    if (records !== undefined) knowRecords(dataset, bytes, records);
    return { records: records ?? {}, bytes };
  };

  const recordOf = (records: Records, dataset: string, check: string) => {
    const value = records[check];
    if (value === undefined) return undefined;
    return unlessUnreadable(() => {
      const record = checkStored(recordsPath(dataset), checkRecordSchema, upgradeRecord(value));
      if (isOf(record, dataset, check)) return record;
      const of = `of ${record.dataset} ${record.check}`;
      throw new StoredDocumentError(recordsPath(dataset), `${check}: a record ${of}`);
    });
  };

  const names = async (path: string) =>
    (await files.list(join(folder, path)))
      .map(({ name }) => name)
      .filter((name) => !isTemporary(name));

  return {
    async readDocument(path) {
      documents.checkPath(path);
      const bytes = await read(path);
      return bytes && documents.decode(path, bytes);
    },

    readRecords,
    knowRecords,
    recordOf,

    async *listRecords() {
      let read = 0;
      for (const name of await names(RECORDS_FOLDER)) {
        const dataset = basename(name, '.json');
        if (dataset === name || !isDatasetId(dataset)) continue;
        // Files are read in this thread: let others have it, Ctrl-C among them.
        if (++read % RECORDS_AT_ONCE === 0) await new Promise(setImmediate);
        const { records } = await readRecords(dataset);
        for (const check of Object.keys(records)) {
          const record = recordOf(records, dataset, check);
          if (record) yield record;
        }
      }
    },

    readTree: async (commit) => read(treePath(commit)),

    async readLastRun() {
      // Named by their start, so the last name is the newest.
      for (const name of (await names(`${OWN_FOLDER}/runs`)).sort().reverse()) {
        const run = await readOwn(`${OWN_FOLDER}/runs/${name}`, runRecordSchema);
        if (run && !isFromFuture(run.runStart, now())) return run;
      }
      return undefined;
    },
  };
}

/** @param onFailure told of a write that failed, which may have left something half done */
function writer(
  folder: string,
  files: Files,
  documents: StoredDocuments,
  { readRecords, knowRecords }: Reader,
  now: () => Date,
  onFailure: () => void,
): Writer {
  const alone = keyedMutex();

  /** Writers of one path take turns, so that "changed?" is asked of the last one's bytes. */
  const inTurn = (path: string, work: (place: string) => Promise<'written' | 'unchanged'>) =>
    alone(path, async () => {
      try {
        return await work(join(folder, path));
      } catch (error) {
        onFailure();
        throw fileProblem('write', join(folder, path), error);
      }
    });
  const write = (path: string, bytes: Buffer, known?: Buffer) =>
    inTurn(path, (place) => writeIfChanged(files, place, bytes, known));
  const remove = (path: string) => inTurn(path, (place) => removeIfThere(files, place));

  return {
    writeDocument: async (path, document) => write(path, documents.encode(path, document)),
    writePage: async (path, html) => write(path, Buffer.from(html)),

    async writePieces(path, pieces) {
      documents.checkPath(path);
      return inTurn(path, (place) => writePiecesIfChanged(files, place, pieces));
    },

    async saveCheck(record, document) {
      const path = recordsPath(record.dataset);
      // As it will be read: JSON has no undefined.
      const value: unknown = JSON.parse(JSON.stringify(fitting(checkRecordSchema, record)));
      const evidence = document && documents.encodeOrNull(document);
      return alone(`saving ${path}`, async () => {
        const { records, bytes: known } = await readRecords(record.dataset);
        const before = checkRecordSchema.safeParse(records[record.check]).data;
        const isOwn = before && isOf(before, record.dataset, record.check);
        if (isOwn && staysOver(before.runStart, record.runStart, now())) {
          return { outcome: 'older', records };
        }
        // The document first: a record never names evidence that does not exist.
        const first =
          document && (await (evidence ? write(document.path, evidence) : remove(document.path)));
        const after = { ...records, [record.check]: value };
        const bytes = Buffer.from(`${JSON.stringify(after)}\n`);
        const second = await write(path, bytes, known);
        knowRecords(record.dataset, bytes, after);
        return { outcome: first === 'written' ? first : second, records: after };
      });
    },

    writeTree: async (commit, bytes) => {
      await write(treePath(commit), bytes);
    },

    writeRun: async (run) => {
      await write(runPath(run), Buffer.from(encodeDocument(runRecordSchema, run)));
    },
  };
}

async function refuse(): Promise<never> {
  throw new Error('this store was opened for reading only');
}
const READ_ONLY = {
  writeDocument: refuse,
  writePieces: refuse,
  writePage: refuse,
  writeTree: refuse,
  writeRun: refuse,
  close: async () => {},
};

/** A file may have been copied to another name. */
const isOf = (record: CheckRecord, dataset: string, check: string) =>
  record.dataset === dataset && record.check === check;

const isDatasetId = (text: string) => datasetIdSchema.safeParse(text).success;

const RECORDS_FOLDER = `${OWN_FOLDER}/records`;

function recordsPath(dataset: string): string {
  if (!isDatasetId(dataset)) {
    throw new RefusedPathError(`no dataset id: ${JSON.stringify(dataset.slice(0, 80))}`);
  }
  return `${RECORDS_FOLDER}/${dataset}.json`;
}

function treePath(commit: string): string {
  if (!shaSchema.safeParse(commit).success) {
    throw new RefusedPathError(`no commit id: ${JSON.stringify(commit.slice(0, 80))}`);
  }
  return `${OWN_FOLDER}/trees/${commit.slice(0, 2)}/${commit}`;
}

/** Colons are not allowed in names everywhere. */
function runPath({ runStart }: RunRecord): string {
  return `${OWN_FOLDER}/runs/${new Date(runStart).toISOString().replaceAll(':', '-')}.json`;
}
