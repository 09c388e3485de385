// What a recorded run does not tell is as in the run before or after: a finding or a version that
// older rows did not name, a check that could not be measured. And since when a verdict has been so.

import type { CheckRow, Row } from '../../documents/rows.ts';
import type { Imported } from '../documents.ts';
import { newest } from '../since.ts';
import { verdictText } from '../verdict-text.ts';
import type { RecordedRun } from './rows.ts';

/** Two runs as they are compared. */
export interface Pair {
  readonly before: readonly Row[];
  readonly rows: readonly Row[];
}

/** Unknown and then known, or the other way round, is no change. */
export function paired(before: readonly Row[], run: Pick<RecordedRun, 'rows' | 'fromRow'>): Pair {
  const next = new Map(run.rows.map((row) => [row.id, row]));
  const last = new Map(before.map((row) => [row.id, row]));
  return {
    before: before.map((row) => withChecks(row, next.get(row.id), learnt)),
    rows: run.rows.map((row) => withChecks(row, last.get(row.id), kept)),
  };
}

function withChecks(
  row: Row,
  other: Row | undefined,
  of: (own: CheckRow, other: CheckRow) => CheckRow,
): Row {
  if (other === undefined) return row;
  let isOther = false;
  const checks = Object.entries(row.checks).map(([id, own]) => {
    const there = other.checks[id];
    const now = there === undefined ? own : of(own, there);
    if (now !== own) isOther = true;
    return [id, now];
  });
  return isOther ? { ...row, checks: Object.fromEntries(checks) } : row;
}

/** Only recorded rows have a fault without a finding, or a good mirror or export without a version. */
const hasUnknownFinding = ({ status, subtype }: CheckRow) =>
  subtype === null && status !== 'ok' && status !== 'pending';

/** A check of the run before, with what this run knows of it. */
function learnt(own: CheckRow, later: CheckRow): CheckRow {
  if (own.status !== later.status) return own;
  const isUnknown = hasUnknownFinding(own) && later.subtype !== null;
  const version = own.subtype === null && own.version === null ? later.version : own.version;
  if (!isUnknown) return version === own.version ? own : { ...own, version };
  const { subtype, findings, numbers } = later;
  return { ...own, version, subtype, findings, numbers };
}

/** A check of this run, with what was known before. */
function kept(own: CheckRow, earlier: CheckRow): CheckRow {
  const isNotMeasured = own.lastAttempt !== null && own.at === null;
  if (isNotMeasured) return { ...earlier, lastAttempt: own.lastAttempt };
  if (!hasUnknownFinding(own) || own.status !== earlier.status) return own;
  const { subtype, findings, numbers } = earlier;
  return { ...own, version: own.version ?? earlier.version, subtype, findings, numbers };
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
  const begin = (at: string | null) =>
    at !== null && Date.parse(at) > Date.parse(before.time) ? at : time;
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
