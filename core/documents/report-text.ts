// What a person can send to those who can fix a dataset: what is wrong, as of when, a command with
// which anybody can see it, and where it stands.

import type { Catalogue, Cause, Labels } from './catalogue.ts';
import { longDate, moment } from './format.ts';
import { type Headline, withSince } from './headline.ts';
import { fenced, findingWords, foreign, numbersText } from './issue-text.ts';
import { type LikelyCause, leastChangeFirst } from './likely-causes.ts';
import type { Row } from './rows.ts';

export interface ReportInput {
  /** With its name, if that is known. */
  readonly row: Row;
  /** What is wrong, in one sentence, and since when (headline.ts). */
  readonly headline: Pick<Headline, 'says' | 'since'>;
  /** When it was published; null if unknown. */
  readonly published: string | null;
  readonly causes: readonly LikelyCause[];
  /** Address of the dataset's page. */
  readonly page: string;
  /** Address of the document of a check. */
  documentOf(check: string): string;
}

/** What the report needs of the archive; the page has no more. */
type Words = Pick<Catalogue, 'checks' | 'checkById'> & {
  readonly issues: Labels;
  readonly causeById: ReadonlyMap<string, Omit<Cause, 'caution'>>;
};

/** `body` is Markdown, `title` is plain text. */
export function reportText(
  catalogue: Words,
  { row, headline: { says, since }, published, causes, page, documentOf }: ReportInput,
): { readonly title: string; readonly body: string } {
  const at = row.version === null ? row.id : `${row.id}@${row.version}`;
  const name = row.name === null ? '' : ` (${foreign(row.name)})`;
  const asOf = published === null ? '' : `As of ${moment(published)}: `;
  const wrong = catalogue.checks.filter(({ id }) => (row.checks[id]?.findings.length ?? 0) > 0);
  const findings = wrong.map(({ id }) => {
    const numbers = numbersText(catalogue, row, id);
    const words = [findingWords(catalogue, row, id), numbers]
      .filter((one) => one !== '')
      .join(', ');
    return `- ${words} ([evidence](${documentOf(id)}))`;
  });
  const sections = [
    `**${foreign(at)}**${name}`,
    `${asOf}${since === null ? says : withSince(says, longDate(since))}`,
    findings.join('\n'),
    ...leastChangeFirst(catalogue, causes).flatMap((one) => causeLines(catalogue, one)),
    `From ${page}`,
  ];
  return { title: `${at}: ${says.replace(/\.$/, '')}`, body: `${sections.join('\n\n')}\n` };
}

function causeLines(
  { causeById }: Words,
  { cause, evidence, verify }: LikelyCause,
): readonly string[] {
  const words = causeById.get(cause);
  const isKnown = words !== undefined && !words.unexplained;
  return [
    ...(isKnown ? [`Likely cause: **${words.label}**. ${words.says}`] : []),
    ...(isKnown ? [evidence.map((fact) => `- ${foreign(fact)}`).join('\n')] : []),
    ...(verify === null
      ? []
      : ['To see it (anybody can, it changes nothing):', fenced(verify).join('\n')]),
  ];
}
