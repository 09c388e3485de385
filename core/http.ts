// The one HTTP client: polite, bounded, complete or nothing.

import { type Failed, failed } from './failure.ts';
import { type Clock, systemClock } from './http/clock.ts';
import { exchange, nameOf, type Question, type Timeouts, type Wire } from './http/exchange.ts';
import { createLimiter, type HostLimit, type Limiter } from './http/limiter.ts';
import { http, https } from './http/node-http.ts';
import { type Line, LOWEST_RATE, type LowestRate } from './http/rate.ts';
import { backoff, DEFAULT_RETRY, pauseFor, type RetryPolicy } from './http/retry.ts';
import { countOf, noTraffic, type Traffic } from './traffic.ts';

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
  /** Hosts (with their port, where that is not the usual one) that are not asked any more, and why. */
  leftAlone(): ReadonlyMap<string, Failed>;
  /** Sends a host no more requests: another client of the same run was refused too often. */
  leaveAlone(host: string, why: Failed): void;
}

export interface HttpClientOptions {
  /** Who asks, and where to complain; see `userAgent`. */
  readonly userAgent?: string | undefined;
  /** By host name (`github.com`) or host and port (`127.0.0.1:8080`), which counts first. */
  readonly limits?: Readonly<Record<string, HostLimit>> | undefined;
  /** For hosts without a limit of their own, except loopback; 8 in flight and 10 a second. */
  readonly defaultLimit?: HostLimit | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Of bodies; LOWEST_RATE. */
  readonly lowestRate?: LowestRate | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Certificates (PEM) to trust instead of the usual ones. */
  readonly ca?: string | Buffer | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to 1. */
  readonly random?: (() => number) | undefined;
  /** Called when a host asks for a pause of so many milliseconds, in which the run seems to hang. */
  readonly onPause?: ((host: string, milliseconds: number) => void) | undefined;
  /** Called once for a host that gets no more requests in this run, with the reason. */
  readonly onLeftAlone?: ((host: string, why: string) => void) | undefined;
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
const DEFAULT_LIMIT: HostLimit = { inFlight: 8, perSecond: 10 };
/** The own machine needs no politeness, only bounds. */
const LOOPBACK_LIMIT: HostLimit = { inFlight: 32, perSecond: Number.POSITIVE_INFINITY };
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

interface Host {
  /** With its port, where that is not the usual one. */
  readonly name: string;
  readonly limiter: Limiter;
  /** In a row, and when the last of them came (milliseconds since the epoch). */
  refusals: number;
  refusedAt: number;
  /** Milliseconds since the epoch. */
  pausedUntil: number;
  /** The answer to all further requests. */
  leftAlone: Failed | undefined;
}

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

/** These keep the method, which all our requests need. A 303 does not, so it counts as an answer. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);
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
  const limits = new Map(Object.entries(options.limits ?? {}));
  const hosts = new Map<string, Host>();
  const line: Line = { clock, lowest: options.lowestRate ?? LOWEST_RATE, bodies: 0 };
  const traffic = noTraffic();
  const pending = new Set<Pick<Waiting, 'kind' | 'about' | 'since'> & { readonly host: Host }>();
  let retriesLeft = policy.budget;

  const hostOf = (url: URL): Host => {
    const known = hosts.get(url.host);
    if (known) return known;
    const limit =
      limits.get(url.host) ??
      limits.get(url.hostname) ??
      (LOOPBACK.test(url.hostname) ? LOOPBACK_LIMIT : (options.defaultLimit ?? DEFAULT_LIMIT));
    const host: Host = {
      name: url.host,
      limiter: createLimiter(limit, clock),
      refusals: 0,
      refusedAt: 0,
      pausedUntil: 0,
      leftAlone: undefined,
    };
    hosts.set(url.host, host);
    return host;
  };

  const leave = (host: Host, why: Failed): void => {
    if (host.leftAlone) return;
    host.leftAlone = why;
    host.limiter.giveUp();
    options.onLeftAlone?.(host.name, why.detail);
  };

  const pause = (host: Host, retryAfter: string | undefined, nth: number): void => {
    const milliseconds = pauseFor(policy, retryAfter, nth, clock.now());
    host.limiter.pause(milliseconds);
    host.pausedUntil = Math.max(host.pausedUntil, clock.now() + milliseconds);
    options.onPause?.(host.name, milliseconds);
  };

  /**
   * Refusals in a row. Requests that were in flight together count once: none of them was sent
   * after a pause.
   */
  const countRefusal = (host: Host, sentAt: number, refusal: HttpAnswer | Failed): void => {
    if (host.leftAlone || (host.refusals > 0 && sentAt <= host.refusedAt)) return;
    host.refusals += 1;
    host.refusedAt = clock.now();
    if (host.refusals < policy.refusals) return;
    const why = `${host.name} is left alone for the rest of the run: it refused ${host.refusals} times in a row`;
    leave(host, failed(refusal.kind === 'failed' ? refusal.reason : 'throttled', why));
  };

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
        if (host.leftAlone) return tried(host.leftAlone, false);
        counted.requests += 1;
        answer = await exchange(question, { agents, timeouts, received, line, clock });
        if (answer.kind === 'answer' && asksForPause(answer.status, answer.headers)) {
          refused = true;
          pause(host, answer.headers['retry-after'], nth);
        }
      } finally {
        exit();
      }
      if (answer.kind === 'failed') return tried(answer, false);
      const fault = faultOf(answer.status, answer.headers);
      if (fault) return tried(failed(fault, `${nameOf(question)}: HTTP ${answer.status}`));
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
    const asked = { kind, about, host: hostOf(new URL(request.url)), since: clock.now() };
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
      if (refusedInWords) pause(host, undefined, nth);
      const outcome = wrong ?? onWire;
      if (refused || refusedInWords) countRefusal(host, sentAt, outcome);
      else if (answered) host.refusals = 0;
      // From `exchange`, malformed means that a retry cannot help.
      if (onWire.kind === 'failed' && onWire.reason === 'malformed') return onWire;
      if (outcome.kind === 'answer' || host.leftAlone) return outcome;
      if (nth >= policy.tries || retriesLeft <= 0) return outcome;
      retriesLeft -= 1;
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
        paused: host.pausedUntil > clock.now(),
      })),
    leftAlone: () =>
      new Map(
        [...hosts.values()].flatMap(({ name, leftAlone }) =>
          leftAlone ? [[name, leftAlone]] : [],
        ),
      ),
    leaveAlone: (host, why) => leave(hostOf(new URL(`https://${host}`)), why),
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

/** The failure that a status means; undefined when the status is an answer. */
function faultOf(status: number, headers: HttpAnswer['headers']): Failed['reason'] | undefined {
  if (status === 429 || (status === 403 && hasLimitSign(headers))) return 'throttled';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'http-5xx' : undefined;
}

function hasLimitSign(headers: HttpAnswer['headers']): boolean {
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

function asksForPause(status: number, headers: HttpAnswer['headers']): boolean {
  if (faultOf(status, headers) === 'throttled') return true;
  return status === 503 && headers['retry-after'] !== undefined;
}

/** The address of a redirect, or why it is not followed: upstream hosts are fixed (docs/architecture.md). */
function redirectTarget(from: URL, location: string | undefined): URL | string {
  const target = URL.parse(location ?? '', from.href);
  if (location === undefined || !target) return 'a redirect to nowhere';
  if (target.origin === from.origin) return target;
  return `a redirect to another host, ${target.origin.slice(0, 100)}`;
}
