// The history on the page, over an archive that was watched for two months.

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Changes, MonthCounts } from '../../core/history/documents.ts';
import { violations } from './support/axe.ts';
import { cpuTime } from './support/cpu-time.ts';
import {
  HOSTILE_ID,
  HOSTILE_NAME,
  IDS,
  idOf,
  tenYears,
  watchedArchive,
  worldOf,
} from './support/history-world.ts';
import { changedWorld } from './support/server.ts';
import { NARROW, openStage } from './support/stage.ts';

const store = await watchedArchive();
const world = worldOf(store);
const quiet = worldOf(await watchedArchive(2));
const first = worldOf(await watchedArchive(undefined, 0));
const { open } = await openStage({
  watched: world,
  first,
  quiet,
  long: tenYears(world),
  none: (path) => (path.startsWith('history/') ? undefined : world(path)),
  torn: changedWorld(world, { 'history/index.json': '{"schemaVersion":"3.0.0","months":[7]}' }),
  burst: changedWorld(world, {
    'history/changes/2026-08.json': JSON.stringify({
      ...store.document('history/changes/2026-08.json'),
      events: Array.from({ length: 150 }, (_, place) => ({
        ...{ run: '2026-08-01T00:00:00.000Z', kind: 'verdict', id: idOf(place) },
        ...{ check: 's3Files', from: 'ok', to: 'error:files-missing' },
      })),
    }),
  }),
  plain: changedWorld(world, {
    'history/index.json': JSON.stringify({
      ...store.document('history/index.json'),
      ...{ badges: undefined, feeds: undefined },
    }),
  }),
  withdrawn: changedWorld(world, {
    'datasets-registry.json': JSON.stringify({
      ...store.document('datasets-registry.json'),
      withdrawn: [{ id: IDS.withdrawn, since: '2026-06-22T00:00:00.000Z' }],
    }),
  }),
});

/** A world without history misses its files. */
const MISSING = { expected: ['404'] };

const line = (page: Page) => page.locator('.since a');

describe('on the list', () => {
  test('one line says what changed since yesterday, and leads to the changes', async () => {
    const page = await open('watched', '');
    await expect
      .poll(() => line(page).textContent())
      .toBe('Since yesterday: 2 new faults, 1 fixed, 1 new dataset');
    await line(page).click();
    await expect.poll(() => page.locator('h2').first().textContent()).toBe('1 August 2026');
    const ofDay = page.locator('.day').first();
    expect(await ofDay.locator('h3').allTextContents()).toEqual([
      'New faults 2',
      'Fixed 1',
      'Listed 1',
    ]);
  });

  test('yesterday is a date where the newest run is older than a day', async () => {
    const page = await open('watched', '', { now: '2026-08-04T09:00:00.000Z' });
    await expect.poll(() => line(page).textContent()).toMatch(/^Since 31 July 2026: 2 new faults,/);
  });

  test('a day without changes names the day of the last one', async () => {
    const page = await open('quiet', '', { now: '2026-08-03T09:00:00.000Z' });
    await expect.poll(() => line(page).textContent()).toBe('Nothing changed since 2 August 2026.');
  });

  test('the first day says when changes begin to show', async () => {
    const page = await open('first');
    await expect
      .poll(() => line(page).textContent())
      .toBe('The history begins on 1 August 2026: changes show from the next day on.');
  });

  test('how long new snapshots take to arrive, and by month when it is opened', async () => {
    const page = await open('watched');
    const fold = page.locator('.sync');
    await expect
      .poll(() => fold.locator('summary').textContent())
      .toBe(
        'New snapshots reach GitHub in 0.3 days, S3 in 0.3 days, S3 with all files in 0.3 days (median, last 90 days); 1 is waiting.',
      );
    await fold.locator('summary').click();
    const cells = await fold.locator('tbody tr').first().locator('th, td').allTextContents();
    expect(cells.slice(0, 2)).toEqual(['2026-07', '3']);
    expect(cells[2]).toContain('1 waiting');
    expect(await fold.textContent()).toContain('Arrivals are seen by runs: one every day.');
  });

  test('the column Since sorts by date, and says before which day the oldest began', async () => {
    const page = await open('watched', '?sort=-since');
    const dates = await page.locator('tbody .c-since time').allTextContents();
    expect(dates.length).toBeGreaterThan(8);
    expect(dates).toEqual(dates.toSorted().reverse());
    const old = page.locator('tbody .c-since [title]').first();
    await expect.poll(() => old.getAttribute('title')).toBe('since before 2 June 2026');
    const [row] = await page.locator('tbody tr').filter({ hasText: IDS.filesMissing }).all();
    expect(await row?.locator('.c-since time').textContent()).toBe('2026-06-17');
  });

  test('exports have it', async () => {
    const page = await open('watched', `?q=${IDS.filesMissing}`);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const text = await readFile(await (await waiting).path(), 'utf8');
    const [head = '', row = ''] = text.split('\r\n');
    expect(row.split(',')[head.split(',').indexOf('since')]).toMatch(
      /^2026-06-17T00:0\d:\d\d.000Z$/,
    );
  });

  test.each(['none', 'torn'])('the list works with the history %s', async (broken) => {
    const page = await open(broken, '', MISSING);
    await expect.poll(() => page.locator('tbody tr').count()).toBeGreaterThan(20);
    expect(await page.locator('.since').textContent()).toBe('');
    expect(await page.locator('.folds details').count()).toBe(1);
    expect(await page.locator('tbody .c-since', { hasText: 'unknown' }).count()).toBeGreaterThan(0);
  });
});

