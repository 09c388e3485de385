// What the registry says of a dataset, in the form that checks judge by.

/** A snapshot as the registry lists it. */
export interface KnownSnapshot {
  readonly tag: string;
  /** A commit or, if annotated, a tag object; null when it is not given, and so not compared. */
  readonly hexsha: string | null;
}

export interface Entry {
  /** Tag of the latest snapshot. */
  readonly latest: string;
  readonly snapshots: readonly KnownSnapshot[];
}
