// The walls of docs/architecture.md: imports run one way, and the core touches no machine and no
// cloud.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOMS } from './support/checkout.ts';

const ROOT = join(import.meta.dirname, '..');

/** Cards and panels of an archive belong to the page. */
const PAGE_OF_ARCHIVES = 'archives, of the page';

/** Room → the rooms it may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  boards: ['core'],
  archives: ['core', 'sample'],
  [PAGE_OF_ARCHIVES]: ['archives', 'core', 'frontend'],
  sample: ['core'],
  // Of boards only what a board is: the page has their types.
  frontend: ['archives', 'boards', 'core'],
  lambdas: ['archives', 'boards', 'core'],
  lib: ['archives', 'boards', 'core', 'lambdas'],
  bin: ['archives', 'boards', 'core', 'lambdas', 'lib', 'sample'],
  scripts: ['archives', 'boards', 'core', 'sample', 'bin', 'lib'],
};

/** Packages that would tie the core to a machine or a cloud. */
const NOT_IN_CORE =
  /^(node:)?(fs|fs\/promises|child_process|cluster|worker_threads|readline|repl)$|^@aws-sdk\/|^@smithy\/|^aws-cdk|^constructs$|^@aws-lambda-powertools\//;

/** Names of archives, and words that only one archive has. */
const ARCHIVE_WORDS = /openneuro|dandi|allen institute|code ocean|s3-PUBLIC/i;

/** Waits by the machine's clock: setTimeout and similar, called or imported, and polling waits. */
const WAITS =
  /\bset(?:Timeout|Interval)\(|from '(?:node:)?timers\b[^']*'|\bvi\.wait(?:For|Until)\(/;

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? '';
    const to = name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), name)) : name;
    return { from: file, to };
  });
}

const files = ROOMS.flatMap((room) => globSync(`${room}/**/*.{ts,tsx,js}`, { cwd: ROOT }));
const imports = files.flatMap(importsOf);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const roomOf = (path: string): string =>
  /^archives\/(?:[^/]+\.tsx$|[^/]+\/cards\/)/.test(path)
    ? PAGE_OF_ARCHIVES
    : (path.split('/')[0] ?? '');
