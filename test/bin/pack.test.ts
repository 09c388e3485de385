// The package as a user gets it: packed, unpacked elsewhere, run from there.

import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, start, temporaryFolder } from './cli.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let installed: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const packed = spawnSync('npm', ['pack', '--pack-destination', folder.path], {
    cwd: ROOT,
    encoding: 'utf8',
    // The build needs this Node, whatever the shell's own is.
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
  });
  expect(packed.status, packed.stderr).toBe(0);
  const tarball = (await readdir(folder.path)).find((name) => name.endsWith('.tgz')) ?? 'none';
  const modules = join(folder.path, 'node_modules');
  installed = join(modules, 'mirrorwatch');
  await mkdir(installed, { recursive: true });
  const tar = ['-xzf', join(folder.path, tarball), '-C', installed, '--strip-components=1'];
  expect(spawnSync('tar', tar).status).toBe(0);
  await mkdir(join(modules, '.bin'));
  await symlink(join(installed, 'dist/bin/mirrorwatch.cjs'), join(modules, '.bin/mirrorwatch'));
  // Offline: the checkout provides the package's declared dependencies, and nothing else.
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
}, 120_000);
afterAll(() => folder.remove());

const majorOf = (node: string): number =>
  Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1]);

describe('the packed package', () => {
  const command = (...args: string[]) =>
    start(args, { script: join(installed, 'dist/bin/mirrorwatch.cjs'), cwd: folder.path });

  test('carries JavaScript, schemas and the page, and no sources or tests', async () => {
    const files = await readdir(installed, { recursive: true });
    expect(files).toContain('dist/site/index.html');
    expect(files).toContain('schema/summary.schema.json');
    expect(files.filter((name) => /\.ts$|^test\/|^data\//.test(name))).toEqual([]);
  });

  test('carries none of zod’s messages in other languages, half of what a start would read', async () => {
    const parts = join(installed, 'dist/bin/parts');
    const texts = await Promise.all(
      (await readdir(parts)).map((name) => readFile(join(parts, name), 'utf8')),
    );
    const packages = texts.flatMap((text) => text.match(/^\/\/ node_modules\/zod\/.*$/gm) ?? []);
    expect(packages).toContain('// node_modules/zod/v4/core/parse.js');
    const languages = packages.filter((name) => name.includes('/locales/'));
    expect(languages).toEqual(['// node_modules/zod/v4/locales/en.js']);
  });

  test('the command is the file that package.json names, and is executable', async () => {
    const { bin, version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    const file = join(installed, bin.mirrorwatch);
    const { status, stdout } = spawnSync(file, ['--version'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
    });
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: version });
  });

  test('an older Node says in one line which one is needed', async () => {
    const file = join(installed, 'dist/bin/mirrorwatch.cjs');
    const pretend = join(folder.path, 'pretend.cjs');
    await writeFile(
      pretend,
      "Object.defineProperty(process, 'versions', { value: { node: '22.11.0' } });",
    );
    const older = spawnSync('which', ['-a', 'node'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((node) => node !== '' && majorOf(node) < 24);
    for (const [node, ...args] of [[process.execPath, '-r', pretend], ...older.map((it) => [it])]) {
      const said = spawnSync(node as string, [...args, file, 'run'], { encoding: 'utf8' });
      expect(said.stderr).toMatch(/^mirrorwatch needs Node 24, and this is Node \d+\.\d+\.\d+\n$/);
      expect(said).toMatchObject({ status: 1, stdout: '' });
    }
  });

  test('--help lists the commands', async () => {
    const { code, stdout } = await command('--help').ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}run /m);
  });

  test('runs over the sample archive and serves the results', async () => {
    const run = await command('run', '--archive', 'sample', '--max-datasets', '5', '--validate')
      .ended;
    expect(run.stderr).toMatch(/Validation: 0 findings/);
    expect(run.stdout).toMatch(/^all +5$/m);
    expect(run.code).toBe(0);
    const line = run.stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(line).toBe('npx mirrorwatch serve --out sample-data/');
    // npx finds this package there.
    const npx = spawnSync('sh', ['-c', `${line} --help`], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
    });
    expect(npx.stdout, npx.stderr).toMatch(/--port <number>/);
    const serving = command('serve', '--out', 'sample-data/', '--port', '0');
    const [url] = await serving.says(/http:\/\/127\.0\.0\.1:\d+\//);
    const page = await (await fetch(url)).text();
    expect(page).toContain('<title>Mirrorwatch');
    expect((await fetch(`${url}data/all-datasets.json`)).status).toBe(200);
    serving.child.kill('SIGINT');
    expect((await serving.ended).code).toBe(0);
  });
});
