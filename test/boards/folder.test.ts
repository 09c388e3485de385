// Boards in a folder, over HTTP as `mirrorwatch serve --boards` has them.

import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openFolderBoards } from '../../bin/boards/folder-store.ts';
import { openBoards } from '../../bin/serve/boards.ts';
import { openSite } from '../../bin/serve/command.ts';
import { createSiteServer } from '../../bin/serve/server.ts';
import type { ApiAnswer, ApiRequest } from '../../boards/answers.ts';
import { memoryLimiter } from '../../boards/limiter.ts';
import { boardTests } from './suites.ts';
import { type Backend, BOARD, type Carrier, openWorld } from './world.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirrorwatch-boards-'));
});
afterAll(() => rm(root, { recursive: true }));
const newFolder = () => mkdtemp(join(root, 'boards-'));

const fail = (path: string) => {
  throw new Error(`${path} is unreadable`);
};

/** The handler behind a real server; tests say who the client is. */
async function overHttp(handle: (request: ApiRequest) => Promise<ApiAnswer>): Promise<Carrier> {
  let client: string | null = null;
  const folders = { data: root, page: root };
  const server = createSiteServer(folders, '127.0.0.1', (asked) => handle({ ...asked, client }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  return {
    ask: ({ method, path, query, headers, client: asks }, body) =>
      new Promise((resolve, reject) => {
        client = asks;
        const target = `${path}${query.size > 0 ? `?${query}` : ''}`;
        const sent = { ...headers, 'content-length': String(body.length) };
        const options = { port, method, path: target, agent, headers: sent };
        httpRequest({ host: '127.0.0.1', ...options }, async (response) => {
          const text = Buffer.concat(await response.toArray()).toString();
          const answered = response.headers as Record<string, string>;
          resolve({ status: response.statusCode ?? 0, headers: answered, body: text });
        })
          .on('error', reject)
          .end(body);
      }),
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function folderBackend(): Promise<Backend> {
  const { store, close } = await openFolderBoards(await newFolder(), { onUnreadable: fail });
  return { store, close, limiter: memoryLimiter(), carry: overHttp };
}
boardTests((options) => openWorld(folderBackend, options));

describe('a folder', () => {
  const opened = async (folder: string, unreadable: string[] = []) =>
    openFolderBoards(folder, { onUnreadable: (path) => unreadable.push(path) });

  test('holds its boards after a restart, with their times, and nothing else', async () => {
    const folder = await newFolder();
    const first = await opened(folder);
    const world = await openWorld(async () => ({ ...first, limiter: memoryLimiter() }));
    const { id } = await world.save();
    await world.clock.advance(61_000);
    await world.ask('GET', `/api/boards/${id}`);
    const before = await first.store.read(id, true);
    await world.close();

    const second = await opened(folder);
    expect(await second.store.read(id, true)).toEqual(before);
    expect(await second.store.totals()).toEqual({ bytes: before?.size, boards: 1 });
    await second.close();
    expect(await readdir(folder)).toEqual(['.mirrorwatch', `${id}.json`]);
    const { mtimeMs } = await stat(join(folder, `${id}.json`));
    expect(Math.round(mtimeMs)).toBe(world.clock.now());
    expect(JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')).board).toEqual(BOARD);
  });

  test('keeps a damaged file as it is, and does without it', async () => {
    const folder = await newFolder();
    const path = join(folder, '00000000-0000-4000-8000-000000000001.json');
    await writeFile(path, '{"id": "0000');
    await utimes(path, 1, 1);
    await writeFile(join(folder, 'README.md'), 'My boards');
    const unreadable: string[] = [];
    const { store, close } = await opened(folder, unreadable);
    expect(unreadable).toEqual([path]);
    expect(await store.totals()).toEqual({ bytes: 0, boards: 0 });
    await close();
    expect(await readFile(path, 'utf8')).toBe('{"id": "0000');
  });

  test('has one process at a time', async () => {
    const folder = await newFolder();
    const { close } = await opened(folder);
    await expect(opened(folder)).rejects.toThrow(/in use by another process; end it first/);
    await close();
  });

  test('a folder that is gone is reported as an unavailable store', async () => {
    const folder = await newFolder();
    const { store, close } = await opened(folder);
    const world = await openWorld(async () => ({ store, limiter: memoryLimiter() }));
    const saved = await world.save();
    await close();
    await rm(folder, { recursive: true });
    expect((await world.change('DELETE', saved)).status).toBe(404);
    expect(world.faults).toEqual([]);
    await writeFile(folder, 'a file in its place');
    const { status } = await world.ask('POST', '/api/boards', { body: BOARD });
    expect(status).toBe(503);
    expect(world.faults).toHaveLength(1);
  });
});

describe('serve', () => {
  test.each([
    ['on', 200],
    ['off', 404],
  ])('with BOARDS=%s answers %d', async (setting, status) => {
    vi.stubEnv('BOARDS', setting);
    const site = await openSite({
      out: root,
      port: 0,
      host: '127.0.0.1',
      boards: await newFolder(),
    });
    vi.unstubAllEnvs();
    expect((await fetch(`${site.url}api/health`)).status).toBe(status);
    await site.close();
  });

  const TOKEN = 'a-token-of-more-than-32-characters';

  test('B33 answers maintenance to whoever has the token', async () => {
    const tokenFile = join(root, 'token');
    await writeFile(tokenFile, `${TOKEN}\n`);
    const options = { boards: await newFolder(), isShared: false, say: fail };
    const status = async (boardsMaintenance: string | undefined, authorization?: string) => {
      const { api, close } = await openBoards({ ...options, boardsMaintenance });
      const { ask, close: end } = await overHttp(api);
      const answered = await ask(
        {
          ...{ method: 'GET', path: '/api/maintenance/boards', query: new URLSearchParams() },
          ...{ headers: authorization ? { authorization } : {}, client: null },
          body: async () => null,
        },
        new Uint8Array(),
      );
      await end();
      await close();
      return answered.status;
    };
    expect(await status(undefined)).toBe(403);
    expect(await status(undefined, `Bearer ${TOKEN}`)).toBe(403);
    expect(await status(tokenFile)).toBe(403);
    expect(await status(tokenFile, `Bearer ${TOKEN}x`)).toBe(403);
    expect(await status(tokenFile, `Bearer ${TOKEN}`)).toBe(200);
  });

  test('refuses a token that is too short, or a file that is not there', async () => {
    const options = { boards: await newFolder(), isShared: false, say: fail };
    const short = join(root, 'short');
    await writeFile(short, 'short');
    await expect(openBoards({ ...options, boardsMaintenance: short })).rejects.toThrow(
      /no token of 32 or more.*openssl/,
    );
    await expect(openBoards({ ...options, boardsMaintenance: join(root, 'no') })).rejects.toThrow(
      /cannot read/,
    );
  });
});
