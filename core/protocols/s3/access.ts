// Can anyone read one key of an export? Asks with a HEAD and no credentials: no content is sent.

import type { BinaryString } from '../../compare/byte-order.ts';
import { type Failed, failed } from '../../failure.ts';
import { isWebPage } from '../../http/web-page.ts';
import type { HttpAnswer, HttpClient } from '../../http.ts';
import type { AccessAnswer } from '../sources.ts';
import { hasRequestId } from './own-answer.ts';
import { archivedBy } from './storage-class.ts';

/** What a URL path may hold unescaped (RFC 3986, 2.3), and the `/` between its parts. */
const PLAIN = /[^A-Za-z0-9\-._~/]/g;
/** Every URL parser resolves these as steps, however they are escaped. */
const STEPS = /(?:^|\/)\.\.?(?:\/|$)/;

/** A key as part of a URL; null for the few keys that no URL can name. */
export function keyInUrl(key: BinaryString): string | null {
  if (STEPS.test(key)) return null;
  return key.replace(
    PLAIN,
    (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** @param folder the dataset's place in the bucket, `https://…/{bucket}/{id}` */
export async function askAccess(
  http: HttpClient,
  folder: string,
  key: BinaryString,
  signal?: AbortSignal,
): Promise<AccessAnswer | Failed> {
  const path = keyInUrl(key);
  if (path === null) return failed('internal', 'a key that no URL can name');
  const answer = await http.request({
    kind: 'access',
    about: folder.slice(folder.lastIndexOf('/') + 1),
    method: 'HEAD',
    url: `${folder}/${path}`,
    maxBytes: 0,
    signal,
    verify(tried) {
      const told = accessOf(tried);
      return told.kind === 'failed' ? told : undefined;
    },
  });
  return answer.kind === 'failed' ? answer : accessOf(answer);
}

/** What an answer to a HEAD without credentials says. */
export function accessOf(answer: HttpAnswer): AccessAnswer | Failed {
  const { status, headers } = answer;
  if (status === 200) {
    // S3 sends an ETag with every object, so a 200 without one is not from S3. A page from
    // elsewhere may have an ETag, but not S3's request id. Objects can be pages too.
    if (headers.etag === undefined || (isWebPage(answer) && !hasRequestId(answer))) {
      return failed('malformed', 'HTTP 200 to a HEAD that S3 did not give');
    }
    // A HEAD of an archived object succeeds like any other; a GET would be 403.
    const archived = archivedBy(headers);
    const etag = headers.etag.replaceAll('"', '');
    return { kind: 'answered', status, etag, ...(archived !== undefined && { archived }) };
  }
  if (status !== 403 && status !== 404) {
    return failed('malformed', `unexpected status ${status} to a HEAD`);
  }
  // A HEAD has no error document. The request id is the only sign of S3.
  if (isWebPage(answer) || !hasRequestId(answer)) {
    return failed('malformed', `HTTP ${status} to a HEAD without S3's request id`);
  }
  return { kind: 'answered', status };
}
