// The documents of a dataset of OpenNeuro (docs/checks.md#documents): schema, type and the order in
// which keys are written, which is the order of the fields here and in the layouts of checks/.
// Names are those of the system that this one succeeds. Fields that it did not have come last.

import * as z from 'zod';
import { count, schemaVersion } from '../../core/documents/documents.ts';
import { documentSchema } from '../../core/documents/envelope.ts';
import { datasetIdSchema, instantSchema, shaSchema, tagSchema } from '../../core/ids.ts';
import { annexRecord } from './checks/annex-record.ts';
import { github } from './checks/github.ts';
import { leftovers } from './checks/leftovers.ts';
import { access } from './checks/s3-access.ts';
import { s3Content } from './checks/s3-content.ts';
import { s3Files } from './checks/s3-files.ts';
import { s3Version } from './checks/s3-version.ts';
import { CAUSES, UNKNOWN_HEXSHA } from './vocabulary.ts';

export { comparedSchema } from './checks/s3-content.ts';

/** data/datasets/{id}/snapshots.json */
export const snapshotsSchema = z.object({
  schemaVersion,
  /** In order of creation. */
  tags: z.array(tagSchema),
  /**
   * What the registry says of each, so that one request answers for all; null if it does not say.
   * Absent in older documents.
   */
  snapshots: z
    .array(
      z.object({ tag: tagSchema, created: instantSchema.nullable(), hexsha: shaSchema.nullable() }),
    )
    .optional(),
});

export type Snapshots = z.infer<typeof snapshotsSchema>;

/** data/datasets/{id}/snapshots/{tag}/metadata.json */
export const metadataSchema = z.object({
  schemaVersion,
  /** Not null when the registry does not give it: the predecessor's page shortens it as a text. */
  hexsha: z.union([shaSchema, z.literal(UNKNOWN_HEXSHA)]),
  /** null when the registry does not give it. */
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

/** data/datasets/{id}/github.json */
export const githubSchema = documentSchema(github);

export type Github = z.infer<typeof githubSchema>;
export type Finding = Github['findings'][number];

/** data/datasets/{id}/s3-version.json */
export const s3VersionSchema = documentSchema(s3Version);

export type S3Version = z.infer<typeof s3VersionSchema>;

/** data/datasets/{id}/s3-diff.json */
export const s3DiffSchema = documentSchema(s3Files);

export type S3Diff = z.infer<typeof s3DiffSchema>;

/** data/datasets/{id}/s3-content.json */
export const s3ContentSchema = documentSchema(s3Content);

export type S3Content = z.infer<typeof s3ContentSchema>;
/** A file that differs between the two sides. */
export type Mismatch = S3Content['mismatches'][number];

/** data/datasets/{id}/s3-access.json */
export const accessSchema = documentSchema(access);

export type S3Access = z.infer<typeof accessSchema>;

/** data/datasets/{id}/annex-record.json */
export const annexRecordSchema = documentSchema(annexRecord);

export type AnnexRecord = z.infer<typeof annexRecordSchema>;

/** data/datasets/{id}/causes.json */
export const causesSchema = z.object({
  schemaVersion,
  datasetId: datasetIdSchema,
  causes: z.array(
    z.object({
      cause: z.enum(CAUSES),
      /** One sentence for each observation. */
      evidence: z.array(z.string()),
      /** A shell command that shows it to anybody; null if there is no address to ask. */
      verify: z.string().nullable(),
      /** A command that fixes it and needs an operator's rights; null if none is known. */
      mend: z.string().nullable(),
      /** The effect of that command was never tested: no test can run the service it needs. */
      untested: z.literal(true).optional(),
    }),
  ),
});

export type Causes = z.infer<typeof causesSchema>;

/** data/leftovers.json: copies in the bucket of datasets that are not public. Ids only. */
export const leftoversSchema = documentSchema(leftovers);

export type Leftovers = z.infer<typeof leftoversSchema>;
