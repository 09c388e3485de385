// What a run on AWS needs from its store beside core/monitor/store.ts: the lock that keeps runs apart, and
// the lists and reports that its functions pass to each other.

import type { RunRecord } from '../core/documents/records.ts';
import type { Session, Store } from '../core/monitor/store.ts';
import type { Run } from './contract.ts';

export type Hold =
  | { readonly held: true }
  /** Name of the run that has the lock, or had it and is newer. */
  | { readonly held: false; readonly by: string };

/** A record as it is in the table. */
export type Item = Readonly<Record<string, unknown>>;
/** Etags of a dataset's documents by path, without documents that do not exist. */
export type Etags = Readonly<Record<string, string>>;

/** What a function knows about a dataset's records and documents, for the next ones. */
export interface SessionState {
  /** By check. */
  readonly records: Readonly<Record<string, Item>>;
  /** Absent where they were not listed. */
  readonly etags?: Etags | undefined;
}

export interface RunSession extends Session {
  state(): SessionState;
  /** A document that is known without being asked for; undefined where it is not. */
  document(path: string): Buffer | undefined;
}

export interface RunStore extends Store {
  /**
   * Takes the lock for a run or renews it for another LOCK_MS. One run has it at a time, and a run that is
   * older than the last holder never gets it again.
   */
  holdLock(run: Pick<Run, 'name' | 'start'>, now: Date): Promise<Hold>;
  /** Gives the lock back; nothing happens when another run has it. */
  releaseLock(run: Pick<Run, 'name'>): Promise<void>;

  /** @param handed what an earlier function of the run read and wrote, so that nothing need be read */
  open(dataset: string, handed?: SessionState): Promise<RunSession>;
  /**
   * The etags of the documents of these datasets, by path, from one listing; null where it does not list. To be read
   * after their records, or it may tell of documents that are older than these.
   */
  listEtags(datasets: readonly string[]): Promise<ReadonlyMap<string, Etags> | null>;
  /** The etag that a listing has for a document with these bytes. */
  etagOf(bytes: Buffer | Iterable<Buffer>): string;

  /** Newest first. */
  listRuns(most: number): Promise<RunRecord[]>;

  /** JSON below `runs/`, which expires; undefined when there is none. */
  readRunFile(key: string): Promise<unknown>;
  writeRunFile(key: string, value: unknown): Promise<void>;
  /** Keys that begin with a prefix, in byte order. */
  listRunFiles(prefix: string): Promise<string[]>;
}

/**
 * Longer than any function may run (15 minutes) and its state waits to try again: every function
 * renews the lock when it begins, so a run that was stopped by hand is out of the way then.
 */
export const LOCK_MS = 20 * 60 * 1000;
