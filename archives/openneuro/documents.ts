// The documents of a dataset of OpenNeuro (docs/checks.md#documents): schema, type and, by the order of the fields
// here, the order in which keys are written. Names are those of the system this one succeeds; fields it did not
// have come after the ones it had.

import * as z from 'zod';
import {
  attemptSchema,
  count,
  pending,
  rulesVersion,
  schemaVersion,
} from '../../core/documents/documents.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { datasetIdSchema, instantSchema, shaSchema, tagSchema } from '../../core/ids.ts';
import {
  CAUSES,
  CHECK_SUBTYPES,
  LEFTOVER_STATES,
  NOT_CHECKED_REASONS,
  NOT_COMPARED_REASONS,
  UNKNOWN_HEXSHA,
} from './vocabulary.ts';

const status = z.enum(STATUSES);

/** data/datasets/{id}/snapshots.json */
export const snapshotsSchema = z.object({
  schemaVersion,
  /** In order of creation. */
  tags: z.array(tagSchema),
});

export type Snapshots = z.infer<typeof snapshotsSchema>;

/** data/datasets/{id}/snapshots/{tag}/metadata.json */
export const metadataSchema = z.object({
  schemaVersion,
  /** Not null when the registry does not tell it: the predecessor's page cuts it short as a text. */
  hexsha: z.union([shaSchema, z.literal(UNKNOWN_HEXSHA)]),
  /** null when the registry does not tell it. */
  created: instantSchema.nullable(),
});

export type Metadata = z.infer<typeof metadataSchema>;

/** data/datasets/{id}/snapshots/{tag}/files.json */
export const filesSchema = z.object({
  schemaVersion,
  count,
  /** Paths of the tag's tree in byte order. */
  files: z.array(z.string()),
  /** null in documents of older systems, which kept trees by tag name. */
  commit: shaSchema.nullable(),
});

export type Files = z.infer<typeof filesSchema>;

export const findingSchema = z.object({
  subtype: z.enum(CHECK_SUBTYPES.github),
  status: z.enum(['error', 'warning']),
  /** The registry's tags it is about, by version order; empty when it is about the repository. */
  tags: z.array(tagSchema),
});

export type Finding = z.infer<typeof findingSchema>;

/** data/datasets/{id}/github.json */
export const githubSchema = z.object({
  schemaVersion,
  head: z.string().nullable(),
  branches: z.record(z.string(), shaSchema),
  tags: z.record(z.string(), shaSchema),
  /** null: timestamps/github.json holds the time. Documents of schema 1.x and 2.0.0 held it here. */
  lastChecked: instantSchema.nullable(),
  error: z.enum(['repo-not-found', 'repo-empty', 'repo-disabled']).nullable(),
  /** Annotated tags: tag name → id of the tag object (`tags` holds the commit). */
  annotated: z.record(z.string(), shaSchema),
  status,
  subtype: z.enum(CHECK_SUBTYPES.github).nullable(),
  /** All that applies, worst first; the first gives status and subtype. */
  findings: z.array(findingSchema),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  pending,
  /**
   * Of a HEAD that names no branch: the commit it is at, or null when it is at none. Absent beside a
   * branch's name, and where the server tells nothing of HEAD.
   */
  headCommit: shaSchema.nullable().optional(),
});

export type Github = z.infer<typeof githubSchema>;

/** data/datasets/{id}/s3-version.json */
export const s3VersionSchema = z.object({
  schemaVersion,
  accessible: z.boolean(),
  /** null: timestamps/s3-version.json holds the time. Documents of schema 1.x and 2.0.0 held it here. */
  lastChecked: instantSchema.nullable(),
  httpStatus: z.int().nullable(),
  datasetDescriptionDOI: z.string().nullable(),
  /** The version that the file check uses; null when blocked. */
  extractedVersion: tagSchema.nullable(),
  versionSource: z.enum(['doi', 'assumed_latest']).nullable(),
  datasetDescriptionMissing: z.boolean().nullable(),
  doiIdMismatch: z.boolean().nullable(),
  doiDatasetId: z.string().nullable(),
  invalidJson: z.boolean().nullable(),
  httpError: z.int().nullable(),
  requestError: z.string().nullable(),
  unexpectedError: z.string().nullable(),
  status,
  subtype: z.enum(CHECK_SUBTYPES.s3Version).nullable(),
  /** Of the description, for the next conditional GET. */
  etag: z.string().nullable(),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  pending,
  /** The description is there, in a storage class out of which nothing can be read. */
  descriptionArchived: z.literal(true).optional(),
});

export type S3Version = z.infer<typeof s3VersionSchema>;

