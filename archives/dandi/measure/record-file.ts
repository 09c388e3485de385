// Reads `.dandi/assets.json` of a commit: what the tool recorded of each asset.

import { type Failed, failed } from '../../../core/failure.ts';
import { annexKeyOf, MAX_POINTER_BYTES } from '../../../core/protocols/git/annex-key.ts';
import { type AssetsRecord, readAssetsRecord } from '../assets-record.ts';
import type { Context } from '../sources/index.ts';

/** A larger one is not read: 000026 has 67 MB. */
const MAX_RECORD = 64 << 20;

type RecordFile = AssetsRecord | { readonly kind: 'absent' | 'too-large' };

/** @param oid of its blob; undefined if the commit has none */
export async function readRecordFile(
  { contents, signal }: Context,
  id: string,
  oid: string | undefined,
): Promise<RecordFile | Failed> {
  if (oid === undefined) return { kind: 'absent' };
  const answer = await contents.readBlobs(id, [oid], MAX_RECORD, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'absent') return failed('malformed', 'the record of the mirror is gone');
  const bytes = answer.value.get(oid);
  if (bytes === undefined) return { kind: 'too-large' };
  // Since 2026 a large one is annexed, and its content is not in git.
  const isAnnexed = annexKeyOf(bytes.toString('latin1', 0, MAX_POINTER_BYTES + 1)) !== null;
  return isAnnexed ? { kind: 'absent' } : readAssetsRecord(bytes);
}
