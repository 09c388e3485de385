// New datasets are not faults (docs/checks.md#new-datasets): OpenNeuro publishes first and opens the
// objects last. Which findings wait, for how long, and what a verdict is without them.

import type { Pending, Registry } from '../../../core/documents/documents.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import type { RegistryDataset } from '../../../core/protocols/sources.ts';
import { CHECK_LIST } from '../checks/index.ts';
import { type Cause, type Subtype, statusOf } from '../vocabulary.ts';
import { waitsBy } from './waits.ts';

/** Of 50 recorded datasets that opened by themselves, half took more than five days. */
export const NEW_DATASET_DAYS = 8;
const DAY = 86_400_000;

export const waits = waitsBy(CHECK_LIST);

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

/** What a check found, as its record has it. */
export interface Found {
  readonly subtype: string | null;
  readonly findings: readonly string[];
  readonly numbers?: CheckRecord['numbers'];
  readonly notCompared?: CheckRecord['notCompared'];
  /** Of annexRecord: the special remotes that the export goes to. */
  readonly remotes?: readonly unknown[];
  /** Of annexRecord: null where no export is recorded. */
  readonly exportedTree?: string | null;
}

/** A verdict without the findings that wait, which `findings` does not name. */
export type Waiting = Pick<CheckRecord, 'status' | 'subtype' | 'findings'> & {
  readonly pending: Pending;
};

/** Null when nothing that was found waits: the verdict is as it is. */
export function withoutWaiting(check: string, found: Found, until: string | null): Waiting | null {
  if (until === null) return null;
  const findings = findingsOf(found);
  const counting = findings.filter((finding) => !waits(check, finding, found));
  if (counting.length === findings.length && !waitsForExport(check, found)) return null;
  const [first] = counting;
  return {
    status: first === undefined ? 'pending' : statusOf(first as Subtype),
    subtype: first ?? null,
    findings: found.findings.filter((finding) => counting.includes(finding)),
    pending: { reason: 'just-published', until },
  };
}

/** Worst first. Only a comparison of files tells what is removed. */
function findingsOf({ subtype, findings, numbers }: Found): readonly string[] {
  if (findings.length > 0 || subtype === null) return findings;
  return numbers?.removed ? [subtype, 'files-orphaned'] : [subtype];
}

/** There is nothing to compare with, or in, before the export is open and the mirror is there. */
function waitsForExport(check: string, { notCompared }: Found): boolean {
  return check === 's3Files' && (notCompared === 'blocked' || notCompared === 'mirror-absent');
}

/** @param until null when everything about the dataset counts. */
export function causeWaits(cause: Cause, until: string | null): boolean {
  return until !== null && WAITING_CAUSES.includes(cause);
}
