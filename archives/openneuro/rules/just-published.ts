// New datasets are not faults (docs/checks.md#new-datasets): OpenNeuro publishes first and opens the
// objects last. For how long findings wait, and what waits with them.

import type { Registry } from '../../../core/documents/documents.ts';
import { isOnItsWay } from '../../../core/monitor/check.ts';
import type { RegistryDataset } from '../../../core/protocols/sources.ts';
import { CHECK_LIST } from '../checks/index.ts';
import type { Cause, Check, Subtype } from '../vocabulary.ts';

/** Of 50 recorded datasets that opened by themselves, half took more than five days. */
export const NEW_DATASET_DAYS = 8;
const DAY = 86_400_000;

/** Their remedy is to export or push once more, which is what is still going on. */
const WAITING_CAUSES: readonly Cause[] = [
  'repository-never-pushed',
  'export-never-ran',
  'export-cut-short',
  'still-private',
];

/**
 * When a dataset was published: as the registry says, else as known before, else when it was first
 * seen, else when its first snapshot was created; null when none of that is known. Where there was
 * no reading before, everything is seen for the first time, and that says nothing.
 * @param now ISO 8601; a date after it is none.
 */
export function publishedAt(
  { id, publishDate, snapshots }: Pick<RegistryDataset, 'id' | 'publishDate' | 'snapshots'>,
  previous: Pick<Registry, 'latestSnapshots' | 'published'> | null,
  now: string,
): string | null {
  const isPast = (at: string) => Date.parse(at) <= Date.parse(now);
  if (publishDate !== undefined && isPast(publishDate)) return publishDate;
  const before = previous?.published?.[id];
  if (before !== undefined) return before;
  if (previous !== null && previous.latestSnapshots[id] === undefined) return now;
  const created = snapshots.map((snapshot) => Date.parse(snapshot.created ?? ''));
  const first = Math.min(...created.filter((at) => !Number.isNaN(at)));
  return first <= Date.parse(now) ? new Date(first).toISOString() : null;
}

/** From when on everything about a dataset counts; null when it does already. */
export function waitsUntil(
  published: string | null | undefined,
  days: number,
  now: string,
): string | null {
  if (published == null) return null;
  const until = Date.parse(published) + days * DAY;
  return Date.parse(now) < until ? new Date(until).toISOString() : null;
}

/** Of a finding of a dataset just published. */
export const waits = (
  check: Check,
  finding: Subtype,
  evidence: { readonly findings: readonly Subtype[] },
): boolean =>
  CHECK_LIST.some(
    (one) => one.id === check && isOnItsWay(one, finding, evidence.findings, evidence),
  );

/** @param until null when everything about the dataset counts. */
export function causeWaits(cause: Cause, until: string | null): boolean {
  return until !== null && WAITING_CAUSES.includes(cause);
}
