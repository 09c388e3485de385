// An archive without its own card, link or layout, beside the first one: the choice between the two,
// and what is said of the archive as a whole.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import { compactSummary, namesOf } from '../../core/documents/compact-write.ts';
import { NO_FACTS } from '../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { makeRow } from '../../core/monitor/make-row.ts';
import { toy } from '../contract/toy/index.ts';
import { violations } from './support/axe.ts';
import { changedWorld } from './support/server.ts';
import { NARROW, openStage, WIDE } from './support/stage.ts';

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
const LISTED = [
  { id: 'openneuro', name: 'OpenNeuro', origin: 'live', folder: '' },
  { id: 'toy', name: 'Toys', origin: 'live', folder: 'toy/' },
];
const documents = new Map<string, object>([
  ...compactSummary(ARCHIVES[0] as Archive, { lastUpdated: AT, datasets: [] }),
  ['names.json', namesOf({ datasets: [] })],
  ['archives.json', { schemaVersion: SCHEMA_VERSION, archives: LISTED }],
  ['status.json', { schemaVersion: SCHEMA_VERSION, lastRun }],
  ...Array.from(compactSummary(toy, summary), ([name, part]) => [`toy/${name}`, part] as const),
  ['toy/names.json', namesOf(summary)],
  ['toy/status.json', { schemaVersion: SCHEMA_VERSION, lastRun }],
  ['toy/datasets/bear/copy.json', { ...envelope, ...MISSING, httpStatus: 404 }],
  ['toy/datasets/robot/copy.json', { ...envelope, status: 'ok', subtype: null, findings: [] }],
]);
const text = (path: string) =>
  documents.has(path) ? JSON.stringify(documents.get(path)) : undefined;
const withChecks = (checks: object) =>
  changedWorld(text, {
    'toy/status.json': JSON.stringify({ schemaVersion: SCHEMA_VERSION, lastRun, checks }),
  });
const listOf = (...ids: string[]) =>
  JSON.stringify({
    schemaVersion: SCHEMA_VERSION,
    archives: LISTED.filter(({ id }) => ids.includes(id)),
  });
const SHORT = { status: 'warning', findings: ['list-short'], at: AT, lastAttempt: null };
const FAILED = { at: '2026-08-01T09:00:00.000Z', reason: 'timeout' };
const YESTERDAY = '2026-07-31T08:00:00.000Z';
const monthOfRun = (time: string) => ({
  ...{ time: [time], columns: { 'overall.error': [1], 'overall.ok': [1] } },
});
const turned = { run: AT, kind: 'verdict', id: 'bear', check: 'copy', from: 'ok' };
const history: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    Array.from(compactSummary(toy, { ...summary, run: AT }), ([name, part]) => [name, part]),
  ),
  'history/index.json': {
    ...{ firstRun: YESTERDAY, lastRun: AT, runs: 2, months: ['2026-07', '2026-08'] },
    ...{ gaps: [], rulesVersions: [], withdrawn: {} },
  },
  'history/counts/2026-07.json': monthOfRun(YESTERDAY),
  'history/counts/2026-08.json': monthOfRun(AT),
  'history/changes/2026-07.json': { events: [] },
  'history/changes/2026-08.json': { events: [{ ...turned, to: 'error:copy-missing' }] },
  'datasets/bear/history.json': {
    ...{ listed: null, unverified: {}, notSeen: [] },
    strips: {
      copy: [
        ['2026-07-31', 'ok'],
        ['2026-08-01', 'error:copy-missing'],
      ],
    },
  },
};
const { open } = await openStage(
  {
    both: text,
    watched: changedWorld(
      text,
      Object.fromEntries(
        Object.entries(history).map(([path, one]) => [`toy/${path}`, JSON.stringify(one)]),
      ),
    ),
    alone: changedWorld(text, { 'archives.json': listOf('openneuro') }),
    unlisted: changedWorld(text, { 'archives.json': listOf('toy') }),
    broken: changedWorld(text, { 'archives.json': '{"archives": 7}' }),
    hostile: changedWorld(text, {
      'archives.json': JSON.stringify({
        archives: [
          { id: 'openneuro', name: '<b>One</b>\u202e' },
          { id: 'toy', name: 'Toys' },
          { id: 'x', name: 'X' },
        ],
      }),
    }),
    short: withChecks({ list: SHORT }),
    well: withChecks({ list: { ...SHORT, status: 'ok', findings: [] } }),
    failed: withChecks({ list: { ...SHORT, lastAttempt: FAILED } }),
    never: withChecks({ list: { status: 'pending', findings: [], at: null, lastAttempt: FAILED } }),
    odd: withChecks({ list: { ...SHORT, findings: ['<b>new'] }, other: SHORT }),
    unreadable: withChecks({ list: { ...SHORT, status: 'great' } }),
  },
  [...ARCHIVES, toy as Archive],
);

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
    await page.waitForURL(/archive=toy&issue=copy:copy-missing#bear$/);
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

  test('has a history of its own, and no time to sync without places to reach', async () => {
    const page = await open('watched', '?archive=toy');
    const line = page.locator('.since a');
    await expect.poll(() => line.textContent()).toBe('Since yesterday: 1 new fault');
    expect(await page.locator('.folds .sync').count()).toBe(0);
    await line.click();
    await page.waitForURL(/changes\.html\?archive=toy$/);
    await page.getByRole('button', { name: 'New faults' }).click();
    await page.waitForURL(/changes\.html\?archive=toy&kind=new-fault$/);
    const change = page.locator('.day li');
    expect(await change.textContent()).toContain('Copy: OK → Error: Copy missing');
    await change.getByRole('link').click();
    await page.waitForURL(/dataset\.html\?id=bear&archive=toy$/);
    await expect
      .poll(() => page.locator('.past .spell').last().getAttribute('aria-label'))
      .toBe('Error: Copy missing, since 1 August 2026, less than 0.1 days');
  });

  test('is not shown where the address does not ask for it', async () => {
    const page = await open('both');
    expect(await page.locator('h1').textContent()).toBe('No dataset has been checked yet.');
  });
});

