// The points of a series, from documents that were read. The page bundles this file, so it imports
// types only.

import { STATUSES } from '../documents/vocabulary.ts';
import type { Point, Range, Steps } from './bins.ts';
import type { MonthCounts } from './documents.ts';
import { monthOf } from './paths.ts';
import { endOf } from './strips.ts';
import type { Strips } from './strips-document.ts';
import { statusOfVerdict } from './verdict-text.ts';

/**
 * Those of an archive's series in a month.
 * @param from the first run that has a value (history/series.json)
 */
export function monthPoints(
  { time, columns }: Pick<MonthCounts, 'time' | 'columns'>,
  column: string,
  from: string,
): Point[] {
  const values = Object.hasOwn(columns, column) ? columns[column] : [];
  return time.map((run, place) => ({
    at: Date.parse(run),
    value: values?.[place] ?? zeroOf(column, run, from),
  }));
}

/**
 * A finding that no dataset has is not counted. Since it was first found, its absence is 0; of the
 * time before, nobody knows whether it was looked for.
 */
const zeroOf = (column: string, run: string, from: string): 0 | null =>
  column.startsWith('issue.') && Date.parse(run) >= Date.parse(from) ? 0 : null;

/** Where a dataset's verdict begins, changes or ends; of a day (UTC), at its beginning. */
export function stripPoints(
  { strips, notSeen }: Pick<Strips, 'strips' | 'notSeen'>,
  check: string,
): Point[] {
  const verdicts = (strips[check] ?? []).map(
    ([at, verdict]): Point => ({
      at: Date.parse(at),
      ...(verdict === null ? { value: null } : { value: rankOf(verdict), says: verdict }),
    }),
  );
  const points = new Map(verdicts.map((point) => [point.at, point]));
  for (const [first, last] of notSeen) {
    const end = last === null ? Number.POSITIVE_INFINITY : Date.parse(endOf(last));
    const again = verdicts.findLast((point) => point.at <= end);
    const begin = Date.parse(first);
    for (const time of points.keys()) {
      if (time >= begin && time < end) points.delete(time);
    }
    points.set(begin, { at: begin, value: null });
    if (Number.isFinite(end) && again !== undefined) points.set(end, { ...again, at: end });
  }
  return [...points.values()].sort((a, b) => a.at - b.at);
}

/** ok is 0, error is 4. */
const rankOf = (verdict: string): number =>
  STATUSES.length - 1 - STATUSES.indexOf(statusOfVerdict(verdict));

export const within = (points: readonly Point[], { begin, end }: Range): Steps => ({
  points: points.filter(({ at }) => at >= begin && at <= end),
  before: points.findLast(({ at }) => at < begin) ?? null,
});

export const monthAt = (time: number): string => monthOf(new Date(time).toISOString());
