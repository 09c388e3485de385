// `npm run bench`: see docs/performance.md.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, remove } from './bench.ts';
import { CASES } from './cases.ts';
import { writeDocs } from './docs.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { buildPrograms, removePrograms } from './programs.ts';
import { caseText } from './report.ts';
import { describeMachine, keepCase, LATEST, QUICK } from './results.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function runCase(one: Case, folder: string, { quick, runs }: Options): Promise<void> {
  const began = performance.now();
  say(`${one.title} (${one.name})`);
  mkdirSync(folder);
  const { series, skipped } = await one.run({ folder, quick, runs, say });
  const at = `${new Date().toISOString().slice(0, 16)}Z`;
  const result = { name: one.name, title: one.title, at, series, skipped };
  keepCase(quick ? QUICK : LATEST, describeMachine(), result);
  say(caseText(result));
  say(`  took ${Math.round((performance.now() - began) / 1000)} s\n`);
  remove(folder);
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
  if (options.writeDocs) {
    writeDocs();
    return;
  }
  if (process.platform !== 'linux') throw new Error('the bench reads /proc: it runs on Linux only');
  const home = mkdtempSync(join(tmpdir(), 'mirrorwatch-bench-'));
  process.on('exit', () => {
    remove(home);
    removePrograms();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(130));
  await buildPrograms();
  for (const one of CASES) {
    if (options.only === null || options.only.includes(one.name)) {
      await runCase(one, join(home, one.name), options);
    }
  }
  say(`Results: bench/results${options.quick ? '-quick' : ''}.json`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
