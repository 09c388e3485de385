// A web page instead of an answer. None of our protocols answers with one, so it comes from
// something in between: a proxy, a firewall, a network's log-in page.

import type { HttpAnswer } from './messages.ts';

export function isWebPage({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
  return /^\s*(?:text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '');
}
