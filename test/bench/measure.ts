// One measured run: a fresh Node process from its start to its end.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { noTraffic, type Traffic } from '../../core/traffic.ts';
import type { Usage } from './meter.ts';
import { METER } from './programs.ts';
import type { Served } from './serve-archive.ts';

export interface Measurement extends Usage {
  /** Seconds from the start of the process to its end. */
  readonly wall: number;
  /** As the servers counted it. */
  readonly traffic: Traffic;
}

export interface Program {
  /** File and arguments for Node. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are not failures; 0 by default. */
  readonly codes?: readonly number[];
}

export interface Surroundings {
  /** The bench's own folder for small files. */
  readonly folder: string;
  readonly served: Served | null;
  /** Milliseconds that every answer waits. */
  readonly latency: number;
}

/** @throws Error with the process's output if it failed. */
export async function measure(
  program: Program,
  { folder, served, latency }: Surroundings,
): Promise<{ measurement: Measurement; stdout: string }> {
  await served?.begin(latency);
  const file = join(folder, 'usage.json');
  rmSync(file, { force: true });
  const began = performance.now();
  const ended = await run(program, {
    MIRRORWATCH_BENCH_METER: file,
    ...(served && { NODE_EXTRA_CA_CERTS: served.certificate }),
  });
  const wall = (performance.now() - began) / 1000;
  if (!(program.codes ?? [0]).includes(ended.code ?? -1)) {
    const said = ended.stderr.slice(-2000);
    throw new Error(`${program.argv.slice(0, 2).join(' ')} ended with ${ended.code}:\n${said}`);
  }
  const usage = JSON.parse(readFileSync(file, 'utf8')) as Usage;
  const traffic = (await served?.traffic()) ?? noTraffic();
  return { measurement: { wall, ...usage, traffic }, stdout: ended.stdout };
}

function run(
  program: Program,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', METER, ...program.argv], {
      env: { ...process.env, ...env, ...program.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: stdout.join(''), stderr: stderr.join('') }),
    );
  });
}
