// What exists in an archive, as its registry lists it. The monitor keeps the list; an archive brings the pages and
// what else it wants kept of an entry.

import type { Failed, Seen } from '../failure.ts';

export interface Entry {
  readonly id: string;
  /** Null when the registry does not tell it. */
  readonly name: string | null;
  /** The version that copies are compared with; null for an archive, or an entry, without versions. */
  readonly version: string | null;
  /** Why there is nothing to check yet; null when there is. */
  readonly skipped: 'no-snapshots' | null;
  /** When it was first made public (ISO 8601); absent where the registry does not tell. */
  readonly publishDate?: string;
  /** When the oldest of its versions was created (ISO 8601), where that is known. */
  readonly created?: string;
  /** Its newest version cannot be told, and `version` is the last one that can. */
  readonly inDoubt?: true;
}

export interface EntryPage<E extends Entry = Entry> {
  readonly entries: readonly E[];
  /** Entries that came broken, with the id where the answer still tells it. */
  readonly broken: readonly { readonly id: string | null; readonly detail: string }[];
  /** Number of entries the registry says it has; null when it does not say. */
  readonly count: number | null;
  /** What of the other entries could not be used, one sentence each. */
  readonly notes: readonly string[];
}

/** Why an entry is not among the public ones, where it is not. */
export type EntryState = 'public' | 'deleted' | 'not-public' | 'unknown';

export interface EntrySource<E extends Entry = Entry> {
  /** Yields every page in order; a `Failed` is the last event. Duplicates are not removed here. */
  pages(signal?: AbortSignal): AsyncIterable<Seen<EntryPage<E>> | Failed>;
  /** What it says of single entries that its pages do not show; absent where it cannot be asked. */
  ask?(
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<Seen<ReadonlyMap<string, EntryState>> | Failed>;
  /**
   * Keeps what documents of its own tell of an entry, before the list of all names it.
   * @param listed the version that the list kept so far names: what it rests on must stay until the new one is kept
   */
  keep?(entry: E, listed: string | null | undefined): Promise<void>;
  /** Called once the new list is kept: what only the old one rested on may go. */
  kept?(entry: E, listed: string | null | undefined): Promise<void>;
}
