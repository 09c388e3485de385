// The summary: a row for every entry of an archive, made from the records of its checks. An archive
// may publish it in its own layout (core/monitor/archive.ts).

import * as z from 'zod';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import {
  type Attempt,
  attemptSchema,
  count,
  type Pending,
  pendingSchema,
  schemaVersion,
} from './documents.ts';
import { STATUSES, type Status } from './vocabulary.ts';

/** What one check says about an entry. */
export interface CheckRow {
  readonly status: Status;
  /** Its worst finding. */
  readonly subtype: string | null;
  /** All its findings, worst first. */
  readonly findings: readonly string[];
  /** When it was last measured well. */
  readonly at: string | null;
  /**
   * First measurement of the present status and subtype; null: before the first run. The compact
   * summary does not have it.
   */
  readonly since: string | null;
  /** The newest attempt, if it failed. */
  readonly lastAttempt: Attempt | null;
  readonly version: string | null;
  /** By the check's own names. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Why it compared nothing. */
  readonly notCompared: string | null;
}

export interface Row {
  readonly id: string;
  readonly name: string | null;
  /** The latest version, as the archive says. */
  readonly version: string | null;
  readonly versionDate: string | null;
  /** The worst of its checks. */
  readonly status: Status;
  /** Since when it has been so; null: before the first run. */
  readonly since: string | null;
  /** The oldest time of its checks, without those whose answers hold for days; the row's age. */
  readonly checkedAt: string | null;
  /** A content check that was not made is absent. */
  readonly checks: Readonly<Record<string, CheckRow>>;
  /** Likely causes; null if none were looked for. */
  readonly causes: readonly string[] | null;
  /** Findings that do not count yet. */
  readonly pending: Pending | null;
  /** The oldest rules used by any of its checks; null if they had no number. */
  readonly rulesVersion: number | null;
}

/** A place that new versions reach some time after the archive has them (archive.ts). */
export interface ArrivalPlace {
  readonly place: string;
  /** For people: `GitHub`. */
  readonly label: string;
  /** Whether the row's latest version is there, as last measured. */
  isAt(row: Row): boolean;
}

export interface Rows {
  readonly schemaVersion: z.infer<typeof schemaVersion>;
  readonly lastUpdated: string;
  /** Start of the run that published it; absent in older summaries. */
  readonly run?: string;
  /** Counts publications from 1. */
  readonly publication?: number;
  readonly datasets: readonly Row[];
}

const word = z.string().max(64);

export const rowSchema = z.object({
  id: datasetIdSchema,
  name: z.string().nullable(),
  version: z.string().nullable(),
  versionDate: instantSchema.nullable(),
  status: z.enum(STATUSES),
  since: instantSchema.nullable().default(null),
  checkedAt: instantSchema.nullable(),
  checks: z.record(
    word,
    z.object({
      status: z.enum(STATUSES),
      subtype: word.nullable(),
      findings: z.array(word),
      at: instantSchema.nullable(),
      since: instantSchema.nullable().default(null),
      lastAttempt: attemptSchema.nullable(),
      version: z.string().nullable(),
      numbers: z.record(word, count),
      notCompared: word.nullable(),
    }),
  ),
  causes: z.array(word).nullable(),
  pending: pendingSchema.nullable(),
  rulesVersion: count.nullable(),
});

/** data/all-datasets.json of an archive without its own layout */
export const rowsSchema = z.object({
  schemaVersion,
  lastUpdated: instantSchema,
  /** By id in byte order. */
  datasets: z.array(rowSchema),
});

/** all-datasets.json of an archive with its own layout. */
export interface SummaryLayout {
  readonly schema: z.ZodType;
  readonly rowSchema: z.ZodType;
  write(row: Row): object;
  /** The parts of a row that the layout has. */
  read(row: object): Row;
}

export const PLAIN_LAYOUT: SummaryLayout = {
  schema: rowsSchema,
  rowSchema,
  write: (row) => row,
  read: (row) => row as Row,
};

/** A published summary, already checked against its schema, as rows. */
export function readSummary(document: object, layout: SummaryLayout = PLAIN_LAYOUT): Rows {
  const summary = document as Omit<Rows, 'datasets'> & { readonly datasets: readonly object[] };
  return { ...summary, datasets: summary.datasets.map(layout.read) };
}
