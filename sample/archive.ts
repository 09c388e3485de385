// What a sample archive is: datasets in the order of the registry, each with its mirror and its
// export, both made when first asked for and forgotten when others need the room.

import type { SampleRepository } from './git/index.ts';
import type { ObjectList } from './objects.ts';

export interface SampleSnapshot {
  readonly tag: string;
  /** ISO 8601. */
  readonly created: string;
  /** What the registry says: the commit, or the tag object of an annotated tag. */
  readonly hexsha: string;
}

export interface SampleExport {
  /** Status with which every object is refused (403 when the export is blocked). */
  readonly refusal?: number;
  /** Status with which the description always answers (503: it can never be measured). */
  readonly descriptionStatus?: number;
  /** Status with which an object is refused although it is listed; undefined for most. */
  readonly refuses?: (path: string) => number | undefined;
  /** Whether an object is in an archived storage class: a HEAD is answered, a GET is refused. */
  readonly archived?: (path: string) => boolean;
  objects(): ObjectList;
}

export interface SampleDataset {
  readonly id: string;
  readonly name: string | null;
  /** ISO 8601. */
  readonly created: string;
  /** When it was made public (ISO 8601); the registry tells null where it is absent. */
  readonly publishDate?: string;
  /** How the registry fails on this dataset, if it does: a null node or a null edge. */
  readonly broken?: 'node' | 'edge';
  /** In order of creation. */
  snapshots(): Promise<readonly SampleSnapshot[]>;
  /** Whether the mirror is refused to everybody. */
  readonly mirrorClosed?: true;
  /** Undefined when there is no such repository. */
  mirror(): Promise<SampleRepository | undefined>;
  readonly export: SampleExport;
}

/** What the bucket still holds of a dataset that the registry does not show. */
export interface SampleLeftover {
  readonly id: string;
  /** How the registry answers for it: deleted with a reason, private again, or never known. */
  readonly state:
    | { readonly kind: 'deleted'; readonly reason: string; readonly redirect?: string }
    | { readonly kind: 'private' }
    | { readonly kind: 'unknown' };
  readonly export: SampleExport;
}

export interface SampleArchive {
  readonly leftovers?: readonly SampleLeftover[];
  /** In the order of the registry. A test may change the list while a server shows it. */
  readonly datasets: SampleDataset[];
}

export interface Cache<T> {
  /** The value of a key, made when it is not kept. */
  get(key: string, make: () => T, weight: number): T;
}

/** Keeps the values used last, up to a total weight; the newest stays whatever it weighs. */
export function createCache<T>(maxWeight: number): Cache<T> {
  const kept = new Map<string, { value: T; weight: number }>();
  let total = 0;
  return {
    get(key, make, weight) {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return found.value;
      }
      const value = make();
      kept.set(key, { value, weight });
      total += weight;
      for (const [oldest, entry] of kept) {
        if (total <= maxWeight || oldest === key) break;
        kept.delete(oldest);
        total -= entry.weight;
      }
      return value;
    },
  };
}
