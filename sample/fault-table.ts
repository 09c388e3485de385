// The faults that any host can have, by name. An archive adds those of its own protocols.

import { createRandom } from './bytes.ts';
import type { FaultKind } from './faults.ts';
import type { Prepared } from './route.ts';

const WEB_PAGE = '<!doctype html><title>Maintenance</title><p>We will be back soon.</p>\n';

/** The refusal of a firewall, with a word that S3 and GitHub use as well. */
const BLOCK_PAGE =
  '<!doctype html><title>Access Denied</title><p>AccessDenied: repository not found.</p>\n';

/** Another answer altogether. */
const says = (status: number, type: string, text: string, headers: Prepared['headers'] = {}) => {
  return (): Prepared => ({
    status,
    headers: { 'content-type': type, ...headers },
    body: Buffer.from(text),
  });
};

const wentWrong = (status: number) => says(status, 'text/plain', 'something went wrong\n');

const limited = (retryAfter?: () => string) => (): Prepared => {
  const headers = retryAfter ? { 'retry-after': retryAfter() } : {};
  return says(429, 'text/plain', 'rate limited\n', headers)();
};

function garbage(answer: Prepared): Prepared {
  const random = createRandom(`garbage ${answer.body.length}`);
  const body = Buffer.from(Array.from({ length: 200 }, () => random.int(0, 255)));
  return { ...answer, status: 200, body };
}

const cut = (answer: Prepared): Prepared => ({
  ...answer,
  body: answer.body.subarray(0, answer.body.length >>> 1),
});

/** Without the flush packet and the last line before it; pkt-line lengths count themselves. */
export function cutRefs({ body, ...answer }: Prepared): Prepared {
  const ends = [0];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(length)) break;
    at += Math.max(4, length);
    if (at < body.length) ends.push(at);
  }
  // The last end is where the flush packet begins.
  return { ...answer, body: body.subarray(0, ends.at(-2) ?? 0) };
}

/** Half of the keys of an S3 listing, with an unchanged count. */
export function loseContents({ body, ...answer }: Prepared): Prepared {
  const contents = /<Contents>.*?<\/Contents>/gs;
  const text = body.toString('latin1');
  const all = text.match(contents)?.length ?? 0;
  let place = 0;
  const rest = text.replace(contents, (one) => (place++ < all / 2 ? one : ''));
  return { ...answer, body: Buffer.from(rest, 'latin1') };
}

export const FAULTS = {
  '500': { means: 'an internal error', damage: wentWrong(500) },
  '503': { means: 'service unavailable', damage: wentWrong(503) },
  '429': { means: 'too many requests, Retry-After: 1', damage: limited(() => '1') },
  '429-date': {
    means: 'too many requests, Retry-After as a date one second ahead',
    damage: limited(() => new Date(Date.now() + 1000).toUTCString()),
  },
  '429-bare': { means: 'too many requests without Retry-After', damage: limited() },
  '429-absurd': {
    means: 'too many requests, Retry-After: a year',
    damage: limited(() => '31536000'),
  },
  reset: { means: 'the connection is reset in the middle of the body', breaks: 'reset' },
  cut: { means: 'half a body under a 200 with right framing', damage: cut },
  'cut-length': {
    means: 'Content-Length is right, the connection closes half way',
    breaks: 'closed',
  },
  'cut-chunked': {
    means: 'chunked, closed half way without the last chunk',
    breaks: 'chunked',
  },
  stall: { means: 'half a body, then nothing', breaks: 'stalled' },
  silent: { means: 'no answer at all', breaks: 'before' },
  garbage: { means: 'a 200 with bytes of no format', damage: garbage },
  html: { means: 'a 200 with a web page', damage: says(200, 'text/html', WEB_PAGE) },
  portal: {
    means: 'a 200 with a web page and an ETag, as the log-in page of a network has',
    damage: says(200, 'text/html', WEB_PAGE, { etag: '"5f2a-61c7d1"' }),
  },
  '403-html': {
    means: 'a firewall: a 403 with a web page',
    damage: says(403, 'text/html; charset=utf-8', BLOCK_PAGE),
  },
  '404-html': {
    means: 'a proxy: a 404 with a web page',
    damage: says(404, 'text/html; charset=utf-8', BLOCK_PAGE),
  },
  '404-text': {
    means: 'a proxy: a 404 with a word of its own',
    damage: says(404, 'text/plain', '404 page not found\n'),
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
