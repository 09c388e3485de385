// The registry, read page by page over GraphQL (checks.md section 2).

import { GraphQLClient } from 'graphql-request';
import { type Failed, failed, seen } from '../failure.ts';
import type { HttpAnswer, HttpClient } from '../http.ts';
import type { DatasetState, RegistrySource } from '../sources.ts';
import { isToken } from './ids.ts';
import { DATASETS_AT_ONCE, datasetsQuery, readStates } from './registry-dataset.ts';
import { PAGE_QUERY, type PageReading, readPage } from './registry-page.ts';

export interface RegistryOptions {
  readonly http: HttpClient;
  readonly url: string;
  /** Sent as `Authorization: Bearer`; none is needed for public data. */
  readonly token?: string | undefined;
  /** Datasets asked for at once; 100. */
  readonly pageSize?: number | undefined;
}

/** A hundred datasets with their snapshots are about 60 KB; the largest has 33 snapshots. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** No registry has a million datasets: one that goes on handing out cursors never ends. */
const MAX_PAGES = 10_000;

/** Carries a failed question through graphql-request, which knows only exceptions. */
class QuestionFailed extends Error {
  override readonly name = 'QuestionFailed';
  readonly failure: Failed;
  constructor(failure: Failed) {
    super(failure.detail);
    this.failure = failure;
  }
}

/**
 * Pages throw the signal's reason when it is aborted.
 * @throws RangeError when the token can be none.
 */
export function createRegistrySource(options: RegistryOptions): RegistrySource {
  const { pageSize = 100 } = options;
  const token = options.token?.trim();
  // Headers would refuse it too, and tell the secret in its message.
  if (token && !isToken(token)) throw new RangeError('not a bearer token');
  const client = new GraphQLClient(options.url, {
    fetch: fetchThrough(options.http),
    errorPolicy: 'all',
    headers: {
      'accept-encoding': 'gzip, br',
      ...(token && { authorization: `Bearer ${token}` }),
    },
  });

  const ask = async (after: string | null, signal?: AbortSignal): Promise<PageReading | Failed> => {
    const variables = { first: pageSize, ...(after !== null && { after }) };
    try {
      return readPage(
        await client.rawRequest({ query: PAGE_QUERY, variables, ...(signal && { signal }) }),
      );
    } catch (error) {
      if (error instanceof QuestionFailed) return error.failure;
      throw error;
    }
  };

  return {
    async *pages(signal) {
      const cursors = new Set<string>();
      const stop = new AbortController();
      const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
      try {
        for (let page: Promise<PageReading | Failed> | null = ask(null, either); page; ) {
          const reading: PageReading | Failed = await page;
          if (reading.kind === 'failed') return yield reading;
          const next: string | null = reading.next;
          const circle: boolean = next !== null && (cursors.has(next) || cursors.size >= MAX_PAGES);
          if (next !== null) cursors.add(next);
          // On its way while this page is made use of.
          page = next === null || circle ? null : ask(next, either);
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
        const answer = await askStates(options, some, token, signal);
        if (answer.kind === 'failed') return answer;
        for (const [id, state] of answer.value) states.set(id, state);
      }
      return seen(states);
    },
  };
}

/** Not through graphql-request: an answer of nothing but errors is what is asked for. */
async function askStates(
  { http, url }: RegistryOptions,
  ids: readonly string[],
  token: string | undefined,
  signal?: AbortSignal,
) {
  let states: ReturnType<typeof readStates> | undefined;
  const answer = await http.request({
    kind: 'registry',
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: datasetsQuery(ids) }),
    maxBytes: MAX_PAGE_BYTES,
    signal,
    verify({ status, body }) {
      states = status === 200 ? readStates(ids, body) : undefined;
      return states?.kind === 'failed' ? states : undefined;
    },
  });
  if (answer.kind === 'failed') return answer;
  return states ?? failed('malformed', `the registry answered HTTP ${answer.status}`);
}

/** `fetch` as graphql-request calls it, over our client: what is not a page never comes back. */
function fetchThrough(http: HttpClient): typeof fetch {
  return async (input, init) => {
    const answer = await http.request({
      kind: 'registry',
      method: 'POST',
      url: String(input),
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: String(init?.body),
      maxBytes: MAX_PAGE_BYTES,
      signal: init?.signal ?? undefined,
      verify: faultOf,
    });
    if (answer.kind === 'failed') throw new QuestionFailed(answer);
    if (answer.status !== 200) {
      throw new QuestionFailed(failed('malformed', `the registry answered HTTP ${answer.status}`));
    }
    // faultOf has proven that it is JSON, whatever the server calls it.
    return new Response(answer.body.toString(), {
      headers: { 'content-type': 'application/json' },
    });
  };
}

/** What is wrong with an answer, so that it is asked for again; other statuses will not change. */
function faultOf({ status, body }: HttpAnswer): Failed | undefined {
  if (status !== 200) return undefined;
  const text = body.toString().trim();
  let result: unknown;
  try {
    result = JSON.parse(text);
  } catch {
    return text === '' || (text.startsWith('{') && !text.endsWith('}'))
      ? failed('cut-short', 'the registry answered with half a page')
      : failed('malformed', 'the registry answered with something that is not JSON');
  }
  const reading = readPage(result);
  return reading.kind === 'failed' ? reading : undefined;
}
