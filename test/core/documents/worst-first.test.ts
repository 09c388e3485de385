// The one order of all lists of the worst entries.

import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../archives/openneuro/catalogue.ts';
import type { Row } from '../../../core/documents/rows.ts';
import type { Status } from '../../../core/documents/vocabulary.ts';
import { worstFirst } from '../../../core/documents/worst-first.ts';

interface Fault {
  readonly check?: string;
  readonly finding?: string;
  readonly missing?: number;
  readonly extra?: number;
  readonly since?: string | null;
}

function row(id: string, status: Status, fault: Fault = {}): Row {
  const { check = 's3Files', finding, missing, extra, since = '2026-07-01T00:00:00.000Z' } = fault;
  return {
    id,
    name: null,
    version: '1.0.0',
    versionDate: null,
    status,
    since,
    checkedAt: null,
    checks: {
      [check]: {
        status,
        subtype: finding ?? null,
        findings: finding ? [finding] : [],
        at: null,
        since: null,
        lastAttempt: null,
        version: null,
        numbers: { ...(missing && { added: missing }), ...(extra && { removed: extra }) },
        notCompared: null,
      },
    },
    causes: null,
    pending: null,
    rulesVersion: null,
  };
}

const ids = (rows: readonly Row[]) => worstFirst(CATALOGUE, rows).map(({ id }) => id);

test('a closed or missing export is worse than any number of files, and an error than a warning', () => {
  const rows = [
    row('warning', 'warning'),
    row('one-file', 'error', { finding: 'files-missing', missing: 1 }),
    row('ok', 'ok'),
    row('most-files', 'error', { finding: 'files-missing', missing: 80_880 }),
    row('mismatch', 'version-mismatch', { check: 's3Version', finding: 'doi-mismatch' }),
    row('blocked', 'error', { check: 's3Version', finding: 'blocked' }),
    row('no-export', 'error', { finding: 'export-missing' }),
    row('pending', 'pending'),
    row('private', 'error', { check: 's3Access', finding: 'private' }),
  ];
  expect(ids(rows)).toEqual([
    ...['blocked', 'no-export', 'private', 'most-files', 'one-file'],
    ...['mismatch', 'warning', 'pending', 'ok'],
  ]);
});

test('missing and extra files count alike', () => {
  const rows = [
    row('five', 'error', { missing: 3, extra: 2 }),
    row('six', 'error', { extra: 6 }),
    row('seven', 'error', { missing: 7 }),
  ];
  expect(ids(rows)).toEqual(['seven', 'six', 'five']);
});

test('the older of two faults that lost as much comes first, and one from before the first run above all', () => {
  const rows = [
    row('new', 'error', { missing: 3, since: '2026-07-31T00:00:00.000Z' }),
    row('old', 'error', { missing: 3, since: '2025-01-01T00:00:00.000Z' }),
    row('oldest', 'error', { missing: 3, since: null }),
    row('also-new', 'error', { missing: 3, since: '2026-07-31T00:00:00.000Z' }),
  ];
  expect(ids(rows)).toEqual(['oldest', 'old', 'new', 'also-new']);
});
