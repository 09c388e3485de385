// Which version does the export say it is? (docs/checks.md#version)

import * as z from 'zod';
import { instantSchema, tagSchema } from '../../../core/ids.ts';
import { defineCheck, type Finding } from '../../../core/monitor/check.ts';
import type { Entry } from './entry.ts';

const FINDINGS = {
  blocked: {
    severity: 'error',
    onItsWay: true,
    closed: true,
    isLoss: true,
    brief: 'blocked',
    label: 'Export blocked',
    says: 'The export cannot be read (403), so neither its version nor its files are known.',
    fix: 'Unless it is closed on purpose, open the export to readers.',
    who: 'operators',
  },
  'doi-mismatch': {
    severity: 'version-mismatch',
    label: 'DOI of another version',
    says: 'The DOI in the export names another version than the latest snapshot.',
    versions: 'The export says that it is {own}; the latest snapshot is {latest}.',
    fix: 'Export the latest snapshot or correct the DOI; if the export is ahead, make a snapshot of it.',
    who: 'operators',
  },
  'no-doi': {
    severity: 'warning',
    label: 'No DOI',
    says: 'The description in the export names no DOI of the archive; the latest snapshot is assumed.',
    fix: 'Add the DOI to the description with the next snapshot.',
    who: 'owner',
  },
  'invalid-json': {
    severity: 'warning',
    label: 'Description unreadable',
    says: 'The description in the export is not valid JSON; the latest snapshot is assumed.',
    fix: 'Correct dataset_description.json with the next snapshot.',
    who: 'owner',
  },
  'description-missing': {
    severity: 'warning',
    onItsWay: true,
    label: 'Description missing',
    says: 'The export has no dataset_description.json; the latest snapshot is assumed.',
    fix: 'Restore dataset_description.json.',
    who: 'operators',
  },
  'description-archived': {
    severity: 'warning',
    label: 'Description archived',
    says: 'The description in the export is in an archived storage class; the latest snapshot is assumed.',
    fix: 'Restore the description, and move it to a storage class that can be read.',
    who: 'operators',
  },
} as const satisfies Readonly<Record<string, Finding>>;

const evidence = z.object({
  accessible: z.boolean(),
  /** null: timestamps/s3-version.json holds the time. Schemas 1.x and 2.0.0 held it here. */
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
  /** ETag of the description, for the next conditional GET. */
  etag: z.string().nullable(),
  /** The description exists, in a storage class that cannot be read. */
  descriptionArchived: z.literal(true).optional(),
});

type Evidence = z.infer<typeof evidence>;
type Judged = Pick<
  Evidence,
  | 'accessible'
  | 'extractedVersion'
  | 'versionSource'
  | 'datasetDescriptionMissing'
  | 'invalidJson'
  | 'descriptionArchived'
>;

/** It changes when a new snapshot is published. */
function judge(evidence: Judged, entry: Pick<Entry, 'latest'> | null): readonly Name[] {
  if (!evidence.accessible) return ['blocked'];
  if (evidence.versionSource === 'doi') {
    const isOther = entry !== null && evidence.extractedVersion !== entry.latest;
    return isOther ? ['doi-mismatch'] : [];
  }
  if (evidence.datasetDescriptionMissing) return ['description-missing'];
  if (evidence.descriptionArchived) return ['description-archived'];
  return evidence.invalidJson ? ['invalid-json'] : ['no-doi'];
}

type Name = keyof typeof FINDINGS;

export const s3Version = defineCheck({
  id: 's3Version',
  file: 's3-version',
  title: 'The version that an export claims to be',
  of: 'names',
  stage: 'check-s3-version',
  words: {
    name: 'Export version',
    asks: 'Which version does the export say it is?',
    ok: 'The export says that it is the latest snapshot.',
  },
  column: { id: 'export', name: 'Export', label: 'Export' },
  version: { csv: 'exportVersion' },
  findings: FINDINGS,
  evidence,
  layout: [
    'schemaVersion',
    'accessible',
    'lastChecked',
    'httpStatus',
    'datasetDescriptionDOI',
    'extractedVersion',
    'versionSource',
    'datasetDescriptionMissing',
    'doiIdMismatch',
    'doiDatasetId',
    'invalidJson',
    'httpError',
    'requestError',
    'unexpectedError',
    'status',
    'subtype',
    'etag',
    'lastAttempt',
    'rulesVersion',
    'pending',
    'descriptionArchived',
  ],
  judge,
  byEntry: ({ versionSource }: Evidence) => (versionSource === 'doi' ? ['doi-mismatch'] : []),
});
