// The list of datasets in a browser, at 10,000 and at 100,000 rows, beside the predecessor's page:
//
//   node test/bench/page.ts [--predecessor FOLDER] [--runs N]
//
// FOLDER is a checkout of the predecessor (index.html, js/, css/). Its style sheet from a content
// delivery network is read from css/pico.min.css there. Without it only our page is measured. The
// pages take turns, each visit with an empty cache; the table has the medians.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { writeSite } from '../../scripts/build-site.ts';
import { type Chromium, launch } from '../e2e/support/browser.ts';
import { cpuTime, throttle } from '../e2e/support/cpu-time.ts';
import { serve, type World } from '../e2e/support/server.ts';
import { manyWorld } from '../e2e/support/worlds.ts';

interface Subject {
  readonly name: string;
  readonly rows: number;
  readonly address: string;
  readonly search: string;
  /** Sorts by how many files differ. */
  readonly sort: (page: Page) => Locator;
  /** The page of another site needs more than our policy allows. */
  readonly isForeign: boolean;
}

interface Visit {
  /** Milliseconds from the start of the navigation until the first rows are painted; of CPU: all of loading. */
  readonly firstRow: Step;
  /** The same on a slow machine and network. */
  readonly firstRowSlow: number;
  /** Milliseconds from a key in the search until the rows are painted, and of CPU. */
  readonly key: Step;
  readonly sort: Step;
  /** Megabytes of the page's process. */
  readonly memory: number;
  /** Megabytes of JavaScript objects. */
  readonly heap: number;
  readonly nodes: number;
  /** Kilobytes that came over the network. */
  readonly received: number;
}

interface Step {
  readonly clock: number;
  readonly cpu: number;
}

const MB = 1024 * 1024;
const SIZE = { width: 1280, height: 860 } as const;

/** Documents of the predecessor's page, in the form in which it writes them. */
function predecessorWorld(datasets: readonly SummaryRow[], lastUpdated: string): World {
  const rows = datasets.map((row) => ({
    id: row.id,
    status: row.status,
    checks: row.checks,
    s3Blocked: row.s3Blocked,
    lastChecked: row.lastChecked,
    s3FilesAdded: row.s3FilesAdded,
    s3FilesRemoved: row.s3FilesRemoved,
    issueSubtypes: row.issueSubtypes,
    githubVersion: row.githubVersion,
    s3Version: row.s3Version,
    latestSnapshotDate: row.latestSnapshotDate,
  }));
  const latestSnapshots = Object.fromEntries(
    datasets.map(({ id, latestSnapshot }) => [id, latestSnapshot]),
  );
  const registry = { lastChecked: lastUpdated, totalCount: datasets.length, latestSnapshots };
  const files = new Map([
    [SUMMARY_PATH, JSON.stringify({ lastUpdated, datasets: rows }, null, 2)],
    [REGISTRY_PATH, JSON.stringify(registry, null, 2)],
  ]);
  return (path) => files.get(path);
}

/** Milliseconds from an action's first event until the changed rows are painted. */
async function untilPainted(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const painted = new Promise<number>((done) => {
      let began = 0;
      for (const name of ['keydown', 'pointerdown']) {
        addEventListener(
          name,
          (event) => {
            began ||= event.timeStamp;
          },
          { capture: true },
        );
      }
      const observer = new MutationObserver(() => {
        if (began === 0) return;
        observer.disconnect();
        // A timer in a frame runs after the frame was painted.
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
      });
      const rows = document.querySelector('tbody') as HTMLElement;
      observer.observe(rows, { childList: true, subtree: true, characterData: true });
    });
    Object.assign(globalThis, { painted });
  });
  await act();
  return page.evaluate(() => (globalThis as unknown as { painted: Promise<number> }).painted);
}

async function step(page: Page, act: () => Promise<void>): Promise<Step> {
  let clock = 0;
  const { tasks } = await cpuTime(page, async () => {
    clock = await untilPainted(page, act);
  });
  return { clock, cpu: tasks };
}

interface Opened {
  readonly page: Page;
  readonly firstRow: Step;
}

async function openPage(browser: Chromium, subject: Subject, isSlow: boolean): Promise<Opened> {
  const context = await browser.open({ viewport: SIZE, bypassCSP: subject.isForeign });
  const page = await context.newPage();
  if (subject.isForeign) {
    await page.route('https://cdn.jsdelivr.net/**', (route) =>
      route.fulfill({ contentType: 'text/css', body: PICO }),
    );
  }
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('tbody a')) return;
      observer.disconnect();
      requestAnimationFrame(() =>
        setTimeout(() => Object.assign(globalThis, { firstRow: performance.now() })),
      );
    }).observe(document, { childList: true, subtree: true });
  });
  if (isSlow) await throttle(page);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(subject.address);
  await page.waitForFunction(() => 'firstRow' in globalThis, null, { timeout: 120_000 });
  await page.waitForLoadState('networkidle');
  const { metrics } = await session.send('Performance.getMetrics');
  const { value = Number.NaN } = metrics.find(({ name }) => name === 'TaskDuration') ?? {};
  await session.detach();
  const clock = await page.evaluate(() => (globalThis as unknown as { firstRow: number }).firstRow);
  return { page, firstRow: { clock, cpu: 1000 * value } };
}

