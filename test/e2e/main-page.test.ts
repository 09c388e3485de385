// The main page over the sample archive's run and over the recorded tree.

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { worstFirst } from '../../core/documents/worst-first.ts';
import { asRow } from '../support/legacy.ts';
import { issuesOf } from '../support/words.ts';
import { print } from './support/browser.ts';
import { changedWorld } from './support/server.ts';
import { idsOn, NARROW, openStage } from './support/stage.ts';
import { liveWorld, recordedWorld, report, sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const recorded = await recordedWorld();
const { open } = await openStage({
  sample: sample.world,
  live: liveWorld(sample.world),
  outage: sample.outage,
  ...(recorded && { recorded: recorded.world }),
  held: changedWorld(sample.world, {
    'status.json': JSON.stringify(
      report({ run: { outcome: 'held', why: ['6 % of the datasets could not be verified.'] } }),
    ),
  }),
  failed: changedWorld(sample.world, {
    'status.json': JSON.stringify(report({ run: { outcome: 'failed', why: ['No registry.'] } })),
  }),
  empty: () => undefined,
  'first-held': (path) =>
    path === 'status.json'
      ? JSON.stringify(
          report({ publishedAt: null, run: { outcome: 'held', why: ['Too much failed.'] } }),
        )
      : undefined,
  broken: changedWorld(sample.world, { 'summary.json': '{"schemaVersion":"3.0.0","columns":{}}' }),
  half: changedWorld(sample.world, { 'summary.json': '{"schemaVersion":' }),
});

const rows = sample.summary.datasets;
const count = (page: Page) => page.locator('.found b').textContent();
const isFound = ({ checks }: SummaryRow, check: 'github' | 's3Version') =>
  !['ok', 'pending'].includes(checks[check] ?? 'ok');
const shownAs = (wanted: (row: SummaryRow) => boolean) => `${rows.filter(wanted).length}`;

describe('the summary', () => {
  test('says in one sentence what agrees and what needs work', async () => {
    const page = await open('sample');
    const ok = rows.filter((row) => row.status === 'ok').length;
    await expect
      .poll(() => page.locator('h1').textContent())
      .toContain(`${ok} of ${rows.length} datasets agree everywhere; `);
    expect(await page.locator('.fresh').textContent()).toMatch(
      /^Data of 2026-08-01 \d\d:\d\d UTC, \d+ h old$/,
    );
  });

  test.each(STATUSES)('the card "%s" counts and filters', async (status) => {
    const page = await open('sample');
    const card = page.locator(`.card.${status}`);
    const expected = shownAs((row) => row.status === status);
    await expect.poll(() => card.locator('.count').textContent()).toBe(expected);
    await card.click();
    expect(await card.getAttribute('aria-pressed')).toBe('true');
    expect(await count(page)).toBe(expected);
    expect(new URL(page.url()).search).toBe(`?status=${status}`);
    const words = new Set(await page.locator('tbody .badge').allTextContents());
    expect([...words]).toEqual(expected === '0' ? [] : [STATUS_WORDS[status]]);
  });
});

describe('filters', () => {
  test('the address holds the view, and Back and Forward walk through it', async () => {
    const page = await open('sample');
    await page.locator('.card.error').click();
    await page.getByRole('button', { name: /^Files missing/ }).click();
    await page.getByRole('searchbox').pressSequentially('ds');
    expect(new URL(page.url()).search).toBe('?status=error&issue=s3Files:files-missing&q=ds');
    const narrowed = await count(page);
    expect(narrowed).toBe(
      shownAs((row) => row.status === 'error' && issuesOf(row).includes('s3Files:files-missing')),
    );
    await page.goBack();
    expect(new URL(page.url()).search).toBe('?status=error&issue=s3Files:files-missing');
    await page.goBack();
    await expect.poll(() => count(page)).toBe(shownAs((row) => row.status === 'error'));
    await page.goForward();
    await page.goForward();
    await expect.poll(() => count(page)).toBe(narrowed);
    expect(await page.getByRole('searchbox').inputValue()).toBe('ds');
  });

  test('a link opens the view it names', async () => {
    const page = await open('sample', '?check=github,s3Version&sort=-id');
    await expect
      .poll(() => count(page))
      .toBe(shownAs((row) => isFound(row, 'github') || isFound(row, 's3Version')));
    const ids = await idsOn(page);
    expect(ids).toEqual(ids.toSorted().reverse());
    expect(await page.locator('th.c-id').getAttribute('aria-sort')).toBe('descending');
  });

  test('nonsense in an address is left out', async () => {
    const page = await open(
      'sample',
      '?status=fine,%3Cb%3E&issue=x:y&sort=-toString&check=__proto__',
    );
    await expect.poll(() => count(page)).toBe(`${rows.length}`);
  });

  test('the count of an issue is what a click on it shows', async () => {
    const page = await open('sample');
    // What each cause is comes later than the list.
    await expect.poll(() => page.locator('.facet[title=""]').count()).toBe(0);
    const titles = await page
      .locator('.facet')
      .evaluateAll((facets) => facets.map((facet) => facet.getAttribute('title') ?? ''));
    expect(titles.length).toBeGreaterThan(15);
    for (const title of titles) {
      const facet = page.getByTitle(title, { exact: true });
      const promised = await facet.locator('.count').textContent();
      await facet.click();
      await page.locator('.facet[aria-pressed="true"]').waitFor();
      expect(await count(page), title).toBe(promised);
      await facet.click();
      await page.locator('.clear').waitFor({ state: 'detached' });
    }
  });

  test('a search finds ids and names, whatever the case', async () => {
    const page = await open('sample');
    const named = rows.find((row) => row.status === 'ok' && row.name) as SummaryRow;
    await page.getByRole('searchbox').fill((named.name as string).toUpperCase());
    await expect.poll(() => idsOn(page)).toContain(named.id);
    await page.getByRole('searchbox').fill(`${named.id.slice(2)}`);
    expect(await idsOn(page)).toContain(named.id);
    await page.getByRole('searchbox').fill('no such dataset');
    expect(await page.locator('.nothing').textContent()).toContain('No dataset matches');
    await page.locator('.nothing button').click();
    expect(await count(page)).toBe(`${rows.length}`);
  });

  test('a check that could not be measured is unverified, with the reason, and keeps its verdict', async () => {
    const page = await open('outage', '?unverified=1', { now: '2026-08-02T09:00:00.000Z' });
    await expect.poll(() => count(page)).not.toBe('0');
    const signs = page.locator('tbody .unverified svg');
    const said = await signs.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(said).toContain('unverified: Export version: the server reported an internal error');
    const counts = await page.locator('.card .count').allTextContents();
    const before = await open('sample');
    expect(counts).toEqual(await before.locator('.card .count').allTextContents());
  });
});

describe('sorting', () => {
  test('worst first, in the order of all lists of the worst, until a head is clicked', async () => {
    const page = await open('sample');
    expect(await page.locator('th.c-status').getAttribute('aria-sort')).toBe('ascending');
    await print(page);
    const worst = worstFirst(CATALOGUE, rows.map(asRow)).map(({ id }) => id);
    expect(await idsOn(page)).toEqual(worst);
    const [first = ''] = worst;
    expect(await page.locator('tbody tr', { hasText: first }).textContent()).toMatch(
      /blocked|no export/,
    );
  });

  test.each(['id', 'latest', 'mirror', 'export', 'missing', 'extra', 'since', 'status'])(
    'by %s, both ways, keeping every row',
    async (column) => {
      const page = await open('sample');
      const head = page.locator(`th.c-${column} button`);
      const directions = new Set<string | null>();
      for (let click = 0; click < 2; click++) {
        await head.click();
        directions.add(await page.locator(`th.c-${column}`).getAttribute('aria-sort'));
        expect(await count(page)).toBe(`${rows.length}`);
      }
      expect([...directions].sort()).toEqual(['ascending', 'descending']);
    },
  );

  test('versions go by number: 1.0.9 before 1.0.13', async () => {
    const page = await open('sample', '?sort=mirror');
    await print(page);
    const versions = (await page.locator('tbody .c-mirror .tag').allTextContents()).filter((tag) =>
      /^1\.0\.\d+$/.test(tag),
    );
    const numbers = versions.map((tag) => Number(tag.split('.')[2]));
    expect(Math.max(...numbers)).toBeGreaterThan(9);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
});

describe('taking the list away', () => {
  test('the link is copied', async () => {
    const page = await open('sample', '?status=error', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => page.locator('.notice').textContent()).toBe('Link copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  });

  test('a clipboard that is closed shows the text to copy by hand', async () => {
    const page = await open('live');
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));
    });
    await page.getByRole('button', { name: 'Checklist' }).click();
    expect(await page.locator('dialog textarea').inputValue()).toContain('- [ ] [ds');
  });

  test('JSON holds the rows of the list as the pipeline wrote them', async () => {
    const page = await open('sample', '?status=warning&sort=id');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'JSON' }).click(),
    ]);
    const { datasets } = JSON.parse(await readFile(await file.path(), 'utf8')) as {
      datasets: SummaryRow[];
    };
    const written = rows.filter((row) => row.status === 'warning');
    const untimed = (list: readonly SummaryRow[]) =>
      list.map(({ lastChecked, checkedAt, ...row }) => row);
    expect(untimed(datasets)).toEqual(untimed(written));
    // The page knows times to the minute, and those of answers that hold for days to the day: never
    // later than they were.
    const most = (check: string) => (['doi', 'deprecated'].includes(check) ? 86_400_000 : 120_000);
    for (const [place, row] of written.entries()) {
      const shown = Object.entries(datasets[place]?.lastChecked ?? {});
      expect(shown.map(([check]) => check)).toEqual(Object.keys(row.lastChecked ?? {}));
      for (const [check, at] of shown) {
        const exact = row.lastChecked?.[check as keyof typeof row.lastChecked];
        if (!at || !exact) expect(at, check).toBe(exact);
        else {
          const earlier = Date.parse(exact) - Date.parse(at);
          expect(earlier, check).toBeGreaterThanOrEqual(0);
          expect(earlier, check).toBeLessThan(most(check));
        }
      }
    }
  });

  test('CSV has a row for each dataset and no cell that is a formula', async () => {
    const page = await open('sample', '?sort=id');
    await expect.poll(() => page.locator('bdi.title').count()).toBeGreaterThan(0);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toContain(`\r\n${rows[0]?.id},`);
    expect(text).toContain('"\'=HYPERLINK(');
    expect(text).not.toMatch(/(^|[,\n]"?)[=@]/);
  });

  test('the checklist is Markdown in which names do nothing', async () => {
    const page = await open('live', `?q=${sample.hostile}`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await expect.poll(() => page.locator('bdi.title').count()).toBe(1);
    await page.getByRole('button', { name: 'Checklist' }).click();
    await expect.poll(() => page.locator('.notice').textContent()).toMatch(/^Checklist of/);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain(
      `- [ ] [${sample.hostile}](https://openneuro.org/datasets/${sample.hostile})`,
    );
    expect(text).not.toMatch(/[^\\]<script/);
  });
});

describe('keyboard', () => {
  test('/ searches, the arrows move, Enter opens, Back returns to the same list', async () => {
    const page = await open('sample', '?status=error');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search');
    await page.keyboard.type('ds');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const ids = await idsOn(page);
    const focused = page.locator('tbody a:focus .id');
    await expect.poll(() => focused.textContent()).toBe(ids[1]);
    await page.keyboard.press('End');
    const focusedRow = page.locator('tbody tr:has(a:focus)');
    const rows = await page.locator('table.datasets').getAttribute('aria-rowcount');
    await expect.poll(() => focusedRow.getAttribute('aria-rowindex')).toBe(rows);
    await page.keyboard.press('Home');
    await expect.poll(() => focused.textContent()).toBe(ids[0]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/dataset\.html\?id=/);
    expect(await page.locator('h1 .id').textContent()).toBe(ids[0]);
    await page.getByRole('link', { name: 'All datasets' }).click();
    expect(new URL(page.url()).search).toBe('?status=error&q=ds');
    await expect.poll(() => focused.textContent()).toBe(ids[0]);
  });

  test('? helps, Escape closes, and single keys can be switched off', async () => {
    const page = await open('sample');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('?');
    await page.keyboard.press('/');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('search');
    await page.reload();
    await page.locator('tbody a').first().waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('search');
  });
});

describe('the state of the data', () => {
  test.each([
    ['held', 'Publishing was held at 2026-08-01 08:31 UTC.', '6 % of the datasets'],
    ['failed', 'The run of 2026-08-01 08:31 UTC failed.', 'No registry.'],
  ])('a run that was %s is told, with the reason', async (world, title, why) => {
    const page = await open(world);
    const text = await page.locator('.banner').textContent();
    expect(text).toContain(title);
    expect(text).toContain(why);
  });

  test('old data says how old it is', async () => {
    const page = await open('live', '', { now: '2026-08-04T09:00:00.000Z' });
    expect(await page.locator('.banner').textContent()).toContain('Nothing new for 3 d.');
    expect(await page.locator('.fresh').textContent()).toContain(', 3 d old');
  });

  test.each([
    ['empty', 'There is no summary yet', ['404']],
    ['first-held', 'The first publish was held. Too much failed.', ['404']],
    ['broken', 'The summary cannot be read', []],
    ['half', 'The summary cannot be read', []],
  ])('a summary that is %s gives a message, never a blank', async (world, title, expected) => {
    const page = await open(world, '', { expected });
    await expect.poll(() => page.locator('.trouble').textContent()).toContain(title);
    expect(await page.locator('.card').count()).toBe(0);
  });

  test('a browser without scripts shows a plain summary of the counts and the errors', async () => {
    const page = await open('sample', '', { javaScriptEnabled: false });
    await page.waitForURL(/data\/summary\.html$/);
    expect(await page.locator('h1').textContent()).toContain(`of ${rows.length} datasets agree`);
    expect(await page.locator('tbody tr').count()).toBe(
      rows.filter((row) => row.status === 'error').length,
    );
    expect(await page.locator('script').count()).toBe(0);
  });
});

describe('themes, widths and paper', () => {
  test('a chosen theme stays, and does not flash the other one', async () => {
    const page = await open('sample', '', { colorScheme: 'light' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.reload({ waitUntil: 'commit' });
    // Nothing is painted before the stylesheet has arrived.
    await page.waitForFunction(() => document.body && document.styleSheets.length > 0);
    expect(await paper()).toBe(dark);
    await page.getByRole('button', { name: 'Theme of the system' }).click();
    expect(await paper()).toBe(light);
  });

  test('390 pixels show cards that need no sideways scrolling', async () => {
    const page = await open('sample', '', { viewport: NARROW });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    ).toBe(true);
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('id');
    const ids = await idsOn(page);
    expect(ids).toEqual(ids.toSorted());
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: /^Export blocked/ }).click();
    expect(await page.locator('tbody .c-export').first().textContent()).toContain('blocked');
  });

  test('every row of the list is printed', async () => {
    const page = await open('sample');
    await print(page);
    expect(await idsOn(page)).toHaveLength(rows.length);
    await page.emulateMedia({ media: 'screen' });
  });
});

