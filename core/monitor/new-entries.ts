// Entries that were published a few days ago (docs/checks.md#new-datasets): until when their copies may still be missing.

import type { Registry } from '../documents/documents.ts';
import type { StageContext } from './context.ts';
import type { Entry } from './entries.ts';

/** Of 50 recorded datasets that opened by themselves, half took more than five days. */
export const NEW_DATASET_DAYS = 8;
const DAY = 86_400_000;

/**
 * When a dataset was published: as the registry says, else as known before, else when it was first
 * seen, else when its oldest version was created; null when none of that is known. Where there was
 * no reading before, everything is seen for the first time, and that says nothing.
 * @param now ISO 8601; a date after it does not count.
 */
export function publishedAt(
  { id, publishDate, created }: Pick<Entry, 'id' | 'publishDate' | 'created'>,
  previous: Pick<Registry, 'latestSnapshots' | 'published'> | null,
  now: string,
): string | null {
  const isPast = (at: string) => Date.parse(at) <= Date.parse(now);
  if (publishDate !== undefined && isPast(publishDate)) return publishDate;
  const before = previous?.published?.[id];
  if (before !== undefined) return before;
  if (previous !== null && previous.latestSnapshots[id] === undefined) return now;
  return created !== undefined && isPast(created) ? created : null;
}

/** From when on all findings of a dataset count; null when they already do. */
export function waitsUntil(
  published: string | null | undefined,
  days: number,
  now: string,
): string | null {
  if (published == null) return null;
  const until = Date.parse(published) + days * DAY;
  return Date.parse(now) < until ? new Date(until).toISOString() : null;
}

/**
 * From when on all findings of an entry count; null when they already do. Compared with the start of the run, so that
 * all its checks agree.
 */
export function waitOf({ options, runStart }: StageContext, registry: Registry) {
  const { newDatasetDays = NEW_DATASET_DAYS } = options;
  return (id: string) => waitsUntil(registry.published?.[id], newDatasetDays, runStart);
}
