// The numbers of one published run, which trends show.

import type { Catalogue } from '../documents/catalogue.ts';
import { countIssues, countStatuses } from '../documents/counts.ts';
import type { Row } from '../documents/rows.ts';
import { isUnverified } from '../monitor/hold.ts';
import type { Counts } from './documents.ts';
import type { Event } from './events.ts';
import { wrongSums } from './sums.ts';
import { OVERALL } from './verdict-text.ts';

/**
 * `total`, `overall.{status}`, `{check}.{status}`, `notChecked.{check}`, `unverified`,
 * `issue.{check}:{subtype}` where there is any, `listed`, `withdrawn`, `changes`. The statuses of a check and
 * its `notChecked` give `total`.
 */
export function countsOf(
  catalogue: Catalogue,
  rows: readonly Row[],
  events: readonly Event[],
): Counts {
  const number = (is: (event: Event) => boolean) => events.filter(is).length;
  const counts: Record<string, number> = {
    total: rows.length,
    ...prefixed('overall', countStatuses(rows)),
  };
  for (const { id } of catalogue.checks) {
    const made = rows.flatMap((row) => row.checks[id] ?? []);
    Object.assign(counts, prefixed(id, countStatuses(made)));
    counts[`notChecked.${id}`] = rows.length - made.length;
  }
  counts.unverified = rows.filter(isUnverified).length;
  for (const [issue, count] of countIssues(catalogue, rows)) {
    if (count > 0) counts[`issue.${issue}`] = count;
  }
  counts.listed = number(({ kind }) => kind === 'listed' || kind === 'returned');
  counts.withdrawn = number(({ kind }) => kind === 'withdrawn');
  counts.changes = number((event) => event.kind === 'verdict' && event.check === OVERALL);
  const [wrong] = wrongSums(counts);
  if (wrong !== undefined) throw new Error(`The numbers of ${wrong} do not add up.`);
  return counts;
}

const prefixed = (name: string, counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).map(([status, count]) => [`${name}.${status}`, count]));
