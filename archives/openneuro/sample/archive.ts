// A sample archive: datasets in the order of the registry, each with its mirror and its export.
// Both are made on first use, and dropped when others need the room.

import type { SampleRepository } from '../../../sample/git/index.ts';
import type { SampleExport } from '../../../sample/s3/bucket.ts';

/** Its name in S3, and in the records of git-annex. */
export const BUCKET = 'openneuro.org';

export interface SampleSnapshot {
  readonly tag: string;
  /** ISO 8601. */
  readonly created: string;
  /** What the registry says: the commit, or the tag object of an annotated tag. */
  readonly hexsha: string;
  /** Why the registry says that it should not be used. */
  readonly deprecated?: { readonly reason: string };
}

/** How DataCite answers for the DOI of a version: not at all, or with a wrong answer. */
export type SampleDoi = 'missing' | { readonly state?: string; readonly url?: string };

export interface SampleDataset {
  readonly id: string;
  readonly name: string | null;
  /** ISO 8601. */
  readonly created: string;
  /** When it was made public (ISO 8601); if absent, the registry answers null. */
  readonly publishDate?: string;
  /** How the registry fails on this dataset, if it does: a null node or a null edge. */
  readonly broken?: 'node' | 'edge';
  /** In order of creation. */
  snapshots(): Promise<readonly SampleSnapshot[]>;
  /** Whether the mirror refuses everybody. */
  readonly mirrorClosed?: true;
  /** Undefined when there is no such repository. */
  mirror(): Promise<SampleRepository | undefined>;
  readonly export: SampleExport;
  /** The DOI of its latest version; if absent, it is findable and leads there. */
  readonly doi?: SampleDoi;
}

/** What the bucket still holds of a dataset that the registry does not show. */
export interface SampleLeftover {
  readonly id: string;
  /** What the registry answers for it: deleted with a reason, private again, or never known. */
  readonly state:
    | { readonly kind: 'deleted'; readonly reason: string; readonly redirect?: string }
    | { readonly kind: 'private' }
    | { readonly kind: 'unknown' };
  readonly export: SampleExport;
}

export interface SampleArchive {
  readonly leftovers?: readonly SampleLeftover[];
  /** In the order of the registry. A test may change the list while a server serves it. */
  readonly datasets: SampleDataset[];
}
