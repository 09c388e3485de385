// Debian's Chromium, and pages that record forbidden actions: opening a dialog, logging an error,
// requesting anything off the origin, or breaking the content security policy.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Debian's; MIRRORWATCH_CHROMIUM names another. */
const CHROMIUM = process.env.MIRRORWATCH_CHROMIUM ?? '/usr/bin/chromium';

const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Chromium refuses its sandbox to root, and containers run as root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export interface Chromium {
  readonly open: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  readonly close: () => Promise<void>;
}

export async function launch(): Promise<Chromium> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `no browser at ${CHROMIUM}: apt-get install chromium, or name one in MIRRORWATCH_CHROMIUM`,
    );
  }
  const profile = await mkdtemp(join(tmpdir(), 'mirrorwatch-e2e-'));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
    env: { HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
  });
  return {
    open: (options) => browser.newContext(options),
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

export interface GuardedPage {
  readonly page: Page;
  /** The page's forbidden actions; empty if all is well. */
  readonly wrongs: string[];
}

/** @param expected parts of console errors that a test provokes, such as a document's 404 */
export async function guarded(
  context: BrowserContext,
  expected: readonly string[] = [],
): Promise<GuardedPage> {
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('dialog', async (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = `${message.type()}: ${message.text()} ${message.location().url}`;
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!expected.some((part) => text.includes(part))) wrongs.push(text);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const own = page.url() === 'about:blank' || origin === new URL(page.url()).origin;
    if (!own && protocol !== 'blob:' && protocol !== 'data:') {
      wrongs.push(`request off the origin: ${request.url()}`);
    }
  });
  await page.exposeFunction('reportViolation', (text: string) => wrongs.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportViolation: (text: string) => void })
        .reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { page, wrongs };
}

/**
 * Switches a page to print, and waits until the page is notified: its own listeners are older than
 * this one, so they have been called. A frame is no such sign, since a fixed clock makes frames
 * timers.
 */
export async function print(page: Page): Promise<void> {
  await page.evaluate(() => {
    const paper = matchMedia('print');
    const told = new Promise((resolve) =>
      paper.addEventListener('change', resolve, { once: true }),
    );
    Object.assign(window, { told });
  });
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => (window as unknown as { told: Promise<unknown> }).told.then(() => {}));
}
