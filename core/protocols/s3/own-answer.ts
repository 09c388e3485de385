// Tells whether an answer is from S3. S3 refuses with its own XML document, and a HEAD, which has
// no body, with the id that it gives every request (S3 API reference, "Error responses" and "Common
// response headers"). A proxy, a firewall or the page of a hotel network can send 403 or 404 as
// well. That is no fact about an export (docs/checks.md#unverified).

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
/** An error document has a few hundred bytes. */
const ERROR_BYTES = 16_384;

/** The code of an error document; null if the body is not one, so not from S3. */
export function errorCodeOf(answer: HttpAnswer): string | null {
  if (isWebPage(answer) || answer.body.length > ERROR_BYTES) return null;
  return ERROR.exec(answer.body.toString('utf8').replace(/^\ufeff/, ''))?.[1] ?? null;
}

/** Whether S3 itself confirms that it has seen the request. */
export function hasRequestId({ headers }: HttpAnswer): boolean {
  return (headers['x-amz-request-id'] ?? '') !== '';
}

/** For a client's `verify`: an error that is not from S3 is worth a retry. */
export function notOfS3(answer: HttpAnswer): Failed | undefined {
  if (errorCodeOf(answer) !== null) return undefined;
  return failed(
    'malformed',
    `HTTP ${answer.status} without an error document of S3`,
    answer.status,
  );
}

/** What an error answer to a GET means. */
export function meaningOfError(answer: HttpAnswer): Absent | Archived | Denied | Failed {
  const { status } = answer;
  const code = errorCodeOf(answer);
  if (status === 403 && (code === 'AccessDenied' || code === 'AllAccessDisabled')) {
    return { kind: 'denied', status };
  }
  if (status === 403 && code === 'InvalidObjectState') return { kind: 'archived' };
  // A missing bucket says nothing about a dataset: our address is wrong, or S3 has an outage.
  if (status === 404 && code === 'NoSuchKey') return ABSENT;
  return notOfS3(answer) ?? failed('malformed', `HTTP ${status}: ${code}`, status);
}
