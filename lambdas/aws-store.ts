// The store on AWS: documents, trees and the functions' own files in one bucket, records in one
// table. Any number of functions may write at once. A write that would change nothing is skipped,
// and no write replaces the result of a newer run (docs/architecture.md).

import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isFromFuture, staysOver } from '../core/clock-ahead.ts';
import { compareBytes } from '../core/compare/byte-order.ts';
import { publishedArchives } from '../core/documents/archives.ts';
import { archivesSchema } from '../core/documents/documents.ts';
import { encodeDocument } from '../core/documents/json.ts';
import { ARCHIVES_PATH, folderOf } from '../core/documents/paths.ts';
import { runRecordSchema } from '../core/documents/records.ts';
import { RUNS_FOLDER, staysAfterRemoval } from '../core/history/paths.ts';
import type { Archive } from '../core/monitor/archive.ts';
import { storedDocuments } from '../core/monitor/stored-document.ts';
import { PREFIXES, TREE_DAYS } from './names.ts';
import type { RunStore } from './run-store.ts';
import { type DocumentObjects, documentEtag, openDocuments } from './store/documents.ts';
import { DOCUMENT_HEADERS, TREE_HEADERS } from './store/headers.ts';
import { bucketKeys, checkDataset } from './store/keys.ts';
import { type ObjectHeaders, openObjects } from './store/objects.ts';
import { openRecords } from './store/records.ts';
import { retrying } from './store/retry.ts';
import { sessionsOver } from './store/sessions.ts';

export interface AwsStoreOptions {
  /** Defines which documents exist. */
  readonly archive: Archive;
  /** Those that may have results in this bucket, for the list of archives. Default: this one. */
  readonly archives?: readonly Archive[];
  readonly s3: S3Client;
  readonly dynamo: DynamoDBDocumentClient;
  readonly bucket: string;
  readonly table: string;
  /** Called for unreadable records. They count as absent and are written again. */
  readonly onUnreadable?: (key: string) => void;
  /** The wait before a retry, if another writer was quicker. Default: random, up to 50 ms. */
  readonly pause?: () => Promise<void>;
  /** The clock that decides whether a run is in the future. Default: this machine's. */
  readonly now?: () => Date;
}

const MOST_WAIT_MS = 50;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Documents of a withdrawn dataset. */
const REMOVED_AT_ONCE = 32;
/** The newest run may have used a clock that was ahead. */
const RUNS_LOOKED_AT = 20;

