// The registry: the DANDI API, read page by page. Its listings are not stable: a change while they
// are read drops or doubles rows. A listing counts only if it proves to be whole.

import {
  ABSENT,
  type Absent,
  type Denied,
  type Failed,
  failed,
  type Seen,
  seen,
} from '../../../core/failure.ts';
import { withCredentials } from '../../../core/http/credentials.ts';
import { isWebPage } from '../../../core/http/web-page.ts';
import type { HttpAnswer, HttpClient } from '../../../core/http.ts';
import { DRAFT, isDandisetId, isUuid, isVersion } from '../ids.ts';
import { isSameInstant } from '../instant.ts';
import {
  type Asset,
  type Dandiset,
  type Metadata,
  type Page,
  readAsset,
  readCount,
  readDandiset,
  readMetadata,
  readPage,
  readVersion,
  type Version,
} from './registry-answers.ts';

export interface RegistryOptions {
  readonly http: HttpClient;
  /** `https://api.dandiarchive.org/api` */
  readonly url: string;
  /** Sent as `Authorization: token`; open data needs none. */
  readonly token?: string | undefined;
  readonly onTokenRefused?: ((status: number) => void) | undefined;
  /** Results on a page; 1,000, and the API gives no more. */
  readonly pageSize?: number | undefined;
}

type Answer<T> = Seen<T> | Absent | Denied | Failed;

export interface ListedDandisets {
  readonly dandisets: readonly Dandiset[];
  readonly broken: readonly { readonly id: string | null; readonly detail: string }[];
  readonly count: number | null;
  /** Number of the next page; null on the last one. */
  readonly next: number | null;
}

/** The assets of a draft, and the dandiset as it was before and after they were read. */
export interface DraftAssets {
  readonly dandiset: Dandiset;
  /** In the registry's order. */
  readonly assets: readonly Asset[];
}

export interface DandiRegistry {
  /** The dandisets that we may see, by id; a `Failed` is the last event. */
  list(signal?: AbortSignal, page?: number): AsyncIterable<Seen<ListedDandisets> | Failed>;
  /** All dandisets, those that we cannot see included; hours old. */
  count(signal?: AbortSignal): Promise<Seen<number> | Failed>;
  dandiset(id: string, signal?: AbortSignal): Promise<Answer<Dandiset>>;
  /** Published versions, in order of creation. */
  versions(id: string, signal?: AbortSignal): Promise<Answer<readonly Version[]>>;
  metadata(id: string, version: string, signal?: AbortSignal): Promise<Answer<Metadata>>;
  /** Of a published version, which never changes. */
  assets(id: string, version: string, signal?: AbortSignal): Promise<Answer<readonly Asset[]>>;
  /** Read between two looks at the dandiset, at most three times. */
  draftAssets(
    id: string,
    signal?: AbortSignal,
    options?: { readonly zarrsOnly?: boolean },
  ): Promise<Answer<DraftAssets>>;
  /** Whether the API still knows an asset, also one that no version has any more. */
  hasAsset(assetId: string, about: string, signal?: AbortSignal): Promise<Seen<boolean> | Failed>;
  /** Whether a token is sent: then embargoed dandisets of its owner are listed too. */
  readonly hasToken: boolean;
}

const PAGE_SIZE = 1000;
/** A full page of assets has 2 to 3 MB; their metadata differs in size. */
const MAX_PAGE_BYTES = 64 << 20;
const MAX_DOCUMENT_BYTES = 8 << 20;
/** No archive has so many: a listing that never ends is broken. */
const MAX_PAGES = 10_000;
const READINGS = 3;

