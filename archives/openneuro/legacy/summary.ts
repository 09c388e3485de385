// The summary: a row for every dataset, in the layout of the system this one succeeds.

import * as z from 'zod';
import {
  attemptSchema,
  pending,
  rulesVersion,
  schemaVersion,
} from '../../../core/documents/documents.ts';
import { STATUSES } from '../../../core/documents/vocabulary.ts';
import { datasetIdSchema, instantSchema, tagSchema } from '../../../core/ids.ts';
import { comparedSchema } from '../documents.ts';
import {
  CAUSES,
  CHECK_SUBTYPES,
  type Check,
  NAME_CHECKS,
  type NameCheck,
  NOT_COMPARED_REASONS,
  OPTIONAL_CHECKS,
  type OptionalCheck,
  SUBTYPES,
  type Subtype,
} from '../vocabulary.ts';

const status = z.enum(STATUSES);

/** The content checks may be missing, or null if they are switched off. */
const perCheck = <T extends z.ZodType>(value: T) =>
  z.object({
    ...(Object.fromEntries(NAME_CHECKS.map((check) => [check, value])) as Record<NameCheck, T>),
    ...(Object.fromEntries(
      OPTIONAL_CHECKS.map((check) => [check, value.nullable().optional()]),
    ) as Record<OptionalCheck, z.ZodOptional<z.ZodNullable<T>>>),
  });

const subtypeOf = <C extends Check>(check: C) =>
  z.enum(CHECK_SUBTYPES[check] as readonly [Subtype<C>, ...Subtype<C>[]]).nullable();

type SubtypeOf<C extends Check> = ReturnType<typeof subtypeOf<C>>;

/** A dataset's row in data/all-datasets.json */
export const summaryRowSchema = z.object({
  id: datasetIdSchema,
  status,
  checks: perCheck(status),
  /** true or null, as in the old documents. */
  s3Blocked: z.literal(true).nullable(),
  /** Since when the status is what it is; absent: before the first run. */
  since: instantSchema.optional(),
  /** The same for each check: its status and subtype. */
  checksSince: perCheck(instantSchema.nullable()).optional(),
  /** When each check was last measured successfully. */
  lastChecked: perCheck(instantSchema.nullable()).nullable(),
  /** Counts when above zero. */
  s3FilesAdded: z.int().positive().nullable(),
  s3FilesRemoved: z.int().positive().nullable(),
  s3FilesExpected: z.int().positive().optional(),
  issueSubtypes: z
    .object({
      ...(Object.fromEntries(NAME_CHECKS.map((check) => [check, subtypeOf(check)])) as unknown as {
        [C in NameCheck]: SubtypeOf<C>;
      }),
      ...(Object.fromEntries(
        OPTIONAL_CHECKS.map((check) => [check, subtypeOf(check).optional()]),
      ) as unknown as { [C in OptionalCheck]: z.ZodOptional<SubtypeOf<C>> }),
    })
    .nullable(),
  /** The highest tag on the mirror by version order. */
  githubVersion: z.string().nullable(),
  /** The version found in the export; null when blocked or never measured. */
  s3Version: tagSchema.nullable(),
  latestSnapshotDate: instantSchema.nullable(),
  name: z.string().nullable(),
  /** null only in rows of older systems, which did not have it. */
  latestSnapshot: tagSchema.nullable(),
  /** The oldest of lastChecked: what the row may claim. */
  checkedAt: instantSchema.nullable(),
  /** Checks whose newest attempt failed: shown as "unverified since" their lastChecked. */
  unverified: perCheck(attemptSchema.nullable()).nullable(),
  /**
   * Every subtype that applies, check by check, if there are more than the one in issueSubtypes.
   */
  findings: z.array(z.enum(SUBTYPES)),
  notCompared: z.enum(NOT_COMPARED_REASONS).nullable(),
  /** Likely causes; the dataset's causes.json has the evidence. */
  causes: z.array(z.enum(CAUSES)).optional(),
  /** The oldest rules version that judged one of its checks. */
  rulesVersion,
  /** For a dataset just published: findings that do not count yet. */
  pending,
  /** How deep contents were compared; absent if they were not. */
  compared: comparedSchema.optional(),
});

export type SummaryRow = z.infer<typeof summaryRowSchema>;

/** data/all-datasets.json */
export const summarySchema = z.object({
  schemaVersion,
  lastUpdated: instantSchema,
  /** By id in byte order. */
  datasets: z.array(summaryRowSchema),
});

export type Summary = z.infer<typeof summarySchema>;
