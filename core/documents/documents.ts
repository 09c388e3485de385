// Documents that every archive's tree has (docs/checks.md#documents): schema, type and, by the order of the fields
// here, the order in which keys are written. core/documents/rows.ts has the rows.

import * as z from 'zod';
import { FAILURE_REASONS } from '../failure.ts';
import { datasetIdSchema, instantSchema, tagSchema } from '../ids.ts';
import { LEFTOVER_STATES, PENDING_REASONS, SCHEMA_VERSION, STATUSES } from './vocabulary.ts';

export const count = z.int().nonnegative();
export const schemaVersion = z.literal(SCHEMA_VERSION);

/** The rules that a verdict was made by; absent in what is older than their numbers. */
export const rulesVersion = count.optional();

/** The newest attempt to measure, if it failed (docs/checks.md#unverified). */
export const attemptSchema = z.object({
  at: instantSchema,
  reason: z.enum(FAILURE_REASONS),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** Findings that do not count before `until` (docs/checks.md#new-datasets). */
export const pendingSchema = z.object({
  reason: z.enum(PENDING_REASONS),
  until: instantSchema,
});
export type Pending = z.infer<typeof pendingSchema>;
/** Absent in documents that were written before there was such a rule. */
export const pending = pendingSchema.nullable().optional();

/** data/datasets-registry.json */
export const registrySchema = z.object({
  schemaVersion,
  lastChecked: instantSchema,
  /** Number of entries in latestSnapshots. */
  totalCount: count,
  /** Dataset id → tag of its latest snapshot, by id in byte order; null where an archive has no versions. */
  latestSnapshots: z.record(datasetIdSchema, tagSchema.nullable()),
  names: z.record(datasetIdSchema, z.string()),
  /** Datasets that exist and are not checked, with the reason. */
  skipped: z.record(datasetIdSchema, z.enum(['no-snapshots'])),
  /** Broken entries, kept as last known. */
  unverified: z.record(datasetIdSchema, attemptSchema),
  /** The newest reading of the registry, if it failed: all entries are as last known. */
  lastAttempt: attemptSchema.nullable(),
  /**
   * When each dataset was published, where known (docs/checks.md#new-datasets). It has all datasets that the registry
   * shows, so that a run over some of them does not make the others new.
   */
  published: z.record(datasetIdSchema, instantSchema).optional(),
  /**
   * Datasets that are no longer listed: what the API said about each id, and when. One that comes back is removed
   * from here. By time, then by id.
   */
  gone: z
    .array(z.object({ id: datasetIdSchema, state: z.enum(LEFTOVER_STATES), at: instantSchema }))
    .optional(),
});
export type Registry = z.infer<typeof registrySchema>;

/** data/timestamps/{github,s3-version,s3-files,s3-content,s3-access,annex-record}.json: dataset id → when last measured well. */
export const timestampsSchema = z.record(datasetIdSchema, instantSchema);
export type Timestamps = z.infer<typeof timestampsSchema>;

/** Which archive the results are of, and the addresses that links and commands may lead to. */
export const archiveSchema = z.object({
  /** Its id in archives/index.ts; absent in documents written before there were several archives. */
  id: z.string().optional(),
  /** For people: its title, or the host of its registry. */
  name: z.string(),
  /** `sample`: all of it is invented. `replay`: recorded, and what was not recorded is invented. */
  origin: z.enum(['live', 'replay', 'sample']),
  /** Null where nobody can look: the archive is not live, or the address must not be shown. */
  registryUrl: z.string().nullable(),
  mirrorUrl: z.string().nullable(),
  exportUrl: z.string().nullable(),
});
export type AboutArchive = z.infer<typeof archiveSchema>;

/** data/status.json: what the banners say. */
export const statusSchema = z.object({
  schemaVersion,
  lastRun: z.object({
    id: z.string(),
    startedAt: instantSchema,
    finishedAt: instantSchema,
    outcome: z.enum(['published', 'held', 'failed']),
    /** One sentence each; of a published run, what a person must look at anyway. */
    why: z.array(z.string()),
    durationSeconds: z.number().nonnegative(),
    /** Datasets that were judged by other rules than in the summary published before. */
    rulesChanged: count.optional(),
  }),
  /** When the summary on show was published; null when none ever was. */
  publishedAt: instantSchema.nullable(),
  /** Datasets in the registry. */
  datasets: count,
  /** Datasets with all checks measured well in the last run. */
  covered: count,
  /** Datasets with a check whose newest attempt failed. */
  unverified: count,
  /** Checks of the archive as a whole; absent where it has none. */
  checks: z
    .record(
      z.string(),
      z.object({
        status: z.enum(STATUSES),
        findings: z.array(z.string()),
        /** When last measured well; null when never. */
        at: instantSchema.nullable(),
        lastAttempt: attemptSchema.nullable(),
      }),
    )
    .optional(),
  /** Absent in trees of older systems. */
  archive: archiveSchema.optional(),
  /** The list of datasets; absent where there is none, and in trees of older systems. */
  registry: z
    .object({
      /** When it was last read. */
      readAt: instantSchema,
      /** The newest reading, if it failed: the list is then that of `readAt`. */
      lastAttempt: attemptSchema.nullable(),
    })
    .optional(),
});
export type RunStatus = z.infer<typeof statusSchema>;