describe('the trend', () => {
  async function trend(page: Page): Promise<void> {
    await page.locator('.trend summary').click();
    await page.locator('.chart canvas').waitFor();
  }
  const figures = (page: Page) =>
    page
      .locator('.numbers tbody tr:not(.space)')
      .evaluateAll((rows) =>
        rows.map((row) => Array.from(row.children, (cell) => cell.textContent)),
      );

  test('nothing of it is loaded before it is opened', async () => {
    const page = await open('watched', '', { now: null });
    await line(page).waitFor();
    const scripts = () =>
      page.evaluate(
        () =>
          performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
            .length,
      );
    const before = await scripts();
    await trend(page);
    // The trend, its chart, the library that draws it, and what all charts have in common.
    expect((await scripts()) - before).toBe(4);
  });

  test('the table has the numbers of each run, newest first', async () => {
    const page = await open('watched');
    await trend(page);
    await page.getByRole('button', { name: '30 d' }).click();
    const august = store.document<MonthCounts>('history/counts/2026-08.json');
    const number = (status: string) => `${august.columns[`overall.${status}`]?.[0]}`;
    await expect
      .poll(async () => (await figures(page))[0])
      .toEqual([
        '2026-08-01',
        ...['error', 'version-mismatch', 'warning', 'pending', 'ok'].map(number),
      ]);
    await expect
      .poll(() => page.locator('.numbers table').getAttribute('aria-rowcount'))
      .toBe(`${31 - 3 + 1}`);
  });

  test('a pause is a gap: the picture has no colour there', async () => {
    const page = await open('watched');
    await trend(page);
    const paper = await page.locator('.chart canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      // A line of pixels just above the axis, where the worst status lies.
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        ...([0, Math.round(height * 0.78), width, 1] as const),
      );
      const empty = Array.from({ length: width }, (_, x) => x).filter((x) => data[4 * x + 3] === 0);
      return { empty, width };
    });
    // Three of 61 days, in the last third.
    const gap = paper.empty.filter((x) => x > paper.width / 2 && x < paper.width * 0.9);
    expect(gap.length).toBeGreaterThan(paper.width / 40);
    expect(gap.length).toBeLessThan(paper.width / 12);
  });

  test('a change of the rules is named', async () => {
    const page = await open('watched');
    await trend(page);
    await expect
      .poll(() => page.locator('.trend').textContent())
      .toContain('The rules changed on 2 July 2026.');
  });

  test('ten years of days are drawn in 100 ms, and the table has them all (H23)', async () => {
    const page = await open('long', '', { now: null });
    await trend(page);
    await page.getByRole('button', { name: 'all', exact: true }).click();
    const rows = page.locator('.numbers table');
    const picture = () =>
      page.locator('.chart canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await expect.poll(() => rows.getAttribute('aria-rowcount')).toBe('3652');
    // Other work on the machine costs even CPU time: the least of some is the page's own.
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn++) {
      await page.getByRole('button', { name: '30 d' }).click();
      await expect.poll(() => rows.getAttribute('aria-rowcount')).toBe('32');
      const month = await picture();
      const { tasks } = await cpuTime(page, async () => {
        await page.getByRole('button', { name: 'all', exact: true }).click();
        await page.waitForFunction(
          () => document.querySelector('.numbers table')?.getAttribute('aria-rowcount') === '3652',
        );
        // The picture is drawn after the table.
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
      });
      expect(await picture()).not.toBe(month);
      least = Math.min(least, tasks);
    }
    console.log(`ten years of days: ${Math.round(least)} ms of the main thread`);
    expect(least).toBeLessThan(100);
  });
});

