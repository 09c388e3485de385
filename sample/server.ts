// A server on one loopback port that answers like the hosts of an archive. It counts requests, and
// adds faults and latency on request. Its routes say what is there.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaults, type FaultRule, type Known } from './faults.ts';
import { askedOf, jsonAnswer, type Prepared, type Route, replyTo } from './route.ts';
import { send } from './send.ts';

/** Milliseconds added before an answer, by kind. */
export type Latency<Kind extends string = string> = Partial<Record<Kind, number>>;

export interface Count {
  requests: number;
  /** Of bodies sent. */
  bytes: number;
  /** Requests that got a fault. */
  faults: number;
}
export type Counts<Kind extends string = string> = Record<Kind, Count>;

export interface ServerOptions<Kind extends string = string, Fault extends string = string> {
  readonly known: Known<Kind, Fault>;
  /** The first that knows an address answers; an unknown kind is a bug. */
  readonly routes: readonly Route[];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly faults?: readonly FaultRule<Kind, Fault>[];
  readonly latency?: Latency<Kind>;
}

/** Answers that a fault never lets complete. */
export interface Held {
  /** Of those, the client still waits for so many. */
  readonly open: number;
  /** Of those, the client has given up so many, since the start. */
  readonly left: number;
}

export interface ArchiveServer<Kind extends string = string, Fault extends string = string> {
  readonly url: string;
  /** Counted since the start or the last reset. */
  stats(): Counts<Kind>;
  resetStats(): void;
  held(): Held;
  setFaults(rules: readonly FaultRule<Kind, Fault>[]): void;
  setLatency(latency: Latency<Kind>): void;
  close(): Promise<void>;
}

/** More than any request of the monitor. */
const MAX_BODY = 16 * 2 ** 20;

function noCounts<Kind extends string>(kinds: readonly Kind[]): Counts<Kind> {
  const zero = (): Count => ({ requests: 0, bytes: 0, faults: 0 });
  return Object.fromEntries(kinds.map((kind) => [kind, zero()])) as Counts<Kind>;
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('the question is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws the error of `listen` (`EADDRINUSE`, …) if the port is not available. */
export async function startServer<Kind extends string, Fault extends string>(
  options: ServerOptions<Kind, Fault>,
): Promise<ArchiveServer<Kind, Fault>> {
  const { known, routes, port = 0, host = '127.0.0.1' } = options;
  const faults = createFaults(options.faults ?? [], known);
  let latency: Latency<Kind> = checkLatency(options.latency ?? {}, known.kinds);
  let stats = noCounts(known.kinds);
  let held: Held = { open: 0, left: 0 };
  const closing = new AbortController();

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await readBody(req);
    const asked = askedOf(req.method ?? 'GET', req.url ?? '/', req.headers, body);
    if (asked.path.startsWith('/_sample/')) {
      send(res, asked.method, control(req, body));
      return;
    }
    const reply = replyTo(routes, asked);
    if (!reply) {
      res.writeHead(404, { 'content-type': 'text/plain' }).end('no such address\n');
      return;
    }
    const { dataset, name = `${asked.method} ${asked.url}` } = reply;
    const kind = reply.kind as Kind;
    const count = stats[kind];
    count.requests++;
    const wait = latency[kind] ?? 0;
    if (wait > 0) await sleep(wait, undefined, { signal: closing.signal });
    const fault = faults.choose(kind, dataset, name);
    let hit = fault !== undefined;
    const strikes = (part: string, of: string) => {
      const struck = faults.strikesPart(part, of, kind, name);
      hit ||= struck;
      return struck;
    };
    const whole = await reply.answer({ message: req, strikes });
    if (fault?.breaks === 'before' || fault?.breaks === 'stalled') {
      held = { ...held, open: held.open + 1 };
      res.once('close', () => {
        held = { open: held.open - 1, left: held.left + 1 };
      });
    }
    if (hit) count.faults++;
    if (Buffer.isBuffer(whole.body)) {
      count.bytes += send(res, asked.method, { ...whole, body: whole.body }, fault, kind);
    } else if (fault) {
      // An object too large for memory: its beginning stands for it.
      const [first = Buffer.alloc(0)] = whole.body;
      count.bytes += send(res, asked.method, { ...whole, body: first }, fault, kind);
    } else {
      res.writeHead(whole.status, whole.headers);
      const stream = Readable.from(whole.body);
      stream.on('data', (chunk: Buffer) => {
        count.bytes += chunk.length;
      });
      res.on('close', () => stream.destroy());
      stream.pipe(res);
    }
  };

  const control = (req: IncomingMessage, body: Buffer): Prepared => {
    const address = req.socket.remoteAddress ?? '';
    if (!/^(::1|(::ffff:)?127\.)/.test(address)) return jsonAnswer(403, { error: 'loopback only' });
    const path = `${req.method} ${req.url}`;
    try {
      if (path === 'GET /_sample/stats') return jsonAnswer(200, stats);
      if (path === 'POST /_sample/faults') {
        faults.set(JSON.parse(body.toString()));
        return jsonAnswer(200, { ok: true });
      }
      if (path === 'POST /_sample/latency') {
        latency = checkLatency(JSON.parse(body.toString()), known.kinds);
        return jsonAnswer(200, { ok: true });
      }
    } catch (error) {
      return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
    }
    return jsonAnswer(404, { error: 'GET stats, POST faults or POST latency' });
  };

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      if (closing.signal.aborted || req.destroyed) return void res.destroy();
      // A bug of the sample archive must not look like a requested fault.
      console.error(`sample archive: ${req.method} ${req.url}:`, error);
      if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain' });
      res.end('the sample archive has a bug: see its log\n');
    });
  });
  await listen(server, port, host);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    stats: () => structuredClone(stats),
    resetStats: () => {
      stats = noCounts(known.kinds);
    },
    held: () => held,
    setFaults: (rules) => faults.set(rules),
    setLatency: (next) => {
      latency = checkLatency(next, known.kinds);
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @throws Error in one sentence. */
export function checkLatency<Kind extends string>(
  latency: Latency<Kind>,
  kinds: readonly Kind[],
): Latency<Kind> {
  for (const [kind, wait] of Object.entries(latency) as [Kind, number][]) {
    if (!kinds.includes(kind)) {
      throw new Error(`unknown kind "${kind}": one of ${kinds.join(', ')}`);
    }
    if (!(wait >= 0)) throw new Error(`latency of ${kind} is not a number of milliseconds`);
  }
  return latency;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
