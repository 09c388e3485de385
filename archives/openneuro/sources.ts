// The sources of OpenNeuro, as its measurements use them; core/protocols/sources.ts has mirror and
// export.

import type { Failed, Seen } from '../../core/failure.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import type { EntryState } from '../../core/monitor/entries.ts';
import type { DoiSource } from '../../core/protocols/datacite.ts';
import type { SecondReader } from '../../core/protocols/git/second-reader.ts';
import type { ExportSource, MirrorSource } from '../../core/protocols/sources.ts';

export type { DoiRecord, DoiSource } from '../../core/protocols/datacite.ts';

export interface RegistrySnapshot {
  readonly tag: string;
  /** ISO 8601; null when the registry does not give it. */
  readonly created: string | null;
  /** Commit id, or tag object id if the tag is annotated, 40 hex digits; null when not given. */
  readonly hexsha: string | null;
}

export interface RegistryDataset {
  readonly id: string;
  readonly name: string | null;
  /** Tag of the latest snapshot, one of `snapshots`; null when the dataset has none. */
  readonly latestSnapshot: string | null;
  /** In order of creation, each tag once. */
  readonly snapshots: readonly RegistrySnapshot[];
  /** When it was first made public (ISO 8601); absent if the registry does not say. */
  readonly publishDate?: string;
  /** Its newest snapshot cannot be read; `latestSnapshot` is the last one that can. */
  readonly inDoubt?: true;
}

export interface RegistryPage {
  readonly datasets: readonly RegistryDataset[];
  /** Broken entries, with the id if the answer still has it. */
  readonly broken: readonly { readonly id: string | null; readonly detail: string }[];
  /** Number of datasets the registry says it has (`pageInfo.count`); null when it does not say. */
  readonly count: number | null;
  /** What could not be used in the other entries, one sentence each. */
  readonly notes: readonly string[];
  /** Cursor of the next page; null on the last one. */
  readonly next?: string | null;
}

export interface RegistrySource {
  /**
   * Yields every page in order; a `Failed` is the last event. Duplicates are not removed here.
   * @param after the `next` of an earlier page, to begin there
   */
  pages(signal?: AbortSignal, after?: string): AsyncIterable<Seen<RegistryPage> | Failed>;
  /** What it says of single datasets that its pages do not show; broken answers are left out. */
  askDatasets(
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<Seen<ReadonlyMap<string, EntryState>> | Failed>;
  /** Null for a snapshot that is not deprecated. */
  askDeprecation(
    id: string,
    tag: string,
    signal?: AbortSignal,
  ): Promise<Seen<Deprecation | null> | Failed>;
}
/** Says that a snapshot should no longer be used. */
export interface Deprecation {
  /** Untrusted text. */
  readonly reason: string | null;
}

// ---- mirror -----------------------------------------------------------------------------------

export interface Sources {
  readonly registry: RegistrySource;
  readonly mirror: MirrorSource;
  readonly export: ExportSource;
  readonly dois: DoiSource;
  /** Reads a sample of the mirrors again; if absent, none is read. */
  readonly secondReader?: SecondReader;
}

/** The context of a stage of OpenNeuro. */
export type Context = StageContext & Sources;
