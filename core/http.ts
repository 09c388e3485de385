// The one HTTP client: polite, bounded, complete or nothing.

import { type Failed, failed } from './failure.ts';
import { type Clock, systemClock } from './http/clock.ts';
import { exchange, nameOf, type Question, type Timeouts, type Wire } from './http/exchange.ts';
import { type Host, type HostsOptions, openHosts } from './http/hosts.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http/messages.ts';
import { http, https } from './http/node-http.ts';
import { type Line, LOWEST_RATE, type LowestRate } from './http/rate.ts';
import { backoff, DEFAULT_RETRY, type RetryPolicy } from './http/retry.ts';
import { asksForPause, faultOf, REDIRECTS, redirectTarget } from './http/status.ts';
import { countOf, noTraffic } from './traffic.ts';

export type { HttpAnswer, HttpClient, HttpRequest } from './http/messages.ts';

/** A request that has no answer yet. */
export interface Waiting {
  readonly kind: string;
  /** With its port, where that is not the usual one. */
  readonly host: string;
  readonly about: string | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The host has asked for a pause. */
  readonly paused: boolean;
}

export interface RunClient extends HttpClient {
  /** Requests without an answer, the oldest first. */
  waiting(): readonly Waiting[];
}

export interface HttpClientOptions extends HostsOptions {
  /** Who asks, and where to complain; see `userAgent`. */
  readonly userAgent?: string | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Of bodies; LOWEST_RATE. */
  readonly lowestRate?: LowestRate | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Certificates (PEM) to trust instead of the usual ones. */
  readonly ca?: string | Buffer | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to 1. */
  readonly random?: (() => number) | undefined;
}

/** `mirrorwatch/0.1.0 (+https://…)`: a host that has trouble with us must be able to reach us. */
export function userAgent(version: string, contact: string): string {
  return `mirrorwatch/${version} (+${contact})`;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connect: 10_000,
  firstByte: 60_000,
  idle: 30_000,
  total: 600_000,
};

/** One request, sent once. */
interface Tried {
  readonly outcome: HttpAnswer | Failed;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** The host answered, whatever it said. */
  readonly answered: boolean;
  /** It asked for a pause. */
  readonly refused: boolean;
}

const MAX_REDIRECTS = 3;

/** A client for one run: all its requests share limits, retry budget and traffic counts. */
export function createHttpClient(options: HttpClientOptions = {}): RunClient {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const policy: RetryPolicy = { ...DEFAULT_RETRY, ...options.retry };
  const timeouts: Timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const agents: Wire['agents'] = {
    http: new http.Agent({ keepAlive: true }),
    https: new https.Agent({ keepAlive: true, ...(options.ca && { ca: options.ca }) }),
  };
  const hosts = openHosts(options, policy, clock);
  const line: Line = { clock, lowest: options.lowestRate ?? LOWEST_RATE, bodies: 0 };
  const traffic = noTraffic();
  const pending = new Set<Pick<Waiting, 'kind' | 'about' | 'since'> & { readonly host: Host }>();

  /** One try within the host's limits, with the redirects that stay on the host. */
  const attempt = async (request: HttpRequest, host: Host, nth: number): Promise<Tried> => {
    const counted = countOf(traffic, request.kind);
    const received = (bytes: number) => {
      counted.bytes += bytes;
    };
    let url = new URL(request.url);
    let sentAt = 0;
    let refused = false;
    const tried = (outcome: HttpAnswer | Failed, answered = true): Tried => ({
      outcome,
      sentAt,
      answered,
      refused,
    });
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const question = questionOf(request, url, options.userAgent ?? 'mirrorwatch');
      const exit = await host.limiter.enter(request.signal);
      sentAt = clock.now();
      let answer: HttpAnswer | Failed;
      try {
        const refusal = host.leftAlone();
        if (refusal) return tried(refusal, false);
        counted.requests += 1;
        answer = await exchange(question, { agents, timeouts, received, line, clock });
        if (answer.kind === 'answer' && asksForPause(answer.status, answer.headers)) {
          refused = true;
          host.pause(answer.headers['retry-after'], nth);
        }
      } finally {
        exit();
      }
      if (answer.kind === 'failed') return tried(answer, false);
      const fault = faultOf(answer.status, answer.headers);
      if (fault)
        return tried(failed(fault, `${nameOf(question)}: HTTP ${answer.status}`, answer.status));
      if (!REDIRECTS.has(answer.status)) return tried(answer);
      const target = redirectTarget(url, answer.headers.location);
      if (target instanceof URL) url = target;
      else return tried(failed('malformed', `${nameOf(question)}: ${target}`));
    }
    return tried(
      failed('malformed', `${request.method} ${url.host}: more than ${MAX_REDIRECTS} redirects`),
    );
  };

  const askOfHost = async (request: HttpRequest): Promise<HttpAnswer | Failed> => {
    const { kind, about = null } = request;
    const asked = { kind, about, host: hosts.use(new URL(request.url)), since: clock.now() };
    pending.add(asked);
    try {
      return await ask(request, asked.host);
    } finally {
      pending.delete(asked);
    }
  };

  const ask = async (request: HttpRequest, host: Host): Promise<HttpAnswer | Failed> => {
    for (let nth = 1; ; nth += 1) {
      const { outcome: onWire, sentAt, answered, refused } = await attempt(request, host, nth);
      const wrong = onWire.kind === 'answer' ? request.verify?.(onWire) : undefined;
      // What is written in an answer may be a refusal as well.
      const refusedInWords = wrong?.reason === 'throttled';
      if (refusedInWords) host.pause(undefined, nth);
      const outcome = wrong ?? onWire;
      if (refused || refusedInWords) {
        host.countRefusal(sentAt, outcome.kind === 'failed' ? outcome.reason : 'throttled');
      } else if (answered) host.answered();
      // From `exchange`, malformed means that a retry cannot help.
      if (onWire.kind === 'failed' && onWire.reason === 'malformed') return onWire;
      if (outcome.kind === 'answer' || host.leftAlone()) return outcome;
      if (nth >= policy.tries || !host.takeRetry()) return outcome;
      countOf(traffic, request.kind).retries += 1;
      await clock.sleep(backoff(policy, nth, random), request.signal);
    }
  };

  return {
    request: askOfHost,
    traffic,
    // In the order in which they were asked.
    waiting: () =>
      [...pending].map(({ host, ...asked }) => ({
        ...asked,
        host: host.name,
        paused: host.isPaused(),
      })),
    close() {
      for (const agent of Object.values(agents)) {
        for (const sockets of Object.values(agent.freeSockets)) {
          for (const socket of sockets ?? []) socket.destroy();
        }
      }
    },
  };
}

function questionOf(request: HttpRequest, url: URL, agent: string): Question {
  // Packs are compressed already and S3 never compresses: a caller that gains from it asks for it.
  const headers: Record<string, string> = { 'user-agent': agent, 'accept-encoding': 'identity' };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  if (request.body !== undefined) headers['content-length'] = `${Buffer.byteLength(request.body)}`;
  const wantsBody: Question['wantsBody'] = (status, answered) =>
    faultOf(status, answered) === undefined && !REDIRECTS.has(status);
  const { method, body, maxBytes, signal } = request;
  return { url, method, headers, maxBytes, signal, wantsBody, ...(body !== undefined && { body }) };
}
