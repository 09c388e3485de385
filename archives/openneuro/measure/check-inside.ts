// The checks of what is inside, each from what the pass over the listing and the mirror gave, to a
// document and what its record says (docs/checks.md#contents and #access and #record).

import { fromBinary } from '../../../core/compare/byte-order.ts';
import { checkPath } from '../../../core/documents/paths.ts';
import { NO_FACTS } from '../../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import type { StageContext } from '../../../core/monitor/context.ts';
import type { Measured } from '../../../core/monitor/frame.ts';
import type { BinaryString } from '../../../core/protocols/sources.ts';
import type { AnnexRecord, S3Access, S3Content } from '../documents.ts';
import { judgeAnnexRecord } from '../rules/annex-record.ts';
import { type AskedKey, type ChosenKeys, judgeS3Access } from '../rules/s3-access.ts';
import { judgeS3Content, type S3ContentInput } from '../rules/s3-content.ts';
import type { BranchReading } from './annex-branch.ts';

/** A measured check whose document is at hand, for the causes. */
export interface MeasuredAs<T extends object | null> extends Measured {
  readonly document: { readonly path: string; readonly value: T };
}

const EXAMPLES = 20;

export function measuredContent(dataset: string, input: S3ContentInput): MeasuredAs<S3Content> {
  const judged = judgeS3Content(dataset, input);
  const value = { schemaVersion: SCHEMA_VERSION, ...judged, lastAttempt: null } as const;
  const measured = asMeasured(checkPath('s3Content', dataset), value, judged.snapshotTag);
  if (judged.notCompared !== null) return measured;
  return { ...measured, facts: { ...measured.facts, numbers: judged.compared } };
}

/** Asks for the chosen keys, all at once: the client bounds what is in flight. */
export async function measureAccess(
  context: StageContext,
  dataset: string,
  { keys, archivedKeys }: ChosenKeys,
): Promise<MeasuredAs<S3Access> | Failed> {
  const answers = await Promise.all(
    keys.map(async ({ key, archived }): Promise<AskedKey | Failed> => {
      const answer = await context.export.askAccess(dataset, key, context.signal);
      if (answer.kind === 'failed') return answer;
      const { status } = answer;
      // What the HEAD says of it is newer than the listing, and knows of restored objects.
      return { key, httpStatus: status, archived: status === 200 && (answer.archived ?? archived) };
    }),
  );
  const asked: AskedKey[] = [];
  for (const answer of answers) {
    // One unanswered question may be the one that tells private from partly private.
    if ('reason' in answer) return answer;
    asked.push(answer);
  }
  const judged = judgeS3Access(dataset, asked, archivedKeys);
  const value = { schemaVersion: SCHEMA_VERSION, ...judged, lastAttempt: null } as const;
  return asMeasured(checkPath('s3Access', dataset), value, null);
}

/**
 * @param missing paths that the export lacks of the tag that git-annex claims; null: not known.
 * @param recorded where the content of the first of them, and of files that differ, is.
 */
export function measuredRecord(
  dataset: string,
  latest: string,
  reading: BranchReading,
  missing: readonly BinaryString[] | null,
  recorded?: AnnexRecord['recordedVersions'],
): MeasuredAs<AnnexRecord> | Failed {
  if (reading.kind === 'failed') return reading;
  const judged =
    reading.kind === 'nothing'
      ? judgeAnnexRecord(dataset, latest, { kind: 'not-compared', reason: reading.reason })
      : judgeAnnexRecord(dataset, latest, {
          kind: 'read',
          facts: {
            ...reading.facts,
            claimedMissing: missing?.length ?? null,
            claimedMissingPaths: (missing ?? []).slice(0, EXAMPLES).map(fromBinary),
            ...(recorded && { recordedVersions: recorded }),
          },
        });
  const value = { schemaVersion: SCHEMA_VERSION, ...judged, lastAttempt: null } as const;
  return asMeasured(checkPath('annexRecord', dataset), value, judged.exportedTag);
}

function asMeasured<T extends S3Content | S3Access | AnnexRecord>(
  path: string,
  value: T,
  version: string | null,
): MeasuredAs<T> {
  const { status, subtype, findings, notCompared } = value;
  return {
    kind: 'measured',
    document: { path, value },
    facts: { ...NO_FACTS, status, subtype, findings: [...findings], version, notCompared },
  };
}

/** For a check that cannot be made because what it needs could not be had. */
export const without = (why: Failed, what: string): Failed =>
  failed(why.reason, `${what}: ${why.detail}`);
