// The documents that the tree of OpenNeuro has beside those of every archive.

import type * as z from 'zod';
import { type DocumentType, documentType } from '../../core/documents/document-type.ts';
import { documentSchema } from '../../core/documents/envelope.ts';
import { causesPath, checkPath } from '../../core/documents/paths.ts';
import type { CheckDefinition } from '../../core/monitor/check.ts';
import {
  checkAnnexRecord,
  checkCauses,
  checkFiles,
  checkGithub,
  checkLeftovers,
  checkS3Access,
  checkS3Content,
  checkS3Diff,
  checkS3Version,
  checkSnapshots,
} from './agreement.ts';
import { annexRecord } from './checks/annex-record.ts';
import { deprecated } from './checks/deprecated.ts';
import { doi } from './checks/doi.ts';
import { github } from './checks/github.ts';
import { leftovers } from './checks/leftovers.ts';
import { access } from './checks/s3-access.ts';
import { s3Content } from './checks/s3-content.ts';
import { s3Files } from './checks/s3-files.ts';
import { s3Version } from './checks/s3-version.ts';
import {
  accessSchema,
  annexRecordSchema,
  causesSchema,
  filesSchema,
  githubSchema,
  leftoversSchema,
  metadataSchema,
  s3ContentSchema,
  s3DiffSchema,
  s3VersionSchema,
  snapshotsSchema,
} from './documents.ts';
import { filesPath, metadataPath, snapshotsPath } from './paths.ts';

/** For the checks, by file name. */
export const CHECK_TYPES = {
  github: checkType(github, githubSchema, checkGithub),
  's3-version': checkType(s3Version, s3VersionSchema, checkS3Version),
  's3-diff': checkType(s3Files, s3DiffSchema, checkS3Diff),
  's3-content': checkType(s3Content, s3ContentSchema, checkS3Content),
  's3-access': checkType(access, accessSchema, checkS3Access),
  'annex-record': checkType(annexRecord, annexRecordSchema, checkAnnexRecord),
  doi: checkType(doi, documentSchema(doi)),
  deprecated: checkType(deprecated, documentSchema(deprecated)),
  leftovers: checkType(leftovers, leftoversSchema, checkLeftovers),
};

function checkType<S extends z.ZodType>(
  check: CheckDefinition,
  schema: S,
  agrees?: NonNullable<DocumentType<S>['agrees']>,
) {
  const { title, scope } = check;
  return documentType({
    ...{ path: checkPath(check, '{id}'), title, schema },
    ...(agrees && { agrees }),
    ...(scope === 'archive' && { stays: 'each-run' as const }),
  });
}

export const DOCUMENT_TYPES = {
  snapshots: documentType({
    path: snapshotsPath('{id}'),
    title: 'Tags of a dataset in order of creation',
    schema: snapshotsSchema,
    isKept: true,
    agrees: checkSnapshots,
  }),
  metadata: documentType({
    path: metadataPath('{id}', '{tag}'),
    title: 'A snapshot',
    schema: metadataSchema,
  }),
  files: documentType({
    path: filesPath('{id}', '{tag}'),
    title: 'Paths of a snapshot',
    schema: filesSchema,
    agrees: checkFiles,
  }),
  causes: documentType({
    path: causesPath('{id}'),
    title: 'Likely causes and how to fix them',
    schema: causesSchema,
    agrees: checkCauses,
  }),
};
