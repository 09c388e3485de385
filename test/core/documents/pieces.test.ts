import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filesSchema } from '../../../archives/openneuro/documents.ts';
import { encodeFiles } from '../../../archives/openneuro/files-document.ts';
import { LEGACY_LAYOUT } from '../../../archives/openneuro/legacy/layout.ts';
import { type SummaryRow, summarySchema } from '../../../archives/openneuro/legacy/summary.ts';
import { compareBytes, fromBinary, toBinary } from '../../../core/compare/byte-order.ts';
import { timestampsSchema } from '../../../core/documents/documents.ts';
import { encodeDocument } from '../../../core/documents/json.ts';
import { encodeSummary, encodeTimestamps } from '../../../core/documents/pieces.ts';
import { asRows } from '../../support/legacy.ts';

const COMMIT = 'c'.repeat(40);

function bothWays(paths: readonly string[], commit: string | null = COMMIT): [string, string] {
  const files = { schemaVersion: '3.0.0', count: paths.length, commit } as const;
  const whole = encodeDocument(filesSchema, { ...files, files: paths.map(fromBinary) });
  return [Buffer.concat([...encodeFiles(files, paths)]).toString(), whole];
}

test.each([
  { name: 'no path', paths: [] },
  { name: 'one path', paths: ['README'] },
  { name: 'paths that JSON escapes', paths: ['a"b', 'a\\b', 'a\nb', '\x7f', '</script>'] },
  { name: 'other alphabets', paths: [toBinary('é'), toBinary('\u{1f9e0}'), toBinary('\u2028')] },
  { name: 'bytes that are no text', paths: ['\xff\xfe', 'a\xe9'] },
])('files.json in pieces is the same document: $name', ({ paths }) => {
  const [pieces, whole] = bothWays(paths);
  expect(pieces).toBe(whole);
  expect(bothWays(paths, null)[0]).toContain('"commit": null');
});

test('files.json in pieces is the same document, whatever the paths', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
  const path = bytes.map((units) => Buffer.from(units).toString('latin1'));
  fc.assert(
    fc.property(fc.array(path, { maxLength: 30 }), (paths) => {
      const [pieces, whole] = bothWays(paths);
      expect(pieces).toBe(whole);
    }),
  );
});

test.each([0, 1, 2, 3000])('timestamps of %d datasets in pieces are the same document', (count) => {
  const ids = Array.from({ length: count }, (_, place) => `ds${place}`).sort(compareBytes);
  const times = ids.map((id, at) => [id, new Date(at * 1000).toISOString()] as const);
  const pieces = [...encodeTimestamps(times)];
  const whole = encodeDocument(timestampsSchema, Object.fromEntries(times));
  expect(Buffer.concat(pieces).toString()).toBe(whole);
  expect(pieces.length > 1).toBe(count === 3000);
});

test('no piece of a large one is large', () => {
  const paths = Array.from({ length: 20_000 }, (_, at) => `sub/${String(at).padStart(50, '0')}`);
  const files = { schemaVersion: '3.0.0', count: paths.length, commit: COMMIT } as const;
  const sizes = [...encodeFiles(files, paths)].map((piece) => piece.length);
  expect(Math.max(...sizes)).toBeLessThan(70_000);
  const [pieces, whole] = bothWays(paths);
  expect(pieces).toBe(whole);
});

test.each([0, 1, 2, 300])(
  'all-datasets.json of %d rows in pieces is the same document',
  (count) => {
    const perCheck = <T>(value: T) => ({ github: value, s3Version: value, s3Files: value });
    const row = (place: number): SummaryRow => ({
      id: `ds${String(place).padStart(6, '0')}`,
      status: 'error',
      checks: perCheck('error'),
      s3Blocked: null,
      lastChecked: perCheck('2026-08-01T00:00:00.000Z'),
      s3FilesAdded: place + 1,
      s3FilesRemoved: null,
      issueSubtypes: { github: null, s3Version: null, s3Files: 'files-missing' },
      githubVersion: '1.0.0',
      s3Version: '1.0.0',
      latestSnapshotDate: null,
      name: place % 2 ? '"datasets": []' : null,
      latestSnapshot: '1.0.0',
      checkedAt: '2026-08-01T00:00:00.000Z',
      unverified: null,
      findings: place % 3 ? [] : ['head-mismatch', 'older-tag-missing'],
      notCompared: null,
    });
    const datasets = Array.from({ length: count }, (_, place) => row(place));
    const lastUpdated = '2026-08-01T00:00:00.000Z';
    const summary = { schemaVersion: '3.0.0', lastUpdated, datasets } as const;
    const pieces = Buffer.concat([...encodeSummary(asRows(summary), LEGACY_LAYOUT)]).toString();
    expect(pieces).toBe(encodeDocument(summarySchema, summary));
  },
);
