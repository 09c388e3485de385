// A tab that stays open, a load that failed, and the way back to the list.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { World } from './support/server.ts';
import { idsOn, openStage } from './support/stage.ts';
import { sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
/** Published a day later, by a run in which every description failed. */
let isTomorrow = false;
const pinned: World = (path) => (isTomorrow ? sample.outage : sample.world)(path);
const { open, server } = await openStage({ pinned, sample: sample.world });

const asked = (path: string) =>
  server.answers.filter((answer) => answer.path === path).map(({ status }) => status);
const comeBack = (page: Page) =>
  page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

describe('a tab that stays open', () => {
  test('asks again when it is shown, by ETag, and loads a new run in place', async () => {
    isTomorrow = false;
    const page = await open('pinned', '?status=error');
    const list = page.locator('table.datasets');
    await page.locator('bdi.title').first().waitFor();
    await list.evaluate((table) => Object.assign(table, { isTheSame: true }));
    await page.evaluate(() => scrollTo(0, 300));
    const before = asked('data/status.json').length;
    await comeBack(page);
    await expect.poll(() => asked('data/status.json').slice(before)).toEqual([304]);
    expect(await page.locator('.fresh').textContent()).toContain('2026-08-01 00:');

    isTomorrow = true;
    await comeBack(page);
    await expect.poll(() => page.locator('.fresh').textContent()).toContain('2026-08-02 00:');
    expect(await page.locator('.notice').textContent()).toMatch(/^New results of 2026-08-02/);
    expect(new URL(page.url()).search).toBe('?status=error');
    expect(await page.evaluate(() => scrollY)).toBe(300);
    expect(await list.evaluate((table) => 'isTheSame' in table)).toBe(true);
    expect(await page.locator('tbody .unverified').count()).toBeGreaterThan(0);
    expect(new Set(await page.locator('tbody .badge').allTextContents())).toEqual(
      new Set(['Error']),
    );
  });

  test('asks before it says that nothing is new', async () => {
    isTomorrow = false;
    const page = await open('pinned', '');
    await page.locator('.since a').waitFor();
    isTomorrow = true;
    await page.clock.setFixedTime(new Date('2026-08-02T03:00:00.000Z'));
    const told: string[] = [];
    await page.exposeFunction('told', (text: string) => told.push(text));
    await page.evaluate(() => {
      new MutationObserver(() => {
        const text = document.querySelector('.banner[aria-label="State of the data"]');
        if (text) (globalThis as unknown as { told: (text: string) => void }).told(text.innerHTML);
      }).observe(document.body, { childList: true, subtree: true });
    });
    await comeBack(page);
    await expect.poll(() => page.locator('.fresh').textContent()).toContain('2026-08-02 00:');
    expect(told.filter((text) => text.includes('Nothing new'))).toEqual([]);
  });

  test('says so where nobody answers, and nothing that it does not know', async () => {
    isTomorrow = false;
    const page = await open('pinned', '', { expected: ['status.json', '503'] });
    await page.locator('.since a').waitFor();
    await page.route('**/data/status.json', (route) => route.fulfill({ status: 503 }));
    await page.clock.setFixedTime(new Date('2026-08-02T09:00:00.000Z'));
    await comeBack(page);
    const banner = page.getByRole('complementary', { name: 'State of the data' });
    await expect
      .poll(() => banner.textContent())
      .toContain('Whether there is something new is not known.');
    expect(await banner.textContent()).not.toContain('Nothing new');
    await page.unroute('**/data/status.json');
    await comeBack(page);
    await expect.poll(() => banner.textContent()).toContain('Nothing new for 32 h.');
  });
});

describe('a load that failed', () => {
  test.each(['summary.json', 'names.json'])('can be tried again: %s', async (path) => {
    const page = await open('sample', 'changes.html', { expected: ['503', '404', path] });
    await page.route(`**/data/${path}`, (route) => route.fulfill({ status: 503 }));
    await page.goto(server.address('sample'));
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await page.unroute(`**/data/${path}`);
    await again.click();
    await page.locator('bdi.title').first().waitFor();
    expect(await again.count()).toBe(0);
  });
});

describe('the way back', () => {
  const viewport = { width: 1280, height: 600 };
  async function leave(page: Page): Promise<{ id: string; top: number }> {
    await page.locator('bdi.title').first().waitFor();
    await page.evaluate(() => scrollTo(0, 900));
    const row = page.locator('tbody tr:not(.space) a').nth(18);
    await expect.poll(() => row.boundingBox()).not.toBeNull();
    const id = `${await row.locator('.id').textContent()}`;
    const top = (await row.boundingBox())?.y ?? Number.NaN;
    await row.click();
    await page.waitForURL(/dataset\.html/);
    await page.locator('h1').waitFor();
    return { id, top };
  }
  async function isBackAt(page: Page, { id, top }: { id: string; top: number }): Promise<void> {
    await expect.poll(() => page.locator('tbody a:focus .id').textContent()).toBe(id);
    const now = (await page.locator('tbody a:focus').boundingBox())?.y ?? Number.NaN;
    expect(Math.abs(now - top)).toBeLessThan(60);
  }

  test('Back returns to the row and its place on the screen', async () => {
    const page = await open('sample', '?sort=id', { viewport });
    const left = await leave(page);
    await page.goBack();
    await isBackAt(page, left);
    expect(new URL(page.url()).search).toBe('?sort=id');
  });

  test('"All datasets" does as well, and a copied link names only the view', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const page = await open('sample', '?sort=id', { viewport, permissions });
    const left = await leave(page);
    await page.getByRole('link', { name: 'All datasets' }).click();
    await isBackAt(page, left);
    await page.getByRole('button', { name: 'Copy link' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/\?sort=id$/);
  });
});

describe('the title and the search', () => {
  test('the title says the view', async () => {
    const page = await open('sample', '?status=error&issue=s3Files:files-missing&q=ds9');
    const count = await page.locator('.found b').textContent();
    const datasets = count === '1' ? 'dataset' : 'datasets';
    const title = () => page.title();
    await expect
      .poll(title)
      .toBe(`Error, Files missing, “ds9”: ${count} ${datasets} – Mirrorwatch`);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(title).toBe(`${sample.summary.datasets.length} datasets – Mirrorwatch`);
  });

  test.each([
    'https://openneuro.org/datasets/DS900015/versions/1.0.0',
    'https://github.com/OpenNeuroDatasets/ds900015.git',
    's3://openneuro.org/ds900015',
    'doi:10.18112/openneuro.ds900015.v1.0.0',
    'Ds900015',
  ])('finds the dataset of %s', async (pasted) => {
    const page = await open('sample');
    await page.getByRole('searchbox').fill(pasted);
    await expect.poll(() => idsOn(page)).toEqual(['ds900015']);
  });

  test('what could not be compared is counted apart from what is not OK', async () => {
    const page = await open('sample');
    const group = page.getByRole('toolbar', { name: 'Export files' });
    const shown: string[][] = [];
    for (const name of [/^Not OK/, /^Not comparable/]) {
      await group.getByRole('button', { name }).click();
      shown.push(await idsOn(page));
      await group.getByRole('button', { name }).click();
    }
    const waits = sample.summary.datasets.filter(
      ({ notCompared, checks, issueSubtypes }) =>
        notCompared !== null || (checks.s3Files === 'pending' && !issueSubtypes?.s3Files),
    );
    expect(new Set(shown[1])).toEqual(new Set(waits.map(({ id }) => id)));
    expect(new Set(shown[0]).isDisjointFrom(new Set(shown[1]))).toBe(true);
    expect(shown[0]?.length).toBeGreaterThan(3);
  });
});
