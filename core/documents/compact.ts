// The compact summary, data/summary.json: the rows of data/all-datasets.json as columns, small
// enough for a page to load first. Its version and number columns follow from the checks. Names are
// in data/names.json, because they would double its size. compact-write.ts
// writes it, compact-read.ts reads it.

import * as z from 'zod';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import type { CheckDefinition } from '../monitor/check.ts';
import { numberColumns, type Shown, versionColumns } from './catalogue.ts';
import { counts, maybeCounts, maybeNumbers } from './columns.ts';
import { attemptSchema, pendingSchema, rulesVersion } from './documents.ts';
import type { CheckRow, Row } from './rows.ts';
import { SCHEMA_VERSION, STATUSES, type Status } from './vocabulary.ts';

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
  readonly run?: string | undefined;
  readonly publication?: number | undefined;
  readonly total: number;
  readonly more: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly versions: readonly string[];
  readonly columns: Columns;
  readonly unverified: Readonly<Record<string, Readonly<Record<string, CheckRow['lastAttempt']>>>>;
  readonly pending?: Readonly<Record<string, NonNullable<Row['pending']>>>;
  readonly findingSince?: Readonly<Record<string, number | null>>;
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
  const numbers = numberColumns(archive);
  const columnsFor = (faults: boolean) =>
    numbers
      .filter(({ words }) => (words.ofFaults ?? false) === faults)
      .map(({ words }) => [words.column, faults ? counts : maybeCounts.optional()]);
  return z.object({
    schemaVersion,
    lastUpdated: instantSchema,
    /** Start of the run that published it; absent in older files. */
    run: instantSchema.optional(),
    /** Counts publications from 1, as the history does; absent in older files. */
    publication: count.optional(),
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
      verdict: counts,
      /** 0 none, otherwise 1 + index into versions. */
      latest: counts,
      /** Of checks: 0 none, 1 the same as the latest, otherwise 2 + index into versions. */
      ...Object.fromEntries(
        versionColumns(archive).map(({ of, column }) => [
          column,
          of === 'names' ? counts : counts.optional(),
        ]),
      ),
      ...Object.fromEntries(columnsFor(true)),
      /** Seconds since 1970; null when unknown. */
      latestDate: maybeNumbers,
      /**
       * Days before lastUpdated for which the overall status has been what it is; null if it was so
       * before the first run. Absent in older files.
       */
      since: maybeNumbers.optional(),
      /**
       * Seconds before lastUpdated, one list per check; null if never measured. For a content
       * check: seconds before the name check that is measured with it, mostly 0. If answers hold
       * for days: whole days, rounded up. Every entry differs, so seconds would be most of the
       * file.
       */
      ...Object.fromEntries(
        archive.checks.map(({ id, of }) => [
          id,
          of === 'names' ? maybeNumbers : maybeNumbers.optional(),
        ]),
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
    /**
     * Row (from 0) → days before lastUpdated for which its worst finding has been there, if that
     * began on another day than its status; null if it was there before the first run.
     */
    findingSince: z.record(row, z.number().nullable()).optional(),
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
