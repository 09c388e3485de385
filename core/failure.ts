// A measurement that failed: a value like a good answer, never an exception
// and never "absent" (docs/checks.md#unverified).

/** Why a measurement failed; the words of docs/checks.md#unverified. */
export const FAILURE_REASONS = [
  'timeout',
  'connection',
  'http-5xx',
  'throttled',
  'cut-short',
  'malformed',
  'credentials-refused',
  'internal',
  'killed',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

/** A question that got no trustworthy answer. `detail` is for people and logs, never for rules. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  readonly detail: string;
  /** The answer's, if there was one. */
  readonly httpStatus?: number;
}

export function failed(reason: FailureReason, detail: string, httpStatus?: number): Failed {
  return { kind: 'failed', reason, detail, ...(httpStatus !== undefined && { httpStatus }) };
}

/** A trustworthy answer that holds something. */
export interface Seen<T> {
  readonly kind: 'seen';
  readonly value: T;
}

export function seen<T>(value: T): Seen<T> {
  return { kind: 'seen', value };
}

/** A trustworthy answer that there is no such thing (404, or GitHub's anonymous 401 for git). */
export interface Absent {
  readonly kind: 'absent';
}

export const ABSENT: Absent = { kind: 'absent' };

/** A trustworthy answer that the host keeps this one thing from everybody (451, or 403 with a text). */
export interface Disabled {
  readonly kind: 'disabled';
}

export const DISABLED: Disabled = { kind: 'disabled' };

/** A trustworthy answer that it is there, in a storage class out of which nothing can be read. */
export interface Archived {
  readonly kind: 'archived';
}

/** A trustworthy answer that we may not look (403). */
export interface Denied {
  readonly kind: 'denied';
  readonly status: number;
}