const archivesOn = (page: Page) => page.getByRole('navigation', { name: 'Archives' });
const wholeOn = (page: Page) => page.locator('.folds .whole');
async function wholeTexts(page: Page): Promise<string[]> {
  await wholeOn(page).locator('summary').click();
  await wholeOn(page).locator('li').first().waitFor();
  return wholeOn(page).locator('li').allTextContents();
}
const wide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])(
    'the archives are a choice by keyboard, which the address keeps: %s',
    async (_name, viewport) => {
      const page = await open('both', '', { colorScheme, viewport });
      const links = archivesOn(page).getByRole('link');
      expect(await links.allTextContents()).toEqual(['OpenNeuro', 'Toys']);
      expect(await links.first().getAttribute('aria-current')).toBe('true');
      expect(await links.last().getAttribute('aria-current')).toBeNull();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      for (const name of ['OpenNeuro', 'Toys']) {
        await page.keyboard.press('Tab');
        expect(await page.locator(':focus').textContent()).toBe(name);
      }
      await page.keyboard.press('Enter');
      await page.waitForURL(/index\.html\?archive=toy$/);
      await page.locator('tbody a').first().waitFor();
      expect(await page.locator('tbody .id').allTextContents()).toEqual(['bear', 'robot']);
      expect(await links.last().getAttribute('aria-current')).toBe('true');
      expect(await wide(page)).toBeLessThanOrEqual(0);
      // The title leads to the list of the same archive, and so does the choice on another page.
      await page.getByRole('link', { name: 'Mirrorwatch' }).click();
      await page.waitForURL(/index\.html\?archive=toy$/);
      await page.locator('tbody a').first().click();
      await page.waitForURL(/dataset\.html/);
      await archivesOn(page).getByRole('link', { name: 'OpenNeuro' }).click();
      await page.waitForURL(/index\.html$/);
    },
  );

  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])(
    'a check of the whole archive has its verdict, finding and remedy: %s',
    async (_name, viewport) => {
      const page = await open('short', '?archive=toy', { colorScheme, viewport });
      const words = await wholeTexts(page);
      expect(words).toEqual([
        'List Warning' +
          "The list shows fewer toys than it counts. The archive's operators can fix this: Make the list again." +
          'Measured 3 h ago',
      ]);
      expect(await wide(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
    },
  );
});

describe('the choice of archives', () => {
  test.each(['alone', 'broken'])('is not offered where there is one: %s', async (world) => {
    const page = await open(world);
    expect(await archivesOn(page).count()).toBe(0);
  });

  test('has the shown archive, listed or not', async () => {
    const page = await open('unlisted');
    expect(await archivesOn(page).getByRole('link').allTextContents()).toEqual([
      'OpenNeuro',
      'Toys',
    ]);
    const other = await open('unlisted', '?archive=toy');
    expect(await archivesOn(other).count()).toBe(0);
  });

  test('shows names as text, and no archive that the page does not know', async () => {
    const page = await open('hostile');
    const names = await archivesOn(page).getByRole('link').allTextContents();
    expect(names).toHaveLength(2);
    expect(names[0]).toMatch(/^<b>One<\/b>.+/);
    expect(names[0]).not.toContain('\u202e');
  });
});

describe('the archive as a whole', () => {
  test.each([
    ['well', 'List OK' + 'The list shows as many toys as it counts.' + 'Measured 3 h ago'],
    [
      'failed',
      'List Warning' +
        "The list shows fewer toys than it counts. The archive's operators can fix this: Make the list again." +
        'Unverified since 3 h ago' +
        ' The newest attempt (2026-08-01 09:00 UTC) failed: no answer in time.',
    ],
    [
      'never',
      'List Pending' +
        'Never measured' +
        ' The newest attempt (2026-08-01 09:00 UTC) failed: no answer in time.',
    ],
    ['odd', 'List Warning' + '<b>new' + 'Measured 3 h ago'],
    ['unreadable', 'List The verdict cannot be read.'],
  ])('is said as its report has it: %s', async (world, words) => {
    const page = await open(world, '?archive=toy');
    expect(await wholeTexts(page)).toEqual([words]);
  });

  test('is not spoken of where nothing was checked, nor with another archive', async () => {
    expect(await wholeOn(await open('both', '?archive=toy')).count()).toBe(0);
    const first = await open('short');
    expect(await wholeOn(first).locator('summary svg').count()).toBe(0);
  });
});