/** @throws RangeError when the token is invalid */
export function createRegistry(options: RegistryOptions): DandiRegistry {
  const { pageSize = PAGE_SIZE } = options;
  const base = options.url.replace(/\/+$/, '');
  const http = withCredentials(options.http, {
    token: options.token,
    authorization: (token) => `token ${token}`,
    onRefused: options.onTokenRefused,
  });

  /** What `read` makes of the JSON of a 200; what it cannot read is retried like a cut answer. */
  const ask = async <T>(
    question: Question,
    read: (value: unknown) => T | null,
  ): Promise<Answer<T>> => {
    let answer: Answer<T> | undefined;
    const { kind, about, path, signal, maxBytes = MAX_DOCUMENT_BYTES } = question;
    const got = await http.request({
      kind,
      ...(about !== undefined && { about }),
      method: 'GET',
      url: `${base}${path}`,
      headers: { accept: 'application/json', 'accept-encoding': 'gzip, br' },
      maxBytes,
      signal,
      verify(tried) {
        answer = meaningOf(tried, read);
        return answer.kind === 'failed' ? answer : undefined;
      },
    });
    if (got.kind === 'failed') return got;
    return answer ?? failed('malformed', `HTTP ${got.status}`, got.status);
  };

  const askPage = <T>(
    question: Question & { readonly page: number },
    read: (result: unknown) => T | null,
  ): Promise<Answer<Page<T>>> => {
    const mark = question.path.includes('?') ? '&' : '?';
    const path = `${question.path}${mark}page_size=${pageSize}&page=${question.page}`;
    const most = { maxBytes: MAX_PAGE_BYTES };
    return ask({ ...question, ...most, path }, (value) => readPage(value, read));
  };

  /** All pages of a listing that says on its first page how long it is. */
  const readAll = async <T>(
    question: Question,
    read: (result: unknown) => T | null,
  ): Promise<Answer<{ readonly rows: readonly T[]; readonly count: number }>> => {
    const rows: T[] = [];
    let count: number | null = null;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const answer = await askPage({ ...question, page }, read);
      // A first page always exists.
      if (answer.kind === 'absent' && page > 1) break;
      if (answer.kind !== 'seen') return answer;
      if (page === 1) count = answer.value.count;
      rows.push(...answer.value.results);
      if (!answer.value.hasNext || answer.value.results.length === 0) break;
    }
    if (count === null) return failed('malformed', 'a listing without count');
    return seen({ rows, count });
  };

  const readAssets = async (
    id: string,
    version: string,
    signal?: AbortSignal,
    zarrsOnly = false,
  ): Promise<Answer<{ readonly assets: readonly Asset[]; readonly isWhole: boolean }>> => {
    const only = zarrsOnly ? '&zarr=true' : '';
    const path = `/dandisets/${id}/versions/${version}/assets/?order=created&metadata=1${only}`;
    const answer = await readAll({ kind: 'assets', about: id, path, signal }, readAsset);
    if (answer.kind !== 'seen') return answer;
    const { rows, count } = answer.value;
    const ids = new Set(rows.map(({ assetId }) => assetId));
    return seen({ assets: rows, isWhole: rows.length === count && ids.size === count });
  };

  const dandiset = async (id: string, signal?: AbortSignal): Promise<Answer<Dandiset>> => {
    const path = `/dandisets/${checkedId(id)}/`;
    return ask({ kind: 'dandiset', about: id, path, signal }, (value) => {
      const read = readDandiset(value);
      return 'why' in read || read.id !== id ? null : read;
    });
  };

  return {
    get hasToken() {
      return http.isSending;
    },

    async *list(signal, from = 1) {
      for (let page = from; page < from + MAX_PAGES; page++) {
        const embargoed = http.isSending ? '&embargoed=true' : '';
        const path = `/dandisets/?ordering=id${embargoed}`;
        const answer = await askPage({ kind: 'registry', path, page, signal }, (value) => ({
          value,
        }));
        if (answer.kind === 'absent' && page > 1) {
          return yield failed('malformed', 'a page that the one before promised is not there');
        }
        if (answer.kind === 'denied' || answer.kind === 'absent') {
          return yield failed('credentials-refused', 'the registry does not give its list');
        }
        if (answer.kind === 'failed') return yield answer;
        const { results, hasNext, count } = answer.value;
        const dandisets: Dandiset[] = [];
        const broken: { id: string | null; detail: string }[] = [];
        for (const { value } of results) {
          const read = readDandiset(value);
          if (!('why' in read)) dandisets.push(read);
          else broken.push({ id: idIn(value), detail: read.why });
        }
        if (hasNext && results.length === 0) {
          return yield failed('malformed', 'the registry promises more on an empty page');
        }
        yield seen({ dandisets, broken, count, next: hasNext ? page + 1 : null });
        if (!hasNext) return;
      }
      yield failed('malformed', 'the registry pages without end');
    },

    async count(signal) {
      const answer = await ask({ kind: 'registry', path: '/stats/', signal }, readCount);
      if (answer.kind === 'seen' || answer.kind === 'failed') return answer;
      return failed('malformed', 'the registry does not say how many dandisets it has');
    },

    dandiset,

    async versions(id, signal) {
      const path = `/dandisets/${checkedId(id)}/versions/?order=created`;
      const answer = await readAll({ kind: 'versions', about: id, path, signal }, readVersion);
      if (answer.kind !== 'seen') return answer;
      const { rows, count } = answer.value;
      const published = new Map(rows.map((row) => [row.version, row]));
      if (rows.length !== count || published.size !== count) {
        return failed('malformed', 'a list of versions that is not whole');
      }
      published.delete(DRAFT);
      return seen([...published.values()]);
    },

    metadata: (id, version, signal) =>
      ask(
        {
          kind: 'metadata',
          about: id,
          path: `/dandisets/${checkedId(id)}/versions/${checkedVersion(version)}/`,
          signal,
        },
        readMetadata,
      ),

    async hasAsset(assetId, about, signal) {
      if (!isUuid(assetId)) throw new TypeError(`not an asset: ${JSON.stringify(assetId)}`);
      const path = `/assets/${assetId}/info/`;
      const answer = await ask({ kind: 'asset', about, path, signal }, readMetadata);
      return answer.kind === 'failed' ? answer : seen(answer.kind !== 'absent');
    },

    async assets(id, version, signal) {
      for (let reading = 1; reading <= READINGS; reading++) {
        const answer = await readAssets(checkedId(id), checkedVersion(version), signal);
        if (answer.kind !== 'seen') return answer;
        if (answer.value.isWhole) return seen(answer.value.assets);
      }
      return unstable();
    },

    async draftAssets(id, signal, { zarrsOnly = false } = {}) {
      let before = await dandiset(id, signal);
      for (let reading = 1; reading <= READINGS; reading++) {
        if (before.kind !== 'seen') return before;
        const listing = await readAssets(id, DRAFT, signal, zarrsOnly);
        if (listing.kind !== 'seen') return listing;
        const after = await dandiset(id, signal);
        if (after.kind !== 'seen') return after;
        const isSame = isSameInstant(before.value.draft.modified, after.value.draft.modified);
        if (isSame && listing.value.isWhole) {
          return seen({ dandiset: after.value, assets: listing.value.assets });
        }
        before = after;
      }
      return unstable();
    },
  };
}

