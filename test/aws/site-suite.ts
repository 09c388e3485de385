// What a visitor of the deployment gets: the page and the plain page, from the bucket, in a
// browser; and what happens to the files of older builds.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { PREFIXES } from '../../lambdas/names.ts';
import { headersOf } from '../../lambdas/site/headers.ts';
import { type Chromium, guarded, launch } from '../e2e/support/browser.ts';
import { changePage, copyCheckout } from '../support/checkout.ts';
import { filesBelow } from '../support/tree.ts';
import { type Deployment, inCheckout } from './deployment.ts';
import { type Front, startFront } from './front.ts';

const RESULTS = Object.values(PREFIXES);
const isResult = (key: string) => RESULTS.some((prefix) => key.startsWith(prefix));

/** The site's keys in the bucket. */
async function published(deployment: Deployment): Promise<string[]> {
  const keys = [...(await deployment.written('')).keys()];
  return keys.filter((key) => !isResult(key)).sort();
}

/** The output of `npm run build:site` in a checkout. */
async function builtIn(checkout: string | undefined): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-site-'));
  try {
    const build = ['run', '--silent', 'build:site', '--', '--out', folder, '--quiet'];
    const { code, stderr } = await inCheckout('npm', build, checkout);
    expect(code, stderr).toBe(0);
    return filesBelow(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function expectBytes(deployment: Deployment, site: Map<string, Buffer>): Promise<void> {
  for (const [path, bytes] of site) {
    expect(bytes.equals(await deployment.readBytes(path)), path).toBe(true);
    const { ContentType, CacheControl } = headersOf(path);
    expect(await deployment.headers(path), path).toEqual([ContentType, CacheControl]);
  }
}

/** Unfilled placeholders of the page's templates; a dataset's name may hold `{{7*7}}`. */
const unfilledIn = (html: string) => html.match(/\{\{[\w. ]+\}\}/g) ?? [];

/** @param deployed the deployment, after a full run */
export function visitorTests(deployed: () => Deployment): void {
  let browser: Chromium;
  let front: Front;
  beforeAll(async () => {
    browser = await launch();
    front = await startFront(deployed().s3, deployed().outputs.BucketName);
  });
  afterAll(async () => {
    await browser?.close();
    await front?.close();
  });

  /** Opens a page and looks at it; any violation fails the test. */
  async function visit(
    path: string,
    look: (page: Page) => Promise<void>,
    javaScriptEnabled = true,
  ): Promise<void> {
    const context = await browser.open({ javaScriptEnabled });
    const { page, wrongs } = await guarded(context);
    page.on('requestfailed', (request) => {
      const error = request.failure()?.errorText;
      // A page that is left no longer needs its pending requests.
      const left = error === 'net::ERR_ABORTED';
      const refused = !javaScriptEnabled && request.resourceType() === 'script';
      if (!left && !refused) wrongs.push(`${error}: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (!response.ok()) wrongs.push(`${response.status()}: ${response.url()}`);
    });
    try {
      await page.goto(front.url + path);
      await look(page);
      expect(unfilledIn(await page.content())).toEqual([]);
      expect(wrongs, path).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const rows = async () => {
    const { datasets } = JSON.parse(await deployed().read('data/all-datasets.json')) as Summary;
    return datasets;
  };

  test('the bucket holds the bytes of `npm run build:site`, with their headers, and no other file', async () => {
    const site = await builtIn(undefined);
    expect(await published(deployed())).toEqual([...site.keys()].sort());
    await expectBytes(deployed(), site);
  });

  test('the page shows the datasets', async () => {
    const { length } = await rows();
    await visit('', async (page) => {
      await page.locator('tbody tr .id').first().waitFor();
      expect(await page.locator('.found b').textContent()).toBe(`${length}`);
      expect(await page.locator('h1').textContent()).toContain(`of ${length} datasets`);
    });
  });

  test.each(['ok', 'error'])('a dataset that is %s has a page', async (status) => {
    const { id } = (await rows()).find((row) => row.status === status) ?? { id: 'none' };
    await visit(`dataset.html?id=${id}`, async (page) => {
      await page.locator('h1').getByText(id).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.locator('.waiting:not(details *)').count()).toBe(0);
    });
  });

  test('the plain page shows what is wrong, in its own style', async () => {
    const wrong = (await rows()).filter(({ status }) => status === 'error');
    await visit('data/summary.html', async (page) => {
      expect(await page.locator('tbody tr').count()).toBe(wrong.length);
      const family = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
      expect(family).not.toMatch(/^"?Times/);
    });
  });

  test('who has no JavaScript is led to the plain page', async () => {
    const lead = async (page: Page) => page.waitForURL(`${front.url}data/summary.html`);
    await visit('', lead, false);
  });
}

/** @param deploy deploys a checkout over the deployment */
export function laterBuildTests(
  deployed: () => Deployment,
  deploy: (checkout: string) => Promise<unknown>,
): void {
  let checkout: string;
  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'mirrorwatch-checkout-'));
    await copyCheckout(checkout);
  });
  afterAll(() => rm(checkout, { recursive: true }));

  test('the files of the last build stay, those of older ones go, and results are not touched', async () => {
    const deployment = deployed();
    const a = await published(deployment);
    const results = async () =>
      [...(await deployment.written(''))].filter(([key]) => isResult(key)).sort();
    const before = await results();
    const build = async (mark: string) => {
      await changePage(checkout, mark);
      await deploy(checkout);
      const site = await builtIn(checkout);
      await expectBytes(deployment, site);
      return [...site.keys()];
    };

    const b = await build('b');
    expect(await published(deployment)).toEqual([...new Set([...a, ...b])].sort());
    const c = await build('c');
    expect(await published(deployment)).toEqual([...new Set([...b, ...c])].sort());
    // A script and a style at least; otherwise there was nothing to remove.
    expect(a.filter((key) => !b.includes(key) && !c.includes(key)).length).toBeGreaterThan(1);
    expect(await results()).toEqual(before);
  });
}
