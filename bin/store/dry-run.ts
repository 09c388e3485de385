// A store that writes nothing. It reads through to another store, remembers what it would have
// written so that later stages see it, and counts.

import { staysOver } from '../../core/clock-ahead.ts';
import { encodeDocument } from '../../core/documents/json.ts';
import {
  type CheckRecord,
  checkRecordSchema,
  type RunRecord,
} from '../../core/documents/records.ts';
import { RUN_PATH } from '../../core/history/paths.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import type { Session, Store, WriteOutcome } from '../../core/monitor/store.ts';
import { storedDocuments } from '../../core/monitor/stored-document.ts';

export interface DryRunChanges {
  /** Paths of the documents that would be written, in order. */
  readonly documents: readonly string[];
  /** Records of checks that would be written. */
  readonly records: number;
  /** Withdrawn datasets whose documents and records would be removed. */
  readonly removed: readonly string[];
  /** Commits whose file list would be kept. */
  readonly trees: number;
  /** Documents and records that would stay unchanged. */
  readonly unchanged: number;
}

export type DryRunStore = Store & { changes(): DryRunChanges };

export function dryRunStore(store: Store, archive: Archive): DryRunStore {
  const { encode: encodeStored, decode: decodeStored, pageAt } = storedDocuments(archive);
  /** null if the document would be removed. */
  const documents = new Map<string, Buffer | null>();
  const records = new Map<string, CheckRecord>();
  const trees = new Map<string, Buffer>();
  const unchanged = new Set<string>();
  const removed: string[] = [];
  let lastRun: RunRecord | undefined;
  const recordKey = (dataset: string, check: string) => `${check}/${dataset}`;

  async function readDocument(path: string): Promise<unknown> {
    const bytes = documents.get(path);
    if (bytes === undefined) return store.readDocument(path);
    return bytes === null ? undefined : decodeStored(path, bytes);
  }

  async function write(path: string, bytes: Buffer): Promise<WriteOutcome> {
    // An unreadable document would be replaced.
    const before = await readDocument(path).catch(() => undefined);
    if (before !== undefined && encodeStored(path, before).equals(bytes)) {
      unchanged.add(path);
      return 'unchanged';
    }
    documents.set(path, bytes);
    return 'written';
  }
  const writeDocument: Store['writeDocument'] = async (path, document) =>
    write(path, encodeStored(path, document));
  const writeOrRemove: Store['writeDocument'] = async (path, document) => {
    if (document !== null) return writeDocument(path, document);
    if ((await readDocument(path).catch(() => null)) === undefined) return 'unchanged';
    documents.set(path, null);
    return 'written';
  };

  return {
    readDocument,
    writeDocument,
    writePieces: async (path, pieces) => write(path, Buffer.concat([...pieces()])),
    // The store below cannot be asked for a page. That for people has the present time, and changes.
    async writePage(path, text) {
      pageAt(path);
      documents.set(path, Buffer.from(text));
      return 'written';
    },

    async open(dataset) {
      const there = await store.open(dataset);
      const recordOf: Session['record'] = (check) =>
        records.get(recordKey(dataset, check)) ?? there.record(check);
      return {
        dataset,
        record: recordOf,
        async save(record, document) {
          const before = recordOf(record.check);
          if (before && staysOver(before.runStart, record.runStart, new Date())) return 'older';
          const first = document ? await writeOrRemove(document.path, document.value) : 'unchanged';
          const encode = (value: CheckRecord) => encodeDocument(checkRecordSchema, value);
          const key = recordKey(dataset, record.check);
          if (before && encode(before) === encode(record)) {
            unchanged.add(key);
            return first;
          }
          records.set(key, record);
          return 'written';
        },
      };
    },

    async *listRecords() {
      for await (const record of store.listRecords()) {
        if (!records.has(recordKey(record.dataset, record.check))) yield record;
      }
      yield* records.values();
    },

    async listHistory() {
      const written = [...documents.keys()].filter((path) => RUN_PATH.test(path));
      return [...new Set([...(await store.listHistory()), ...written])];
    },
    listDatasets: store.listDatasets,
    contentsOf: store.contentsOf,
    // Nothing reads a withdrawn dataset after it is removed.
    async removeDataset(dataset) {
      const contents = await store.contentsOf(dataset);
      if (contents.documents.length + contents.records === 0) return contents;
      removed.push(dataset);
      return contents;
    },

    readTree: async (commit) => trees.get(commit) ?? store.readTree(commit),
    writeTree: async (commit, bytes) => {
      trees.set(commit, bytes);
    },

    readLastRun: async () => lastRun ?? store.readLastRun(),
    writeRun: async (run) => {
      lastRun = run;
    },

    changes: () => ({
      documents: [...documents.keys()],
      records: records.size,
      removed,
      trees: trees.size,
      unchanged: unchanged.size,
    }),
  };
}