interface Question {
  /** As traffic is counted. */
  readonly kind: string;
  readonly about?: string;
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  readonly maxBytes?: number;
}

/** Ids and versions enter addresses. */
function checkedId(id: string): string {
  if (!isDandisetId(id)) throw new TypeError(`not a dandiset: ${JSON.stringify(id)}`);
  return id;
}

function checkedVersion(version: string): string {
  if (version === DRAFT || isVersion(version)) return version;
  throw new TypeError(`not a version: ${JSON.stringify(version)}`);
}

function meaningOf<T>(answer: HttpAnswer, read: (value: unknown) => T | null): Answer<T> {
  const { status, body } = answer;
  const said = parsed(body);
  if (said === undefined || isWebPage(answer)) {
    return failed('malformed', `the registry answered HTTP ${status} without JSON`, status);
  }
  if (status === 404) return ABSENT;
  if (status === 401 || status === 403) return { kind: 'denied', status };
  if (status !== 200) return failed('malformed', `the registry answered HTTP ${status}`, status);
  const value = read(said);
  if (value === null) return failed('malformed', "the registry's answer is not as expected");
  return seen(value);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function idIn(value: unknown): string | null {
  const id = (value as { identifier?: unknown } | null)?.identifier;
  return typeof id === 'string' && isDandisetId(id) ? id : null;
}

const unstable = (): Failed =>
  failed('malformed', 'unstable: the listing changed whenever it was read');
