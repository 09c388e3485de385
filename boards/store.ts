// What boards are kept in. A store is an index in memory over a shelf (indexed-store.ts) or a table
// of DynamoDB (lambdas/boards/dynamo-store.ts); one suite tests all of them.

export interface BoardRecord {
  readonly id: string;
  /** Canonical JSON. */
  readonly body: string;
  /** Bytes of the body in UTF-8. */
  readonly size: number;
  /** From 1; one more with every change of the body. */
  readonly rev: number;
  /** Milliseconds since 1970, as the next ones. */
  readonly createdAt: number;
  /** When its body was last changed. */
  readonly changedAt: number;
  readonly lastAccess: number;
  /** SHA-256 of the edit key, in hex; null for a board that was made without one. */
  readonly keyHash: string | null;
  readonly forkedFrom: string | null;
  /** Never evicted. */
  readonly whitelisted: boolean;
  /** Read-only for everybody. */
  readonly protected: boolean;
}

export interface Totals {
  readonly bytes: number;
  readonly boards: number;
}

export type Evictable = Pick<BoardRecord, 'id' | 'size' | 'lastAccess'>;

export interface Page {
  readonly records: readonly BoardRecord[];
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
}

/** All methods throw StoreAway when the store cannot answer now. A write is whole or not made. */
export interface BoardStore {
  totals(): Promise<Totals>;
  /** @param consistent sees every write that was answered before */
  read(id: string, consistent: boolean): Promise<BoardRecord | null>;
  /**
   * Writes the record and its part of the totals.
   * @param seen what was read; null where there was none
   * @returns false, and nothing is written, if revision or flags are not those of `seen` any more
   */
  put(next: BoardRecord, seen: BoardRecord | null): Promise<boolean>;
  /** As `put`. */
  remove(seen: BoardRecord): Promise<boolean>;
  /** Writes a use; no effect if the board is gone. */
  touch(id: string, lastAccess: number): Promise<void>;
  /** Those that are not whitelisted, the least recently used first, ties by id. */
  evictable(): AsyncIterable<Evictable>;
  /** @returns false, and it stays, if it was used or whitelisted meanwhile */
  evict(one: Evictable): Promise<boolean>;
  /** @param after `next` of the page before */
  list(after: string | null): Promise<Page>;
  /** Counts everything again. */
  recount(): Promise<Totals>;
}

/** The store is throttled, full or not reachable. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';
}
