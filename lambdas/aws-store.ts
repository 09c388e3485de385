// The store on AWS: documents, trees and the functions' own files in one bucket, records in one
// table. Any number of functions may write at once. A write that would change nothing is skipped,
// and no write replaces the result of a newer run (docs/architecture.md).

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isFromFuture, staysOver } from '../core/clock-ahead.ts';
import { compareBytes } from '../core/compare/byte-order.ts';
import { publishedArchives } from '../core/documents/archives.ts';
import { archivesSchema } from '../core/documents/documents.ts';
import { encodeDocument, parseJson } from '../core/documents/json.ts';
import { ARCHIVES_PATH, folderOf } from '../core/documents/paths.ts';
import { type CheckRecord, checkRecordSchema, runRecordSchema } from '../core/documents/records.ts';
import { isDatasetId, shaSchema } from '../core/ids.ts';
import type { Archive } from '../core/monitor/archive.ts';
import {
  RefusedPathError,
  type StoredDocuments,
  storedDocuments,
} from '../core/monitor/stored-document.ts';
import { PREFIXES, TREE_DAYS } from './names.ts';
import type { Etags, Item, RunSession, RunStore, SessionState } from './run-store.ts';
import { type DocumentObjects, documentEtag, openDocuments } from './store/documents.ts';
import { type ObjectHeaders, openObjects, type StoredObject } from './store/objects.ts';
import { type KeptDocument, openRecords } from './store/records.ts';

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

/** Start of the run that measured an object's content: orders writes if there is no record yet. */
const RUN_START = 'run-start';
/** More tries than there can be concurrent writers for one dataset. */
const TRIES = 100;
const MOST_WAIT_MS = 50;
/** Documents of a withdrawn dataset. */
const REMOVED_AT_ONCE = 32;
/** The newest run may have used a clock that was ahead. */
const RUNS_LOOKED_AT = 20;

