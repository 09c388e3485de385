// The compact summary, data/summary.json: the rows of data/all-datasets.json as columns, small
// enough for a page to load first. Its version and number columns follow from the checks. Names are
// in data/names.json, because they would double its size. core/documents/compact-read.ts reads it.

import * as z from 'zod';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import type { CheckDefinition } from '../monitor/check.ts';
import { ageColumns, numberColumns, type Shown, versionColumns } from './catalogue.ts';
import { attemptSchema, pendingSchema, rulesVersion } from './documents.ts';
import type { CheckRow, Row, Rows } from './rows.ts';
import { SCHEMA_VERSION, STATUSES, type Status } from './vocabulary.ts';

/**
 * Rows in one file. A larger summary is split, so that the first rows need not wait for the rest.
 */
export const SHARD_ROWS = 20_000;

const count = z.int().nonnegative();
const schemaVersion = z.literal(SCHEMA_VERSION);
const status = z.enum(STATUSES);

type Checks = Pick<Shown, 'checks'>;

/** A combination of verdicts that many rows share. */
export interface Verdict {
  readonly status: Status;
  /** Null if a check was not made. */
  readonly checks: Readonly<Record<string, Status | null>>;
  /** Null if there is none. */
  readonly issueSubtypes: Readonly<Record<string, string | null>> | null;
  /** All findings, of checks with more than one. */
  readonly findings: readonly string[];
  /** Why checks wait. A reason without a check belongs to the first check that can wait. */
  readonly notCompared: Readonly<Record<string, string>> | string | null;
  readonly causes?: readonly string[] | undefined;
  readonly rulesVersion?: number | undefined;
}

/** Lists with one value per row, by id in byte order; compactSchemaOf describes each. */
export interface Columns {
  readonly id: readonly string[];
  readonly verdict: readonly number[];
  readonly latest: readonly number[];
  readonly latestDate: readonly (number | null)[];
  readonly [column: string]: readonly (string | number | null)[];
}

/** data/summary.json, and data/summary-2.json … if it is split */
export interface CompactSummary {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly lastUpdated: string;
  readonly total: number;
  readonly more: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly versions: readonly string[];
  readonly columns: Columns;
  readonly unverified: Readonly<Record<string, Readonly<Record<string, CheckRow['lastAttempt']>>>>;
  readonly pending?: Readonly<Record<string, NonNullable<Row['pending']>>>;
}

/** An object with a field for each check, written in check order. */
const perCheck = <T extends z.ZodType>({ checks }: Checks, of: (check: CheckDefinition) => T) =>
  z.object(Object.fromEntries(checks.map((check) => [check.id, of(check)])));

