// A request, its answer, and who sends the one and returns the other.

import type { Failed } from '../failure.ts';
import type { Traffic } from '../traffic.ts';

export interface HttpRequest {
  readonly kind: string;
  /** The dataset that the request is about, for people. */
  readonly about?: string | undefined;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The largest (decoded) body that is accepted, in bytes; more is `malformed`. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Checks an answer before it counts, since only the caller knows the end marker of a format.
   * An answer that it calls failed is retried like a network failure.
   */
  readonly verify?: (answer: HttpAnswer) => Failed | undefined;
}

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case; repeated ones joined with ', '. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whole and decoded. */
  readonly body: Buffer;
}

export interface HttpClient {
  /**
   * Sends one request, with retries within the budget. 1xx–4xx other than 408 and 429 are answers; 5xx, 429
   * and everything incomplete is `failed` once the tries are used up. A 403 with `Retry-After` or with
   * nothing left of a limit is `throttled` too (docs.github.com, "Exceeding the rate limit"). A host that has
   * asked for a pause too many times in a row (RetryPolicy, `refusals`) is not asked any more: further requests
   * to it fail at once, for the same reason.
   * @throws the signal's reason when it is aborted: an aborted request is no measurement.
   */
  request(request: HttpRequest): Promise<HttpAnswer | Failed>;
  /** Since the client was created. */
  readonly traffic: Traffic;
  /** Closes idle connections. */
  close(): void;
}
