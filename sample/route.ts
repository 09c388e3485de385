// Routes of a sample server. A route says what a request asks for, and answers it after it was
// counted and delayed and its fault was decided.

import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** A request whose body has been read. */
export interface Asked {
  readonly method: string;
  /** As sent: path and query. */
  readonly url: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer that is whole and ready to be sent. */
export interface Prepared {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** The same, or in pieces because the body is too big to hold. */
export interface Answer extends Omit<Prepared, 'body'> {
  readonly body: Buffer | Iterable<Buffer>;
}

export interface Answering {
  /** Its body has already been read. */
  readonly message: IncomingMessage;
  /** Whether a fault of a part (FaultKind, `ofParts`) hits this part of the answer. */
  readonly strikes: (fault: string, part: string) => boolean;
}

export interface Reply {
  /** Counted, delayed and damaged by it. */
  readonly kind: string;
  /** The dataset that it is about; null for those of the whole archive. */
  readonly dataset: string | null;
  /** Identifies the request, so that its retries are recognised; by default method and address. */
  readonly name?: string;
  answer(answering: Answering): Answer | Promise<Answer>;
}

/** Undefined if the route is for other addresses. */
export type Route = (asked: Asked) => Reply | undefined;

export function askedOf(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Asked {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  return { method, url, path, query, headers, body };
}

/** Of the first route that knows the address. */
export function replyTo(routes: readonly Route[], asked: Asked): Reply | undefined {
  for (const route of routes) {
    const reply = route(asked);
    if (reply) return reply;
  }
  return undefined;
}

export function jsonAnswer(status: number, value: unknown): Prepared {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** Percent-escapes as bytes; `+` stays itself in a path. */
export function decodePath(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
