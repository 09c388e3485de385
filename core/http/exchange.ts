// Sends one request and takes one answer: complete, within its bounds and in time, or failed.
// Retries, redirects and limits belong to the client (core/http.ts).

import type { IncomingMessage, Agent as PlainAgent } from 'node:http';
import type { Agent as TlsAgent } from 'node:https';
import { type Failed, failed } from '../failure.ts';
import type { Clock, Timer } from './clock.ts';
import { decode } from './decode.ts';
import type { HttpAnswer, HttpRequest } from './messages.ts';
import { http, https } from './node-http.ts';
import { type Line, type RateWatch, watchRate } from './rate.ts';

/** All in milliseconds. */
export interface Timeouts {
  /** From the start of the connection, including DNS, to the end of the TLS handshake. */
  readonly connect: number;
  /** From then to the answer's headers. */
  readonly firstByte: number;
  /** Between two pieces of a body. */
  readonly idle: number;
  /** For the whole exchange: a body that drips forever is not an answer. */
  readonly total: number;
}

export interface Wire {
  readonly agents: { readonly http: PlainAgent; readonly https: TlsAgent };
  readonly timeouts: Timeouts;
  /** Called with the size of every piece of body as it arrives, still encoded. */
  readonly received: (bytes: number) => void;
  readonly line: Line;
  readonly clock: Clock;
}

export interface Question extends Pick<HttpRequest, 'method' | 'body' | 'maxBytes' | 'signal'> {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether an answer's body matters, by its status and headers; otherwise it is not read. */
  readonly wantsBody: (status: number, headers: HttpAnswer['headers']) => boolean;
}

/** Compression may add a few bytes to a small body (a header, a checksum). */
const ENCODING_OVERHEAD = 1024;

/** The name of a request in a detail: never with its query, headers or credentials. */
export function nameOf(question: Pick<Question, 'method' | 'url'>): string {
  return `${question.method} ${question.url.host}${question.url.pathname}`.slice(0, 200);
}

/**
 * `malformed` here means that a retry cannot help: a body over its cap, or not HTTP at all.
 * @throws the signal's reason if it is aborted.
 */
export function exchange(question: Question, wire: Wire): Promise<HttpAnswer | Failed> {
  const { url, method, headers, body, signal } = question;
  const { timeouts, clock } = wire;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const tls = url.protocol === 'https:';
    const request = tls
      ? https.request(url, { method, headers, agent: wire.agents.https })
      : http.request(url, { method, headers, agent: wire.agents.http });
    let over = false;
    let answering = false;
    let timer: Timer | undefined;
    let rate: RateWatch | undefined;
    let looking: Pick<Timer, 'cancel'> | undefined;

    const finish = (): void => {
      over = true;
      timer?.cancel();
      looking?.cancel();
      rate?.end();
      total.cancel();
      signal?.removeEventListener('abort', abandon);
    };
    const fail = (reason: Failed['reason'], what: string): void => {
      if (over) return;
      finish();
      request.destroy();
      resolve(failed(reason, `${nameOf(question)}: ${what}`));
    };
    const abandon = (): void => {
      finish();
      request.destroy();
      reject(signal?.reason);
    };
    const within = (milliseconds: number, what: string): void => {
      if (over) return;
      timer?.cancel();
      timer = clock.after(milliseconds, () => fail('timeout', `${what} in ${milliseconds} ms`));
    };
    const total = clock.after(timeouts.total, () =>
      fail('timeout', `not finished in ${timeouts.total} ms`),
    );
    signal?.addEventListener('abort', abandon, { once: true });

    request.on('socket', (socket) => {
      const connected = () => within(timeouts.firstByte, 'no answer');
      if (request.reusedSocket) return connected();
      within(timeouts.connect, 'no connection');
      socket.once(tls ? 'secureConnect' : 'connect', connected);
    });

    // Keep listening after the end: a later break of the connection is not an error.
    request.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.name;
      if (code.startsWith('HPE_')) fail('malformed', `not HTTP (${code})`);
      else if (code === 'ETIMEDOUT') fail('timeout', 'no connection (ETIMEDOUT)');
      else if (answering) fail('cut-short', `the connection broke inside the answer (${code})`);
      else fail('connection', code);
    });
    request.on('close', () => {
      if (!answering) fail('connection', 'closed without an answer');
    });

    request.on('response', (response) => {
      answering = true;
      const status = response.statusCode ?? 0;
      const answerHeaders = headersOf(response);
      const answer = (whole: Buffer): void => {
        if (over) return;
        finish();
        resolve({ kind: 'answer', status, headers: answerHeaders, body: whole });
      };
      if (!question.wantsBody(status, answerHeaders)) {
        answer(Buffer.alloc(0));
        request.destroy();
        return;
      }
      const encoding = hasBody(method, status) ? answerHeaders['content-encoding'] : undefined;
      const cap = question.maxBytes + (encoding === undefined ? 0 : ENCODING_OVERHEAD);
      const tooLarge = `more than ${question.maxBytes} bytes`;
      if (hasBody(method, status)) {
        const length = answerHeaders['content-length'];
        // If a body ends with its connection, a whole one and a cut one look the same.
        if (length === undefined && !/chunked$/i.test(answerHeaders['transfer-encoding'] ?? '')) {
          return fail('cut-short', 'the answer does not say where it ends');
        }
        if (Number(length) > cap) return fail('malformed', tooLarge);
      }

      const pieces: Buffer[] = [];
      let size = 0;
      within(timeouts.idle, 'no more of the body');
      rate = watchRate(wire.line);
      looking = clock.every(rate.lookEveryMs, () => {
        if (rate?.look()) fail('timeout', `the body came too slowly, ${size} bytes so far`);
      });
      response.on('data', (piece: Buffer) => {
        if (over) return;
        wire.received(piece.length);
        rate?.received(piece.length);
        size += piece.length;
        if (size > cap) return fail('malformed', tooLarge);
        pieces.push(piece);
        timer?.restart();
      });
      response.on('end', () => {
        if (over) return;
        if (!response.complete) return fail('cut-short', 'the body ends too early');
        timer?.cancel();
        looking?.cancel();
        const received = Buffer.concat(pieces, size);
        // The request and its listeners live on for a while; do not keep a second copy.
        pieces.length = 0;
        decode(received, encoding, question.maxBytes).then((decoded) => {
          if (Buffer.isBuffer(decoded)) answer(decoded);
          else fail(decoded.reason, decoded.detail);
        }, reject);
      });
      response.on('error', () => fail('cut-short', 'the connection broke inside the body'));
      response.on('close', () => {
        if (!response.complete) fail('cut-short', 'the connection ended inside the body');
      });
    });

    request.end(body);
  });
}

/** RFC 9112, 6.3: these have no body, whatever their headers say. */
function hasBody(method: Question['method'], status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

function headersOf(response: IncomingMessage): HttpAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(response.headersDistinct).map(([name, values]) => [
      name,
      values?.join(', ') ?? '',
    ]),
  );
}
