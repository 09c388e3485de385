// Load on saved boards: the packed `mirrorwatch serve --boards` over a folder of 10,000 boards of 1 KB,
// beside a bare server of the same files, both in processes of their own; the handler alone; and the
// bundles of the functions. Prints each figure with its goal. `node test/bench/boards.ts`

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ARCHIVES } from '../../archives/index.ts';
import { createBoardsApi } from '../../boards/handler.ts';
import { memoryStore } from '../../boards/indexed-store.ts';
import { memoryLimiter } from '../../boards/limiter.ts';
import { toJson } from '../../boards/record.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import { vocabularyOf } from '../../boards/vocabulary.ts';
import { systemClock } from '../../core/http/clock.ts';
import { VOCABULARY_FILE } from '../../lambdas/names.ts';
import { BARE_FOLDER, buildPrograms, MIRRORWATCH, removePrograms } from './programs.ts';

const BOARDS = 10_000;
const EVICTED = 4000;
const SECONDS = 5;
const AT_ONCE = 8;
const BODY = JSON.stringify({
  ...{ schemaVersion: 1, title: 'A board of one kilobyte', notes: 'n'.repeat(940), view: {} },
});
const SIZE = Buffer.byteLength(BODY);
const BOARD_FUNCTIONS = ['boards', 'boards-maintenance', 'boards-evict'];
const SERVE = (folder: string) => [
  ...[MIRRORWATCH, 'serve', '--out', folder, '--boards', folder, '--port', '0'],
];

function fill(folder: string): string[] {
  const body = JSON.parse(BODY);
  return Array.from({ length: BOARDS }, () => {
    const id = randomUUID();
    const at = { createdAt: 0, changedAt: 0, lastAccess: 0, keyHash: null, forkedFrom: null };
    const flags = { whitelisted: false, protected: false };
    const { lastAccess, ...file } = toJson({ id, body: BODY, size: SIZE, rev: 1, ...at, ...flags });
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...file, board: body }, null, 2));
    return id;
  });
}

/** A process that serves the folder, once it says where. */
async function started(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    ...{ stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const milliseconds = performance.now() - began;
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
  const about = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'latin1');
  const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(about('status'))?.[1]) / 1024;
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
  /** Milliseconds of processor so far. proc(5): fields 14 and 15, in hundredths of a second. */
  const cpu = () => {
    const fields = about('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  };
  return { ask, milliseconds, memory, stop, cpu };
}

/** What this disk takes for a board at least: a file written, synced and renamed. */
async function writeBare(folder: string): Promise<number> {
  const path = join(folder, `bare-${randomUUID()}`);
  await writeFile(`${path}.tmp`, BODY, { flush: true });
  await rename(`${path}.tmp`, path);
  await rm(path);
  return 201;
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
    await buildPrograms();
    const ids = fill(folder);
    const random = () => ids[Math.floor(Math.random() * ids.length)] as string;
    tell(`${BOARDS} boards of ${SIZE} bytes, ${AT_ONCE} requests at once`, 'measured', 'goal');
    const bare = await started([BARE_FOLDER, folder]);
    const boards = await started(SERVE(folder));
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
      const before = server.cpu();
      const { times, seconds } = await loaded(get, 200, forSeconds(SECONDS));
      const each = (server.cpu() - before) / times.length;
      const rate = Math.round(times.length / seconds).toLocaleString('en');
      tell(`${name}: GET a second, p99`, `${rate}/s, ${p99(times).toFixed(1)} ms`, goal);
      tell(`${name}: processor for a GET`, `${each.toFixed(2)} ms`, '');
    }
    const bareWrites = await loaded(() => writeBare(folder), 201, forSeconds(SECONDS));
    const bareRate = Math.round(bareWrites.times.length / bareWrites.seconds).toLocaleString('en');
    tell(
      'a file on the disk: a second, p99',
      `${bareRate}/s, ${p99(bareWrites.times).toFixed(1)} ms`,
      '',
    );
    const post = () => boards.ask('POST', '/api/boards', BODY);
    const posted = await loaded(post, 201, forSeconds(SECONDS));
    const rate = Math.round(posted.times.length / posted.seconds).toLocaleString('en');
    tell('boards: POST a second, p99', `${rate}/s, ${p99(posted.times).toFixed(1)} ms`, '25 ms');
    await boards.stop();
    await bare.stop();

    const there = (BOARDS + posted.times.length) * SIZE;
    const evicting = await started(SERVE(folder), {
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
    for (const entry of BOARD_FUNCTIONS) await tellBundle(entry, folder);
  } finally {
    rmSync(folder, { recursive: true });
    removePrograms();
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

/** What Lambda loads at a cold start, and how long this machine takes for that, Node's own start aside. */
async function tellBundle(entry: string, folder: string): Promise<void> {
  // With the CDK, which the figures before are to be without.
  const { buildFunction } = await import('../../lib/bundle.ts');
  const file = join(folder, `${entry}.mjs`);
  buildFunction(`lambdas/${entry}.lambda.ts`, file, true);
  writeFileSync(join(folder, VOCABULARY_FILE), JSON.stringify(vocabularyOf(ARCHIVES)));
  const size = `${Math.round(statSync(file).size / 1000)} KB`;
  const program = `const began = performance.now(); await import(${JSON.stringify(file)});
    console.log(performance.now() - began);`;
  const times = Array.from({ length: 5 }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program])),
  );
  tell(
    `function ${entry}: bundle, loaded in`,
    `${size}, ${Math.min(...times).toFixed(0)} ms`,
    '500 KB',
  );
}

await measure();
