// Credentials that may have expired. A refusal of them says nothing about the data: public data is
// requested again without them (docs/checks.md#what-a-refusal-means).

import type { HttpAnswer, HttpClient } from './messages.ts';
import { isWebPage } from './web-page.ts';

/** Statuses that a server uses to refuse credentials. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404]);

export interface CredentialsOptions {
  /** Undefined or empty if there is none. Surrounding white space is ignored. */
  readonly token: string | undefined;
  /** The value of that header for a token. */
  readonly authorization: (token: string) => string;
  /** Whether a 403 means too many requests, and so says nothing about the credentials. */
  readonly isLimit?: ((answer: HttpAnswer) => boolean) | undefined;
  /** Called once, when the credentials are no longer used. */
  readonly onRefused?: ((status: number) => void) | undefined;
}

/** Characters that a header allows in a token: printable ASCII without spaces. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

export interface CredentialedClient extends HttpClient {
  /** Whether the credentials were refused and are no longer sent. */
  readonly refused: boolean;
  /** Whether the next request has them. */
  readonly isSending: boolean;
}

/**
 * A client for the requests to one server. If a request with credentials is refused, the answer to
 * the same request without them counts.
 * @throws RangeError if the token is invalid: an error about the header would show it.
 */
export function withCredentials(
  http: HttpClient,
  { token: given, authorization, isLimit, onRefused }: CredentialsOptions,
): CredentialedClient {
  const token = given?.trim();
  if (token && !isToken(token)) throw new RangeError('not a token');
  const header = token ? authorization(token) : undefined;
  let refused = false;
  const giveUp = (status: number): void => {
    if (refused) return;
    refused = true;
    onRefused?.(status);
  };
  return {
    traffic: http.traffic,
    close: () => http.close(),
    get refused() {
      return refused;
    },
    get isSending() {
      return header !== undefined && !refused;
    },
    async request(request) {
      if (header === undefined || refused) return http.request(request);
      const headers = { ...request.headers, authorization: header };
      const answer = await http.request({ ...request, headers });
      if (answer.kind === 'failed' || !REFUSALS.has(answer.status)) return answer;
      // Not from the server that the credentials are for.
      if (isWebPage(answer)) return answer;
      if (answer.status === 403 && isLimit?.(answer)) return answer;
      // 401 is only about the credentials. 403 and 404 may be about the requested data; they are
      // about the credentials if a request without them succeeds.
      if (answer.status === 401) giveUp(401);
      const open = await http.request(request);
      if (open.kind === 'answer' && open.status === 200) giveUp(answer.status);
      return open;
    },
  };
}
