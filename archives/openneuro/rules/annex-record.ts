// What git-annex recorded of an export (docs/checks.md#record). checks/annex-record.ts judges it.

import type { EvidenceOf } from '../../../core/documents/envelope.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import { instantOf } from '../../../core/protocols/git/annex-log.ts';
import { parseExportLog } from '../annex/export-log.ts';
import { parseRemoteLog, type SpecialRemote } from '../annex/remote-log.ts';
import { deadRepositories } from '../annex/trust-log.ts';
import { annexRecord } from '../checks/annex-record.ts';
import type { AnnexRecord } from '../documents.ts';
import type { NotCheckedReason } from '../vocabulary.ts';

/** The special remote that OpenNeuro exports public datasets to. */
export const PUBLIC_REMOTE = 's3-PUBLIC';

/** The logs at the root of the branch; empty if there is none. */
export interface AnnexLogs {
  readonly remote: string;
  readonly trust: string;
  readonly export: string;
}

/** Where the export of a dataset is. It tells its remote from others of the same name. */
export interface ExportPlace {
  /** Null when the address of the archive does not name it. */
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
 * What the live remotes say was exported; of several the newest counts. A branch may hold remotes
 * of the same name that export elsewhere: those of another dataset whose branch was merged
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

/** Everything that the branch, the tags and the listing show, as annex-record.json holds it. */
export type AnnexFacts = EvidenceOf<typeof annexRecord>;

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

/** @param latest tag of the registry's latest snapshot. */
export function annexRecordDocument(
  datasetId: string,
  latest: string,
  facts: AnnexFacts,
): AnnexRecord {
  return documentOf(annexRecord, datasetId, { evidence: facts, entry: { latest } });
}

export function annexRecordNotRead(datasetId: string, notCompared: NotCheckedReason): AnnexRecord {
  return documentOf(annexRecord, datasetId, { evidence: NOTHING, entry: null, notCompared });
}
