// Records: small, one per dataset and check and one per run. They hold the verdict and the times;
// the evidence is in the documents. The summary is made from them.

import * as z from 'zod';
import { comparedSchema } from '../../archives/openneuro/documents.ts';
import { CAUSES, NOT_CHECKED_REASONS, SUBTYPES } from '../../archives/openneuro/vocabulary.ts';
import { datasetIdSchema, instantSchema } from '../ids.ts';
import { attemptSchema, pendingSchema, rulesVersion } from './documents.ts';
import { STATUSES } from './vocabulary.ts';

const count = z.int().nonnegative();

export const checkRecordSchema = z.object({
  dataset: datasetIdSchema,
  check: z.string(),
  /** Start of the run that wrote it: a record is never replaced by one of an older run. */
  runStart: instantSchema,
  status: z.enum(STATUSES),
  subtype: z.enum(SUBTYPES).nullable(),
  /** Every subtype that applies, worst first. */
  findings: z.array(z.enum(SUBTYPES)),
  /** github: highest tag on the mirror; annexRecord: the tag said to be exported; else: the version of the export. */
  version: z.string().nullable(),
  added: count.nullable(),
  removed: count.nullable(),
  /** Files of the export as last counted: the expected cost of the next listing. */
  files: count.nullable(),
  notCompared: z.enum(NOT_CHECKED_REASONS).nullable(),
  /** s3Files: likely causes over all checks, which is the last to be made. */
  causes: z.array(z.enum(CAUSES)).optional(),
  /** s3Content: how deep it compared; absent where it compared nothing. */
  compared: comparedSchema.optional(),
  /** When last measured well; null when never. */
  checkedAt: instantSchema.nullable(),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  /** Findings that do not count yet; `status`, `subtype` and `findings` are of those that do. */
  pending: pendingSchema.nullable().optional(),
});
export type CheckRecord = z.infer<typeof checkRecordSchema>;

/** What a record says where a check has nothing to say. */
export const NO_FACTS = {
  subtype: null,
  findings: [],
  version: null,
  added: null,
  removed: null,
  files: null,
  notCompared: null,
} satisfies Partial<CheckRecord>;

const statusCounts = z.record(z.enum(STATUSES), count);

/** What a run amounts to; kept where runs are looked up without their documents. */
export const runTotalsSchema = z.object({
  datasets: count,
  /** Datasets by overall status, then by the status of each check. */
  overall: statusCounts,
  checks: z.record(z.string(), statusCounts),
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
  /** null while it runs, or when it was cut off: the next run goes on from there. */
  finishedAt: instantSchema.nullable(),
  outcome: z.enum(['running', 'interrupted', 'published', 'held', 'failed']),
  why: z.array(z.string()),
  /** What the run was asked to do; a run goes on from another only when these agree. */
  request: z.object({
    datasets: z.array(datasetIdSchema).nullable(),
    maxDatasets: z.int().positive().nullable(),
    stages: z.array(z.string()),
    /** Registry, mirror and export addresses: another archive is another run. */
    archive: z.array(z.string()),
    /** The checks that were chosen; absent where all are made. */
    checks: z.array(z.string()).optional(),
    /** Absent where it is the default: with another one, verdicts are others. */
    newDatasetDays: count.optional(),
  }),
  totals: runTotalsSchema.optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