describe('the changes', () => {
  const kindIn = (title: string) => title.replace(/ \d+$/, '');
  const ids = (page: Page) => page.locator('.day a').allTextContents();

  test('filters are in the address, and Back undoes them', async () => {
    const page = await open('watched', 'changes.html');
    await page.getByRole('button', { name: 'Fixed' }).click();
    expect(new URL(page.url()).search).toBe('?kind=mended');
    const shadows = await page
      .locator('.kinds button')
      .evaluateAll((all) => all.map((button) => getComputedStyle(button).boxShadow));
    expect(shadows.map((shadow) => shadow !== 'none')).toEqual(
      shadows.map((_, place) => place === 1),
    );
    await expect
      .poll(async () => new Set((await page.locator('h3').allTextContents()).map(kindIn)))
      .toEqual(new Set(['Fixed']));
    await page.getByLabel('From').fill('2026-07-20');
    await page.getByLabel('To').fill('2026-07-26');
    await expect
      .poll(() => page.locator('.day h2').allTextContents())
      .toEqual(['26 July 2026', '25 July 2026', '23 July 2026', '21 July 2026', '20 July 2026']);
    await page.getByLabel('Check').selectOption('github');
    await expect.poll(() => page.locator('.day h2').allTextContents()).toEqual(['23 July 2026']);
    expect(new URL(page.url()).search).toBe(
      '?from=2026-07-20&to=2026-07-26&kind=mended&check=github',
    );
    await page.goBack();
    await expect.poll(() => page.locator('.day h2').count()).toBe(5);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => page.locator('.day h2').first().textContent()).toBe('1 August 2026');
  });

  test('a hundred a page, newest first, and every change once', async () => {
    const page = await open('watched', 'changes.html');
    const newest = await ids(page);
    expect(newest).toHaveLength(100);
    await page.getByRole('button', { name: 'Older' }).click();
    await expect.poll(() => ids(page)).not.toEqual(newest);
    expect(new URL(page.url()).search).toBe('?page=2');
    const days = await page
      .locator('.day time')
      .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')));
    expect(days).toEqual(days.toSorted().reverse());
    expect(await page.getByRole('button', { name: 'Older' }).isDisabled()).toBe(true);
  });

  test('a day that does not fit a page is counted as a whole', async () => {
    const page = await open('burst', 'changes.html');
    const head = page.locator('h3').first();
    const lines = page.locator('.day').first().locator('li');
    expect([await head.textContent(), await lines.count()]).toEqual(['New faults 150', 100]);
    await page.getByRole('button', { name: 'Older' }).click();
    await expect.poll(() => lines.count()).toBe(50);
    expect(await head.textContent()).toBe('New faults 150');
  });

  test('what other rules changed says so', async () => {
    const page = await open('watched', 'changes.html?from=2026-07-02&to=2026-07-02');
    await expect.poll(() => page.locator('.by-rules').allTextContents()).toEqual(['rules changed']);
  });

  test('CSV and JSON have all changes of the view', async () => {
    const page = await open('watched', 'changes.html?kind=withdrawn,listed');
    const taken = async (name: string) => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      return readFile(await (await waiting).path(), 'utf8');
    };
    const csv = (await taken('CSV')).split('\r\n').slice(0, -1);
    expect(csv[0]).toBe('\ufeffrun,id,kind,check,from,to,because');
    const { changes } = JSON.parse(await taken('JSON'));
    expect(changes).toHaveLength(csv.length - 1);
    expect(changes.map(({ id }: { id: string }) => id)).toContain(IDS.withdrawn);
  });

  test('the feed is linked where there is one, and only there', async () => {
    const page = await open('watched', 'changes.html');
    const link = page.getByRole('link', { name: 'Atom feed' });
    const address = await link.getAttribute('href');
    expect(address).toBe('data/feeds/openneuro.atom');
    expect(await page.evaluate(async (to) => (await fetch(`${to}`)).text(), address)).toContain(
      '<feed',
    );
    const plain = await open('plain', 'changes.html');
    await plain.locator('.day').first().waitFor();
    expect(await plain.getByRole('link', { name: 'Atom feed' }).count()).toBe(0);
  });

  test('a name from outside is text', async () => {
    const page = await open('watched', 'changes.html?kind=worse');
    await expect
      .poll(() => page.locator('.day li').filter({ hasText: HOSTILE_ID }).textContent())
      .toContain(HOSTILE_NAME);
  });

  test('changes.html says when there is no history', async () => {
    const page = await open('none', 'changes.html', MISSING);
    expect(await page.locator('h1').textContent()).toBe('There is no history yet');
  });

  test('every event of a verdict in the files is on the page', async () => {
    const page = await open('watched', 'changes.html?from=2026-07-01&to=2026-07-31');
    const { events } = store.document<Changes>('history/changes/2026-07.json');
    const verdicts = events.filter((one) => one.kind === 'verdict' && one.check !== 'overall');
    const shown = await page.locator('.day li').allTextContents();
    expect(shown.filter((text) => text.includes('→') && !/\d\.\d/.test(text))).toHaveLength(
      verdicts.length,
    );
  });
});

