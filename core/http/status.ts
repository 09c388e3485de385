// What the status and headers of an answer mean for the client.

import type { Failed } from '../failure.ts';
import type { HttpAnswer } from './messages.ts';

type Headers = HttpAnswer['headers'];

/** These keep the method, which all our requests need. A 303 does not, so it counts as an answer. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/** The failure that a status means; undefined when the status is an answer. */
export function faultOf(status: number, headers: Headers): Failed['reason'] | undefined {
  if (status === 429 || (status === 403 && hasLimitSign(headers))) return 'throttled';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'http-5xx' : undefined;
}

function hasLimitSign(headers: Headers): boolean {
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

export function asksForPause(status: number, headers: Headers): boolean {
  if (faultOf(status, headers) === 'throttled') return true;
  return status === 503 && headers['retry-after'] !== undefined;
}

/** The address of a redirect, or why it is not followed: upstream hosts are fixed (docs/architecture.md). */
export function redirectTarget(from: URL, location: string | undefined): URL | string {
  const target = URL.parse(location ?? '', from.href);
  if (location === undefined || !target) return 'a redirect to nowhere';
  if (target.origin === from.origin) return target;
  return `a redirect to another host, ${target.origin.slice(0, 100)}`;
}
