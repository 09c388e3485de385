// data/summary.html: the summary for a browser without scripts, made when the summary is published.
// Every value is escaped; the caller supplies and checks addresses.

import { own } from '../own.ts';
import { type Catalogue, issuesOf, numberColumns } from './catalogue.ts';
import { countStatuses } from './counts.ts';
import { capital, comparedOf, coverage } from './coverage.ts';
import type { RunStatus } from './documents.ts';
import { escapeMarkup } from './escape.ts';
import { date, moment, number } from './format.ts';
import { checkPath } from './paths.ts';
import { archiveMessage, type Message } from './provenance.ts';
import type { Row, Rows } from './rows.ts';
import { runMessage, sentence } from './sentences.ts';
import { titleOf } from './title.ts';
import { visible } from './visible.ts';
import { STATUSES } from './vocabulary.ts';
import { countsFrom, PENDING_WORDS, STATUS_WORDS } from './words.ts';
import { worstFirst } from './worst-first.ts';

export interface PlainPageInput {
  readonly catalogue: Catalogue;
  readonly summary: Pick<Rows, 'lastUpdated' | 'datasets'>;
  readonly status: RunStatus;
  /** Address of a dataset's own page; null if there is none. */
  readonly link: (id: string) => string | null;
}

/** A whole HTML page in the archive's folder; its style is plain.css, above all results. */
export function plainPage({ catalogue, summary, status, link }: PlainPageInput): string {
  const byStatus = countStatuses(summary.datasets);
  const counts = STATUSES.map((status) => byStatus[status]);
  const errors = worstFirst(
    catalogue,
    summary.datasets.filter((row) => row.status === 'error'),
  );
  const waiting = summary.datasets.filter((row) => row.pending !== null);
  const { id, folder } = catalogue;
  const up = folder === '' ? '..' : '../..';
  const page = `${up}/index.html${folder === '' ? '' : `?archive=${id}`}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Mirrorwatch: plain summary</title>',
    '<link rel="icon" href="data:,">',
    `<link rel="stylesheet" href="${up}/plain.css">`,
    '</head>',
    '<body>',
    '<main class="plain-summary">',
    `<p>As of ${moment(summary.lastUpdated)}. The <a href="${page}">full page</a> needs JavaScript.</p>`,
    ...banner(archiveMessage(status.archive ?? null)),
    ...banner(runMessage(status, summary.lastUpdated, Date.parse(summary.lastUpdated))),
    `<h1>${escapeMarkup(sentence(counts))}</h1>`,
    '<dl>',
    ...STATUSES.map(
      (each, place) =>
        `<div><dt>${STATUS_WORDS[each]}</dt><dd>${number(counts[place] ?? 0)}</dd></div>`,
    ),
    '</dl>',
    `<h2>Datasets in error: ${number(errors.length)}</h2>`,
    ...(errors.length === 0 ? [] : errorTable(catalogue, errors, link)),
    ...wholeList(catalogue, status),
    ...(waiting.length === 0 ? [] : waitingList(catalogue, waiting, link)),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The checks of the archive as a whole; none where none was made. */
function wholeList({ wholeChecks }: Catalogue, { checks = {} }: RunStatus): string[] {
  const lines = wholeChecks.flatMap(({ id, words, findings }) => {
    const made = own(checks, id);
    if (made === undefined) return [];
    const found = made.findings.map((finding) => own(findings, finding)?.says ?? visible(finding));
    const said = made.status === 'ok' ? [words.ok] : found;
    const when = made.at === null ? 'Never measured.' : `Measured ${date(made.at)}.`;
    const failed = made.lastAttempt === null ? [] : ['The newest attempt failed.'];
    const text = [...said, when, ...failed].join(' ');
    return [`<li>${escapeMarkup(`${words.name}: ${STATUS_WORDS[made.status]}. ${text}`)}</li>`];
  });
  return lines.length === 0 ? [] : ['<h2>The archive as a whole</h2>', '<ul>', ...lines, '</ul>'];
}

function banner(message: Message | null): string[] {
  if (message === null) return [];
  return [
    '<div class="banner"><div>',
    `<strong>${escapeMarkup(message.title)}</strong>`,
    ...message.why.map((why) => `<p>${escapeMarkup(why)}</p>`),
    '</div></div>',
  ];
}

/** On a narrow screen rows are blocks, and each cell shows its label. */
function errorTable(
  catalogue: Catalogue,
  rows: readonly Row[],
  link: PlainPageInput['link'],
): string[] {
  const faults = numberColumns(catalogue).filter(({ words }) => words.ofFaults);
  const covers = catalogue.checks.some((check) => check.coverage);
  const columns = [
    'What is wrong',
    ...faults.map(({ words }) => words.label),
    ...(covers ? ['Contents'] : []),
    'Since',
    'JSON',
  ];
  return [
    '<table>',
    `<thead><tr>${[capital(catalogue.words.entry), ...columns].map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => {
      const compared = comparedOf(catalogue, row);
      const cells = [
        issuesOf(catalogue, row)
          .map((issue) => catalogue.issues.get(issue)?.label)
          .join('; '),
        ...faults.map(({ id, name }) => {
          const value = row.checks[id]?.numbers[name];
          return value === undefined ? '' : number(value);
        }),
        ...(covers ? [compared === null ? '' : capital(coverage(compared))] : []),
        row.since === null ? 'before the first run' : date(row.since),
      ];
      const name =
        row.name === null ? '' : ` <bdi>${escapeMarkup(visible(titleOf(row.name)))}</bdi>`;
      const texts = [...cells.map(escapeMarkup), documents(catalogue, row)];
      return `<tr><th scope="row">${linked(row.id, link)}${name}</th>${texts.map((cell, at) => `<td data-label="${columns[at]}">${cell}</td>`).join('')}</tr>`;
    }),
    '</tbody>',
    '</table>',
  ];
}

/** Links to what each check of a row measured, beside this page. */
function documents({ checks }: Catalogue, row: Row): string {
  const links = checks.flatMap((check) => {
    const made = row.checks[check.id];
    const isKept =
      made && made.at !== null && !(check.isOfComparisons && made.notCompared !== null);
    if (!isKept) return [];
    const address = checkPath(check, encodeURIComponent(row.id));
    return `<a href="${escapeMarkup(address)}">${escapeMarkup(check.file)}</a>`;
  });
  return links.join(' ');
}

function waitingList(
  catalogue: Catalogue,
  rows: readonly Row[],
  link: PlainPageInput['link'],
): string[] {
  return [
    `<h2>${PENDING_WORDS['just-published'].label}: ${number(rows.length)}</h2>`,
    '<ul>',
    ...rows.map((row) => {
      const words = row.pending ? countsFrom(row.pending) : '';
      return `<li>${linked(row.id, link)}: ${escapeMarkup(words)} ${documents(catalogue, row)}</li>`;
    }),
    '</ul>',
  ];
}

function linked(id: string, link: PlainPageInput['link']): string {
  const address = link(id);
  const text = escapeMarkup(id);
  return address === null ? text : `<a href="${escapeMarkup(address)}">${text}</a>`;
}
