// What is wrong with an entry in one sentence, from its row alone.

import { checkOf as findCheck, leading } from '../monitor/check.ts';
import {
  type Catalogue,
  checkOf,
  issuesOf,
  type SentenceWords,
  type Shown,
  subtypeOf,
} from './catalogue.ts';
import { comparedOf } from './coverage.ts';
import { counted, number } from './format.ts';
import type { Row } from './rows.ts';
import { STATUSES } from './vocabulary.ts';
import { PENDING_WORDS } from './words.ts';

export interface Headline {
  /** One sentence, with its full stop. */
  readonly says: string;
  /** The finding that it is about; null if none counts. */
  readonly issue: string | null;
  /** Further findings that count. */
  readonly more: number;
}

type Words = Pick<Catalogue, 'checks' | 'issues'>;

/** Findings that count, the worst first; without those that follow from another of their check. */
export function leadingIssues(catalogue: Words, row: Row): string[] {
  const all = issuesOf(catalogue, row).filter((issue) => isFound(catalogue, row, issue));
  const rank = (issue: string) => {
    const check = findCheck(catalogue, checkOf(issue));
    return STATUSES.indexOf(check.findings[subtypeOf(issue)]?.severity ?? 'ok');
  };
  return all
    .filter((issue) => {
      const id = checkOf(issue);
      const found = row.checks[id]?.findings ?? [];
      return leading(findCheck(catalogue, id), found).includes(subtypeOf(issue));
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** A reason to wait is an issue, and no finding. */
const isFound = (catalogue: Words, row: Row, issue: string): boolean =>
  row.checks[checkOf(issue)]?.findings.includes(subtypeOf(issue)) === true &&
  Object.hasOwn(findCheck(catalogue, checkOf(issue)).findings, subtypeOf(issue));

/** @param words sentenceWordsOf() the archive; without them no numbers are said */
export function headline(
  catalogue: Catalogue,
  row: Row,
  words: SentenceWords | undefined,
): Headline {
  const [first, ...others] = leadingIssues(catalogue, row);
  if (first !== undefined) {
    return { says: issueSentence(catalogue, row, first, words), issue: first, more: others.length };
  }
  return { says: withoutFinding(row), issue: null, more: 0 };
}

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
  catalogue: Pick<Shown, 'checks'> & Pick<Catalogue, 'issues'>,
  row: Row,
  issue: string,
  sentences: SentenceWords = {},
): string {
  const check = findCheck(catalogue, checkOf(issue));
  const words = check.findings[subtypeOf(issue)] ?? catalogue.issues.get(issue);
  const {
    says = words?.says ?? '',
    counted: how,
    versions,
  }: Partial<SentenceWords[string]> = sentences[issue] ?? {};
  const own = row.checks[check.id];
  if (versions && own?.version && row.version) {
    return versions.replace('{own}', own.version).replace('{latest}', row.version);
  }
  const value = how && own?.numbers[how.number];
  if (!how || !value) return says;
  const whole = how.isPart ? wholeOf(catalogue, row, check.id, value) : null;
  const what =
    whole === null ? counted(value, how.one) : `${number(value)} of ${counted(whole, how.one)}`;
  return `${what} ${value === 1 ? 'is' : 'are'} ${how.are}.`;
}

/** Measured in one pass, whose results are saved one after the other. */
const isTogether = (one: string | null = null, other: string | null = null): boolean =>
  one !== null && other !== null && Math.abs(Date.parse(one) - Date.parse(other)) <= PASS_MS;
/** The compact summary has times to the minute. */
const PASS_MS = 120_000;

/**
 * Those that are wrong and those that both sides have. Null if the check that counts these was not
 * made at the same time.
 */
function wholeOf(
  catalogue: Pick<Shown, 'checks'>,
  row: Row,
  check: string,
  wrong: number,
): number | null {
  const compared = comparedOf(catalogue, row);
  const covering = catalogue.checks.find(({ coverage }) => coverage);
  const other = row.checks[covering?.id ?? ''];
  const own = row.checks[check];
  if (!compared || !isTogether(own?.at, other?.at)) return null;
  return wrong + compared.content + compared.size + compared.none;
}
