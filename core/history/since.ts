// Since when a row's verdicts are what they are (docs/history.md).

import type { Row } from '../documents/rows.ts';
import type { PublishedSummary } from './diff.ts';
import type { HistoryIndex, Imported, Notices } from './documents.ts';
import { verdictText } from './verdict-text.ts';

/** What came before a run. */
export interface Before {
  /** Null: nothing was published with a history. */
  readonly index: HistoryIndex | null;
  /** What the run is compared with. */
  readonly previous: PublishedSummary | null;
  readonly imported: Imported | null;
  /** Whether the history's documents must be made again, since a run was cut off. */
  readonly isTorn: boolean;
  /** What was told before, if so; null: nothing. */
  readonly notices: Notices | null;
  /** Other runs that were cut off since then. */
  readonly replaces: readonly string[];
}

/**
 * Completes `since` of rows whose checks have that of their records. What the first run saw may be
 * older than the run, unless an imported history knows.
 */
export function withSince(
  rows: readonly Row[],
  { index, previous, imported }: Pick<Before, 'index' | 'previous' | 'imported'>,
): Row[] {
  const look = index?.firstLook;
  const isOfFirstLook = (since: string) =>
    look == null || (look.until !== null && !isLater(since, look.until));
  return rows.map((row) => {
    const known = imported?.since[row.id];
    const checks = Object.entries(row.checks).map(([id, own]) => {
      const before = known?.[id];
      const isSame = before?.verdict === verdictText(own);
      const isOld = own.since === null || isOfFirstLook(own.since);
      const isChange = before !== undefined && !isSame;
      const since = !isOld || isChange ? own.since : (before?.since ?? null);
      return [id, since === own.since ? own : { ...own, since }] as const;
    });
    const isSame = checks.every(([id, own]) => own === row.checks[id]);
    const last = previous?.overallOf(row.id);
    const times = () => checks.flatMap(([, { since }]) => (since === null ? [] : [since]));
    const since = last?.status === row.status ? last.since : newest(times());
    // 100,000 rows twice need much memory.
    return { ...row, since, checks: isSame ? row.checks : Object.fromEntries(checks) };
  });
}

/** To the second, as the compact summary has it. */
export function newest(times: readonly string[]): string | null {
  if (times.length === 0) return null;
  const last = Math.max(...times.map((time) => Date.parse(time)));
  return new Date(Math.floor(last / 1000) * 1000).toISOString();
}

/** Texts of one length have the same form, with or without fractions, and need not be parsed. */
export const isLater = (a: string, b: string): boolean =>
  a.length === b.length ? a > b : Date.parse(a) > Date.parse(b);
