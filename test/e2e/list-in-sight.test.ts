// The list is what a person sees first, at every width, by keyboard, with colours of the system's
// own, and on paper. The figures are printed.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from './support/axe.ts';
import { print } from './support/browser.ts';
import { changedWorld } from './support/server.ts';
import { openStage } from './support/stage.ts';
import { recordedWorld, sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const recorded = await recordedWorld();
const LONG = 'Unbroken'.repeat(37);
const names = JSON.parse(`${await sample.world('names.json')}`);
const plain = `${await sample.world('summary.html')}`;
const { open } = await openStage({
  sample: sample.world,
  ...(recorded && { recorded: recorded.world }),
  long: changedWorld(sample.world, {
    'names.json': JSON.stringify({
      ...names,
      names: Object.fromEntries(sample.summary.datasets.map(({ id }) => [id, LONG])),
    }),
    'summary.html': plain.replace(/<bdi>[^<]*<\/bdi>/g, `<bdi>${LONG}</bdi>`),
  }),
});

const SIZES = [
  [320, 568],
  [390, 844],
  [768, 1024],
  [1024, 768],
  [1280, 860],
  [1920, 1080],
] as const;

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.skipIf(recorded === null)('over the recorded archive', () => {
  test.each([
    [390, 844, 640],
    [768, 1024, 500],
    [1024, 768, 500],
    [1280, 860, 500],
    [1920, 1080, 500],
  ])('at %i × %i the whole first row is above %i', async (width, height, within) => {
    const page = await open('recorded', '', { viewport: { width, height } });
    await page.locator('.since a').waitFor();
    const row = await page.locator('.datasets tbody tr:not(.space)').first().boundingBox();
    const bottom = (row?.y ?? Number.NaN) + (row?.height ?? Number.NaN);
    console.log(`first row at ${width} px: ${Math.round(row?.y ?? 0)} to ${Math.round(bottom)}`);
    expect(bottom).toBeLessThanOrEqual(within);
  });
});

test.skipIf(recorded === null).each(SIZES)(
  'no number, version or date is cut off at %i × %i',
  async (width, height) => {
    const page = await open('recorded', '?sort=-missing', { viewport: { width, height } });
    await page.locator('.since a').waitFor();
    const cells = page.locator('td:is(.c-number, .c-version, .c-since, .c-verdict):visible');
    const cut = await cells.evaluateAll((all) =>
      all.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
    );
    expect(await cells.count()).toBeGreaterThan(20);
    expect(cut).toEqual([]);
  },
);

describe('by keyboard', () => {
  const stopsTo = async (page: Page, wanted: string): Promise<number> => {
    for (let stops = 0; stops < 60; stops++) {
      if (await page.locator(':focus').evaluate((at, is) => at.matches(is), wanted)) return stops;
      await page.keyboard.press('Tab');
    }
    return Number.POSITIVE_INFINITY;
  };

  test.each([1024, 1280])('few Tab stops come before the first row at %i px', async (width) => {
    const page = await open('sample', '', { viewport: { width, height: 860 } });
    await page.locator('.since a').waitFor();
    await page.keyboard.press('Tab');
    const stops = await stopsTo(page, '.datasets tbody a');
    console.log(`Tab stops before the first row at ${width} px: ${stops}`);
    expect(stops).toBeLessThanOrEqual(13);
  });

  test('the first stop leads to the first row', async () => {
    const page = await open('sample');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Skip to the list');
    await page.keyboard.press('Enter');
    const first = await page.locator('tbody .id').first().textContent();
    expect(await page.locator('tbody a:focus .id').textContent()).toBe(first);
  });

  test('filters come after the list, one stop a group, and arrows move in a group', async () => {
    const page = await open('sample');
    await page.locator('tbody a').first().focus();
    const groups = await page.locator('.side [role="toolbar"]').count();
    expect(groups).toBeGreaterThan(8);
    for (let group = 0; group < groups; group++) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate((at) => {
          const all = [...document.querySelectorAll('.side [role="toolbar"]')];
          return all.indexOf(document.activeElement?.closest('[role="toolbar"]') as Element) === at;
        }, group),
      ).toBe(true);
    }
    const cards = page.locator('.cards button');
    await cards.first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.card.error:focus').count()).toBe(1);
    await page.keyboard.press('End');
    expect(await page.locator('.card.ok:focus').count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await page.locator('.card.ok').getAttribute('aria-pressed')).toBe('true');
  });
});

describe('names of 296 letters without a space', () => {
  test.each(SIZES)('never scroll the page sideways at %i × %i', async (width, height) => {
    const page = await open('long', '', { viewport: { width, height } });
    await page.locator('bdi.title').first().waitFor({ state: 'attached' });
    expect(await sideways(page)).toBe(0);
    await page.goto(page.url().replace(/[?#].*|$/, 'data/summary.html'));
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('bdi').first().textContent()).toBe(LONG);
    expect(await sideways(page)).toBe(0);
  });
});

test.each(SIZES)('axe finds nothing at %i × %i, target sizes included', async (width, height) => {
  const page = await open('sample', '', { viewport: { width, height } });
  await page.locator('.since a').waitFor();
  if (width < 1181) await page.getByRole('button', { name: 'Filters' }).click();
  expect(await violations(page)).toEqual([]);
});

test('what is chosen differs in forced colours', async () => {
  const page = await open('sample', '?status=error&issue=s3Files:files-missing', {
    forcedColors: 'active',
  });
  for (const group of ['.cards', '.side', '.themes']) {
    const colours = await page.locator(`${group} button`).evaluateAll((buttons) =>
      buttons.map((button) => {
        const { backgroundColor } = getComputedStyle(button);
        return [button.getAttribute('aria-pressed'), backgroundColor] as const;
      }),
    );
    const of = (pressed: string) =>
      new Set(colours.filter(([is]) => is === pressed).map(([, colour]) => colour));
    expect(of('true').size, group).toBe(1);
    expect(of('true').isDisjointFrom(of('false')), group).toBe(true);
  }
});

test('print has the instant of the data and whole names, no ages and no buttons', async () => {
  const page = await open('sample', '', { viewport: { width: 718, height: 1000 } });
  await page.locator('bdi.title').first().waitFor({ state: 'attached' });
  await print(page);
  const text = await page.locator('body').innerText();
  expect(text).toMatch(/Data of 2026-08-01 \d\d:\d\d UTC/);
  expect(text).not.toMatch(/\d (min|h|d) (old|ago)/);
  // Cards and heads are told by their words.
  const buttons = page.locator('button:visible:not(.card):not(th button)');
  expect(await buttons.allTextContents()).toEqual([]);
  const cut = await page
    .locator('bdi.title')
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
  expect(cut).toBe(0);
  expect(await page.locator('.datasets thead').isVisible()).toBe(true);
  expect(await sideways(page)).toBe(0);
  await page.emulateMedia({ media: 'screen' });
});
