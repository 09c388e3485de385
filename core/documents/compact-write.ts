// Writes the compact summary: rows as columns. Equal verdicts and versions are listed once.

import {
  ageColumns,
  minuteOf,
  numberColumns,
  partsOf,
  type Shown,
  versionColumns,
} from './catalogue.ts';
import { type CompactSummary, compactFileName, type Names, type Verdict } from './compact.ts';
import { worstCheck } from './headline.ts';
import type { CheckRow, Row, Rows } from './rows.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

/**
 * Rows in one file. A larger summary is split, so that the first rows need not wait for the rest.
 */
export const SHARD_ROWS = 20_000;

type Checks = Pick<Shown, 'checks'>;

/** The files of the compact summary, by name below data/. */
export function compactSummary(
  archive: Checks,
  summary: Pick<Rows, 'lastUpdated' | 'run' | 'publication' | 'datasets'>,
  shardRows = SHARD_ROWS,
): Map<string, CompactSummary> {
  const parts = Math.max(1, Math.ceil(summary.datasets.length / shardRows));
  const more = Array.from({ length: parts - 1 }, (_, i) => compactFileName(i + 1));
  const files = new Map<string, CompactSummary>();
  for (let part = 0; part < parts; part++) {
    const rows = summary.datasets.slice(part * shardRows, (part + 1) * shardRows);
    files.set(compactFileName(part), {
      schemaVersion: SCHEMA_VERSION,
      lastUpdated: summary.lastUpdated,
      run: summary.run,
      publication: summary.publication,
      total: summary.datasets.length,
      more: part === 0 ? more : [],
      ...columnsOf(archive, rows, summary.lastUpdated),
    });
  }
  return files;
}

export function namesOf(summary: Pick<Rows, 'datasets'>): Names {
  const named = summary.datasets.filter((row) => row.name !== null);
  return {
    schemaVersion: SCHEMA_VERSION,
    names: Object.fromEntries(named.map((row) => [row.id, row.name as string])),
  };
}

function columnsOf(
  archive: Checks,
  rows: readonly Row[],
  lastUpdated: string,
): Pick<
  CompactSummary,
  'verdicts' | 'versions' | 'columns' | 'unverified' | 'pending' | 'findingSince'
> {
  const texts = rows.map((row) => JSON.stringify(verdictOf(archive, row)));
  const verdicts = byFrequency(texts);
  const worstOf = new Map<string, string | null>();
  for (const [i, row] of rows.entries()) {
    const verdict = texts[i] as string;
    if (!worstOf.has(verdict)) worstOf.set(verdict, worstCheck(archive, row));
  }
  const ofChecks = versionColumns(archive);
  const versions = byFrequency(
    rows.flatMap((row) => [
      row.version,
      ...ofChecks.map(({ id }) => row.checks[id]?.version ?? null),
    ]),
  );
  const version = (row: Row, value: string | null) => {
    if (value === null) return 0;
    return value === row.version ? 1 : 2 + (versions.get(value) as number);
  };
  const end = seconds(lastUpdated);
  const ages = ({ id, base, isLasting }: ReturnType<typeof ageColumns>[number]) =>
    rows.map(({ checks }) => {
      const at = checks[id]?.at ?? null;
      const before = base === undefined ? null : checks[base]?.at;
      if (at === null) return null;
      const age = minute(before ?? lastUpdated) - minute(at);
      // Rounded up: a time must not be later than the measurement.
      return isLasting ? Math.ceil(age / DAY) * DAY : age;
    });
  const days = (since: string | null) => (since === null ? null : daysBefore(end, seconds(since)));
  const numbers = (faults: boolean) =>
    numberColumns(archive)
      .filter(({ words }) => (words.ofFaults ?? false) === faults)
      .map(({ id, name, words }) => {
        const of = (row: Row, id: string, name: string) => row.checks[id]?.numbers[name];
        const parts = partsOf(archive, words);
        const sum = (row: Row) =>
          parts.reduce((all, one) => all + (of(row, one.id, one.name) ?? 0), 0);
        const isNone = (row: Row) => faults || (words.wholeOf && !of(row, id, words.wholeOf));
        const value = (row: Row) => {
          const own = of(row, id, name);
          return own === undefined ? (isNone(row) ? 0 : null) : own === sum(row) ? 0 : own;
        };
        return [words.column, rows.map(value)];
      });
  return {
    verdicts: [...verdicts.keys()].map((json) => JSON.parse(json) as Verdict),
    versions: [...versions.keys()],
    columns: {
      id: rows.map((row) => row.id),
      verdict: texts.map((text) => verdicts.get(text) as number),
      latest: rows.map((row) =>
        row.version === null ? 0 : 1 + (versions.get(row.version) as number),
      ),
      ...Object.fromEntries(
        ofChecks.map(({ id, column }) => [
          column,
          rows.map((row) => version(row, row.checks[id]?.version ?? null)),
        ]),
      ),
      ...Object.fromEntries(numbers(true)),
      latestDate: rows.map((row) => (row.versionDate === null ? null : seconds(row.versionDate))),
      since: rows.map(({ since }) => days(since)),
      ...Object.fromEntries(ageColumns(archive).map((column) => [column.id, ages(column)])),
      ...Object.fromEntries(numbers(false)),
    },
    unverified: Object.fromEntries(
      rows.flatMap((row, i) => {
        const failed = Object.values(row.checks).some(({ lastAttempt }) => lastAttempt !== null);
        return failed ? [[i, attemptsOf(archive, row)]] : [];
      }),
    ),
    pending: Object.fromEntries(rows.flatMap((row, i) => (row.pending ? [[i, row.pending]] : []))),
    findingSince: Object.fromEntries(
      rows.flatMap((row, i) => {
        const check = worstOf.get(texts[i] as string);
        if (check == null) return [];
        const since = row.checks[check]?.since ?? null;
        return since?.slice(0, DATE) === row.since?.slice(0, DATE) ? [] : [[i, days(since)]];
      }),
    ),
  };
}

