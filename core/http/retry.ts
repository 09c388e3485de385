// When a request is retried, and how long to wait before.

export interface RetryPolicy {
  /** How often one request is sent at most, including the first time. */
  readonly tries: number;
  /** Retries that all requests of the client share, so that an outage does not multiply the traffic. */
  readonly budget: number;
  /** The longest wait before the first retry, in milliseconds; it doubles with each further one. */
  readonly baseMs: number;
  /** The upper bound of that wait, in milliseconds. */
  readonly maxMs: number;
  /** Pause of a host that says 429 and not for how long, in milliseconds; doubles likewise. */
  readonly pauseMs: number;
  /** The longest pause that a host may ask for, in milliseconds. */
  readonly maxPauseMs: number;
  /** Times in a row that a host may ask for a pause; then it is left alone for the rest of the run. */
  readonly refusals: number;
}

/**
 * `refusals`: one more than the tries of a question, so that no single question makes us leave its host; and four
 * pauses between them, of two minutes at most, so that a function with 15 minutes still tells it.
 *
 * Within the others four tries ride out half a minute of trouble, and a dead host costs minutes, not hours.
 */
export const DEFAULT_RETRY: RetryPolicy = {
  tries: 4,
  budget: 500,
  baseMs: 500,
  maxMs: 30_000,
  pauseMs: 5_000,
  maxPauseMs: 120_000,
  refusals: 5,
};

/** Full jitter: anything from zero to the bound, so that requests that failed together spread out. */
export function backoff(policy: RetryPolicy, attempt: number, random: () => number): number {
  return random() * Math.min(policy.maxMs, doubled(policy.baseMs, attempt));
}

/**
 * Milliseconds that a host which throttles us is left alone.
 * @param retryAfter the header `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3).
 * @param now milliseconds since the epoch.
 */
export function pauseFor(
  policy: RetryPolicy,
  retryAfter: string | undefined,
  attempt: number,
  now: number,
): number {
  const asked = parseRetryAfter(retryAfter, now) ?? doubled(policy.pauseMs, attempt);
  return Math.min(policy.maxPauseMs, asked);
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function doubled(milliseconds: number, attempt: number): number {
  return milliseconds * 2 ** (attempt - 1);
}
