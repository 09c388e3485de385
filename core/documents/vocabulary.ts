// Words shared by the documents and records of every archive.

export const SCHEMA_VERSION = '3.0.0';

/** Worst first (docs/checks.md#summary: "worst wins, and pending only hides ok"). */
export const STATUSES = ['error', 'version-mismatch', 'warning', 'pending', 'ok'] as const;
export type Status = (typeof STATUSES)[number];

/** Whether a copy is not in step: a warning is no fault. */
export const isFault = (status: Status): boolean =>
  status === 'error' || status === 'version-mismatch';

/** Why findings do not count yet (docs/checks.md#new-datasets). */
export const PENDING_REASONS = ['just-published'] as const;
export type PendingReason = (typeof PENDING_REASONS)[number];

/** The registry's answer for a dataset that it does not list (docs/checks.md#leftovers). */
export const LEFTOVER_STATES = ['deleted', 'not-public', 'unknown'] as const;
export type LeftoverState = (typeof LEFTOVER_STATES)[number];

/** The worst of the statuses; `ok` if there is none. "Not checked" is neither good nor bad. */
export function worst(statuses: Iterable<Status | null | undefined>): Status {
  let rank: number = STATUSES.length - 1;
  for (const status of statuses) {
    if (status != null) rank = Math.min(rank, STATUSES.indexOf(status));
  }
  return STATUSES[rank] as Status;
}
