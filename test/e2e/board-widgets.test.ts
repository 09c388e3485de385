// Widgets of a board: all kinds over a watched archive, added, moved and sized by keyboard and by
// dragging, with a table for every picture.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { MonthCounts } from '../../core/history/documents.ts';
import { violations } from './support/axe.ts';
import { boardsSite } from './support/boards-site.ts';
import { print } from './support/browser.ts';
import { IDS, watchedArchive } from './support/history-world.ts';
import { tabTo } from './support/keyboard.ts';
import { NARROW, openStageOf, WIDE } from './support/stage.ts';

const watched = await watchedArchive();
const documents = new Map([...watched.documents, ...watched.pages]);
const { open, server } = await openStageOf(boardsSite(documents));

const at = (x: number, y: number, w: number, h: number) => ({ layout: { x, y, w, h } });
const WIDGETS = [
  {
    ...{ kind: 'curve', id: 'curve', ...at(0, 0, 7, 6), plot: { range: 'all' } },
    series: [
      'openneuro.overall.error',
      'openneuro.total',
      `openneuro.dataset.${IDS.flaps}.overall`,
    ],
  },
  { kind: 'counts', id: 'counts', ...at(7, 0, 5, 6), archive: 'openneuro' },
  { kind: 'list', id: 'list', ...at(0, 6, 6, 5), view: { status: ['error'] }, limit: 3 },
  { kind: 'note', id: 'note', title: 'To do', ...at(6, 6, 6, 5), text: 'One\n  two' },
  { kind: 'strip', id: 'strip', ...at(0, 11, 12, 4), dataset: `openneuro:${IDS.flaps}` },
  {
    ...{ kind: 'curve', id: 'bins', title: 'In bins', ...at(0, 15, 12, 5) },
    ...{ series: ['openneuro.overall.ok'], plot: { range: '30d', bins: 10, scaling: 'log' } },
  },
];

async function openBoard(page: object = {}, widgets: readonly object[] = WIDGETS): Promise<Page> {
  const board = { schemaVersion: 1, title: 'All of them', view: {}, widgets };
  const { json } = await server.api('POST', 'boards', board);
  const opened = await open('', `?board=${json.id}#edit=${json.editKey}`, page);
  opened.setDefaultTimeout(10_000);
  await opened.locator('.widget').first().waitFor();
  await expect.poll(() => opened.locator('.board .waiting').count()).toBe(0);
  if (widgets === WIDGETS) await opened.locator('.curve-frame canvas').nth(1).waitFor();
  return opened;
}
const widget = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const curve = (page: Page) => page.locator('.widget-curve').first();
const titles = (page: Page) => page.locator('.widget h3').allTextContents();
const placeOf = (page: Page, name: string) =>
  widget(page, name).evaluate((one) => (one as HTMLElement).style.gridArea.replaceAll(' ', ''));

/** What the history has of a number, newest first. */
const numbersOf = (column: string): (number | null)[] =>
  [...documents]
    .filter(([path]) => path.startsWith('history/counts/'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, text]) => (JSON.parse(text) as MonthCounts).columns[column] ?? [])
    .toReversed();

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ] as const)('all kinds have no violation: %s', async (_name, viewport) => {
    const page = await openBoard({ colorScheme, viewport });
    expect(await violations(page)).toEqual([]);
    for (const fold of await page.locator('.numbers-fold summary').all()) await fold.click();
    await page.getByRole('button', { name: 'Arrange' }).click();
    expect(await violations(page)).toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0);
  });
});

