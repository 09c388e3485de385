// Faults on request: which request suffers which one is decided by a seed, so that a failing run
// can be had again.

import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createRandom } from './bytes.ts';
import { TRAFFIC_KINDS, type TrafficKind } from './traffic.ts';

export const FAULTS = {
  '500': 'an internal error',
  '503': 'service unavailable',
  '429': 'too many requests, Retry-After: 1',
  '429-date': 'too many requests, Retry-After as a date one second ahead',
  '429-bare': 'too many requests without Retry-After',
  '429-absurd': 'too many requests, Retry-After: a year',
  reset: 'the connection is reset in the middle of the body',
  cut: 'half a body under a 200 with right framing',
  'cut-length': 'Content-Length is right, the connection closes half way',
  'cut-chunked': 'chunked, closed half way without the last chunk',
  stall: 'half a body, then nothing',
  silent: 'no answer at all',
  garbage: 'a 200 with bytes of no format',
  html: 'a 200 with a web page',
  'null-edge': 'registry: a null edge and an error beside it',
  'cut-refs': 'refs: the last ref and the flush packet are lost, framing right',
  'missing-page':
    'registry: a page without its edges; listing: half of the keys that KeyCount says',
} as const;

export type FaultName = keyof typeof FAULTS;

const ONLY: Partial<Record<FaultName, readonly TrafficKind[]>> = {
  'null-edge': ['registry'],
  'cut-refs': ['refs'],
  'missing-page': ['registry', 'listing'],
};

export interface FaultRule {
  readonly kind: TrafficKind;
  readonly fault: FaultName;
  /** Share of the requests that suffer it, 0 to 1. */
  readonly rate: number;
  readonly seed?: number;
  /** Only these datasets; the registry's pages belong to none, except for `null-edge`. */
  readonly datasets?: readonly string[];
  /** Retries of a request share its fate; without it each try is decided anew. */
  readonly sticky?: boolean;
  /** Only the first so many tries of a request can suffer. */
  readonly tries?: number;
}

/** @throws Error in one sentence when a rule makes no sense. */
export function checkRule(rule: FaultRule): FaultRule {
  if (!TRAFFIC_KINDS.includes(rule.kind)) {
    throw new Error(`unknown kind "${rule.kind}": one of ${TRAFFIC_KINDS.join(', ')}`);
  }
  if (!Object.hasOwn(FAULTS, rule.fault)) {
    throw new Error(`unknown fault "${rule.fault}": one of ${Object.keys(FAULTS).join(', ')}`);
  }
  if (!(rule.rate >= 0 && rule.rate <= 1)) {
    throw new Error(`rate ${rule.rate} is not between 0 and 1`);
  }
  const only = ONLY[rule.fault];
  if (only && !only.includes(rule.kind)) {
    throw new Error(`fault ${rule.fault} is for ${only.join(' and ')}, not for ${rule.kind}`);
  }
  return rule;
}

/** `kind:fault:rate`, as the command line has it; the rate may be left out (1). */
export function parseRule(text: string, seed: number): FaultRule {
  const [kind, fault, rate = '1', more] = text.split(':');
  if (!kind || !fault || more !== undefined || rate.trim() === '') {
    throw new Error(`"${text}" is not kind:fault:rate`);
  }
  return checkRule({
    kind: kind as TrafficKind,
    fault: fault as FaultName,
    rate: Number(rate),
    seed,
  });
}

export interface Faults {
  set(rules: readonly FaultRule[]): void;
  /** The fault of a request; `what` names the request so that its tries can be counted. */
  choose(kind: TrafficKind, dataset: string | null, what: string): FaultName | undefined;
  /** Whether a dataset's edge is null on this answer. */
  nullEdge(dataset: string, what: string): boolean;
}

export function createFaults(initial: readonly FaultRule[]): Faults {
  let rules: readonly FaultRule[] = [];
  const tries = new Map<string, number>();

  const strikes = (rule: FaultRule, subject: string, attempt: number): boolean => {
    if (attempt >= (rule.tries ?? Number.POSITIVE_INFINITY)) return false;
    const fate = `${rule.seed ?? 0} ${rule.kind} ${rule.fault} ${subject}`;
    return createRandom(rule.sticky ? fate : `${fate} ${attempt}`).next() < rule.rate;
  };
  const attemptOf = (what: string) => tries.get(what) ?? 0;

  const set = (next: readonly FaultRule[]) => {
    rules = next.map(checkRule);
    tries.clear();
  };
  set(initial);
  return {
    set,
    choose(kind, dataset, what) {
      const subject = `${kind} ${what}`;
      const attempt = attemptOf(subject);
      tries.set(subject, attempt + 1);
      return rules.find(
        (rule) =>
          rule.kind === kind &&
          rule.fault !== 'null-edge' &&
          (!rule.datasets || (dataset !== null && rule.datasets.includes(dataset))) &&
          strikes(rule, what, attempt),
      )?.fault;
    },
    nullEdge(dataset, what) {
      // Called while the answer is made: `choose` has counted this try already.
      const attempt = attemptOf(`registry ${what}`) - 1;
      return rules.some(
        (rule) =>
          rule.fault === 'null-edge' &&
          (!rule.datasets || rule.datasets.includes(dataset)) &&
          strikes(rule, dataset, attempt),
      );
    },
  };
}