export function openAwsStore(options: AwsStoreOptions): RunStore {
  const documents = storedDocuments(options.archive);
  const folder = folderOf(options.archive);
  const [data, trees, runs] = [PREFIXES.data, PREFIXES.trees, PREFIXES.runs].map(
    (prefix) => `${prefix}${folder}`,
  ) as [string, string, string];
  const documentKey = (path: string): string => {
    documents.checkPath(path);
    return `${data}${path}`;
  };
  const pathOf = (key: string): string => key.slice(data.length);
  const treeKey = (commit: string): string => {
    if (!shaSchema.safeParse(commit).success) throw new RefusedPathError('no commit id');
    return `${trees}${commit.slice(0, 2)}/${commit}`;
  };
  /** Allows only our own names: an archive's text never becomes part of one. */
  const runFileKey = (key: string): string => {
    if (!key.startsWith(runs)) throw new RefusedPathError('no file of a run');
    return key;
  };
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

  const readBefore = async ({ key, bytes, etag }: Evidence) =>
    bytes === null ? ((await stored.read(key)) ?? 'same') : stored.readUnless(key, bytes, etag);

  /** The state afterwards; null when another writer was quicker. */
  const putOver = async (
    there: StoredObject | undefined,
    { key, bytes, headers }: Evidence,
  ): Promise<{ readonly after: { readonly etag: string } | undefined } | null> => {
    if (bytes === null) {
      return there && (await objects.remove(key, there)) ? { after: undefined } : null;
    }
    const etag = await stored.replace(key, there, bytes, headers);
    return etag === null ? null : { after: { etag } };
  };

  const saveOnce = async (
    { items, etags }: Known,
    record: CheckRecord,
    evidence: Evidence | null,
    undo: Undo,
  ) => {
    let item = items.get(record.check);
    const before = records.parse(item);
    if (before && stays(before.runStart, record.runStart)) return 'older';
    let first: 'written' | 'unchanged' = undo.done ? 'written' : 'unchanged';
    if (evidence && !isThereAlready(evidence, before && item, etags)) {
      const there = await readBefore(evidence);
      if (there !== 'same') {
        const by = there?.metadata[RUN_START];
        if (by !== undefined && stays(by, record.runStart)) return 'older';
        if (before && item) {
          const announced = await records.announce(item);
          if (announced === null) return null;
          items.set(record.check, announced);
          item = announced;
        }
        const after = await putOver(there, evidence);
        if (after === null) return null;
        undo.done = { ...after, before: there };
        first = 'written';
      }
      if (etags) setEtag(etags, evidence);
    }
    // The document is written first: a record never names evidence that does not exist.
    if (isDeepStrictEqual(before, record) && item?.changing === undefined) return first;
    const kept = evidence ? keptOf(evidence) : settled(item)?.document;
    const digest = evidence ? evidence.etag : settled(item)?.digest;
    const replaced = await records.replace(
      item,
      record,
      kept as KeptDocument | undefined,
      digest as string | undefined,
    );
    if (replaced === null) return null;
    items.set(record.check, replaced);
    return 'written';
  };

  const openSession = async (dataset: string, handed?: SessionState): Promise<RunSession> => {
    checkDataset(dataset);
    const known: Known = {
      items: handed ? new Map(Object.entries(handed.records)) : await records.read(dataset),
      etags: handed?.etags && { ...handed.etags },
    };
    const readAgain = async (): Promise<null> => {
      known.items = await records.read(dataset);
      known.etags = undefined;
      return null;
    };
    const recordOf = (check: string) => records.parse(known.items.get(check));
    return {
      dataset,
      record: recordOf,
      document(path) {
        const items = [...known.items.values()];
        const kept = items
          .map((item) => settled(item)?.document as KeptDocument | undefined)
          .find((document) => document?.path === path);
        const bytes = kept && documents.encode(path, JSON.parse(kept.text));
        return bytes && known.etags?.[path] === documentEtag(bytes) ? bytes : undefined;
      },
      state: () => ({ records: Object.fromEntries(known.items), etags: known.etags }),

      async save(record, document) {
        if (record.dataset !== dataset) throw new RefusedPathError('a record of another dataset');
        const fitting = checkRecordSchema.parse(record);
        const bytes = document && documents.encodeOrNull(document);
        const evidence = document && {
          path: document.path,
          key: documentKey(document.path),
          bytes,
          etag: bytes === null ? undefined : documentEtag(bytes),
          headers: {
            ...headersOf(document.path, documents),
            metadata: { [RUN_START]: record.runStart },
          },
        };
        const undo: Undo = { done: undefined };
        const outcome = await contended(
          async () => (await saveOnce(known, fitting, evidence, undo)) ?? (await readAgain()),
        );
        // A newer run found its evidence unchanged and saved its record while ours overwrote the
        // evidence: its evidence is restored. If it accepted ours as its own, ours stays.
        if (outcome === 'older' && evidence && undo.done?.before) {
          const { before, after } = undo.done;
          await readAgain();
          const newer = recordOf(record.check);
          const digest = known.items.get(record.check)?.digest;
          const isOwn =
            digest === undefined
              ? newer === undefined || isEvidenceOf(newer, before.bytes)
              : digest === documentEtag(before.bytes);
          if (!isOwn) return outcome;
          const headers = { ...evidence.headers, metadata: before.metadata };
          await stored.replace(evidence.key, after, before.bytes, headers);
        }
        return outcome;
      },
    };
  };

  const contentsOf = async (dataset: string) => {
    checkDataset(dataset);
    return {
      keys: await objects.list(`${data}datasets/${dataset}/`),
      items: [...(await records.read(dataset)).values()],
    };
  };

  const { listRecords, listRuns, holdLock, releaseLock } = records;
  return {
    runsPrefix: runs,
    open: openSession,
    listRecords,
    listRuns,
    holdLock,
    releaseLock,

    async readDocument(path) {
      const found = await stored.read(documentKey(path));
      return found && documents.decode(path, found.bytes);
    },

    async writeDocument(path, document) {
      const bytes = documents.encode(path, document);
      const headers = headersOf(path, documents);
      return contended(() => writeOnce(stored, documentKey(path), bytes, headers));
    },

    async writePieces(path, pieces) {
      const key = documentKey(path);
      // S3 needs the length before the first byte.
      const bytes = Buffer.concat([...pieces()]);
      return contended(() => writeOnce(stored, key, bytes, headersOf(path, documents)));
    },

    async writePage(path, html) {
      const headers = { contentType: 'text/html; charset=utf-8', cacheControl: MUTABLE };
      return contended(() => writeOnce(stored, `${data}${path}`, Buffer.from(html), headers));
    },

    async listArchives() {
      const key = `${PREFIXES.data}${ARCHIVES_PATH}`;
      const headers = { contentType: JSON_TYPE, cacheControl: MUTABLE };
      const read = async (path: string) =>
        (await stored.read(`${PREFIXES.data}${path}`))?.bytes.toString();
      const write = async () => {
        const list = await publishedArchives(options.archives ?? [options.archive], read);
        const bytes = Buffer.from(encodeDocument(archivesSchema, list));
        return contended(() => writeOnce(stored, key, bytes, headers));
      };
      // Of runs that end together, the last one sees the reports of all.
      while ((await write()) === 'written');
    },

    listDatasets: async () => new Set(await objects.listFolders(`${data}datasets/`)),
    contentsOf: async (dataset) => {
      const { keys, items } = await contentsOf(dataset);
      return { documents: keys.map(pathOf), records: items.length };
    },
    async removeDataset(dataset) {
      const { keys, items } = await contentsOf(dataset);
      // A record never names evidence that does not exist, and no list what is below it.
      await records.remove(items);
      const byDepth = Map.groupBy(keys, (key) => key.split('/').length);
      for (const [, level] of [...byDepth].sort(([a], [b]) => a - b)) {
        for (let from = 0; from < level.length; from += REMOVED_AT_ONCE) {
          const some = level.slice(from, from + REMOVED_AT_ONCE);
          await Promise.all(some.map((key) => objects.remove(key)));
        }
      }
      return { documents: keys.map(pathOf), records: items.length };
    },

    etagOf: documentEtag,
    async listEtags(datasets) {
      const found = new Map(datasets.map((dataset) => [dataset, {} as Record<string, string>]));
      const sorted = datasets.toSorted(compareBytes);
      const all = `${data}datasets/`;
      // No document's name sorts after the last of these bytes.
      const until = `${all}${sorted.at(-1)}/\u{10ffff}`;
      for await (const [key, etag] of objects.listEtags(all, `${all}${sorted[0]}`, until)) {
        const path = pathOf(key);
        const etags = found.get(path.split('/')[1] ?? '');
        if (etags) etags[path] = etag;
      }
      return found;
    },

    async readTree(commit) {
      const found = await objects.read(treeKey(commit));
      const age = now().getTime() - (found?.modified ?? now()).getTime();
      // Its content never changes, so it does not matter who else writes it.
      if (found && age > TREE_DAYS.renewed * DAY_MS) {
        await objects.put(treeKey(commit), found.bytes, TREE_HEADERS);
      }
      return found?.bytes;
    },

    async writeTree(commit, bytes) {
      await contended(() => writeOnce(objects, treeKey(commit), bytes, TREE_HEADERS));
    },

    readLastRun: async () => {
      const runs = await records.listRuns(RUNS_LOOKED_AT);
      return runs.find(({ runStart }) => !isFromFuture(runStart, now()));
    },
    writeRun: async (run) => records.putRun(runRecordSchema.parse(run)),
    endRun: async (run) => records.endRun(runRecordSchema.parse(run)),

    async readRunFile(key) {
      const found = await objects.read(runFileKey(key));
      return found && JSON.parse(found.bytes.toString('utf8'));
    },
    writeRunFile: async (key, value) =>
      objects.put(runFileKey(key), Buffer.from(`${JSON.stringify(value)}\n`), {
        contentType: 'application/json',
        cacheControl: 'no-store',
      }),
    listRunFiles: async (prefix) => objects.list(runFileKey(prefix)),
  };
}

