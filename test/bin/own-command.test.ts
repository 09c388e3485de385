// The commands that texts name: each works where the program was started.

import { execFileSync, spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeOptions } from '../../bin/cli/options.ts';
import { ownCommand, shellWord } from '../../bin/cli/own-command.ts';
import { type Ended, ROOT, start, temporaryFolder } from './cli.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const node = '/opt/node 24/bin/node';
const checkout = join(ROOT, 'bin/mirrorwatch.ts');

describe('the program is called', () => {
  test('npm calls it in a checkout, also after npm start', () => {
    for (const script of [checkout, join(ROOT, 'bin/start.ts')]) {
      expect(ownCommand({ script, cwd: ROOT, node })).toBe('npm run mirrorwatch --');
    }
  });

  test('its path calls it where npm would change the folder', () => {
    expect(ownCommand({ script: checkout, cwd: folder.path, node })).toBe(
      `'/opt/node 24/bin/node' ${checkout}`,
    );
    expect(ownCommand({ script: checkout, cwd: join(ROOT, 'bin'), node: '/usr/bin/node' })).toBe(
      '/usr/bin/node mirrorwatch.ts',
    );
  });

  test('npx calls it where the package is installed, in its folder and below', async () => {
    const modules = join(folder.path, 'node_modules');
    const script = join(modules, 'mirrorwatch/dist/bin/mirrorwatch.cjs');
    await mkdir(dirname(script), { recursive: true });
    await writeFile(script, '');
    await mkdir(join(modules, '.bin'));
    await symlink(script, join(modules, '.bin/mirrorwatch'));
    const below = join(folder.path, 'study');
    await mkdir(below);
    for (const cwd of [folder.path, below]) {
      for (const name of [script, join(modules, '.bin/mirrorwatch')]) {
        expect(ownCommand({ script: name, cwd, node })).toBe('npx mirrorwatch');
      }
    }
    expect(ownCommand({ script, cwd: '/', node: '/usr/bin/node' })).toBe(
      `/usr/bin/node ${script.slice(1)}`,
    );
  });
});

test.each(["it's", 'a b', '$(reboot)', '-x', '', 'line\nbreak', '*', '~', 'plain-2/'])(
  'a shell takes %j as one word',
  (text) => {
    const said = execFileSync('sh', ['-c', `printf '%s' ${shellWord(text)}`], { env: {} });
    expect(said.toString()).toBe(text);
  },
);

test('every archive has a folder of its own', () => {
  const folders = [{}, { archive: 'sample' as const }, { archive: 'sample' as const, from: 'x' }];
  expect(folders.map((given) => completeOptions(given).out)).toEqual([
    'data/',
    'sample-data/',
    'replay-data/',
  ]);
  expect(completeOptions({ archive: 'sample', out: 'mine/' }).out).toBe('mine/');
});

describe('the last line of a run, typed where it was started, shows the results', () => {
  /** On a person's machine npm finds the shell's own Node first. */
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;

  async function typed({ code, stdout, stderr }: Ended, cwd: string): Promise<string> {
    expect(code, stderr).toBe(0);
    const line = stdout.trimEnd().split('\n').at(-1) ?? '';
    const shell = spawn('sh', ['-c', `${line} --port 0`], {
      cwd,
      env: { ...process.env, PATH: path },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let said = '';
        for (const stream of [shell.stdout, shell.stderr]) {
          stream.on('data', (chunk) => {
            said += chunk;
            const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
            if (found) resolve(found);
          });
        }
        shell.on('close', () => reject(new Error(`${line} ended: ${said}`)));
      });
      const summary = await (await fetch(`${url}data/status.json`)).json();
      expect(summary).toMatchObject({ archive: { origin: 'sample' } });
      return line;
    } finally {
      // The whole group: npm, its shell and the server.
      if (shell.pid) process.kill(-shell.pid, 'SIGKILL');
    }
  }

  test('the last line of a run in a checkout works where it was typed', async () => {
    const out = join(folder.path, "it's here");
    const args = ['run', '--archive', 'sample', '--max-datasets', '3', '--out', out];
    const line = await typed(await start(args).ended, ROOT);
    expect(line).toMatch(/^npm run mirrorwatch -- serve --out '/);
  }, 60_000);

  test('elsewhere, with a folder named from there', async () => {
    const args = ['run', '--archive', 'sample', '--max-datasets', '3', '--out', 'a b/c'];
    const line = await typed(await start(args, { cwd: folder.path }).ended, folder.path);
    expect(line).toMatch(/ serve --out 'a b\/c'$/);
  }, 60_000);
});
