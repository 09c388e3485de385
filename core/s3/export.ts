// The export of a dataset, read from a public bucket over plain HTTP, unsigned: one object by
// GET, the keys below a prefix by ListObjectsV2, one page after the other.

import { hash } from 'node:crypto';
import { ABSENT, type Absent, type Denied, type Failed, failed, seen } from '../failure.ts';
import type { HttpAnswer, HttpClient } from '../http.ts';
import { datasetIdSchema } from '../model/documents.ts';
import type { BinaryString, Description, ExportSource, ListingEvent } from '../sources.ts';
import { askAccess } from './access.ts';
import { listFolders } from './folders.ts';
import { type ListingPage, scanListing } from './list-scanner.ts';

export interface ExportOptions {
  readonly http: HttpClient;
  /** Bucket in path style, `https://s3.amazonaws.com/openneuro.org`. */
  readonly baseUrl: string;
  /** Keys a page, 1 to 1,000 (S3's own cap). Default: 1,000. */
  readonly pageSize?: number;
  /** The most pages of one listing. Default: 10,000, 25 times the largest dataset's. */
  readonly maxPages?: number;
}

/** Body caps (architecture.md section 6). */
const DESCRIPTION_BYTES = 1024 * 1024;
const PAGE_BYTES = 4 * 1024 * 1024;
const S3_PAGE_SIZE = 1000;
const DEFAULT_MAX_PAGES = 10_000;
const MD5_ETAG = /^"([0-9a-f]{32})"$/;

/** @throws RangeError for a page size that S3 would not honour. */
export function createExportSource(options: ExportOptions): ExportSource {
  const { http, pageSize = S3_PAGE_SIZE, maxPages = DEFAULT_MAX_PAGES } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > S3_PAGE_SIZE) {
    throw new RangeError(`page size ${pageSize} is not between 1 and ${S3_PAGE_SIZE}`);
  }
  const base = options.baseUrl.replace(/\/+$/, '');
  return {
    readDescription: (id, etag, signal) => readDescription(http, base, id, etag, signal),
    listObjects: (id, signal) => listObjects({ http, base, pageSize, maxPages }, id, signal),
    askAccess: async (id, key, signal) =>
      isDatasetId(id) ? askAccess(http, `${base}/${id}`, key, signal) : notAnId(id),
    listFolders: (signal) => listFolders(http, base, signal),
  };
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
    method: 'GET',
    url: `${base}/${datasetId}/dataset_description.json`,
    headers: etag === null ? {} : { 'if-none-match': etag },
    maxBytes: DESCRIPTION_BYTES,
    signal,
    verify: wholeOrJson,
  });
  if (answer.kind === 'failed') return answer;
  if (answer.status === 304 && etag !== null) return { kind: 'unchanged' };
  if (answer.status !== 200) return refusal(answer);
  return seen<Description>({ body: answer.body, etag: answer.headers.etag ?? null });
}

/**
 * A description that is no JSON may be the uploader's mistake, which is a fact, or a body that was
 * cut or replaced on its way, which is none. S3 sends an ETag with every object, and that of an
 * object uploaded in one part is its MD5.
 */
function wholeOrJson({ status, headers, body }: HttpAnswer): Failed | undefined {
  if (status !== 200 || 'content-encoding' in headers || isJson(body)) return undefined;
  if (headers.etag === undefined) {
    return failed('malformed', 'neither JSON nor an object of S3: it has no ETag');
  }
  const md5 = MD5_ETAG.exec(headers.etag)?.[1];
  if (md5 === undefined || hash('md5', body) === md5) return undefined;
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

interface Listing {
  readonly http: HttpClient;
  readonly base: string;
  readonly pageSize: number;
  readonly maxPages: number;
}

async function* listObjects(
  listing: Listing,
  datasetId: string,
  signal?: AbortSignal,
): AsyncGenerator<ListingEvent> {
  if (!isDatasetId(datasetId)) {
    yield notAnId(datasetId);
    return;
  }
  const prefix = `${datasetId}/`;
  const tokens = new Set<string>();
  let token: string | null = null;
  let after: BinaryString | null = null;
  for (let pages = 0; pages < listing.maxPages; pages++) {
    const page = await readPage(listing, prefix, token, after, signal);
    if ('kind' in page) {
      yield page;
      return;
    }
    yield { kind: 'page', objects: page.objects };
    if (page.nextToken === null) {
      yield { kind: 'end' };
      return;
    }
    if (tokens.has(page.nextToken)) {
      yield failed('malformed', 'the listing goes in a circle: a continuation token came twice');
      return;
    }
    const last = page.objects.at(-1);
    if (last) after = prefix + last.key;
    token = page.nextToken;
    tokens.add(token);
  }
  yield failed('malformed', `a listing of more than ${listing.maxPages} pages`);
}

async function readPage(
  { http, base, pageSize }: Listing,
  prefix: string,
  token: string | null,
  after: BinaryString | null,
  signal?: AbortSignal,
): Promise<ListingPage | Absent | Denied | Failed> {
  const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix });
  query.set('max-keys', String(pageSize));
  if (token !== null) query.set('continuation-token', token);
  let page: ListingPage | undefined;
  const answer = await http.request({
    kind: 'listing',
    method: 'GET',
    url: `${base}/?${query}`,
    maxBytes: PAGE_BYTES,
    signal,
    verify(tried) {
      page = undefined;
      if (tried.status !== 200) return;
      const scanned = scanListing(tried.body, { prefix, maxKeys: pageSize, token, after });
      if (scanned.kind === 'failed') return scanned;
      page = scanned.value;
    },
  });
  if (answer.kind === 'failed') return answer;
  return page ?? refusal(answer);
}

/** What an answer without the thing means. */
function refusal({ status, body }: HttpAnswer): Absent | Denied | Failed {
  if (status === 403) return { kind: 'denied', status };
  // A bucket that is gone says nothing of a dataset: it is our address, or their outage.
  if (status === 404 && !body.includes('<Code>NoSuchBucket</Code>')) return ABSENT;
  return failed('malformed', status === 404 ? 'no such bucket' : `unexpected status ${status}`);
}

function isDatasetId(id: string): boolean {
  return datasetIdSchema.safeParse(id).success;
}

/** Ids are checked before they enter an address (architecture.md section 6). */
function notAnId(id: string): Failed {
  return failed('internal', `${JSON.stringify(id.slice(0, 64))} is no dataset id`);
}
