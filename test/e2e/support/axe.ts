// What axe finds wrong with a page.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  readonly axe: { run(options: RunOptions): Promise<AxeResults> };
}

export async function violations(page: Page): Promise<string[]> {
  // Evaluated through the tests' own channel: the page's policy lets no script in.
  await page.evaluate(axe);
  const results = await page.evaluate(() =>
    // Not on by default: the size of targets (WCAG 2.2, 2.5.8).
    (globalThis as unknown as Axe).axe.run({ rules: { 'target-size': { enabled: true } } }),
  );
  expect(results.passes.length).toBeGreaterThan(15);
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  );
}
