// Saved boards on the page, over the server of `mirrorwatch serve --boards`: saving, opening, changing,
// sharing and deleting by keyboard, with every answer that the API may give.

import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { violations } from './support/axe.ts';
import { boardsSite } from './support/boards-site.ts';
import { IDS, watchedArchive } from './support/history-world.ts';
import { tabTo } from './support/keyboard.ts';
import { idsOn, NARROW, openStageOf, WIDE } from './support/stage.ts';

const watched = await watchedArchive();
const documents = new Map([...watched.documents, ...watched.pages]);
const { open: openPage, server } = await openStageOf(boardsSite(documents));
const open: typeof openPage = async (...asked) => {
  const page = await openPage(...asked);
  page.setDefaultTimeout(10_000);
  return page;
};
afterEach(() => {
  server.instead = () => null;
});

const NO_ID = '00000000-0000-4000-8000-000000000000';
const key = (page: Page, name: string) => page.keyboard.press(name);
const dialog = (page: Page) => page.getByRole('dialog');
const bar = (page: Page) => page.locator('.board');
const notice = (page: Page, text: string) =>
  expect.poll(() => page.locator('.notice').textContent()).toContain(text);
const queryOf = (page: Page) => new URL(page.url()).search;

const saved = async (board: object) => {
  const { json, etag } = await server.api('POST', 'boards', { schemaVersion: 1, ...board });
  return { id: json.id as string, key: json.editKey as string, h: etag.slice(1, 13), etag };
};
const mineOf = (page: Page) =>
  page.evaluate(() => JSON.parse(localStorage.getItem('mirrorwatch.boards') ?? '[]'));

describe('saving', () => {
  test('a view is saved by keyboard alone, and its address opens it elsewhere', async () => {
    const page = await open('', '?status=error&issue=s3Files:files-missing&sort=-missing');
    await page.getByRole('button', { name: 'Save view' }).waitFor();
    await key(page, 'b');
    await dialog(page).waitFor();
    const title = page.getByLabel('Title');
    expect(await title.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await title.inputValue()).toBe('Error, Files missing');
    const parts = await page.locator('.saved-parts li').allTextContents();
    expect(parts[0]).toMatch(/^Error, Files missing \(\d+ datasets? now\)$/);
    expect(parts[1]).toBe('Sorted by missing, descending');
    expect(await violations(page)).toEqual([]);
    await key(page, 'Enter');
    await notice(page, 'Board saved.');
    expect(await dialog(page).count()).toBe(0);
    const [, id, h] = /^\?board=([0-9a-f-]{36})&h=([0-9a-f]{12})$/.exec(queryOf(page)) ?? [];
    const { json, etag } = await server.api('GET', `boards/${id}`);
    expect(json).toMatchObject({
      title: 'Error, Files missing',
      view: {
        ...{ archive: 'openneuro', status: ['error'], issue: ['s3Files:files-missing'] },
        ...{ sort: 'missing', descending: true },
      },
    });
    expect(etag.slice(1, 13)).toBe(h);
    const ids = await idsOn(page);
    const other = await open('', queryOf(page));
    await expect.poll(() => other.locator('.board h2').textContent()).toBe('Error, Files missing');
    expect(await idsOn(other)).toEqual(ids);
    expect(await mineOf(page)).toMatchObject([{ id, h, title: 'Error, Files missing' }]);
    expect((await mineOf(page))[0].editKey).toMatch(/^[\w-]{43}$/);
    expect((await mineOf(other))[0].editKey).toBeUndefined();
  });

  test('Back leads from a new board to the view that it was made of, and Forward to the board', async () => {
    const page = await open('', '?status=error');
    await page.getByRole('button', { name: 'Save view' }).click();
    await dialog(page).getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.board h2').waitFor();
    const ids = await idsOn(page);
    await page.goBack();
    await expect.poll(() => page.locator('.board').count()).toBe(0);
    expect(queryOf(page)).toBe('?status=error');
    expect(await idsOn(page)).toEqual(ids);
    await page.goForward();
    await expect.poll(() => page.locator('.board h2').textContent()).toBe('Error');
    expect(await idsOn(page)).toEqual(ids);
  });

  test('B45 every write has the hash of its body, also one without a body', async () => {
    const page = await open('', '?status=warning');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Title').fill('Gehäuse 🧠');
    await key(page, 'Enter');
    await page.locator('.board h2').waitFor();
    await page.locator('.card.error').click();
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await notice(page, 'Board saved.');
    await page.getByRole('button', { name: 'Share' }).click();
    await dialog(page).getByRole('button', { name: 'Fork' }).click();
    await notice(page, 'This is a copy of your own.');
    await page.getByRole('button', { name: 'Share' }).click();
    await dialog(page).getByRole('button', { name: 'Delete…' }).click();
    await dialog(page).getByRole('button', { name: 'Delete it for everybody' }).click();
    await notice(page, 'The board is deleted.');
    const writes = server.asked.filter(({ headers, method }) => {
      return method !== 'GET' && headers['sec-fetch-mode'] !== undefined;
    });
    expect(writes.map(({ method }) => method).slice(-4)).toEqual(['POST', 'PUT', 'POST', 'DELETE']);
    for (const { headers, body } of writes) {
      const hash = createHash('sha256').update(body).digest('hex');
      expect(headers['x-amz-content-sha256']).toBe(hash);
    }
  });

  test('a page that cannot make hashes saves without one', async () => {
    const page = await open('', '', { expected: [] });
    await page.evaluate(() => {
      Object.defineProperty(crypto, 'subtle', { value: undefined });
    });
    await page.getByRole('button', { name: 'Save view' }).click();
    await dialog(page).getByRole('button', { name: 'Save', exact: true }).click();
    await notice(page, 'Board saved.');
    expect(server.asked.findLast(({ method }) => method === 'POST')?.headers).not.toHaveProperty(
      'x-amz-content-sha256',
    );
  });
});

