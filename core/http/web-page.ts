// A web page in place of an answer. None of our protocols answers with one, so it comes from
// something between us and the host: a proxy, a firewall, the log-in page of a network.

import type { HttpAnswer } from '../http.ts';

export function isWebPage({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
  return /^\s*(?:text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '');
}
