// What the sample archive was asked, in the words of core/traffic.ts, and which question is of
// which kind.

import { gunzipSync } from 'node:zlib';
import { noTraffic, TRAFFIC_KINDS, type Traffic, type TrafficKind } from '../core/traffic.ts';
import { BUCKET } from './s3.ts';

export { noTraffic, TRAFFIC_KINDS, type Traffic, type TrafficKind };

export type Route =
  | { readonly kind: 'registry' }
  | { readonly kind: 'refs' | 'tree'; readonly dataset: string; readonly rest: string }
  /** `key` is a binary string. A HEAD asks for access, a GET is for a description. */
  | { readonly kind: 'description' | 'access'; readonly dataset: string; readonly key: string }
  | { readonly kind: 'listing'; readonly dataset: string; readonly query: URLSearchParams };

/** Percent-escapes as bytes; `+` stays itself in a path. */
function decodePath(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function isLsRefs(body: Buffer, encoding: string | undefined): boolean {
  try {
    const text = encoding?.includes('gzip') ? gunzipSync(body) : body;
    return text.subarray(0, 64).includes('command=ls-refs');
  } catch {
    return false;
  }
}

/** Path style, with the name that the record of git-annex gives the bucket. */
const BUCKET_PATH = `/${BUCKET}`;

/** What a request asks for; undefined when the archive has no such address. */
export function routeOf(
  url: string,
  body: Buffer,
  contentEncoding: string | undefined,
  method = 'GET',
): Route | undefined {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  if (path === '/crn/graphql') return { kind: 'registry' };
  const git = /^\/git\/([^/]+)\.git\/(info\/refs|git-upload-pack)$/.exec(path);
  if (git?.[1] && git[2]) {
    const refs = git[2] === 'info/refs' || isLsRefs(body, contentEncoding);
    return { kind: refs ? 'refs' : 'tree', dataset: decodePath(git[1]), rest: git[2] };
  }
  if (path === BUCKET_PATH || path === `${BUCKET_PATH}/`) {
    const dataset = (query.get('prefix') ?? '').split('/')[0] ?? '';
    return { kind: 'listing', dataset, query };
  }
  if (path.startsWith(`${BUCKET_PATH}/`)) {
    const key = decodePath(path.slice(BUCKET_PATH.length + 1));
    const kind = method === 'HEAD' ? 'access' : 'description';
    return { kind, dataset: key.split('/')[0] ?? '', key };
  }
  return undefined;
}
