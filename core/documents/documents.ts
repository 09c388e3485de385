// Documents in every archive's tree (docs/checks.md#documents): schema and type. The order of the
// fields here is the order of written keys. Rows are in core/documents/rows.ts.

import * as z from 'zod';
import { FAILURE_REASONS } from '../failure.ts';
import { datasetIdSchema, instantSchema, tagSchema } from '../ids.ts';
import { LIFETIMES, type Lifetime } from './lifetimes.ts';
import { LEFTOVER_STATES, PENDING_REASONS, SCHEMA_VERSION, STATUSES } from './vocabulary.ts';

export const count = z.int().nonnegative();
export const schemaVersion = z.literal(SCHEMA_VERSION);

/** The version of the rules of a verdict; absent in documents older than these numbers. */
export const rulesVersion = count.optional();

/** The newest attempt to measure, if it failed (docs/checks.md#unverified). */
export const attemptSchema = z.object({
  at: instantSchema,
  reason: z.enum(FAILURE_REASONS),
  /** The answer's, if there was one. */
  httpStatus: z.int().optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** Findings that do not count before `until` (docs/checks.md#new-datasets). */
export const pendingSchema = z.object({
  reason: z.enum(PENDING_REASONS),
  until: instantSchema,
});
export type Pending = z.infer<typeof pendingSchema>;
/** Absent in documents older than this rule. */
export const pending = pendingSchema.nullable().optional();

/** data/datasets-registry.json */
export const registrySchema = z.object({
  schemaVersion,
  lastChecked: instantSchema,
  /** Number of entries in latestSnapshots. */
  totalCount: count,
  /**
   * Dataset id → tag of its latest snapshot, by id in byte order; null if an archive has no
   * versions.
   */
  latestSnapshots: z.record(datasetIdSchema, tagSchema.nullable()),
  names: z.record(datasetIdSchema, z.string()),
  /** Datasets that exist but are not checked, with the reason. */
  skipped: z.record(datasetIdSchema, z.enum(['no-snapshots'])),
  /** Broken entries, which stay as last known. */
  unverified: z.record(datasetIdSchema, attemptSchema),
  /** The newest reading of the registry, if it failed: all entries stay as last known. */
  lastAttempt: attemptSchema.nullable(),
  /**
   * When each dataset was published, if known (docs/checks.md#new-datasets). It covers all datasets
   * that the registry shows, so that a run over some of them does not make the others new.
   */
  published: z.record(datasetIdSchema, instantSchema).optional(),
  /** When each latest snapshot was created, if known; absent in documents older than this field. */
  versionDates: z.record(datasetIdSchema, instantSchema).optional(),
  /**
   * Datasets that are no longer listed: the API's answer for each id, and its time. A dataset that
   * returns is removed from here, as is one that is withdrawn.
   */
  gone: z
    .array(z.object({ id: datasetIdSchema, state: z.enum(LEFTOVER_STATES), at: instantSchema }))
    .optional(),
  /**
   * Datasets that a later reading confirmed to be deleted or not public, and when they left. Nothing
   * else is kept of them. A dataset that returns is removed from here.
   */
  withdrawn: z.array(z.object({ id: datasetIdSchema, since: instantSchema })).optional(),
});
export type Registry = z.infer<typeof registrySchema>;

/**
 * data/timestamps/{github,s3-version,s3-files,s3-content,s3-access,annex-record}.json: dataset id →
 * time of the last good measurement.
 */
export const timestampsSchema = z.record(datasetIdSchema, instantSchema);
export type Timestamps = z.infer<typeof timestampsSchema>;

/** The archive of the results, and the addresses that links and commands may use. */
export const archiveSchema = z.object({
  /** Its id in archives/index.ts; absent in documents older than support for several archives. */
  id: z.string().optional(),
  /** For people: its title, or the host of its registry. */
  name: z.string(),
  /** `sample`: all of it is invented. `replay`: recorded, and the unrecorded parts are invented. */
  origin: z.enum(['live', 'replay', 'sample']),
  /** Null if nobody can look: the archive is not live, or the address must not be shown. */
  registryUrl: z.string().nullable(),
  mirrorUrl: z.string().nullable(),
  exportUrl: z.string().nullable(),
});
export type AboutArchive = z.infer<typeof archiveSchema>;

const listedArchiveSchema = z.object({
  id: z.string(),
  name: archiveSchema.shape.name,
  origin: archiveSchema.shape.origin,
  /** Where its documents are, below the root of all results: `toy/`, or empty. */
  folder: z.string(),
});
export type ListedArchive = z.infer<typeof listedArchiveSchema>;

/** data/archives.json: the archives that have published, in the order in which they are shown. */
export const archivesSchema = z.object({ schemaVersion, archives: z.array(listedArchiveSchema) });

/** data/index.json: what is where, for scripts (docs/data.md). Addresses are below its folder. */
export const addressesSchema = z.object({
  schemaVersion,
  /** A hash of all that follows. */
  digest: z.string(),
  archive: z.object({ id: z.string(), title: z.string() }),
  /** Address of the list of all archives. */
  archives: z.string(),
  addresses: z.array(
    z.object({
      address: z.string(),
      title: z.string(),
      mediaType: z.string(),
      /** Address of its JSON Schema; null if it has none. */
      schema: z.string().nullable(),
      stays: z.enum(Object.keys(LIFETIMES) as [Lifetime, ...Lifetime[]]),
    }),
  ),
  /** What is computed when it is asked for. */
  api: z.array(
    z.object({
      address: z.string(),
      title: z.string(),
      mediaType: z.string(),
      parameters: z.array(z.string()),
    }),
  ),
  placeholders: z.record(z.string(), z.string()),
  lifetimes: z.record(z.string(), z.string()),
  /** Address of each JSON Schema → SHA-256 of its bytes. */
  schemas: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type Addresses = z.infer<typeof addressesSchema>;

/** The banner and whoever reads status.json get no more than this. */
export const MOST_TEXT = 500;
export const MOST_SENTENCES = 20;

/** data/status.json: what the banners say. */
export const statusSchema = z.object({
  schemaVersion,
  lastRun: z.object({
    id: z.string(),
    startedAt: instantSchema,
    finishedAt: instantSchema,
    outcome: z.enum(['published', 'held', 'failed']),
    /** One sentence each; for a published run, what a person must look at. */
    why: z.array(z.string().max(MOST_TEXT)).max(MOST_SENTENCES),
    durationSeconds: z.number().nonnegative(),
    /** Datasets judged by other rules than in the summary published before. */
    rulesChanged: count.optional(),
  }),
  /** When the shown summary was published; null if there is none. */
  publishedAt: instantSchema.nullable(),
  /** Hours between two scheduled runs, at most; absent if nothing schedules them. */
  everyHours: z.number().positive().optional(),
  /** Datasets in the registry. */
  datasets: count,
  /** Datasets with all checks measured well in the last run. */
  covered: count,
  /** Datasets with a check whose newest attempt failed. */
  unverified: count,
  /** Checks of the archive as a whole; absent if it has none. */
  checks: z
    .record(
      z.string(),
      z.object({
        status: z.enum(STATUSES),
        findings: z.array(z.string()),
        /** When last measured well; null if never. */
        at: instantSchema.nullable(),
        lastAttempt: attemptSchema.nullable(),
      }),
    )
    .optional(),
  /** Absent in legacy trees. */
  archive: archiveSchema.optional(),
  /** The list of datasets; absent if there is none, and in legacy trees. */
  registry: z
    .object({
      /** When it was last read. */
      readAt: instantSchema,
      /** The newest reading, if it failed: the list is then the one of `readAt`. */
      lastAttempt: attemptSchema.nullable(),
    })
    .optional(),
});
export type RunStatus = z.infer<typeof statusSchema>;
