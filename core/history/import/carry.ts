// What a recorded run does not tell is as in the run before or after: a finding or a version that
// older rows did not name, a check that could not be measured. And since when a verdict has been so.

import type { CheckRow, Row } from '../../documents/rows.ts';
import { worst } from '../../documents/vocabulary.ts';
import type { Imported } from '../documents.ts';
import { newest } from '../since.ts';
import { verdictText } from '../verdict-text.ts';
import type { RecordedRun } from './rows.ts';

type Run = Pick<RecordedRun, 'rows' | 'fromRow'>;

/** Two runs as they are compared. */
export interface Pair {
  readonly before: readonly Row[];
  readonly rows: readonly Row[];
}

/** Unknown and then known, or the other way round, is no change. */
export function paired(before: Run, run: Run): Pair {
  return {
    before: merged(before, run.rows, known),
    rows: merged(run, before.rows, (own, other, isUntold) => {
      const isNotMeasured = own.lastAttempt !== null && own.at === null;
      if (isNotMeasured) return { ...other, lastAttempt: own.lastAttempt };
      return known(own, other, isUntold);
    }),
  };
}

/** A check whose row does not tell its finding has that of the other run, if the status is the same. */
function known(own: CheckRow, other: CheckRow, isUntold: boolean): CheckRow {
  if (!isUntold || own.subtype !== null || own.status !== other.status) return own;
  const { subtype, findings, numbers } = other;
  return { ...own, version: own.version ?? other.version, subtype, findings, numbers };
}

function merged(
  { rows, fromRow }: Run,
  others: readonly Row[],
  of: (own: CheckRow, other: CheckRow, isUntold: boolean) => CheckRow,
): Row[] {
  const byId = new Map(others.map((row) => [row.id, row]));
  return rows.map((row) => {
    const other = byId.get(row.id);
    const recorded = fromRow.get(row.id);
    const isOld = recorded?.isUntold ?? false;
    const isUndated = isOld && row.versionDate === null && row.version === other?.version;
    let isOther = isUndated;
    const checks = Object.entries(row.checks).map(([id, own]) => {
      const there = other?.checks[id];
      const isUntold = isOld && (recorded?.checks.has(id) ?? false);
      const now = there === undefined ? own : of(own, there, isUntold);
      if (now !== own) isOther = true;
      return [id, now];
    });
    if (!isOther) return row;
    const all = Object.fromEntries(checks) as Row['checks'];
    const isSame = Object.entries(all).every(
      ([id, { status }]) => status === row.checks[id]?.status,
    );
    const status = isSame ? row.status : worst(Object.values(all).map((check) => check.status));
    const versionDate = (isUndated ? other?.versionDate : row.versionDate) ?? null;
    return { ...row, status, versionDate, checks: all };
  });
}

/**
 * Rows that say since when their verdicts are so: the first measurement of a verdict that began in
 * these runs, null for one that is older.
 * @param before rows of the run before; null if this run is the first
 */
export function withBegin(
  rows: readonly Row[],
  before: { readonly time: string; readonly rows: readonly Row[] } | null,
  time: string,
): Row[] {
  if (before === null) return [...rows];
  const last = new Map(before.rows.map((row) => [row.id, row]));
  // A measurement that is older than the change was judged anew: by another version, say.
  const isOfRun = (at: string) =>
    Date.parse(at) > Date.parse(before.time) && Date.parse(at) <= Date.parse(time);
  const begin = (at: string | null) => (at !== null && isOfRun(at) ? at : time);
  return rows.map((row) => {
    const own = last.get(row.id);
    const checks = Object.entries(row.checks).map(([id, check]) => {
      const there = own?.checks[id];
      const isSame = there !== undefined && verdictText(there) === verdictText(check);
      return [id, { ...check, since: isSame ? there.since : begin(check.at) }] as const;
    });
    const all = checks.flatMap(([, { since }]) => since ?? []);
    const since = own?.status === row.status ? own.since : newest(all);
    return { ...row, since, checks: Object.fromEntries(checks) };
  });
}

/** Of verdicts that began in the imported runs. */
export function sinceOfChanged(rows: readonly Row[]): Imported['since'] {
  return Object.fromEntries(
    rows.flatMap(({ id, checks }) => {
      const own = Object.entries(checks).flatMap(([check, row]) =>
        row.since === null ? [] : [[check, { verdict: verdictText(row), since: row.since }]],
      );
      return own.length === 0 ? [] : [[id, Object.fromEntries(own)]];
    }),
  );
}