/** An answer that is whole and ready to be sent. */
export interface Prepared {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const RETRY_AFTER: Partial<Record<FaultName, () => string>> = {
  '429': () => '1',
  '429-date': () => new Date(Date.now() + 1000).toUTCString(),
  '429-absurd': () => '31536000',
};

const WEB_PAGE = '<!doctype html><title>Maintenance</title><p>We will be back soon.</p>\n';

function replaceStatus(status: number, fault: FaultName): Prepared {
  const retryAfter = RETRY_AFTER[fault]?.();
  return {
    status,
    headers: {
      'content-type': 'text/plain',
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    },
    body: Buffer.from(status === 429 ? 'rate limited\n' : 'something went wrong\n'),
  };
}

/** Without the flush packet and the last line before it; pkt-line lengths count themselves. */
function cutRefs(body: Buffer): Buffer {
  const ends = [0];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(length)) break;
    at += Math.max(4, length);
    if (at < body.length) ends.push(at);
  }
  // The last end is where the flush packet begins.
  return body.subarray(0, ends.at(-2) ?? 0);
}

function loseContents(body: Buffer): Buffer {
  const contents = /<Contents>.*?<\/Contents>/gs;
  const text = body.toString('latin1');
  const all = text.match(contents)?.length ?? 0;
  let place = 0;
  return Buffer.from(
    text.replace(contents, (one) => (place++ < all / 2 ? one : '')),
    'latin1',
  );
}

function loseEdges(body: Buffer): Buffer {
  const answer = JSON.parse(body.toString()) as { data?: { datasets?: { edges?: unknown[] } } };
  if (answer.data?.datasets) answer.data.datasets.edges = [];
  return Buffer.from(JSON.stringify(answer));
}

/** The answer that goes out instead, where the fault is in what is said and not in how. */
function spoil(answer: Prepared, fault: FaultName, kind: TrafficKind): Prepared {
  switch (fault) {
    case '500':
    case '503':
      return replaceStatus(Number(fault), fault);
    case '429':
    case '429-date':
    case '429-bare':
    case '429-absurd':
      return replaceStatus(429, fault);
    case 'garbage': {
      const random = createRandom(`garbage ${answer.body.length}`);
      const body = Buffer.from(Array.from({ length: 200 }, () => random.int(0, 255)));
      return { ...answer, status: 200, body };
    }
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from(WEB_PAGE) };
    case 'cut':
      return { ...answer, body: answer.body.subarray(0, answer.body.length >>> 1) };
    case 'cut-refs':
      return { ...answer, body: cutRefs(answer.body) };
    case 'missing-page':
      return {
        ...answer,
        body: kind === 'listing' ? loseContents(answer.body) : loseEdges(answer.body),
      };
    case 'reset':
    case 'cut-length':
    case 'cut-chunked':
    case 'stall':
    case 'silent':
    case 'null-edge':
      return answer;
  }
}

/** Sends an answer, spoilt by the fault if there is one. Returns the bytes of body written. */
export function send(
  res: ServerResponse,
  request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  answer: Prepared,
  fault: FaultName | undefined,
  kind: TrafficKind,
): number {
  if (fault === 'silent') return 0;
  const { status, headers, body } = fault ? spoil(answer, fault, kind) : answer;
  const head = { ...headers };
  delete head['transfer-encoding'];
  const isHead = request.method === 'HEAD';
  // A 304 has no body, and no length of one; a HEAD tells the length it would have.
  if (status === 304) delete head['content-length'];
  else if (!isHead) head['content-length'] = body.length;
  const half = body.subarray(0, Math.max(1, body.length >>> 1));
  switch (fault) {
    case 'reset':
      res.writeHead(status, head);
      res.write(half, () => res.socket?.resetAndDestroy());
      return half.length;
    case 'cut-length':
      res.writeHead(status, head);
      res.write(half, () => res.socket?.destroySoon());
      return half.length;
    case 'cut-chunked':
      delete head['content-length'];
      res.writeHead(status, head);
      res.write(half, () => res.socket?.destroySoon());
      return half.length;
    case 'stall':
      res.writeHead(status, head);
      res.write(half);
      return half.length;
    default:
      res.writeHead(status, head);
      res.end(isHead ? undefined : body);
      return isHead ? 0 : body.length;
  }
}