/** Megabytes of the largest page process of the browser. */
async function processMemory(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
  const sizes = processInfo.flatMap(({ id, type }) => {
    if (type !== 'renderer') return [];
    const [, kilobytes = '0'] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
    return [(Number(kilobytes) * 1024) / MB];
  });
  return Math.max(...sizes);
}

async function visit(subject: Subject): Promise<Visit> {
  const slow = await inBrowser((browser) => openPage(browser, subject, true));
  return inBrowser(async (browser) => {
    const { page, firstRow } = await openPage(browser, subject, false);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const read = async (wanted: string) => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    };
    await session.send('HeapProfiler.collectGarbage');
    const heap = (await read('JSHeapUsedSize')) / MB;
    const nodes = await read('Nodes');
    const memory = await processMemory(page);
    await page.locator(subject.search).focus();
    const key = await step(page, () => page.keyboard.press('9'));
    await page.keyboard.press('Backspace');
    await page.waitForTimeout(1000);
    const sort = await step(page, () => subject.sort(page).click());
    const received = await page.evaluate(() =>
      performance
        .getEntries()
        .reduce((sum, one) => sum + ((one as PerformanceResourceTiming).transferSize ?? 0), 0),
    );
    return {
      firstRow,
      firstRowSlow: slow.firstRow.clock,
      key,
      sort,
      memory,
      heap,
      nodes,
      received: received / 1024,
    };
  });
}

async function inBrowser<T>(use: (browser: Chromium) => Promise<T>): Promise<T> {
  const browser = await launch();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function line({ name, rows }: Subject, visits: readonly Visit[]): string {
  const of = (value: (visit: Visit) => number) => median(visits.map(value));
  const ms = (value: (visit: Visit) => number) =>
    `${Math.round(of(value)).toLocaleString('en')} ms`;
  const cells = [
    name,
    rows.toLocaleString('en'),
    `${ms(({ firstRow }) => firstRow.clock)} (${ms(({ firstRow }) => firstRow.cpu)})`,
    ms((one) => one.firstRowSlow),
    `${ms(({ key }) => key.clock)} (${ms(({ key }) => key.cpu)})`,
    `${ms(({ sort }) => sort.clock)} (${ms(({ sort }) => sort.cpu)})`,
    `${Math.round(of(({ memory }) => memory))} MB`,
    `${Math.round(of(({ heap }) => heap))} MB`,
    Math.round(of(({ nodes }) => nodes)).toLocaleString('en'),
    `${Math.round(of(({ received }) => received)).toLocaleString('en')} KB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEAD = [
  'page',
  'rows',
  'first row (CPU of loading)',
  'first row, slow',
  'key in the search (CPU)',
  'sort (CPU)',
  'memory',
  'objects',
  'nodes',
  'received',
];

const load = loadavg()[0] as number;
const { values } = parseArgs({
  options: {
    predecessor: { type: 'string', default: process.env.MIRRORWATCH_PREDECESSOR ?? '' },
    runs: { type: 'string', default: '5' },
  },
});
const predecessor = values.predecessor === '' ? null : resolve(values.predecessor);
const PICO = predecessor ? readFileSync(join(predecessor, 'css/pico.min.css')) : '';
const site = await mkdtemp(join(tmpdir(), 'mirrorwatch-site-'));
await writeSite(site);
const [many, most] = [manyWorld(10_000), manyWorld(100_000)];
const own = await serve(site, { many: many.world, most: most.world });
const { lastUpdated, datasets } = many.summary;
const other = predecessor
  ? await serve(predecessor, { many: predecessorWorld(datasets, lastUpdated) })
  : null;
const ours = {
  name: 'Mirrorwatch',
  search: 'input[type="search"]',
  sort: (page: Page) => page.getByRole('button', { name: 'Missing', exact: true }),
  isForeign: false,
};
const subjects: readonly Subject[] = [
  ...(other
    ? [
        {
          name: 'predecessor',
          rows: 10_000,
          address: other.address('many'),
          search: '#search-box',
          sort: (page: Page) => page.locator('th[data-column="diffSize"]'),
          isForeign: true,
        },
      ]
    : []),
  { ...ours, rows: 10_000, address: own.address('many') },
  { ...ours, rows: 100_000, address: own.address('most') },
];
try {
  if (other === null) console.log('No --predecessor: only our page is measured.');
  const visits = new Map<Subject, Visit[]>(subjects.map((subject) => [subject, []]));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [subject, done] of visits) done.push(await visit(subject));
  }
  const lines = Array.from(visits, ([subject, done]) => line(subject, done));
  console.log(`load before: ${load.toFixed(1)} on ${cpus().length} cores`);
  console.log([`| ${HEAD.join(' | ')} |`, `|${' --- |'.repeat(HEAD.length)}`, ...lines].join('\n'));
} finally {
  await own.close();
  await other?.close();
  await rm(site, { recursive: true, force: true });
}
