// The port that stages read and write through. A folder implements it on one machine
// (bin/folder-store.ts), S3 and DynamoDB implement it on AWS (lambdas/).

import type { CheckRecord, RunRecord } from '../documents/records.ts';

/**
 * The result of a write. `older`: a newer run's record is already there, so nothing was written.
 */
export type WriteOutcome = 'written' | 'unchanged' | 'older';

export interface Store {
  /**
   * Reads a document of the export tree by its path below the root, parsed and upgraded to today's
   * schema; undefined if there is none.
   * @throws StoredDocumentError if it is not JSON or does not fit its schema.
   */
  readDocument(path: string): Promise<unknown>;

  /** Writes a document of the run itself (registry, summary, snapshots …) if any byte changes. */
  writeDocument(path: string, document: unknown): Promise<WriteOutcome>;

  /**
   * The same for a document too large for memory: its canonical bytes in pieces, which may be
   * requested several times. The caller is responsible for the schema.
   */
  writePieces(path: string, pieces: () => Iterable<Buffer>): Promise<WriteOutcome>;

  /** Writes a file that is no document (core/documents/pages.ts), if any byte changes. */
  writePage(path: string, text: string): Promise<WriteOutcome>;

  /**
   * The same writes for files of these datasets, where many of them are written: one listing tells
   * what is there, instead of a request for each file. Absent if a request costs nothing.
   */
  writerOf?(datasets: readonly string[]): Promise<Writer>;

  /** Paths of the history's files of runs, in no particular order (core/history/paths.ts). */
  listHistory(): Promise<readonly string[]>;

  /** Opens the records of a dataset with one read. */
  open(dataset: string): Promise<Session>;
  /** Every record, in no particular order. */
  listRecords(): AsyncIterable<CheckRecord>;

  /** Ids of datasets that have documents. */
  listDatasets(): Promise<ReadonlySet<string>>;
  /** What there is of a dataset. */
  contentsOf(dataset: string): Promise<DatasetContents>;
  /**
   * Removes all documents and records of a dataset, and returns what it removed. What was begun and
   * cut off is finished by the next call.
   */
  removeDataset(dataset: string): Promise<DatasetContents>;

  /**
   * The compressed list of a commit's files, or the logs of a git-annex branch; undefined if never
   * kept.
   */
  readTree(commit: string): Promise<Buffer | undefined>;
  writeTree(commit: string, bytes: Buffer): Promise<void>;

  /** The newest run, finished or not. */
  readLastRun(): Promise<RunRecord | undefined>;
  writeRun(run: RunRecord): Promise<void>;
}

export type Writer = Pick<Store, 'writeDocument' | 'writePage'>;

export interface DatasetContents {
  /** Paths below the root. */
  readonly documents: readonly string[];
  /** How many there are. */
  readonly records: number;
}

/**
 * A dataset's records as read together, plus those saved here since. A save assumes what was read,
 * and reads again if that has changed.
 */
export interface Session {
  readonly dataset: string;
  record(check: CheckRecord['check']): CheckRecord | undefined;
  /**
   * Saves one check: the document (if the measurement was good or its `lastAttempt` changed), then
   * the record. Nothing is written if the stored record is of a newer run (`runStart`). A document
   * with the value null is removed.
   */
  save(
    record: CheckRecord,
    document: { readonly path: string; readonly value: unknown } | null,
  ): Promise<WriteOutcome>;
}

/** A stored document that cannot be read or does not fit. */
export class StoredDocumentError extends Error {
  override readonly name = 'StoredDocumentError';
  readonly path: string;
  constructor(path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.path = path;
  }
}