describe('the history of a dataset', () => {
  const dataset = (id: string) => `dataset.html?id=${id}`;
  const past = (page: Page) => page.locator('.past');

  test('says since when, how often and how long', async () => {
    const page = await open('watched', dataset(IDS.filesMissing));
    await expect
      .poll(() => past(page).locator('li').allTextContents())
      .toEqual([
        'Error since 17 June 2026, 45 days.',
        'Not in step 1 time in the last year, 45 days in all.',
        'Longest: Export files, Error: Files missing, since 17 June 2026, 45 days.',
        expect.stringMatching(
          /^Error: Files missing usually lasts 1 day here \(median of \d\d that ended in the last year\)\.$/,
        ),
      ]);
  });

  test('the arrow keys walk through the spells, and each tells itself', async () => {
    const page = await open('watched', dataset(IDS.unmeasured));
    const told = past(page).locator('.told');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await past(page).locator('.spell[tabindex="0"]').focus();
    await expect
      .poll(() => told.textContent())
      .toBe('All checks: Error, since 22 June 2026, 40 days');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('OK, before 2 June – 22 June 2026, at least 20 days');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(
      'OK, since before 2 June 2026, at least 60 days; could not be measured 16 July – 18 July 2026',
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    expect(await focused()).toBe('Error: Files missing, since 22 June 2026, 40 days');
    expect(await past(page).locator('.spell[tabindex="0"]').count()).toBe(1);
    const spell = past(page).locator('.spell').first();
    await spell.hover({ position: { x: 5, y: 12 } });
    await expect.poll(() => told.textContent()).toContain('All checks: OK');
  });

  test('the table has the same spells as the strips', async () => {
    const page = await open('watched', dataset(IDS.flaps));
    const strips = await past(page)
      .locator('.spell')
      .evaluateAll((spells) =>
        spells.map((spell) => {
          const strip = spell.parentElement?.getAttribute('aria-label');
          const [verdict] = (spell.getAttribute('aria-label') ?? '').split(',');
          return `${strip} ${verdict}`;
        }),
      );
    const rows = await past(page)
      .locator('.past-table tbody tr')
      .evaluateAll((all) =>
        all.map(({ children: [a, b] }) => `${a?.textContent} ${b?.textContent}`),
      );
    expect(strips.length).toBeGreaterThan(30);
    expect(rows.toSorted()).toEqual(strips.toSorted());
  });

  test('a dataset that was away for a while says so', async () => {
    const page = await open('watched', dataset(IDS.returned));
    await expect
      .poll(() => past(page).locator('.spell.unlisted').first().getAttribute('aria-label'))
      .toBe('not listed, 12 June – 7 July 2026, 25 days');
  });

  test('each snapshot says when it arrived where, and what is still waited for', async () => {
    const times = async (id: string) => {
      const page = await open('watched', dataset(id));
      await past(page).waitFor();
      const table = page.getByRole('table', { name: 'Time to sync' });
      return table.locator('tbody tr').first().locator('th, td').allTextContents();
    };
    expect(await times(IDS.changed)).toEqual([
      ...['1.1.0', '2026-07-21', '1.3 days', '4.3 days', '4.3 days'],
    ]);
    const waiting = 'waiting for 3.3 days';
    expect(await times(IDS.waiting)).toEqual(['1.1.0', '2026-07-28', waiting, waiting, waiting]);
  });

  test('a withdrawn dataset keeps its history', async () => {
    const page = await open('withdrawn', dataset(IDS.withdrawn));
    expect(await page.locator('h1').textContent()).toBe(`${IDS.withdrawn} was withdrawn`);
    await expect
      .poll(() => past(page).locator('.spell').last().getAttribute('aria-label'))
      .toBe('not listed, since 22 June 2026, 40 days');
  });

  test('strips are read where colours are forced: each status has its own pattern', async () => {
    const page = await open('watched', dataset(IDS.changed), { forcedColors: 'active' });
    await past(page).locator('.spell').first().waitFor();
    const looks = await past(page)
      .locator('.spell')
      .evaluateAll((spells) =>
        spells.map((spell) => {
          const { backgroundColor, backgroundImage } = getComputedStyle(spell);
          return [spell.className, `${backgroundColor} ${backgroundImage}`] as const;
        }),
      );
    const byStatus = new Map(looks);
    expect(byStatus.size).toBe(3);
    expect(new Set(byStatus.values()).size).toBe(3);
  });

  test('the badge is there to copy, in three forms', async () => {
    const page = await open('watched', dataset(IDS.filesMissing), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await past(page).locator('.badge-fold summary').click();
    const size = () =>
      page.locator('.badge-fold img').evaluate((image: HTMLImageElement) => image.naturalWidth);
    await expect.poll(size).toBeGreaterThan(60);
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expect.poll(() => page.locator('.notice').textContent()).toBe('Markdown copied.');
    const base = page.url().replace(/dataset\.html.*/, '');
    const id = IDS.filesMissing;
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `[![copies of ${id}](${base}data/datasets/${id}/badge.svg)](${base}dataset.html?id=${id})`,
    );
  });

  test('the feed of the dataset is linked', async () => {
    const page = await open('watched', dataset(IDS.filesMissing));
    const link = past(page).getByRole('link', { name: 'Atom feed' });
    const address = await link.getAttribute('href');
    expect(await page.evaluate(async (to) => (await fetch(`${to}`)).text(), address)).toContain(
      'ds000001: files missing',
    );
  });

  test('the page works without its history, badge or feed', async () => {
    const bare = await open('none', dataset(IDS.filesMissing), MISSING);
    expect(await bare.locator('.check').count()).toBeGreaterThan(2);
    expect(await past(bare).count()).toBe(0);
    const plain = await open('plain', dataset(IDS.filesMissing));
    await past(plain).locator('.spell').first().waitFor();
    expect(await plain.locator('.badge-fold').count()).toBe(0);
    expect(await plain.getByRole('link', { name: 'Atom feed' }).count()).toBe(0);
  });
});

test.each([
  ['the list with the trend', '', '.trend summary', '.chart canvas'],
  ['the changes', 'changes.html', null, '.day'],
  ['a dataset with its badge', `dataset.html?id=${IDS.flaps}`, '.badge-fold summary', '.spell'],
] as const)('%s breaks no rule of accessibility, wide or narrow', async (_, path, click, ready) => {
  for (const viewport of [{ width: 1280, height: 860 }, NARROW]) {
    const page = await open('watched', path, { viewport });
    if (click) await page.locator(click).click();
    await page.locator(ready).first().waitFor();
    expect(await violations(page)).toEqual([]);
  }
});
