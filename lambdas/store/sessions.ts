// Sessions: a dataset's records as read together, and each check saved as a document, then a record,
// over what was read. A newer run's result is never replaced (docs/architecture.md).

import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../../core/documents/json.ts';
import { type CheckRecord, checkRecordSchema } from '../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { RefusedPathError, type StoredDocuments } from '../../core/monitor/stored-document.ts';
import type { Etags, Item, RunStore } from '../run-store.ts';
import { type DocumentObjects, documentEtag } from './documents.ts';
import { DOCUMENT_HEADERS } from './headers.ts';
import { checkDataset, type Keys } from './keys.ts';
import type { ObjectHeaders, Objects, StoredObject } from './objects.ts';
import type { KeptDocument, Records } from './records.ts';
import type { Retrying } from './retry.ts';

/** Start of the run that measured an object's content: orders writes if there is no record yet. */
const RUN_START = 'run-start';

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
  if (bytes === null || bytes.length > MOST_KEPT) return undefined;
  // Known without them, and an item has little room.
  const { schemaVersion: _, datasetId: __, ...others } = JSON.parse(bytes.toString());
  return { path, text: JSON.stringify(others) };
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

interface Parts {
  readonly documents: StoredDocuments;
  readonly keys: Pick<Keys, 'document'>;
  readonly objects: Pick<Objects, 'remove'>;
  readonly stored: DocumentObjects;
  readonly records: Pick<Records, 'read' | 'parse' | 'announce' | 'replace'>;
  readonly contended: Retrying;
  /** Whether the result of a run that began then stays over one of a run that begins at `start`. */
  stays(before: string, start: string): boolean;
}

export function sessionsOver({
  documents,
  keys,
  objects,
  stored,
  records,
  contended,
  stays,
}: Parts): RunStore['open'] {
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

  return async (dataset, handed, onSaved = () => {}) => {
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
        const implied = { schemaVersion: SCHEMA_VERSION, datasetId: dataset };
        const bytes = kept && documents.encode(path, { ...implied, ...JSON.parse(kept.text) });
        return bytes && known.etags?.[path] === documentEtag(bytes) ? bytes : undefined;
      },
      state: () => ({ records: Object.fromEntries(known.items), etags: known.etags }),

      async save(record, document) {
        if (record.dataset !== dataset) throw new RefusedPathError('a record of another dataset');
        const fitting = checkRecordSchema.parse(record);
        const bytes = document && documents.encodeOrNull(document);
        const evidence = document && {
          path: document.path,
          key: keys.document(document.path),
          bytes,
          etag: bytes === null ? undefined : documentEtag(bytes),
          headers: {
            ...DOCUMENT_HEADERS,
            metadata: { [RUN_START]: record.runStart },
          },
        };
        const undo: Undo = { done: undefined };
        const outcome = await contended(
          async () => (await saveOnce(known, fitting, evidence, undo)) ?? (await readAgain()),
        );
        if (outcome !== 'older' && evidence) onSaved(evidence.path, evidence.bytes);
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
}

/** Whether a document has the same result as a record. */
function isEvidenceOf(record: CheckRecord, bytes: Buffer): boolean {
  const json = parseJson(bytes.toString('utf8'));
  const says = ({ status, subtype, lastAttempt }: Partial<CheckRecord>) =>
    JSON.stringify([status, subtype, lastAttempt]);
  return json.ok && says(json.value as Partial<CheckRecord>) === says(record);
}
