// What a mirror's answer means if it is not git's: the table of docs/checks.md#unverified. A
// refusal of our credentials never gets here; core/http/credentials.ts has retried without them.

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

/** GitHub's wording for its limits (docs.github.com, "Rate limits for the REST API"). */
const LIMIT =
  /rate.?limit|secondary limit|abuse detection|too many requests|retry (?:later|after)|try again/i;
/**
 * GitHub's wording for one repository: "Repository unavailable due to DMCA takedown.", "Access to
 * this repository has been disabled by GitHub staff …", "Repository access blocked".
 */
const ABOUT_REPOSITORY =
  /repository\b[^\n]{0,80}\b(?:unavailable|disabled|blocked|suspended|DMCA)/i;
/** The whole text for a repository that does not exist: "Repository not found.", "Not Found". */
const NOT_FOUND = /^\s*(?:remote: *)?(?:repository )?not found[.!]?\s*$/i;
/** The 401 with which GitHub asks an anonymous git to log in. */
const GITHUB_REALM = /\brealm="GitHub"/i;
/** Git's own server sends only this with a 404 (http-backend.c, `hdr_nocache`). */
const GIT_EXPIRES = 'Fri, 01 Jan 1980 00:00:00 GMT';
const TEXT_BYTES = 1000;

const textOf = ({ body }: HttpAnswer): string => body.toString('latin1', 0, TEXT_BYTES);

export function speaksOfLimit(answer: HttpAnswer): boolean {
  return LIMIT.test(textOf(answer));
}

export interface RefusalContext {
  /** Whether our credentials were refused before, so that this request was sent without them. */
  readonly credentialsRefused: boolean;
  /**
   * The text or WWW-Authenticate of another archive's host for a repository that does not exist.
   */
  readonly absentText?: string | undefined;
}

/**
 * Denied: a 403 without a reason. It is about the repository only if others are answered meanwhile.
 * One answer cannot tell, so the caller, which asks for many, must decide.
 * @returns null for an answer that is not a git host's refusal; a web page never is
 */
export function meaningOfRefusal(
  answer: HttpAnswer,
  context: RefusalContext,
): Absent | Disabled | Denied | Failed | null {
  const { status } = answer;
  if (status === 403 && speaksOfLimit(answer)) {
    return failed('throttled', 'HTTP 403 with a word about limits', 403);
  }
  if (isWebPage(answer)) return null;
  switch (status) {
    case 404:
      return saysAbsent(answer, context) ? ABSENT : null;
    case 401:
      // Any answer except "not found" comes from a host that wants the credentials which it has
      // just refused.
      if (context.credentialsRefused && !NOT_FOUND.test(textOf(answer))) {
        return failed('credentials-refused', 'HTTP 401 with credentials and without', 401);
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

/** Whether a 401 or 404 is the host's answer for a repository that does not exist. */
function saysAbsent(answer: HttpAnswer, { absentText }: RefusalContext): boolean {
  const { status, headers } = answer;
  const text = textOf(answer);
  const asks = headers['www-authenticate'] ?? '';
  if (NOT_FOUND.test(text)) return true;
  if (status === 401 && GITHUB_REALM.test(asks)) return true;
  if (status === 404 && headers.expires === GIT_EXPIRES) return true;
  return !!absentText && (text.includes(absentText) || asks.includes(absentText));
}

/** For a refusal that says nothing about one repository: nothing was measured. */
export function unsettled({ status }: Denied): Failed {
  return failed('throttled', `HTTP ${status}`, status);
}
