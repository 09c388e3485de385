// What changed from one published summary to the next. Pure: the same pair gives the same events.

import type { Shown } from '../documents/catalogue.ts';
import { numberColumns, versionColumns } from '../documents/catalogue.ts';
import type { Attempt } from '../documents/documents.ts';
import type { CheckRow, Row } from '../documents/rows.ts';
import type { RunHistory } from './documents.ts';
import type { Event, Verdicts } from './events.ts';
import { OVERALL, verdictText } from './verdict-text.ts';

/** A summary of an archive; rows are made one at a time, since 100,000 need much memory. */
export interface Summary {
  /** Read once. */
  readonly ids: Iterable<string>;
  rowOf(id: string): Row | undefined;
  /** The same as that of its row, which need not be made. */
  overallOf(id: string): Pick<Row, 'status' | 'since'> | undefined;
  /** Checks that any of its rows has. */
  readonly checks: ReadonlySet<string>;
}

/** The summary published before a run. */
export interface PublishedSummary extends Summary {
  /** Start of the run that published it, and the publication's number; null if it does not say so. */
  readonly run: string | null;
  readonly publication: number | null;
}

export interface Differ {
  readonly archive: Pick<Shown, 'checks' | 'arrivals'>;
  /** Ids that were listed before `previous`, and not in it. */
  readonly withdrawn: ReadonlySet<string>;
}

export type Changed = Pick<RunHistory, 'events' | 'states'>;

/** A summary whose rows are in memory. */
export function summaryOf(rows: readonly Row[]): Summary {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    ids: byId.keys(),
    rowOf: (id) => byId.get(id),
    overallOf: (id) => byId.get(id),
    checks: checksIn(rows),
  };
}

function checksIn(rows: readonly Row[]): Set<string> {
  const found = new Set<string>();
  for (const { checks } of rows) for (const id of Object.keys(checks)) found.add(id);
  return found;
}

/**
 * @param previous the summary published before; null if there is none, then nothing changed
 * @param next its rows by id in byte order
 */
export function diffSummaries(
  { archive, withdrawn }: Differ,
  previous: Summary | null,
  next: readonly Row[],
): Changed {
  const events: Event[] = [];
  const states = stateWriter();
  const sameChecks =
    previous === null || previous.checks.symmetricDifference(checksIn(next)).size === 0;
  const compare = comparer(archive, events);
  for (const row of next) {
    const last = previous?.rowOf(row.id);
    states.add(row.id, untold(last, row));
    if (previous === null) continue;
    if (last === undefined) {
      const kind = withdrawn.has(row.id) ? 'returned' : 'listed';
      events.push({ kind, id: row.id, to: row.status, ...latestOf(row) });
    }
    compare(last, row, sameChecks);
  }
  const present = new Set(next.map(({ id }) => id));
  for (const id of previous?.ids ?? []) {
    const last = present.has(id) ? undefined : previous?.rowOf(id);
    if (last !== undefined) events.push({ kind: 'withdrawn', id, from: last.status });
  }
  return { events: inOrder(events), states: states.written() };
}

