// What is wrong with an entry in one sentence, from its row alone.

import { checkOf as findCheck, leading } from '../monitor/check.ts';
import { checkOf, issuesOf, type SentenceWords, type Shown, subtypeOf } from './catalogue.ts';
import { counted, number } from './format.ts';
import type { Row } from './rows.ts';
import { STATUSES } from './vocabulary.ts';
import { PENDING_WORDS } from './words.ts';

export interface Headline {
  /** One sentence, with its full stop. */
  readonly says: string;
  /** The finding that it is about; null if none counts. */
  readonly issue: string | null;
  /** Since when that has been so, or the status without a finding; null: before the first run. */
  readonly since: string | null;
  /** Further findings that count. */
  readonly more: number;
}

type Checks = Pick<Shown, 'checks'>;

/** Findings that count, the worst first; without those that follow from another of their check. */
export function leadingIssues(archive: Checks, row: Row): string[] {
  const all = issuesOf(archive, row).filter((issue) => isFound(archive, row, issue));
  const rank = (issue: string) => {
    const check = findCheck(archive, checkOf(issue));
    return STATUSES.indexOf(check.findings[subtypeOf(issue)]?.severity ?? 'ok');
  };
  return all
    .filter((issue) => {
      const id = checkOf(issue);
      const found = row.checks[id]?.findings ?? [];
      return leading(findCheck(archive, id), found).includes(subtypeOf(issue));
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** A reason to wait is an issue, and no finding. */
const isFound = (archive: Checks, row: Row, issue: string): boolean =>
  row.checks[checkOf(issue)]?.findings.includes(subtypeOf(issue)) === true &&
  Object.hasOwn(findCheck(archive, checkOf(issue)).findings, subtypeOf(issue));

/** The check with the worst finding that counts; null if none does. */
export function worstCheck(archive: Checks, row: Row): string | null {
  const [issue] = leadingIssues(archive, row);
  return issue === undefined ? null : checkOf(issue);
}

/** A row of the compact summary, whose checks have no `since`, with that of its worst finding. */
export function withFindingSince(archive: Checks, row: Row, since: string | null): Row {
  const check = worstCheck(archive, row);
  const own = check === null ? undefined : row.checks[check];
  return check && own ? { ...row, checks: { ...row.checks, [check]: { ...own, since } } } : row;
}

/** @param words sentenceWordsOf() the archive */
export function headline(archive: Checks, row: Row, words: SentenceWords): Headline {
  const [first, ...others] = leadingIssues(archive, row);
  if (first === undefined) {
    return { says: withoutFinding(row), issue: null, since: row.since, more: 0 };
  }
  return {
    says: issueSentence(archive, row, first, words),
    issue: first,
    since: row.checks[checkOf(first)]?.since ?? null,
    more: others.length,
  };
}

/** `80,880 of 82,318 files are missing from the export, since 12 March 2026.` */
export const withSince = (says: string, since: string): string =>
  `${says.replace(/\.$/, '')}, since ${since}.`;

function withoutFinding({ status, pending, checks }: Row): string {
  if (status === 'ok') return 'Its copies agree everywhere, as far as they were checked.';
  if (pending !== null) return PENDING_WORDS[pending.reason].says;
  const isNew = Object.values(checks).some(({ at }) => at === null);
  return isNew
    ? 'Some of its checks were never measured.'
    : 'It is not known yet whether its copies agree.';
}

/** What a finding says, with its number if the row has it. */
export function issueSentence(
  archive: Checks,
  row: Row,
  issue: string,
  words: SentenceWords,
): string {
  const { says = '', counted: how, versions } = words[issue] ?? {};
  const check = findCheck(archive, checkOf(issue));
  const own = row.checks[check.id];
  if (versions && own?.version && row.version) {
    return versions.replace('{own}', own.version).replace('{latest}', row.version);
  }
  const value = how && own?.numbers[how.number];
  if (!how || !value) return says;
  const ofAll = Object.entries(check.numbers ?? {}).find(([, one]) => one.wholeOf === how.number);
  // Records of older runs do not have it.
  const whole = own.numbers[ofAll?.[0] ?? ''];
  const what = whole ? `${number(value)} of ${counted(whole, how.one)}` : counted(value, how.one);
  return `${what} ${value === 1 ? 'is' : 'are'} ${how.are}.`;
}