/** data/datasets/{id}/s3-diff.json */
export const s3DiffSchema = z.object({
  schemaVersion,
  datasetId: datasetIdSchema,
  /** The version that was compared, as the old documents have it; null when blocked. */
  snapshotTag: tagSchema.nullable(),
  s3Version: tagSchema.nullable(),
  status,
  /** Bookkeeping included; null when nothing was compared. */
  totalS3Files: count.nullable(),
  /** Gitlinks included; null when nothing was compared. */
  totalGitFiles: count.nullable(),
  /** null: timestamps/s3-files.json holds the time. Documents of schema 1.x and 2.0.0 held it here. */
  checkedAt: instantSchema.nullable(),
  exportMissing: z.boolean(),
  /** In git, not in S3. */
  added: z.array(z.string()),
  /** In S3, not in git. */
  removed: z.array(z.string()),
  /** Unchanged git paths within 3 places of a changed one. */
  context: z.array(z.string()),
  /** Keys that are never a fault: annex-uuid at the root, folder markers, the name of what is not exported. */
  bookkeeping: z.array(z.string()),
  /** Gitlinks: never exported. */
  submodules: z.array(z.string()),
  subtype: z.enum(CHECK_SUBTYPES.s3Files).nullable(),
  /** Why nothing was compared; null when it was. */
  notCompared: z.enum(NOT_COMPARED_REASONS).nullable(),
  /** The commit whose tree was compared. */
  commit: shaSchema.nullable(),
  lastAttempt: attemptSchema.nullable(),
  /** Symlinks that lead into no annex: never exported. */
  symlinks: z.array(z.string()).optional(),
  /** The branch whose tip was compared, where no tag has the exported commit. */
  branch: z.string().nullable().optional(),
  rulesVersion,
  pending,
  /** The tree that was compared, where git-annex recorded one of no snapshot; `commit` is null then. */
  tree: shaSchema.optional(),
});

export type S3Diff = z.infer<typeof s3DiffSchema>;

/** A file that is not the same on both sides. */
export const mismatchSchema = z.object({
  path: z.string(),
  subtype: z.enum(CHECK_SUBTYPES.s3Content),
  /** In bytes; null where git does not tell it. */
  expectedSize: count.nullable(),
  size: count,
  /** MD5, 32 hex digits; null where git does not tell it. */
  expectedMd5: z.string().nullable(),
  etag: z.string(),
});

export type Mismatch = z.infer<typeof mismatchSchema>;

/** How deep the files that both sides have were compared: size and MD5, size only, not at all. */
export const comparedSchema = z.object({ content: count, size: count, none: count });

/** data/datasets/{id}/s3-content.json */
export const s3ContentSchema = z.object({
  schemaVersion,
  datasetId: datasetIdSchema,
  /** The version that was compared; null when none was. */
  snapshotTag: tagSchema.nullable(),
  commit: shaSchema.nullable(),
  status,
  subtype: z.enum(CHECK_SUBTYPES.s3Content).nullable(),
  findings: z.array(z.enum(CHECK_SUBTYPES.s3Content)),
  notCompared: z.enum(NOT_CHECKED_REASONS).nullable(),
  compared: comparedSchema,
  sizeMismatches: count,
  contentMismatches: count,
  /** Bytes that the export lacks in files that are too short, and has too many in others. */
  bytesMissing: count,
  bytesExtra: count,
  /** By path in byte order; the first 1,000. */
  mismatches: z.array(mismatchSchema),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  pending,
  /** As in s3-diff.json. */
  tree: shaSchema.optional(),
});

export type S3Content = z.infer<typeof s3ContentSchema>;

/** data/datasets/{id}/s3-access.json */
export const s3AccessSchema = z.object({
  schemaVersion,
  datasetId: datasetIdSchema,
  status,
  subtype: z.enum(CHECK_SUBTYPES.s3Access).nullable(),
  findings: z.array(z.enum(CHECK_SUBTYPES.s3Access)),
  notCompared: z.enum(NOT_CHECKED_REASONS).nullable(),
  /** What was asked for without credentials, by path in byte order. */
  asked: z.array(
    z.object({
      path: z.string(),
      httpStatus: z.int(),
      /** There, and in a storage class or tier out of which nothing can be read. */
      archived: z.literal(true).optional(),
    }),
  ),
  lastAttempt: attemptSchema.nullable(),
  rulesVersion,
  pending,
  /** Listed keys of an archived storage class, restored ones included; absent when there are none. */
  archivedKeys: z.int().positive().optional(),
});

export type S3Access = z.infer<typeof s3AccessSchema>;

