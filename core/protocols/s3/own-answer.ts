// Whose answer is it? S3 says no with an XML document of its own, and to a HEAD, which has no body, with
// the id that it gives every request (S3 API reference, "Error responses" and "Common response headers").
// A proxy, a firewall or the page of a hotel network can say 403 or 404 as well: that is no fact about
// an export (docs/checks.md#unverified).

import {
  ABSENT,
  type Absent,
  type Archived,
  type Denied,
  type Failed,
  failed,
} from '../../failure.ts';
import { isWebPage } from '../../http/web-page.ts';
import type { HttpAnswer } from '../../http.ts';

const ERROR = /^\s*(?:<\?xml[^>]*>\s*)?<Error(?:\s[^>]*)?>.*?<Code>(\w+)<\/Code>.*<\/Error>\s*$/s;
/** An error document has some hundred bytes. */
const ERROR_BYTES = 16_384;

/** The code of an error document; null where the body is none, and the answer not S3's. */
export function errorCodeOf(answer: HttpAnswer): string | null {
  if (isWebPage(answer) || answer.body.length > ERROR_BYTES) return null;
  return ERROR.exec(answer.body.toString('utf8').replace(/^\ufeff/, ''))?.[1] ?? null;
}

/** Whether S3 itself says that it has seen the request. */
export function hasRequestId({ headers }: HttpAnswer): boolean {
  return (headers['x-amz-request-id'] ?? '') !== '';
}

/** For a client's `verify`: an answer without the thing that S3 did not give is worth another try. */
export function notOfS3(answer: HttpAnswer): Failed | undefined {
  if (errorCodeOf(answer) !== null) return undefined;
  return failed('malformed', `HTTP ${answer.status} without an error document of S3`);
}

/** What an answer to a GET without the thing means. */
export function meaningOfError(answer: HttpAnswer): Absent | Archived | Denied | Failed {
  const { status } = answer;
  const code = errorCodeOf(answer);
  if (status === 403 && (code === 'AccessDenied' || code === 'AllAccessDisabled')) {
    return { kind: 'denied', status };
  }
  if (status === 403 && code === 'InvalidObjectState') return { kind: 'archived' };
  // A bucket that is gone says nothing of a dataset: it is our address, or their outage.
  if (status === 404 && code === 'NoSuchKey') return ABSENT;
  return notOfS3(answer) ?? failed('malformed', `HTTP ${status}: ${code}`);
}
