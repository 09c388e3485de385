// Dumps: what is in them, and what importing them writes.

import { afterEach, expect, test } from 'vitest';
import { exportBoards, importBoards } from '../../boards/dump.ts';
import { boardSchema } from '../../boards/schema.ts';
import { BOARD, VOCABULARY, type World, type WorldOptions } from './world.ts';

export function dumpTests(open: (options?: WorldOptions) => Promise<World>): void {
  let world: World;
  afterEach(() => world.close());
  const maintain = (id: string, flag: string) =>
    world.ask('POST', `/api/maintenance/boards/${id}/${flag}`);
  const load = (text: string) =>
    importBoards(world.store, text, boardSchema(VOCABULARY), world.settings);
  const idsIn = (text: string) => JSON.parse(text).map(({ id }: { id: string }) => id);

  test('B12, B34 a dump has what was asked for, and makes the same boards elsewhere', async () => {
    world = await open();
    const saved = [await world.save(), await world.save(), await world.save()];
    const [first, second, third] = saved.map(({ id }) => id) as [string, string, string];
    await maintain(first, 'whitelist');
    await maintain(second, 'protect');
    const before = await world.store.read(third, true);
    const some = await exportBoards(world.store, false);
    expect(idsIn(some)).toEqual([first, second].sort());
    const all = await exportBoards(world.store, true);
    expect(idsIn(all)).toEqual([first, second, third].sort());
    for (const { key } of saved) expect(all).not.toContain(key);
    expect(await world.store.read(third, true)).toEqual(before);
    const totals = await world.store.totals();

    await world.close();
    world = await open();
    expect(await load(all)).toEqual({ written: 3, unchanged: 0, refused: [] });
    expect(await exportBoards(world.store, true)).toBe(all);
    expect(await world.store.totals()).toEqual(totals);
    expect(await load(all)).toEqual({ written: 0, unchanged: 3, refused: [] });
    const body = { ...BOARD, title: 'Another' };
    for (const [i, status] of [200, 403, 200].entries()) {
      const { key = '' } = saved[i] ?? {};
      const one = { id: saved[i]?.id ?? '', key, etag: '' };
      expect((await world.change('PATCH', one, { body })).status).toBe(status);
    }
  });

  test('B46 of a dump of the older system, what fits is written and the rest is named', async () => {
    world = await open();
    const ids = [1, 2].map((i) => `00000000-0000-4000-8000-00000000000${i}`);
    const of = (_id: unknown, dashboard: object) => ({
      ...{ _id, dashboard, last_access: { $date: '2026-06-25T10:00:00Z' }, _size: 10 },
    });
    const dump = [of(ids[0], BOARD), of({ $uuid: ids[1] }, { widgets: [] })];
    const { written, refused } = await load(JSON.stringify(dump));
    expect([written, refused.map(({ id }) => id)]).toEqual([1, [ids[1]]]);
    const there = await world.ask('GET', `/api/boards/${ids[0]}`);
    expect(there.json).toEqual({ id: ids[0], ...BOARD });
    expect((await world.store.totals()).boards).toBe(1);
  });
}