/** The fields are in written order. */
export function compactSchemaOf(
  archive: Pick<Shown, 'checks' | 'causes' | 'reasons'>,
): z.ZodType<CompactSummary> {
  const subtypes = archive.checks.flatMap(({ findings }) => Object.keys(findings));
  const causes = (archive.causes ?? []).map(({ id }) => id);
  const reason = z.enum(Object.keys(archive.reasons ?? {}));
  const waiting = { checks: archive.checks.filter(({ waits }) => waits) };
  const ofContents = <T extends z.ZodType>(value: T) => value.nullable().optional();
  const row = z.string().regex(/^\d+$/);
  const age = z.array(z.number().nullable());
  const numbers = numberColumns(archive);
  const columnsFor = (faults: boolean) =>
    numbers
      .filter(({ words }) => (words.ofFaults ?? false) === faults)
      .map(({ words }) => [
        words.column,
        faults ? z.array(count) : z.array(count.nullable()).optional(),
      ]);
  return z.object({
    schemaVersion,
    lastUpdated: instantSchema,
    /** Number of rows in all files. */
    total: count,
    /** The other files, beside this one; empty in all but the first. */
    more: z.array(z.string().regex(/^summary-\d+\.json$/)),
    /** Every combination of verdicts that occurs, the most frequent first. */
    verdicts: z.array(
      z.object({
        status,
        checks: perCheck(archive, ({ of }) => (of === 'names' ? status : ofContents(status))),
        issueSubtypes: perCheck(archive, ({ of, findings }) => {
          const subtype = z.enum(Object.keys(findings));
          return of === 'names' ? subtype.nullable() : ofContents(subtype);
        }).nullable(),
        findings: z.array(z.enum(subtypes)),
        notCompared: z.union([reason, perCheck(waiting, () => reason.optional())]).nullable(),
        causes: z.array(z.enum(causes)).optional(),
        rulesVersion,
      }),
    ),
    /** Every version that occurs, the most frequent first. */
    versions: z.array(z.string()),
    columns: z.object({
      id: z.array(datasetIdSchema),
      /** Index into verdicts. */
      verdict: z.array(count),
      /** 0 none, otherwise 1 + index into versions. */
      latest: z.array(count),
      /** Of checks: 0 none, 1 the same as the latest, otherwise 2 + index into versions. */
      ...Object.fromEntries(
        versionColumns(archive).map(({ of, column }) => [
          column,
          of === 'names' ? z.array(count) : z.array(count).optional(),
        ]),
      ),
      ...Object.fromEntries(columnsFor(true)),
      /** Seconds since 1970; null when unknown. */
      latestDate: z.array(z.number().nullable()),
      /**
       * Seconds before lastUpdated, one list per check; null if never measured. For a content
       * check: seconds before the name check that is measured with it, mostly 0. If answers hold
       * for days: whole days, rounded up. Every entry differs, so seconds would be most of the
       * file.
       */
      ...Object.fromEntries(
        archive.checks.map(({ id, of }) => [id, of === 'names' ? age : age.optional()]),
      ),
      ...Object.fromEntries(columnsFor(false)),
    }),
    /** Row (from 0) → its failed attempts. */
    unverified: z.record(
      row,
      perCheck(archive, ({ of }) =>
        of === 'names' ? attemptSchema.nullable() : ofContents(attemptSchema),
      ),
    ),
    /** Row (from 0) → why its findings do not count yet. */
    pending: z.record(row, pendingSchema).optional(),
  }) as unknown as z.ZodType<CompactSummary>;
}

/** data/names.json: dataset id → name, for datasets that have one. */
export const namesSchema = z.object({
  schemaVersion,
  names: z.record(datasetIdSchema, z.string()),
});
export type Names = z.infer<typeof namesSchema>;

/** File name of a part of the compact summary; part 0 comes first. */
export const compactFileName = (part: number): string =>
  part === 0 ? 'summary.json' : `summary-${part + 1}.json`;

/** The files of the compact summary, by name below data/. */
export function compactSummary(
  archive: Checks,
  summary: Pick<Rows, 'lastUpdated' | 'datasets'>,
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
): Pick<CompactSummary, 'verdicts' | 'versions' | 'columns' | 'unverified' | 'pending'> {
  const texts = rows.map((row) => JSON.stringify(verdictOf(archive, row)));
  const verdicts = byFrequency(texts);
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
      const age = difference(before ? seconds(before) : end, seconds(at));
      // Rounded up: a time must not be later than the measurement.
      return isLasting ? Math.ceil(age / DAY) * DAY : age;
    });
  const numbers = (faults: boolean) =>
    numberColumns(archive)
      .filter(({ words }) => (words.ofFaults ?? false) === faults)
      .map(({ id, name, words }) => [
        words.column,
        rows.map((row) => row.checks[id]?.numbers[name] ?? (faults ? 0 : null)),
      ]);
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
const seconds = (instant: string): number => Date.parse(instant) / 1000;
/** Keeps milliseconds exact: 0.1 + 0.2 is not 0.3 in seconds. */
const difference = (a: number, b: number): number => Math.round((a - b) * 1000) / 1000;
