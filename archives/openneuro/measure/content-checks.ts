// The content checks. Each turns the result of the pass over the listing and the mirror into a
// document and its record (docs/checks.md#contents and #access and #record).

import { type BinaryString, fromBinary } from '../../../core/compare/byte-order.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { type MeasuredAs, measured } from '../../../core/monitor/verdict.ts';
import { annexRecord } from '../checks/annex-record.ts';
import { access } from '../checks/s3-access.ts';
import { s3Content } from '../checks/s3-content.ts';
import type { AnnexRecord, S3Access, S3Content } from '../documents.ts';
import { annexRecordDocument, annexRecordNotRead } from '../rules/annex-record.ts';
import { type AskedKey, accessDocument, type ChosenKeys } from '../rules/s3-access.ts';
import type { Context } from '../sources.ts';
import type { BranchReading } from './annex-branch.ts';

const EXAMPLES = 20;

export function measuredContent(dataset: string, document: S3Content): MeasuredAs<S3Content> {
  const { snapshotTag: version, notCompared, compared } = document;
  return measured(s3Content, dataset, document, {
    version,
    ...(notCompared === null && { numbers: compared }),
  });
}

/** Asks for the chosen keys, all at once: the client bounds the requests in flight. */
export async function measureAccess(
  context: Context,
  dataset: string,
  { keys, archivedKeys }: ChosenKeys,
): Promise<MeasuredAs<S3Access> | Failed> {
  const answers = await Promise.all(
    keys.map(async ({ key, archived }): Promise<AskedKey | Failed> => {
      const answer = await context.export.askAccess(dataset, key, context.signal);
      if (answer.kind === 'failed') return answer;
      const { status } = answer;
      // The HEAD is newer than the listing, and knows of restored objects.
      return { key, httpStatus: status, archived: status === 200 && (answer.archived ?? archived) };
    }),
  );
  const asked: AskedKey[] = [];
  for (const answer of answers) {
    // The unanswered request may be the one that tells private from partly private.
    if ('reason' in answer) return answer;
    asked.push(answer);
  }
  return measured(access, dataset, accessDocument(dataset, asked, archivedKeys));
}

/**
 * @param missing paths of the tag that git-annex claims, which the export lacks; null: not known.
 * @param recorded where the content of the first of them, and of differing files, is.
 */
export function measuredRecord(
  dataset: string,
  latest: string,
  reading: BranchReading,
  missing: readonly BinaryString[] | null,
  recorded?: AnnexRecord['recordedVersions'],
): MeasuredAs<AnnexRecord> | Failed {
  if (reading.kind === 'failed') return reading;
  const document =
    reading.kind === 'nothing'
      ? annexRecordNotRead(dataset, reading.reason)
      : annexRecordDocument(dataset, latest, {
          ...reading.facts,
          claimedMissing: missing?.length ?? null,
          claimedMissingPaths: (missing ?? []).slice(0, EXAMPLES).map(fromBinary),
          ...(recorded && { recordedVersions: recorded }),
        });
  return measured(annexRecord, dataset, document, { version: document.exportedTag });
}

/** For a check that cannot be made because its input could not be read. */
export const without = (why: Failed, what: string): Failed =>
  failed(why.reason, `${what}: ${why.detail}`);
