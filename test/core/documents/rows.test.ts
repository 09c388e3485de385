import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../archives/openneuro/catalogue.ts';
import { CHECK_LIST } from '../../../archives/openneuro/checks/index.ts';
import { LEGACY_LAYOUT } from '../../../archives/openneuro/legacy/layout.ts';
import { readCompact } from '../../../core/documents/compact-read.ts';
import { compactSummary } from '../../../core/documents/compact-write.ts';
import { encodeDocument } from '../../../core/documents/json.ts';
import { encodeSummary } from '../../../core/documents/pieces.ts';
import { checkRecordSchema, upgradeRecord } from '../../../core/documents/records.ts';
import { readSummary, rowsSchema } from '../../../core/documents/rows.ts';
import { makeRow } from '../../../core/monitor/make-row.ts';
import { okRecord, RECORDED_AT } from '../../support/ok-record.ts';

const ENTRY = { latest: '1.0.1', name: 'Balloons', latestDate: RECORDED_AT };
const row = makeRow(CATALOGUE, 'ds000001', ENTRY, {
  github: okRecord('github', { rulesVersion: 3 }),
  s3Version: okRecord('s3Version', { status: 'error', subtype: 'blocked' }),
  s3Files: okRecord('s3Files', { status: 'error', notCompared: 'blocked' }),
  s3Content: okRecord('s3Content', { numbers: { content: 3, size: 2, none: 1 } }),
});
const summary = { schemaVersion: '3.0.0', lastUpdated: RECORDED_AT, datasets: [row] } as const;

describe('records that were stored with fields of their own for numbers', () => {
  const { numbers: _, ...record } = okRecord('s3Files');

  test.each([
    [
      { added: 2, removed: 0, files: 7 },
      { added: 2, removed: 0, files: 7 },
    ],
    [{ added: null, removed: null, files: 7 }, { files: 7 }],
    [{ added: null, removed: null, files: null }, undefined],
    [
      { added: null, removed: null, files: null, compared: { content: 1, size: 0, none: 2 } },
      { content: 1, size: 0, none: 2 },
    ],
  ])('%j', (old, numbers) => {
    const upgraded = checkRecordSchema.parse(upgradeRecord({ ...record, ...old }));
    expect(upgraded).toEqual({ ...record, ...(numbers && { numbers }) });
    expect(upgradeRecord(upgraded)).toEqual(upgraded);
  });

  test.each([[null], ['text'], [7]])('%j is left to the schema', (stored) => {
    expect(upgradeRecord(stored)).toBe(stored);
  });
});

describe('all-datasets.json', () => {
  const text = (layout?: typeof LEGACY_LAYOUT) =>
    Buffer.concat([...encodeSummary(summary, layout)]).toString();

  test('an archive without a layout of its own has the rows as they are', () => {
    expect(text()).toBe(encodeDocument(rowsSchema, summary));
    expect(readSummary(JSON.parse(text())).datasets).toEqual([row]);
  });

  test('the layout of OpenNeuro has all that a run compares with', () => {
    const [read] = readSummary(JSON.parse(text(LEGACY_LAYOUT)), LEGACY_LAYOUT).datasets;
    expect(read?.checks).toMatchObject({
      github: { status: 'ok', at: RECORDED_AT, version: '1.0.1', lastAttempt: null },
      s3Version: { status: 'error', subtype: 'blocked', version: null },
      s3Files: { status: 'error', notCompared: 'blocked' },
      s3Content: { numbers: { content: 3, size: 2, none: 1 } },
    });
    expect(Object.keys(read?.checks ?? {})).not.toContain('s3Access');
  });
});

test('a compact summary of before, with the lock beside its subtype, reads the same', () => {
  const part = JSON.parse(JSON.stringify(compactSummary(CATALOGUE, summary).get('summary.json')));
  const [verdict] = part.verdicts;
  expect(verdict.notCompared).toBe('blocked');
  const before = { ...part, verdicts: [{ ...verdict, s3Blocked: true }] };
  expect(readCompact(CATALOGUE, before).row(0)).toEqual(readCompact(CATALOGUE, part).row(0));
});

test('a summary older than a check has no column for it, and shows it as not checked', () => {
  const part = JSON.parse(JSON.stringify(compactSummary(CATALOGUE, summary).get('summary.json')));
  const [github] = CHECK_LIST;
  const column = { id: 'later', name: 'Later', label: 'Later' };
  const later = { ...github, of: 'contents', id: 'later', column } as const;
  const { row: read } = readCompact({ checks: [...CHECK_LIST, later] }, part);
  expect(Object.keys(read(0).checks)).toEqual(['github', 's3Version', 's3Files', 's3Content']);
});
