// Can anybody read one key of an export? A HEAD without credentials: no content travels.

import { type Failed, failed } from '../../failure.ts';
import { isWebPage } from '../../http/web-page.ts';
import type { HttpAnswer, HttpClient } from '../../http.ts';
import type { AccessAnswer, BinaryString } from '../sources.ts';
import { hasRequestId } from './own-answer.ts';
import { archivedBy } from './storage-class.ts';

/** What a path of a URL may hold as it is (RFC 3986, 2.3), and the `/` between its parts. */
const PLAIN = /[^A-Za-z0-9\-._~/]/g;
/** Every reader of URLs takes these for steps, however they are written. */
const STEPS = /(?:^|\/)\.\.?(?:\/|$)/;

/** A key as part of a URL; null for the few that no URL can name. */
export function keyInUrl(key: BinaryString): string | null {
  if (STEPS.test(key)) return null;
  return key.replace(
    PLAIN,
    (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** @param folder the dataset's place in the bucket, `https://…/{bucket}/{id}`. */
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

function accessOf(answer: HttpAnswer): AccessAnswer | Failed {
  const { status, headers } = answer;
  if (status === 200) {
    // S3 sends an ETag with every object: whatever else says 200 is no object of S3's. A page from
    // elsewhere may have one too, and not S3's request id; pages are among the objects as well.
    if (headers.etag === undefined || (isWebPage(answer) && !hasRequestId(answer))) {
      return failed('malformed', 'HTTP 200 to a HEAD that S3 did not give');
    }
    // Of an archived object a HEAD is answered like of any other; a GET would be 403.
    const archived = archivedBy(headers);
    return { kind: 'answered', status, ...(archived !== undefined && { archived }) };
  }
  if (status !== 403 && status !== 404) {
    return failed('malformed', `unexpected status ${status} to a HEAD`);
  }
  // To a HEAD there is no error document: the id of the request is all that S3 says of itself.
  if (isWebPage(answer) || !hasRequestId(answer)) {
    return failed('malformed', `HTTP ${status} to a HEAD without S3's request id`);
  }
  return { kind: 'answered', status };
}