/** @returns a function that adds the events of a dataset that is in both summaries, or new in the second */
function comparer(archive: Differ['archive'], events: Event[]) {
  const versions = versionColumns(archive);
  const numbers = numberColumns(archive).filter(({ words }) => words.ofFaults);
  const versionsOf = (row: Row) => ({
    latest: row.version,
    date: row.versionDate,
    ...Object.fromEntries(
      versions.map(({ id, column }) => [column, row.checks[id]?.version ?? null]),
    ),
  });
  const hasOtherVersions = (last: Row, row: Row) =>
    last.version !== row.version ||
    last.versionDate !== row.versionDate ||
    versions.some(({ id }) => last.checks[id]?.version !== row.checks[id]?.version);
  const names = Map.groupBy(numbers, ({ id }) => id);
  const numbersOf = (check: string, own: CheckRow) =>
    Object.fromEntries((names.get(check) ?? []).map(({ name }) => [name, own.numbers[name] ?? 0]));
  const hasOtherNumbers = (check: string, before: CheckRow, own: CheckRow) =>
    (names.get(check) ?? []).some(
      ({ name }) => (before.numbers[name] ?? 0) !== (own.numbers[name] ?? 0),
    );

  return (last: Row | undefined, row: Row, sameChecks: boolean): void => {
    const { id } = row;
    // A change of rules is not a change of the world.
    const byRules = last !== undefined && (last.rulesVersion ?? 0) !== (row.rulesVersion ?? 0);
    const due = (isByRules: boolean) => (isByRules ? ({ because: 'rules' } as const) : {});
    if (last !== undefined && last.status !== row.status) {
      const how = due(byRules || !sameChecks);
      events.push({
        kind: 'verdict',
        id,
        check: OVERALL,
        from: last.status,
        to: row.status,
        ...how,
      });
    }
    // Most of 100,000 rows are as they were: nothing is made for these.
    for (const check in row.checks) {
      const own = row.checks[check] as CheckRow;
      const before = last?.checks[check];
      if (before && (before.status !== own.status || before.subtype !== own.subtype)) {
        const [from, to] = [verdictText(before), verdictText(own)];
        events.push({ kind: 'verdict', id, check, from, to, ...due(byRules) });
      } else if (before && hasOtherNumbers(check, before, own)) {
        const [from, to] = [numbersOf(check, before), numbersOf(check, own)];
        events.push({ kind: 'counts', id, check, from, to, ...due(byRules) });
      }
      const [failedBefore, fails] = [before?.lastAttempt ?? null, own.lastAttempt];
      if ((fails === null) === (failedBefore === null)) continue;
      const { reason } = (fails ?? failedBefore) as Attempt;
      events.push({ kind: fails === null ? 'verified' : 'unverified', id, check, reason });
    }
    const changed =
      last && hasOtherVersions(last, row) ? changedOf(versionsOf(last), versionsOf(row)) : null;
    if (changed) events.push({ kind: 'versions', id, ...changed });
    for (const { place, isAt } of archive.arrivals ?? []) {
      if (row.version === null || !isAt(row)) continue;
      if (row.version === last?.version && isAt(last)) continue;
      events.push({ kind: 'arrived', id, place, version: row.version, created: row.versionDate });
    }
  };
}

const latestOf = ({ version, versionDate }: Row) => ({
  ...(version !== null && { version }),
  ...(versionDate !== null && { created: versionDate }),
});

/** A date that older summaries did not have is no change. */
function changedOf(was: VersionsOf, is: VersionsOf) {
  const names = Object.keys(is).filter((name) => {
    const isNewFact = name === 'date' && was[name] === null;
    return was[name] !== is[name] && !isNewFact;
  });
  const pick = (all: VersionsOf) =>
    Object.fromEntries(names.map((name) => [name, all[name] ?? null]));
  return names.length === 0 ? null : { from: pick(was), to: pick(is) };
}
type VersionsOf = Readonly<Record<string, string | null>>;

/** All verdicts of a row, with the overall status. */
export function verdictsOf({ status, checks }: Pick<Row, 'status' | 'checks'>): Verdicts {
  const own = Object.entries(checks).map(([id, check]) => [id, verdictText(check)]);
  return { [OVERALL]: status, ...Object.fromEntries(own) };
}

/** The verdicts of a row that begin or end without an event. */
function untold(last: Row | undefined, row: Row): Verdicts {
  if (last === undefined) return verdictsOf(row);
  if (hasSameChecks(last, row)) return NONE;
  const begun = Object.entries(row.checks).flatMap(([id, own]) =>
    last.checks[id] === undefined ? [[id, verdictText(own)]] : [],
  );
  const ended = Object.keys(last.checks).flatMap((id) =>
    row.checks[id] === undefined ? [[id, null]] : [],
  );
  return Object.fromEntries([...begun, ...ended]);
}

const NONE: Verdicts = {};

function hasSameChecks({ checks: was }: Row, { checks: is }: Row): boolean {
  for (const id in is) if (was[id] === undefined) return false;
  for (const id in was) if (is[id] === undefined) return false;
  return true;
}

/** Most datasets share a few combinations of verdicts. */
export function stateWriter() {
  const places = new Map<string, number>();
  const of: Record<string, number> = {};
  return {
    add(id: string, verdicts: Verdicts) {
      if (verdicts === NONE || Object.keys(verdicts).length === 0) return;
      const text = JSON.stringify(verdicts);
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      of[id] = place;
    },
    written: (): RunHistory['states'] => ({
      verdicts: Array.from(
        places.keys(),
        (text) => JSON.parse(text) as Record<string, string | null>,
      ),
      of,
    }),
  };
}

const KINDS: readonly Event['kind'][] = [
  ...(['verdict', 'listed', 'returned', 'withdrawn'] as const),
  ...(['versions', 'arrived', 'counts', 'unverified', 'verified'] as const),
];

/** By kind, and as found within a kind: by dataset, then by check. */
const inOrder = (events: readonly Event[]): Event[] =>
  KINDS.flatMap((kind) => events.filter((event) => event.kind === kind));
