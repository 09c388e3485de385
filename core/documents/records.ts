// Records: small, one for each dataset and check, and one for each run. They hold verdict and times;
// the evidence is in the documents. The summary is made from records.

import * as z from 'zod';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import { attemptSchema, pendingSchema, rulesVersion } from './documents.ts';
import { STATUSES } from './vocabulary.ts';

const count = z.int().nonnegative();
/** Of a check or of one of its numbers: `copy`. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/);
/** Of a finding, a cause or a reason: `files-missing`. */
const word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const checkRecordSchema = z.object({
  dataset: datasetIdSchema,
  check: name,
  /** Start of the run that wrote it: a record is never replaced by one of an older run. */
  runStart: instantSchema,
  status: z.enum(STATUSES),
  subtype: word.nullable(),
  /** Every subtype that applies, worst first. */
  findings: z.array(word),
  /** The version that it found. */
  version: z.string().nullable(),
  /** What it counted, by the names that the check gives; absent where it counted nothing. */
  numbers: z.record(name, count).optional(),
  /** Why it had nothing to look at. */
  notCompared: word.nullable(),
  /** Likely causes of all checks' findings, in the record of the check that is made last. */
  causes: z.array(word).optional(),
  /** When last measured well; null when never. */
  checkedAt: instantSchema.nullable(),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  /** Says that findings do not count yet; `status`, `subtype` and `findings` are of those that do. */
  pending: pendingSchema.nullable().optional(),
});
export type CheckRecord = z.infer<typeof checkRecordSchema>;

/** Fields of records before there was `numbers`. */
const OLD_NUMBERS = ['added', 'removed', 'files'] as const;

/** Brings a stored record to today's shape; a store calls this for every record that it reads. */
export function upgradeRecord(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || 'numbers' in stored) return stored;
  const { compared, ...record } = stored as Record<string, unknown>;
  const old: [string, unknown][] = OLD_NUMBERS.map((field) => [field, record[field]]);
  for (const field of OLD_NUMBERS) delete record[field];
  const numbers = [...old, ...Object.entries(compared ?? {})].filter(([, value]) => value != null);
  return numbers.length === 0 ? record : { ...record, numbers: Object.fromEntries(numbers) };
}

/** The fields of a record whose check found nothing to say. */
export const NO_FACTS = {
  subtype: null,
  findings: [],
  version: null,
  notCompared: null,
} satisfies Partial<CheckRecord>;

const statusCounts = z.record(z.enum(STATUSES), count);

/** How a run ended; kept where runs are looked up without their documents. */
export const runTotalsSchema = z.object({
  datasets: count,
  /** Datasets by overall status, then by the status of each check. */
  overall: statusCounts,
  checks: z.record(name, statusCounts),
  unverified: count,
  /** Requests, retries among them, and bytes of bodies. */
  traffic: z.record(z.string(), z.object({ requests: count, retries: count, bytes: count })),
  /** Datasets that were judged by other rules than in the summary published before. */
  rulesChanged: count.optional(),
  /** For people, one sentence each: what should be known beside the numbers. */
  notes: z.array(z.string()).optional(),
});
export type RunTotals = z.infer<typeof runTotalsSchema>;

export const runRecordSchema = z.object({
  /** Start of the run, which also names it. */
  runStart: instantSchema,
  /** null while it runs, or when it was cut off: the next run continues from there. */
  finishedAt: instantSchema.nullable(),
  outcome: z.enum(['running', 'interrupted', 'published', 'held', 'failed']),
  why: z.array(z.string()),
  /** What the run was asked to do; a run continues another only when these are equal. */
  request: z.object({
    datasets: z.array(datasetIdSchema).nullable(),
    maxDatasets: z.int().positive().nullable(),
    stages: z.array(z.string()),
    /** Registry, mirror and export addresses: another archive is another run. */
    archive: z.array(z.string()),
    /** The checks that were chosen; absent where all are made. */
    checks: z.array(z.string()).optional(),
    /** Absent where it is the default; another value gives other verdicts. */
    newDatasetDays: count.optional(),
  }),
  totals: runTotalsSchema.optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
