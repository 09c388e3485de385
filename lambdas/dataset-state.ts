// The state of a dataset that a function passes to the next ones, so that they do not re-read what
// it has just read or written: its records, the etags of its documents, and its small documents.

import type { CheckRecord } from '../core/documents/records.ts';
import { documentsOf } from '../core/documents/tree.ts';
import type { Archive } from '../core/monitor/archive.ts';
import type { Store, WriteOutcome } from '../core/monitor/store.ts';
import { storedDocuments } from '../core/monitor/stored-document.ts';
import type { RunSession, RunStore, SessionState } from './run-store.ts';

export interface DatasetState {
  /** Absent if records must be read again. */
  readonly session?: SessionState | undefined;
  /** By path, as stored in the bucket. */
  readonly documents: Readonly<Record<string, string>>;
}
/** By dataset: a map, or packed-states.ts. */
export type DatasetStates = Pick<ReadonlyMap<string, DatasetState>, 'get' | 'keys'>;

/** The checks of which the functions that last measured them died of the dataset. */
export const killedChecks = (state: DatasetState | undefined): readonly string[] =>
  Object.entries(state?.session?.records ?? {}).flatMap(([check, record]) =>
    (record as Partial<CheckRecord>).lastAttempt?.reason === 'killed' ? [check] : [],
  );

/** For a function that must read the records again. */
export const documentsOnly = (handed: ReadonlyMap<string, DatasetState>): DatasetStates =>
  new Map(Array.from(handed, ([dataset, { documents }]) => [dataset, { documents }]));

export interface TrackingStore extends Store {
  /** What is known about a dataset so far. */
  stateOf(dataset: string): DatasetState;
  /**
   * Takes what is known out of this store, to be given to it again: nobody works on the dataset.
   * Undefined if it holds no more than it was given.
   */
  release(dataset: string): DatasetState | undefined;
  /** What this store has added: the records of some checks, and the documents that it wrote. */
  changesOf(dataset: string, checks: readonly string[]): DatasetState;
}

/** In characters. Larger documents are not passed on. */
const MOST_HANDED = 20_000;

/** A store that answers from the given states if it can, and tracks what it writes. */
export function trackingStore(
  store: RunStore,
  archive: Archive,
  handed: DatasetStates,
): TrackingStore {
  const { encode, decode } = storedDocuments(archive);
  const { placeOf } = documentsOf(archive);
  const known = new Map<string, Known>();
  const knownOf = (dataset: string): Known => {
    const before = known.get(dataset);
    if (before !== undefined) return before;
    const there = unused(handed.get(dataset));
    known.set(dataset, there);
    return there;
  };
  /** Undefined for a document of the whole archive. */
  const aroundOf = (path: string): Known | undefined => {
    const dataset = placeOf(path)?.dataset;
    return dataset == null ? undefined : knownOf(dataset);
  };
  const keep = ({ documents }: Known, path: string, bytes: Buffer | null): void => {
    if (bytes !== null && bytes.length <= MOST_HANDED) documents.set(path, bytes.toString());
    else documents.delete(path);
  };
  /** Uses the listing; documents that were not listed are requested. */
  const unlessThere = async (
    { etags }: Known,
    path: string,
    bytes: Buffer,
  ): Promise<WriteOutcome> => {
    const etag = store.etagOf(bytes);
    if (etags[path] === etag) return 'unchanged';
    const outcome = await store.writePieces(path, () => [bytes]);
    etags[path] = etag;
    return outcome;
  };

  return {
    ...store,
    async open(dataset) {
      const around = knownOf(dataset);
      around.session = await store.open(dataset, around.given.session, (path, bytes) =>
        keep(around, path, bytes),
      );
      return around.session;
    },
    async readDocument(path) {
      const { documents, session } = aroundOf(path) ?? {};
      const text = documents?.get(path);
      const bytes = text === undefined ? session?.document(path) : Buffer.from(text);
      return bytes === undefined ? store.readDocument(path) : decode(path, bytes);
    },
    async writeDocument(path, document) {
      const around = aroundOf(path);
      if (around === undefined) return store.writeDocument(path, document);
      const bytes = encode(path, document);
      const outcome = await unlessThere(around, path, bytes);
      keep(around, path, bytes);
      return outcome;
    },
    async writePieces(path, pieces) {
      const around = aroundOf(path);
      if (around === undefined) return store.writePieces(path, pieces);
      around.documents.delete(path);
      // S3 needs the length before the first byte.
      return unlessThere(around, path, Buffer.concat([...pieces()]));
    },
    stateOf(dataset) {
      const { given, session, documents } = known.get(dataset) ?? unused(handed.get(dataset));
      return {
        session: withoutEtagsOf(documents, session?.state() ?? given.session),
        documents: Object.fromEntries(documents),
      };
    },
    release(dataset) {
      const around = known.get(dataset);
      if (around === undefined) return undefined;
      known.delete(dataset);
      const { given, documents, etags } = around;
      const session = around.session?.state() ?? given.session;
      const own = Object.entries(etags).filter(([path]) => documents.has(path));
      return {
        session: session?.etags
          ? { ...session, etags: { ...session.etags, ...Object.fromEntries(own) } }
          : session,
        documents: Object.fromEntries(documents),
      };
    },
    changesOf(dataset, checks) {
      const { session, documents, given: before } = knownOf(dataset);
      const given = before.documents;
      const records = Object.entries(session?.state().records ?? {});
      return {
        session: session && {
          records: Object.fromEntries(records.filter(([check]) => checks.includes(check))),
        },
        documents: Object.fromEntries(
          [...documents].filter(([path, text]) => given[path] !== text),
        ),
      };
    },
  };
}

/** A function that has a document does not need its etag. */
function withoutEtagsOf(
  documents: ReadonlyMap<string, string>,
  session: SessionState | undefined,
): SessionState | undefined {
  if (session?.etags === undefined) return session;
  const etags = Object.entries(session.etags).filter(([path]) => !documents.has(path));
  return { ...session, etags: Object.fromEntries(etags) };
}

interface Known {
  readonly given: DatasetState;
  session: RunSession | undefined;
  /** Etags of documents that belong to no check. */
  readonly etags: Record<string, string>;
  readonly documents: Map<string, string>;
}

const unused = (given: DatasetState = { documents: {} }): Known => ({
  given,
  session: undefined,
  etags: { ...given.session?.etags },
  documents: new Map(Object.entries(given.documents)),
});
