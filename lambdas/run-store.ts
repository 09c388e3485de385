// What a run on AWS needs of its store beside core/monitor/store.ts: the lock that keeps runs apart, and
// the lists and reports that its functions hand to each other.

import type { CheckRecord, RunRecord } from '../core/documents/records.ts';
import type { Store } from '../core/monitor/store.ts';
import type { Run } from './contract.ts';

export type Hold =
  | { readonly held: true }
  /** Name of the run that has the lock, or had it and is newer. */
  | { readonly held: false; readonly by: string };

export interface RunStore extends Store {
  /**
   * Takes the lock for a run or keeps it for another LOCK_MS. It is had by one run at a time, and
   * never again by a run that is older than the last one that had it.
   */
  holdLock(run: Pick<Run, 'name' | 'start'>, now: Date): Promise<Hold>;
  /** Gives the lock back; nothing happens when another run has it. */
  releaseLock(run: Pick<Run, 'name'>): Promise<void>;

  /** One check of many datasets; those without a record are left out. */
  readRecords(datasets: readonly string[], check: string): Promise<Map<string, CheckRecord>>;
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
 * keeps the lock anew when it begins, so a run that was stopped by hand is out of the way then.
 */
export const LOCK_MS = 20 * 60 * 1000;
