// Boards are saved, read, replaced, deleted and forked. Each test has the number of its rule.

import { afterEach, describe, expect, test } from 'vitest';
import { BOARD, boardOf, type World, type WorldOptions } from './world.ts';

const ELSEWHERE = '00000000-0000-4000-8000-000000000000';

/**
 * @param edit who may change a board
 * @param here tests may move the clock, and see what the store is asked
 */
export function useTests(
  open: (options?: WorldOptions) => Promise<World>,
  edit: 'key' | 'open',
  here = true,
): void {
  let world: World;
  afterEach(() => world.close());
  const begin = async (options: WorldOptions = {}) => {
    world = await open({ edit, ...options });
  };
  const get = (id: string, headers = {}) => world.ask('GET', `/api/boards/${id}`, { headers });
  const post = (body: unknown, headers = {}) => world.ask('POST', '/api/boards', { body, headers });
  const used = async (id: string) => (await world.store.read(id, true))?.lastAccess;

  test('B01 a saved board comes back with its id, its address and its key', async () => {
    await begin();
    const { status, json, headers } = await post(BOARD);
    expect(status).toBe(201);
    const { id, editKey, ...board } = json;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(board).toEqual(BOARD);
    expect(headers).toMatchObject({ location: `/api/boards/${id}` });
    expect(headers.etag).toMatch(/^"[0-9a-f]{16}-1"$/);
    if (edit === 'key') expect(editKey).toMatch(/^[\w-]{43}$/);
    else expect(json).not.toHaveProperty('editKey');
  });

  test('B02 what is missing is named', async () => {
    await begin();
    const { status, json } = await post({});
    expect(status).toBe(422);
    expect(json.detail).toBe('Board validation failed.');
    const paths = json.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/title', '/view']));
  });

  test('B03 an unknown field is refused at every level', async () => {
    await begin();
    const [widget] = BOARD.widgets;
    const wrong: readonly [string, unknown][] = [
      ['/hack', { ...BOARD, hack: 1 }],
      ['/view/hack', { ...BOARD, view: { hack: 1 } }],
      ['/widgets/0/hack', { ...BOARD, widgets: [{ ...widget, hack: 1 }] }],
      ['/widgets/0/layout/hack', withWidget({ layout: { ...widget.layout, hack: 1 } })],
      ['/widgets/0/plot/hack', withWidget({ plot: { hack: 1 } })],
      [`/${'x'.repeat(40)}`, { ...BOARD, ['x'.repeat(500)]: 1 }],
      ['/__proto__', JSON.parse(`{"__proto__": 1, ${JSON.stringify(BOARD).slice(1)}`)],
    ];
    for (const [path, board] of wrong) {
      const { status, json } = await post(board);
      expect({ status, json }).toMatchObject({ status: 422, json: { errors: [{ path }] } });
      expect(json.errors).toHaveLength(1);
    }
  });

  test('no answer repeats the text of a refused board', async () => {
    await begin();
    const [curve, note] = BOARD.widgets;
    const text = '<img src=x>\u0007';
    const wrong = [
      { ...BOARD, title: text },
      { ...BOARD, notes: text.repeat(1000) },
      { ...BOARD, view: { archive: text, status: [text], sort: text } },
      { ...BOARD, columns: [text], pinned: [text, text] },
      { ...BOARD, widgets: [{ ...curve, id: text, kind: text }] },
      { ...BOARD, widgets: [{ ...curve, id: text, series: [text], layout: text, plot: text }] },
      { ...BOARD, widgets: [note, { ...note, title: text.repeat(9) }] },
      { ...BOARD, schemaVersion: text },
    ];
    for (const board of [...wrong.map((one) => JSON.stringify(one)), text, `["${text}"]`]) {
      const { status, text: said } = await post(board);
      expect([400, 422]).toContain(status);
      expect(said).not.toContain('img');
    }
  });

  test('B04 what is no JSON object of sixteen levels is refused', async () => {
    await begin();
    const deep = `{"a":${'['.repeat(16)}${']'.repeat(16)}}`;
    const twice = '{"title":1,"titl\\u0065" :2}';
    for (const body of ['[1]', '"x"', '{', twice, deep, '\ufffe', '{"a":{"b":1,"b":1}}']) {
      expect([body, (await post(body)).status]).toEqual([body, 400]);
    }
    expect((await post(deep.replace('[]', ''))).status).toBe(422);
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post('{}', { 'content-type': 'Application/JSON; charset=x' })).status).toBe(422);
  });

  test('B05, B06 a board of exactly the greatest size is saved, one more byte is refused', async () => {
    await begin({ maxBytes: 1000 });
    const saved = await world.save(boardOf(1000));
    const before = await world.store.totals();
    expect(before).toEqual({ bytes: 1000, boards: 1 });
    const body = boardOf(1001);
    for (const { status, json } of [
      await post(body),
      await world.change('PATCH', saved, { body }),
    ]) {
      expect(status).toBe(413);
      expect(json).toEqual({ detail: 'Size 1001 exceeds max 1000', size: 1001, max: 1000 });
    }
    expect(await world.store.totals()).toEqual(before);
  });

  test('B07 without validation of sizes there still is a greatest body', async () => {
    await begin({ validateSize: false, maxBytes: 1000 });
    expect((await post(boardOf(1001))).status).toBe(201);
    const huge = await post(`{${' '.repeat(350_000)}}`);
    expect(huge.status).toBe(413);
    expect(huge.json.max).toBe(350_000);
  });

  test('B08 without validation of the schema any object is saved', async () => {
    await begin({ validateSchema: false });
    const { id } = await world.save({ anything: 1 });
    expect((await get(id)).json).toEqual({ id, anything: 1 });
    const empty = await world.save({});
    expect((await get(empty.id)).json).toEqual({ id: empty.id });
  });

  test('B09 a board is read, and no cache keeps it', async () => {
    await begin();
    const { id, etag } = await world.save();
    const { status, json, headers } = await get(id);
    expect({ status, json }).toEqual({ status: 200, json: { id, ...BOARD } });
    expect(headers).toMatchObject({
      ...{ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', etag },
      'content-type': 'application/json; charset=utf-8',
    });
  });

  test.runIf(here)('B09 who has the board already gets no body, and that is use', async () => {
    await begin();
    const { id, etag } = await world.save();
    await world.clock.advance(61_000);
    const { status, text, headers } = await get(id, { 'if-none-match': `"x", ${etag}` });
    expect({ status, text }).toEqual({ status: 304, text: '' });
    expect(headers['cache-control']).toBe('no-store');
    expect(await used(id)).toBe(world.clock.now());
  });

  test.runIf(here)('B10 no such board; the store is not asked for what is no id', async () => {
    let asked = 0;
    await begin({
      wrap: (store) => ({
        ...store,
        read(...given) {
          asked += 1;
          return store.read(...given);
        },
      }),
    });
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? BOARD : undefined;
      const one = (id: string) => world.ask(method, `/api/boards/${id}`, { body });
      expect(await one(ELSEWHERE)).toMatchObject({
        ...{ status: 404, json: { detail: 'Board not found' } },
      });
      const before = asked;
      const others = ['nonexistent', ELSEWHERE.replace('4', 'A'), '..%2fx', 'a'.repeat(10_000)];
      for (const id of others) expect((await one(id)).status).toBe(404);
      expect(asked).toBe(before);
      expect(asked).toBeGreaterThan(0);
    }
  });

  test('B10 nothing is at a path with one part more, or an empty one', async () => {
    await begin();
    for (const path of [
      ...['/api', '/api/boards/', `/api/boards/${ELSEWHERE}/`, '/api/boards/a/b/c'],
      ...['/api/boards/../x', '/api/dashboard', `/api/dashboard/${ELSEWHERE}/`],
    ]) {
      expect([path, (await world.ask('GET', path)).status]).toEqual([path, 404]);
    }
  });

  test.runIf(here)('B11 a use is written once a minute', async () => {
    await begin();
    const { id } = await world.save();
    await world.clock.advance(61_000);
    await get(id);
    const first = await used(id);
    expect(first).toBe(world.clock.now());
    await world.clock.advance(10_000);
    await get(id);
    expect(await used(id)).toBe(first);
  });

  test.runIf(here)('B11 or always, if it is set so', async () => {
    await begin({ touchSeconds: 0 });
    const { id } = await world.save();
    await world.clock.advance(10);
    await get(id);
    expect(await used(id)).toBe(world.clock.now());
  });

  test('B13 a replaced board has nothing of the one before', async () => {
    await begin();
    const saved = await world.save();
    const { notes, widgets, ...body } = BOARD;
    expect((await world.change('PATCH', saved, { body })).status).toBe(200);
    expect((await get(saved.id)).json).toEqual({ id: saved.id, ...body });
  });

  test('B14 a missing board is refused after its body', async () => {
    await begin({ maxBytes: 1000 });
    const nowhere = { id: ELSEWHERE, key: 'x', etag: '' };
    for (const method of ['PUT', 'PATCH']) {
      const status = async (body: unknown) =>
        (await world.change(method, nowhere, { body })).status;
      expect(await status(boardOf(900))).toBe(404);
      expect(await status({})).toBe(422);
      expect(await status(boardOf(1001))).toBe(413);
    }
  });

  test('B15 a refused replacement changes nothing', async () => {
    await begin();
    const saved = await world.save();
    for (const [body, status, headers = {}] of [
      [{ title: '' }, 422],
      ['{', 400],
      ['{}', 415, { 'content-type': 'text/plain' }],
    ] as const) {
      expect((await world.change('PUT', saved, { body, headers })).status).toBe(status);
    }
    const { json, headers } = await get(saved.id);
    expect(json).toEqual({ id: saved.id, ...BOARD });
    expect(headers.etag).toBe(saved.etag);
  });

  test('B16 what was read can be sent back', async () => {
    await begin();
    const saved = await world.save();
    const { json: body } = await get(saved.id);
    const again = await world.change('PATCH', saved, { body });
    expect({ status: again.status, json: again.json }).toEqual({ status: 200, json: body });
    expect(await world.store.read(saved.id, true)).toMatchObject({ rev: 2 });
  });

  test.runIf(here)(
    'Last-Modified is of the last change, and no read and no replacement by the same moves it',
    async () => {
      await begin();
      const saved = await world.save();
      const modified = async () => (await get(saved.id)).headers['last-modified'];
      const first = await modified();
      expect(Date.parse(first ?? '')).not.toBeNaN();
      await world.clock.advance(61_000);
      await world.change('PUT', saved, { body: BOARD });
      expect(await modified()).toBe(first);
      const { headers } = await world.change('PUT', saved, { body: { ...BOARD, title: 'Other' } });
      const second = await modified();
      expect(headers['last-modified']).toBe(second);
      expect(Date.parse(second ?? '') - Date.parse(first ?? '')).toBe(61_000);
    },
  );

  test('B19, B20 a deleted board is gone', async () => {
    await begin();
    const saved = await world.save();
    const gone = await world.change('DELETE', saved);
    expect(gone).toMatchObject({ status: 200, json: { id: saved.id, ...BOARD } });
    expect((await world.change('DELETE', saved)).status).toBe(404);
    expect((await get(saved.id)).status).toBe(404);
    expect(await world.store.totals()).toEqual({ bytes: 0, boards: 0 });
  });

  test('clients of the older system have the board in dashboard', async () => {
    await begin();
    const older = (method: string, id: string, body?: unknown, key?: string) =>
      world.ask(method, `/api/dashboard/${id}`, {
        ...{ body, headers: key ? { authorization: `Bearer ${key}` } : {} },
      });
    const made = await older('POST', '', { dashboard: BOARD });
    const { id, editKey: key, ...more } = made.json;
    expect([made.status, more]).toEqual([201, { dashboard: BOARD }]);
    expect(made.headers.location).toBe(`/api/dashboard/${id}`);
    expect((await get(id)).json).toEqual({ id, ...BOARD });

    const read = await older('GET', id);
    expect([read.status, read.json]).toEqual([200, { id, dashboard: BOARD }]);
    const title = 'Another';
    const body = { ...read.json, dashboard: { ...BOARD, title } };
    const changed = await older('PATCH', id, body, key);
    expect([changed.status, changed.json]).toEqual([200, body]);
    for (const [wrong, path] of [
      [BOARD, '/dashboard'],
      [{ dashboard: BOARD, more: 1 }, '/more'],
      [{ dashboard: { ...BOARD, title: '' } }, '/title'],
    ] as const) {
      const { status, json } = await older('PATCH', id, wrong, key);
      const paths = json.errors.map((one: { path: string }) => one.path);
      expect([status, paths]).toEqual([422, expect.arrayContaining([path])]);
    }
    expect((await older('GET', '')).headers.allow).toBe('POST, OPTIONS');
    const gone = await older('DELETE', id, undefined, key);
    expect([gone.status, gone.json]).toEqual([200, body]);
    expect((await older('GET', id)).status).toBe(404);
  });

  describe('words', () => {
    test('stand in the order of the vocabulary, and text is trimmed', async () => {
      await begin();
      const view = { status: ['ok', 'error'] };
      const { json } = await post({
        view,
        title: ' T ',
        columns: ['since', 'id'],
        schemaVersion: 1,
      });
      expect(Object.keys(json).filter((key) => key !== 'editKey')).toEqual([
        ...['id', 'schemaVersion', 'title', 'view', 'columns'],
      ]);
      expect(json).toMatchObject({
        ...{ title: 'T', view: { status: ['error', 'ok'] }, columns: ['id', 'since'] },
      });
    });

    test('B47 of a stored board may be gone: it is served as it is, and not accepted again', async () => {
      await begin({ validateSchema: false });
      const old = { ...BOARD, view: { issue: ['s3Files:renamed'] } };
      const saved = await world.save(old);
      const record = await world.store.read(saved.id, true);
      await world.close();
      await begin();
      await world.store.put(record as never, null);
      const { status, json } = await get(saved.id);
      expect({ status, json }).toEqual({ status: 200, json: { id: saved.id, ...old } });
      expect((await world.change('PATCH', saved, { body: json })).status).toBe(422);
    });
  });
}

const withWidget = (changes: object) => ({
  ...BOARD,
  widgets: [{ ...BOARD.widgets[0], ...changes }],
});
