// `npm run bench`: see docs/performance.md.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, remove } from './bench.ts';
import { buildPrograms } from './built.ts';
import { CASES } from './cases.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { caseText } from './report.ts';
import { describeMachine, keepCase, LATEST, QUICK } from './results.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function runCase(one: Case, { quick, runs }: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-bench-'));
  const began = performance.now();
  say(`${one.title} (${one.name})`);
  try {
    const { series, skipped } = await one.run({ folder, quick, runs, say });
    const at = `${new Date().toISOString().slice(0, 16)}Z`;
    const result = { name: one.name, title: one.title, at, series, skipped };
    keepCase(quick ? QUICK : LATEST, describeMachine(), result);
    say(caseText(result));
    say(`  took ${Math.round((performance.now() - began) / 1000)} s\n`);
  } finally {
    remove(folder);
  }
}

async function main(): Promise<void> {
  const options = parseOptions(
    process.argv.slice(2),
    CASES.map(({ name }) => name),
  );
  if (options.help) {
    say(HELP);
    return;
  }
  if (process.platform !== 'linux') throw new Error('the bench reads /proc: it runs on Linux only');
  buildPrograms();
  for (const one of CASES) {
    if (options.only === null || options.only.includes(one.name)) await runCase(one, options);
  }
  say(`Results: bench/results/${options.quick ? 'quick' : 'latest'}.json`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
