// What five people come for, each with the number of steps it takes: opening an address, a click or a
// text that is typed is a step. The numbers are printed.

import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import type { S3Diff } from '../../archives/openneuro/documents.ts';
import { asRow } from '../support/legacy.ts';
import { watchedArchive, worldOf } from './support/history-world.ts';
import { changedWorld } from './support/server.ts';
import { openStage } from './support/stage.ts';
import { liveWorld, pickFrom, report, sampleWorld } from './support/worlds.ts';

const watched = worldOf(await watchedArchive());
const sample = await sampleWorld();
const pick = pickFrom(sample.summary.datasets);
const { open, server } = await openStage({
  watched,
  live: liveWorld(sample.world),
  held: changedWorld(watched, {
    'status.json': JSON.stringify(
      report({ run: { outcome: 'held', why: ['6 % of the datasets could not be verified.'] } }),
    ),
  }),
});

const steps: Record<string, number> = {};
afterAll(() => console.table(steps));

describe('an operator in the morning', () => {
  test('sees the new faults since yesterday, and opens one of them', async () => {
    const page = await open('watched');
    const line = page.locator('.since a');
    await expect.poll(() => line.textContent()).toMatch(/^Since yesterday: 2 new faults,/);
    await line.click();
    const faults = page.locator('.day').first().locator('.kind').first();
    expect(await faults.locator('h3').textContent()).toBe('New faults 2');
    const first = faults.getByRole('link').first();
    const id = await first.textContent();
    await first.click();
    await page.waitForURL(/dataset\.html/);
    await expect.poll(() => page.locator('h1').textContent()).toContain(`${id}`);
    steps['new faults since yesterday, and one of them'] = 3;
  });
});

describe('whoever deploys it', () => {
  test.each([
    ['alive', 'watched', '2026-08-01T03:00:00.000Z', null],
    ['dead for three days', 'watched', '2026-08-04T03:00:00.000Z', 'Nothing new for 3 d.'],
    ['alive, and holding back', 'held', '2026-08-01T09:00:00.000Z', '6 % of the datasets could'],
  ])('sees at the first look whether the monitor is %s', async (_what, world, now, said) => {
    const page = await open(world, '', { now });
    expect(await page.locator('.fresh').textContent()).toMatch(
      /^Data of 2026-08-01 00:0\d UTC, \d+ (min|h|d) old$/,
    );
    const banner = page.getByRole('complementary', { name: 'State of the data' });
    if (said === null) expect(await banner.count()).toBe(0);
    else expect(await banner.textContent()).toContain(said);
    steps['is the monitor itself alive'] = 1;
  });
});

/** Counts what a person does for something. */
function counting(what: string) {
  return async <T>(act: Promise<T>): Promise<T> => {
    steps[what] = (steps[what] ?? 0) + 1;
    return act;
  };
}

/** A person knows the id, and starts at the list. */
async function find(page: Page, id: string, step: ReturnType<typeof counting>) {
  await step(page.getByRole('searchbox').fill(id));
  await step(page.locator('tbody a', { hasText: id }).click());
  await page.locator('.checks').first().waitFor();
}

describe('a curator: is my dataset healthy, and whom do I tell?', () => {
  test('a healthy one: three steps', async () => {
    const { id } = pick((row) => row.status === 'ok');
    const step = counting('my dataset is healthy');
    const page = await step(open('live'));
    await find(page, id, step);
    expect(await page.locator('.lead .says').textContent()).toContain('agree everywhere');
    expect(steps['my dataset is healthy']).toBe(3);
  });

  test('a faulty one, with the text to send: five steps', async () => {
    const faulty = pick((row) => (row.s3FilesAdded ?? 0) > 0 && row.status === 'error');
    const step = counting('my dataset is not, and whom to tell');
    const page = await step(
      open('live', '', { permissions: ['clipboard-read', 'clipboard-write'] }),
    );
    await find(page, faulty.id, step);
    const lead = page.locator('.lead');
    expect(await lead.textContent()).toMatch(/files? (is|are) missing from the export/);
    expect(await lead.textContent()).toContain("The archive's operators can fix this");
    await step(page.getByRole('button', { name: 'Report it to them' }).click());
    // It may be opened as an issue as well.
    await page.getByRole('link', { name: 'Open as a new issue' }).waitFor();
    await step(page.getByRole('button', { name: 'Copy the report' }).click());
    const sent = await page.evaluate(() => navigator.clipboard.readText());
    expect(sent).toContain(`${faulty.id}@${asRow(faulty).version}`);
    expect(steps['my dataset is not, and whom to tell']).toBe(5);
  });
});

describe('a researcher: which copy can I trust for a version?', () => {
  /** By the column's head. */
  async function copies(page: Page, version: string): Promise<Record<string, string>> {
    const line = page.locator('.snapshots tbody tr', {
      has: page.getByRole('rowheader', { name: version, exact: true }),
    });
    const heads = await page.locator('.snapshots thead th').allTextContents();
    const cells = await line.locator('th, td').allTextContents();
    return Object.fromEntries(heads.map((head, at) => [head, (cells[at] ?? '').trim()]));
  }

  test('a healthy dataset has both: three steps', async () => {
    const { id, latestSnapshot } = pick((row) => row.status === 'ok');
    const step = counting('which copy has the latest version');
    const page = await step(open('live'));
    await find(page, id, step);
    expect(await copies(page, `${latestSnapshot}`)).toMatchObject({
      'On the mirror': 'present',
      'In the export': expect.stringMatching(/^every file/),
    });
    expect(steps['which copy has the latest version']).toBe(3);
  });

  test('a dataset whose export is older has the mirror alone: three steps', async () => {
    const behind = pick((row) => row.issueSubtypes?.s3Version === 'doi-mismatch');
    const step = counting('which copy has it where one is older');
    const page = await step(open('live'));
    await find(page, behind.id, step);
    expect(await copies(page, `${behind.latestSnapshot}`)).toMatchObject({
      'On the mirror': 'present',
      'In the export': 'no',
    });
    expect(await copies(page, `${behind.s3Version}`)).toMatchObject({
      'In the export': expect.stringMatching(/^every file/),
    });
    expect(steps['which copy has it where one is older']).toBe(3);
  });
});

describe('the author of a script: the address of the JSON that I see', () => {
  test('the address behind a card: four steps', async () => {
    const what = 'the address of the JSON that I see';
    const { id, s3FilesAdded } = pick((row) => (row.s3FilesAdded ?? 0) > 0);
    const step = counting(what);
    // A browser asks for an icon when it shows a document by itself.
    const page = await step(open('live', '', { expected: ['favicon.ico'] }));
    await find(page, id, step);
    await step(page.getByRole('link', { name: 's3-diff.json' }).click());
    await page.waitForURL(`${server.address('live')}data/datasets/${id}/s3-diff.json`);
    const { added } = JSON.parse(`${await page.locator('pre').textContent()}`) as S3Diff;
    expect(added).toHaveLength(s3FilesAdded ?? 0);
    expect(steps[what]).toBe(4);
  });
});
