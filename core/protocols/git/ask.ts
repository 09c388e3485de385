// One request to a git host, parsed while the client can still retry.

import type { Absent, Denied, Disabled, Failed, Seen } from '../../failure.ts';
import { failed } from '../../failure.ts';
import type { CredentialedClient } from '../../http/credentials.ts';
import { isWebPage } from '../../http/web-page.ts';
import type { HttpAnswer, HttpRequest } from '../../http.ts';
import { attempt } from './fault.ts';

export type Refused = Absent | Disabled | Denied | Failed;

/** An answer that is not git's, and not a refusal with a known meaning. */
export interface Other {
  readonly kind: 'other';
  readonly detail: string;
}

export interface Asking<T> {
  readonly http: CredentialedClient;
  readonly contentType: string;
  readonly parse: (body: Buffer) => T;
  readonly meaning: (answer: HttpAnswer) => Refused | null;
  readonly isLast: boolean;
}

/** Asks and parses while the client can still retry: a cut answer is a failed try. */
export async function askOnce<T>(
  { http, contentType, parse, meaning, isLast }: Asking<T>,
  request: HttpRequest,
): Promise<Seen<T> | Refused | Other> {
  let parsed: Seen<T> | Failed | undefined;
  const answer = await http.request({
    ...request,
    verify: (answer) => {
      const isGit = answer.status === 200 && contentTypeOf(answer) === contentType;
      parsed = isGit ? attempt(() => parse(answer.body)) : undefined;
      if (parsed?.kind === 'failed') return parsed;
      // A refusal in the body counts as one by status: it is retried after a pause.
      const refusal = parsed === undefined ? meaning(answer) : null;
      if (refusal?.kind === 'failed' && refusal.reason === 'throttled') return refusal;
      return isLast && parsed === undefined && isStranger(answer)
        ? notGit(other(answer))
        : undefined;
    },
  });
  if (answer.kind === 'failed') return answer;
  return parsed ?? meaning(answer) ?? other(answer);

  /** Not from a git host. The client retries a possible refusal of credentials without them. */
  function isStranger(answer: HttpAnswer): boolean {
    return meaning(answer) === null && (isWebPage(answer) || !http.isSending);
  }
}

function other(answer: HttpAnswer): Other {
  return {
    kind: 'other',
    detail: `HTTP ${answer.status} with ${contentTypeOf(answer) || 'no type'}`,
  };
}

function contentTypeOf(answer: HttpAnswer): string {
  return (answer.headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

export const notGit = ({ detail }: Other): Failed =>
  failed('malformed', `no git answer: ${detail}`);
