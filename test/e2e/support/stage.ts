// A browser, the freshly built page and some worlds, opened for one test file.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';
import type { Archive } from '../../../core/monitor/archive.ts';
import { type WrittenSite, writeSite } from '../../../scripts/build-site.ts';
import { type Chromium, guarded, launch } from './browser.ts';
import { serve, type TestServer, type World } from './server.ts';

export const WIDE = { width: 1280, height: 860 } as const;
export const NARROW = { width: 390, height: 844 } as const;
/** A few hours after the worlds' runs: no data is stale unless a test says so. */
export const NOW = '2026-08-01T11:40:00.000Z';

export interface Stage<S extends TestServer = TestServer> {
  readonly built: WrittenSite;
  readonly server: S;
  /** Opens a page of a world in its own context. Its violations are checked after the test. */
  open(world: string, path?: string, options?: OpenOptions): Promise<Page>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Parts of console errors that the test provokes. */
  readonly expected?: readonly string[];
  /** The page's clock; null leaves the real one, for measuring. */
  readonly now?: string | null;
}

/** Call it at the top of a test file; it closes itself. */
export const openStage = (
  worlds: Readonly<Record<string, World>>,
  archives?: readonly Archive[],
): Promise<Stage> => openStageOf((site) => serve(site, worlds), archives);

/** @param start serves the page that is in a folder */
export async function openStageOf<S extends TestServer>(
  start: (site: string) => Promise<S>,
  archives?: readonly Archive[],
): Promise<Stage<S>> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-site-'));
  const built = await writeSite(folder, archives);
  const server = await start(folder);
  const browser: Chromium = await launch();
  const opened: { readonly wrongs: string[]; readonly close: () => Promise<void> }[] = [];

  afterEach(async () => {
    const wrongs = opened.flatMap((page) => page.wrongs);
    await Promise.all(opened.splice(0).map((page) => page.close()));
    expect(wrongs, 'what a page did and must not').toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    built,
    server,
    async open(world, path = '', { expected = [], now = NOW, ...options } = {}) {
      const context = await browser.open({ viewport: WIDE, ...options });
      const { page, wrongs } = await guarded(context, expected);
      opened.push({ wrongs, close: () => context.close() });
      if (now !== null && options.javaScriptEnabled !== false) {
        await page.clock.setFixedTime(new Date(now));
      }
      await page.goto(server.address(world) + path);
      if (options.javaScriptEnabled !== false) await settled(page);
      return page;
    },
  };
}

/**
 * Waits until the page shows its data, or says why it cannot. The plain summary waits for nothing,
 * and collapsed parts are loaded when they are opened.
 */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const root = document.getElementById('page');
    return !root || (root.firstElementChild && !root.querySelector('.waiting:not(details *)'));
  });
}

/** Ids of the rows on the screen, in order. */
export const idsOn = (page: Page): Promise<string[]> => page.locator('tbody .id').allTextContents();
