// How long new snapshots take to arrive, in words.

import type { NamedPlace } from '../../core/documents/catalogue.ts';
import { counted, number } from '../../core/documents/format.ts';
import type { Sync } from '../../core/history/documents.ts';
import type { Strips } from '../../core/history/strips-document.ts';

/** The part of sync.json that the page shows. */
export type Shown = Pick<Sync, 'resolution' | 'last90Days' | 'waiting' | 'months'>;

/** With one decimal: `0.4 days`, `1 day`, `less than 0.1 days`. */
export function daysText(days: number): string {
  const text = daysNumber(days);
  return `${text === '0' ? 'less than 0.1' : text} ${text === '1' ? 'day' : 'days'}`;
}

/** `0.4`, `1,000` */
export function daysNumber(days: number): string {
  const rounded = Math.round(days * 10) / 10;
  return Number.isInteger(rounded) ? number(rounded) : `${rounded}`;
}

/** `New snapshots reach GitHub in 0.4 days, S3 in 0.7 days (median, last 90 days); 6 are waiting.` */
export function syncSentence(
  { last90Days, waiting }: Shown,
  places: readonly NamedPlace[],
): string {
  const still =
    waiting === 0
      ? 'none is waiting'
      : `${number(waiting)} ${waiting === 1 ? 'is' : 'are'} waiting`;
  if (last90Days.snapshots === 0) return `No new snapshot in the last 90 days; ${still}.`;
  const reached = places.flatMap(({ place, label }) => {
    const median = last90Days.places[place]?.median ?? null;
    return median === null ? [] : [`${label} in ${daysText(median)}`];
  });
  if (reached.length === 0) {
    const snapshots = counted(last90Days.snapshots, 'snapshot');
    return `Fewer than half of ${snapshots} of the last 90 days have arrived; ${still}.`;
  }
  return `New snapshots reach ${reached.join(', ')} (median, last 90 days); ${still}.`;
}

/** How exactly arrivals are seen. */
export const resolutionText = ({ resolution }: Pick<Shown, 'resolution'>): string =>
  resolution === null
    ? 'Arrivals are seen by runs only.'
    : `Arrivals are seen by runs: one every ${resolution === 1 ? 'day' : daysText(resolution)}.`;

type Snapshot = NonNullable<Strips['snapshots']>[number];

/**
 * When a dataset's snapshot arrived: `1.2 days`, `waiting for 3 days`, or that it never did.
 * @param next the snapshot after it; undefined if it is the newest
 * @param run start of the newest run
 */
export function arrivalText(
  { created, seen }: Snapshot,
  place: string,
  next: Snapshot | undefined,
  run: string,
): string {
  const days = (instant: string) =>
    daysText(Math.max(0, (Date.parse(instant) - Date.parse(created)) / DAY));
  const at = seen[place];
  if (at !== undefined) return days(at);
  return next === undefined ? `waiting for ${days(run)}` : 'not before the next one';
}

const DAY = 24 * 60 * 60 * 1000;