/** data/datasets/{id}/annex-record.json */
export const annexRecordSchema = z.object({
  schemaVersion,
  datasetId: datasetIdSchema,
  status,
  subtype: z.enum(CHECK_SUBTYPES.annexRecord).nullable(),
  findings: z.array(z.enum(CHECK_SUBTYPES.annexRecord)),
  notCompared: z.enum(NOT_CHECKED_REASONS).nullable(),
  /** Commit of the git-annex branch that was read. */
  branch: shaSchema.nullable(),
  /** The latest snapshot that was on the mirror then, and its commit. */
  latestTag: tagSchema.nullable(),
  latestCommit: shaSchema.nullable(),
  /** The special remotes named s3-PUBLIC whose bucket and prefix are this export's, by uuid. */
  remotes: z.array(z.object({ uuid: z.string(), dead: z.boolean() })),
  /** The tree that the live remote says was exported last; null when it says nothing. */
  exportedTree: shaSchema.nullable(),
  /** The newest tag with that tree; null when no tag of the mirror has it. */
  exportedTag: z.string().nullable(),
  exportedAt: instantSchema.nullable(),
  /** Trees whose export was begun and not ended. */
  incompleteTrees: z.array(shaSchema),
  /** Annexed files' keys of the latest tag, each once; null when its tree could not be read. */
  annexedKeys: count.nullable(),
  /** Keys without an S3 version; at least so many where not all logs were read, and null where none was seen then. */
  unversionedKeys: count.nullable(),
  /** How many of the logs of versions were read (versionLogs: how many there are); null where annexedKeys is. */
  versionsRead: count.nullable(),
  /** Files of such keys, the first 20. */
  unversionedPaths: z.array(z.string()),
  /** Paths of the exported tree that the export lacks; null when not known. */
  claimedMissing: count.nullable(),
  claimedMissingPaths: z.array(z.string()),
  lastAttempt: attemptSchema.nullable(),
  /** Digest of the branches and tags that were seen then: with others it is made again. */
  refs: shaSchema.nullable().optional(),
  /** The commit with the exported tree; null when no tag and no branch has it. */
  exportedCommit: shaSchema.nullable().optional(),
  /** The branch whose tip has it, where no tag of the mirror does. */
  exportedBranch: z.string().nullable().optional(),
  rulesVersion,
  /** Special remotes of that name that export elsewhere; absent in documents written before. */
  foreignRemotes: z
    .array(z.object({ uuid: z.string(), bucket: z.string().nullable(), fileprefix: z.string() }))
    .optional(),
  /** Whether the live remote keeps annex objects beside the exported files; null when not known. */
  annexObjects: z.boolean().nullable().optional(),
  pending,
  /** Keys of the latest tag with a log of their versions; null where annexedKeys is. */
  versionLogs: count.nullable().optional(),
  /** Whether no tag, branch or snapshot has the exported tree, which the mirror has; null: not determined. */
  exportedOfNoSnapshot: z.boolean().nullable().optional(),
  /**
   * The first 20 files that the export lacks, or holds otherwise, of what was recorded as exported: the
   * S3 version recorded for each, null where none is; or git itself holds the content.
   */
  recordedVersions: z
    .array(z.object({ path: z.string(), version: z.string().nullable(), inGit: z.boolean() }))
    .optional(),
});

export type AnnexRecord = z.infer<typeof annexRecordSchema>;

/** data/datasets/{id}/causes.json */
export const causesSchema = z.object({
  schemaVersion,
  datasetId: datasetIdSchema,
  causes: z.array(
    z.object({
      cause: z.enum(CAUSES),
      /** One sentence each, of what was seen. */
      evidence: z.array(z.string()),
      /** A shell command with which anybody can see it; null where there is no place to ask. */
      verify: z.string().nullable(),
      /** One that mends it and needs an operator's rights; null where none is known. */
      mend: z.string().nullable(),
      /** What that one does was never tested: it needs a service that nobody can run for a test. */
      untested: z.literal(true).optional(),
    }),
  ),
});

export type Causes = z.infer<typeof causesSchema>;

/** data/leftovers.json: copies in the bucket of datasets that are not public. Ids only. */
export const leftoversSchema = z.object({
  schemaVersion,
  lastChecked: instantSchema,
  /** Dataset folders in the bucket, public ones included. */
  listed: count,
  /** By id in byte order. */
  leftovers: z.array(z.object({ id: datasetIdSchema, state: z.enum(LEFTOVER_STATES) })),
  lastAttempt: attemptSchema.nullable(),
});

export type Leftovers = z.infer<typeof leftoversSchema>;