/** A document in its target state; null bytes mean that it must not exist. */
interface Evidence {
  readonly path: string;
  readonly key: string;
  readonly bytes: Buffer | null;
  /** Of these bytes as they are stored. */
  readonly etag: string | undefined;
  readonly headers: ObjectHeaders;
}

/** What a session knows about its dataset. */
interface Known {
  items: Map<string, Item>;
  /** Etags of its documents; undefined if not known. */
  etags: Record<string, string> | undefined;
}

/**
 * Whether a document is known to be in its target state. A writer marks the record before it
 * changes the document. So this holds if the record is unchanged when ours is written over it.
 */
function isThereAlready(
  { path, etag }: Evidence,
  record: Item | undefined,
  etags: Etags | undefined,
): boolean {
  if (settled(record) === undefined || etags === undefined) return false;
  return etags[path] === etag;
}

/** A record without the mark that its document is about to change. */
const settled = (record: Item | undefined): Item | undefined =>
  record?.changing === undefined ? record : undefined;

function keptOf({ path, bytes }: Evidence): KeptDocument | undefined {
  return bytes === null || bytes.length > MOST_KEPT
    ? undefined
    : { path, text: JSON.stringify(JSON.parse(bytes.toString())) };
}
/** Largest size with white space that may fit without it. */
const MOST_KEPT = 4096;

function setEtag(etags: Record<string, string>, { path, etag }: Evidence): void {
  if (etag === undefined) delete etags[path];
  else etags[path] = etag;
}

/** The document in the bucket before and after a save. */
interface Undo {
  done:
    | {
        readonly after: { readonly etag: string } | undefined;
        readonly before: StoredObject | undefined;
      }
    | undefined;
}

/** Retries while other writers are quicker. */
const retrying =
  (pause: () => Promise<void>) =>
  async <T>(attempt: () => Promise<T | null>): Promise<T> => {
    for (let nth = 0; nth < TRIES; nth += 1) {
      const outcome = await attempt();
      if (outcome !== null) return outcome;
      await pause();
    }
    throw new Error(`other writers were quicker ${TRIES} times`);
  };

/** Whether a document has the same result as a record. */
function isEvidenceOf(record: CheckRecord, bytes: Buffer): boolean {
  const json = parseJson(bytes.toString('utf8'));
  const says = ({ status, subtype, lastAttempt }: Partial<CheckRecord>) =>
    JSON.stringify([status, subtype, lastAttempt]);
  return json.ok && says(json.value as Partial<CheckRecord>) === says(record);
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** Cache times of files that CloudFront serves: a minute if they may change, else a year. */
const MUTABLE = 'public, max-age=60';
const IMMUTABLE = 'public, max-age=31536000, immutable';

function headersOf(path: string, documents: StoredDocuments): ObjectHeaders {
  return {
    contentType: JSON_TYPE,
    cacheControl: documents.isImmutable(path) ? IMMUTABLE : MUTABLE,
  };
}

const TREE_HEADERS = { contentType: 'application/octet-stream', cacheControl: 'no-store' };
const DAY_MS = 24 * 60 * 60 * 1000;

function checkDataset(dataset: string): void {
  if (!isDatasetId(dataset)) throw new RefusedPathError('no dataset id');
}