describe('an open board', () => {
  test('gives way to what the address says, which can be saved or discarded', async () => {
    const { id, h, key: editKey } = await saved({ title: 'Errors', view: { status: ['error'] } });
    const page = await open('', `?board=${id}&h=${h}&status=warning#edit=${editKey}`);
    await expect.poll(() => bar(page).textContent()).toContain('Changed from the board');
    expect(page.url()).not.toContain(editKey);
    expect(await page.locator('.card.warning').getAttribute('aria-pressed')).toBe('true');
    await bar(page).getByRole('button', { name: 'Discard' }).click();
    expect(queryOf(page)).toBe(`?board=${id}&h=${h}`);
    await expect.poll(() => page.locator('.card.error').getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('.board-line.changed').count()).toBe(0);
    // A filter taken away is told from one that the board has.
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(queryOf(page)).toBe(`?board=${id}&h=${h}&status=`);
    await page.reload();
    await expect.poll(() => bar(page).textContent()).toContain('Changed from the board');
    expect(await page.locator('.card.all').getAttribute('aria-pressed')).toBe('true');
    // A double click saves once.
    await bar(page).getByRole('button', { name: 'Save', exact: true }).dblclick();
    await notice(page, 'Board saved.');
    expect(await bar(page).getByRole('alert').count()).toBe(0);
    expect(queryOf(page)).toMatch(new RegExp(`^\\?board=${id}&h=(?!${h})[0-9a-f]{12}$`));
    expect((await server.api('GET', `boards/${id}`)).json.view).toEqual({ archive: 'openneuro' });
  });

  test('that was changed after its link was made says so', async () => {
    const { id, h, key: editKey } = await saved({ title: 'Errors', view: {} });
    await server.api('PUT', `boards/${id}`, { schemaVersion: 1, title: 'New', view: {} }, editKey);
    const page = await open('', `?board=${id}&h=${h}`);
    await expect
      .poll(() => bar(page).textContent())
      .toMatch(/This board was changed after this link was made, on \d+ [A-Z][a-z]+ \d{4}\./);
    const other = await open('', `?board=${id}`);
    await other.locator('.board h2').waitFor();
    expect(await bar(other).textContent()).not.toContain('after this link');
  });

  test('without its key can be forked with the changes', async () => {
    const { id, h } = await saved({ title: 'Errors', view: { status: ['error'] } });
    const page = await open('', `?board=${id}&h=${h}&q=ds`, { expected: ['401'] });
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    const alert = bar(page).getByRole('alert');
    await expect
      .poll(() => alert.textContent())
      .toContain('This board can only be read. Fork it to change it.');
    expect(await violations(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Fork' }).click();
    await notice(page, 'This is a copy of your own.');
    expect(queryOf(page)).not.toContain(id);
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await notice(page, 'Board saved.');
    const own = /board=([\w-]+)/.exec(queryOf(page))?.[1];
    const { json } = await server.api('GET', `boards/${own}`);
    expect(json).toMatchObject({ forkedFrom: id, view: { status: ['error'], q: 'ds' } });
  });

  test('that is protected can be forked', async () => {
    const { id, h, key: editKey } = await saved({ title: 'Kept', view: {} });
    await server.api('POST', `maintenance/boards/${id}/protect`);
    const page = await open('', `?board=${id}&h=${h}&q=ds#edit=${editKey}`, { expected: ['403'] });
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect
      .poll(() => bar(page).getByRole('alert').textContent())
      .toContain('This board can only be read. Fork it to change it.');
  });

  test('that somebody saved meanwhile is reloaded, overwritten or forked', async () => {
    const { id, h, key: editKey } = await saved({ title: 'Errors', view: {} });
    const page = await open('', `?board=${id}&h=${h}#edit=${editKey}`, { expected: ['412'] });
    await page.locator('.board h2').waitFor();
    const meanwhile = { schemaVersion: 1, title: 'Theirs', view: { status: ['ok'] } };
    await server.api('PUT', `boards/${id}`, meanwhile, editKey);
    await page.getByRole('searchbox').fill('ds');
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    const alert = bar(page).getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain('Somebody saved this board meanwhile.');
    expect(await alert.getByRole('button').allTextContents()).toEqual([
      'Reload',
      'Overwrite',
      'Fork',
    ]);
    await alert.getByRole('button', { name: 'Overwrite' }).click();
    await notice(page, 'Board saved.');
    expect((await server.api('GET', `boards/${id}`)).json).toMatchObject({
      ...{ title: 'Errors', view: { q: 'ds' } },
    });
    await server.api('PUT', `boards/${id}`, meanwhile, editKey);
    await page.getByRole('searchbox').fill('ds0');
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await alert.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => page.locator('.board h2').textContent()).toBe('Theirs');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  test.each([
    [
      413,
      { size: 300000, max: 262144 },
      'The board is too big: 300,000 bytes, and 262,144 is the most.',
    ],
    [
      422,
      { errors: [{ path: '/title', message: 'Too long' }] },
      'The board was refused: /title: Too long.',
    ],
    [429, { retryAfter: 40 }, 'Too many saves from here; again in 40 s.'],
    [507, {}, 'There is no room for more boards.'],
    [503, { retryAfter: 5 }, 'Nothing was saved: boards do not answer now.'],
  ])('that is answered with %i says why in a sentence', async (status, details, sentence) => {
    const { id, h, key: editKey } = await saved({ title: 'Errors', view: {} });
    const page = await open('', `?board=${id}&h=${h}&q=ds#edit=${editKey}`, {
      expected: [String(status)],
    });
    await bar(page).getByRole('button', { name: 'Save', exact: true }).waitFor();
    server.instead = ({ method }) =>
      method === 'PUT'
        ? { status, headers: {}, body: JSON.stringify({ detail: 'no', ...details }) }
        : null;
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => bar(page).getByRole('alert').textContent()).toContain(sentence);
  });

  test('B47 with words that are gone leaves them out, says so, and saves without them', async () => {
    const { id, key: editKey } = await saved({ title: 'Old', view: { status: ['error'] } });
    const { json } = await server.api('GET', `boards/${id}`);
    const old = {
      ...json,
      view: { status: ['error'], issue: ['s3Files:gone'], cause: ['gone'] },
      columns: ['id', 'gone'],
    };
    server.instead = ({ method, path }) =>
      method === 'GET' && path.endsWith(id)
        ? { status: 200, headers: { etag: '"0123456789abcdef-1"' }, body: JSON.stringify(old) }
        : null;
    const page = await open('', `?board=${id}#edit=${editKey}`, { expected: ['412'] });
    await expect
      .poll(() => bar(page).textContent())
      .toContain('2 filters and 1 column of this board are no longer known.');
    server.instead = () => null;
    expect(await page.locator('.datasets th').allTextContents()).toEqual(['Dataset']);
    await page.getByRole('searchbox').fill('ds');
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await bar(page).getByRole('button', { name: 'Overwrite' }).click();
    await notice(page, 'Board saved.');
    const now = (await server.api('GET', `boards/${id}`)).json;
    expect(now.view).toEqual({ archive: 'openneuro', status: ['error'], q: 'ds' });
    expect(now.columns).toEqual(['id']);
  });
});

describe('B44 a board that cannot be shown leaves the list as it is', () => {
  const GONE = 'This board is gone: it was deleted, or not used for long. Your view is unchanged.';
  const AWAY = 'The board could not be loaded: no trustworthy answer came. Your view is unchanged.';
  type Instead = typeof server.instead;
  const answer =
    (status: number, body: string): Instead =>
    () => ({ status, headers: {}, body });
  const asItIs: Instead = () => null;

  test.each([
    ['a gone board', NO_ID, asItIs, GONE, ['404']],
    ['no id at all', 'nonsense', asItIs, GONE, []],
    ['an API that fails', NO_ID, answer(500, '{"detail":"a fault"}'), AWAY, ['500']],
    ['a proxy that fails', NO_ID, answer(502, '<h1>Bad gateway</h1>'), AWAY, ['502']],
    [
      'a board of a later version',
      NO_ID,
      answer(200, `{"id":"${NO_ID}","schemaVersion":2,"title":"x","view":{}}`),
      'This board was saved by a newer Mirrorwatch than this page. Load the page again.',
      [],
    ],
  ] as const)('%s', async (_what, id, instead, sentence, expected) => {
    server.instead = instead;
    const page = await open('', `?board=${id}&status=error`, { expected });
    await expect.poll(() => bar(page).getByRole('alert').textContent()).toContain(sentence);
    server.instead = () => null;
    expect((await idsOn(page)).length).toBeGreaterThan(2);
    expect(await page.locator('.card.error').getAttribute('aria-pressed')).toBe('true');
    expect(await violations(page)).toEqual([]);
    await bar(page).getByRole('button', { name: 'Close' }).click();
    expect(queryOf(page)).toBe('?status=error');
  });
});

test('an API that does not answer has no buttons, and the list is as ever', async () => {
  server.instead = () => ({ status: 503, headers: {}, body: '{"detail":"away"}' });
  const page = await open('', '?status=error', { expected: ['503'] });
  await expect.poll(() => server.asked.at(-1)?.path).toBe('/api/health');
  await page.waitForLoadState('networkidle');
  expect(await page.getByRole('button', { name: 'Save view' }).count()).toBe(0);
  await page.keyboard.press('b');
  expect(await dialog(page).count()).toBe(0);
  expect((await idsOn(page)).length).toBeGreaterThan(2);
});

describe('my boards', () => {
  test('are listed, forgotten and deleted by keyboard alone', async () => {
    const [kept, gone] = await Promise.all([
      saved({ title: 'Forgotten soon', view: {} }),
      saved({ title: 'Deleted soon', view: {} }),
    ]);
    const page = await open('', `?board=${kept.id}#edit=${kept.key}`);
    await page.locator('.board h2').waitFor();
    await page.goto(`${server.address('')}?board=${gone.id}#edit=${gone.key}`);
    await page.locator('.board h2').waitFor();
    await page.getByRole('button', { name: 'My boards' }).focus();
    await key(page, 'Enter');
    await dialog(page).waitFor();
    expect(await dialog(page).locator('li a').allTextContents()).toEqual([
      'Deleted soon',
      'Forgotten soon',
    ]);
    expect(await violations(page)).toEqual([]);
    await tabTo(page, 'Forget Forgotten soon');
    await key(page, 'Enter');
    await notice(page, 'Forgotten. The board is still there.');
    expect((await server.api('GET', `boards/${kept.id}`)).status).toBe(200);
    await tabTo(page, 'Delete Deleted soon…');
    await key(page, 'Enter');
    await tabTo(page, 'Delete it for everybody');
    await key(page, 'Enter');
    await notice(page, 'The board is deleted.');
    expect((await server.api('GET', `boards/${gone.id}`)).status).toBe(404);
    expect(await mineOf(page)).toEqual([]);
    expect(queryOf(page)).toBe('');
  });

  test('are the same in two tabs', async () => {
    const { id, key: editKey } = await saved({ title: 'Seen in both', view: {} });
    const page = await open('');
    const other = await page.context().newPage();
    await other.goto(`${server.address('')}?board=${id}#edit=${editKey}`);
    await other.locator('.board h2').waitFor();
    await page.getByRole('button', { name: 'My boards' }).click();
    await expect
      .poll(() => dialog(page).locator('li a').allTextContents())
      .toEqual(['Seen in both']);
    await other.getByRole('button', { name: 'My boards' }).click();
    await other.getByRole('button', { name: 'Forget Seen in both' }).click();
    await expect.poll(() => dialog(page).locator('li a').count()).toBe(0);
  });

  test('live as long as the page where nothing may be stored', async () => {
    const page = await open('');
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('forbidden', 'SecurityError');
          },
        });
      }
    });
    await page.reload();
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Title').fill('Not kept');
    await key(page, 'Enter');
    await notice(page, 'Board saved.');
    await page.getByRole('searchbox').fill('ds');
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => page.locator('.board-line.changed').count()).toBe(0);
    await page.getByRole('button', { name: 'My boards' }).click();
    await expect.poll(() => dialog(page).locator('li a').allTextContents()).toEqual(['Not kept']);
    expect(await dialog(page).textContent()).toContain('the list ends with the page');
    await page.reload();
    await page.getByRole('button', { name: 'My boards' }).click();
    await expect.poll(() => dialog(page).textContent()).toContain('seen 2026-08-01');
  });

  test('travel in a file, and so does a board, without the server', async () => {
    const { id, key: editKey } = await saved({
      title: 'To take along',
      view: { status: ['error'] },
    });
    const page = await open('', `?board=${id}#edit=${editKey}`);
    await page.locator('.board h2').waitFor();
    await page.getByRole('button', { name: 'My boards' }).click();
    const list = page.waitForEvent('download');
    await dialog(page).getByRole('button', { name: 'Export the list' }).click();
    const listFile = await (await list).path();
    await key(page, 'Escape');
    await page.getByRole('button', { name: 'Share' }).click();
    const board = page.waitForEvent('download');
    await dialog(page).getByRole('button', { name: 'Export as JSON' }).click();
    expect((await board).suggestedFilename()).toBe('board-to-take-along.json');
    const boardFile = await (await board).path();

    server.instead = ({ path }) =>
      path === '/api/health' ? null : { status: 500, headers: {}, body: '' };
    const other = await open('');
    await other.getByRole('button', { name: 'My boards' }).click();
    const choose = async (button: string, file: string) => {
      const chooser = other.waitForEvent('filechooser');
      await dialog(other).getByRole('button', { name: button }).click();
      await (await chooser).setFiles(file);
    };
    await choose('Import a list…', listFile);
    await notice(other, '1 board added to the list.');
    expect((await mineOf(other))[0]).toMatchObject({ id, editKey });
    await choose('Open a board from a file…', boardFile);
    await expect.poll(() => other.locator('.board h2').textContent()).toBe('To take along');
    expect(queryOf(other)).toBe('?status=error');
    expect(await bar(other).textContent()).toContain('from a file and saved nowhere');
  });
});

