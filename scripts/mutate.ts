// Changes the code in small ways, one at a time, and runs the tests that should notice. Prints each
// change that no test notices. docs/mutation.md has the last scores and the known survivors.
//
//   npm run mutate                                     everything below, hours
//   npm run mutate -- core/compare                     one folder
//   npm run mutate -- core/protocols/git/delta.ts core/protocols/s3  any of its files and folders
//   npm run mutate -- core/protocols/git/delta.ts:10-30          lines of a file
//
// The tool is Stryker. Nothing else needs it, so it is not a dependency: the first use installs it
// into .cache/. It works on a copy, so the checkout may change meanwhile.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { UNITS, type Unit } from './mutate/units.ts';

const ROOT = join(import.meta.dirname, '..');
const HOME = '.cache/mutation';
const TOOLS = ['@stryker-mutator/core@10.1.1', '@stryker-mutator/vitest-runner@10.1.1'];

interface Mutant {
  readonly status: string;
  readonly replacement: string;
  readonly location: Record<'start' | 'end', { readonly line: number; readonly column: number }>;
}
type Results = Readonly<
  Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>
>;

/** @param code files and folders of one unit */
async function mutate(code: readonly string[], { except, tests, slow }: Unit): Promise<Results> {
  const patterns = code.map((path) => (/\.ts(:|$)/.test(path) ? path : `${path}/**/*.ts`));
  const results = await stryker([...patterns, ...(except ?? []).map((path) => `!${path}`)], tests);
  const lines = Object.entries(results).flatMap(([file, { mutants }]) =>
    mutants
      .filter(survived)
      .map(({ location: { start, end } }) => `${file}:${start.line}-${end.line}`),
  );
  if (slow === undefined || lines.length === 0) return results;
  const again = await stryker([...new Set(lines)], slow);
  const noticed = new Set(
    Object.entries(again).flatMap(([file, { mutants }]) =>
      mutants.filter((mutant) => !survived(mutant)).map(nameIn(file)),
    ),
  );
  const judged = (file: string) => (mutant: Mutant) =>
    noticed.has(nameIn(file)(mutant)) ? { ...mutant, status: 'Killed' } : mutant;
  return Object.fromEntries(
    Object.entries(results).map(([file, { source, mutants }]) => {
      return [file, { source, mutants: mutants.map(judged(file)) }];
    }),
  );
}

const nameIn =
  (file: string) =>
  ({ location, replacement }: Mutant): string =>
    JSON.stringify([file, location, replacement]);

async function stryker(code: readonly string[], tests: readonly string[]): Promise<Results> {
  // Two runs may be parallel.
  const [report, settings] = ['report', 'settings'].map((name) =>
    join(HOME, `${name}-${process.pid}.json`),
  ) as [string, string];
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', join(ROOT, 'scripts/mutate/messages.ts')],
    ignorers: ['messages'],
    vitest: { configFile: 'vitest.mutation.config.ts', related: true },
    mutate: code,
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // Notices an endless loop; nothing else takes so long, even on a busy machine.
    timeoutMS: 10_000,
    timeoutFactor: 2,
    // TypeScript 7 has no programmatic interface, which Stryker would need to read the file.
    tsconfigFile: 'none.json',
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    tempDirName: `${HOME}/copies-${process.pid}`,
    ignorePatterns: ['.cache', 'dist', 'site', 'data', 'bench', 'docs', 'schema', 'screenshots'],
    warnings: false,
  };
  await writeFile(join(ROOT, settings), JSON.stringify(config));
  run(join(HOME, 'node_modules/.bin/stryker'), ['run', settings], {
    MIRRORWATCH_MUTATION_TESTS: tests.map((name) => `test/${name}.test.ts`).join(','),
  });
  return JSON.parse(await readFile(join(ROOT, report), 'utf8')).files as Results;
}

/** One line per survivor: its place, the original text, and the possible replacement. */
function survivors(results: Results): string[] {
  return Object.entries(results).flatMap(([file, { source, mutants }]) =>
    mutants.filter(survived).map(({ location: { start, end }, replacement, status }) => {
      const lines = source.split('\n').slice(start.line - 1, end.line);
      const cut = lines.length === 1 ? end.column - 1 : undefined;
      const was = lines[0]?.slice(start.column - 1, cut) ?? '';
      const unseen = status === 'NoCoverage' ? ' (no test comes here)' : '';
      return `${file}:${start.line}:${start.column}${unseen}  ${short(was)}  →  ${short(replacement)}`;
    }),
  );
}

/** A change that prevents loading a test file (`RuntimeError`) counts as noticed. */
function score(results: Results): string {
  const all = Object.values(results).flatMap(({ mutants }) => mutants);
  const valid = all.filter(({ status }) => status !== 'Ignored');
  const killed = valid.length - valid.filter(survived).length;
  const percent = ((100 * killed) / Math.max(1, valid.length)).toFixed(1);
  return `${killed} of ${valid.length} changes noticed, ${percent} %`;
}

const survived = ({ status }: Mutant) => status === 'Survived' || status === 'NoCoverage';

function short(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 70)}…` : line;
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

/** The requested part of a unit. */
function within({ code, except }: Unit, wanted: readonly string[]): string[] {
  return wanted.flatMap((path) => {
    const [file = ''] = path.split(':');
    if (code.startsWith(`${path}/`)) return [code];
    return file === code || (path.startsWith(`${code}/`) && !except?.includes(file)) ? [path] : [];
  });
}

const given = process.argv.slice(2).map((path) => path.replace(/\/+$/, ''));
const tasks = UNITS.map((unit) => ({
  unit,
  code: given.length > 0 ? within(unit, given) : [unit.code],
})).filter(({ code }) => code.length > 0);
if (tasks.length === 0) {
  throw new Error(`no tests are named for ${given.join(', ')}: see scripts/mutate/units.ts`);
}
setPriority(15);
await mkdir(join(ROOT, HOME), { recursive: true });
if (!existsSync(join(ROOT, HOME, 'node_modules'))) {
  // Without its own vitest: it uses the checkout's, two folders up.
  run('npm', ['install', '--prefix', HOME, '--no-save', '--legacy-peer-deps', ...TOOLS]);
}
for (const { code, unit } of tasks) {
  const results = await mutate(code, unit);
  console.log(['', `${code.join(', ')}: ${score(results)}`, ...survivors(results), ''].join('\n'));
}
