// The export of a dataset, read from a public bucket over plain unsigned HTTP: one object by GET,
// the keys below a prefix by ListObjectsV2, page by page.

import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { BinaryString } from '../../compare/byte-order.ts';
import { type Failed, failed, seen } from '../../failure.ts';
import type { HttpAnswer, HttpClient } from '../../http.ts';
import { isDatasetId } from '../../ids.ts';
import type { Description, ExportSource, LikelyKeys, ListingEvent } from '../sources.ts';
import { askAccess } from './access.ts';
import { listFolders } from './folders.ts';
import { forecastMarks, markEvery } from './forecast.ts';
import { askListingPage } from './listing-page.ts';
import { hasRequestId, meaningOfError, notOfS3 } from './own-answer.ts';
import { type LookAhead, type PageQuestion, walkPages } from './page-walk.ts';

export interface ExportOptions {
  readonly http: HttpClient;
  /** Bucket in path style, `https://s3.amazonaws.com/a-bucket`. */
  readonly baseUrl: string;
  /** Keys per page, 1 to 1,000 (S3's own limit). Default: 1,000. */
  readonly pageSize?: number;
  /** Maximum pages of one listing. Default: 10,000, 25 times the largest dataset's. */
  readonly maxPages?: number;
  /** Maximum pages held or prefetched, all listings together. Default: 32. */
  readonly pagesAhead?: number;
}

/** Body caps (docs/architecture.md). */
const DESCRIPTION_BYTES = 1024 * 1024;
const S3_PAGE_SIZE = 1000;
/** S3's own limit. */
const S3_KEY_BYTES = 1024;
const DEFAULT_MAX_PAGES = 10_000;
/** The number of requests in flight to the host; a page of 1,000 keys is 260 KB of XML. */
const DEFAULT_PAGES_AHEAD = 32;
const MD5_ETAG = /^"([0-9a-f]{32})"$/;

/** @throws RangeError for a page size that S3 would not honour */
export function createExportSource(options: ExportOptions): ExportSource {
  const { http, pageSize = S3_PAGE_SIZE, maxPages = DEFAULT_MAX_PAGES } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > S3_PAGE_SIZE) {
    throw new RangeError(`page size ${pageSize} is not between 1 and ${S3_PAGE_SIZE}`);
  }
  const base = options.baseUrl.replace(/\/+$/, '');
  const lookAhead: LookAhead = { left: options.pagesAhead ?? DEFAULT_PAGES_AHEAD };
  const listing: Listing = { http, base, pageSize, maxPages, lookAhead };
  return {
    bucket: bucketOf(base),
    readDescription: (id, etag, signal) => readDescription(http, base, id, etag, signal),
    listObjects: (id, signal, likely) => listObjects(listing, id, signal, likely),
    askAccess: async (id, key, signal) =>
      isDatasetId(id) ? askAccess(http, `${base}/${id}`, key, signal) : notAnId(id),
    listFolders: (signal) => listFolders(http, base, signal),
  };
}

/** The last part of a path-style address. */
export function bucketOf(base: string): string | null {
  const name = URL.parse(base)?.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name) || null;
  } catch {
    return null;
  }
}

async function readDescription(
  http: HttpClient,
  base: string,
  datasetId: string,
  etag: string | null,
  signal?: AbortSignal,
): ReturnType<ExportSource['readDescription']> {
  if (!isDatasetId(datasetId)) return notAnId(datasetId);
  const answer = await http.request({
    kind: 'description',
    about: datasetId,
    method: 'GET',
    url: `${base}/${datasetId}/dataset_description.json`,
    headers: etag === null ? {} : { 'if-none-match': etag },
    maxBytes: DESCRIPTION_BYTES,
    signal,
    verify(tried) {
      if (tried.status === 200) return notAnObject(tried);
      return tried.status === 304 && etag !== null ? undefined : notOfS3(tried);
    },
  });
  if (answer.kind === 'failed') return answer;
  if (answer.status === 304 && etag !== null) return { kind: 'unchanged' };
  if (answer.status !== 200) return meaningOfError(answer);
  return seen<Description>({ body: answer.body, etag: answer.headers.etag ?? null });
}

/**
 * S3 sends an ETag with every object; a page in its place may have none. A description that is not
 * JSON may be the uploader's mistake, which is a fact, or a body that was cut or replaced in
 * transit, which is not. The ETag of an object uploaded in one part is its MD5. For other objects
 * S3's request id shows that S3 sent it.
 */
function notAnObject(answer: HttpAnswer): Failed | undefined {
  const { headers, body } = answer;
  if (headers.etag === undefined) return failed('malformed', 'no object of S3: it has no ETag');
  if ('content-encoding' in headers || isJson(body)) return undefined;
  const md5 = MD5_ETAG.exec(headers.etag)?.[1];
  if (md5 === undefined) {
    return hasRequestId(answer)
      ? undefined
      : failed('malformed', 'neither JSON nor an answer of S3: it has no request id');
  }
  if (hash('md5', body) === md5) return undefined;
  return failed('cut-short', 'a description that is no JSON, and not the bytes its ETag names');
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}

const NOTHING_KNOWN: LikelyKeys = { marks: () => null, last: null };

interface Listing {
  readonly http: HttpClient;
  readonly base: string;
  readonly pageSize: number;
  readonly maxPages: number;
  readonly lookAhead: LookAhead;
}

async function* listObjects(
  listing: Listing,
  datasetId: string,
  signal?: AbortSignal,
  likely: LikelyKeys = NOTHING_KNOWN,
): AsyncGenerator<ListingEvent> {
  if (!isDatasetId(datasetId)) {
    yield notAnId(datasetId);
    return;
  }
  const prefix = `${datasetId}/`;
  const scanned = ({ token, after }: PageQuestion) => ({
    ...{ prefix, maxKeys: listing.pageSize, token },
    after: after === null ? null : prefix + after,
  });
  const every = markEvery(listing.pageSize);
  yield* walkPages((question, stop) => askListingPage(listing, scanned(question), stop), {
    ...listing,
    signal,
    lastKeys: likely.last?.keys ?? null,
    marks() {
      const at = likely.marks(every);
      if (at === null) return null;
      return forecastMarks(at, every, likely.last).filter(({ key }) => canStartAfter(prefix + key));
    },
  });
}

/** Whether a key can be used in a request: text, and no longer than an S3 key. */
function canStartAfter(key: BinaryString): boolean {
  return key.length <= S3_KEY_BYTES && isUtf8(Buffer.from(key, 'latin1'));
}

/** Ids are checked before they enter an address (docs/architecture.md). */
function notAnId(id: string): Failed {
  return failed('internal', `${JSON.stringify(id.slice(0, 64))} is no dataset id`);
}