describe('pinned datasets and columns', () => {
  test('come first whatever the view filters by, and only the chosen columns are shown', async () => {
    const pinned = [IDS.waiting, IDS.mendedToday].map((id) => `openneuro:${id}`);
    const { id } = await saved({
      ...{ title: 'Mine', view: { status: ['error'] }, notes: 'Look\n  here <b>' },
      ...{ pinned: [...pinned, 'openneuro:ds999999'], columns: ['id', 'status', 'missing'] },
    });
    const page = await open('', `?board=${id}`);
    await expect.poll(() => page.locator('tr.pinned .id').allTextContents()).toHaveLength(2);
    const ids = await idsOn(page);
    expect(new Set(ids.slice(0, 2))).toEqual(new Set([IDS.waiting, IDS.mendedToday]));
    expect(ids.length).toBeGreaterThan(3);
    expect(await page.locator('.datasets th').allTextContents()).toEqual([
      ...['Status', 'Dataset', 'Missing'],
    ]);
    const cells = await page
      .locator('.datasets tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...row.children].reduce((sum, cell) => sum + (cell as HTMLTableCellElement).colSpan, 0),
        ),
      );
    expect(new Set(cells)).toEqual(new Set([3]));
    expect(await page.locator('.board-notes').textContent()).toBe('Look\n  here <b>');
    expect(await bar(page).textContent()).toContain('1 pinned dataset is not listed here.');
    expect(await violations(page)).toEqual([]);
  });

  test('are edited by keyboard alone, and a look at a dataset keeps what is not saved', async () => {
    const { id, key: editKey } = await saved({ title: 'Mine', view: {} });
    const page = await open('', `?board=${id}#edit=${editKey}`);
    await page.locator('.board h2').waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).focus();
    await key(page, 'Enter');
    await page.getByLabel('Title').fill('Ours');
    await page.getByLabel(/^Pinned datasets/).fill(IDS.changed);
    await page.getByRole('checkbox', { name: 'Since' }).focus();
    await key(page, 'Space');
    expect(await violations(page)).toEqual([]);
    await tabTo(page, 'Apply');
    await key(page, 'Enter');
    await expect.poll(() => page.locator('.board h2').textContent()).toBe('Ours');
    expect((await idsOn(page))[0]).toBe(IDS.changed);
    await page.locator('tr.pinned a').click();
    await page.locator('h1').waitFor();
    await page.goBack();
    await expect.poll(() => page.locator('.board h2').textContent()).toBe('Ours');
    expect(await page.locator('th.c-since').count()).toBe(0);
    await bar(page).getByRole('button', { name: 'Save', exact: true }).click();
    await notice(page, 'Board saved.');
    const { json } = await server.api('GET', `boards/${id}`);
    expect(json).toMatchObject({ title: 'Ours', pinned: [`openneuro:${IDS.changed}`] });
    expect(json.columns).not.toContain('since');
  });
});

