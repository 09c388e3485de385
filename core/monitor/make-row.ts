// A row of the summary, from the records of an entry's checks (docs/checks.md#summary).

import { type Catalogue, isLasting } from '../documents/catalogue.ts';
import type { Attempt, Pending } from '../documents/documents.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { CheckRow, Row } from '../documents/rows.ts';
import { titleOf } from '../documents/title.ts';
import { worst } from '../documents/vocabulary.ts';
import type { CheckDefinition } from './check.ts';
import type { Records } from './last-records.ts';

/** What the archive says about an entry, for its row. */
export interface EntryFacts {
  /** The latest version; null if the archive has no versions. */
  readonly latest: string | null;
  readonly name: string | null;
  /** When the latest version was created; null if unknown. */
  readonly latestDate: string | null;
}

export function makeRow(
  { checks }: Catalogue,
  id: string,
  entry: EntryFacts,
  records: Records,
): Row {
  const rows = Object.fromEntries(
    checks.flatMap((check) => {
      const row = checkRow(check, records[check.id]);
      return row === null ? [] : [[check.id, row]];
    }),
  );
  const all = Object.values(rows);
  const known = Object.values(records).filter((record) => record !== undefined);
  return {
    id,
    // Documents of legacy systems hold the name as it was written.
    name: entry.name === null ? null : titleOf(entry.name),
    version: entry.latest,
    versionDate: entry.latestDate,
    status: worst(all.map(({ status }) => status)),
    // It depends on the summary before (core/history/since.ts).
    since: null,
    checkedAt: oldest(
      checks.flatMap((check) => (isLasting(check) ? [] : (rows[check.id]?.at ?? null))),
    ),
    checks: rows,
    causes: known.find(({ causes }) => causes !== undefined)?.causes ?? null,
    pending: lastToEnd(known),
    rulesVersion: oldestRules(known),
  };
}

/**
 * The row of a broken entry that stays as last known: checks that compare with the entry are
 * unverified.
 */
export function withKeptEntry({ checks }: Catalogue, row: Row, attempt: Attempt | undefined): Row {
  if (attempt === undefined) return row;
  const compared = checks.flatMap(({ id, ofEntry }): [string, CheckRow][] => {
    const own = row.checks[id];
    return ofEntry && own && own.lastAttempt === null
      ? [[id, { ...own, lastAttempt: attempt }]]
      : [];
  });
  return { ...row, checks: { ...row.checks, ...Object.fromEntries(compared) } };
}

const NOTHING = {
  subtype: null,
  findings: [],
  at: null,
  since: null,
  lastAttempt: null,
  version: null,
  numbers: {},
  notCompared: null,
} as const;

/** A content check without a record is "not checked", null: neither ok nor a fault. */
function checkRow(check: CheckDefinition, record: CheckRecord | undefined): CheckRow | null {
  if (record === undefined) return check.of === 'names' ? { status: 'pending', ...NOTHING } : null;
  const { status, version, checkedAt, lastAttempt, notCompared } = record;
  // A finding that the check does not know comes from other rules.
  const isKnown = (subtype: string) => Object.hasOwn(check.findings, subtype);
  const subtype = record.subtype !== null && isKnown(record.subtype) ? record.subtype : null;
  const findings = record.findings.filter(isKnown);
  return {
    status,
    subtype,
    findings: findings.length > 0 ? findings : subtype === null ? NOTHING.findings : [subtype],
    at: checkedAt,
    since: record.since ?? null,
    lastAttempt,
    version: subtype !== null && check.findings[subtype]?.closed ? null : version,
    numbers: notCompared === null ? numbersOf(check, record) : NOTHING.numbers,
    notCompared,
  };
}

function numbersOf({ numbers }: CheckDefinition, record: CheckRecord): CheckRow['numbers'] {
  if (numbers === undefined || record.numbers === undefined) return NOTHING.numbers;
  const told = Object.entries(numbers).flatMap(([name, { ofFaults }]) => {
    const value = record.numbers?.[name];
    return value === undefined || (ofFaults && value === 0) ? [] : [[name, value]];
  });
  return Object.fromEntries(told);
}

/** Null if a record is older than the numbering of rules. */
function oldestRules(records: readonly CheckRecord[]): number | null {
  if (records.length === 0) return null;
  return Math.min(...records.map(({ rulesVersion }) => rulesVersion ?? 0)) || null;
}

/**
 * The latest date at which a finding begins to count; checks of different runs may have different
 * dates.
 */
function lastToEnd(records: readonly CheckRecord[]): Pending | null {
  return records
    .flatMap((record) => record.pending ?? [])
    .reduce<Pending | null>((last, one) => (last && last.until >= one.until ? last : one), null);
}

/** Instants may or may not have fractions, so they are compared as times. */
function oldest(instants: readonly (string | null)[]): string | null {
  return instants.reduce<string | null>((least, instant) => {
    if (instant === null) return least;
    return least !== null && Date.parse(least) <= Date.parse(instant) ? least : instant;
  }, null);
}
