// What the rules of likely causes get, and what they return.

import type { AboutArchive } from '../../../core/documents/documents.ts';
import type { KnownSnapshot } from '../checks/entry.ts';
import type {
  AnnexRecord,
  Causes,
  Github,
  S3Access,
  S3Content,
  S3Diff,
  S3Version,
} from '../documents.ts';
import type { Subtype } from '../vocabulary.ts';

/** What is known of a dataset; null if a check was not made or never measured. */
export interface CauseInput {
  /** The archive that the commands use. */
  readonly archive: AboutArchive;
  readonly id: string;
  /** Tag of the registry's latest snapshot. */
  readonly latest: string;
  /** Tags of all its snapshots. */
  readonly tags: readonly string[];
  readonly github: Github | null;
  readonly s3Version: S3Version | null;
  readonly s3Diff: S3Diff | null;
  readonly s3Content: S3Content | null;
  readonly access: S3Access | null;
  readonly annexRecord: AnnexRecord | null;
  /** Files of the export over GitHub's limit that the mirror's newest version does not annex. */
  readonly bigFiles: readonly BigFile[];
  /** Snapshots that the mirror's tags do not show at the registry's commit. */
  readonly strays?: readonly KnownSnapshot[];
  /**
   * From when on findings of a dataset just published count (docs/checks.md#new-datasets); null
   * when they do.
   */
  readonly waitsUntil: string | null;
}

export interface BigFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export type LikelyCause = Causes['causes'][number];
export interface Found extends Omit<LikelyCause, 'cause'> {
  /** The findings that it causes, if the dataset has them. */
  readonly explains: readonly Subtype[];
}

/** The most sentences that name files. */
export const MAX_EVIDENCE = 5;
