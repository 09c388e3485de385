// The verdict on the version that an export claims to be (docs/checks.md#version).

import type { Archived, Denied } from '../../../core/failure.ts';
import type { S3Version } from '../documents.ts';
import { type ReadDescription, readDoi } from '../doi.ts';
import { tagOfVersion } from '../version-order.ts';
import { type Subtype, statusOf } from '../vocabulary.ts';

/** A trustworthy answer to the question for `dataset_description.json`. */
export type DescriptionAnswer =
  | { readonly kind: 'read'; readonly description: ReadDescription }
  | { readonly kind: 'absent' }
  | Archived
  | Denied;

/** A good measurement of an export's version; the stage adds what is particular to the run. */
export type S3VersionMeasurement = Omit<
  S3Version,
  'schemaVersion' | 'lastChecked' | 'etag' | 'lastAttempt'
>;
export type S3VersionVerdict = Pick<S3Version, 'status' | 'subtype'>;
type Evidence = Omit<S3VersionMeasurement, keyof S3VersionVerdict>;

const NOTHING: Evidence = {
  accessible: true,
  httpStatus: null,
  datasetDescriptionDOI: null,
  extractedVersion: null,
  versionSource: null,
  datasetDescriptionMissing: null,
  doiIdMismatch: null,
  doiDatasetId: null,
  invalidJson: null,
  httpError: null,
  requestError: null,
  unexpectedError: null,
};

/** What the registry says of the dataset. */
export interface KnownVersions {
  /** Tag of the latest snapshot. */
  readonly latest: string;
  /** Tags of its snapshots: what the version in a DOI may mean. */
  readonly tags: readonly string[];
}

export function judgeS3Version(
  answer: DescriptionAnswer,
  known: KnownVersions,
): S3VersionMeasurement {
  const evidence = readAnswer(answer, known);
  return { ...evidence, ...s3VersionVerdict(evidence, known.latest) };
}

/** The answer that a kept document was made from, its text read by the rules of today. */
export function answerOf(document: S3Version, datasetId: string): DescriptionAnswer {
  if (!document.accessible) return { kind: 'denied', status: document.httpStatus ?? 403 };
  if (document.datasetDescriptionMissing) return { kind: 'absent' };
  if (document.descriptionArchived) return { kind: 'archived' };
  const description: ReadDescription = document.invalidJson
    ? { kind: 'invalid-json' }
    : readDoi(document.datasetDescriptionDOI, datasetId);
  return { kind: 'read', description };
}

type VerdictEvidence = Pick<
  Evidence,
  | 'accessible'
  | 'extractedVersion'
  | 'versionSource'
  | 'datasetDescriptionMissing'
  | 'invalidJson'
  | 'descriptionArchived'
>;

/** The verdict that follows from stored evidence; it changes when a new snapshot is published. */
export function s3VersionVerdict(evidence: VerdictEvidence, latest: string): S3VersionVerdict {
  const subtype = s3VersionSubtype(evidence, latest);
  return { status: statusOf(subtype), subtype };
}

function s3VersionSubtype(evidence: VerdictEvidence, latest: string): Subtype<'s3Version'> | null {
  if (!evidence.accessible) return 'blocked';
  if (evidence.versionSource === 'doi') {
    return evidence.extractedVersion === latest ? null : 'doi-mismatch';
  }
  if (evidence.datasetDescriptionMissing) return 'description-missing';
  if (evidence.descriptionArchived) return 'description-archived';
  return evidence.invalidJson ? 'invalid-json' : 'no-doi';
}

function readAnswer(answer: DescriptionAnswer, { latest, tags }: KnownVersions): Evidence {
  const assumed = {
    ...NOTHING,
    extractedVersion: latest,
    versionSource: 'assumed_latest',
  } as const;
  switch (answer.kind) {
    case 'denied':
      return { ...NOTHING, accessible: false, httpStatus: answer.status };
    case 'archived':
      return { ...assumed, httpStatus: 403, descriptionArchived: true };
    case 'absent':
      return { ...assumed, datasetDescriptionMissing: true };
  }
  const { description } = answer;
  switch (description.kind) {
    case 'invalid-json':
      return { ...assumed, invalidJson: true };
    case 'no-doi':
      return { ...assumed, datasetDescriptionDOI: description.doi };
    case 'doi':
      return {
        ...NOTHING,
        datasetDescriptionDOI: description.doi,
        extractedVersion: tagOfVersion(description.version, tags),
        versionSource: 'doi',
        doiIdMismatch: description.doiDatasetId === null ? null : true,
        doiDatasetId: description.doiDatasetId,
      };
  }
}
