// Load on saved boards: `mirrorwatch serve --boards` over a folder of 10,000 boards of 1 KB, beside a
// bare server of the same files, both in processes of their own; and the handler alone. Prints each
// figure with its goal (docs/performance.md). `node test/bench/boards.ts`

import { fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHIVES } from '../../archives/index.ts';
import { openBoards } from '../../bin/serve/boards.ts';
import { createSiteServer } from '../../bin/serve/server.ts';
import { createBoardsApi } from '../../boards/handler.ts';
import { memoryStore } from '../../boards/indexed-store.ts';
import { memoryLimiter } from '../../boards/limiter.ts';
import { toJson } from '../../boards/record.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import { vocabularyOf } from '../../boards/vocabulary.ts';
import { systemClock } from '../../core/http/clock.ts';

const BOARDS = 10_000;
const EVICTED = 4000;
const SECONDS = 5;
const AT_ONCE = 8;
const BODY = JSON.stringify({
  ...{ schemaVersion: 1, title: 'A board of one kilobyte', notes: 'n'.repeat(940), view: {} },
});
const SIZE = Buffer.byteLength(BODY);

interface Ready {
  readonly port: number;
  /** MB of the process, after a collection where it can be asked for. */
  readonly memory: number;
}

/** In a process of its own: what is measured. */
async function serve(kind: string, folder: string): Promise<void> {
  const server = kind === 'bare' ? bareServer(folder) : await boardsServer(folder);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  globalThis.gc?.();
  process.send?.({ port, memory: process.memoryUsage.rss() / 2 ** 20 } satisfies Ready);
  process.on('message', () => process.send?.(process.cpuUsage()));
}

function bareServer(folder: string) {
  return createServer(async ({ url }, response) => {
    const bytes = await readFile(join(folder, `${url?.split('/').at(-1)}.json`));
    response.writeHead(200, { 'content-type': 'application/json' }).end(bytes);
  });
}

async function boardsServer(boards: string) {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const { api } = await openBoards({ boards, isShared: false, say });
  return createSiteServer({ data: boards, page: boards }, '127.0.0.1', api);
}

function fill(folder: string): string[] {
  const body = JSON.parse(BODY);
  return Array.from({ length: BOARDS }, () => {
    const id = randomUUID();
    const at = { createdAt: 0, lastAccess: 0, keyHash: null, forkedFrom: null };
    const flags = { whitelisted: false, protected: false };
    const { lastAccess, ...file } = toJson({ id, body: BODY, size: SIZE, rev: 1, ...at, ...flags });
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...file, board: body }, null, 2));
    return id;
  });
}

async function started(kind: string, folder: string, env: NodeJS.ProcessEnv = {}) {
  const began = performance.now();
  const child = fork(import.meta.filename, [kind, folder], {
    ...{ execArgv: ['--expose-gc', '--max-semi-space-size=16'], env: { ...process.env, ...env } },
  });
  const [{ port, memory }] = (await once(child, 'message')) as [Ready];
  const milliseconds = performance.now() - began;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const ask = (method: string, path: string, body = ''): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      request({ host: '127.0.0.1', port, agent, method, path, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end(body);
    });
  const stop = async () => {
    agent.destroy();
    child.kill();
    await once(child, 'exit');
  };
  /** Milliseconds of processor so far. */
  const cpu = async () => {
    child.send('cpu');
    const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage];
    return (user + system) / 1000;
  };
  return { ask, milliseconds, memory, stop, cpu };
}

