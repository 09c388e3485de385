// Something between us and a host: a proxy, a firewall, a captive portal, or just a slow host. It
// changes each answer as the test says, based only on the answer.

import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Clock, systemClock } from '../../core/http/clock.ts';
import type { Held } from '../../sample/server.ts';

export const DEEDS = [
  'page-200',
  'page-403',
  'page-404',
  'page-511',
  'asks-for-a-password',
  'leads-elsewhere',
  'leads-in-circles',
  'half',
  'half-and-reset',
  'nothing',
  'no-content',
  'silent',
  'trickles',
  'wrong-encoding',
  'without-headers',
  'throttles',
  'throttles-403',
  'busy',
  'twice',
  'late',
] as const;
export type Deed = (typeof DEEDS)[number];

/** With these the true answer still arrives. */
export const HARMLESS: readonly Deed[] = ['late'];

export interface MiddleBox extends AsyncDisposable {
  readonly url: string;
  readonly asked: number;
  /** Answers that come late, byte by byte, or never. */
  held(): Held;
}

export interface Acts {
  /** What is done to the nth answer; undefined for nothing. */
  readonly deed: (nth: number) => Deed | undefined;
  /** The original text of an answer, and its replacement. */
  readonly rewrite?: ((body: string) => string) | undefined;
  /** Delays late answers. */
  readonly clock?: Clock | undefined;
}

/** Milliseconds before a late answer, or a slow one's next byte: within every deadline. */
const LATE = 20_000;

const PAGE = '<!doctype html><title>Log in</title><p>Repository not found? Log in first.</p>';

/** @param url of the server behind it; its path is kept */
export async function serveMiddleBox(
  url: string,
  { deed, rewrite, clock = systemClock }: Acts,
): Promise<MiddleBox> {
  const { origin, pathname } = new URL(url);
  let asked = 0;
  let held: Held = { open: 0, left: 0 };
  /** @returns what stops it */
  const hold = (answer: ServerResponse): (() => void) => {
    held = { ...held, open: held.open + 1 };
    const leave = () => {
      held = { open: held.open - 1, left: held.left + 1 };
    };
    answer.once('close', leave);
    return () => {
      if (answer.listeners('close').includes(leave)) held = { ...held, open: held.open - 1 };
      answer.off('close', leave);
    };
  };
  const server = createServer(async (question, answer) => {
    asked += 1;
    const done = deed(asked);
    question.on('error', () => {});
    const text = await buffer(question).catch(() => Buffer.alloc(0));
    if (done === 'silent') return void hold(answer);
    if (done !== undefined && answersItself(done, question, answer)) return;
    const { method = 'GET', headers } = question;
    const { 'accept-encoding': packed, ...plain } = headers;
    const sent = rewrite || packed === undefined ? plain : headers;
    const behind = ask(new URL(question.url ?? '/', origin), { method, headers: sent });
    behind.on('error', () => answer.destroy());
    // A request that does not wait here does not wait there either.
    answer.on('close', () => behind.destroy());
    behind.on('response', async (got: IncomingMessage) => {
      const body = await buffer(got).catch(() => null);
      if (body === null) return answer.destroy();
      const given = rewrite ? Buffer.from(rewrite(body.toString())) : body;
      handOn(
        done,
        { status: got.statusCode ?? 500, headers: got.headers, body: given },
        answer,
        method,
        { clock, hold },
      );
    });
    behind.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname.replace(/\/$/, '')}`,
    get asked() {
      return asked;
    },
    held: () => held,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Needs no answer from upstream. */
function answersItself(deed: Deed, question: IncomingMessage, answer: ServerResponse): boolean {
  const page = (status: number) =>
    answer.writeHead(status, { 'content-type': 'text/html', etag: '"page"' }).end(PAGE);
  const bare = (status: number, headers: Record<string, string>) =>
    answer.writeHead(status, { 'content-length': 0, ...headers }).end();
  switch (deed) {
    case 'page-200':
    case 'page-403':
    case 'page-404':
    case 'page-511':
      page(Number(deed.slice(5)));
      return true;
    case 'asks-for-a-password':
      bare(407, { 'proxy-authenticate': 'Basic realm="proxy"' });
      return true;
    case 'leads-elsewhere':
      bare(302, { location: 'http://login.invalid/' });
      return true;
    case 'leads-in-circles':
      bare(302, { location: question.url ?? '/' });
      return true;
    case 'no-content':
      answer.writeHead(204).end();
      return true;
    case 'throttles':
      bare(429, { 'retry-after': '1' });
      return true;
    case 'throttles-403':
      bare(403, { 'retry-after': '1' });
      return true;
    case 'busy':
      bare(503, { 'retry-after': '1' });
      return true;
    default:
      return false;
  }
}

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Waits {
  readonly clock: Clock;
  readonly hold: (answer: ServerResponse) => () => void;
}

function handOn(
  deed: Deed | undefined,
  { status, headers, body }: Got,
  answer: ServerResponse,
  method: string,
  { clock, hold }: Waits,
) {
  const { 'transfer-encoding': _chunks, connection: _connection, ...kept } = headers;
  const give = (given: Buffer, more = {}) => {
    // The length in the answer to a HEAD is the object's.
    const length = method === 'HEAD' ? {} : { 'content-length': given.length };
    answer.writeHead(status, { ...kept, ...length, ...more }).end(given);
  };
  const half = body.subarray(0, body.length >> 1);
  switch (deed) {
    case 'half':
      return give(half);
    case 'half-and-reset':
      answer.writeHead(status, { ...kept, 'content-length': body.length });
      answer.write(half, () => answer.destroy());
      return;
    case 'nothing':
      return give(Buffer.alloc(0));
    case 'wrong-encoding':
      return give(body, { 'content-encoding': 'gzip' });
    case 'without-headers':
      answer.writeHead(status, { 'content-length': body.length }).end(body);
      return;
    case 'twice':
      return give(Buffer.concat([body, body]));
    case 'late': {
      const release = hold(answer);
      const timer = clock.after(LATE, () => {
        release();
        give(body);
      });
      answer.on('close', timer.cancel);
      return;
    }
    case 'trickles': {
      answer.writeHead(status, { ...kept, 'content-length': body.length });
      if (method === 'HEAD' || body.length === 0) return void answer.end();
      answer.flushHeaders();
      const release = hold(answer);
      let at = 0;
      const timer = clock.every(LATE, () => {
        answer.write(body.subarray(at, ++at));
        if (at < body.length) return;
        timer.cancel();
        release();
        answer.end();
      });
      answer.on('close', timer.cancel);
      return;
    }
    default:
      return give(body);
  }
}
