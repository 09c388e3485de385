// A dataset's verdicts, likely causes and what to do, as text for a terminal or as JSON.

import { canFix } from '../../core/documents/can-fix.ts';
import {
  type Catalogue,
  checkOf,
  issuesOf,
  numberColumns,
  sentenceWordsOf,
  subtypeOf,
} from '../../core/documents/catalogue.ts';
import { date, moment, number } from '../../core/documents/format.ts';
import { issueSentence } from '../../core/documents/headline.ts';
import { type LikelyCause, variablesOf } from '../../core/documents/likely-causes.ts';
import type { Row } from '../../core/documents/rows.ts';
import {
  countsFrom,
  FAILURE_WORDS,
  NOT_CHECKED,
  STATUS_WORDS,
} from '../../core/documents/words.ts';
import { sinceWords } from '../../core/history/words.ts';
import { plain, statusText } from './format.ts';

export interface Shown {
  readonly row: Row;
  /** When it was published. */
  readonly lastUpdated: string;
  /** What a reader must know before trusting it. */
  readonly notes: readonly string[];
  /** When the history begins; null if there is none. */
  readonly firstRun: string | null;
  readonly causes: readonly LikelyCause[];
}

/** The row, with the words of its findings and causes. */
export function showJson(catalogue: Catalogue, { row, causes, ...about }: Shown): object {
  const words = issuesOf(catalogue, row).map((issue) => {
    const { label, says, fix, who } = catalogue.issues.get(issue) ?? {};
    return { check: checkOf(issue), finding: subtypeOf(issue), label, says, fix, who };
  });
  const explained = causes.map((one) => {
    const { label, says, caution } = catalogue.causeById.get(one.cause) ?? {};
    return { ...one, label, says, caution };
  });
  return { archive: catalogue.id, ...about, ...row, findings: words, causes: explained };
}

export function showText(
  catalogue: Catalogue,
  shown: Shown,
  stream: NodeJS.WritableStream,
): string {
  const { row, lastUpdated, notes, firstRun, causes } = shown;
  const { id, name, status, since, version, versionDate, pending } = row;
  const from = versionDate === null ? '' : ` from ${date(versionDate)}`;
  const latest = version === null ? [] : [`Latest version ${plain(version)}${from}`];
  const sections = [
    [
      name === null ? id : `${id}  ${plain(name)}`,
      `${statusText(status, STATUS_WORDS[status], stream)} ${sinceWords(since, firstRun)}`,
      ...(pending === null ? [] : [countsFrom(pending)]),
      ...latest,
      `As published ${moment(lastUpdated)}`,
    ],
    ...(notes.length === 0 ? [] : [notes.map(plain)]),
    ...checkSections(catalogue, shown, stream),
    ...causes.map((cause) => causeLines(catalogue, cause)),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Checks with something to say, then those that are one line, then those that were not made. */
function checkSections(
  catalogue: Catalogue,
  shown: Shown,
  stream: NodeJS.WritableStream,
): string[][] {
  const isMade = ({ id }: Catalogue['checks'][number]) => shown.row.checks[id] !== undefined;
  const made = catalogue.checks
    .filter(isMade)
    .map(({ id }) => checkLines(catalogue, shown, id, stream));
  const left = catalogue.checks.filter((check) => !isMade(check)).map(({ words }) => words.name);
  const short = [
    ...made.filter(({ length }) => length === 1).flat(),
    ...(left.length > 0 ? [`${NOT_CHECKED}: ${left.join(', ')}`] : []),
  ];
  return [...made.filter(({ length }) => length > 1), ...(short.length > 0 ? [short] : [])];
}

function checkLines(
  catalogue: Catalogue,
  { row, firstRun }: Shown,
  check: string,
  stream: NodeJS.WritableStream,
): string[] {
  const name = catalogue.checkById.get(check)?.words.name ?? check;
  const own = row.checks[check];
  if (own === undefined) return [];
  const { status, since, at, version, numbers, notCompared, lastAttempt } = own;
  const head = `${name}: ${statusText(status, STATUS_WORDS[status], stream)}`;
  const lines = [
    `${head} ${sinceWords(since, firstRun)}${version === null ? '' : `, version ${plain(version)}`}`,
  ];
  if (lastAttempt !== null) {
    const last = at === null ? '' : `; the verdict is of ${moment(at)}`;
    lines.push(
      `The newest attempt (${moment(lastAttempt.at)}) failed: ${FAILURE_WORDS[lastAttempt.reason]}${last}`,
    );
  }
  const words = sentenceWordsOf(catalogue);
  const said: string[] = [];
  for (const issue of issuesOf(catalogue, row).filter((one) => checkOf(one) === check)) {
    const { label = '', fix = '', who = 'operators' } = catalogue.issues.get(issue) ?? {};
    lines.push(
      `${label}: ${plain(issueSentence(catalogue, row, issue, words))}`,
      `${canFix(who, catalogue.words.entry)}: ${fix}`,
    );
    said.push(words[issue]?.counted?.number ?? '');
  }
  const reason = catalogue.reasons[notCompared ?? ''];
  if (reason) {
    lines.push(
      `${reason.untold ? 'This is not known' : 'There is nothing to look at'}: ${reason.says}.`,
    );
  }
  for (const { id, name: key, words: ofNumber } of numberColumns(catalogue)) {
    const isSaid = said.includes(ofNumber.wholeOf ?? key);
    const value = id === check && !isSaid ? numbers[key] : undefined;
    if (value) lines.push(`${number(value)} ${ofNumber.says}`);
  }
  return indented(lines);
}

function causeLines(
  { causeById, variables }: Catalogue,
  { cause, evidence, verify, mend, untested }: LikelyCause,
): string[] {
  const { label = cause, says = '', caution = null, unexplained } = causeById.get(cause) ?? {};
  const command = (title: string, text: string) => [
    title,
    ...text.split('\n').map(plain),
    ...variablesOf({ variables }, text),
  ];
  return indented([
    unexplained ? label : `Likely cause: ${label}`,
    says,
    ...evidence.map((fact) => `- ${plain(fact)}`),
    ...(verify === null ? [] : command('Verify (anybody can):', verify)),
    ...(mend === null || caution === null ? [] : [`Caution: ${caution}`]),
    ...(mend === null
      ? []
      : command(`Fix (needs an operator's rights${untested ? ', never tested' : ''}):`, mend)),
  ]);
}

const indented = ([first = '', ...others]: readonly string[]): string[] => [
  first,
  ...others.map((line) => `  ${line}`),
];
