// What the product or the baseline finds about a dataset: equal before anything is timed.

export interface Found {
  readonly id: string;
  /** The version that was compared. */
  readonly tag: string;
  /** Entries of the tag's tree. */
  readonly files: number;
  readonly keys: number;
  /** In git but not in the export; in byte order. */
  readonly added: readonly string[];
  /** In the export but not in git; in byte order. */
  readonly removed: readonly string[];
}

export const byBytes = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * @throws Error that names the first dataset on which they disagree, or if nothing was compared.
 */
export function assertEqual(product: readonly Found[], baseline: readonly Found[]): void {
  // Two empty results always agree: the servers had nothing to give.
  if (product.length === 0) throw new Error('the product compared no dataset');
  const theirs = new Map(baseline.map((found) => [found.id, found]));
  if (product.length !== theirs.size) {
    throw new Error(`the product compared ${product.length} datasets, the baseline ${theirs.size}`);
  }
  for (const ours of product) {
    const other = theirs.get(ours.id);
    for (const field of ['tag', 'files', 'keys', 'added', 'removed'] as const) {
      const [a, b] = [JSON.stringify(ours[field]), JSON.stringify(other?.[field])];
      if (a !== b) {
        throw new Error(
          `${ours.id}: the product found ${field} ${a.slice(0, 300)}, the baseline ${b?.slice(0, 300)}`,
        );
      }
    }
  }
}