describe.skipIf(recorded === null)('the recorded archive', () => {
  test('every status on the page is the pipeline’s, for all datasets', async () => {
    const page = await open('recorded', '?sort=id');
    await print(page);
    const onPage = await page.evaluate(() =>
      [...document.querySelectorAll('tbody tr:not(.space)')].map((row) => {
        const text = (name: string) => row.querySelector(name)?.textContent?.trim() ?? '';
        const sign = (name: string) =>
          row.querySelector(`${name} svg[role="img"]`)?.getAttribute('aria-label') ?? 'lock';
        return [
          text('.id'),
          text('.badge'),
          sign('.c-mirror'),
          sign('.c-export'),
          sign('.c-files'),
        ];
      }),
    );
    const expected = (recorded?.summary.datasets ?? []).map((row) => [
      row.id,
      STATUS_WORDS[row.status],
      STATUS_WORDS[row.checks.github],
      row.s3Blocked ? 'lock' : STATUS_WORDS[row.checks.s3Version],
      row.s3Blocked ? 'lock' : STATUS_WORDS[row.checks.s3Files],
    ]);
    expect(onPage).toHaveLength(1834);
    expect(onPage).toEqual(expected);
  });
});

describe('where there is no API of boards', () => {
  test('nothing is asked of it, and there are no buttons', async () => {
    const page = await open('sample');
    await page.locator('.since a').waitFor();
    expect(await page.locator('.takeaway button').allTextContents()).toEqual([
      ...['Copy link', 'CSV', 'JSON', 'Checklist'],
    ]);
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    expect(asked.filter((name) => name.includes('/api/'))).toEqual([]);
  });

  test('the address of a board leaves the list as it is, and says why', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const page = await open('sample', `?board=${id}&status=error`, { expected: ['404'] });
    await expect
      .poll(() => page.locator('.board [role="alert"]').textContent())
      .toContain('There are no saved boards here. Your view is unchanged.');
    expect((await idsOn(page)).length).toBeGreaterThan(5);
    expect(await page.getByRole('button', { name: 'Save view' }).count()).toBe(0);
  });
});
