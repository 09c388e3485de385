// What is answered when the store hangs, is away or fails.

import { afterEach, expect, test } from 'vitest';
import { ROUTES } from '../../boards/routes.ts';
import { StoreAway } from '../../boards/store.ts';
import { until } from '../support/clock.ts';
import { BOARD, type World, type WorldOptions } from './world.ts';

const ELSEWHERE = '00000000-0000-4000-8000-000000000000';

export function troubleTests(open: (options?: WorldOptions) => Promise<World>): void {
  let world: World;
  afterEach(() => world.close());
  const begin = async (options: WorldOptions = {}) => {
    world = await open(options);
  };

  const usesStore = ROUTES.filter(({ statuses }) => statuses.some((status) => status === 503));

  test('B37 a store that hangs is not waited for longer than five seconds', async () => {
    const hang = () => new Promise<never>(() => {});
    await begin({
      wrap: (store) => ({
        ...store,
        totals: hang,
        read: hang,
        list: hang,
        recount: hang,
        put: hang,
      }),
    });
    await askedAll(504, { detail: 'Request timed out' }, () => world.clock.advance(5000));
  });

  test('B37 a write that was too slow is whole all the same', async () => {
    const gate = Promise.withResolvers<void>();
    await begin({
      wrap: (store) => ({
        ...store,
        put: (...given) => gate.promise.then(() => store.put(...given)),
      }),
    });
    const asked = world.ask('POST', '/api/boards', { body: BOARD });
    await until(() => world.clock.timers.length > 0);
    await world.clock.advance(5000);
    expect((await asked).status).toBe(504);
    expect(await world.store.totals()).toEqual({ bytes: 0, boards: 0 });
    gate.resolve();
    await expect.poll(async () => (await world.store.totals()).boards).toBe(1);
    const { records } = await world.store.list(null);
    expect(records).toMatchObject([{ body: JSON.stringify(BOARD) }]);
    expect(await world.store.totals()).toEqual({ bytes: records[0]?.size, boards: 1 });
  });

  test('a store that is away is told, and when to come again', async () => {
    const leave = async () => {
      throw new StoreAway('throttled');
    };
    const all = { totals: leave, read: leave, put: leave, list: leave, recount: leave };
    await begin({ wrap: (store) => ({ ...store, ...all }) });
    const says = { detail: 'The store cannot answer now.', retryAfter: 5 };
    await askedAll(503, says, async () => {});
  });

  /** All routes that ask the store. */
  async function askedAll(status: number, says: object, meanwhile: () => Promise<void>) {
    for (const { id, methods, path, ...route } of usesStore) {
      const asked = world.ask(methods[0], path.replace('{id}', ELSEWHERE), {
        ...('body' in route && route.body === 'board' && { body: BOARD }),
      });
      await until(() => world.clock.timers.length > 0 || status !== 504);
      await meanwhile();
      const answered = await asked;
      expect([id, answered.status, answered.json]).toEqual([id, status, says]);
    }
  }

  test('a fault of the program is told without its words', async () => {
    const fail = async () => {
      throw new Error('a secret');
    };
    await begin({ wrap: (store) => ({ ...store, read: fail }) });
    const { status, text } = await world.ask('GET', `/api/boards/${ELSEWHERE}`);
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(world.faults).toHaveLength(1);
  });
}
