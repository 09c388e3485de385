// Local AWS for the deployed tests: a given endpoint (AWS_ENDPOINT_URL), or MiniStack, installed
// from PyPI into its own folder, started, reset, and stopped with everything it started.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { selfSigned } from '../core/http/certificate.ts';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '../..');
/** Programs of Python name their own folder, which must be the same for checkouts that share node_modules. */
const CACHE = join(realpathSync(join(ROOT, 'node_modules')), '.cache/mirrorwatch');
const VERSION = '1.5.33';
/** Functions of nodejs24.x run on the first `node` in the path, so it must be the project's. */
const NODE_FOLDER = dirname(process.execPath);
const STARTS_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 5_000;

export interface Emulator {
  /** For example `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** What the SDK, the CDK command line and the functions need to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** The endpoint's certificate (PEM); null over plain HTTP, or if the endpoint was given. */
  readonly certificate: string | null;
  /** Output of the emulator and its functions; null if the endpoint was given. */
  readonly logFile: string | null;
  /** Process group of the emulator and the functions it runs; null if the endpoint was given. */
  readonly processGroup: number | null;
  stop(): Promise<void>;
}

/**
 * @param plain over plain HTTP, and never a given endpoint: for git-annex, which does not accept
 * our certificates
 */
export async function startEmulator({ plain = false } = {}): Promise<Emulator> {
  const given = process.env.AWS_ENDPOINT_URL;
  if (given && !plain) {
    return {
      endpoint: given,
      env: reaching(given, process.env),
      certificate: null,
      logFile: null,
      processGroup: null,
      stop: async () => {},
    };
  }
  const folder = await installPython('ministack', VERSION);
  const port = await freePort();
  const endpoint = `${plain ? 'http' : 'https'}://127.0.0.1:${port}`;
  const logFile = join(CACHE, `ministack-${port}.log`);
  // The buckets refuse plain HTTP, so it answers over TLS.
  const { key, cert } = selfSigned();
  const certFile = join(CACHE, `ministack-${port}.crt`);
  const keyFile = join(CACHE, `ministack-${port}.key`);
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  if (!plain) trust(cert);
  const env = {
    ...reaching(endpoint),
    ...(!plain && { NODE_EXTRA_CA_CERTS: certFile, AWS_CA_BUNDLE: certFile }),
  };
  const log = await open(logFile, 'w');
  // Its own group: functions are its children, and must not outlive it.
  const child = spawn(join(folder, 'bin/python'), [join(import.meta.dirname, 'emulator.py')], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: {
      ...withoutAws(process.env),
      ...env,
      PATH: [NODE_FOLDER, process.env.PATH].join(delimiter),
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      BIND_HOST: '127.0.0.1',
      ...(!plain && {
        USE_SSL: '1',
        MINISTACK_SSL_CERT: certFile,
        MINISTACK_SSL_KEY: keyFile,
      }),
      // Policies are enforced: every role needs exactly the permissions that its function uses.
      AUTH: 'true',
      // Waits of the state machine are a hundred times shorter.
      SFN_WAIT_SCALE: '0.01',
    },
  });
  await log.close();
  // Ctrl-C ends us before we can ask it to stop.
  const killAtExit = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killAtExit);
  const stop = async () => {
    await stopGroup(child);
    process.off('exit', killAtExit);
  };
  try {
    await untilHealthy(endpoint, child);
    await resetEmulator(endpoint);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    env,
    certificate: plain ? null : cert,
    logFile,
    processGroup: child.pid ?? null,
    stop,
  };
}

/** Everything in it is gone afterwards. */
export async function resetEmulator(endpoint: string): Promise<void> {
  await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
}

/** For this process; others get it through their environment. */
export function trust(certificate: string): void {
  setDefaultCACertificates([...getCACertificates('default'), certificate]);
}

/** An environment without anything of a real account: no profile, no token, no other endpoint. */
export function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

/** Our own emulator takes `test` for its root; a given endpoint may want other credentials. */
function reaching(endpoint: string, given: NodeJS.ProcessEnv = {}): Record<string, string> {
  const { AWS_ACCESS_KEY_ID = 'test', AWS_SECRET_ACCESS_KEY = 'test' } = given;
  const region = given.AWS_REGION ?? given.AWS_DEFAULT_REGION ?? 'us-east-1';
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/**
 * A program from PyPI in its own folder in the cache below node_modules: installed once per
 * checkout.
 */
export async function installPython(name: string, version: string): Promise<string> {
  const folder = join(CACHE, `${name}-${version}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  await mkdir(CACHE, { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', folder]);
  await run(join(folder, 'bin/pip'), ['install', '--quiet', `${name}==${version}`]);
  await (await open(done, 'w')).close();
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilHealthy(endpoint: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error('the emulator ended at once; see its log');
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`the emulator was not up within ${STARTS_WITHIN_MS / 1000} s`);
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** The emulator is asked to end; functions that outlive it are killed. */
async function stopGroup(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGTERM');
  if (child.exitCode === null) await Promise.race([ended, sleep(STOPS_WITHIN_MS)]);
  signalGroup(child, 'SIGKILL');
}
