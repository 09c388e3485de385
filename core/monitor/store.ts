// The port that stages read and write through. A folder implements it on one machine
// (bin/folder-store.ts), S3 and DynamoDB implement it on AWS (lambdas/).

import type { PLAIN_PATH } from '../documents/paths.ts';
import type { CheckRecord, RunRecord } from '../documents/records.ts';

/**
 * What a write did. `older`: a record of a newer run is already there, so nothing was written.
 */
export type WriteOutcome = 'written' | 'unchanged' | 'older';

export interface Store {
  /**
   * A document of the export tree by its path below the root, parsed and brought to today's
   * schema; undefined when there is none.
   * @throws StoredDocumentError when it is there and is no JSON or does not fit its schema.
   */
  readDocument(path: string): Promise<unknown>;

  /** Writes a document of the run itself (registry, summary, snapshots …) if a byte changes. */
  writeDocument(path: string, document: unknown): Promise<WriteOutcome>;

  /**
   * The same for a document too large to hold: its canonical bytes, piece by piece, as often as they
   * are asked for. The caller is responsible for the schema.
   */
  writePieces(path: string, pieces: () => Iterable<Buffer>): Promise<WriteOutcome>;

  /** Writes a page for people beside the documents, if a byte changes. */
  writePage(path: typeof PLAIN_PATH, html: string): Promise<WriteOutcome>;

  /** The records of a dataset, by one read. */
  open(dataset: string): Promise<Session>;
  /** Every record, in no particular order. */
  listRecords(): AsyncIterable<CheckRecord>;

  /** The compressed list of a commit's files, or the logs of a git-annex branch; undefined when never kept. */
  readTree(commit: string): Promise<Buffer | undefined>;
  writeTree(commit: string, bytes: Buffer): Promise<void>;

  /** The newest run, finished or not. */
  readLastRun(): Promise<RunRecord | undefined>;
  writeRun(run: RunRecord): Promise<void>;
}

/**
 * A dataset's records as they were read together, and as they were saved here since. A save counts on what was read,
 * and looks again where that is no longer so.
 */
export interface Session {
  readonly dataset: string;
  record(check: CheckRecord['check']): CheckRecord | undefined;
  /**
   * Saves one check: the document (when the measurement was good or its `lastAttempt` changed), then
   * the record. Nothing is written when the record there is of a newer run (`runStart`). A document
   * with the value null is removed.
   */
  save(
    record: CheckRecord,
    document: { readonly path: string; readonly value: unknown } | null,
  ): Promise<WriteOutcome>;
}

/** A document in the store that cannot be read as what it should be. */
export class StoredDocumentError extends Error {
  override readonly name = 'StoredDocumentError';
  readonly path: string;
  constructor(path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.path = path;
  }
}
