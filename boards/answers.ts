// Requests and answers of the API, whatever carries them: a server on this machine, or a function.

export interface ApiRequest {
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the client; null if its writes are not counted. It is never stored. */
  readonly client: string | null;
  /** @returns null if the body has more bytes than that; the rest is not read */
  body(most: number): Promise<Uint8Array | null>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FieldError {
  /** JSON Pointer into the board. */
  readonly path: string;
  readonly message: string;
}

/** What an answer of an error may have beside `detail`. */
export interface Details {
  readonly errors?: readonly FieldError[];
  readonly size?: number;
  readonly max?: number;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Ends a request with an error. Its text repeats nothing of the request. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: Details;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    detail: string,
    details: Details = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }
}

/** A cached board would not count as used. */
const EVERY_ANSWER = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, location, retry-after',
} as const;

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'content-type, if-match, if-none-match, authorization, x-amz-content-sha256',
  'access-control-max-age': '86400',
} as const;

/** @param body JSON text; empty for none */
export const answer = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer => ({ status, headers: { ...EVERY_ANSWER, ...headers }, body });

export const preflight = (): ApiAnswer => answer(204, '', PREFLIGHT);

export function refused({ status, message, details, headers }: Refusal): ApiAnswer {
  const { retryAfter } = details;
  return answer(status, JSON.stringify({ detail: message, ...details }), {
    ...headers,
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  });
}

export const notFound = () => new Refusal(404, 'Board not found');
export const tooBig = (max: number, size?: number) =>
  new Refusal(413, `Size ${size === undefined ? '' : `${size} `}exceeds max ${max}`, {
    ...(size !== undefined && { size }),
    max,
  });
export const away = () => new Refusal(503, 'The store cannot answer now.', { retryAfter: 5 });
