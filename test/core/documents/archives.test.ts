// The list of archives, from their reports.

import { describe, expect, test } from 'vitest';
import { publishedArchives } from '../../../core/documents/archives.ts';
import type { AboutArchive } from '../../../core/documents/documents.ts';
import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import type { Archive } from '../../../core/monitor/archive.ts';
import { toy as toyArchive } from '../../contract/toy/index.ts';

const toy = toyArchive as Archive;
const root: Archive = { ...toy, id: 'root', isAtRoot: true };
const AT = '2026-08-01T08:00:00.000Z';
const NOWHERE = { registryUrl: null, mirrorUrl: null, exportUrl: null };
const ABOUT: AboutArchive = { id: 'toy', name: 'Toys', origin: 'live', ...NOWHERE };

const report = (archive: AboutArchive | undefined, publishedAt: string | null = AT) =>
  JSON.stringify({
    schemaVersion: SCHEMA_VERSION,
    lastRun: {
      id: AT,
      startedAt: AT,
      finishedAt: AT,
      outcome: 'held',
      why: [],
      durationSeconds: 0,
    },
    ...{ publishedAt, datasets: 3, covered: 3, unverified: 0, archive },
  });
const listed = async (files: Readonly<Record<string, string>>) =>
  (await publishedArchives([root, toy], async (path) => files[path])).archives;

describe('an archive is listed', () => {
  test('once it has published, with its folder and what its report calls it', async () => {
    const { id: _, ...unnamed } = { ...ABOUT, name: 'Sample archive', origin: 'sample' as const };
    expect(await listed({ 'toy/status.json': report(ABOUT) })).toEqual([
      { id: 'toy', name: 'Toys', origin: 'live', folder: 'toy/' },
    ]);
    expect(
      await listed({ 'toy/status.json': report(ABOUT), 'status.json': report(unnamed) }),
    ).toEqual([
      { id: 'root', name: 'Sample archive', origin: 'sample', folder: '' },
      { id: 'toy', name: 'Toys', origin: 'live', folder: 'toy/' },
    ]);
  });

  test.each([
    ['nothing was published yet', report(ABOUT, null)],
    ['the report is of another archive', report({ ...ABOUT, id: 'other' })],
    ['the report does not say of which', report(undefined)],
    ['the report is no JSON', '{'],
    ['the report is another document', '{}'],
  ])('not if %s', async (_what, text) => {
    expect(await listed({ 'toy/status.json': text })).toEqual([]);
  });
});
