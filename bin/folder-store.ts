// The store in a folder: the exported tree at its root, and `.mirrorwatch/` for private data:
// records, runs, kept trees and the lock. A write is complete or has no effect.

import { join, resolve } from 'node:path';
import { isFromFuture, staysOver } from '../core/clock-ahead.ts';
import { fromRest } from '../core/documents/at-rest.ts';
import { encodeDocument } from '../core/documents/json.ts';
import { type RunRecord, runRecordSchema } from '../core/documents/records.ts';
import { RUNS_FOLDER } from '../core/history/paths.ts';
import { shaSchema } from '../core/ids.ts';
import { keyedMutex } from '../core/keyed-mutex.ts';
import type { Archive } from '../core/monitor/archive.ts';
import type { Session, Store, StoredDocumentError, WriteOutcome } from '../core/monitor/store.ts';
import {
  RefusedPathError,
  type StoredDocuments,
  storedDocuments,
} from '../core/monitor/stored-document.ts';
import { fileProblem } from './problem.ts';
import {
  OWN_FOLDER,
  removeIfThere,
  sweep,
  writeIfChanged,
  writePiecesIfChanged,
} from './store/atomic.ts';
import { type DatasetFiles, datasetReader, removeDataset } from './store/datasets.ts';
import { diskFiles, type Files } from './store/files.ts';
import { type Lock, takeLock } from './store/lock.ts';
import { ownFiles } from './store/own-files.ts';
import { type RecordFiles, type Records, recordFiles, recordsPath } from './store/records.ts';

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
  /** Removes a document, if it is there. */
  removeDocument(path: string): Promise<WriteOutcome>;
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
  { records: files }: Reader,
  save: Writer['saveCheck'],
  dataset: string,
): Promise<Session> {
  let { records } = await files.read(dataset);
  return {
    dataset,
    record: (check) => files.recordOf(records, dataset, check),
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
  | 'readDocument'
  | 'listHistory'
  | 'listRecords'
  | 'readTree'
  | 'readLastRun'
  | 'listDatasets'
  | 'contentsOf'
> & {
  readonly ofDatasets: DatasetFiles;
  readonly records: RecordFiles;
};
type Writer = Pick<
  Store,
  'writeDocument' | 'writePieces' | 'writePage' | 'writeTree' | 'writeRun' | 'removeDataset'
> & {
  readonly removeDocument: FolderStore['removeDocument'];
  /** The dataset's records after the save, or why nothing was written. */
  saveCheck(...check: Parameters<Session['save']>): Promise<Saved>;
};
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
  const own = ownFiles(folder, files, onUnreadable);
  const records = recordFiles(own);
  const ofDatasets: DatasetFiles = {
    ...{ files, folder, recordsPath },
    async countRecords(dataset) {
      return Object.keys((await records.read(dataset)).records).length;
    },
  };

  return {
    async readDocument(path) {
      documents.checkPath(path);
      const bytes = await own.read(path);
      return bytes && documents.decode(path, fromRest(bytes));
    },

    records,
    listRecords: records.list,
    ofDatasets,
    ...datasetReader(ofDatasets),

    async listHistory() {
      const years = await own.names(RUNS_FOLDER);
      const runs = years.map(async (year) =>
        (await own.names(`${RUNS_FOLDER}/${year}`)).map((name) => `${RUNS_FOLDER}/${year}/${name}`),
      );
      return (await Promise.all(runs)).flat();
    },

    readTree: async (commit) => own.read(treePath(commit)),

    async readLastRun() {
      // Names are start times, so the last name is the newest.
      for (const name of (await own.names(`${OWN_FOLDER}/runs`)).sort().reverse()) {
        const run = await own.readOwn(`${OWN_FOLDER}/runs/${name}`, runRecordSchema);
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
  { records: recordsOf, ofDatasets, contentsOf }: Reader,
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
    async writePage(path, text) {
      documents.pageAt(path);
      return write(path, Buffer.from(text));
    },
    async removeDocument(path) {
      documents.checkPath(path);
      return remove(path);
    },

    async writePieces(path, pieces) {
      documents.checkPath(path);
      return inTurn(path, (place) => writePiecesIfChanged(files, place, pieces));
    },

    async saveCheck(record, document) {
      const path = recordsPath(record.dataset);
      const value = recordsOf.fit(record);
      const evidence = document && documents.encodeOrNull(document);
      return alone(`saving ${path}`, async () => {
        const { records, bytes: known } = await recordsOf.read(record.dataset);
        const before = recordsOf.recordOf(records, record.dataset, record.check);
        if (before && staysOver(before.runStart, record.runStart, now())) {
          return { outcome: 'older', records };
        }
        // The document first, so that a record never names missing evidence.
        const first =
          document && (await (evidence ? write(document.path, evidence) : remove(document.path)));
        const after = { ...records, [record.check]: value };
        const bytes = Buffer.from(`${JSON.stringify(after)}\n`);
        const second = await write(path, bytes, known);
        recordsOf.remember(record.dataset, bytes, after);
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
  removeDocument: refuse,
  writePieces: refuse,
  writePage: refuse,
  writeTree: refuse,
  writeRun: refuse,
  removeDataset: refuse,
  close: async () => {},
};

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