describe('B43 a hostile board', () => {
  const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  const hostile = {
    title: `e${'\u0301'.repeat(119)}`,
    notes: `${MARKUP}\n\u202egnp.exe javascript:alert(3)\n${'x'.repeat(3000)}`,
    view: { q: '' },
    pinned: [`openneuro:${IDS.changed}`],
    widgets: [
      {
        kind: 'note',
        id: 'a',
        title: MARKUP,
        text: MARKUP.repeat(20),
        layout: { x: 0, y: 0, w: 6, h: 4 },
      },
      {
        kind: 'note',
        id: 'b',
        title: '\u202etxt',
        text: 'javascript:alert(4)',
        layout: { x: 0, y: 0, w: 12, h: 1 },
      },
      {
        kind: 'curve',
        id: 'c',
        title: `a${'\u0301'.repeat(79)}`,
        series: ['openneuro.constructor'],
        layout: { x: 3, y: 999, w: 9, h: 5 },
      },
      {
        kind: 'strip',
        id: 'd',
        dataset: 'openneuro:ds999999',
        layout: { x: 11, y: 500, w: 1, h: 1 },
      },
      {
        kind: 'curve',
        id: 'e',
        series: ['openneuro.dataset.__proto__.constructor'],
        layout: { x: 0, y: 1, w: 1, h: 24 },
      },
    ],
  };
  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ] as const)('is text, runs nothing, and the layout holds: %s', async (_name, viewport) => {
    const stored = await saved({ ...hostile, widgets: hostile.widgets.slice(0, 4) });
    server.instead = ({ method, path }) =>
      method === 'GET' && path.endsWith(stored.id)
        ? {
            status: 200,
            headers: { etag: stored.etag },
            body: JSON.stringify({ id: stored.id, schemaVersion: 1, ...hostile }),
          }
        : null;
    const page = await open('', `?board=${stored.id}`, {
      viewport,
      expected: ['ds999999', '__proto__'],
    });
    await page.locator('.widget').first().waitFor();
    server.instead = () => null;
    await expect.poll(() => page.locator('.board .waiting').count()).toBe(0);
    expect(await page.locator('img, iframe, script:not([src]), [onerror]').count()).toBe(0);
    expect(await bar(page).locator('a[href^="javascript"]').count()).toBe(0);
    const text = await page.locator('.board').textContent();
    expect(text).toContain(MARKUP);
    expect(text).toContain('⟨U+202E⟩gnp.exe javascript:alert(3)');
    const { width, overlaps, tall } = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll('.widget')].map((one) =>
        one.getBoundingClientRect(),
      );
      const meet = (a: DOMRect, b: DOMRect) =>
        a.left < b.right - 1 &&
        b.left < a.right - 1 &&
        a.top < b.bottom - 1 &&
        b.top < a.bottom - 1;
      return {
        width: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        overlaps: boxes.filter((a) => boxes.some((b) => a !== b && meet(a, b))).length,
        tall: document.querySelector('.board h2')?.getBoundingClientRect().height ?? 0,
      };
    });
    expect({ width, overlaps }).toEqual({ width: 0, overlaps: 0 });
    expect(tall).toBeLessThan(60);
    expect(await violations(page)).toEqual([]);
  });
});
