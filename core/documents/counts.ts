// How many datasets have what: one way to count for the command line, the page without scripts and
// the deployed monitor. The page itself counts the same issues as bits (frontend/main).

import type { SummaryRow } from './summary.ts';
import { STATUSES, type Status } from './vocabulary.ts';
import { ISSUES, type Issue, issuesOf } from './words.ts';

/** Datasets by overall status. */
export function countStatuses(rows: readonly Pick<SummaryRow, 'status'>[]): Record<Status, number> {
  return countBy(STATUSES, rows, ({ status }) => [status]);
}

/** Datasets with each issue. One with several issues counts at each of them. */
export function countIssues(
  rows: readonly Pick<SummaryRow, 'issueSubtypes' | 'findings' | 'notCompared'>[],
): Record<Issue, number> {
  return countBy(ISSUES, rows, issuesOf);
}

function countBy<T, K extends string>(
  keys: readonly K[],
  items: readonly T[],
  keysOf: (item: T) => readonly K[],
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) for (const key of keysOf(item)) counts[key] += 1;
  return counts;
}
