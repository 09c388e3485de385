// The page's budgets, measured: bytes, time to rows on a slow machine and network, and the cost of
// filtering 10,000 datasets. The figures are printed.

import { cpus, loadavg } from 'node:os';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { compactSummary } from '../../core/documents/compact-write.ts';
import type { CheckRow, Row, Rows } from '../../core/documents/rows.ts';
import { createRandom } from '../../sample/bytes.ts';
import { BUDGETS } from '../../scripts/build-site.ts';
import { asRows } from '../support/legacy.ts';
import { cpuTime, FOUR_G, throttle } from './support/cpu-time.ts';
import { longestTask } from './support/measure.ts';
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

const FIRST_DATA = 30 * 1024;
const DAY = 86_400_000;

const figures: string[] = [];
const tell = (what: string, value: string) => figures.push(`${what}: ${value}`);

test('the measurement detects a long task', async () => {
  const page = await open('many', '', { now: null });
  await page.locator('tbody a').first().waitFor();
  const spin = (wanted: number) =>
    page.evaluate((milliseconds) => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    }, wanted);
  // Other work may hold the processor while the clock runs, so the task is at most this long.
  const longest = await longestTask(page, () => spin(4000));
  expect(longest).toBeGreaterThan(200);
  expect(longest).toBeLessThan(5000);
});

test('scripts and styles stay in their budgets', () => {
  const { js = 0, css = 0 } = built.pages['index.html'] ?? {};
  tell(
    'main page',
    `${(js / 1024).toFixed(1)} KB of scripts, ${(css / 1024).toFixed(1)} KB of style`,
  );
  expect(js).toBeGreaterThan(5_000);
  expect(js).toBeLessThanOrEqual(BUDGETS.js);
  expect(css).toBeLessThanOrEqual(BUDGETS.css);
});

describe.skipIf(recorded === null)('over the recorded archive', () => {
  test('the first data of 1,850 datasets is at most 30 KB compressed, with every check made', () => {
    const summary = asRows(recorded?.summary as Summary);
    const datasets = withEveryCheck(summary, 1850);
    const [part] = compactSummary(CATALOGUE, { ...summary, datasets }).values();
    // As the scripts are measured (scripts/build-site.ts).
    const size = gzipSync(JSON.stringify(part), { level: 9 }).length;
    tell('first data of 1,850 datasets', `${(size / 1024).toFixed(1)} KB`);
    expect(part?.columns.id).toHaveLength(1850);
    expect(size).toBeGreaterThan(20 * 1024);
    expect(size).toBeLessThanOrEqual(FIRST_DATA);
  });

  test('rows are visible within a second on 4G and a slow machine, without a shift', async () => {
    // Other work on the machine only adds time: the best of some visits is the page's own.
    const visits = [];
    for (let visit = 0; visit < 5; visit++) visits.push(await timedVisit());
    const { rows, shift } = visits.reduce((best, each) => (each.rows < best.rows ? each : best));
    const busy = loadavg()[0] as number;
    tell(
      'rows visible on 4G, 4x slower CPU',
      `${Math.round(rows)} ms, layout shift ${shift.toFixed(3)} (load ${busy.toFixed(1)} on ${cpus().length} cores)`,
    );
    const reckoned = await reckonedVisit();
    tell('the same, reckoned from bytes and CPU time', `${Math.round(reckoned)} ms`);
    expect(reckoned).toBeLessThan(1000);
    expect(rows).toBeGreaterThan(0);
    // On a busy machine the clock also measures the other work.
    if (busy <= cpus().length / 2) expect(rows).toBeLessThan(1000);
    expect(shift).toBeLessThan(0.02);
  });
});

describe('10,000 datasets', () => {
  test('filtering costs less than 50 ms of scripting, and no task is longer than 200 ms', async () => {
    const page = await open('many', '', { now: null });
    await page.locator('tbody a').first().waitFor();
    await page.locator('bdi.title').first().waitFor();
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ['an issue', () => page.getByRole('button', { name: /^Files missing/ }).click()],
      ['no filter', () => page.getByRole('button', { name: 'Clear filters' }).click()],
      ['a status', () => page.locator('.card.warning').click()],
      ['a search in it', () => page.getByRole('searchbox').fill('sleep')],
      ['a search in all', () => page.locator('.card.all').click()],
    ];
    for (const [what, act] of steps) {
      const found = await page.locator('.found').textContent();
      const { scripts: cost } = await cpuTime(page, async () => {
        await act();
        await page.waitForFunction(
          (before) => document.querySelector('.found')?.textContent !== before,
          found,
        );
      });
      tell(`10,000 datasets, ${what}`, `${cost.toFixed(1)} ms of scripting`);
      expect(cost).toBeLessThan(50);
    }
    const longest = await longestTask(page, async () => {
      await page.locator('.card.error').click();
      await page.getByRole('button', { name: 'Mirror', exact: true }).click();
      await page.locator('th.c-mirror[aria-sort="descending"]').waitFor();
      for (let at = 0; at <= 10; at++) {
        await page.evaluate((part) => scrollTo(0, part * document.body.scrollHeight), at / 10);
        await expect.poll(() => page.locator('tbody a').count()).toBeGreaterThan(10);
      }
    });
    tell('10,000 datasets, longest task', `${Math.round(longest)} ms`);
    expect(longest).toBeLessThan(200);
    expect(await page.locator('tbody tr').count()).toBeLessThan(90);
  });

  test('opening the page holds no task longer than 200 ms', async () => {
    const page = await open('many', '', { now: null });
    const longest = await longestTask(page, async () => {
      await page.reload();
      await page.locator('bdi.title').first().waitFor();
    });
    tell('10,000 datasets, longest task while opening', `${Math.round(longest)} ms`);
    expect(longest).toBeLessThan(200);
  });

  test('the arrow keys reach the last row', async () => {
    const page = await open('many', '?sort=id');
    await page.locator('tbody a').first().focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('tbody a:focus .id').textContent()).toBe('ds010000');
    await page.keyboard.press('PageUp');
    await expect.poll(() => page.locator('tbody a:focus .id').textContent()).not.toBe('ds010000');
  });
});

