// An archive without its own card, link or layout, beside the first one.

import { describe, expect, test } from 'vitest';
import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import { compactSummary, namesOf } from '../../core/documents/compact-write.ts';
import { NO_FACTS } from '../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { makeRow } from '../../core/monitor/make-row.ts';
import { toy } from '../contract/toy/index.ts';
import { openStage } from './support/stage.ts';

const AT = '2026-08-01T08:00:00.000Z';
const catalogue = catalogueOf(toy);
const record = (dataset: string, found: object = {}) => ({
  ...{ ...NO_FACTS, dataset, check: 'copy', runStart: AT, status: 'ok' as const },
  ...{ checkedAt: AT, lastAttempt: null, ...found },
});
const MISSING = { status: 'error', subtype: 'copy-missing', findings: ['copy-missing'] } as const;
const rowOf = (id: string, name: string, found: object = {}) =>
  makeRow(catalogue, id, { latest: null, name, latestDate: null }, { copy: record(id, found) });
const summary = {
  lastUpdated: AT,
  datasets: [rowOf('bear', 'Bear', MISSING), rowOf('robot', 'Robot')],
};

const envelope = { schemaVersion: SCHEMA_VERSION, notCompared: null, lastAttempt: null };
const lastRun = { id: AT, startedAt: AT, finishedAt: AT, outcome: 'published', why: [] };
const documents = new Map<string, object>([
  ...compactSummary(ARCHIVES[0] as Archive, { lastUpdated: AT, datasets: [] }),
  ['names.json', namesOf({ datasets: [] })],
  ['status.json', { schemaVersion: SCHEMA_VERSION, lastRun }],
  ...Array.from(compactSummary(toy, summary), ([name, part]) => [`toy/${name}`, part] as const),
  ['toy/names.json', namesOf(summary)],
  ['toy/status.json', { schemaVersion: SCHEMA_VERSION, lastRun }],
  ['toy/datasets/bear/copy.json', { ...envelope, ...MISSING, httpStatus: 404 }],
  ['toy/datasets/robot/copy.json', { ...envelope, status: 'ok', subtype: null, findings: [] }],
]);
const text = (path: string) =>
  documents.has(path) ? JSON.stringify(documents.get(path)) : undefined;
const { open } = await openStage({ both: text }, [...ARCHIVES, toy as Archive]);

describe('another archive than the first', () => {
  test('is listed by its own checks, and its addresses say which it is', async () => {
    const page = await open('both', '?archive=toy');
    expect(await page.locator('tbody .id').allTextContents()).toEqual(['bear', 'robot']);
    await page.getByRole('button', { name: /^Copy missing/ }).click();
    expect(await page.locator('tbody .id').allTextContents()).toEqual(['bear']);
    expect(new URL(page.url()).search).toBe('?archive=toy&issue=copy:copy-missing');
    await page.locator('tbody a').first().click();
    await page.waitForURL(/dataset\.html\?id=bear&archive=toy$/);
    await page.getByRole('link', { name: 'All datasets' }).click();
    await page.waitForURL(/archive=toy&issue=copy:copy-missing$/);
  });

  test('has a card for each check, with what it found and what to do', async () => {
    const page = await open('both', 'dataset.html?id=bear&archive=toy');
    const card = page.getByRole('article', { name: 'Copy' });
    const words = await card.textContent();
    for (const said of ['Error', 'There is no copy of this toy.', 'Copy it.']) {
      expect(words).toContain(said);
    }
    expect(await page.locator('.facts a').count()).toBe(0);
    const other = await open('both', 'dataset.html?id=robot&archive=toy');
    const well = await other.getByRole('article', { name: 'Copy' }).textContent();
    expect(well).toContain('The copy has the name that the list gives.');
  });

  test('is not shown where the address does not ask for it', async () => {
    const page = await open('both');
    expect(await page.locator('h1').textContent()).toBe('No dataset has been looked at yet.');
  });
});