/** Asks until it is over. @returns milliseconds of each, sorted, and the seconds it took */
async function loaded(one: () => Promise<number>, status: number, isOver: () => boolean) {
  const times: number[] = [];
  const began = performance.now();
  const worker = async () => {
    while (!isOver()) {
      const start = performance.now();
      const got = await one();
      if (got !== status) throw new Error(`answered ${got}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { times: times.sort((a, b) => a - b), seconds: (performance.now() - began) / 1000 };
}
const forSeconds = (seconds: number) => {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() > end;
};
const p99 = (times: readonly number[]) => times[Math.floor(times.length * 0.99)] ?? Number.NaN;

const lines: string[] = [];
function tell(what: string, value: string, goal: string): void {
  lines.push(`${what.padEnd(44)} ${value.padStart(20)}   ${goal}`);
  console.log(lines.at(-1));
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-boards-bench-'));
  try {
    const ids = fill(folder);
    const random = () => ids[Math.floor(Math.random() * ids.length)] as string;
    tell(`${BOARDS} boards of ${SIZE} bytes, ${AT_ONCE} requests at once`, 'measured', 'goal');
    const bare = await started('bare', folder);
    const boards = await started('boards', folder);
    tell('bare server: start', `${bare.milliseconds.toFixed(0)} ms`, '');
    tell('boards: start', `${boards.milliseconds.toFixed(0)} ms`, '1,500 ms');
    tell('bare server: memory', `${bare.memory.toFixed(0)} MB`, '');
    tell('boards: memory', `${boards.memory.toFixed(0)} MB`, '120 MB');
    for (const [name, server, goal] of [
      ['bare server', bare, ''],
      ['boards', boards, '2,000/s, 5 ms'],
      ['bare server again', bare, ''],
    ] as const) {
      const get = () => server.ask('GET', `/api/boards/${random()}`);
      const before = await server.cpu();
      const { times, seconds } = await loaded(get, 200, forSeconds(SECONDS));
      const each = ((await server.cpu()) - before) / times.length;
      const rate = Math.round(times.length / seconds).toLocaleString('en');
      tell(`${name}: GET a second, p99`, `${rate}/s, ${p99(times).toFixed(1)} ms`, goal);
      tell(`${name}: processor for a GET`, `${each.toFixed(2)} ms`, '');
    }
    const post = () => boards.ask('POST', '/api/boards', BODY);
    const posted = await loaded(post, 201, forSeconds(SECONDS));
    const rate = Math.round(posted.times.length / posted.seconds).toLocaleString('en');
    tell('boards: POST a second, p99', `${rate}/s, ${p99(posted.times).toFixed(1)} ms`, '25 ms');
    await boards.stop();
    await bare.stop();

    const there = (BOARDS + posted.times.length) * SIZE;
    const evicting = await started('boards', folder, {
      BOARD_MAX_TOTAL_STORAGE_BYTES: String(there),
      BOARD_MAX_SINGLE_BYTES: '2000',
      BOARD_TOUCH_SECONDS: '86400',
      BOARD_TARGET_UTILIZATION: String((there - EVICTED * SIZE) / there),
    });
    const began = performance.now();
    await evicting.ask('POST', '/api/boards', BODY);
    let isOver = false;
    const newest = () => evicting.ask('GET', `/api/boards/${ids.at(-1)}`);
    const during = loaded(newest, 200, () => isOver);
    // Those that were written first go first; times are in milliseconds, so ties are few.
    const last = ids[EVICTED - 50] as string;
    while ((await evicting.ask('GET', `/api/boards/${last}`)) !== 404);
    const took = performance.now() - began;
    isOver = true;
    const { times } = await during;
    const gone = BOARDS + posted.times.length + 1 - readdirSync(folder).length;
    if (gone < EVICTED - 100) throw new Error(`only ${gone} are gone`);
    tell(`boards: eviction of ${EVICTED}`, `${(took / 1000).toFixed(1)} s`, '4 s');
    tell('boards: GET p99 meanwhile', `${p99(times).toFixed(1)} ms`, '20 ms');
    await evicting.stop();
    await handlerAlone();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function handlerAlone(): Promise<void> {
  const api = createBoardsApi({
    ...{ store: memoryStore(), settings: readBoardSettings(), limiter: memoryLimiter() },
    ...{ clock: systemClock, random: randomBytes, evictLater: async () => {} },
    vocabulary: vocabularyOf(ARCHIVES),
    onFault: (_, error) => {
      throw error;
    },
  });
  const bytes = Buffer.from(BODY);
  const ask = (method: string, path: string) =>
    api({
      ...{ method, path, query: new URLSearchParams(), client: null },
      headers: { 'content-type': 'application/json' },
      body: async () => bytes,
    });
  const ids: string[] = [];
  for (const [name, goal, one] of [
    [
      'POST',
      '8,000/s',
      async () => {
        const { status, headers } = await ask('POST', '/api/boards');
        ids.push(headers.location?.split('/').at(-1) as string);
        return status;
      },
    ],
    [
      'GET',
      '20,000/s',
      async (i: number) => (await ask('GET', `/api/boards/${ids[i % ids.length]}`)).status,
    ],
  ] as const) {
    const isOver = forSeconds(2);
    const before = process.cpuUsage();
    let count = 0;
    while (!isOver()) count += Number((await one(count)) < 300);
    const { user, system } = process.cpuUsage(before);
    const rate = Math.round(count / ((user + system) / 1e6)).toLocaleString('en');
    tell(`the handler alone: ${name} a second of processor`, rate, goal);
  }
}

const [kind, folder] = process.argv.slice(2);
if (kind !== undefined && folder !== undefined) await serve(kind, folder);
else await measure();
