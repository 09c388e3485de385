// OpenNeuro in a box: the registry, the git mirrors and the export bucket of a sample archive on
// one loopback port, with counts of what was asked, faults and latency on request.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleArchive } from './archive.ts';
import { capture } from './capture.ts';
import { createFaults, type FaultRule, type Faults } from './faults.ts';
import { createGitHandler } from './git/index.ts';
import { askRegistry, type RegistryQuestion } from './registry.ts';
import { BUCKET, getObject, listObjects, type S3Answer } from './s3.ts';
import { type Prepared, send } from './spoil.ts';
import { type Route, routeOf, TRAFFIC_KINDS, type TrafficKind } from './traffic.ts';

/** Milliseconds added before an answer, by kind. */
export type Latency = Partial<Record<TrafficKind, number>>;

export interface SampleCount {
  requests: number;
  /** Of bodies sent. */
  bytes: number;
  /** Requests that suffered a fault. */
  faults: number;
}
export type SampleStats = Record<TrafficKind, SampleCount>;

export interface SampleOptions {
  readonly archive: SampleArchive;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly faults?: readonly FaultRule[];
  readonly latency?: Latency;
  /** The most datasets on a page of the registry; the real one gives 100. */
  readonly pageSizeLimit?: number;
}

export interface SampleServer {
  readonly url: string;
  readonly registryUrl: string;
  /** `/{id}.git` is added to it. */
  readonly mirrorUrl: string;
  /** `/{key}` or `?list-type=2` is added to it. */
  readonly exportUrl: string;
  /** Counted since the start or the last reset. */
  stats(): SampleStats;
  resetStats(): void;
  setFaults(rules: readonly FaultRule[]): void;
  setLatency(latency: Latency): void;
  close(): Promise<void>;
}

/** More than any question the monitor asks. */
const MAX_BODY = 16 * 2 ** 20;

