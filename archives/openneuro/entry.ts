// What the registry says of a dataset, as far as verdicts depend on it.

/** A snapshot as the registry tells it. */
export interface KnownSnapshot {
  readonly tag: string;
  /** A commit or, where annotated, a tag object; null when it is not told, and so not compared. */
  readonly hexsha: string | null;
}

export interface Entry {
  /** Tag of the latest snapshot. */
  readonly latest: string;
  readonly snapshots: readonly KnownSnapshot[];
}
