// The page's budgets, measured: bytes, time to rows on a slow machine and network, and the cost
// of filtering 10,000 datasets. The figures are printed.

import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BUDGETS } from '../../scripts/build-site.ts';
import { openStage } from './support/stage.ts';
import { manyWorld, recordedWorld } from './support/worlds.ts';

const recorded = await recordedWorld();
const many = manyWorld(10_000);
const sharded = manyWorld(45_000);
const { open, built, server } = await openStage({
  many: many.world,
  sharded: sharded.world,
  ...(recorded && { recorded: recorded.world }),
});

const FIRST_DATA = 40 * 1024;
/** Chrome's "Fast 4G": bytes a second and milliseconds. */
const FOUR_G = { downloadThroughput: 1_012_500, uploadThroughput: 168_750, latency: 165 };

const figures: string[] = [];
const tell = (what: string, value: string) => figures.push(`${what}: ${value}`);

test('scripts and styles stay in their budgets', () => {
  const { js = 0, css = 0 } = built.pages['index.html'] ?? {};
  tell('main page', `${(js / 1024).toFixed(1)} KB of scripts, ${(css / 1024).toFixed(1)} KB of style`);
  expect(js).toBeGreaterThan(5_000);
  expect(js).toBeLessThanOrEqual(BUDGETS.js);
  expect(css).toBeLessThanOrEqual(BUDGETS.css);
});

describe.skipIf(recorded === null)('over the recorded archive', () => {
  test('the first data of 1,834 datasets is at most 40 KB compressed', async () => {
    const text = (await recorded?.world('summary.json')) as string;
    const size = gzipSync(text).length;
    tell('first data of 1,834 datasets', `${(size / 1024).toFixed(1)} KB`);
    expect(size).toBeLessThanOrEqual(FIRST_DATA);
  });

  test('rows are visible within a second on 4G and a slow machine, without a shift', async () => {
    const page = await open('recorded');
    await throttle(page);
    await page.evaluate(() => performance.clearResourceTimings());
    await page.addInitScript(() => {
      const times = { rows: 0, shift: 0 };
      Object.assign(globalThis, { times });
      new MutationObserver((_, observer) => {
        if (!document.querySelector('tbody a')) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          times.rows = performance.timeOrigin + performance.now() - performance.timeOrigin;
        });
      }).observe(document, { childList: true, subtree: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          times.shift += (entry as unknown as { value: number }).value;
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(server.address('recorded'));
    await page.locator('tbody a').first().waitFor();
    await page.waitForLoadState('networkidle');
    const { rows, shift } = await page.evaluate(
      () => (globalThis as unknown as { times: { rows: number; shift: number } }).times,
    );
    tell('rows visible on 4G, 4x slower CPU', `${Math.round(rows)} ms, layout shift ${shift.toFixed(3)}`);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(1000);
    expect(shift).toBeLessThan(0.02);
  });
});

describe('10,000 datasets', () => {
  test('filtering costs less than 50 ms of scripting, and no task is longer than 200 ms', async () => {
    const page = await open('many');
    await page.locator('tbody a').first().waitFor();
    await page.locator('bdi.title').first().waitFor();
    await watchTasks(page);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const scripting = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
    };
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ['a status', () => page.locator('.card.error').click()],
      ['an issue', () => page.getByRole('button', { name: /^Files missing/ }).click()],
      ['a search', () => page.getByRole('searchbox').fill('sleep')],
      ['no filter', () => page.getByRole('button', { name: 'Clear filters' }).click()],
    ];
    for (const [what, act] of steps) {
      const before = await scripting();
      const found = await page.locator('.found').textContent();
      await act();
      await expect.poll(() => page.locator('.found').textContent()).not.toBe(found);
      const cost = (await scripting()) - before;
      tell(`10,000 datasets, ${what}`, `${cost.toFixed(1)} ms of scripting`);
      expect(cost).toBeLessThan(50);
    }
    await page.getByRole('button', { name: 'Mirror', exact: true }).click();
    await page.locator('th.c-mirror[aria-sort="descending"]').waitFor();
    for (let at = 0; at <= 10; at++) {
      await page.evaluate((part) => scrollTo(0, part * document.body.scrollHeight), at / 10);
      await expect.poll(() => page.locator('tbody a').count()).toBeGreaterThan(10);
    }
    const longest = await longestTask(page);
    tell('10,000 datasets, longest task', `${Math.round(longest)} ms`);
    expect(longest).toBeLessThan(200);
    expect(await page.locator('tbody tr').count()).toBeLessThan(90);
  });

  test('opening the page holds no task longer than 200 ms', async () => {
    const page = await open('many');
    await watchTasks(page, 'from the start');
    await page.reload();
    await page.locator('bdi.title').first().waitFor();
    const longest = await longestTask(page);
    tell('10,000 datasets, longest task while opening', `${Math.round(longest)} ms`);
    expect(longest).toBeLessThan(200);
  });

  test('the arrow keys reach the last row', async () => {
    const page = await open('many', '?sort=id');
    await page.locator('tbody a').first().focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('tbody a:focus .id').textContent())
      .toBe('ds010000');
    await page.keyboard.press('PageUp');
    await expect
      .poll(() => page.locator('tbody a:focus .id').textContent())
      .not.toBe('ds010000');
  });
});

test('above 20,000 datasets the summary comes in parts and is whole in the end', async () => {
  const page = await open('sharded', '?q=ds045000');
  await expect.poll(() => page.locator('tbody .id').allTextContents()).toEqual(['ds045000']);
  expect(await page.locator('.card.all .count').textContent()).toBe('45,000');
  const other = await open('sharded', 'dataset.html?id=ds044999', { expected: ['404'] });
  await expect.poll(() => other.locator('h1 .badge').count()).toBe(1);
});

test('the figures', () => {
  console.log(figures.join('\n'));
  expect(figures.length).toBeGreaterThan(5);
});

async function throttle(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', { offline: false, ...FOUR_G });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

async function watchTasks(page: Page, from: 'now' | 'from the start' = 'now'): Promise<void> {
  const watch = () => {
    const longTasks: number[] = [];
    Object.assign(globalThis, { longTasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTasks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  };
  if (from === 'now') await page.evaluate(watch);
  else await page.addInitScript(watch);
}

const longestTask = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks),
  );
