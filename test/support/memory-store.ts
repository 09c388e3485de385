// A store in memory for tests of the stages: it keeps the contract of core/monitor/store.ts,
// encodes documents as the real stores do, and reports which writes were made.

import { openneuro } from '../../archives/openneuro/index.ts';
import { staysOver } from '../../core/clock-ahead.ts';
import { encodeDocument } from '../../core/documents/json.ts';
import { pageAt } from '../../core/documents/pages.ts';
import type { CheckRecord, RunRecord } from '../../core/documents/records.ts';
import { checkRecordSchema, runRecordSchema } from '../../core/documents/records.ts';
import { RUN_PATH, staysAfterRemoval } from '../../core/history/paths.ts';
import type { Store, WriteOutcome } from '../../core/monitor/store.ts';
import { DOCUMENT_SCHEMAS, documentKind } from './documents.ts';

export interface MemoryStore extends Store {
  readonly documents: Map<string, string>;
  /** Pages for people, by path. */
  readonly pages: Map<string, string>;
  readonly records: Map<string, CheckRecord>;
  readonly trees: Map<string, Buffer>;
  /** Paths and record keys in the order of writing, without writes that changed nothing. */
  readonly writes: string[];
  document<T = Record<string, unknown>>(path: string): T;
}

/** @param now decides which runs are in the future; without it none is */
export function memoryStore(now?: () => Date): MemoryStore {
  const documents = new Map<string, string>();
  const records = new Map<string, CheckRecord>();
  const trees = new Map<string, Buffer>();
  const pages = new Map<string, string>();
  const writes: string[] = [];
  let run: RunRecord | undefined;

  const writeDocument = async (path: string, value: unknown): Promise<WriteOutcome> => {
    const kind = documentKind(path);
    if (kind === undefined) throw new Error(`no document belongs at ${path}`);
    const text = encodeDocument(DOCUMENT_SCHEMAS[kind], value);
    if (documents.get(path) === text) return 'unchanged';
    documents.set(path, text);
    writes.push(path);
    return 'written';
  };

  const contentsOf: Store['contentsOf'] = async (dataset) => ({
    documents: [...documents.keys()].filter(
      (path) => path.startsWith(`datasets/${dataset}/`) && !staysAfterRemoval(path),
    ),
    records: [...records.values()].filter((record) => record.dataset === dataset).length,
  });

  return {
    documents,
    pages,
    records,
    trees,
    writes,
    document: <T>(path: string) => JSON.parse(documents.get(path) ?? 'null') as T,
    async readDocument(path) {
      const text = documents.get(path);
      return text === undefined ? undefined : JSON.parse(text);
    },
    writeDocument,
    writePieces: async (path, pieces) =>
      writeDocument(path, JSON.parse(Buffer.concat([...pieces()]).toString())),
    async writePage(path, text) {
      if (!pageAt(openneuro, path)) throw new Error(`no page belongs at ${path}`);
      if (pages.get(path) === text) return 'unchanged';
      pages.set(path, text);
      writes.push(path);
      return 'written';
    },
    open: async (dataset) => ({
      dataset,
      record: (check) => records.get(`${dataset} ${check}`),
      async save(record, document) {
        const key = `${record.dataset} ${record.check}`;
        const there = records.get(key);
        const present = now?.() ?? new Date(8.64e15);
        if (there && staysOver(there.runStart, record.runStart, present)) return 'older';
        let outcome: WriteOutcome = 'unchanged';
        if (document?.value === null) {
          if (documents.delete(document.path)) outcome = 'written';
        } else if (document) outcome = await writeDocument(document.path, document.value);
        records.set(key, checkRecordSchema.parse(record));
        writes.push(key);
        return outcome;
      },
    }),
    async *listRecords() {
      yield* records.values();
    },
    listHistory: async () => [...documents.keys()].filter((path) => RUN_PATH.test(path)),
    listDatasets: async () =>
      new Set([...documents.keys()].flatMap((path) => /^datasets\/([^/]+)/.exec(path)?.[1] ?? [])),
    contentsOf,
    async removeDataset(dataset) {
      const contents = await contentsOf(dataset);
      for (const path of contents.documents) documents.delete(path);
      for (const [key, record] of records) if (record.dataset === dataset) records.delete(key);
      return contents;
    },
    readTree: async (commit) => trees.get(commit),
    async writeTree(commit, bytes) {
      trees.set(commit, bytes);
    },
    readLastRun: async () => run,
    async writeRun(next) {
      run = runRecordSchema.parse(next);
    },
  };
}
