import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, toBinary } from '../../../../core/compare/byte-order.ts';
import { failed } from '../../../../core/failure.ts';
import {
  createForecast,
  forecastMarks,
  markEvery,
} from '../../../../core/protocols/s3/forecast.ts';
import {
  type AskPage,
  type LookAhead,
  walkPages,
} from '../../../../core/protocols/s3/page-walk.ts';
import type { LastListing, ListingEvent } from '../../../../core/protocols/sources.ts';

interface Bucket {
  readonly ask: AskPage;
  asked: number;
  /** The maximum number of concurrent requests. */
  busiest: number;
  abandoned: number;
}

interface BucketOptions {
  readonly keys: readonly string[];
  readonly pageSize: number;
  /** Turns of the event loop before the nth answer. */
  readonly delays?: readonly number[];
  /** Keys on the nth page if fewer than requested; 0 gives an empty page with a token. */
  readonly stingy?: readonly number[];
  /** Fails every page that starts after this key. */
  readonly brokenFrom?: string;
}

/** ListObjectsV2 over sorted keys, answering out of order. */
function bucket({ keys, pageSize, delays = [], stingy = [], brokenFrom }: BucketOptions): Bucket {
  let open = 0;
  const it: Bucket = {
    asked: 0,
    busiest: 0,
    abandoned: 0,
    async ask({ token, after }, signal) {
      const nth = it.asked++;
      it.busiest = Math.max(it.busiest, ++open);
      signal.addEventListener('abort', () => it.abandoned++);
      try {
        for (let turn = delays[nth % delays.length] ?? 0; turn > 0; turn--) {
          await new Promise(setImmediate);
        }
        signal.throwIfAborted();
        const from = token?.slice(token.indexOf(' ') + 1) ?? after;
        if (brokenFrom !== undefined && (from ?? '') >= brokenFrom) {
          return async () => failed('timeout', 'broken');
        }
        const start = from === null ? 0 : keys.findIndex((key) => key > from);
        const rest = start < 0 ? [] : keys.slice(start);
        // Pages without keys must not continue forever.
        const share = stingy[nth % stingy.length] ?? pageSize;
        const page = rest.slice(0, Math.min(share === 0 && nth > 50 ? 1 : share, pageSize));
        const more = page.length < rest.length;
        const objects = page.map((key) => ({ key, size: 1, etag: 'e' }));
        const nextToken = more ? `${nth} ${page.at(-1) ?? from ?? ''}` : null;
        return async () => ({ objects, nextToken });
      } finally {
        open--;
      }
    },
  };
  return it;
}

function every(paths: readonly string[], step: number): string[] {
  return paths.filter((_, place) => (place + 1) % step === 0);
}

interface Listed {
  readonly keys: string[];
  readonly last: ListingEvent | undefined;
  readonly lookAhead: LookAhead;
}

async function list(
  { ask }: Bucket,
  pageSize: number,
  paths: readonly string[] | null,
  room = 32,
  last: LastListing | null = null,
): Promise<Listed> {
  const lookAhead = { left: room };
  const keys: string[] = [];
  let end: ListingEvent | undefined;
  const step = markEvery(pageSize);
  const marks = () => paths && forecastMarks(every(paths, step), step, last);
  for await (end of walkPages(ask, {
    pageSize,
    maxPages: 10_000,
    lookAhead,
    lastKeys: last?.keys ?? null,
    marks,
  })) {
    if (end.kind === 'page') keys.push(...end.objects.map(({ key }) => key));
  }
  return { keys, last: end, lookAhead };
}

/** How these keys differ from these paths. */
function difference(paths: readonly string[], keys: readonly string[]): LastListing {
  const [inGit, inExport] = [new Set(paths), new Set(keys)];
  return {
    keys: keys.length,
    beside: keys.filter((key) => !inGit.has(key)),
    lacking: paths.filter((path) => !inExport.has(path)),
  };
}

type Told = 'nothing' | 'the truth' | number;

function lastOf(told: Told, paths: readonly string[], keys: readonly string[]): LastListing | null {
  if (told === 'nothing') return null;
  if (told === 'the truth') return difference(paths, keys);
  return { keys: told, beside: paths.slice(told), lacking: keys.slice(told) };
}

const numbered = (count: number, folder = 'sub') =>
  Array.from({ length: count }, (_, at) => `${folder}/${String(at).padStart(6, '0')}`);

