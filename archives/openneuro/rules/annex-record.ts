// The verdict on what git-annex itself recorded of an export (docs/checks.md#record).

import { parseExportLog } from '../annex/export-log.ts';
import { instantOf } from '../annex/log-lines.ts';
import { parseRemoteLog, type SpecialRemote } from '../annex/remote-log.ts';
import { deadRepositories } from '../annex/trust-log.ts';
import type { AnnexRecord } from '../documents.ts';
import { compareVersions } from '../version-order.ts';
import { type NotCheckedReason, type Subtype, statusOf } from '../vocabulary.ts';

/** The special remote that OpenNeuro exports public datasets to. */
export const PUBLIC_REMOTE = 's3-PUBLIC';

/** The logs at the root of the branch; empty where there is none. */
export interface AnnexLogs {
  readonly remote: string;
  readonly trust: string;
  readonly export: string;
}

/** Where the export of a dataset is, which tells its remote from others of the same name. */
export interface ExportPlace {
  /** Null when the address of the archive does not tell. */
  readonly bucket: string | null;
  /** `{id}/` */
  readonly prefix: string;
}

export type ExportClaim = Pick<
  AnnexRecord,
  'remotes' | 'exportedTree' | 'exportedAt' | 'incompleteTrees'
> &
  Required<Pick<AnnexRecord, 'foreignRemotes' | 'annexObjects'>>;

/**
 * What the live remotes say was exported; of several the newest counts. A branch may hold remotes of
 * the same name that export elsewhere: those of another dataset whose branch was merged
 * (templateflow#127), or of a copy. They say nothing of this export.
 */
export function readClaim(logs: AnnexLogs, place: ExportPlace): ExportClaim {
  const dead = deadRepositories(logs.trust);
  const named = parseRemoteLog(logs.remote).filter(({ name }) => name === PUBLIC_REMOTE);
  const own = named.filter((remote) => exportsTo(place, remote));
  const uuids = new Set(own.map(({ uuid }) => uuid));
  const remotes = [...uuids].sort().map((uuid) => ({ uuid, dead: dead.has(uuid) }));
  const foreignRemotes = named
    .filter(({ uuid }) => !uuids.has(uuid))
    .map(({ uuid, config }) => ({
      uuid,
      bucket: config.get('bucket') ?? null,
      fileprefix: config.get('fileprefix') ?? '',
    }))
    .sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  const exports = parseExportLog(logs.export);
  const newest = remotes
    .flatMap(({ uuid, dead }) => (dead ? [] : (exports.get(uuid) ?? [])))
    .reduce<ReturnType<typeof exports.get>>(
      (best, next) => (best !== undefined && best.at >= next.at ? best : next),
      undefined,
    );
  return {
    remotes,
    foreignRemotes,
    annexObjects: own.some(
      ({ uuid, config }) => !dead.has(uuid) && config.get('annexobjects') === 'yes',
    ),
    exportedTree: newest?.tree ?? null,
    exportedAt: newest === undefined ? null : instantOf(newest.at),
    incompleteTrees: [...(newest?.incomplete ?? [])].sort(),
  };
}

/** Without a `fileprefix` git-annex exports to the top of the bucket. */
function exportsTo({ bucket, prefix }: ExportPlace, { config }: SpecialRemote): boolean {
  const configured = config.get('bucket') ?? null;
  const sameBucket = configured === null || bucket === null || configured === bucket;
  return sameBucket && config.get('fileprefix') === prefix;
}

export type AnnexRecordInput =
  | { readonly kind: 'not-compared'; readonly reason: NotCheckedReason }
  | { readonly kind: 'read'; readonly facts: AnnexFacts };

/** Everything that the branch, the tags and the listing tell, as annex-record.json holds it. */
export type AnnexFacts = Omit<
  AnnexRecord,
  'schemaVersion' | 'datasetId' | 'status' | 'subtype' | 'findings' | 'notCompared' | 'lastAttempt'
>;

const NOTHING: AnnexFacts = {
  branch: null,
  latestTag: null,
  latestCommit: null,
  remotes: [],
  exportedTree: null,
  exportedTag: null,
  exportedAt: null,
  incompleteTrees: [],
  annexedKeys: null,
  unversionedKeys: null,
  versionsRead: null,
  unversionedPaths: [],
  claimedMissing: null,
  claimedMissingPaths: [],
  refs: null,
  exportedCommit: null,
  exportedBranch: null,
  foreignRemotes: [],
  annexObjects: null,
  versionLogs: null,
  exportedOfNoSnapshot: null,
};

export type AnnexRecordMeasurement = Omit<AnnexRecord, 'schemaVersion' | 'lastAttempt'>;

/** @param latest tag of the registry's latest snapshot. */
export function judgeAnnexRecord(
  datasetId: string,
  latest: string,
  input: AnnexRecordInput,
): AnnexRecordMeasurement {
  if (input.kind === 'not-compared') {
    const none = { status: 'pending', subtype: null, findings: [] } as const;
    return { datasetId, ...none, findings: [], notCompared: input.reason, ...NOTHING };
  }
  const { facts } = input;
  const findings = annexRecordFindings(facts, latest);
  const [first] = findings;
  // Without the latest tag nothing tells whether its files are recorded; nor do logs that were not read.
  const waits = first === undefined && facts.unversionedKeys === null;
  const reason = facts.annexedKeys === null ? 'tag-not-on-mirror' : 'versions-not-read';
  return {
    datasetId,
    status: waits ? 'pending' : statusOf(first),
    subtype: first ?? null,
    findings,
    notCompared: waits ? reason : null,
    ...facts,
  };
}

function annexRecordFindings(facts: AnnexFacts, latest: string): Subtype<'annexRecord'>[] {
  const findings: Subtype<'annexRecord'>[] = [];
  const live = facts.remotes.filter(({ dead }) => !dead).length;
  const { exportedTag, exportedCommit } = facts;
  if ((facts.claimedMissing ?? 0) > 0) findings.push('claimed-missing');
  if (exportedTag !== null && exportedTag !== latest) {
    findings.push(compareVersions(exportedTag, latest) < 0 ? 'export-behind' : 'export-ahead');
  } else if (exportedTag === null && exportedCommit != null && facts.latestTag !== null) {
    findings.push('export-ahead');
  } else if (exportedTag === null && facts.exportedOfNoSnapshot === true) {
    findings.push('export-of-no-snapshot');
  } else if (exportedTag === null && live > 0) findings.push('export-unknown');
  if (facts.incompleteTrees.length > 0) findings.push('export-incomplete');
  if ((facts.unversionedKeys ?? 0) > 0) findings.push('unversioned-keys');
  if (live !== 1) findings.push('remotes');
  return findings;
}