describe('a curve', () => {
  test('has the numbers of the history as a table, and a sentence for each series', async () => {
    const page = await openBoard();
    await curve(page).getByText('Numbers', { exact: true }).click();
    const rows = curve(page).locator('.numbers tbody tr:not(.space)');
    const errors = numbersOf('overall.error');
    const totals = numbersOf('total');
    const first = await rows.first().locator('td').allTextContents();
    expect(first).toEqual([`${errors[0]}`, `${totals[0]}`, 'Error']);
    const sentences = await curve(page).locator('.summaries li').allTextContents();
    const lowest = Math.min(...errors.map(Number));
    const highest = Math.max(...errors.map(Number));
    expect(sentences[0]).toMatch(
      new RegExp(
        `^Error: ${errors[0]} on 1 August 2026, .*; lowest ${lowest}, highest ${highest}\\.$`,
      ),
    );
    expect(sentences[2]).toMatch(/^ds000003: Error on 1 August 2026; .* on \d+ \w+ 2026\.$/);
    expect(sentences).toHaveLength(3);
    const count = await curve(page).locator('.numbers table').getAttribute('aria-rowcount');
    expect(Number(count)).toBeGreaterThan(errors.length);
  });

  test('is walked through by the arrow keys, which tell its numbers', async () => {
    const page = await openBoard();
    const slider = curve(page).getByRole('slider');
    await slider.focus();
    const said = () => slider.getAttribute('aria-valuetext');
    const errors = numbersOf('overall.error');
    expect(await said()).toMatch(new RegExp(`^2026-08-01: Error ${errors[0]}, Datasets`));
    await page.keyboard.press('Home');
    expect(await said()).toMatch(new RegExp(`^2026-06-02: Error ${errors.at(-1)}, Datasets`));
    await page.keyboard.press('ArrowRight');
    expect(await said()).toMatch(/^2026-06-0[23]/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await said()).toMatch(/^2026-07-31/);
    expect(await curve(page).locator('figcaption').textContent()).toBe(await said());
    expect(await curve(page).locator('.curve-mark').count()).toBe(1);
  });

  test('in bins tells mean, lowest and highest', async () => {
    const page = await openBoard();
    const bins = widget(page, 'In bins');
    await bins.getByText('Numbers', { exact: true }).click();
    const cells = await bins.locator('.numbers tbody td').allTextContents();
    expect(cells).toHaveLength(10);
    expect(cells.some((cell) => /^[\d.]+ \(\d+–\d+\)$/.test(cell))).toBe(true);
  });

  test('of a series that there is not says so', async () => {
    const page = await openBoard({ expected: ['ds999999'] }, [
      { kind: 'curve', id: 'a', ...at(0, 0, 6, 5), series: ['openneuro.gone.error'] },
      { kind: 'strip', id: 'b', ...at(6, 0, 6, 5), dataset: 'openneuro:ds999999' },
    ]);
    await expect
      .poll(() => page.locator('.widget-body').allTextContents())
      .toEqual(['There is no such series.', 'ds999999 has no history here.']);
  });
});

test('counts, list, strip and note show what the history and the list have', async () => {
  const page = await openBoard();
  const counts = widget(page, 'Statuses: all checks');
  const rows = await counts
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  const errors = numbersOf('overall.error').map(Number);
  const [now = 0, before = 0] = errors;
  const change = now - before;
  expect(rows[0]?.slice(0, 2)).toEqual(['Error', `${now}`]);
  expect(rows[0]?.[2]).toBe(change > 0 ? `+${change}` : change < 0 ? `−${-change}` : '0');
  expect(rows).toHaveLength(5);
  const list = widget(page, 'List');
  expect(await list.locator('tbody tr').count()).toBe(3);
  const all = list.getByRole('link', { name: `All ${now} datasets of this view` });
  expect(await all.getAttribute('href')).toBe('index.html?status=error');
  const strip = widget(page, IDS.flaps);
  await strip.locator('.spell').last().focus();
  await expect.poll(() => strip.locator('.told').textContent()).toMatch(/^All checks: /);
  expect(await strip.locator('.strip-row').count()).toBe(2);
  expect(await widget(page, 'To do').locator('p').textContent()).toBe('One\n  two');
});

