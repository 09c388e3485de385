// The version that an export claims (docs/checks.md#version), from its description.
// checks/s3-version.ts judges it.

import type { EvidenceOf } from '../../../core/documents/envelope.ts';
import type { Archived, Denied } from '../../../core/failure.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import { s3Version } from '../checks/s3-version.ts';
import type { S3Version } from '../documents.ts';
import { type ReadDescription, readDoi } from '../doi.ts';
import { tagOfVersion } from '../version-order.ts';

/** A trustworthy answer to the request for `dataset_description.json`. */
export type DescriptionAnswer =
  | { readonly kind: 'read'; readonly description: ReadDescription }
  | { readonly kind: 'absent' }
  | Archived
  | Denied;

type Evidence = EvidenceOf<typeof s3Version>;

const NOTHING: Evidence = {
  accessible: true,
  lastChecked: null,
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
  etag: null,
};

/** What the registry says of the dataset. */
export interface KnownVersions {
  /** Tag of the latest snapshot. */
  readonly latest: string;
  /** Tags of its snapshots: the version in a DOI may mean any of them. */
  readonly tags: readonly string[];
}

/** @param etag of the description, for the next conditional GET */
export function versionDocument(
  datasetId: string,
  answer: DescriptionAnswer,
  known: KnownVersions,
  etag: string | null,
): S3Version {
  const evidence = { ...readAnswer(answer, known), etag };
  return documentOf(s3Version, datasetId, { evidence, entry: known });
}

/** The answer that a kept document was made from, with its text read by today's rules. */
export function answerOf(document: S3Version, datasetId: string): DescriptionAnswer {
  if (!document.accessible) return { kind: 'denied', status: document.httpStatus ?? 403 };
  if (document.datasetDescriptionMissing) return { kind: 'absent' };
  if (document.descriptionArchived) return { kind: 'archived' };
  const description: ReadDescription = document.invalidJson
    ? { kind: 'invalid-json' }
    : readDoi(document.datasetDescriptionDOI, datasetId);
  return { kind: 'read', description };
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
