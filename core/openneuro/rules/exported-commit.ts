// Which commit an export holds, from what its description, the mirror and git-annex's record say
// (docs/checks.md section 5). Every check that compares the export with git asks here.

import type { AnnexRecord, Github, S3Version } from '../../model/documents.ts';
import type { NotComparedReason } from '../../model/vocabulary.ts';
import { own } from '../../own.ts';
import { plainText } from '../plain-text.ts';

export interface Comparable {
  readonly kind: 'comparable';
  /** The version that is compared: a tag, or what the DOI says where no tag has the commit. */
  readonly version: string;
  readonly commit: string;
  /** The branch whose tip it is, where no tag has it. */
  readonly branch: string | null;
}

export interface NotComparable {
  readonly kind: 'not-compared';
  readonly reason: NotComparedReason;
  /** The version that would be compared; null when blocked. */
  readonly version: string | null;
}

/** What git-annex recorded as exported, as far as it is known. */
export type ExportRecord = Pick<AnnexRecord, 'exportedTag' | 'exportedCommit' | 'exportedBranch'>;
export const NO_RECORD: ExportRecord = {
  exportedTag: null,
  exportedCommit: null,
  exportedBranch: null,
};

type Description = Pick<
  S3Version,
  'extractedVersion' | 'versionSource' | 'datasetDescriptionDOI' | 'doiIdMismatch'
>;
type Mirror = Pick<Github, 'error' | 'tags'>;

/**
 * Whether the description alone tells the commit: its DOI names a tag of the mirror as it is. Where it
 * does not, git-annex's record is asked.
 */
export function toldByDoi(description: Description, mirror: Mirror): boolean {
  const { extractedVersion: version } = description;
  return spelledOut(description) && own(mirror.tags, version ?? '') !== undefined;
}

/**
 * In this order: the tag that the DOI names; the tag or the tip of a branch that git-annex recorded as
 * exported; the tag that an old DOI means (`v1`: 00001), or the latest one, which is assumed where
 * there is no DOI. A record of another tag than the one that a DOI spells out says nothing of it: a tag
 * and the record of its export are pushed together, and may both be late. A version that neither the
 * mirror nor the registry knows tells nothing, nor does that of another dataset.
 * @param snapshots tags of the registry
 */
export function exportedCommit(
  description: Description,
  mirror: Mirror,
  record: ExportRecord,
  snapshots: readonly string[],
): Comparable | NotComparable {
  const { extractedVersion: version } = description;
  if (version === null) return { kind: 'not-compared', reason: 'blocked', version };
  if (mirror.error !== null) return { kind: 'not-compared', reason: 'mirror-absent', version };
  const { exportedTag, exportedCommit: commit = null, exportedBranch: branch = null } = record;
  const tagged = own(mirror.tags, version);
  const spelled = spelledOut(description) && (tagged !== undefined || snapshots.includes(version));
  if (commit !== null && exportedTag !== null && (!spelled || exportedTag === version)) {
    return { kind: 'comparable', version: exportedTag, commit, branch: null };
  }
  if (commit !== null && exportedTag === null && !(spelled && tagged !== undefined)) {
    return { kind: 'comparable', version, commit, branch };
  }
  return tagged === undefined
    ? { kind: 'not-compared', reason: 'tag-not-on-mirror', version }
    : { kind: 'comparable', version, commit: tagged, branch: null };
}

/** The DOI is of this dataset and has the very tag in it; those of 2018 leave out the zeros of 00001. */
function spelledOut(description: Description): boolean {
  const { extractedVersion: version, versionSource, datasetDescriptionDOI: doi } = description;
  if (version === null || versionSource !== 'doi' || description.doiIdMismatch) return false;
  const text = plainText(doi ?? '')
    .replace(/\s+/g, '')
    .toLowerCase();
  return [`.v${version}`, `.${version}`].some((end) => text.includes(end.toLowerCase()));
}
