// Which commit an export holds, by its description, the mirror and git-annex's record
// (docs/checks.md#files). Every check that compares the export with git uses this.

import { own } from '../../../core/own.ts';
import type { KnownSnapshot } from '../checks/entry.ts';
import type { AnnexRecord, Github, S3Version } from '../documents.ts';
import { isMoved } from '../moved-tag.ts';
import { plainText } from '../plain-text.ts';
import type { NotComparedReason } from '../vocabulary.ts';

export interface Comparable {
  readonly kind: 'comparable';
  /** The version that is compared: a tag, or the DOI's version if no tag has the commit. */
  readonly version: string;
  /** Null if the compared tree has no commit. */
  readonly commit: string | null;
  /** The branch whose tip it is, if no tag has it. */
  readonly branch: string | null;
  /** The tree that git-annex recorded as exported, if it is of no snapshot. */
  readonly tree?: string;
  /**
   * If `commit` is the registry's and the mirror may lack it: the commit of the mirror's tag.
   * Differences from that one say nothing of the export.
   */
  readonly otherwise?: string;
}

/** The id of what is compared, of a commit or a tree. */
export const comparedId = ({ commit, tree }: Pick<Comparable, 'commit' | 'tree'>): string =>
  commit ?? (tree as string);

export interface NotComparable {
  readonly kind: 'not-compared';
  readonly reason: NotComparedReason;
  /** The version that would be compared; null when blocked. */
  readonly version: string | null;
}

/** What git-annex recorded as exported, as far as it is known. */
export type ExportRecord = Pick<AnnexRecord, 'exportedTag' | 'exportedCommit' | 'exportedBranch'> &
  Partial<Pick<AnnexRecord, 'exportedTree' | 'exportedAt' | 'exportedOfNoSnapshot'>>;
export const NO_RECORD: ExportRecord = {
  exportedTag: null,
  exportedCommit: null,
  exportedBranch: null,
};

type Description = Pick<
  S3Version,
  'extractedVersion' | 'versionSource' | 'datasetDescriptionDOI' | 'doiIdMismatch'
>;
type Mirror = Pick<Github, 'error' | 'tags' | 'annotated'>;
/** ISO 8601; null when the registry does not give it. */
type Snapshot = KnownSnapshot & { readonly created?: string | null };

/**
 * Whether the description alone gives the commit: its DOI names a tag of the mirror literally, and
 * the registry has that tag at the same commit. Otherwise git-annex's record is used.
 * @param strays snapshots that the mirror's tags do not show at the registry's commit
 */
export function toldByDoi(
  description: Description,
  mirror: Mirror,
  strays: readonly KnownSnapshot[],
): boolean {
  const { extractedVersion: version } = description;
  if (!spelledOut(description) || strays.some(({ tag }) => tag === version)) return false;
  return own(mirror.tags, version ?? '') !== undefined;
}

/**
 * The order of evidence:
 * 1. the tag that the DOI names;
 * 2. the tag, the branch tip or the tree of no snapshot that git-annex recorded as exported;
 * 3. the tag that an old DOI means (`v1`: 00001), or the latest one, which is assumed without a
 *   DOI.
 *
 * If a DOI spells out its tag, a record of another tag says nothing: a tag and the record of its
 * export are pushed together, and both may be late. A record of no snapshot counts if it is newer
 * than that snapshot: the DOI was then exported unchanged. A version that neither the mirror nor
 * the registry knows says nothing, nor does a version of another dataset.
 *
 * If the mirror has a tag at another commit than the registry, the export is of the commit that
 * git-annex recorded, else of the registry's.
 */
export function exportedCommit(
  description: Description,
  mirror: Mirror,
  record: ExportRecord,
  snapshots: readonly Snapshot[],
): Comparable | NotComparable {
  const { extractedVersion: version } = description;
  if (version === null) return { kind: 'not-compared', reason: 'blocked', version };
  if (mirror.error !== null) return { kind: 'not-compared', reason: 'mirror-absent', version };
  const { exportedTag, exportedCommit: commit = null, exportedBranch: branch = null } = record;
  const tagged = own(mirror.tags, version);
  const snapshot = snapshots.find(({ tag }) => tag === version);
  const spelled = spelledOut(description) && (tagged ?? snapshot) !== undefined;
  if (commit !== null && exportedTag !== null && (!spelled || exportedTag === version)) {
    return { kind: 'comparable', version: exportedTag, commit, branch: null };
  }
  if (commit !== null && exportedTag === null && !(spelled && tagged !== undefined)) {
    return { kind: 'comparable', version, commit, branch };
  }
  const { exportedTree: tree, exportedOfNoSnapshot = false } = record;
  if (tree != null && exportedOfNoSnapshot && (!spelled || isNewer(record, snapshot))) {
    return { kind: 'comparable', version, commit: null, branch: null, tree };
  }
  if (tagged === undefined) return { kind: 'not-compared', reason: 'tag-not-on-mirror', version };
  const registrys = snapshot?.hexsha ?? null;
  return isMoved(registrys, tagged, own(mirror.annotated, version))
    ? { kind: 'comparable', version, commit: registrys, branch: null, otherwise: tagged }
    : { kind: 'comparable', version, commit: tagged, branch: null };
}

/** Whether the export was recorded after the snapshot was made. */
function isNewer({ exportedAt }: ExportRecord, snapshot: Snapshot | undefined): boolean {
  return Date.parse(exportedAt ?? '') > Date.parse(snapshot?.created ?? '');
}

/**
 * The DOI is of this dataset and has the exact tag in it; those of 2018 omit the zeros of 00001.
 */
function spelledOut(description: Description): boolean {
  const { extractedVersion: version, versionSource, datasetDescriptionDOI: doi } = description;
  if (version === null || versionSource !== 'doi' || description.doiIdMismatch) return false;
  const text = plainText(doi ?? '')
    .replace(/\s+/g, '')
    .toLowerCase();
  return [`.v${version}`, `.${version}`].some((end) => text.includes(end.toLowerCase()));
}
