// The measurements of the bench, as kept in bench/: every run, so that any table can be made from
// them.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Measurement } from './measure.ts';

const FOLDER = join(import.meta.dirname, '../../bench');
export const LATEST = join(FOLDER, 'results.json');
export const QUICK = join(FOLDER, 'results-quick.json');

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly git: string;
}

/** The runs of one program under one condition. */
export interface Series {
  readonly case: string;
  /** `0 ms`, `40 ms`, `0 ms, TLS` … */
  readonly variant: string;
  /** `cold`, `warm`, `baseline` or a stage. */
  readonly subject: string;
  readonly datasets: number;
  readonly runs: readonly Measurement[];
  /** Sizes and similar figures, the same in every run. */
  readonly facts: Readonly<Record<string, number>>;
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** When it was measured: ISO 8601, to the minute. */
  readonly at: string;
  readonly series: readonly Series[];
  /** Why there is nothing, or less than everything. */
  readonly skipped: readonly string[];
}

export interface Results {
  readonly machine: Machine;
  readonly cases: readonly CaseResult[];
}

export function describeMachine(): Machine {
  const processors = cpus();
  const git = execFileSync('git', ['--version'], { encoding: 'utf8' });
  return {
    cores: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    memory: totalmem(),
    system: `Linux ${release()} ${arch()}`,
    node: process.version,
    git: git.trim().replace('git version ', ''),
  };
}

export function readResults(file: string): Results | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : null;
}

/** Replaces the last measurement of a case; cases from another machine are dropped. */
export function keepCase(file: string, machine: Machine, result: CaseResult): void {
  const before = readResults(file);
  const same = before && JSON.stringify(before.machine) === JSON.stringify(machine);
  const others = same ? before.cases.filter(({ name }) => name !== result.name) : [];
  const results: Results = { machine, cases: [...others, result] };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}
