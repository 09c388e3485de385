// The one sentence about a dataset: from its row alone, with its numbers.

import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../archives/openneuro/catalogue.ts';
import { sentenceWordsOf } from '../../../core/documents/catalogue.ts';
import * as sentences from '../../../core/documents/headline.ts';
import type { CheckRow, Row } from '../../../core/documents/rows.ts';

const { leadingIssues } = sentences;
const headline = (catalogue: typeof CATALOGUE, of: Row) =>
  sentences.headline(catalogue, of, sentenceWordsOf(catalogue));

const AT = '2026-08-01T06:00:12.000Z';
const OK: CheckRow = {
  ...{ status: 'ok', subtype: null, findings: [], at: AT, since: null, lastAttempt: null },
  ...{ version: null, numbers: {}, notCompared: null },
};
const found = (status: CheckRow['status'], ...findings: string[]): CheckRow => ({
  ...OK,
  ...{ status, subtype: findings[0] ?? null, findings },
});
const row = (status: Row['status'], checks: Row['checks'], more: Partial<Row> = {}): Row => ({
  ...{ id: 'ds000001', name: null, version: '1.0.0', versionDate: null, status, since: null },
  ...{ checkedAt: AT, causes: [], pending: null, rulesVersion: null },
  ...more,
  checks: { github: OK, s3Version: OK, s3Files: OK, ...checks },
});
const SINCE = '2026-03-12T06:00:00.000Z';
const lacking = (added: number, expected?: number): Row =>
  row('error', {
    s3Files: {
      ...found('error', 'files-missing'),
      since: SINCE,
      numbers: { added, ...(expected && { expected }) },
    },
  });

test.each([
  ['of how many', lacking(80_880, 82_318), '80,880 of 82,318 files are missing'],
  ['one', lacking(1, 10), '1 of 10 files is missing'],
  ['older records do not say of how many', lacking(12), '12 files are missing'],
])('missing files are counted: %s', (_, of, says) => {
  expect(headline(CATALOGUE, of)).toEqual({
    ...{ says: `${says} from the export.`, issue: 's3Files:files-missing', more: 0 },
    since: SINCE,
  });
});

test('since when is that of the finding, not of the status', () => {
  const of = { ...lacking(12), since: '2026-02-01T06:00:00.000Z' };
  expect(headline(CATALOGUE, of).since).toBe(SINCE);
  expect(headline(CATALOGUE, row('ok', {}, { since: SINCE })).since).toBe(SINCE);
  expect(sentences.withSince('12 files are missing.', '12 March 2026')).toBe(
    '12 files are missing, since 12 March 2026.',
  );
});

test('the worst finding is said, whatever the order of the checks, and others are counted', () => {
  const of = row('error', {
    github: found('warning', 'head-mismatch', 'older-tag-missing'),
    s3Files: found('error', 'export-missing'),
  });
  expect(headline(CATALOGUE, of)).toMatchObject({ issue: 's3Files:export-missing', more: 2 });
});

test('an export of another version is said with both', () => {
  const of = row('version-mismatch', {
    s3Version: { ...found('version-mismatch', 'doi-mismatch'), version: '0.9.0' },
  });
  expect(headline(CATALOGUE, of).says).toBe(
    'The export says that it is 0.9.0; the latest snapshot is 1.0.0.',
  );
});

test('what follows from a missing mirror is no further finding', () => {
  const of = row('error', {
    github: found('error', 'repo-not-found', 'tag-missing', 'annex-branch-missing'),
    s3Files: { ...OK, status: 'pending', notCompared: 'mirror-absent' },
  });
  expect(leadingIssues(CATALOGUE, of)).toEqual(['github:repo-not-found']);
});

describe('without a finding', () => {
  const never = { ...OK, status: 'pending', at: null } as const;
  test.each([
    ['all is well', row('ok', {}), 'Its copies agree everywhere, as far as they were checked.'],
    [
      'never measured',
      row('pending', { s3Version: never }),
      'Some of its checks were never measured.',
    ],
    [
      'just published',
      row('pending', {}, { pending: { reason: 'just-published', until: AT } }),
      'The dataset was published a few days ago, and its copies may still be on their way.',
    ],
  ])('%s', (_, of, says) => {
    expect(headline(CATALOGUE, of)).toEqual({ says, issue: null, since: null, more: 0 });
  });
});

test('every finding says who can fix it, and a reason to wait is for nobody', () => {
  for (const check of [...CATALOGUE.checks, ...CATALOGUE.wholeChecks]) {
    for (const { who } of Object.values(check.findings))
      expect(['operators', 'owner']).toContain(who);
    for (const { who } of Object.values(check.waits ?? {})) expect(who).toBe('nobody');
  }
});
