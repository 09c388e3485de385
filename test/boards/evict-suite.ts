// Eviction: when it begins, whom it takes, where it ends, and what it never takes.

import { afterEach, expect, test } from 'vitest';
import { type BoardRecord, StoreAway } from '../../boards/store.ts';
import { boardOf, type Saved, type World, type WorldOptions } from './world.ts';

/** Of 100,000 bytes, eviction begins at 95,000 and ends at 60,000 or less. */
const ROOM: WorldOptions = { maxTotalBytes: 100_000, maxBytes: 50_000 };

/** @param here tests may have the store fail */
export function evictTests(open: (options?: WorldOptions) => Promise<World>, here = true): void {
  let world: World;
  afterEach(() => world.close());
  const begin = async (options: WorldOptions = {}) => {
    world = await open({ ...ROOM, ...options });
  };
  const post = (body: unknown) => world.ask('POST', '/api/boards', { body });
  const there = async (id: string) => (await world.store.read(id, true)) !== null;
  const whitelist = (id: string) => world.ask('POST', `/api/maintenance/boards/${id}/whitelist`);

  /** A record as the store keeps it, of any size, used at this time. */
  async function put(size: number, lastAccess: number, changes: Partial<BoardRecord> = {}) {
    const body = JSON.stringify({ fill: 'x'.repeat(size - 11) });
    const id = `00000000-0000-4000-8000-${String(made++).padStart(12, '0')}`;
    const record: BoardRecord = {
      ...{
        id,
        body,
        size,
        rev: 1,
        createdAt: 0,
        changedAt: 0,
        lastAccess,
        keyHash: null,
        forkedFrom: null,
      },
      ...{ whitelisted: false, protected: false, ...changes },
    };
    expect(await world.store.put(record, null)).toBe(true);
    return id;
  }
  let made = 1;

  test('B26, B27 it begins at the first byte of the threshold', async () => {
    await begin();
    const old = await put(92_999, 1);
    expect((await post(boardOf(2000))).status).toBe(201);
    expect(await world.store.totals()).toEqual({ bytes: 94_999, boards: 2 });
    expect((await post(boardOf(200))).status).toBe(201);
    expect(await there(old)).toBe(false);
    expect(await world.store.totals()).toEqual({ bytes: 2200, boards: 2 });
  });

  test('B27 exactly at the threshold', async () => {
    await begin();
    const old = await put(93_000, 1);
    await post(boardOf(2000));
    expect(await there(old)).toBe(false);
  });

  test('B28 the least recently used go first, ties by id, until the target is met', async () => {
    await begin();
    // 90,000 bytes; the first two were used at the same time.
    const ids: string[] = [];
    for (const used of [5, 5, 6, 7, 8, 9, 10, 11, 12, 13]) ids.push(await put(9000, used));
    ids.push(await put(1100, 14));
    const saved = await world.save(boardOf(4000));
    // 95,100 less four times 9,000 is the first total of 60,000 or less.
    const left = await Promise.all(ids.map(there));
    expect(left).toEqual([...Array(4).fill(false), ...Array(7).fill(true)]);
    expect(await world.store.totals()).toEqual({ bytes: 59_100, boards: 8 });
    expect(await there(saved.id)).toBe(true);
  });

  test('B28 a total that is the target is met', async () => {
    await begin();
    const ids: string[] = [];
    for (const used of [1, 2, 3]) ids.push(await put(30_000, used));
    ids.push(await put(3000, 4));
    await world.save(boardOf(2000));
    // 95,000: without the first 65,000, without the second 35,000.
    expect(await Promise.all(ids.map(there))).toEqual([false, false, true, true]);
    await put(25_000, 5);
    expect(await world.store.totals()).toEqual({ bytes: 60_000, boards: 4 });
  });

  test('B29 one that was just read stays', async () => {
    await begin();
    const oldest = await put(30_000, 1);
    const second = await put(35_000, 2);
    await world.ask('GET', `/api/boards/${oldest}`);
    await put(28_000, 3);
    await world.save(boardOf(2000));
    expect(await there(oldest)).toBe(true);
    expect(await there(second)).toBe(false);
  });

  test('B25 a protected board that is not whitelisted goes', async () => {
    await begin();
    const id = await put(93_000, 1);
    await world.ask('POST', `/api/maintenance/boards/${id}/protect`);
    await world.ask('DELETE', `/api/maintenance/boards/${id}/whitelist`);
    await world.save(boardOf(2000));
    expect(await there(id)).toBe(false);
  });

  test('B30 whitelisted boards stay, also above the target', async () => {
    await begin();
    const kept = await put(80_000, 1, { whitelisted: true });
    const gone = await put(13_500, 2);
    const saved = await world.save(boardOf(2000));
    expect([await there(kept), await there(gone), await there(saved.id)]).toEqual([
      ...[true, false, true],
    ]);
    expect(await world.store.totals()).toEqual({ bytes: 82_000, boards: 2 });
  });

  test('B31 where nothing can be evicted, a new board is refused and nothing is kept of it', async () => {
    await begin();
    await put(100_000, 1, { whitelisted: true });
    const before = await world.store.totals();
    const { status, json } = await post(boardOf(2000));
    expect({ status, json }).toEqual({
      ...{ status: 507, json: { detail: 'There is no room for more boards.' } },
    });
    expect(await world.store.totals()).toEqual(before);
  });

  test('B31 a replacement and a fork as well', async () => {
    await begin();
    const saved = await world.save(boardOf(500));
    await whitelist(saved.id);
    await put(99_300, 1, { whitelisted: true });
    const { status } = await world.change('PUT', saved, { body: boardOf(2000) });
    expect(status).toBe(507);
    const fork = await world.ask('POST', `/api/boards/${saved.id}/fork`);
    expect(fork.status).toBe(507);
    expect((await world.store.read(saved.id, true))?.size).toBe(500);
    expect(await world.store.totals()).toEqual({ bytes: 99_800, boards: 2 });
  });

  test('B31 or, by the rule of the seed, evicted itself', async () => {
    await begin({ evictOwn: true });
    await put(100_000, 1, { whitelisted: true });
    const { id } = await world.save(boardOf(2000));
    expect((await world.ask('GET', `/api/boards/${id}`)).status).toBe(404);
  });

  test('more than a request has time for is evicted later, down to the target', async () => {
    await begin();
    for (let i = 0; i < 93; i += 1) await put(1000, i);
    await world.save(boardOf(2000));
    const totals = () => world.store.totals();
    await expect.poll(totals, { timeout: 20_000 }).toEqual({ bytes: 60_000, boards: 59 });
  });

  test.runIf(here)('an eviction that fails takes no board with it', async () => {
    await begin({
      wrap: (store) => ({
        ...store,
        evict: async () => {
          throw new StoreAway('throttled');
        },
      }),
    });
    await put(93_000, 1);
    const { status } = await post(boardOf(2000));
    expect(status).toBe(201);
    expect(world.faults).toHaveLength(1);
  });

  test('B32 two hundred operations at once end with right totals', async () => {
    await begin({ ...{ maxTotalBytes: 60_000, touchSeconds: 0 } });
    const saved: Saved[] = [];
    for (let i = 0; i < 12; i += 1) saved.push(await world.save(boardOf(500 + i)));
    const random = numbers(32);
    /** The last thing that was answered with success, by board; deleted ones have null. */
    const answered = new Map<string, unknown[]>(saved.map(({ id }) => [id, []]));
    const work = Array.from({ length: 200 }, async (_, i) => {
      const one = saved[random(saved.length)] as Saved;
      switch (random(7)) {
        case 0: {
          const made = await world.ask('POST', '/api/boards', { body: boardOf(400 + i) });
          expect([201, 503]).toContain(made.status);
          if (made.status === 201) answered.set(made.json.id, [made.json.notes]);
          return;
        }
        case 1:
        case 2: {
          const changed = await world.change('PUT', one, { body: boardOf(600 + i) });
          expect([200, 404, 503]).toContain(changed.status);
          if (changed.status === 200) answered.get(one.id)?.push(changed.json.notes);
          return;
        }
        case 3: {
          const gone = await world.change('DELETE', one);
          expect([200, 404, 503]).toContain(gone.status);
          if (gone.status === 200) answered.get(one.id)?.push(null);
          return;
        }
        case 4:
          return void (await whitelist(one.id));
        case 5: {
          const [first] = await Array.fromAsync(world.store.evictable());
          if (first && (await world.store.evict(first))) answered.get(first.id)?.push(null);
          return;
        }
        default:
          return void (await world.ask('GET', `/api/boards/${one.id}`));
      }
    });
    await Promise.all(work);
    const { records } = await world.store.list(null);
    const bytes = records.reduce((sum, { size }) => sum + size, 0);
    expect(await world.store.totals()).toEqual({ bytes, boards: records.length });
    expect(await world.store.recount()).toEqual({ bytes, boards: records.length });
    for (const { body, size } of records) expect(Buffer.byteLength(body)).toBe(size);
    // Nothing reached the threshold, so whoever is gone was deleted or evicted above.
    const left = new Set(records.map(({ id }) => id));
    for (const [id, notes] of answered) {
      if (notes.includes(null)) expect(left.has(id)).toBe(false);
      else expect(left.has(id)).toBe(true);
    }
  });

  test('boards are listed by the hundred, each once', async () => {
    await begin();
    for (let i = 0; i < 205; i += 1) await put(100, i);
    const ids = new Set<string>();
    let next: string | null = '';
    let pages = 0;
    while (next !== null) {
      const query: string = next === '' ? '' : `?after=${encodeURIComponent(next)}`;
      const { json } = await world.ask('GET', `/api/maintenance/boards${query}`);
      for (const { id } of json.boards) ids.add(id);
      ({ next } = json);
      pages += 1;
    }
    expect([ids.size, pages]).toEqual([205, 3]);
  });
}

/** Whole numbers below a bound, the same ones for a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % below;
  };
}
