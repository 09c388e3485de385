// How an answer is sent, whole or spoilt by the fault that was asked for.

import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createRandom } from './bytes.ts';
import type { FaultName } from './faults.ts';
import type { TrafficKind } from './traffic.ts';

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

/** As a firewall says no: with a word that S3 and GitHub use as well. */
const BLOCK_PAGE =
  '<!doctype html><title>Access Denied</title><p>AccessDenied: repository not found.</p>\n';

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
    case 'portal': {
      const headers = { 'content-type': 'text/html', etag: '"5f2a-61c7d1"' };
      return { status: 200, headers, body: Buffer.from(WEB_PAGE) };
    }
    case '403-html':
    case '404-html': {
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      return { status: Number.parseInt(fault, 10), headers, body: Buffer.from(BLOCK_PAGE) };
    }
    case '404-text': {
      const headers = { 'content-type': 'text/plain' };
      return { status: 404, headers, body: Buffer.from('404 page not found\n') };
    }
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
