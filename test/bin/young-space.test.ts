// The program that starts itself anew: told apart by the options it then runs with.

import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MODULE = join(import.meta.dirname, '../../bin/young-space.ts');
const FLAG = '--max-semi-space-size=16';

interface Seen {
  readonly options: string[];
  readonly args: string[];
  readonly input: string;
  /** What was set in the environment of the first process. */
  readonly kept: string | undefined;
}

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-young-'));
  program = join(folder, 'program.mjs');
  await writeFile(
    program,
    `import { readFileSync } from 'node:fs';
import { boundYoungSpace } from ${JSON.stringify(MODULE)};
boundYoungSpace();
const seen = {
  options: process.execArgv,
  args: process.argv.slice(2),
  input: process.send ? '' : readFileSync(0, 'utf8'),
  kept: process.env.KEPT,
};
if (process.send) process.send(seen, () => process.disconnect());
else process.stdout.write(JSON.stringify(seen));
process.exitCode = 7;
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(options: readonly string[], env: NodeJS.ProcessEnv = {}): Seen {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...options, program, 'two words', 'ü"'],
    { encoding: 'utf8', input: 'from a pipe', env: { ...process.env, NODE_OPTIONS: '', ...env } },
  );
  expect(stderr).toBe('');
  expect(status).toBe(7);
  return JSON.parse(stdout) as Seen;
}

test('arguments, options, environment, streams and exit code stay as they were', () => {
  expect(run(['--no-deprecation'], { KEPT: 'as it was' })).toEqual({
    options: ['--no-deprecation', FLAG],
    args: ['two words', 'ü"'],
    input: 'from a pipe',
    kept: 'as it was',
  });
});

test.each([
  ['as an option', ['--max-semi-space-size=32'], {}],
  ['as an option, spelt the other way', ['--max_semi_space_size=32'], {}],
  ['in the environment', [], { NODE_OPTIONS: '--max-semi-space-size=32' }],
])('who chose %s keeps what they chose', (_how, options, env) => {
  expect(run(options, env).options).toEqual(options);
});

test('a program that talks to its parent keeps its line', async () => {
  const child = fork(program, { execArgv: [] });
  const [seen] = (await once(child, 'message')) as [Seen];
  expect(seen.options).toEqual([]);
  expect(await once(child, 'exit')).toEqual([7, null]);
});
