// When a request is retried, and how long to wait first.

export interface RetryPolicy {
  /** Maximum number of sends of one request, including the first. */
  readonly tries: number;
  /**
   * Retries shared by all requests of the client, and of those that it shares hosts with, so that an
   * outage does not multiply the traffic.
   */
  readonly budget: number;
  /** The longest wait before the first retry, in milliseconds; it doubles with each retry. */
  readonly baseMs: number;
  /** The upper bound of that wait, in milliseconds. */
  readonly maxMs: number;
  /** Pause for a host that answers 429 without a duration, in milliseconds; also doubles. */
  readonly pauseMs: number;
  /** The longest pause that a host may ask for, in milliseconds. */
  readonly maxPauseMs: number;
  /** Pauses in a row that a host may ask for; then the rest of the run does not use it. */
  readonly refusals: number;
}

/**
 * `refusals`: one more than the tries of a request, so that no single request makes us give up its
 * host. The four pauses between them take two minutes each at most, so a function with 15 minutes
 * can still report it.
 *
 * With the other values, four tries survive half a minute of trouble, and a dead host costs
 * minutes, not hours.
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

/** Full jitter: from zero to the bound, so that requests that failed together spread out. */
export function backoff(policy: RetryPolicy, attempt: number, random: () => number): number {
  return random() * Math.min(policy.maxMs, doubled(policy.baseMs, attempt));
}

/**
 * Milliseconds to leave a throttling host alone.
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
