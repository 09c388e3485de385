// How many datasets have each status now, and how that changed.

import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import type { Steps } from '../../core/history/bins.ts';

export interface StatusCount {
  readonly status: Status;
  readonly now: number | null;
  /** Since a day ago, and 30; null where nothing is known of then. */
  readonly sinceYesterday: number | null;
  readonly since30Days: number | null;
}

const DAY = 86_400_000;
/** Runs of two days do not begin at the same minute. */
const SLACK = DAY / 12;

/**
 * @param steps of each status, in the order of STATUSES
 * @param end of the newest run
 */
export function countsAt(steps: readonly Steps[], end: number): StatusCount[] {
  return STATUSES.map((status, place) => {
    const { points, before } = steps[place] ?? { points: [], before: null };
    const at = (time: number): number | null =>
      (points.findLast((point) => point.at <= time) ?? before)?.value ?? null;
    const now = at(end);
    const since = (days: number): number | null => {
      const then = at(end - days * DAY + SLACK);
      return now === null || then === null ? null : now - then;
    };
    return { status, now, sinceYesterday: since(1), since30Days: since(30) };
  });
}

/** `+3`, `−2`, `0` */
export const changeWords = (change: number | null): string =>
  change === null ? 'not known' : change > 0 ? `+${change}` : change < 0 ? `−${-change}` : '0';
