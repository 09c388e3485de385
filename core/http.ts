// The one HTTP client: polite, bounded, complete or nothing.

import type { Failed } from './failure.ts';
import type { Traffic, TrafficKind } from './traffic.ts';

export interface HttpRequest {
  readonly kind: TrafficKind;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The most bytes of (decoded) body that are taken; more is `malformed`. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Looks at an answer before it counts: the end marker of a format is the caller's to know.
   * What it returns as failed is retried like a failure of the network.
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
   * One question, retried within the budget. 1xx–4xx other than 408 and 429 are answers; 5xx, 429
   * and everything incomplete is `failed` once the tries are used up.
   * @throws the signal's reason when it is aborted: an abandoned question is no measurement.
   */
  request(request: HttpRequest): Promise<HttpAnswer | Failed>;
  /** Counted since the client was made. */
  readonly traffic: Traffic;
  /** Closes idle connections. */
  close(): void;
}
