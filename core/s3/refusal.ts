// What S3 says when it does not give what was asked for, and what is no answer of S3's at all.

import { ABSENT, type Absent, type Denied, type Failed, failed } from '../failure.ts';
import type { HttpAnswer } from '../http.ts';

/**
 * S3 names the request in each of its answers, and refuses in XML (a HEAD: with the type of XML). What
 * stands between us and S3, a firewall or a portal, may refuse as well, and says nothing of the bucket.
 */
export function isOfS3({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>): boolean {
  if (headers['x-amz-request-id'] !== undefined) return true;
  if (body.length > 0) return body.includes('<Error>');
  return /^(?:$|(?:application|text)\/xml\b)/i.test(headers['content-type'] ?? '');
}

export const notOfS3 = (status: number): Failed =>
  failed('malformed', `HTTP ${status} that is no answer of S3`);

/** What an answer without the thing means. */
export function refusal(answer: HttpAnswer): Absent | Denied | Failed {
  const { status, body } = answer;
  if (status !== 403 && status !== 404) return failed('malformed', `unexpected status ${status}`);
  if (!isOfS3(answer)) return notOfS3(status);
  if (status === 403) return { kind: 'denied', status };
  // A bucket that is gone says nothing of a dataset: it is our address, or their outage.
  return body.includes('<Code>NoSuchBucket</Code>')
    ? failed('malformed', 'no such bucket')
    : ABSENT;
}
