// What the checks of what is inside may say of the replayed archive. In it sizes, hashes and
// permissions agree wherever they are replayed at all, and the record of exports follows what the
// recorded comparison saw: so every alarm has to be one of these.

import type { SummaryRow } from '../../core/model/documents.ts';
import type { AnnexRecordSubtype } from '../../core/model/vocabulary.ts';

type Row = Pick<SummaryRow, 'id' | 'checks' | 'issueSubtypes' | 's3Blocked' | 's3FilesAdded'>;

/** Recorded facts by which an alarm about the record of exports is true. */
const TRUE_ALARMS: Readonly<Record<AnnexRecordSubtype, (row: Row) => boolean>> = {
  'claimed-missing': ({ s3FilesAdded }) => (s3FilesAdded ?? 0) > 0,
  'export-behind': ({ checks }) => checks.s3Version === 'version-mismatch',
  // Nothing was exported, so nothing got a version.
  'unversioned-keys': ({ issueSubtypes }) => issueSubtypes?.s3Files === 'export-missing',
  'export-ahead': () => false,
  'export-unknown': () => false,
  'export-incomplete': () => false,
  remotes: () => false,
};

/** Alarms that the recorded facts do not bear out: `ds000001 s3Content size-mismatch`. */
export function falseAlarms(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const { s3Content, s3Access, annexRecord } = row.issueSubtypes ?? {};
    const alarms = [
      s3Content && `s3Content ${s3Content}`,
      s3Access && !(row.s3Blocked && s3Access === 'private') && `s3Access ${s3Access}`,
      annexRecord && !TRUE_ALARMS[annexRecord](row) && `annexRecord ${annexRecord}`,
    ];
    return alarms.flatMap((alarm) => (alarm ? [`${row.id} ${alarm}`] : []));
  });
}

/** How many datasets each check of what is inside found in order. */
export function foundInOrder(rows: readonly Row[]) {
  const count = (check: 's3Content' | 's3Access' | 'annexRecord') =>
    rows.filter(({ checks }) => checks[check] === 'ok').length;
  return {
    s3Content: count('s3Content'),
    s3Access: count('s3Access'),
    annexRecord: count('annexRecord'),
  };
}
