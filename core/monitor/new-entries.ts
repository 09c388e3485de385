// Entries published a few days ago (docs/checks.md#new-datasets): until when their copies may be
// missing.

import type { Registry } from '../documents/documents.ts';
import type { StageContext } from './context.ts';
import type { Entry } from './entries.ts';

/** Half of 50 recorded datasets that opened by themselves took more than five days. */
export const NEW_DATASET_DAYS = 8;
const DAY = 86_400_000;

/**
 * When a dataset was published. The sources, in order: the registry, an earlier record, the first
 * time it was seen, its oldest version. Null if none is known. Without an earlier reading every
 * dataset is seen for the first time, so that says nothing.
 * @param now ISO 8601; a later date does not count.
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

/** When all findings of a dataset begin to count; null if they already do. */
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
 * When all findings of an entry begin to count; null if they already do. Compared with the start of
 * the run, so that all its checks agree.
 */
export function waitOf({ options, runStart }: StageContext, registry: Registry) {
  const { newDatasetDays = NEW_DATASET_DAYS } = options;
  return (id: string) => waitsUntil(registry.published?.[id], newDatasetDays, runStart);
}
