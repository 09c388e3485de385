// The hostile dataset, whose every text is an attack: it goes through every view of the page, and
// nothing happens. support/browser.ts lists what a page must not do, which fails any test.

import { expect, test } from 'vitest';
import type { Github, S3Diff } from '../../archives/openneuro/documents.ts';
import { PLAIN_PATH } from '../../core/documents/paths.ts';
import { checkPath } from '../support/documents.ts';
import { print } from './support/browser.ts';
import { openStage } from './support/stage.ts';
import { liveWorld, sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const { open } = await openStage({ sample: sample.world, live: liveWorld(sample.world) });
const id = sample.hostile;

/** Elements that only hostile text could have made. */
const INTRUDERS = 'img, iframe, object, embed, form, [onclick], [onerror], [onload], svg svg';

test('a hostile name is text in the table, shown with its direction kept', async () => {
  const page = await open('sample', `?q=${id}`);
  const title = page.locator('tbody bdi.title');
  await title.waitFor();
  expect(await title.textContent()).toContain('<script>alert(document.domain)</script>');
  expect(await title.textContent()).toContain('⟨U+202E⟩gnp.exe');
  expect(await page.locator(INTRUDERS).count()).toBe(0);
  await page.locator('tbody a').focus();
  await page.locator('tbody a').hover();
});

test('a hostile search, address and filter run nothing', async () => {
  const page = await open('sample', `?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
  await page.locator('.nothing').waitFor();
  await page.getByRole('searchbox').fill('<script>alert(1)</script>');
  await expect.poll(() => page.locator('tbody .id').allTextContents()).toEqual([]);
  expect(await page.locator(INTRUDERS).count()).toBe(0);
});

test('the dataset page shows branches, DOI and paths as text, in both forms of the viewer', async () => {
  const page = await open('sample', `dataset.html?id=${id}`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('tree').waitFor();
  const github = JSON.parse((await sample.world(checkPath('github', id))) as string) as Github;
  const text = await page.getByRole('article', { name: 'GitHub mirror' }).textContent();
  for (const branch of Object.keys(github.branches)) {
    expect(text).toContain(branch.replaceAll('\u202e', '⟨U+202E⟩'));
  }
  const diff = JSON.parse((await sample.world(checkPath('s3Files', id))) as string) as S3Diff;
  expect(await page.getByRole('treeitem').count()).toBeGreaterThan(
    diff.added.length + diff.removed.length,
  );
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const lines = await page.locator('.lines bdi').allTextContents();
  expect(lines).toHaveLength(diff.added.length + diff.removed.length + diff.context.length);
  expect(lines.join('\n')).not.toMatch(/\u202e/);
  expect(lines).toContain('<script>alert(document.domain)</script>/T1w.nii.gz');
  await page.getByRole('button', { name: /^Copy \d+ missing/ }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split('\n')).toHaveLength(diff.added.length + 1);
  expect(await page.locator(INTRUDERS).count()).toBe(0);
  await print(page);
});

test('every address on its page is on the origin or at one of the three places', async () => {
  const page = await open('live', `dataset.html?id=${id}`);
  await page.getByRole('tree').waitFor();
  const links = await page
    .locator('a')
    .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
  const origin = new URL(page.url()).origin;
  const places = [
    origin,
    'https://openneuro.org',
    'https://github.com',
    'https://s3.amazonaws.com',
  ];
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) expect(places).toContain(new URL(link).origin);
});

test('the plain summary holds it escaped', async () => {
  const page = await open('sample', `data/${PLAIN_PATH}`);
  expect(await page.locator('tbody').textContent()).toContain(
    '<script>alert(document.domain)</script>',
  );
  expect(await page.locator(`${INTRUDERS}, script`).count()).toBe(0);
});
