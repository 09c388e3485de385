// When a run must not replace the published results (docs/checks.md#registry and #unverified): too
// many measurements failed, too many verdicts became bad, or the registry shrank.

import { isFromFuture } from '../clock-ahead.ts';
import type { Registry } from '../documents/documents.ts';
import { registrySentence } from '../documents/provenance.ts';
import type { CheckRow } from '../documents/rows.ts';
import { isFault, STATUSES, type Status, worst } from '../documents/vocabulary.ts';

/** Publishing is held above these shares of a run's rows (docs/checks.md#unverified). */
const MAX_NEWLY_UNVERIFIED = 0.05;
const MAX_NEWLY_BAD = 0.02;
/**
 * A registry may lose this share; a small one this number, unless it is a large part
 * (docs/checks.md#registry).
 */
const SHRINK_SHARE = 0.01;
const SHRINK_FLOOR = 10;
const SHRINK_FLOOR_SHARE = 0.15;
const DAY = 24 * 60 * 60 * 1000;

/** Days without a reading of the registry before a person must look. */
export const REGISTRY_DAYS = 3;

/** The part of a row that a run compares with the row published before. */
export interface HeldRow {
  readonly id: string;
  readonly status: Status;
  readonly checks: Readonly<Record<string, Pick<CheckRow, 'status' | 'lastAttempt'>>>;
  readonly rulesVersion: number | null;
}

export interface HoldInput {
  /** Rows of the last published summary; null if there is none. */
  readonly previous: readonly HeldRow[] | null;
  readonly next: readonly HeldRow[];
}

/** One sentence for each reason to hold; empty if the run may be published. */
export function holdReasons({ previous, next }: HoldInput): string[] {
  const before = new Map((previous ?? []).map((row) => [row.id, row]));
  const unverified = next.filter((row) => {
    const last = before.get(row.id);
    return isUnverified(row) && (last === undefined || !isUnverified(last));
  });
  // A dataset that was never published was not better before. One judged by other rules may not
  // have been.
  const bad = next.filter((row) => {
    const last = before.get(row.id);
    return last !== undefined && !hasOtherRules(last, row) && turnedBad(last, row);
  });
  const reasons: string[] = [];
  if (unverified.length > next.length * MAX_NEWLY_UNVERIFIED) {
    reasons.push(
      `${share(unverified.length, next.length)} could not be measured in this run and were not already unverified; more than ${percent(MAX_NEWLY_UNVERIFIED)} points at a fault of the measurement.`,
    );
  }
  if (bad.length > next.length * MAX_NEWLY_BAD) {
    reasons.push(
      `${share(bad.length, next.length)} turned to error or version mismatch since the last published summary; more than ${percent(MAX_NEWLY_BAD)} at once should be checked by a person first.`,
    );
  }
  return reasons;
}

/** How many datasets of a run were judged by other rules than at publication. */
export function countOtherRules({ previous, next }: HoldInput): number {
  const before = new Map((previous ?? []).map((row) => [row.id, row]));
  return next.filter((row) => {
    const last = before.get(row.id);
    return last !== undefined && hasOtherRules(last, row);
  }).length;
}

const hasOtherRules = (last: HeldRow, row: HeldRow) =>
  (last.rulesVersion ?? 0) !== (row.rulesVersion ?? 0);

/**
 * Datasets that a registry of this size may lose. Ten of 42 would be a quarter; one is always
 * allowed.
 */
function shrinkAllowed(size: number): number {
  const floor = Math.max(1, Math.min(SHRINK_FLOOR, size * SHRINK_FLOOR_SHARE));
  return Math.floor(Math.max(floor, size * SHRINK_SHARE));
}

/** Why a registry's new list of ids may not replace the last one; null if it may. */
export function shrinkFault(
  previousIds: Iterable<string>,
  nextIds: Iterable<string>,
): string | null {
  const previous = new Set(previousIds);
  const lost = previous.difference(new Set(nextIds)).size;
  const allowed = shrinkAllowed(previous.size);
  if (lost <= allowed) return null;
  return `The registry lost ${lost} of ${previous.size} datasets since the last published run; more than ${allowed} is a fault until a person says otherwise (--accept-shrink).`;
}

/**
 * Why a person must look at the registry although a run may be published: it was not read for this
 * many days. Null if it was. A list with a future date has no known age and counts as too old.
 */
export function registryFault(
  { lastChecked, lastAttempt }: Pick<Registry, 'lastChecked' | 'lastAttempt'>,
  days: number,
  now: Date,
): string | null {
  if (lastAttempt === null) return null;
  const age = now.getTime() - Date.parse(lastChecked);
  if (age < days * DAY && !isFromFuture(lastChecked, now)) return null;
  return registrySentence(lastChecked);
}

/** Whether the newest attempt of any of its checks failed. */
export function isUnverified(row: Pick<HeldRow, 'checks'>): boolean {
  for (const id in row.checks) if (row.checks[id]?.lastAttempt !== null) return true;
  return false;
}

/** A new check's first findings were there before, so nothing became bad. */
function turnedBad(last: HeldRow, row: HeldRow): boolean {
  const all = Object.entries(row.checks);
  const again = all.filter(([check]) => last.checks[check] !== undefined);
  const isSame = again.length === all.length;
  const status = isSame ? row.status : worst(again.map(([, { status }]) => status));
  return isFault(status) && isBetter(last.status, status);
}

const isBetter = (a: Status, b: Status) => STATUSES.indexOf(a) > STATUSES.indexOf(b);
const percent = (value: number) => `${value * 100} %`;
const share = (n: number, total: number) =>
  `${n} of ${total} datasets (${((n / total) * 100).toFixed(1)} %)`;
