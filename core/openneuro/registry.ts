// The registry, read page by page over GraphQL (checks.md section 2).

import { type Failed, failed, seen } from '../failure.ts';
import { withCredentials } from '../http/credentials.ts';
import { isWebPage } from '../http/web-page.ts';
import type { HttpClient } from '../http.ts';
import type { DatasetState, RegistrySource } from '../sources.ts';
import { DATASETS_AT_ONCE, datasetsQuery, readStates } from './registry-dataset.ts';
import { PAGE_QUERY, type PageReading, readPage } from './registry-page.ts';

export interface RegistryOptions {
  readonly http: HttpClient;
  readonly url: string;
  /** Sent as `Authorization: Bearer`; none is needed for public data. */
  readonly token?: string | undefined;
  /** Told once, when the token was refused: from then on it is not sent any more. */
  readonly onTokenRefused?: ((status: number) => void) | undefined;
  /** Datasets asked for at once; 100. */
  readonly pageSize?: number | undefined;
}

/** A hundred datasets with their snapshots are about 60 KB; the largest has 33 snapshots. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** As GraphQL over HTTP has it. */
interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** No registry has a million datasets: one that goes on handing out cursors never ends. */
const MAX_PAGES = 10_000;

/**
 * Pages throw the signal's reason when it is aborted.
 * @throws RangeError when the token can be none.
 */
export function createRegistrySource(options: RegistryOptions): RegistrySource {
  const { url, pageSize = 100 } = options;
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'gzip, br',
  };
  const http = withCredentials(options.http, {
    token: options.token,
    authorization: (token) => `Bearer ${token}`,
    onRefused: options.onTokenRefused,
  });

  /** What `read` makes of the answer; a failure of it is asked for again, as one of the network is. */
  const ask = async <T extends { readonly kind: string }>(
    question: Question,
    read: (body: Buffer) => T | Failed,
    signal?: AbortSignal,
  ): Promise<T | Failed> => {
    let reading: T | Failed | undefined;
    const answer = await http.request({
      kind: 'registry',
      method: 'POST',
      url,
      headers,
      body: JSON.stringify(question),
      maxBytes: MAX_PAGE_BYTES,
      signal,
      verify(tried) {
        reading = tried.status === 200 ? read(tried.body) : undefined;
        if (reading === undefined && isWebPage(tried)) {
          return failed('malformed', `HTTP ${tried.status} with a web page`);
        }
        return isFailed(reading) ? reading : undefined;
      },
    });
    if (answer.kind === 'failed') return answer;
    const refused = answer.status === 401 || answer.status === 403;
    return (
      reading ??
      failed(
        refused && options.token?.trim() ? 'credentials-refused' : 'malformed',
        `the registry answered HTTP ${answer.status}`,
      )
    );
  };
  const askPage = (after: string | null, signal: AbortSignal): Promise<PageReading | Failed> => {
    const variables = { first: pageSize, ...(after !== null && { after }) };
    return ask({ query: PAGE_QUERY, variables }, readPageBody, signal);
  };

  return {
    async *pages(signal) {
      const cursors = new Set<string>();
      const stop = new AbortController();
      const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      try {
        for (let page: Promise<PageReading | Failed> | null = askPage(null, either); page; ) {
          const reading: PageReading | Failed = await page;
          if (reading.kind === 'failed') return yield reading;
          const next: string | null = reading.next;
          const circle: boolean = next !== null && (cursors.has(next) || cursors.size >= MAX_PAGES);
          if (next !== null) cursors.add(next);
          // On its way while this page is made use of.
          page = next === null || circle ? null : askPage(next, either);
          page?.catch(() => {});
          yield seen(reading.page);
          if (circle) yield failed('malformed', 'the registry pages in circles, or without end');
        }
      } finally {
        stop.abort();
      }
    },

    async askDatasets(ids, signal) {
      const states = new Map<string, DatasetState>();
      for (let at = 0; at < ids.length; at += DATASETS_AT_ONCE) {
        const some = ids.slice(at, at + DATASETS_AT_ONCE);
        const answer = await ask(
          { query: datasetsQuery(some) },
          (body) => readStates(some, body),
          signal,
        );
        if (answer.kind === 'failed') return answer;
        for (const [id, state] of answer.value) states.set(id, state);
      }
      return seen(states);
    },
  };
}

function isFailed(reading: { readonly kind: string } | undefined): reading is Failed {
  return reading?.kind === 'failed';
}

/** A page, or what is wrong with the body of a 200. */
function readPageBody(body: Buffer): PageReading | Failed {
  const text = body.toString().trim();
  let result: unknown;
  try {
    result = JSON.parse(text);
  } catch {
    return text === '' || (text.startsWith('{') && !text.endsWith('}'))
      ? failed('cut-short', 'the registry answered with half a page')
      : failed('malformed', 'the registry answered with something that is not JSON');
  }
  return readPage(result);
}
