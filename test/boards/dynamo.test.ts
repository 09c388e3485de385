// Boards in DynamoDB, as the store asks it: the SDK's clients over a table in memory.

import { afterEach, describe, expect, test } from 'vitest';
import { dynamoLimiter } from '../../lambdas/boards/dynamo-limiter.ts';
import { dynamoBoards } from '../../lambdas/boards/dynamo-store.ts';
import { BOARDS_TABLE } from '../../lambdas/names.ts';
import { type CloudOptions, type FakeCloud, fakeCloud, type Hooks } from '../support/aws/cloud.ts';
import { awsError } from '../support/aws/error.ts';
import { fakeClock, type ManualClock } from '../support/clock.ts';
import { boardTests } from './suites.ts';
import { type Backend, BOARD, openWorld, type World } from './world.ts';

let cloud: FakeCloud;

function backend(hooks: Hooks = {}, options: CloudOptions = {}): Backend {
  cloud = fakeCloud(options);
  const { dynamo } = cloud.clients(hooks);
  const { table } = cloud;
  const store = dynamoBoards({ dynamo, table, clock: fakeClock(), random: () => 0 });
  return { store, limiter: dynamoLimiter(dynamo, table) };
}
boardTests((options) => openWorld(async () => backend({}, { pageItems: 100 }), options));

describe('the table', () => {
  let world: World;
  afterEach(() => world.close());
  const begin = async (hooks: Hooks) => {
    world = await openWorld(async (_: ManualClock) => backend(hooks));
  };
  const post = () => world.ask('POST', '/api/boards', { body: BOARD });

  /** A transaction that others are in the way of, so many times. */
  const conflicts = (times: number, code = 'TransactionConflict') => {
    let left = times;
    const before: NonNullable<Hooks['before']> = ({ name }) => {
      if (name !== 'TransactWrite' || left-- <= 0) return;
      const error = awsError('TransactionCanceledException', 400, 'Transaction cancelled');
      throw Object.assign(error, { CancellationReasons: [{ Code: 'None' }, { Code: code }] });
    };
    return { before };
  };

  test.each(['TransactionConflict', 'ThrottlingError'])('%s is tried again', async (code) => {
    await begin(conflicts(4, code));
    expect((await post()).status).toBe(201);
    expect((await world.store.totals()).boards).toBe(1);
  });

  test('five conflicts are too many', async () => {
    await begin(conflicts(5));
    const { status, headers } = await post();
    expect({ status, again: headers['retry-after'] }).toEqual({ status: 503, again: '5' });
    expect((await world.store.totals()).boards).toBe(0);
  });

  test('a throttled table is away, a fault of the program is not', async () => {
    let error: unknown = awsError('ThrottlingException', 400, 'slow down');
    await begin({
      before: ({ name }) => {
        if (name === 'Get') throw error;
      },
    });
    expect((await world.ask('GET', '/api/health')).status).toBe(503);
    error = new TypeError('x is not a function');
    expect((await world.ask('GET', '/api/health')).status).toBe(500);
  });

  test('has the address of no client, and forgets who wrote after the day', async () => {
    await begin({});
    const client = '192.0.2.7';
    await world.ask('POST', '/api/boards', { body: BOARD, client });
    const all = JSON.stringify([...cloud.items]);
    expect(all).not.toContain(client);
    const counts = [...cloud.items.values()].filter(({ pk }) => /^(RATE#|SECRET)/.test(String(pk)));
    expect(counts).toHaveLength(2);
    const endOfDay = Date.UTC(2026, 7, 2) / 1000;
    for (const { ttl } of counts) expect(ttl).toBe(endOfDay + 7200);
  });

  test('has in its index exactly what is not whitelisted', async () => {
    await begin({});
    const { id } = await world.save();
    const item = () => cloud.items.get(`${BOARDS_TABLE.board(id)}\0BOARD`);
    expect(item()).toMatchObject({ ev: 'E' });
    await world.ask('POST', `/api/maintenance/boards/${id}/protect`);
    expect(item()).not.toHaveProperty('ev');
    await world.ask('DELETE', `/api/maintenance/boards/${id}/whitelist`);
    expect(item()).toMatchObject({ ev: 'E', protected: true });
  });

  test('is counted again where its totals are wrong', async () => {
    await begin({});
    await world.save();
    const { bytes } = await world.store.totals();
    const [name, item] = [...cloud.items].find(([key]) => key.startsWith('TOTALS')) as [
      string,
      object,
    ];
    cloud.items.set(name, { ...item, bytes: 1, boards: 99 });
    expect((await world.ask('POST', '/api/maintenance/recount')).json).toEqual({
      bytes,
      boards: 1,
    });
    expect(await world.store.totals()).toEqual({ bytes, boards: 1 });
  });

  test('is not counted wrong by a board that comes meanwhile', async () => {
    let others = 1;
    await begin({
      after: async ({ name }) => {
        if (name === 'Scan' && others-- > 0) await world.save();
      },
    });
    await world.save();
    expect((await world.store.recount()).boards).toBe(2);
    expect((await world.store.totals()).boards).toBe(2);
  });
});