describe('the layout', () => {
  test('is changed by keyboard alone, keeps the focus, and is saved', async () => {
    const page = await openBoard();
    await page.getByRole('button', { name: 'Arrange' }).focus();
    await page.keyboard.press('Enter');
    const move = page.getByRole('button', { name: 'Move To do: arrow keys' });
    await move.focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => placeOf(page, 'To do')).toBe('1/7/span5/span6');
    expect(await move.evaluate((button) => button === document.activeElement)).toBe(true);
    await expect
      .poll(() => page.locator('.notice').textContent())
      .toBe('To do: column 7 of 12, row 1; 6 wide, 5 high.');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => placeOf(page, 'To do')).toBe('1/6/span5/span6');
    const size = page.getByRole('button', { name: 'Size To do: arrow keys' });
    await size.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => placeOf(page, 'To do')).toBe('1/6/span4/span7');
    await page.locator('.board-line').getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.locator('.board-line.changed').count()).toBe(0);
    const id = /board=([\w-]+)/.exec(page.url())?.[1];
    const { json } = await server.api('GET', `boards/${id}`);
    const note = json.widgets.find((one: { id: string }) => one.id === 'note');
    expect(note.layout).toEqual({ x: 5, y: 0, w: 7, h: 4 });
  });

  test('is changed by dragging', async () => {
    const page = await openBoard();
    await page.getByRole('button', { name: 'Arrange' }).click();
    const handle = await page.getByRole('button', { name: 'Size To do: arrow keys' }).boundingBox();
    const { x = 0, y = 0, width = 0 } = handle ?? {};
    const column = ((await page.locator('.widgets').boundingBox())?.width ?? 0) / 12;
    await page.mouse.move(x + width / 2, y + 5);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 2 * column, y + 5, { steps: 4 });
    await expect.poll(() => placeOf(page, 'To do')).toBe('7/7/span5/span4');
    expect(await page.locator('.board-line.changed').count()).toBe(0);
    await page.mouse.up();
    await expect.poll(() => page.locator('.board-line.changed').count()).toBe(1);
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => placeOf(page, 'To do')).toBe('7/7/span5/span6');
  });

  test('has one column in the order of reading on a narrow screen', async () => {
    const page = await openBoard({ viewport: NARROW });
    const boxes = await page
      .locator('.widget')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    expect(await titles(page)).toEqual([
      ...[
        'Error, Datasets, ds000003',
        'Statuses: all checks',
        'List',
        'To do',
        'ds000003',
        'In bins',
      ],
    ]);
    expect(new Set(boxes.map(({ left }) => left)).size).toBe(1);
    for (const [place, box] of boxes.entries()) {
      const next = boxes[place + 1];
      if (next) expect(next.top).toBeGreaterThanOrEqual(box.bottom);
    }
  });

  test('is on paper as well', async () => {
    const page = await openBoard();
    await print(page);
    expect(await page.locator('.widget').first().isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Arrange' }).isVisible()).toBe(false);
  });
});

test('a widget is added, changed and removed by keyboard alone', async () => {
  const page = await openBoard({}, [
    { kind: 'note', id: 'w1', title: 'Old', ...at(0, 0, 6, 3), text: '' },
  ]);
  const dialog = page.getByRole('dialog');
  const press = (key: string) => page.keyboard.press(key);
  await page.getByRole('button', { name: 'Add widget' }).focus();
  await press('Enter');
  await dialog.waitFor();
  expect(await violations(page)).toEqual([]);
  await press('Shift+Tab');
  await press('End');
  expect(await page.getByLabel('Kind').inputValue()).toBe('note');
  await press('Tab');
  await page.keyboard.type('Mine');
  await press('Tab');
  await page.keyboard.type('Hello');
  await tabTo(page, 'Add');
  await press('Enter');
  await expect.poll(() => titles(page)).toEqual(['Old', 'Mine']);
  expect(await widget(page, 'Mine').locator('p').textContent()).toBe('Hello');
  // A curve of two series, one of them by its name in words.
  await tabTo(page, 'Add widget');
  await press('Enter');
  await dialog.waitFor();
  await tabTo(page, 'Remove Error');
  await press('Enter');
  await page.getByLabel('Add a series').focus();
  for (const name of ['OK', `openneuro.dataset.${IDS.flaps}.overall`]) {
    await page.keyboard.type(name);
    await press('Enter');
  }
  await tabTo(page, 'Add');
  await tabTo(page, 'Cancel');
  await press('Shift+Tab');
  await press('Enter');
  await expect.poll(() => titles(page)).toEqual(['Old', 'Mine', 'OK, ds000003']);
  await page.locator('.curve-frame canvas').waitFor();
  await page.getByRole('button', { name: 'Arrange' }).focus();
  await press('Enter');
  await tabTo(page, 'Edit Mine');
  await press('Enter');
  await page.getByRole('spinbutton', { name: 'Column' }).fill('7');
  await page.getByRole('spinbutton', { name: 'Row' }).fill('1');
  await tabTo(page, 'Apply');
  await press('Enter');
  await expect.poll(() => placeOf(page, 'Mine')).toBe('1/7/span3/span4');
  await tabTo(page, 'Remove Old');
  await press('Enter');
  await expect.poll(() => titles(page)).toEqual(['OK, ds000003', 'Mine']);
});

test('a curve without a series, or upside down, is not added', async () => {
  const page = await openBoard();
  await page.getByRole('button', { name: 'Add widget' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove Error' }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).last().click();
  await expect
    .poll(() => dialog.getByRole('alert').textContent())
    .toBe('A curve needs 1 to 8 series.');
  await page.getByLabel('Lowest value').fill('5');
  await page.getByLabel('Highest value').fill('2');
  await dialog.getByRole('button', { name: 'Add', exact: true }).last().click();
  await expect
    .poll(() => dialog.getByRole('alert').textContent())
    .toBe('The lowest value is above the highest.');
});