const inOrder = (keys: readonly string[]) => [...new Set(keys)].sort(compareBytes).map(toBinary);

const anyPath = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }).map((n) => `s/${n + 1000}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom('annex-uuid', 'é', '～', '\u{1f9e0}', ' ', 'a+b%20') },
);
const anyTree = fc.array(anyPath, { maxLength: 300 }).map(inOrder);
const anyBucket = fc.record({
  pageSize: fc.constantFrom(1, 2, 3, 10, 40, 100),
  room: fc.constantFrom(0, 1, 3, 32),
  delays: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 7 }),
  /** The hint from the last run: none, the correct one, or a number of keys and all different. */
  told: fc.constantFrom<Told[]>('nothing', 'the truth', 1, 20, 300, 4000),
});

describe('a listing fetched ahead gives what a serial one gives', () => {
  test('even if tree and export differ a lot', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, anyTree, anyBucket, async (git, keys, { room, told, ...shape }) => {
        const served = bucket({ keys, ...shape });
        const listed = await list(served, shape.pageSize, git, room, lastOf(told, git, keys));
        expect(listed.keys).toEqual(keys);
        expect(listed.last).toEqual({ kind: 'end' });
        expect(listed.lookAhead.left).toBe(room);
      }),
      { numRuns: 300 },
    );
  });

  test('where tree and export are nearly the same, also at the ends of pages', async () => {
    const change = fc.record({ place: fc.nat(499), keep: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 500 }),
        fc.array(change, { maxLength: 12 }),
        anyBucket,
        async (count, changes, { room, told, ...shape }) => {
          const git = numbered(count);
          const keys = new Set(git);
          for (const { place, keep } of changes) {
            if (!keep) keys.delete(git[place] ?? '');
            else keys.add(`${git[place] ?? 'a'} and one more`);
          }
          const sorted = inOrder([...keys]);
          const served = bucket({ keys: sorted, ...shape });
          const listed = await list(served, shape.pageSize, git, room, lastOf(told, git, sorted));
          expect(listed.keys).toEqual(sorted);
          expect(listed.last).toEqual({ kind: 'end' });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('when pages come shorter than asked for, or empty with a token', async () => {
    const stingy = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(
        anyTree,
        stingy,
        anyBucket,
        async (keys, shares, { room, told, ...shape }) => {
          const served = bucket({ keys, stingy: shares, ...shape });
          const listed = await list(served, shape.pageSize, keys, room, lastOf(told, keys, keys));
          expect(listed.keys).toEqual(keys);
          expect(listed.last).toEqual({ kind: 'end' });
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    { name: 'an empty export', keys: [] },
    { name: 'an export of one key', keys: ['sub/000000'] },
    {
      name: 'a huge run of orphans in the middle',
      keys: [...numbered(5000), ...numbered(9000, 'sub/002500 x')],
    },
    {
      name: 'a huge run of orphans behind the last path',
      keys: [...numbered(5000), ...numbered(9000, 'z')],
    },
    {
      name: 'a huge run of missing files',
      keys: numbered(5000).filter((_, at) => at < 700 || at > 4400),
    },
    { name: 'only orphans', keys: numbered(3000, 'a') },
  ])('$name', async ({ keys }) => {
    const sorted = inOrder(keys);
    for (const told of ['nothing', 'the truth', 5000] satisfies Told[]) {
      const served = bucket({ keys: sorted, pageSize: 100, delays: [1, 3, 0, 2] });
      const last = lastOf(told, numbered(5000), sorted);
      const listed = await list(served, 100, numbered(5000), 32, last);
      expect(listed.keys).toEqual(sorted);
      expect(listed.last).toEqual({ kind: 'end' });
      // At most twice the requests of a serial listing, and the pages prefetched in vain.
      expect(served.asked).toBeLessThanOrEqual(2 * Math.ceil(sorted.length / 100) + 32);
    }
  });
});

describe('where the next page will probably end', () => {
  const marks = (count: number, apart: number) =>
    Array.from({ length: count }, (_, at) => ({
      key: `k${String(at + 1).padStart(4, '0')}`,
      keys: (at + 1) * apart,
    }));

  test.each([
    [1000, 25],
    [80, 2],
    [79, 1],
    [1, 1],
  ])('for pages of %i keys every %ith path is a mark', (pageSize, step) => {
    expect(markEvery(pageSize)).toBe(step);
  });

  test.each<[string, LastListing | null, number[]]>([
    ['nothing is known', null, [8, 16, 24]],
    ['all was the same', { keys: 24, beside: [], lacking: [] }, [8, 16, 24]],
    ['there was more', { keys: 27, beside: ['a', 'b', 'c'], lacking: [] }, [10, 18, 27]],
    ['there was less', { keys: 21, beside: [], lacking: ['a0', 'b', 'x'] }, [6, 14, 22]],
    ['both', { keys: 24, beside: ['c'], lacking: ['a'] }, [7, 15, 24]],
    [
      'hardly any was there: a quarter may be by now',
      { keys: 17, beside: [], lacking: Array.from('0123456', (n) => `b${n}`) },
      [8, 16, 18],
    ],
  ])('marks give the number of keys up to them, where %s', (_, last, keys) => {
    expect(forecastMarks(['b', 'b ', 'c'], 8, last)).toEqual(
      ['b', 'b ', 'c'].map((key, at) => ({ key, keys: keys[at] })),
    );
  });

  test.each<[string, string, string | null, number]>([
    ['the beginning', '', 'k0010', 100],
    ['a mark', 'k0010', 'k0020', 100],
    ['somewhere between two', 'k0010x', 'k0020', 100],
    ['where the rest is more than a page', 'k0019', 'k0029', 100],
    ['where the rest is a page', 'k0020', null, 0],
    ['the last mark but one', 'k0029', null, 0],
    ['the last mark', 'k0030', null, 0],
    ['all', 'z', null, 0],
  ])('behind %s', (_, from, to, expected) => {
    const end = createForecast(marks(30, 10), 100).endAfter(from);
    expect(end).toEqual(to === null ? null : { to, expected });
  });

  test('no mark, no end; a mark beyond a page is one all the same', () => {
    expect(createForecast([], 100).endAfter('')).toBeNull();
    expect(createForecast(marks(3, 500), 100).endAfter('')).toEqual({ to: 'k0001', expected: 500 });
  });

  test('one page after the other, each from where the last one ended', () => {
    const forecast = createForecast(marks(35, 10), 100);
    expect(['', 'k0010', 'k0020'].map((from) => forecast.endAfter(from)?.to)).toEqual([
      'k0010',
      'k0020',
      'k0030',
    ]);
  });

  const FULL: [keys: number, expected: number] = [100, 100];
  test.each<[string, [keys: number, expected: number][], number]>([
    ['came as expected', [FULL], 100],
    ['came nearly as expected', [[100, 99.8]], 100],
    ['were a quarter less', [[75, 100]], 100],
    ['were a little less than that', [[74, 100]], 103],
    ['were none: that is no rule', [[0, 100]], 115],
    ['were a little more', [[100, 99]], 97],
    ['were ten times as many: that is no rule', [[1000, 100]], 89],
    ['were one where less than one was expected', [[1, 0.5]], 100],
    ['did not fit into one page', [[101, 101]], 98],
    ['did not fit, three pages ago', [[101, 101], FULL, FULL, FULL], 98],
    ['did not fit, long ago', [[101, 101], FULL, FULL, FULL, FULL], 100],
  ])('keys that %s: the next page of 100 spans so many paths', (_, pages, paths) => {
    const forecast = createForecast(marks(200, 1), 100);
    for (const [keys, expected] of pages) forecast.learn(keys, expected);
    expect(forecast.endAfter('')?.expected).toBe(paths);
  });
});

describe('what it costs', () => {
  test.each([
    { name: 'the same files', change: (keys: string[]) => keys },
    { name: 'annex-uuid besides', change: (keys: string[]) => ['annex-uuid', ...keys] },
    { name: 'one file missing', change: (keys: string[]) => keys.toSpliced(9_000, 1) },
  ])('$name: at most 1 % more requests than pages', async ({ change }) => {
    const git = numbered(20_000);
    const keys = change([...git]);
    const pages = Math.ceil(keys.length / 100);
    for (const told of ['nothing', 'the truth', 20_000] satisfies Told[]) {
      const served = bucket({ keys, pageSize: 100, delays: [2, 1, 3] });
      const listed = await list(served, 100, git, 32, lastOf(told, git, keys));
      expect(listed.keys).toEqual(keys);
      expect(served.asked).toBeLessThanOrEqual(Math.floor(pages * 1.01));
    }
  });

  test('two in a hundred files on one side only: pages are cut to fit, 12 % more requests', async () => {
    const git = numbered(20_000);
    const keys = inOrder(git.flatMap((key, at) => (at % 50 === 7 ? [key, `${key} copy`] : [key])));
    const served = bucket({ keys, pageSize: 100, delays: [2, 1, 3] });
    const listed = await list(served, 100, git);
    expect(listed.keys).toEqual(keys);
    expect(served.asked).toBeLessThan(1.12 * (keys.length / 100));
  });

  test.each([
    { name: 'an orphan in front of all', beside: ['annex-uuid'] },
    {
      name: 'two in a hundred files on one side only',
      beside: numbered(20_000, 'sub')
        .filter((_, at) => at % 50 === 7)
        .map((key) => `${key} copy`),
    },
    { name: 'fifty orphans in the middle', beside: numbered(50, 'sub/010000') },
  ])('$name: known from last time, hardly a request more', async ({ beside }) => {
    const git = numbered(20_000);
    for (const paths of [git, git.slice(0, 1500), git.slice(0, 150)]) {
      const keys = inOrder([...paths, ...beside.filter((key) => key < (paths.at(-1) ?? ''))]);
      const served = bucket({ keys, pageSize: 100, delays: [2, 1, 3] });
      const listed = await list(served, 100, paths, 32, difference(paths, keys));
      expect(listed.keys).toEqual(keys);
      const pages = Math.ceil(keys.length / 100);
      expect(served.asked).toBeLessThanOrEqual(Math.ceil(pages * 1.01));
    }
  });

  test('a tree of which hardly anything was exported: useless prefetching soon shrinks', async () => {
    const git = numbered(20_000);
    const keys = git.filter((_, at) => at % 20 === 0);
    const served = bucket({ keys, pageSize: 100, delays: [2, 1, 3] });
    expect((await list(served, 100, git)).keys).toEqual(keys);
    // Ten pages; one request per page of the tree would be 200.
    expect(served.asked).toBeLessThanOrEqual(40);
  });

  test('many pages are under way at once, and no more than there is room for', async () => {
    const git = numbered(10_000);
    const wide = bucket({ keys: git, pageSize: 100, delays: [4] });
    await list(wide, 100, git);
    expect(wide.busiest).toBeGreaterThanOrEqual(16);
    const narrow = bucket({ keys: git, pageSize: 100, delays: [4] });
    await list(narrow, 100, git, 3);
    expect(narrow.busiest).toBe(4);
  });

  test.each([
    { lastKeys: 1000, atOnce: 10 },
    { lastKeys: 250, atOnce: 3 },
    { lastKeys: 100, atOnce: 1 },
  ])('$atOnce pages at once of a listing known to be $lastKeys keys', async (known) => {
    const { lastKeys, atOnce } = known;
    const keys = numbered(1000);
    const served = bucket({ keys, pageSize: 100 });
    const all = Promise.withResolvers<void>();
    let before = 0;
    const ask: AskPage = async (question, signal) => {
      // One more would be requested in the same turn.
      if (++before === atOnce) setImmediate(all.resolve);
      await all.promise;
      return served.ask(question, signal);
    };
    const first = await walkPages(ask, {
      pageSize: 100,
      maxPages: 99,
      lookAhead: { left: 32 },
      lastKeys,
      marks: () => forecastMarks(every(keys, 2), 2, null),
    }).next();
    expect(first.value).toMatchObject({ kind: 'page', objects: { length: 100 } });
    expect(before).toBe(atOnce);
  });

  test('an export that was empty last time and is whole now is not listed page by page', async () => {
    const keys = numbered(10_000);
    const served = bucket({ keys, pageSize: 100, delays: [4] });
    const listed = await list(served, 100, keys, 32, difference(keys, []));
    expect(listed.keys).toEqual(keys);
    // The initial window for an unknown export.
    expect(served.busiest).toBeGreaterThanOrEqual(8);
    expect(served.asked).toBeLessThanOrEqual(110);
  });

  test('one page is read after the other without a tree', async () => {
    const keys = numbered(1000);
    const served = bucket({ keys, pageSize: 100, delays: [1] });
    expect((await list(served, 100, null)).keys).toEqual(keys);
    expect(served).toMatchObject({ asked: 10, busiest: 1 });
  });
});

describe('a listing that cannot continue', () => {
  test('reports the failure in its place, after every page before it', async () => {
    const keys = numbered(5000);
    const broken = keys[2499] as string;
    const served = bucket({ keys, pageSize: 100, brokenFrom: broken, delays: [3, 0, 1] });
    const listed = await list(served, 100, keys);
    expect(listed.last).toEqual(failed('timeout', 'broken'));
    expect(listed.keys).toEqual(keys.slice(0, 2500));
    expect(listed.lookAhead.left).toBe(32);
  });

  test('gives up the pages under way when nobody wants the next one', async () => {
    const keys = numbered(5000);
    const served = bucket({ keys, pageSize: 100, delays: [5] });
    const lookAhead = { left: 32 };
    const marks = () => forecastMarks(every(keys, 2), 2, null);
    let pages = 0;
    for await (const _ of walkPages(served.ask, {
      pageSize: 100,
      maxPages: 99,
      lookAhead,
      lastKeys: null,
      marks,
    })) {
      if (++pages === 5) break;
    }
    expect(lookAhead.left).toBe(32);
    expect(served.abandoned).toBe(served.asked);
    expect(served.asked).toBeLessThan(25);
  });

  test('a server that repeats a token goes in a circle', async () => {
    const ask: AskPage = async () => async () => ({ objects: [], nextToken: 'again' });
    const lookAhead = { left: 32 };
    const walk = walkPages(ask, {
      pageSize: 1,
      maxPages: 99,
      lookAhead,
      lastKeys: null,
      marks: () => null,
    });
    expect(await Array.fromAsync(walk)).toMatchObject([
      { kind: 'page' },
      { kind: 'page' },
      { kind: 'failed', reason: 'malformed' },
    ]);
  });

  test.each([
    ['one page after the other', null],
    ['pages fetched ahead', numbered(1000)],
  ])('is one of more pages than it may have: %s', async (_, paths) => {
    const keys = numbered(1000);
    const walk = async (maxPages: number) => {
      const served = bucket({ keys, pageSize: 100, delays: [2, 0, 1] });
      const events = await Array.fromAsync(
        walkPages(served.ask, {
          ...{ pageSize: 100, maxPages, lookAhead: { left: 32 }, lastKeys: null },
          marks: () => paths && forecastMarks(every(paths, 2), 2, null),
        }),
      );
      expect(served.asked).toBeLessThanOrEqual(maxPages);
      return events;
    };
    const whole = await walk(10);
    expect(whole.map(({ kind }) => kind)).toEqual([...Array(10).fill('page'), 'end']);
    for (const most of [1, 2, 9]) {
      const cut = await walk(most);
      expect(cut.slice(0, -1)).toEqual(whole.slice(0, most));
      expect(cut.at(-1)).toMatchObject({ kind: 'failed', reason: 'malformed' });
    }
  });

  test('is one that the caller gives up', async () => {
    const caller = new AbortController();
    const signals: AbortSignal[] = [];
    const ask: AskPage = async (_, signal) => {
      signals.push(signal);
      return async () => ({ objects: [], nextToken: `${signals.length}` });
    };
    const walk = walkPages(ask, {
      ...{ pageSize: 100, maxPages: 9, lookAhead: { left: 32 }, lastKeys: null },
      marks: () => null,
      signal: caller.signal,
    });
    await walk.next();
    await walk.next();
    // The first page was processed when the second was requested.
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    caller.abort(new Error('enough'));
    expect(signals[1]?.reason).toEqual(new Error('enough'));
  });
});

test.each<[string, number, number | null, string[]]>([
  ['one page, not known before', 100, null, ['page']],
  ['one page, and so it was', 100, 100, ['page']],
  ['several, not known before', 300, null, ['page', 'marks', 'page', 'page']],
  ['several, one last time', 300, 100, ['page', 'marks', 'page', 'page']],
  ['several, and so it was', 300, 101, ['marks', 'page', 'marks', 'page', 'page']],
])(
  'marks are computed when they are needed, not at every page: %s',
  async (_, count, lastKeys, order) => {
    const { ask } = bucket({ keys: numbered(count), pageSize: 100 });
    const told: string[] = [];
    const walk = walkPages(ask, {
      ...{ pageSize: 100, maxPages: 9, lookAhead: { left: 32 }, lastKeys },
      marks: () => {
        told.push('marks');
        return null;
      },
    });
    for await (const { kind } of walk) if (kind === 'page') told.push(kind);
    expect(told).toEqual(order);
  },
);
