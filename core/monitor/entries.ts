// What exists in an archive, as its registry lists it. The archive supplies the pages and writes
// its other documents of an entry; the monitor keeps the list.

import type { Failed, Seen } from '../failure.ts';

export interface Entry {
  readonly id: string;
  /** Null if the registry does not say. */
  readonly name: string | null;
  /**
   * The version that copies are compared with; null if the archive or the entry has no versions.
   */
  readonly version: string | null;
  /** Why there is nothing to check yet; null if there is. */
  readonly skipped: 'no-snapshots' | null;
  /** When it first became public (ISO 8601); absent if the registry does not say. */
  readonly publishDate?: string;
  /** When its oldest version was created (ISO 8601), if known. */
  readonly created?: string;
  /** When `version` was created (ISO 8601), if known. */
  readonly versionDate?: string;
  /** Its newest version cannot be used; `version` is the last usable one. */
  readonly inDoubt?: true;
}

export interface EntryPage<E extends Entry = Entry> {
  readonly entries: readonly E[];
  /** Broken entries, with the id if the answer has it. */
  readonly broken: readonly { readonly id: string | null; readonly detail: string }[];
  /** The registry's own count of entries; null if it does not say. */
  readonly count: number | null;
  /** What could not be used of the other entries, one sentence each. */
  readonly notes: readonly string[];
  /** Where the next page begins; null on the last page, absent if a reading cannot be resumed. */
  readonly next?: string | null;
}

/** Why an entry is not listed. */
export type EntryState = 'public' | 'deleted' | 'not-public' | 'unknown';

export interface EntrySource<E extends Entry = Entry> {
  /**
   * Yields every page in order; a `Failed` is the last event. Duplicates are not removed here.
   * @param after the `next` of an earlier page, to begin there
   */
  pages(signal?: AbortSignal, after?: string): AsyncIterable<Seen<EntryPage<E>> | Failed>;
  /**
   * What the registry says about single entries that its pages do not show; absent if it cannot be
   * asked.
   */
  ask?(
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<Seen<ReadonlyMap<string, EntryState>> | Failed>;
  /**
   * Writes the archive's own documents of an entry. Called before the list with the entry is
   * written.
   * @param listed the version in the current list: its documents must stay until the new list is
   * written
   */
  keep?(entry: E, listed: string | null | undefined): Promise<void>;
  /**
   * Called after the new list is written; documents that only the old list needed may be removed.
   */
  kept?(entry: E, listed: string | null | undefined): Promise<void>;
}
