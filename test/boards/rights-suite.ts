// Who may change a board, and what maintenance does.

import { afterEach, expect, test } from 'vitest';
import { isMaintenance, ROUTES } from '../../boards/routes.ts';
import { BOARD, type World, type WorldOptions } from './world.ts';

const ELSEWHERE = '00000000-0000-4000-8000-000000000000';

/**
 * @param edit who may change a board
 * @param here tests may move the clock
 */
export function rightsTests(
  open: (options?: WorldOptions) => Promise<World>,
  edit: 'key' | 'open',
  here = true,
): void {
  let world: World;
  afterEach(() => world.close());
  const begin = async (options: WorldOptions = {}) => {
    world = await open({ edit, ...options });
  };
  const maintain = (method: string, path: string) =>
    world.ask(method, `/api/maintenance/boards/${path}`);
  const record = async (id: string) => {
    const found = await world.store.read(id, true);
    if (found === null) throw new Error('there is no such board');
    return found;
  };
  const isEvictable = async (id: string) =>
    (await Array.fromAsync(world.store.evictable())).some((one) => one.id === id);

  test.runIf(here)('B12 maintenance and health are no use', async () => {
    await begin();
    const { id } = await world.save();
    const before = await record(id);
    await world.clock.advance(3_600_000);
    expect((await world.ask('GET', '/api/health')).json).toEqual({ message: 'Alive and Well!' });
    const { status, json } = await maintain('GET', id);
    expect(status).toBe(200);
    expect(json).toMatchObject({ ...{ id, board: BOARD, rev: 1 }, whitelisted: false });
    expect((await maintain('GET', ELSEWHERE)).status).toBe(404);
    const list = await world.ask('GET', '/api/maintenance/boards');
    expect(list.json).toMatchObject({ boards: [{ id, title: BOARD.title, size: before.size }] });
    expect(await record(id)).toEqual(before);
  });

  test('B17, B18, B21 a protected board is read-only, and may be forked', async () => {
    await begin();
    const saved = await world.save();
    await maintain('POST', `${saved.id}/protect`);
    const before = await record(saved.id);
    for (const [method, body] of [
      ['PATCH', BOARD],
      ['PUT', { title: '' }],
      ['DELETE', undefined],
    ] as const) {
      const { status, json } = await world.change(method, saved, { body });
      expect(status).toBe(403);
      expect(json.detail).toBe(`Board ${saved.id} is protected and cannot be changed.`);
    }
    expect((await world.ask('POST', `/api/boards/${saved.id}/fork`)).status).toBe(201);
    expect(await record(saved.id)).toEqual(before);
  });

  test('B22 a whitelisted board is not evictable, however often that is said', async () => {
    await begin();
    const { id } = await world.save();
    expect(await isEvictable(id)).toBe(true);
    for (const [method, says] of [
      ['POST', 'whitelisted'],
      ['POST', 'whitelisted'],
      ['DELETE', 'unwhitelisted'],
      ['DELETE', 'unwhitelisted'],
    ] as const) {
      const { status, json } = await maintain(method, `${id}/whitelist`);
      expect({ status, json }).toEqual({ status: 200, json: { message: `Board ${id} ${says}` } });
      expect((await record(id)).whitelisted).toBe(method === 'POST');
      expect(await isEvictable(id)).toBe(method === 'DELETE');
    }
    expect((await maintain('POST', `${ELSEWHERE}/whitelist`)).status).toBe(404);
    expect((await maintain('DELETE', `${ELSEWHERE}/protect`)).status).toBe(404);
  });

  test('B23, B24 protecting whitelists, its opposite does not', async () => {
    await begin();
    const saved = await world.save();
    const on = await maintain('POST', `${saved.id}/protect`);
    expect(on.json.message).toBe(`Board ${saved.id} protected and whitelisted`);
    expect(await record(saved.id)).toMatchObject({ protected: true, whitelisted: true });
    const off = await maintain('DELETE', `${saved.id}/protect`);
    expect(off.json.message).toBe(`Board ${saved.id} unprotected, may still be whitelisted`);
    expect(await record(saved.id)).toMatchObject({ protected: false, whitelisted: true });
    expect((await world.change('PATCH', saved, { body: BOARD })).status).toBe(200);
  });

  test('an operator deletes what is protected, and counts again', async () => {
    await begin();
    const { id } = await world.save();
    await maintain('POST', `${id}/protect`);
    expect((await maintain('DELETE', id)).status).toBe(200);
    expect((await maintain('DELETE', id)).status).toBe(404);
    const { status, json } = await world.ask('POST', '/api/maintenance/recount');
    expect({ status, json }).toEqual({ status: 200, json: { bytes: 0, boards: 0 } });
  });

  test('B33 maintenance is not for everybody', async () => {
    await begin({ mayMaintain: false });
    const { id } = await world.save();
    for (const { methods, path } of ROUTES.filter((route) => isMaintenance(route.path))) {
      for (const method of methods) {
        expect((await world.ask(method, path.replace('{id}', id))).status).toBe(403);
      }
    }
    expect((await world.ask('OPTIONS', '/api/maintenance')).status).toBe(403);
    expect(await record(id)).toMatchObject({ whitelisted: false, protected: false });
  });

  test('B36 other origins may ask, without credentials', async () => {
    await begin();
    const { id } = await world.save();
    const asked = await world.ask('OPTIONS', `/api/boards/${id}`, {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(asked).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'content-type, if-match, if-none-match, authorization, x-amz-content-sha256',
        'access-control-max-age': '86400',
      },
    });
    const { headers } = await world.ask('GET', `/api/boards/${id}`);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('a method that an address does not have is refused with those it has', async () => {
    await begin();
    const { id } = await world.save();
    const { status, headers } = await world.ask('POST', `/api/boards/${id}`);
    expect({ status, allow: headers.allow }).toEqual({
      ...{ status: 405, allow: 'GET, PUT, PATCH, DELETE, OPTIONS' },
    });
    expect((await world.ask('DELETE', '/api/boards/schema')).headers.allow).toBe('GET, OPTIONS');
  });

  test('B39 a change may be tied to what was seen', async () => {
    await begin();
    const saved = await world.save();
    const change = async (headers: Record<string, string>, method = 'PATCH') =>
      (await world.change(method, saved, { headers, body: BOARD })).status;
    const old = saved.etag;
    expect(await change({ 'if-match': old })).toBe(200);
    expect(await change({ 'if-match': old })).toBe(412);
    expect(await change({ 'if-match': old }, 'DELETE')).toBe(412);
    expect(await change({ 'if-match': '*' })).toBe(200);
    expect(await change({})).toBe(200);
    const { headers } = await world.ask('GET', `/api/boards/${saved.id}`);
    const now = { 'if-match': headers.etag as string };
    expect((await Promise.all([change(now), change(now)])).sort()).toEqual([200, 412]);
  });

  test.runIf(edit === 'key')('B40 a change needs the key, which is told once', async () => {
    await begin();
    const saved = await world.save();
    const change = (method: string, authorization?: string) =>
      world.ask(method, `/api/boards/${saved.id}`, {
        ...(method !== 'DELETE' && { body: BOARD }),
        headers: { ...(authorization && { authorization }) },
      });
    for (const method of ['PATCH', 'DELETE']) {
      const absent = await change(method);
      expect(absent).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect((await change(method, 'Basic abc')).status).toBe(401);
      expect((await change(method, `Bearer ${'A'.repeat(43)}`)).status).toBe(403);
    }
    expect((await change('PATCH', `Bearer ${saved.key}`)).status).toBe(200);
    const told = [
      await world.ask('GET', `/api/boards/${saved.id}`),
      await maintain('GET', saved.id),
      await world.ask('GET', '/api/maintenance/boards'),
    ].map(({ text }) => text);
    expect(JSON.stringify([told, world.faults])).not.toContain(saved.key);
  });

  test.runIf(here)('B41 a fork is a board of its own', async () => {
    await begin();
    const source = await world.save();
    await maintain('POST', `${source.id}/protect`);
    await world.clock.advance(3_600_000);
    const before = await record(source.id);
    const fork = (body?: unknown, headers = {}) =>
      world.ask('POST', `/api/boards/${source.id}/fork`, { body, headers });
    const { status, json } = await fork();
    expect(status).toBe(201);
    const { id, editKey, ...board } = json;
    expect(board).toEqual({ forkedFrom: source.id, ...BOARD });
    expect(id).not.toBe(source.id);
    expect(await record(id)).toMatchObject({ protected: false, whitelisted: false, rev: 1 });
    if (edit === 'key') expect((await record(id)).keyHash).not.toBe(before.keyHash);
    expect(await record(source.id)).toEqual(before);
    expect((await fork({ title: ' Mine ' })).json).toMatchObject({ ...BOARD, title: 'Mine' });
    expect((await fork({ title: '' })).status).toBe(422);
    expect((await fork({ name: 'x' })).status).toBe(422);
    expect((await fork('[]')).status).toBe(400);
    expect((await fork('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await fork(`{${' '.repeat(350_000)}}`)).status).toBe(413);
    expect((await world.ask('POST', `/api/boards/${ELSEWHERE}/fork`)).status).toBe(404);
  });

  test.runIf(here)(
    'B42 one client makes twenty writes a minute, another is not disturbed',
    async () => {
      await begin();
      const saved = await world.save();
      const write = (client: string) => world.ask('POST', '/api/boards', { body: BOARD, client });
      const [one, other] = ['2001:db8::1', '2001:db8:0:1::1'];
      for (let i = 0; i < 20; i += 1) expect((await write(one)).status).toBe(201);
      const { status, json, headers } = await write('2001:db8:0:0:9::1');
      expect(status).toBe(429);
      expect(json.retryAfter).toBeLessThanOrEqual(60);
      expect(headers['retry-after']).toBe(String(json.retryAfter));
      for (const [method, path] of [
        ['PATCH', saved.id],
        ['DELETE', saved.id],
        ['POST', `${saved.id}/fork`],
      ] as const) {
        const body = method === 'PATCH' ? BOARD : undefined;
        const again = await world.ask(method, `/api/boards/${path}`, { body, client: one });
        expect([method, again.status]).toEqual([method, 429]);
      }
      expect((await write(other)).status).toBe(201);
      await world.clock.advance(60_000);
      expect((await write(one)).status).toBe(201);
    },
  );

  test.runIf(here)('B42 and two hundred a day', async () => {
    await begin();
    const write = () => world.ask('POST', '/api/boards', { body: BOARD, client: '192.0.2.7' });
    for (let i = 0; i < 200; i += 1) {
      if (i % 20 === 0) await world.clock.advance(60_000);
      expect((await write()).status).toBe(201);
    }
    await world.clock.advance(60_000);
    const { status, json } = await write();
    expect({ status, soon: json.retryAfter <= 60 }).toEqual({ status: 429, soon: false });
    await world.clock.advance(json.retryAfter * 1000);
    expect((await write()).status).toBe(201);
  });
}
