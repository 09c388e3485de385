// The servers that a measured process talks to: the sample archive behind a front that caches its
// answers. So the client is measured, not the generation of the answers; product and baseline get
// them from the same memory, after the same wait, with the same counters.

import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { routesOf } from '../../archives/openneuro/sample/server.ts';
import { noTraffic, type Traffic, type TrafficKind } from '../../core/traffic.ts';
import { askedOf, replyTo } from '../../sample/route.ts';

export interface Front {
  /** Over plain HTTP. */
  readonly url: string;
  /** The same over TLS. */
  readonly tlsUrl: string;
  /** From now on every answer waits so many milliseconds, and counters start from zero. */
  begin(latency: number): void;
  /** Requests and body bytes by kind since `begin`. */
  traffic(): Traffic;
}

interface Kept {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** All pages of the largest archive, twice (with and without encoding-type), are 6 GB. */
const MOST_KEPT = totalmem() / 3;

/** What determines an answer, besides method, address and body. */
const DECIDING_HEADERS = ['git-protocol', 'if-none-match', 'content-encoding'];
/** Specific to one connection, or set by Node. */
const OWN_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** @param upstream address of the sample archive */
export async function openFront(
  upstream: string,
  tls: { readonly key: string; readonly cert: string },
): Promise<Front> {
  const kept = new Map<string, Kept>();
  const agent = new http.Agent({ keepAlive: true });
  let keptBytes = 0;
  let latency = 0;
  let traffic = noTraffic();
  // For the kinds of requests only: the sample archive knows them.
  const routes = routesOf({ datasets: [] });

  const answer = async (req: http.IncomingMessage, res: http.ServerResponse): Promise<void> => {
    const body = await bodyOf(req);
    const path = req.url ?? '/';
    const reply = replyTo(routes, askedOf(req.method ?? 'GET', path, req.headers, body));
    if (latency > 0) await sleep(latency);
    const key = keyOf(req, path, body);
    let found = kept.get(key);
    if (!found) {
      found = await ask(`${upstream}${path}`, req, body, agent);
      if (keptBytes + found.body.length <= MOST_KEPT) {
        kept.set(key, found);
        keptBytes += found.body.length;
      }
    }
    if (reply) {
      const counted = traffic[reply.kind as TrafficKind];
      counted.requests += 1;
      counted.bytes += found.body.length;
    }
    res.writeHead(found.status, found.headers).end(found.body);
  };
  const handle = (req: http.IncomingMessage, res: http.ServerResponse): void => {
    answer(req, res).catch((error: unknown) => {
      if (!req.destroyed) console.error('bench server:', req.method, req.url, error);
      res.destroy();
    });
  };
  const plain = http.createServer(handle);
  const secure = https.createServer(tls, handle);
  return {
    url: `http://127.0.0.1:${await listen(plain)}`,
    tlsUrl: `https://127.0.0.1:${await listen(secure)}`,
    begin(milliseconds) {
      latency = milliseconds;
      traffic = noTraffic();
    },
    traffic: () => traffic,
  };
}

function keyOf(req: http.IncomingMessage, path: string, body: Buffer): string {
  const headers = DECIDING_HEADERS.map((name) => req.headers[name] ?? '');
  const digest = createHash('sha1').update(body).digest('hex');
  return [req.method, path, ...headers, digest].join(' ');
}

function ask(
  url: string,
  { method, headers }: http.IncomingMessage,
  body: Buffer,
  agent: http.Agent,
): Promise<Kept> {
  const passed = Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name));
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      agent,
      method: method ?? 'GET',
      headers: { ...Object.fromEntries(passed), 'content-length': body.length },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      bodyOf(response).then((answer) => {
        const own = Object.entries(response.headers).filter(([name]) => !OWN_HEADERS.has(name));
        resolve({
          status: response.statusCode ?? 500,
          headers: { ...Object.fromEntries(own), 'content-length': answer.length },
          body: answer,
        });
      }, reject);
    });
    request.end(body);
  });
}

async function bodyOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function listen(server: http.Server | https.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
