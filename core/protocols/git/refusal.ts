// What an answer of a mirror means that is no git answer: the table of docs/checks.md#unverified. A
// refusal of our credentials never comes here; core/http/credentials.ts has asked again without them.

import {
  ABSENT,
  type Absent,
  type Denied,
  DISABLED,
  type Disabled,
  type Failed,
  failed,
} from '../../failure.ts';
import { isWebPage } from '../../http/web-page.ts';
import type { HttpAnswer } from '../../http.ts';

/** How GitHub's texts speak of its limits (docs.github.com, "Rate limits for the REST API"). */
const LIMIT =
  /rate.?limit|secondary limit|abuse detection|too many requests|retry (?:later|after)|try again/i;
/**
 * How they speak of one repository: "Repository unavailable due to DMCA takedown.", "Access to this
 * repository has been disabled by GitHub staff …", "Repository access blocked".
 */
const ABOUT_REPOSITORY =
  /repository\b[^\n]{0,80}\b(?:unavailable|disabled|blocked|suspended|DMCA)/i;
/** All that they say of one that is not there: "Repository not found.", "Not Found". */
const NOT_FOUND = /^\s*(?:remote: *)?(?:repository )?not found[.!]?\s*$/i;
/** The 401 with which GitHub asks an anonymous git to log in. */
const GITHUB_REALM = /\brealm="GitHub"/i;
/** Git's own server says no more than this with a 404 (http-backend.c, `hdr_nocache`). */
const GIT_EXPIRES = 'Fri, 01 Jan 1980 00:00:00 GMT';
const TEXT_BYTES = 1000;

const textOf = ({ body }: HttpAnswer): string => body.toString('latin1', 0, TEXT_BYTES);

export function speaksOfLimit(answer: HttpAnswer): boolean {
  return LIMIT.test(textOf(answer));
}

export interface RefusalContext {
  /** Whether our credentials were refused before, so that this was asked without them. */
  readonly credentialsRefused: boolean;
  /** What the host of another archive says, in its text or as WWW-Authenticate, of a repository that is not there. */
  readonly absentText?: string | undefined;
}

/**
 * Denied: a 403 that does not say why. It is about the repository only where others are answered
 * meanwhile, which one answer cannot tell; the caller, who asks for many, has to.
 * @returns null for an answer that is no refusal of a git host: a web page never is
 */
export function meaningOfRefusal(
  answer: HttpAnswer,
  context: RefusalContext,
): Absent | Disabled | Denied | Failed | null {
  const { status } = answer;
  if (status === 403 && speaksOfLimit(answer)) {
    return failed('throttled', 'HTTP 403 with a word about limits');
  }
  if (isWebPage(answer)) return null;
  switch (status) {
    case 404:
      return saysAbsent(answer, context) ? ABSENT : null;
    case 401:
      // Another one than that of a repository which is not there is of a host that wants the credentials
      // which it has just refused.
      if (context.credentialsRefused && !NOT_FOUND.test(textOf(answer))) {
        return failed('credentials-refused', 'HTTP 401 with credentials and without');
      }
      return saysAbsent(answer, context) ? ABSENT : null;
    case 451:
      return DISABLED;
    case 403:
      return ABOUT_REPOSITORY.test(textOf(answer)) ? DISABLED : { kind: 'denied', status };
    default:
      return null;
  }
}

/** Whether a 401 or 404 is the host's own for a repository that is not there. */
function saysAbsent(answer: HttpAnswer, { absentText }: RefusalContext): boolean {
  const { status, headers } = answer;
  const text = textOf(answer);
  const asks = headers['www-authenticate'] ?? '';
  if (NOT_FOUND.test(text)) return true;
  if (status === 401 && GITHUB_REALM.test(asks)) return true;
  if (status === 404 && headers.expires === GIT_EXPIRES) return true;
  return !!absentText && (text.includes(absentText) || asks.includes(absentText));
}

/** Of a refusal that says nothing about one repository: nothing was measured. */
export function unsettled({ status }: Denied): Failed {
  return failed('throttled', `HTTP ${status}`);
}
