// The lock of a folder: which files count as an owner's, and how long competing openers try.

import { hostname } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { diskFiles, type Files } from '../../bin/store/files.ts';
import { takeLock } from '../../bin/store/lock.ts';

const waits = vi.hoisted((): number[] => []);
vi.mock('node:timers/promises', () => ({
  setTimeout: async (milliseconds: number) => void waits.push(milliseconds),
}));

/** A folder in memory; `onRead` may change it before a file is read. */
function folder(start: Record<string, string>, onRead = (_: string) => {}) {
  const held = new Map(Object.entries(start));
  const created: string[] = [];
  const nameOf = (path: string) => path.slice('/folder/'.length);
  const files = {
    ...diskFiles,
    list: async () => [...held.keys()].map((name) => ({ name, folder: false })),
    async read(path: string) {
      onRead(nameOf(path));
      const text = held.get(nameOf(path));
      return text === undefined ? undefined : Buffer.from(text);
    },
    async create(path: string, bytes: string) {
      created.push(nameOf(path));
      held.set(nameOf(path), bytes);
    },
    async remove(path: string) {
      held.delete(nameOf(path));
    },
  } as unknown as Files;
  return { files, held, created, take: () => takeLock(files, '/folder', 'shown') };
}

const alive = (change: object = {}) =>
  JSON.stringify({ host: hostname(), since: null, born: null, ...change });
const mine = `${process.pid}-0a`;

describe('what is taken for an owner', () => {
  test.each([
    `my-lock-${mine}`,
    `lock-${mine}.bak`,
    `lock-${mine}z`,
    `lock-x-0a`,
    `lock-${mine.replace('-', '')}`,
    'records',
  ])('not %s', async (name) => {
    const there = folder({ [name]: alive() });
    const lock = await there.take();
    expect(lock.orphaned).toBe(false);
    await lock.release();
    expect([...there.held.keys()]).toEqual([name]);
  });

  test('a process of another machine, whatever runs here under its number', async () => {
    const there = folder({ 'lock-999999999-0b': alive({ host: 'elsewhere' }) });
    await expect(there.take()).rejects.toThrow('999999999');
    expect([...there.held.keys()]).toEqual(['lock-999999999-0b']);
  });

  test('a process that another user started', async () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
    });
    const there = folder({ 'lock-1-0b': alive() });
    await expect(there.take()).rejects.toThrow('pid 1');
    kill.mockRestore();
  });

  test('a process that holds, even if another only wants', async () => {
    const there = folder({ 'want-1-0b': alive({ host: 'elsewhere' }), [`lock-${mine}`]: alive() });
    await expect(there.take()).rejects.toThrow(`pid ${process.pid}`);
    expect(there.created).toHaveLength(1);
    expect([...there.held.keys()]).toEqual(['want-1-0b', `lock-${mine}`]);
  });

  test('not a file that is gone before it is read', async () => {
    const name = `lock-${mine}`;
    const there = folder({ [name]: alive() }, () => there.held.delete(name));
    const lock = await there.take();
    expect(lock.orphaned).toBe(false);
  });

  test('the process of the name, whatever the file says', async () => {
    const there = folder({ [`lock-${mine}`]: alive({ pid: 1 }) });
    await expect(there.take()).rejects.toThrow(`pid ${process.pid}`);
  });
});

describe('the message', () => {
  test.each<[string, object, RegExp]>([
    ['without a time', {}, /\(pid \d+\) is writing to shown; wait for it, or choose .*--out$/],
    [
      'with one',
      { since: '2026-08-01T12:03:04.000Z' },
      /\(pid \d+, since 2026-08-01 12:03 UTC\) is/,
    ],
    ['of another machine', { host: 'elsewhere' }, /on elsewhere; .*remove \/folder\/lock-\* if/],
  ])('%s', async (_, change, message) => {
    await expect(folder({ [`lock-${mine}`]: alive(change) }).take()).rejects.toThrow(message);
  });
});

test('an opener that always meets another gives up after seven tries and growing waits', async () => {
  waits.length = 0;
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const there = folder({ [`want-${mine}`]: alive() });
  await expect(there.take()).rejects.toThrow('another run');
  expect(there.created).toHaveLength(7);
  expect(waits).toEqual([20, 40, 80, 160, 320, 640]);
  expect([...there.held.keys()]).toEqual([`want-${mine}`]);
  random.mockRestore();
});

test('an opener whose rival steps back gets the folder', async () => {
  let reads = 0;
  const name = `want-${mine}`;
  const there = folder({ [name]: alive() }, () => {
    if (++reads === 3) there.held.delete(name);
  });
  const lock = await there.take();
  expect([...there.held.keys()]).toEqual([expect.stringMatching(`^lock-${process.pid}-`)]);
  await lock.release();
  expect([...there.held.keys()]).toEqual([]);
});

test('files of a dead process are removed and reported', async () => {
  const there = folder({ 'lock-999999999-0a': alive(), 'want-999999999-0b': 'cut' });
  const lock = await there.take();
  expect(lock.orphaned).toBe(true);
  await lock.release();
  expect([...there.held.keys()]).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a lock names the birth of its process, so that a later one of its number is another',
  async () => {
    const there = folder({});
    await there.take();
    const [[name, text] = ['', '']] = there.held;
    expect(JSON.parse(text).born).toMatch(/^\d+$/);
    await expect(folder({ [name]: text }).take()).rejects.toThrow('another run');
    const later = { ...JSON.parse(text), born: '1' };
    expect((await folder({ [name]: JSON.stringify(later) }).take()).orphaned).toBe(true);
  },
);

test.runIf(process.platform === 'linux')(
  'so does a lock that was cut off before its first byte, by its name',
  async () => {
    const there = folder({});
    await there.take();
    const [name = ''] = there.held.keys();
    await expect(folder({ [name]: '' }).take()).rejects.toThrow('another run');
    const later = name.replace(/(?<=-[0-9a-f]{12})\d+$/, '1');
    expect(later).not.toBe(name);
    expect((await folder({ [later]: '' }).take()).orphaned).toBe(true);
  },
);
