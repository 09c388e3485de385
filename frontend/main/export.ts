// The list as a file or text: CSV for spreadsheets, JSON for programs, Markdown for an issue.

import {
  checkOf,
  issuesOf,
  numberColumns,
  subtypeOf,
  versionColumns,
} from '../../core/documents/catalogue.ts';
import { csvText } from '../../core/documents/csv.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { date, number } from '../../core/documents/format.ts';
import { escapeMarkdown } from '../../core/documents/markdown.ts';
import { archiveMessage } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import { SCHEMA_VERSION, STATUSES } from '../../core/documents/vocabulary.ts';
import { countsFrom, STATUS_WORDS } from '../../core/documents/words.ts';
import { CHECKS, catalogue, chosen } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';
import { faultsOf, isClosed } from './cells.ts';

type Column = readonly [string, (row: Row) => string | number | null];

const numbers = (ofFaults: boolean): Column[] =>
  numberColumns(catalogue)
    .filter(({ words }) => (words.ofFaults ?? false) === ofFaults)
    .map(({ id, name, words }) => [words.csv, (row) => row.checks[id]?.numbers[name] ?? null]);

const COLUMNS: readonly Column[] = [
  ['id', (row) => row.id],
  ['name', (row) => row.name],
  ['status', (row) => row.status],
  ...CHECKS.map((check): Column => [check, (row) => row.checks[check]?.status ?? null]),
  ['issues', (row) => issuesOf(catalogue, row).join(' ')],
  ['causes', (row) => (row.causes ?? []).join(' ')],
  ['latestSnapshot', (row) => row.version],
  ['latestSnapshotDate', (row) => row.versionDate],
  ...versionColumns(catalogue).map(
    ({ id, csv }): Column => [csv, (row) => row.checks[id]?.version ?? null],
  ),
  ...numbers(true),
  ['blocked', (row) => (isClosed(row) ? 'true' : null)],
  ['checkedAt', (row) => row.checkedAt],
  ['unverified', (row) => unverifiedChecks(row).join(' ')],
  ['countsFrom', (row) => row.pending?.until ?? null],
  ['since', (row) => row.since],
  ...numbers(false),
];

export const toCsv = (rows: readonly Row[]): string =>
  csvText([
    COLUMNS.map(([name]) => name),
    ...rows.map((row) => COLUMNS.map(([, value]) => value(row))),
  ]);

/** In the format of data/all-datasets.json, with the rows of the list in its order. */
export async function toJson(lastUpdated: string, rows: readonly Row[]): Promise<string> {
  const view = await chosen.rowView?.();
  const datasets = rows.map((row) => view?.(row, chosen.checks) ?? row);
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, lastUpdated, datasets }, null, 2)}\n`;
}

/** A task list for a GitHub issue, by status, worst first; it says if the archive is not real. */
export function toChecklist(about: AboutArchive | null, rows: readonly Row[]): string {
  const groups = STATUSES.map((status) => ({
    status,
    rows: rows.filter((row) => row.status === status),
  })).filter((group) => group.rows.length > 0);
  const message = archiveMessage(about);
  const lists = groups.map(
    (group) =>
      `### ${STATUS_WORDS[group.status]} (${number(group.rows.length)})\n\n${group.rows.map((row) => task(about, row)).join('')}`,
  );
  return [...(message ? [`**${message.title}**\n`] : []), ...lists].join('\n');
}

function task(about: AboutArchive | null, row: Row): string {
  const [place] = chosen.lookups ?? [];
  const link = place ? chosen.link(place.to, about, row.id) : null;
  const id = link ? `[${row.id}](${link})` : row.id;
  const name = row.name ? ` ${escapeMarkdown(visible(row.name))}` : '';
  const issues = issuesOf(catalogue, row).map((issue) => {
    const label = catalogue.issues.get(issue)?.label ?? issue;
    const check = checkOf(issue);
    const { counted } = catalogue.checkById.get(check)?.findings[subtypeOf(issue)] ?? {};
    return counted ? `${label} (${differing(check, row)})` : label;
  });
  if (row.pending) issues.push(countsFrom(row.pending));
  const since = row.since === null || row.status === 'ok' ? '' : ` (since ${date(row.since)})`;
  return `- [ ] ${id}${name}${issues.length > 0 ? `: ${issues.join('; ')}` : ''}${since}\n`;
}

/** `12 missing, 3 extra` */
function differing(check: string, row: Row): string {
  return faultsOf(check, row)
    .flatMap(({ words, value }) =>
      value === null ? [] : `${number(value)} ${words.label.toLowerCase()}`,
    )
    .join(', ');
}

const unverifiedChecks = (row: Row): string[] =>
  Object.entries(row.checks).flatMap(([check, { lastAttempt }]) =>
    lastAttempt ? `${check}:${lastAttempt.reason}` : [],
  );
