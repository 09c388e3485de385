// Records are small: one for each dataset and check, and one for each run. They hold verdicts and
// times; the evidence is in the documents. The summary is made from records.

import * as z from 'zod';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import { attemptSchema, pendingSchema, rulesVersion } from './documents.ts';
import { STATUSES } from './vocabulary.ts';

const count = z.int().nonnegative();
/** Name of a check or of one of its numbers: `copy`. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/);
/** Name of a finding, a cause or a reason: `files-missing`. */
const word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const checkRecordSchema = z.object({
  dataset: datasetIdSchema,
  check: name,
  /** Start of the run that wrote it; an older run never replaces a newer run's record. */
  runStart: instantSchema,
  status: z.enum(STATUSES),
  subtype: word.nullable(),
  /** Every subtype that applies, worst first. */
  findings: z.array(word),
  /** The version that the check found. */
  version: z.string().nullable(),
  /** What it counted, by the check's own names; absent if it counted nothing. */
  numbers: z.record(name, count).optional(),
  /** Why it compared nothing. */
  notCompared: word.nullable(),
  /** Likely causes of all checks' findings, in the record of the last check. */
  causes: z.array(word).optional(),
  /** When last measured well; null if never. */
  checkedAt: instantSchema.nullable(),
  /** First measurement of the present status and subtype; absent if that is older than the field. */
  since: instantSchema.optional(),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  /** Findings that do not count yet; `status`, `subtype` and `findings` describe those that do. */
  pending: pendingSchema.nullable().optional(),
});
export type CheckRecord = z.infer<typeof checkRecordSchema>;

/** Fields of records older than `numbers`. */
const OLD_NUMBERS = ['added', 'removed', 'files'] as const;

/** Upgrades a stored record to today's shape; a store calls this for every record that it reads. */
export function upgradeRecord(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || 'numbers' in stored) return stored;
  const { compared, ...record } = stored as Record<string, unknown>;
  const old: [string, unknown][] = OLD_NUMBERS.map((field) => [field, record[field]]);
  for (const field of OLD_NUMBERS) delete record[field];
  const numbers = [...old, ...Object.entries(compared ?? {})].filter(([, value]) => value != null);
  return numbers.length === 0 ? record : { ...record, numbers: Object.fromEntries(numbers) };
}

/** The fields of a record without facts. */
export const NO_FACTS = {
  subtype: null,
  findings: [],
  version: null,
  notCompared: null,
} satisfies Partial<CheckRecord>;

const statusCounts = z.record(z.enum(STATUSES), count);

/** How a run ended; kept for look-ups of runs without their documents. */
export const runTotalsSchema = z.object({
  datasets: count,
  /** Datasets by overall status, then by the status of each check. */
  overall: statusCounts,
  checks: z.record(name, statusCounts),
  unverified: count,
  /** Requests (retries included) and bytes of bodies. */
  traffic: z.record(z.string(), z.object({ requests: count, retries: count, bytes: count })),
  /** Datasets judged by other rules than in the summary published before. */
  rulesChanged: count.optional(),
  /** For people, one sentence each: what they should know besides the numbers. */
  notes: z.array(z.string()).optional(),
});
export type RunTotals = z.infer<typeof runTotalsSchema>;

export const runRecordSchema = z.object({
  /** Start of the run, which also names it. */
  runStart: instantSchema,
  /** null while it runs, or if it was cut off: the next run continues from there. */
  finishedAt: instantSchema.nullable(),
  outcome: z.enum(['running', 'interrupted', 'published', 'held', 'failed']),
  why: z.array(z.string()),
  /** What the run was asked to do; a run continues another only if these are equal. */
  request: z.object({
    datasets: z.array(datasetIdSchema).nullable(),
    maxDatasets: z.int().positive().nullable(),
    /** A named dataset that the registry does not have refuses the run; absent: it is left out. */
    strict: z.literal(true).optional(),
    /** Only what changed, was not measured well, or may be fixed. */
    changed: z.boolean().optional(),
    stages: z.array(z.string()),
    /** Registry, mirror and export addresses; other addresses make it another run. */
    archive: z.array(z.string()),
    /** The chosen checks; absent if all are made. */
    checks: z.array(z.string()).optional(),
    /** Absent for the default; another value gives other verdicts. */
    newDatasetDays: count.optional(),
    /** Of the archive's own options, those that were given. */
    choices: z.record(z.string(), z.string()).optional(),
  }),
  totals: runTotalsSchema.optional(),
  /** Name of the execution that the run is; absent on one machine. */
  execution: z.string().optional(),
  /** How a deployment was at the end of the run; absent on one machine. */
  health: z
    .object({
      /** A sentence about each problem, by its name. */
      problems: z.record(name, z.string()),
      /** When a run over everything was last published; null if never. */
      publishedAt: instantSchema.nullable(),
    })
    .optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