const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('imports run one way', () => {
  test('the core and the page name no archive and no check of one', () => {
    const named = files.filter((file) => /^(?:frontend|core\/documents)\//.test(file));
    expect(named.length).toBeGreaterThan(40);
    const checks = /openneuro|\b(?:s3Version|s3Files|s3Content|s3Access|annexRecord)\b/i;
    expect(named.filter((file) => checks.test(read(file)))).toEqual([]);
  });

  test('the scan sees the code and its imports', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports).toContainEqual({
      from: 'core/monitor/store.ts',
      to: 'core/documents/records.ts',
    });
  });

  test('no file imports itself by way of others, types included', () => {
    const targets = Map.groupBy(imports, ({ from }) => from);
    const circles: string[] = [];
    const over = new Set<string>();
    const follow = (file: string, path: readonly string[]): void => {
      const at = path.indexOf(file);
      if (at >= 0) circles.push([...path.slice(at), file].join(' → '));
      if (at >= 0 || over.has(file)) return;
      for (const { to } of targets.get(file) ?? []) follow(to, [...path, file]);
      over.add(file);
    };
    for (const file of files) follow(file, []);
    expect(circles).toEqual([]);
  });

  test.each([...ROOMS, PAGE_OF_ARCHIVES])('%s imports only the rooms it may', (room) => {
    const allowed = new Set([room, ...(MAY_IMPORT[room] ?? [])]);
    const wrong = imports.filter(
      ({ from, to }) =>
        roomOf(from) === room &&
        ROOMS.concat('test').includes(roomOf(to)) &&
        !allowed.has(roomOf(to)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('what is made up is for the command line, scripts and tests: nobody else imports a sample', () => {
    const isSample = (path: string) => /^(?:archives\/[^/]+\/)?sample\//.test(path);
    const wrong = imports.filter(
      ({ from, to }) =>
        isSample(to) &&
        !isSample(from) &&
        from !== 'archives/samples.ts' &&
        roomOf(from) !== 'scripts',
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('functions, stack and page are made without the samples', () => {
    const wrong = imports.filter(
      ({ from, to }) => to === 'archives/samples.ts' && roomOf(from) !== 'bin',
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('the kit names no archive', () => {
    const kit = files.filter((file) => roomOf(file) === 'sample');
    expect(kit.length).toBeGreaterThan(10);
    const named = kit.filter((file) => /openneuro|graphql/i.test(read(file)));
    expect(named).toEqual([]);
  });

  test('nothing outside its folder names an archive, the list and the units of mutation aside', () => {
    const named = files.filter(
      (file) =>
        roomOf(file) !== 'archives' &&
        !file.startsWith('archives/') &&
        file !== 'scripts/mutate/units.ts' &&
        ARCHIVE_WORDS.test(read(file)),
    );
    expect(named).toEqual([]);
  });

  test('bin knows of the functions their names, their lock and the store of boards only', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        roomOf(from) === 'bin' &&
        roomOf(to) === 'lambdas' &&
        !['lambdas/names.ts', 'lambdas/lock.ts', 'lambdas/boards/dynamo-store.ts'].includes(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('core and boards import no AWS SDK, no CDK, no file system and no process', () => {
    const wrong = imports.filter(
      ({ from, to }) => ['boards', 'core'].includes(roomOf(from)) && NOT_IN_CORE.test(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('protocols and comparison know neither the monitor nor its documents', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^core\/(protocols|compare|http)\//.test(from) && /^core\/(monitor|documents)\//.test(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('what the program and the functions import is a dependency, not one for development only', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    );
    const nameOf = (path: string) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '';
    // Code that synthesizes the stack runs on a checkout only.
    const ours = imports.filter(
      ({ from }) =>
        ['archives', 'bin', 'boards', 'core', 'lambdas', 'sample'].includes(roomOf(from)) &&
        from !== 'bin/app.ts',
    );
    expect(ours.some(({ to }) => Object.hasOwn(dependencies, nameOf(to)))).toBe(true);
    const wrong = ours.filter(({ to }) => Object.hasOwn(devDependencies, nameOf(to)));
    expect(wrong.map(show)).toEqual([]);
  });

  test('the stack knows the list of archives, and of the rest names only', () => {
    const named = imports.filter(
      ({ from, to }) => roomOf(from) === 'lib' && /^(?:archives|core|lambdas)\//.test(to),
    );
    expect([...new Set(named.map(({ to }) => to))].sort()).toEqual([
      'archives/index.ts',
      'core/documents/catalogue.ts',
      'core/documents/paths.ts',
      'core/history/curve-parameters.ts',
      'core/history/paths.ts',
      'core/history/settings.ts',
      'core/monitor/archive.ts',
      'core/monitor/check.ts',
      'core/problem.ts',
      'lambdas/names.ts',
    ]);
    expect(readFileSync(join(ROOT, 'lambdas/names.ts'), 'utf8')).not.toMatch(/^import /m);
  });

  test('time passes in the core by its clock only', () => {
    const wrong = files.filter((file) => roomOf(file) === 'core' && WAITS.test(read(file)));
    expect(wrong).toEqual(['core/http/clock.ts']);
  });

  test('no test waits for a time, those aside that drive a browser, an emulator or a bench', () => {
    const tests = globSync('test/**/*.{ts,tsx}', { cwd: ROOT }).filter(
      (file) =>
        !/^test\/(?:aws|bench|commands|e2e|scale)\//.test(file) && file !== 'test/walls.test.ts',
    );
    expect(tests.length).toBeGreaterThan(100);
    expect(tests.filter((file) => WAITS.test(read(file)))).toEqual([]);
    // Options that shorten real time; test/support/clock.ts has clocks that nobody waits for.
    const impatient = tests.filter(
      (file) =>
        /\b(?:timeouts|lowestRate|baseMs|maxMs|pauseMs|maxPauseMs)\b/.test(read(file)) &&
        !/support\/clock\.ts'/.test(read(file)),
    );
    expect(impatient).toEqual([]);
  });

  test('the environment is read in bin, lambdas and scripts only', () => {
    const wrong = files.filter(
      (file) =>
        !['bin', 'lambdas', 'scripts'].includes(roomOf(file)) &&
        /\bprocess\.env\b/.test(read(file)),
    );
    expect(wrong).toEqual([]);
  });
});
