// What a mirror's answer means that holds nothing of git: the table of docs/checks.md section 7. A
// refusal of our credentials never comes here; core/http/credentials.ts has asked again without them.

import {
  ABSENT,
  type Absent,
  type Denied,
  DISABLED,
  type Disabled,
  type Failed,
  failed,
} from '../failure.ts';
import type { HttpAnswer } from '../http.ts';

/** How GitHub's texts speak of its limits (docs.github.com, "Rate limits for the REST API"). */
const LIMIT =
  /rate.?limit|secondary limit|abuse detection|too many requests|retry (?:later|after)|try again/i;
/**
 * How they speak of one repository: "Repository unavailable due to DMCA takedown.", "Access to this
 * repository has been disabled by GitHub staff …", "Repository access blocked".
 */
const ABOUT_REPOSITORY =
  /repository\b[^\n]{0,80}\b(?:unavailable|disabled|blocked|suspended|DMCA)/i;
const NOT_FOUND = /not found/i;
const TEXT_BYTES = 1000;

const textOf = ({ body }: HttpAnswer): string => body.toString('latin1', 0, TEXT_BYTES);

export function speaksOfLimit(answer: HttpAnswer): boolean {
  return LIMIT.test(textOf(answer));
}

/**
 * Denied: a 403 or 451 that does not say why. It is about the repository only where others are answered
 * meanwhile, which one answer cannot tell (core/stages/refused-mirror.ts).
 * @param credentialsRefused whether ours were refused before, so that this was asked without them
 * @returns null for an answer that is no refusal
 */
export function meaningOfRefusal(
  answer: HttpAnswer,
  credentialsRefused: boolean,
): Absent | Disabled | Denied | Failed | null {
  const { status, headers } = answer;
  const html = /^text\/html/i.test(headers['content-type'] ?? '');
  const text = textOf(answer);
  switch (status) {
    case 404:
      return ABSENT;
    case 401:
      // GitHub's 401 for a repository that is not there says so. Another is a host that wants the
      // credentials which it has just refused.
      return credentialsRefused && !NOT_FOUND.test(text)
        ? failed('credentials-refused', 'HTTP 401 with credentials and without')
        : ABSENT;
    case 451:
      // A page is what stands between us and the host, and may say so of everything.
      return html ? { kind: 'denied', status } : DISABLED;
    case 403:
      if (speaksOfLimit(answer)) return failed('throttled', 'HTTP 403 with a word about limits');
      return !html && ABOUT_REPOSITORY.test(text) ? DISABLED : { kind: 'denied', status };
    default:
      return null;
  }
}

/** Of a refusal that says nothing about one repository: nothing was measured. */
export function unsettled({ status }: Denied): Failed {
  return failed(status === 403 ? 'throttled' : 'malformed', `HTTP ${status}`);
}
