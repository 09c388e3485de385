// What the pages say about a dataset just published (docs/checks.md#new-datasets): the date, no
// advice, its own filter, and no error.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import type { Check } from '../../archives/openneuro/vocabulary.ts';
import { countsFrom } from '../../core/documents/words.ts';
import { CHECK_WORDS } from '../support/words.ts';
import { idsOn, openStage } from './support/stage.ts';
import { sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const { open } = await openStage({ sample: sample.world });
const fresh = sample.summary.datasets.find(({ pending }) => pending) as SummaryRow;
const words = countsFrom(fresh.pending as NonNullable<SummaryRow['pending']>);

const card = (page: Page, check: Check) =>
  page.getByRole('article', { name: CHECK_WORDS[check].name });

test('the sample has such a dataset, and its words have a date', () => {
  expect(fresh.status).toBe('pending');
  expect(words).toBe('Just published: counts from 6 August 2026');
});

describe('the list', () => {
  test('filters by it, and says the date in the row', async () => {
    const page = await open('sample');
    await page.locator('.side .facet', { hasText: 'Just published' }).click();
    expect(new URL(page.url()).search).toBe('?just-published=1');
    expect(await idsOn(page)).toEqual([fresh.id]);
    const row = page.locator('tbody tr', { hasText: fresh.id });
    expect(await row.getByRole('img', { name: words }).count()).toBe(1);
    expect(await row.locator('.c-files').textContent()).toContain('just published');
    expect(await row.textContent()).not.toMatch(/blocked|Error/);
  });

  test('does not count it under the label of an error', async () => {
    const page = await open('sample', '?issue=s3Version:blocked');
    expect(await idsOn(page)).not.toContain(fresh.id);
  });
});

describe('the page of the dataset', () => {
  test('says it at the top', async () => {
    const page = await open('sample', `dataset.html?id=${fresh.id}`);
    expect(await page.locator('.lead').textContent()).toContain(words);
  });

  test.each(['s3Version', 's3Access'] as const)(
    '%s: pending, with the date and nothing to do',
    async (check) => {
      const page = await open('sample', `dataset.html?id=${fresh.id}`);
      const text = await card(page, check).textContent();
      expect(text).toContain(`${words}.`);
      expect(text).not.toContain('can fix this');
      expect(await card(page, check).locator('header .badge').textContent()).toBe('Pending');
      expect(await page.locator('.cause').count()).toBe(0);
    },
  );
});

test('the plain page says it without scripts', async () => {
  const page = await open('sample', 'data/summary.html', { javaScriptEnabled: false });
  expect(await page.locator('li', { hasText: fresh.id }).textContent()).toContain(words);
});
