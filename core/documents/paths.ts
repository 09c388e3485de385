// Where each document stands in the exported tree (docs/checks.md#documents). Paths are relative to
// the tree's root and use `/`.

import type * as z from 'zod';
import { SHOWN } from '../../archives/openneuro/catalogue.ts';
import { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import {
  annexRecordSchema,
  causesSchema,
  filesSchema,
  githubSchema,
  leftoversSchema,
  metadataSchema,
  s3AccessSchema,
  s3ContentSchema,
  s3DiffSchema,
  s3VersionSchema,
  snapshotsSchema,
} from '../../archives/openneuro/documents.ts';
import { summarySchema } from '../../archives/openneuro/legacy/summary.ts';
import { CHECKS, type Check } from '../../archives/openneuro/vocabulary.ts';
import { datasetIdSchema, tagSchema } from '../ids.ts';
import type { CheckDefinition } from '../monitor/check.ts';
import { compactSchemaOf, namesSchema } from './compact.ts';
import { registrySchema, statusSchema, timestampsSchema } from './documents.ts';

/** The schema of every kind of document. The kind also names its file in schema/. */
export const DOCUMENT_SCHEMAS = {
  registry: registrySchema,
  summary: summarySchema,
  compact: compactSchemaOf(SHOWN),
  names: namesSchema,
  status: statusSchema,
  timestamps: timestampsSchema,
  snapshots: snapshotsSchema,
  metadata: metadataSchema,
  files: filesSchema,
  github: githubSchema,
  's3-version': s3VersionSchema,
  's3-diff': s3DiffSchema,
  's3-content': s3ContentSchema,
  's3-access': s3AccessSchema,
  'annex-record': annexRecordSchema,
  causes: causesSchema,
  leftovers: leftoversSchema,
} as const;

export type DocumentKind = keyof typeof DOCUMENT_SCHEMAS;
export type DocumentOf<K extends DocumentKind> = z.infer<(typeof DOCUMENT_SCHEMAS)[K]>;

/** The kind of a check's document, which is also its name without the ending. */
export type CheckKind = (typeof CHECK_LIST)[number]['file'];
const FILES = /* @__PURE__ */ Object.fromEntries(CHECK_LIST.map(({ id, file }) => [id, file])) as {
  readonly [C in Check]: CheckKind;
};
const MANIFESTS = /* @__PURE__ */ Object.fromEntries(
  CHECK_LIST.map(({ id, file, manifest = file }: CheckDefinition) => [id, manifest]),
) as Readonly<Record<Check, string>>;

export const REGISTRY_PATH = 'datasets-registry.json';
export const SUMMARY_PATH = 'all-datasets.json';
export const NAMES_PATH = 'names.json';
/** A page for people, not a document: what a browser without scripts shows. */
export const PLAIN_PATH = 'summary.html';
export const STATUS_PATH = 'status.json';
export const LEFTOVERS_PATH = 'leftovers.json';
/** When each dataset was last measured well by a check. */
export const timesPath = (check: Check) => `timestamps/${MANIFESTS[check]}.json`;

export const snapshotsPath = (id: string) => `datasets/${id}/snapshots.json`;
/** The document that holds the evidence of a check. */
export const checkPath = (check: Check, id: string) => `datasets/${id}/${FILES[check]}.json`;
export const causesPath = (id: string) => `datasets/${id}/causes.json`;
export const metadataPath = (id: string, tag: string) =>
  `datasets/${id}/snapshots/${tag}/metadata.json`;
export const filesPath = (id: string, tag: string) => `datasets/${id}/snapshots/${tag}/files.json`;

export interface Place {
  readonly kind: DocumentKind;
  /** The dataset it belongs to; null for documents of the whole archive. */
  readonly dataset: string | null;
  readonly tag: string | null;
}

const COMPACT_PATH = /^summary(-([2-9]|[1-9][0-9]{1,3}))?\.json$/;
const ARCHIVE_KINDS: ReadonlyMap<string, DocumentKind> = new Map<string, DocumentKind>([
  [REGISTRY_PATH, 'registry'],
  [SUMMARY_PATH, 'summary'],
  [NAMES_PATH, 'names'],
  [STATUS_PATH, 'status'],
  [LEFTOVERS_PATH, 'leftovers'],
  ...CHECKS.map((check) => [timesPath(check), 'timestamps'] as const),
]);
const DATASET_KINDS: ReadonlyMap<string, DocumentKind> = new Map<string, DocumentKind>([
  ['snapshots.json', 'snapshots'],
  ...CHECKS.map((check) => [`${FILES[check]}.json`, FILES[check]] as const),
  ['causes.json', 'causes'],
]);
const SNAPSHOT_KINDS: ReadonlyMap<string, DocumentKind> = new Map<string, DocumentKind>([
  ['metadata.json', 'metadata'],
  ['files.json', 'files'],
]);

/** What a path holds; undefined when no document belongs there. */
export function placeOf(path: string): Place | undefined {
  const archive = ARCHIVE_KINDS.get(path);
  if (archive !== undefined) return { kind: archive, dataset: null, tag: null };
  if (COMPACT_PATH.test(path)) return { kind: 'compact', dataset: null, tag: null };
  const parts = path.split('/');
  const [folder, dataset = '', file = '', tag = '', last = ''] = parts;
  if (folder !== 'datasets' || !datasetIdSchema.safeParse(dataset).success) return undefined;
  if (parts.length === 3) {
    const kind = DATASET_KINDS.get(file);
    return kind && { kind, dataset, tag: null };
  }
  if (parts.length !== 5 || file !== 'snapshots' || !tagSchema.safeParse(tag).success) {
    return undefined;
  }
  const kind = SNAPSHOT_KINDS.get(last);
  return kind && { kind, dataset, tag };
}

/** The kind of document a path holds; undefined when no document belongs there. */
export function documentKind(path: string): DocumentKind | undefined {
  return placeOf(path)?.kind;
}
