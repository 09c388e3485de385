// Rows of a summary, as short as a test can say them.

import type { CheckRow, Row } from '../../core/documents/rows.ts';
import { type Status, worst } from '../../core/documents/vocabulary.ts';

/** @param verdict a status, or a status with a finding: `error:files-missing` */
export function checkRow(verdict: string, more: Partial<CheckRow> = {}): CheckRow {
  const [status, subtype = null] = verdict.split(':') as [Status, string?];
  const findings = subtype === null ? [] : [subtype];
  return {
    ...{ status, subtype, findings, at: null, since: null, lastAttempt: null },
    ...{ version: null, numbers: {}, notCompared: null },
    ...more,
  };
}

export function rowOf(id: string, checks: Row['checks'], more: Partial<Row> = {}): Row {
  const status = worst(Object.values(checks).map((check) => check.status));
  return {
    ...{ id, name: null, version: '1.0.0', versionDate: null, status, since: null },
    ...{ checkedAt: null, checks, causes: null, pending: null, rulesVersion: 1 },
    ...more,
  };
}