test('above 20,000 datasets the summary comes in parts, and all rows are shown in the end', async () => {
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

/**
 * The recorded rows, as if every check had been made: it was recorded before the content checks.
 * Numbers and times are made up, and as little alike as real ones.
 */
function withEveryCheck({ datasets, lastUpdated }: Rows, count: number): Row[] {
  const end = Date.parse(lastUpdated);
  const random = createRandom('first data');
  const fine = {
    status: 'ok',
    subtype: null,
    findings: [],
    since: null,
    lastAttempt: null,
  } as const;
  return Array.from({ length: count }, (_, place): Row => {
    const row = datasets[place % datasets.length] as Row;
    const at = row.checks.s3Files?.at ?? null;
    const files = Math.floor(Math.exp(3 + 7 * random.next()));
    // 99.9 % are compared by content (docs/performance.md).
    const size = Math.floor(files * 0.02 * random.next());
    const none = Math.floor(files * 0.002 * random.next());
    // Good answers hold for days, and each dataset has its own day. A run has one start.
    const asked = new Date(end - random.int(0, 29) * DAY).toISOString();
    const day = random.int(0, 200);
    const since = new Date(end - day * DAY - ((day * 7919) % 600) * 1000).toISOString();
    const made = (own: Partial<CheckRow>): CheckRow => ({
      ...fine,
      ...{ at, version: null, numbers: {}, notCompared: null },
      ...own,
    });
    const isLong = random.next() < 0.3;
    // Of one in ten the worst finding began on another day than the status.
    const others = Object.entries(row.checks).map(([id, own]): [string, CheckRow] => {
      const { added } = own.numbers;
      const numbers = added ? { expected: added + files } : {};
      const isOther = random.next() < 0.1;
      return [
        id,
        {
          ...own,
          since: isOther
            ? new Date(end - random.int(0, 200) * DAY).toISOString()
            : isLong
              ? since
              : null,
          numbers: { ...own.numbers, ...numbers },
        },
      ];
    });
    return {
      ...row,
      id: place < datasets.length ? row.id : `ds9${String(place).padStart(5, '0')}`,
      since: isLong ? since : null,
      checks: {
        ...Object.fromEntries(others),
        s3Content: made({ numbers: { content: files - size - none, size, none } }),
        s3Access: made({}),
        annexRecord: made({ version: row.version }),
        doi: made({ at: asked }),
        deprecated: made({ at: asked }),
      },
    };
  });
}

interface Visit {
  /** Milliseconds from the start of the navigation to the frame that shows the first rows. */
  readonly rows: number;
  /** Layout shift of the whole visit. */
  readonly shift: number;
}

async function timedVisit(): Promise<Visit> {
  const page = await open('recorded', '', { now: null });
  await throttle(page);
  await page.addInitScript(() => {
    const times = { rows: 0, shift: 0 };
    Object.assign(globalThis, { times });
    new MutationObserver((_, observer) => {
      if (!document.querySelector('tbody a')) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        times.rows = performance.now();
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
  const visit = await page.evaluate(() => (globalThis as unknown as { times: Visit }).times);
  await page.context().close();
  return visit;
}

/**
 * Milliseconds to the rows on an idle machine: two round trips (the page, then all it names at
 * once), the bytes, and four times the CPU time of the page's main thread.
 */
async function reckonedVisit(): Promise<number> {
  const page = await open('recorded', '', { now: null });
  await page.locator('tbody a').first().waitFor();
  const bytes = await page.evaluate(() =>
    performance
      .getEntries()
      .map((entry) => (entry as PerformanceResourceTiming).transferSize ?? 0)
      .reduce((sum, size) => sum + size, 0),
  );
  // Other work on the machine costs even CPU time: the least of some visits is the page's own.
  let tasks = Number.POSITIVE_INFINITY;
  for (let visit = 0; visit < 3; visit++) {
    const cpu = await cpuTime(page, async () => {
      await page.reload();
      await page.locator('tbody a').first().waitFor();
    });
    tasks = Math.min(tasks, cpu.tasks);
  }
  expect(bytes).toBeGreaterThan(20_000);
  return 2 * FOUR_G.latency + (1000 * bytes) / FOUR_G.downloadThroughput + 4 * tasks;
}
