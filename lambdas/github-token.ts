// GitHub allows whoever says who they are more questions an hour. The token goes to the mirror's
// own address and nowhere else, and is in no log line and no error.

import type { HttpClient } from '../core/http.ts';

/** @param token of GitHub, sent as its documentation of HTTPS cloning has it */
export function withGithubToken(http: HttpClient, mirrorUrl: string, token: string): HttpClient {
  const base = `${mirrorUrl.replace(/\/+$/, '')}/`;
  const authorization = `Basic ${Buffer.from(`x-access-token:${token.trim()}`).toString('base64')}`;
  return {
    traffic: http.traffic,
    close: () => http.close(),
    request: (request) =>
      http.request(
        request.url.startsWith(base)
          ? { ...request, headers: { ...request.headers, authorization } }
          : request,
      ),
  };
}
