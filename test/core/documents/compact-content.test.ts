// The compact summary keeps what rows say about the content checks, and reads rows that say
// nothing.

import { expect, test } from 'vitest';
import type { Summary, SummaryRow } from '../../../archives/openneuro/legacy/summary.ts';
import { CAUSES, CHECKS } from '../../../archives/openneuro/vocabulary.ts';
import type { Columns } from '../../../core/documents/compact.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import { compactSummary, readCompact } from '../../support/legacy.ts';
import { CAUSE_WORDS, ISSUE_WORDS, ISSUES } from '../../support/words.ts';

const AT = '2026-08-01T08:00:00.000Z';

const OLD: SummaryRow = {
  id: 'ds000001',
  status: 'ok',
  checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
  s3Blocked: null,
  lastChecked: { github: AT, s3Version: AT, s3Files: '2026-07-31T08:00:00.000Z' },
  s3FilesAdded: null,
  s3FilesRemoved: null,
  issueSubtypes: null,
  githubVersion: '1.0.0',
  s3Version: '1.0.0',
  latestSnapshotDate: AT,
  name: null,
  latestSnapshot: '1.0.0',
  checkedAt: '2026-07-31T08:00:00.000Z',
  unverified: null,
  findings: [],
  notCompared: null,
  pending: null,
};

const DEEP: SummaryRow = {
  ...OLD,
  id: 'ds000002',
  status: 'error',
  checks: { ...OLD.checks, s3Content: 'error', s3Access: 'ok', annexRecord: 'pending' },
  lastChecked: {
    github: AT,
    s3Version: AT,
    s3Files: '2026-07-31T08:00:00.000Z',
    s3Content: '2026-07-31T08:00:00.000Z',
    s3Access: '2026-07-30T07:00:00.000Z',
    annexRecord: null,
  },
  issueSubtypes: {
    github: null,
    s3Version: null,
    s3Files: null,
    s3Content: 'size-mismatch',
    s3Access: null,
    annexRecord: null,
  },
  checkedAt: '2026-07-30T07:00:00.000Z',
  causes: ['export-cut-short'],
  pending: { reason: 'just-published', until: '2026-08-05T08:00:00.000Z' },
};

/** Measured well by a content check only. */
const ALONE: SummaryRow = {
  ...DEEP,
  id: 'ds000003',
  lastChecked: {
    github: null,
    s3Version: null,
    s3Files: null,
    s3Content: null,
    s3Access: null,
    annexRecord: AT,
  },
  checkedAt: AT,
};

function readBack(rows: readonly SummaryRow[]): SummaryRow[] {
  const summary: Summary = {
    schemaVersion: SCHEMA_VERSION,
    lastUpdated: '2026-08-01T09:00:00.000Z',
    datasets: [...rows],
  };
  const part = readCompact(JSON.parse(JSON.stringify(compactSummary(summary).get('summary.json'))));
  return rows.map((_, place) => part.row(place));
}

test('rows come back as they were', () => {
  expect(readBack([DEEP, ALONE])).toEqual([DEEP, ALONE]);
});

test('a summary that was written before the rule of new datasets has none', () => {
  const summary = { schemaVersion: SCHEMA_VERSION, lastUpdated: AT, datasets: [DEEP] } as const;
  const files = compactSummary({ ...summary, datasets: [...summary.datasets] });
  const { pending, ...part } = files.get('summary.json') ?? {};
  expect(pending).toEqual({ 0: DEEP.pending });
  expect(readCompact(part).row(0).pending).toBeUndefined();
});

test('a row without a check comes back without it: not checked', () => {
  const [row] = readBack([OLD]);
  expect(row?.checks).toEqual(OLD.checks);
  expect(row?.checkedAt).toBe(OLD.checkedAt);
  expect(row?.causes).toEqual([]);
});

test('a summary without these columns reads as one in which nothing was checked', () => {
  const files = compactSummary({
    schemaVersion: SCHEMA_VERSION,
    lastUpdated: '2026-08-01T09:00:00.000Z',
    datasets: [DEEP],
  });
  const { s3Content, s3Access, annexRecord, ...columns } =
    files.get('summary.json')?.columns ?? ({} as Columns);
  expect([s3Content, s3Access, annexRecord].map((column) => column?.length)).toEqual([1, 1, 1]);
  const part = readCompact({ ...files.get('summary.json'), columns });
  expect(part.row(0).lastChecked).toMatchObject({ s3Content: null, s3Access: null });
});

test('every issue and cause has its words, and causes fit the bits that the page keeps them in', () => {
  expect(ISSUES.filter((issue) => !ISSUE_WORDS[issue])).toEqual([]);
  expect(CAUSES.filter((cause) => !CAUSE_WORDS[cause])).toEqual([]);
  expect(CAUSES.length).toBeLessThanOrEqual(16);
  expect(CHECKS.length).toBeLessThanOrEqual(8);
});
