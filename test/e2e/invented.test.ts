// An invented archive says so on every page, and leads nowhere: over the sample archive and a
// replay, no link, command or downloadable text reaches a real service.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { OPTIONAL_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { PLAIN_PATH } from '../../core/documents/paths.ts';
import {
  archiveMessage,
  REPLAYED_ARCHIVE,
  SAMPLE_ARCHIVE,
} from '../../core/documents/provenance.ts';
import { NOT_CHECKED_REPLAY } from '../../core/documents/words.ts';
import { CHECK_WORDS } from '../support/words.ts';
import { print } from './support/browser.ts';
import { changedWorld } from './support/server.ts';
import { openStage } from './support/stage.ts';
import { liveWorld, replayedWorld, sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const replayed = await replayedWorld(40);
const { open } = await openStage({
  sample: sample.world,
  live: liveWorld(sample.world),
  held: changedWorld(sample.world, { 'summary.json': undefined }),
  ...(replayed && { replayed: replayed.world }),
});

const REAL = /openneuro\.org|github\.com|amazonaws\.com/i;

/** Everything that the page shows, links to and offers for download. */
async function everything(page: Page): Promise<{ html: string; away: string[]; taken: string[] }> {
  return page.evaluate(async () => {
    const taken: Promise<string>[] = [];
    Object.defineProperty(navigator.clipboard, 'writeText', {
      configurable: true,
      value: async (text: string) => void taken.push(Promise.resolve(text)),
    });
    URL.createObjectURL = (file: Blob | MediaSource) => {
      taken.push((file as Blob).text());
      return '#';
    };
    let clicked = 0;
    for (const button of document.querySelectorAll('button')) {
      if (!/copy|checklist|csv|json/i.test(button.textContent ?? '')) continue;
      button.click();
      clicked += 1;
    }
    // The layout of the JSON file is loaded when it is asked for.
    for (let looks = 0; looks < 100 && taken.length < clicked; looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')];
    const away = links.map((link) => link.href).filter((href) => !href.startsWith(location.origin));
    return { html: document.documentElement.outerHTML, away, taken: await Promise.all(taken) };
  });
}

async function expectNothingReal(page: Page): Promise<void> {
  const { html, away, taken } = await everything(page);
  expect(away, page.url()).toEqual([]);
  expect(REAL.exec([html, ...taken].join('\n'))?.[0], page.url()).toBeUndefined();
}

describe.each([
  { name: 'sample', built: sample, archive: SAMPLE_ARCHIVE },
  { name: 'replayed', built: replayed, archive: REPLAYED_ARCHIVE },
])('$name', ({ name, built, archive }) => {
  const ids = built?.summary.datasets.map(({ id }) => id) ?? [];
  const title = archiveMessage(archive)?.title ?? '';

  test.skipIf(built === null)(
    'every page says whose data it is, and leads nowhere',
    async () => {
      expect(ids.length).toBeGreaterThanOrEqual(40);
      const page = await open(name);
      const { href } = new URL(page.url());
      for (const path of ['', `data/${PLAIN_PATH}`, ...ids.map((id) => `dataset.html?id=${id}`)]) {
        await page.goto(href + path);
        await page.waitForFunction(() => !document.querySelector('.waiting:not(details *)'));
        await expect.poll(() => page.locator('.banner strong').first().textContent()).toBe(title);
        expect(await page.locator('.cause pre').count()).toBe(0);
        await expectNothingReal(page);
      }
    },
    300_000,
  );

  test.skipIf(built === null)('on paper and in the dark as well', async () => {
    const page = await open(name, '', { colorScheme: 'dark' });
    expect(await page.locator('.banner strong').isVisible()).toBe(true);
    const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
    expect(await ink()).toBe('rgb(228, 230, 232)');
    await print(page);
    expect(await page.locator('.banner strong').isVisible()).toBe(true);
    // Paper is white.
    expect(await ink()).toBe('rgb(28, 32, 36)');
  });
});

test.each([320, 390, 768, 1024])(
  '%i pixels need no sideways scrolling, of any page',
  async (width) => {
    const hostile = `dataset.html?id=${sample.hostile}`;
    for (const path of ['', `data/${PLAIN_PATH}`, hostile]) {
      const page = await open('sample', path, { viewport: { width, height: 900 } });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, path).toBeLessThanOrEqual(0);
      // Nothing in a row is cut off, except a name, by design.
      const cut = await page
        .locator('tbody td')
        .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
      expect(cut, path).toBe(0);
    }
  },
);

test('the ids of the sample are none that OpenNeuro has', () => {
  for (const { id } of sample.summary.datasets) expect(id).toMatch(/^ds9\d{5}$/);
});

test('the search for real places finds them where there are some', async () => {
  const page = await open('live', `dataset.html?id=${sample.summary.datasets[0]?.id}`);
  await page.locator('.heading .away').first().waitFor();
  const { html, away } = await everything(page);
  expect(html).toMatch(REAL);
  expect(away.length).toBeGreaterThanOrEqual(3);
  const list = await open('live');
  const { taken } = await everything(list);
  // The address, the table, the rows, the checklist.
  expect(taken).toHaveLength(4);
  expect(taken.filter((text) => REAL.test(text))).toHaveLength(1);
});

test('the banner is there before anything is published', async () => {
  const page = await open('held', '', { expected: ['404'] });
  expect(await page.locator('.banner strong').textContent()).toBe('Sample archive: invented data');
});

test.skipIf(replayed === null)('a replay says of what was not recorded: not checked', async () => {
  const page = await open('replayed', `dataset.html?id=${replayed?.summary.datasets[0]?.id}`);
  for (const check of OPTIONAL_CHECKS) {
    const card = page.getByRole('article', { name: CHECK_WORDS[check].name });
    expect(await card.locator('header .badge').textContent()).toBe(NOT_CHECKED_REPLAY);
    const together = page.locator('.together', { has: card });
    expect(await together.locator('.verdict').textContent()).toContain('was not recorded');
  }
  const list = await open('replayed');
  expect(await list.locator('.side .unchecked').allTextContents()).toEqual(
    OPTIONAL_CHECKS.map(() => NOT_CHECKED_REPLAY),
  );
  await list.locator('.whole > summary').click();
  await list.locator('.leftovers summary').click();
  await expect
    .poll(() => list.locator('.leftovers').textContent())
    .toContain(`${NOT_CHECKED_REPLAY}: no run has listed the whole bucket.`);
});
