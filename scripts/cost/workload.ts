// What a deployment is asked to do.

export interface Workload {
  readonly datasets: number;
  /** Of all datasets together. */
  readonly files: number;
  /** Days between runs over everything. */
  readonly every: number;
  /** Days between looks at what changed; null for none. */
  readonly watch: number | null;
  readonly dashboard: boolean;
  /** Megabytes of functions that have another memory than by default. */
  readonly memory: Readonly<Record<string, number>>;
  /** Only runs over what changed. */
  readonly isOfChanges?: true;
}
