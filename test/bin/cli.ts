// Runs the real command line in its own process.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout and stderr together match; rejects if it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Only what a test gives: a token or an address in the developer's shell must not count. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' };

export function start(
  args: readonly string[],
  { script = join(ROOT, 'bin/mirrorwatch.ts'), env = {}, cwd = ROOT } = {},
): Running {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    // None outlives its test.
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  let over = false;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
    changed();
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
    changed();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      over = true;
      resolve({ code, stdout, stderr });
      changed();
    });
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout + stderr);
        if (match) resolve(match);
        else if (over) reject(new Error(`ended without ${pattern}:\n${stdout}${stderr}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  return { child, ended, says };
}

export function mirrorwatch(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return start(args, { env: env as Record<string, string> }).ended;
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mirrorwatch-bin-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
