// Reads the compact summary back. For the page: it imports no zod (a page of 30 KB has no room
// for it), so it checks by hand what it relies on; and it makes a row only when one is asked for,
// because 10,000 rows at once cost more than all else the page does.

import { CHECKS, type Check, isOfNames, perCheck } from '../../archives/openneuro/vocabulary.ts';
import type { CompactSummary } from './compact.ts';
import type { SummaryRow } from './summary.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface CompactPart {
  readonly lastUpdated: string;
  /** Rows of all parts together. */
  readonly total: number;
  /** Names of the other parts, in order. */
  readonly more: readonly string[];
  readonly verdicts: CompactSummary['verdicts'];
  readonly versions: readonly string[];
  readonly columns: Readonly<CompactSummary['columns']>;
  readonly unverified: Readonly<CompactSummary['unverified']>;
  readonly pending: Readonly<NonNullable<CompactSummary['pending']>>;
  /** A row from 0 to `columns.id.length`; `name` is null: the names are in data/names.json. */
  readonly row: (place: number) => SummaryRow;
}

/**
 * One file of the compact summary.
 * @throws Error when it is not one, or when its columns do not fit together.
 */
export function readCompact(document: unknown): CompactPart {
  const part = document as CompactSummary;
  const end = Date.parse(part?.lastUpdated);
  const { verdicts, versions, columns, unverified, pending = {} } = part;
  if (part.schemaVersion !== SCHEMA_VERSION || Number.isNaN(end)) throw new Error('not a summary');
  for (const column of Object.values(columns)) {
    if (column && column.length !== columns.id.length) throw new Error('columns differ in length');
  }
  const within = (column: readonly number[], length: number) =>
    column.every((index) => Number.isInteger(index) && index >= 0 && index < length);
  const fits =
    within(columns.verdict, verdicts.length) &&
    within(columns.latest, versions.length + 1) &&
    within(columns.mirror, versions.length + 2) &&
    within(columns.export, versions.length + 2) &&
    columns.id.every((id) => typeof id === 'string');
  if (!fits) throw new Error('an index leads nowhere');

  const row = (place: number): SummaryRow => {
    const number = (column: readonly (number | null)[]) => column[place] ?? null;
    const measured = (check: Check) => {
      const age = ageOf(columns, check, place);
      return age === null ? null : instant(end - age * 1000);
    };
    const latest = versions[(columns.latest[place] as number) - 1] ?? null;
    const version = (column: readonly number[]) =>
      column[place] === 1 ? latest : (versions[(column[place] as number) - 2] ?? null);
    const lastChecked = perCheck((check) => measured(check) ?? null);
    const oldest = oldestAge(columns, place);
    const date = number(columns.latestDate);
    return {
      id: columns.id[place] as string,
      ...(verdicts[columns.verdict[place] as number] as (typeof verdicts)[number]),
      lastChecked: oldest === null ? null : lastChecked,
      s3FilesAdded: columns.added[place] || null,
      s3FilesRemoved: columns.removed[place] || null,
      githubVersion: version(columns.mirror),
      s3Version: version(columns.export),
      latestSnapshotDate: date === null ? null : instant(date * 1000),
      name: null,
      latestSnapshot: latest,
      checkedAt: oldest === null ? null : instant(end - oldest * 1000),
      unverified: unverified[place] ?? null,
      ...(pending[place] && { pending: pending[place] }),
      compared: comparedAt(columns, place),
    };
  };
  const { lastUpdated, total, more } = part;
  return { lastUpdated, total, more, verdicts, versions, columns, unverified, pending, row };
}

/** Seconds before lastUpdated of the oldest of a row's checks; null when none was measured. */
export function oldestAge(columns: CompactPart['columns'], place: number): number | null {
  let oldest: number | null = null;
  for (const check of CHECKS) {
    const age = ageOf(columns, check, place);
    if (age !== null && (oldest === null || age > oldest)) oldest = age;
  }
  return oldest;
}

/** Seconds before lastUpdated; the checks of contents are told from the file comparison on. */
function ageOf(columns: CompactPart['columns'], check: Check, place: number): number | null {
  const age = columns[check]?.[place] ?? null;
  if (age === null || isOfNames(check)) return age;
  return age + (columns.s3Files[place] ?? 0);
}

function comparedAt(columns: CompactPart['columns'], place: number): SummaryRow['compared'] {
  const [content, size, none] = [
    columns.comparedContent?.[place],
    columns.comparedSize?.[place],
    columns.comparedNone?.[place],
  ];
  return content == null || size == null || none == null ? undefined : { content, size, none };
}

const instant = (milliseconds: number): string => new Date(Math.round(milliseconds)).toISOString();
