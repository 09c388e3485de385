// Parts of a text for an issue tracker, in Markdown as GitHub reads it: what a check found, and a
// command. Texts from outside are escaped.

import type { Catalogue, Labels } from './catalogue.ts';
import { numberColumns } from './catalogue.ts';
import { number } from './format.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Row } from './rows.ts';
import { visible } from './visible.ts';
import { STATUS_WORDS } from './words.ts';

/** Text from outside, as one line of Markdown. */
export const foreign = (text: string): string => escapeMarkdown(visible(text));

/** `Export files: Error: Files missing`, with all that the check found. */
export function findingWords(
  catalogue: Pick<Catalogue, 'checkById'> & { readonly issues: Labels },
  row: Row,
  check: string,
): string {
  const name = catalogue.checkById.get(check)?.words.name ?? check;
  const { status = 'ok', findings = [] } = row.checks[check] ?? {};
  const labels = findings.map((one) => catalogue.issues.get(`${check}:${one}`)?.label ?? one);
  return `${name}: ${[STATUS_WORDS[status], labels.join(', ')].filter((one) => one !== '').join(': ')}`;
}

/** `12 missing in the export, 3 …`: the faults that a check counted; empty if there are none. */
export const numbersText = (
  catalogue: Pick<Catalogue, 'checks'>,
  row: Row,
  check: string,
): string =>
  numberColumns(catalogue)
    .flatMap(({ id, name, words }) => {
      const value = id === check && words.ofFaults ? row.checks[check]?.numbers[name] : undefined;
      return value ? [`${number(value)} ${words.says}`] : [];
    })
    .join(', ');

/** A command in a fence that nothing in it can close. */
export function fenced(command: string): string[] {
  const runs = Array.from(command.matchAll(/`+/g), ([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  return [`${fence}sh`, ...command.split('\n').map(visible), fence];
}
