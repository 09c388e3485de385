// The store in a folder: the exported tree at its root, and `.mirrorwatch/` for private data:
// records, runs, kept trees and the lock. A write is complete or has no effect.

import { basename, join, resolve } from 'node:path';
import * as z from 'zod';
import { isFromFuture, staysOver } from '../core/clock-ahead.ts';
import { fromRest } from '../core/documents/at-rest.ts';
import { encodeDocument, fitting } from '../core/documents/json.ts';
import {
  type CheckRecord,
  checkRecordSchema,
  type RunRecord,
  runRecordSchema,
  upgradeRecord,
} from '../core/documents/records.ts';
import { isDatasetId, shaSchema } from '../core/ids.ts';
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
  OWN_FOLDER,
  removeIfThere,
  sweep,
  writeIfChanged,
  writePiecesIfChanged,
} from './store/atomic.ts';
import { type DatasetFiles, datasetReader, removeDataset } from './store/datasets.ts';
import { diskFiles, type Files } from './store/files.ts';
import { keyedMutex } from './store/keyed-mutex.ts';
import { type Lock, takeLock } from './store/lock.ts';

/** Number of record files after which other work gets the thread. */
const RECORDS_AT_ONCE = 64;
/** More than the datasets in progress at once. */
const DECODED_DATASETS = 64;

/**
 * All records of a dataset in one file, by check: separate files took longer to open than to read.
 */
const recordsSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);
type Records = z.infer<typeof recordsSchema>;

export interface FolderStoreOptions {
  /** Determines which documents exist. */
  readonly archive: Archive;
  /** Hold the folder as its only writer; without the lock the store only reads. */
  readonly lock: boolean;
  /** Called with unreadable records; they count as absent and are written again. */
  readonly onUnreadable?: (error: StoredDocumentError) => void;
  /** Tests pass one that fails; default: the disk. */
  readonly files?: Files;
  /** The clock that decides whether a run is from the future; default: this machine's. */
  readonly now?: () => Date;
}

export type FolderStore = Store & {
  /** Releases the folder. */
  close(): Promise<void>;
};

/**
 * Opens a folder. For writing, it creates the folder and removes half-done writes of a killed run.
 * @throws Problem if the folder cannot be used or another run is writing to it
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
    // Sweep only then, because looking through 100,000 datasets takes a minute.
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
      // By the file's present content: other checks of the dataset may be saved meanwhile.
      const saved = await save(record, document);
      ({ records } = saved);
      return saved.outcome;
    },
  };
}

type Reader = Pick<
  Store,
  'readDocument' | 'listRecords' | 'readTree' | 'readLastRun' | 'listDatasets' | 'contentsOf'
> & {
  readonly ofDatasets: DatasetFiles;
  /** A dataset's records as stored in their file, unchecked. */
  readRecords(dataset: string): Promise<RecordsFile>;
  /** Remembers what the bytes of a file hold, so that they are not decoded again. */
  knowRecords(dataset: string, bytes: Buffer, records: Records): void;
  recordOf(records: Records, dataset: string, check: string): CheckRecord | undefined;
};
type Writer = Pick<
  Store,
  'writeDocument' | 'writePieces' | 'writePage' | 'writeTree' | 'writeRun' | 'removeDataset'
> & {
  /** The dataset's records after the save, or why nothing was written. */
  saveCheck(...check: Parameters<Session['save']>): Promise<Saved>;
};
/** Without bytes if there is no file. */
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

  /** Reads one of our own small files; the next run rewrites an unreadable one. */
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

  /** A run reads a dataset's records a dozen times, mostly as it wrote them. */
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

  /** By their stored values: a session is asked for a record several times. */
  const checked = new WeakMap<object, CheckRecord>();
  const recordOf = (records: Records, dataset: string, check: string) => {
    const value = records[check];
    if (value === undefined) return undefined;
    const before = checked.get(value as object);
    if (before !== undefined) return before;
    return unlessUnreadable(() => {
      const record = checkStored(recordsPath(dataset), checkRecordSchema, upgradeRecord(value));
      if (isOf(record, dataset, check)) {
        checked.set(value as object, record);
        return record;
      }
      const of = `of ${record.dataset} ${record.check}`;
      throw new StoredDocumentError(recordsPath(dataset), `${check}: a record ${of}`);
    });
  };

  const ofDatasets: DatasetFiles = {
    ...{ files, folder, recordsPath },
    async countRecords(dataset) {
      return Object.keys((await readRecords(dataset)).records).length;
    },
  };

  const names = async (path: string) =>
    (await files.list(join(folder, path)))
      .map(({ name }) => name)
      .filter((name) => !isTemporary(name));

  return {
    async readDocument(path) {
      documents.checkPath(path);
      const bytes = await read(path);
      return bytes && documents.decode(path, fromRest(bytes));
    },

    readRecords,
    knowRecords,
    recordOf,
    ofDatasets,
    ...datasetReader(ofDatasets),

    async *listRecords() {
      let read = 0;
      for (const name of await names(RECORDS_FOLDER)) {
        const dataset = basename(name, '.json');
        if (dataset === name || !isDatasetId(dataset)) continue;
        // Files are read in this thread: let other work run, including Ctrl-C.
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
      // Names are start times, so the last name is the newest.
      for (const name of (await names(`${OWN_FOLDER}/runs`)).sort().reverse()) {
        const run = await readOwn(`${OWN_FOLDER}/runs/${name}`, runRecordSchema);
        if (run && !isFromFuture(run.runStart, now())) return run;
      }
      return undefined;
    },
  };
}

/** @param onFailure called after a failed write, which may have left something half done */
function writer(
  folder: string,
  files: Files,
  documents: StoredDocuments,
  { readRecords, knowRecords, ofDatasets, contentsOf }: Reader,
  now: () => Date,
  onFailure: () => void,
): Writer {
  const alone = keyedMutex();

  /** Writers of one path take turns, so that "changed?" compares with the last one's bytes. */
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
        // The document first, so that a record never names missing evidence.
        const first =
          document && (await (evidence ? write(document.path, evidence) : remove(document.path)));
        const after = { ...records, [record.check]: value };
        const bytes = Buffer.from(`${JSON.stringify(after)}\n`);
        const second = await write(path, bytes, known);
        knowRecords(record.dataset, bytes, after);
        return { outcome: first === 'written' ? first : second, records: after };
      });
    },

    async removeDataset(dataset) {
      return alone(`saving ${recordsPath(dataset)}`, async () => {
        const contents = await contentsOf(dataset);
        await removeDataset(ofDatasets, dataset);
        return contents;
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
  removeDataset: refuse,
  close: async () => {},
};

/** A file may have been copied to another name. */
const isOf = (record: CheckRecord, dataset: string, check: string) =>
  record.dataset === dataset && record.check === check;

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

/** Not all systems allow colons in names. */
function runPath({ runStart }: RunRecord): string {
  return `${OWN_FOLDER}/runs/${new Date(runStart).toISOString().replaceAll(':', '-')}.json`;
}