const attemptsOf = ({ checks }: Checks, row: Row) =>
  Object.fromEntries(
    checks.flatMap(({ id }) => {
      const own = row.checks[id];
      return own === undefined ? [] : [[id, own.lastAttempt]];
    }),
  );

/** Keys have a fixed order, because equal verdicts are found by their JSON text. */
function verdictOf({ checks }: Checks, row: Row): Verdict {
  const all = <T>(of: (check: CheckRow) => T) =>
    Object.fromEntries(
      checks.map(({ id }) => {
        const own = row.checks[id];
        return [id, own === undefined ? null : of(own)];
      }),
    );
  const subtypes = all(({ subtype }) => subtype);
  const waiting = checks.flatMap(({ id, waits }): [string, string][] => {
    const reason = row.checks[id]?.notCompared ?? null;
    return waits && reason !== null ? [[id, reason]] : [];
  });
  return {
    status: row.status,
    checks: all(({ status }) => status),
    issueSubtypes: Object.values(subtypes).some((subtype) => subtype !== null) ? subtypes : null,
    findings: checks.flatMap(({ id }) => {
      const found = row.checks[id]?.findings ?? [];
      return found.length > 1 ? found : [];
    }),
    notCompared: shortest(waiting, checks),
    causes: row.causes ?? [],
    ...(row.rulesVersion !== null && { rulesVersion: row.rulesVersion }),
  };
}

/** Usually only one check can wait; then its reason is enough. */
function shortest(
  waiting: readonly (readonly [string, string])[],
  checks: Checks['checks'],
): Verdict['notCompared'] {
  const [only, ...more] = waiting;
  if (only === undefined) return null;
  const isFirst = only[0] === checks.find(({ waits }) => waits)?.id;
  return isFirst && more.length === 0 ? only[1] : Object.fromEntries(waiting);
}

/**
 * Value → its place, the most frequent first; ties by UTF-16 units, so that every run gives the
 * same.
 */
function byFrequency(values: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const order = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return new Map(order.map(([value], place) => [value, place]));
}

const DAY = 86_400;
const DATE = '2026-03-12'.length;
/** The last whole minute, in seconds. */
const minute = (instant: string): number => minuteOf(Date.parse(instant)) / 1000;
const seconds = (instant: string): number => Date.parse(instant) / 1000;
/** To the second. */
const daysBefore = (end: number, since: number): number =>
  Math.round(((end - since) / DAY) * 1e5) / 1e5;
