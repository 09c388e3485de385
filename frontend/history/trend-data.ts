// The numbers that the trend shows: statuses of each run, stacked, with gaps where there was none.

import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import type { MonthCounts } from '../../core/history/documents.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';

export interface Point {
  /** Start of the run. */
  readonly run: string;
  /** By status; null where the run does not tell it. */
  readonly counts: Readonly<Record<Status, number | null>>;
}

/** Oldest first, also where a clock was ahead. */
export function pointsOf(months: readonly MonthCounts[]): Point[] {
  const points = months.flatMap(({ time, columns }) =>
    time.map((run, place) => ({
      run,
      counts: Object.fromEntries(
        STATUSES.map((status) => [status, columns[`${OVERALL}.${status}`]?.[place] ?? null]),
      ) as Point['counts'],
    })),
  );
  return points.sort((a, b) => Date.parse(a.run) - Date.parse(b.run));
}

const DAY = 86_400;
const seconds = (run: string) => Date.parse(run) / 1000;

/** Times in seconds since 1970, then for each status the height of its upper edge; null: a gap. */
export type Stacked = readonly [times: number[], ...edges: (number | null)[][]];

/**
 * Worst at the bottom. The numbers of a run hold until the next one. After a longer pause than usual
 * they hold as long as usual, and then there is a gap.
 */
export function stackedOf(points: readonly Point[]): Stacked {
  const times: number[] = [];
  const edges: (number | null)[][] = STATUSES.map(() => []);
  const usual = usualPause(points);
  const put = (time: number, counts: Point['counts'] | null) => {
    times.push(time);
    let height = 0;
    for (const [place, status] of STATUSES.entries()) {
      height += counts?.[status] ?? 0;
      edges[place]?.push(counts === null ? null : height);
    }
  };
  for (const [place, { run, counts }] of points.entries()) {
    const told = STATUSES.some((status) => counts[status] !== null) ? counts : null;
    put(seconds(run), told);
    const next = points[place + 1];
    if (next && seconds(next.run) - seconds(run) <= 1.5 * usual) continue;
    put(seconds(run) + usual, told);
    if (next) put(seconds(run) + usual + 1, null);
  }
  return [times, ...edges];
}

/** In seconds: a day, or longer where runs are rarer. */
function usualPause(points: readonly Point[]): number {
  const pauses = points
    .slice(1)
    .map(({ run }, place) => seconds(run) - seconds(points[place]?.run ?? run))
    .sort((a, b) => a - b);
  return Math.max(DAY, pauses[Math.ceil(pauses.length / 2) - 1] ?? DAY);
}

/** Days back from the last run; null: all. */
export const RANGES = { '30 d': 30, '90 d': 90, '1 y': 365, all: null } as const;
export type Range = keyof typeof RANGES;

/** The months that a range needs, and the first second of it. */
export function within(months: readonly string[], lastRun: string, range: Range) {
  const days = RANGES[range];
  if (days === null) return { months, from: Number.NEGATIVE_INFINITY };
  const from = Date.parse(lastRun) - days * DAY * 1000;
  const first = new Date(from).toISOString().slice(0, 7);
  return { months: months.filter((month) => month >= first), from: from / 1000 };
}
