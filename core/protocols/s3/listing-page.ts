// Requests one page of a bucket's listing (ListObjectsV2), and parses it when it is wanted.

import { fromBinary } from '../../compare/byte-order.ts';
import { type Absent, type Denied, type Failed, failed } from '../../failure.ts';
import type { HttpAnswer, HttpClient } from '../../http.ts';
import { type ListingQuestion, listingCut, scanListing } from './list-scanner.ts';
import { meaningOfError, notOfS3 } from './own-answer.ts';
import type { UnreadPage } from './page-walk.ts';

export interface Bucket {
  readonly http: HttpClient;
  /** In path style. */
  readonly base: string;
}

/** Body cap (docs/architecture.md). */
const PAGE_BYTES = 4 * 1024 * 1024;
const MORE_TRIES = 2;

/**
 * Requests a page. It is parsed only when its keys are wanted. Until then a page is a number of
 * bytes outside the heap, not some thousand strings on it.
 */
export async function askListingPage(
  bucket: Bucket,
  question: ListingQuestion,
  signal: AbortSignal | undefined,
): Promise<UnreadPage> {
  const first = await requestPage(bucket, question, signal);
  return async () => {
    // A whole but invalid page is worth a retry.
    for (let answer = first, left = MORE_TRIES; ; left -= 1) {
      if (answer.kind === 'failed') return answer;
      if (answer.status !== 200) return refusal(answer);
      const page = scanListing(answer.body, question);
      if (page.kind === 'seen') return page.value;
      if (left === 0) return page;
      answer = await requestPage(bucket, question, signal);
    }
  };
}

/** A page that has its end, or the answer received in its place. */
function requestPage(
  { http, base }: Bucket,
  { prefix, token, after, maxKeys, byFolder }: ListingQuestion,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer | Failed> {
  const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url' });
  if (prefix !== '') query.set('prefix', prefix);
  if (byFolder) query.set('delimiter', '/');
  query.set('max-keys', String(maxKeys));
  if (token !== null) query.set('continuation-token', token);
  else if (after !== null) query.set('start-after', fromBinary(after));
  return http.request({
    kind: 'listing',
    ...(prefix !== '' && { about: prefix.slice(0, -1) }),
    method: 'GET',
    url: `${base}/?${query}`,
    maxBytes: PAGE_BYTES,
    signal,
    verify: (tried) => (tried.status === 200 ? listingCut(tried.body) : notOfS3(tried)),
  });
}

/** What an answer means that is not a page. */
function refusal(answer: HttpAnswer): Absent | Denied | Failed {
  const meaning = meaningOfError(answer);
  return meaning.kind === 'archived' ? failed('malformed', 'an archived listing') : meaning;
}
