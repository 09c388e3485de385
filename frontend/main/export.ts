// The list as a file or text: CSV for spreadsheets, JSON for programs, Markdown for an issue.

import { archiveLink } from '../../archives/openneuro/links.ts';
import { issuesOf } from '../../core/documents/catalogue.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { number } from '../../core/documents/format.ts';
import { archiveMessage } from '../../core/documents/provenance.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import { SCHEMA_VERSION, STATUSES } from '../../core/documents/vocabulary.ts';
import { countsFrom, STATUS_WORDS } from '../../core/documents/words.ts';
import { CHECKS, catalogue } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';

const COLUMNS: readonly (readonly [string, (row: SummaryRow) => string | number | null])[] = [
  ['id', (row) => row.id],
  ['name', (row) => row.name],
  ['status', (row) => row.status],
  ...CHECKS.map(
    (check) =>
      [
        check,
        (row: SummaryRow) => row.checks[check as keyof SummaryRow['checks']] ?? null,
      ] as const,
  ),
  ['issues', (row) => issuesOf(catalogue, row).join(' ')],
  ['causes', (row) => (row.causes ?? []).join(' ')],
  ['latestSnapshot', (row) => row.latestSnapshot],
  ['latestSnapshotDate', (row) => row.latestSnapshotDate],
  ['mirrorVersion', (row) => row.githubVersion],
  ['exportVersion', (row) => row.s3Version],
  ['filesMissing', (row) => row.s3FilesAdded],
  ['filesOrphaned', (row) => row.s3FilesRemoved],
  ['blocked', (row) => (row.s3Blocked ? 'true' : null)],
  ['checkedAt', (row) => row.checkedAt],
  ['unverified', (row) => unverifiedChecks(row).join(' ')],
  ['countsFrom', (row) => row.pending?.until ?? null],
  ['comparedContent', (row) => row.compared?.content ?? null],
  ['comparedSize', (row) => row.compared?.size ?? null],
  ['comparedNone', (row) => row.compared?.none ?? null],
];

/** RFC 4180, with a byte order mark: without it, spreadsheets take UTF-8 for something else. */
export function toCsv(rows: readonly SummaryRow[]): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...rows.map((row) => COLUMNS.map(([, value]) => cell(value(row)))),
  ];
  return `\ufeff${lines.map((line) => `${line.join(',')}\r\n`).join('')}`;
}

/** A cell that a spreadsheet would run as a formula is made text by an apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[\s]*[=+\-@]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** As data/all-datasets.json has it, with the rows of the list in its order. */
export function toJson(lastUpdated: string, rows: readonly SummaryRow[]): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, lastUpdated, datasets: rows }, null, 2)}\n`;
}

/** A task list for a GitHub issue, by status, worst first; of an archive that is not real it says so. */
export function toChecklist(archive: AboutArchive | null, rows: readonly SummaryRow[]): string {
  const groups = STATUSES.map((status) => ({
    status,
    rows: rows.filter((row) => row.status === status),
  })).filter((group) => group.rows.length > 0);
  const message = archiveMessage(archive);
  const lists = groups.map(
    (group) =>
      `### ${STATUS_WORDS[group.status]} (${number(group.rows.length)})\n\n${group.rows.map((row) => task(archive, row)).join('')}`,
  );
  return [...(message ? [`**${message.title}**\n`] : []), ...lists].join('\n');
}

function task(archive: AboutArchive | null, row: SummaryRow): string {
  const link = archiveLink(archive, row.id);
  const id = link ? `[${row.id}](${link})` : row.id;
  const name = row.name ? ` ${escapeMarkdown(row.name)}` : '';
  const issues = issuesOf(catalogue, row).map((issue) => {
    const label = catalogue.issues.get(issue)?.label ?? '';
    if (issue === 's3Files:files-missing') return `${label} (${differing(row)})`;
    if (issue === 's3Files:files-orphaned') return `${label} (${differing(row)})`;
    return label;
  });
  if (row.pending) issues.push(countsFrom(row.pending));
  return `- [ ] ${id}${name}${issues.length > 0 ? `: ${issues.join('; ')}` : ''}\n`;
}

/** `+12 −3`: missing and orphaned. */
export function differing(row: Pick<SummaryRow, 's3FilesAdded' | 's3FilesRemoved'>): string {
  const parts = [
    row.s3FilesAdded !== null && `+${number(row.s3FilesAdded)}`,
    row.s3FilesRemoved !== null && `\u2212${number(row.s3FilesRemoved)}`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}

/** Names are hostile text: no link, no mention, no markup, no line of their own. */
function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]<>()#+!|~&$:]/g, (sign) => `\\${sign}`)
    .replace(/@/g, '@\u200b');
}

const unverifiedChecks = (row: SummaryRow): string[] =>
  Object.entries(row.unverified ?? {})
    .filter(([, attempt]) => attempt !== null)
    .map(([check, attempt]) => `${check}:${attempt?.reason}`);
