// Screenshots of the page for review, over the recorded tree: each view at each width, light and
// dark, with forced colours, and as a page of paper.
//
//   npm run screenshots [-- --out DIR] [--views main,sample] [--widths 390,1280] [--looks dark]
//
// By default all of them, into screenshots/, which is not kept. `npm run screenshots -- --docs`
// updates the pictures of the documents, which are kept, and records which page they show
// (test/lib/pictures.test.ts).

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContextOptions } from 'playwright-core';
import { buildSite } from '../../lib/website/site.ts';
import { writeSite } from '../../scripts/build-site.ts';
import { guarded, launch, print } from './support/browser.ts';
import { IDS, watchedArchive, worldOf } from './support/history-world.ts';
import { PICTURES, PICTURES_FOLDER, SCREENS, SHOWN, siteDigest } from './support/pictures.ts';
import { changedWorld, serve } from './support/server.ts';
import { liveWorld, pickFrom, recordedWorld, report, sampleWorld } from './support/worlds.ts';

interface View {
  readonly name: string;
  readonly world: string;
  readonly path: string;
  /** Present once the view is complete. */
  readonly ready: string;
  readonly click?: string;
  readonly whole?: boolean;
}

const sample = await sampleWorld();
const faulty = pickFrom(sample.summary.datasets)((row) => (row.s3FilesAdded ?? 0) > 0);

const VIEWS: readonly View[] = [
  { name: 'main', world: 'recorded', path: '', ready: '.since a' },
  {
    name: 'filtered',
    world: 'recorded',
    path: '?status=error&issue=s3Files:files-missing&sort=-missing',
    ready: 'tbody a',
  },
  {
    name: 'differences',
    world: 'recorded',
    path: 'dataset.html?id=ds005810',
    ready: '[role="tree"]',
    click: '.unasked button',
    whole: true,
  },
  {
    name: 'healthy',
    world: 'recorded',
    path: 'dataset.html?id=ds000001',
    ready: '.snapshots td .ok',
    whole: true,
  },
  {
    name: 'faulty',
    world: 'live',
    path: `dataset.html?id=${faulty.id}`,
    ready: '.cause',
    whole: true,
  },
  {
    name: 'hostile',
    world: 'live',
    path: `dataset.html?id=${sample.hostile}`,
    ready: '[role="tree"]',
    whole: true,
  },
  {
    name: 'unmeasured',
    world: 'outage',
    path: `dataset.html?id=${faulty.id}`,
    ready: '.attempt',
    whole: true,
  },
  { name: 'plain', world: 'recorded', path: 'data/summary.html', ready: 'tbody tr' },
  { name: 'stale', world: 'stale', path: '', ready: '.banner' },
  { name: 'sample', world: 'sample', path: '', ready: '.since a' },
  // After a year of daily runs (support/history-world.ts).
  { name: 'year', world: 'year', path: '', ready: '.since a' },
  {
    name: 'year-trend',
    world: 'year',
    path: '',
    ready: '.chart canvas',
    click: '.trend summary',
    whole: true,
  },
  { name: 'year-changes', world: 'year', path: 'changes.html', ready: '.day li', whole: true },
  {
    name: 'year-dataset',
    world: 'year',
    path: `dataset.html?id=${IDS.flaps}`,
    ready: '.past li, .past svg',
    whole: true,
  },
  ...['ok', 'filesMissing'].map((name) => ({
    name: `year-badge-${name}`,
    world: 'year',
    path: `data/datasets/${name === 'ok' ? IDS.mendedToday : IDS.filesMissing}/badge.svg`,
    ready: 'svg',
  })),
  { name: 'year-feed', world: 'year', path: 'data/feeds/openneuro.atom', ready: 'pre' },
];

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
  print: { colorScheme: 'light' },
};

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    docs: { type: 'boolean', default: false },
    views: { type: 'string', default: VIEWS.map(({ name }) => name).join() },
    widths: { type: 'string', default: Object.keys(SCREENS).join() },
    looks: { type: 'string', default: Object.keys(LOOKS).join() },
  },
});
const chosenOf = <T>(all: Readonly<Record<string, T>>, names: string): [string, T][] =>
  Object.entries(all).filter(([name]) => names.split(',').includes(name));
const out = values.docs ? PICTURES_FOLDER : resolve(values.out);
await mkdir(out, { recursive: true });
const site = await mkdtemp(join(tmpdir(), 'mirrorwatch-site-'));
await writeSite(site);
const recorded = await recordedWorld();
const base = recorded ?? sample;
if (values.docs && recorded === null) throw new Error('the pictures need the recorded tree');
const held = report({
  run: {
    outcome: 'held',
    finishedAt: '2026-08-02T08:31:07.000Z',
    why: ['6.2 % of the datasets could not be verified; a run may leave 5 % so.'],
  },
});
const server = await serve(site, {
  sample: sample.world,
  live: liveWorld(sample.world),
  outage: sample.outage,
  ...(recorded && { recorded: recorded.world }),
  ...(values.docs ? {} : { year: worldOf(await watchedArchive(0, -365)) }),
  stale: changedWorld(base.world, { 'status.json': JSON.stringify(held) }),
});
const browser = await launch();
/** Three hours after the year's last run. */
const YEAR_END = new Date('2026-08-01T03:00:00.000Z');
const now = new Date(Date.parse(base.summary.lastUpdated) + 3 * 3_600_000);
try {
  for (const [width, [height, deviceScaleFactor]] of chosenOf(SCREENS, values.widths)) {
    for (const [look, options] of chosenOf(LOOKS, values.looks)) {
      const context = await browser.open({
        viewport: { width: Number(width), height },
        deviceScaleFactor,
        ...options,
      });
      for (const { name, world, path, ready, click, whole = false } of VIEWS) {
        if (world === 'recorded' && recorded === null) continue;
        const shot = `${name}-${width}-${look}`;
        const picture = PICTURES[shot];
        if (values.docs ? picture === undefined : !values.views.split(',').includes(name)) continue;
        const { page } = await guarded(context);
        await page.clock.setFixedTime(world === 'year' ? YEAR_END : now);
        await page.goto(server.address(world) + path);
        if (click) await page.locator(click).click();
        await page.locator(ready).first().waitFor();
        await page.waitForLoadState('networkidle');
        if (look === 'print') await print(page);
        const file = join(out, values.docs ? `${picture}` : `${shot}.png`);
        // A photograph's format is smaller, and these show only what is first in sight.
        const isPhoto = file.endsWith('.jpg');
        if (isPhoto) await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({
          path: file,
          ...(isPhoto ? { type: 'jpeg', quality: 60, scale: 'css' } : { fullPage: whole }),
        });
        console.log(file);
        await page.close();
      }
      await context.close();
    }
  }
  if (values.docs) await writeFile(SHOWN, `${siteDigest(await buildSite())}\n`);
} finally {
  await browser.close();
  await server.close();
  await rm(site, { recursive: true, force: true });
}
