// Reads the compact summary back into rows. For the page: it imports no zod (a page of 30 KB has
// no room for it), so it checks by hand what it relies on.

import type { CompactSummary } from './compact.ts';
import type { SummaryRow } from './documents.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface CompactPart {
  readonly lastUpdated: string;
  /** Rows of all parts together. */
  readonly total: number;
  /** Names of the other parts, in order. */
  readonly more: readonly string[];
  /** `name` is always null here: the names are in data/names.json. */
  readonly rows: readonly SummaryRow[];
}

/**
 * One file of the compact summary as rows.
 * @throws Error when it is not one, or when its columns do not fit together.
 */
export function readCompact(document: unknown): CompactPart {
  const part = document as CompactSummary;
  const { columns, verdicts, versions } = part ?? {};
  const length = columns?.id?.length;
  const fits =
    part?.schemaVersion === SCHEMA_VERSION &&
    Array.isArray(verdicts) &&
    Array.isArray(versions) &&
    Array.isArray(columns?.id) &&
    Object.values(columns).every((column) => Array.isArray(column) && column.length === length);
  const end = Date.parse(part?.lastUpdated);
  if (!fits || Number.isNaN(end)) throw new Error('not a compact summary');

  const version = (code: number, latest: string | null): string | null => {
    if (code === 0) return null;
    return code === 1 ? latest : at(versions, code - 2);
  };
  const measured = (column: readonly (number | null)[], row: number): string | null => {
    const age = column[row];
    return typeof age === 'number' ? instant(end - age * 1000) : null;
  };
  const rows = columns.id.map((id, row): SummaryRow => {
    const verdict = at(verdicts, columns.verdict[row]);
    const code = columns.latest[row];
    const latest = code === 0 ? null : at(versions, Number(code) - 1);
    const date = columns.latestDate[row];
    const lastChecked = {
      github: measured(columns.github, row),
      s3Version: measured(columns.s3Version, row),
      s3Files: measured(columns.s3Files, row),
    };
    const times = Object.values(lastChecked).filter((time) => time !== null);
    return {
      id,
      ...verdict,
      lastChecked: times.length > 0 ? lastChecked : null,
      s3FilesAdded: columns.added[row] || null,
      s3FilesRemoved: columns.removed[row] || null,
      githubVersion: version(columns.mirror[row] as number, latest),
      s3Version: version(columns.export[row] as number, latest),
      latestSnapshotDate: typeof date === 'number' ? instant(date * 1000) : null,
      name: null,
      latestSnapshot: latest,
      checkedAt: times.sort()[0] ?? null,
      unverified: part.unverified?.[row] ?? null,
    };
  });
  return { lastUpdated: part.lastUpdated, total: part.total, more: part.more ?? [], rows };
}

function at<T>(list: readonly T[], index: number | undefined): T {
  const value = list[index as number];
  if (value === undefined) throw new Error('not a compact summary: an index leads nowhere');
  return value;
}

const instant = (milliseconds: number): string => new Date(Math.round(milliseconds)).toISOString();
