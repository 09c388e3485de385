// What a run on AWS needs from its store besides core/monitor/store.ts: the lock that keeps runs
// apart, and the lists and reports that its functions pass to each other.

import type { RunRecord } from '../core/documents/records.ts';
import type { Session, Store } from '../core/monitor/store.ts';
import type { Run } from './contract.ts';

export type Hold =
  | { readonly held: true }
  /** Name of the run that has the lock, or that had it and is newer. */
  | { readonly held: false; readonly by: string };

/** A record as stored in the table. */
export type Item = Readonly<Record<string, unknown>>;
/** Etags of a dataset's documents by path, without documents that do not exist. */
export type Etags = Readonly<Record<string, string>>;

/** What a function passes to the next ones about a dataset's records and documents. */
export interface SessionState {
  /** By check. */
  readonly records: Readonly<Record<string, Item>>;
  /** Absent if they were not listed. */
  readonly etags?: Etags | undefined;
}

export interface RunSession extends Session {
  state(): SessionState;
  /** A document that is already known; undefined if it is not. */
  document(path: string): Buffer | undefined;
}

export interface RunStore extends Store {
  /**
   * Takes the lock for a run or renews it for another LOCK_MS. One run has it at a time. A run
   * older than the last holder never gets it again.
   *
   * @param over name of a run that is over, from which the lock may be taken before its time
   */
  holdLock(run: Pick<Run, 'name' | 'start'>, now: Date, over?: string): Promise<Hold>;
  /** Releases the lock. Nothing happens when another run has it. */
  releaseLock(run: Pick<Run, 'name'>): Promise<void>;

  /**
   * @param handed what an earlier function of the run read and wrote, to avoid reading it again
   * @param onSaved called with each document that is saved or removed (null), as it is stored
   */
  open(
    dataset: string,
    handed?: SessionState,
    onSaved?: (path: string, bytes: Buffer | null) => void,
  ): Promise<RunSession>;
  /**
   * The etags of these datasets' documents, by path, from one listing; null if listing is not
   * supported. Call it after reading the records, or the documents may be older than these.
   */
  listEtags(datasets: readonly string[]): Promise<ReadonlyMap<string, Etags> | null>;
  /** The etag that a listing shows for a document with these bytes. */
  etagOf(bytes: Buffer): string;

  /** Writes the list of the archives that have published (core/documents/archives.ts). */
  listArchives(): Promise<void>;

  /** Newest first. Each is checked when it is taken, for most readers look for one. */
  listRuns(most: number): Promise<IteratorObject<RunRecord>>;
  /** Records the end of a run. @returns false if its record tells another end, which is kept */
  endRun(run: RunRecord): Promise<boolean>;

  /** Where this archive's run files are: `runs/`, `runs/toy/`. */
  readonly runsPrefix: string;
  /** JSON below that prefix, which expires; undefined when there is none. */
  readRunFile(key: string): Promise<unknown>;
  writeRunFile(key: string, value: unknown): Promise<void>;
  /** Keys that begin with a prefix, in byte order. */
  listRunFiles(prefix: string): Promise<string[]>;
}

/**
 * Longer than any function may run (15 minutes) plus the wait before its state's retry. Every
 * function renews the lock when it begins. A run that died gives it up sooner: `record-end` releases
 * it, or the next run asks whether this one still runs.
 */
export const LOCK_MS = 20 * 60 * 1000;
