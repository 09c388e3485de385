// Counts of datasets by status and issue, for the command line, the plain page and the deployed
// monitor. The page counts the same issues as bits (frontend/main).

import { type Catalogue, issuesOf } from './catalogue.ts';
import type { Row } from './rows.ts';
import { STATUSES, type Status } from './vocabulary.ts';

/** Datasets by overall status. */
export function countStatuses(rows: readonly Pick<Row, 'status'>[]): Record<Status, number> {
  return Object.fromEntries(countBy(STATUSES, rows, ({ status }) => [status])) as Record<
    Status,
    number
  >;
}

/**
 * Datasets with each issue, in the catalogue's order. A dataset with several issues counts for
 * each.
 */
export function countIssues(
  catalogue: Catalogue,
  rows: readonly Pick<Row, 'checks'>[],
): ReadonlyMap<string, number> {
  return countBy(catalogue.issues.keys(), rows, (row) => issuesOf(catalogue, row));
}

function countBy<T, K extends string>(
  keys: Iterable<K>,
  items: readonly T[],
  keysOf: (item: T) => readonly K[],
): Map<K, number> {
  const counts = new Map(Array.from(keys, (key) => [key, 0]));
  for (const item of items)
    for (const key of keysOf(item)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