export function openAwsStore(options: AwsStoreOptions): RunStore {
  const documents = storedDocuments(options.archive);
  const folder = folderOf(options.archive);
  const keys = bucketKeys(folder, documents);
  const objects = openObjects(options.s3, options.bucket);
  const stored = openDocuments(objects);
  const { dynamo, table, onUnreadable = () => {} } = options;
  const records = openRecords(dynamo, table, folder, onUnreadable);
  const contended = retrying(options.pause ?? (() => sleep(Math.random() * MOST_WAIT_MS)));

  const now = options.now ?? (() => new Date());
  const stays = (before: string, start: string) => staysOver(before, start, now());

  /** One try; null when another writer was quicker. */
  const writeOnce = async (
    to: DocumentObjects,
    key: string,
    bytes: Buffer,
    headers: ObjectHeaders,
  ) => {
    const before = await to.readUnless(key, bytes);
    if (before === 'same') return 'unchanged';
    return (await to.replace(key, before, bytes, headers)) === null ? null : 'written';
  };

  const contentsOf = async (dataset: string) => {
    checkDataset(dataset);
    const all = await objects.list(`${keys.data}datasets/${dataset}/`);
    const found = all.filter((key) => !staysAfterRemoval(key));
    const items = [...(await records.read(dataset)).values()];
    return { found, items, contents: { documents: found.map(keys.pathOf), records: items.length } };
  };

  const pageHeaders = (path: string): ObjectHeaders => {
    const { contentType, caching: cacheControl } = documents.pageAt(path);
    return { contentType, cacheControl };
  };

  const listEtags: RunStore['listEtags'] = async (datasets) => {
    const found = new Map(datasets.map((dataset) => [dataset, {} as Record<string, string>]));
    const sorted = datasets.toSorted(compareBytes);
    const all = `${keys.data}datasets/`;
    // No document's name sorts after the last of these bytes.
    const until = `${all}${sorted.at(-1)}/\u{10ffff}`;
    for await (const [key, etag] of objects.listEtags(all, `${all}${sorted[0]}`, until)) {
      const path = keys.pathOf(key);
      const etags = found.get(path.split('/')[1] ?? '');
      if (etags) etags[path] = etag;
    }
    return found;
  };

  const { listRecords, listRuns, holdLock, releaseLock } = records;
  return {
    runsPrefix: keys.runs,
    open: sessionsOver({ documents, keys, objects, stored, records, contended, stays }),
    listRecords,
    listRuns,
    holdLock,
    releaseLock,

    async readDocument(path) {
      const found = await stored.read(keys.document(path));
      return found && documents.decode(path, found.bytes);
    },

    async writeDocument(path, document) {
      const bytes = documents.encode(path, document);
      return contended(() => writeOnce(stored, keys.document(path), bytes, DOCUMENT_HEADERS));
    },

    async writePieces(path, pieces) {
      const key = keys.document(path);
      // S3 needs the length before the first byte.
      const bytes = Buffer.concat([...pieces()]);
      return contended(() => writeOnce(stored, key, bytes, DOCUMENT_HEADERS));
    },

    async writePage(path, text) {
      const headers = pageHeaders(path);
      return contended(() => writeOnce(stored, `${keys.data}${path}`, Buffer.from(text), headers));
    },

    async writerOf(datasets) {
      const listed = await listEtags(datasets);
      const write = async (path: string, bytes: Buffer, headers: ObjectHeaders) => {
        const etag = listed?.get(path.split('/')[1] ?? '')?.[path];
        if (etag === documentEtag(bytes)) return 'unchanged';
        const key = `${keys.data}${path}`;
        const replaced = await stored.replace(key, etag ? { etag } : undefined, bytes, headers);
        // Another writer came after the listing.
        if (replaced === null) return contended(() => writeOnce(stored, key, bytes, headers));
        return 'written';
      };
      return {
        writeDocument: async (path, document) =>
          write(path, documents.encode(path, document), DOCUMENT_HEADERS),
        writePage: async (path, text) => write(path, Buffer.from(text), pageHeaders(path)),
      };
    },

    async listArchives() {
      const key = `${PREFIXES.data}${ARCHIVES_PATH}`;
      const read = async (path: string) =>
        (await stored.read(`${PREFIXES.data}${path}`))?.bytes.toString();
      const write = async () => {
        const list = await publishedArchives(options.archives ?? [options.archive], read);
        const bytes = Buffer.from(encodeDocument(archivesSchema, list));
        return contended(() => writeOnce(stored, key, bytes, DOCUMENT_HEADERS));
      };
      // Of runs that end together, the last one sees the reports of all.
      while ((await write()) === 'written');
    },

    listHistory: async () => (await objects.list(`${keys.data}${RUNS_FOLDER}/`)).map(keys.pathOf),
    listDatasets: async () => new Set(await objects.listFolders(`${keys.data}datasets/`)),
    contentsOf: async (dataset) => (await contentsOf(dataset)).contents,
    async removeDataset(dataset) {
      const { found, items, contents } = await contentsOf(dataset);
      // A record never names evidence that does not exist, and no list what is below it.
      await records.remove(items);
      const byDepth = Map.groupBy(found, (key) => key.split('/').length);
      for (const [, level] of [...byDepth].sort(([a], [b]) => a - b)) {
        for (let from = 0; from < level.length; from += REMOVED_AT_ONCE) {
          const some = level.slice(from, from + REMOVED_AT_ONCE);
          await Promise.all(some.map((key) => objects.remove(key)));
        }
      }
      return contents;
    },

    etagOf: documentEtag,
    listEtags,

    async readTree(commit) {
      const found = await objects.read(keys.tree(commit));
      const age = now().getTime() - (found?.modified ?? now()).getTime();
      // Its content never changes, so it does not matter who else writes it.
      if (found && age > TREE_DAYS.renewed * DAY_MS) {
        await objects.put(keys.tree(commit), found.bytes, TREE_HEADERS);
      }
      return found?.bytes;
    },

    async writeTree(commit, bytes) {
      await contended(() => writeOnce(objects, keys.tree(commit), bytes, TREE_HEADERS));
    },

    readLastRun: async () => {
      const runs = await records.listRuns(RUNS_LOOKED_AT);
      return runs.find(({ runStart }) => !isFromFuture(runStart, now()));
    },
    writeRun: async (run) => records.putRun(runRecordSchema.parse(run)),
    endRun: async (run) => records.endRun(runRecordSchema.parse(run)),

    async readRunFile(key) {
      const found = await objects.read(keys.runFile(key));
      return found && JSON.parse(found.bytes.toString('utf8'));
    },
    writeRunFile: async (key, value) =>
      objects.put(keys.runFile(key), Buffer.from(`${JSON.stringify(value)}\n`), {
        contentType: 'application/json',
        cacheControl: 'no-store',
      }),
    listRunFiles: async (prefix) => objects.list(keys.runFile(prefix)),
  };
}
