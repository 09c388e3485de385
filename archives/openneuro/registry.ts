// The registry, read page by page over GraphQL (docs/checks.md#registry). graphql-request makes the
// queries. Our own HTTP client sends them, so that limits, retries and complete bodies work as
// everywhere.

import { type Failed, failed, type Seen, seen } from '../../core/failure.ts';
import { withCredentials } from '../../core/http/credentials.ts';
import { NotAnswered } from '../../core/http/not-answered.ts';
import { isWebPage } from '../../core/http/web-page.ts';
import type { HttpClient } from '../../core/http.ts';
import type { EntryState } from '../../core/monitor/entries.ts';
import { DATASETS_AT_ONCE, datasetsQuery, readStates } from './registry-dataset.ts';
import { DEPRECATED_QUERY, readDeprecation } from './registry-deprecated.ts';
import { PAGE_QUERY, type PageReading, readPage } from './registry-page.ts';
import type { RegistrySource } from './sources.ts';

export interface RegistryOptions {
  readonly http: HttpClient;
  readonly url: string;
  /** Sent as `Authorization: Bearer`; none is needed for public data. */
  readonly token?: string | undefined;
  /** Called once, when the token was refused: it is not sent again. */
  readonly onTokenRefused?: ((status: number) => void) | undefined;
  /** Datasets per request; 100. */
  readonly pageSize?: number | undefined;
}

/** A hundred datasets with their snapshots are about 60 KB; the largest has 33 snapshots. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** As in GraphQL over HTTP. */
interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** No registry has a million datasets: one that keeps returning cursors never ends. */
const MAX_PAGES = 10_000;

/**
 * Pages throw the signal's reason when it is aborted.
 * @throws RangeError when the token is invalid.
 */
export function createRegistrySource(options: RegistryOptions): RegistrySource {
  const { url, pageSize = 100 } = options;
  const http = withCredentials(options.http, {
    token: options.token,
    authorization: (token) => `Bearer ${token}`,
    onRefused: options.onTokenRefused,
  });

  /**
   * Returns what `read` makes of the result. `read` runs while the request can still be retried: a
   * failure to read is retried like a network failure.
   */
  const ask = async <T extends { readonly kind: string }>(
    question: Question,
    read: (result: unknown) => T | Failed,
    signal?: AbortSignal,
    kind = 'registry',
  ): Promise<T | Failed> => {
    // Loaded only when the registry is read: other functions and commands do not need it.
    const { GraphQLClient } = await import('graphql-request');
    let reading: T | Failed | undefined;
    const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      const answer = await http.request({
        kind,
        method: 'POST',
        url,
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: init?.body as string,
        maxBytes: MAX_PAGE_BYTES,
        signal,
        verify(tried) {
          reading = undefined;
          if (tried.status !== 200) {
            if (!isWebPage(tried)) return undefined;
            return failed('malformed', `HTTP ${tried.status} with a web page`);
          }
          const result = parseResult(tried.body);
          reading = result.kind === 'failed' ? result : read(result.value);
          return isFailed(reading) ? reading : undefined;
        },
      });
      if (answer.kind === 'failed') throw new NotAnswered(answer);
      if (answer.status !== 200) throw new NotAnswered(refusal(answer.status));
      return new Response(answer.body.toString(), {
        headers: { 'content-type': 'application/json' },
      });
    };
    const refusal = (status: number): Failed => {
      const ofToken = (status === 401 || status === 403) && options.token?.trim();
      const reason = ofToken ? 'credentials-refused' : 'malformed';
      return failed(reason, `the registry answered HTTP ${status}`);
    };
    const client = new GraphQLClient(url, {
      fetch,
      headers: { 'accept-encoding': 'gzip, br' },
      // Errors beside data concern single entries; the others count.
      errorPolicy: 'all',
      excludeOperationName: true,
    });
    try {
      await client.rawRequest(question);
    } catch (error) {
      if (error instanceof NotAnswered) return error.failure;
      throw error;
    }
    return reading as T | Failed;
  };
  const askPage = (after: string | null, signal: AbortSignal): Promise<PageReading | Failed> => {
    const variables = { first: pageSize, ...(after !== null && { after }) };
    return ask({ query: PAGE_QUERY, variables }, readPage, signal);
  };

  return {
    async *pages(signal, after) {
      const cursors = new Set(after === undefined ? [] : [after]);
      const stop = new AbortController();
      const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      try {
        const first = askPage(after ?? null, either);
        for (let page: Promise<PageReading | Failed> | null = first; page; ) {
          const reading: PageReading | Failed = await page;
          if (reading.kind === 'failed') return yield reading;
          const next: string | null = reading.next;
          const circle: boolean = next !== null && (cursors.has(next) || cursors.size >= MAX_PAGES);
          if (next !== null) cursors.add(next);
          // Prefetched while this page is used.
          page = next === null || circle ? null : askPage(next, either);
          page?.catch(() => {});
          yield seen({ ...reading.page, next });
          if (circle) yield failed('malformed', 'the registry pages in circles, or without end');
        }
      } finally {
        stop.abort();
      }
    },

    async askDatasets(ids, signal) {
      const states = new Map<string, EntryState>();
      for (let at = 0; at < ids.length; at += DATASETS_AT_ONCE) {
        const some = ids.slice(at, at + DATASETS_AT_ONCE);
        const answer = await ask(
          { query: datasetsQuery(some) },
          (result) => readStates(some, result),
          signal,
        );
        if (answer.kind === 'failed') return answer;
        for (const [id, state] of answer.value) states.set(id, state);
      }
      return seen(states);
    },

    askDeprecation: (datasetId, tag, signal) =>
      ask(
        { query: DEPRECATED_QUERY, variables: { datasetId, tag } },
        (result) => readDeprecation(tag, result),
        signal,
        'deprecated',
      ),
  };
}

function isFailed(reading: { readonly kind: string }): reading is Failed {
  return reading.kind === 'failed';
}

/** The JSON of a 200, or the fault of its body. */
function parseResult(body: Buffer): Seen<unknown> | Failed {
  const text = body.toString().trim();
  try {
    return seen(JSON.parse(text));
  } catch {
    return text === '' || (text.startsWith('{') && !text.endsWith('}'))
      ? failed('cut-short', 'the registry answered with half a page')
      : failed('malformed', 'the registry answered with something that is not JSON');
  }
}