function noStats(): SampleStats {
  const zero = (): SampleCount => ({ requests: 0, bytes: 0, faults: 0 });
  return Object.fromEntries(TRAFFIC_KINDS.map((kind) => [kind, zero()])) as SampleStats;
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

function json(status: number, value: unknown): Prepared {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** What names a request among others, so that its retries are known as such. */
function nameOf(
  route: Route,
  req: IncomingMessage,
  question: RegistryQuestion | undefined,
): string {
  if (route.kind === 'registry') return String(question?.variables?.after ?? '');
  return `${req.method} ${req.url}`;
}

function readQuestion(body: Buffer): RegistryQuestion | undefined {
  try {
    const question = JSON.parse(body.toString()) as RegistryQuestion;
    return typeof question?.query === 'string' ? question : undefined;
  } catch {
    return undefined;
  }
}

/** @throws the error of `listen` (`EADDRINUSE`, …) when the port cannot be had. */
export async function startSampleArchive(options: SampleOptions): Promise<SampleServer> {
  const { archive, port = 0, host = '127.0.0.1', pageSizeLimit = 100 } = options;
  const faults: Faults = createFaults(options.faults ?? []);
  let latency: Latency = options.latency ?? {};
  let stats = noStats();
  const closing = new AbortController();
  const datasetOf = (id: string) => archive.datasets.find((dataset) => dataset.id === id);
  const handleGit = createGitHandler(async (id) => datasetOf(id)?.mirror(), {
    closed: (id) => datasetOf(id)?.mirrorClosed === true,
  });

  const prepare = async (
    route: Route,
    req: IncomingMessage,
    body: Buffer,
    name: string,
    question: RegistryQuestion | undefined,
  ): Promise<Prepared | S3Answer> => {
    switch (route.kind) {
      case 'registry': {
        if (req.method !== 'POST' || !question) {
          return json(400, { errors: [{ message: 'POST a JSON object with a query.' }] });
        }
        let hit = false;
        const nullEdge = (id: string) => {
          const struck = faults.nullEdge(id, name);
          hit ||= struck;
          return struck;
        };
        const answer = await askRegistry(archive, question, { pageSizeLimit, nullEdge });
        if (hit) stats.registry.faults++;
        return json(answer.data === undefined ? 400 : 200, answer);
      }
      case 'refs':
      case 'tree':
        return capture(req, body, (again, res) => handleGit(again, res, route.dataset, route.rest));
      case 'description':
      case 'access': {
        const ifNoneMatch = req.headers['if-none-match'];
        return getObject(archive, route.key, { head: req.method === 'HEAD', ifNoneMatch });
      }
      case 'listing':
        return listObjects(archive, route.query);
    }
  };

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await readBody(req);
    const url = req.url ?? '/';
    if (url.startsWith('/_sample/')) {
      send(res, request(req), control(req, body), undefined, 'registry');
      return;
    }
    const route = routeOf(url, body, req.headers['content-encoding'], req.method);
    if (!route) {
      res.writeHead(404, { 'content-type': 'text/plain' }).end('no such address\n');
      return;
    }
    const { kind } = route;
    const count = stats[kind];
    count.requests++;
    const wait = latency[kind] ?? 0;
    if (wait > 0) await sleep(wait, undefined, { signal: closing.signal });
    const question = kind === 'registry' ? readQuestion(body) : undefined;
    const name = nameOf(route, req, question);
    const fault = faults.choose(kind, 'dataset' in route ? route.dataset : null, name);
    if (fault) count.faults++;
    const prepared = await prepare(route, req, body, name, question);
    if (Buffer.isBuffer(prepared.body)) {
      count.bytes += send(res, request(req), { ...prepared, body: prepared.body }, fault, kind);
    } else if (fault) {
      // An object too big to hold: its beginning stands for it.
      const [first = Buffer.alloc(0)] = prepared.body;
      count.bytes += send(res, request(req), { ...prepared, body: first }, fault, kind);
    } else {
      res.writeHead(prepared.status, prepared.headers);
      const stream = Readable.from(prepared.body);
      stream.on('data', (chunk: Buffer) => {
        count.bytes += chunk.length;
      });
      res.on('close', () => stream.destroy());
      stream.pipe(res);
    }
  };

  const control = (req: IncomingMessage, body: Buffer): Prepared => {
    const address = req.socket.remoteAddress ?? '';
    if (!/^(::1|(::ffff:)?127\.)/.test(address)) return json(403, { error: 'loopback only' });
    const path = `${req.method} ${req.url}`;
    try {
      if (path === 'GET /_sample/stats') return json(200, stats);
      if (path === 'POST /_sample/faults') {
        faults.set(JSON.parse(body.toString()) as FaultRule[]);
        return json(200, { ok: true });
      }
      if (path === 'POST /_sample/latency') {
        latency = checkLatency(JSON.parse(body.toString()) as Latency);
        return json(200, { ok: true });
      }
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
    return json(404, { error: 'GET stats, POST faults or POST latency' });
  };

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      if (closing.signal.aborted || req.destroyed) return void res.destroy();
      // A bug of the sample archive must not pass for a fault that was asked for.
      console.error(`sample archive: ${req.method} ${req.url}:`, error);
      if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain' });
      res.end('the sample archive has a bug: see its log\n');
    });
  });
  await listen(server, port, host);
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    registryUrl: `${url}/crn/graphql`,
    mirrorUrl: `${url}/git`,
    exportUrl: `${url}/${BUCKET}`,
    stats: () => structuredClone(stats),
    resetStats: () => {
      stats = noStats();
    },
    setFaults: (rules) => faults.set(rules),
    setLatency: (next) => {
      latency = checkLatency(next);
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function request(req: IncomingMessage) {
  return { method: req.method ?? 'GET', headers: req.headers };
}

/** @throws Error in one sentence. */
export function checkLatency(latency: Latency): Latency {
  for (const [kind, wait] of Object.entries(latency)) {
    if (!TRAFFIC_KINDS.includes(kind as TrafficKind)) {
      throw new Error(`unknown kind "${kind}": one of ${TRAFFIC_KINDS.join(', ')}`);
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
