// The walls of docs/architecture.md: imports run one way, and the core touches no machine and no cloud.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const ROOMS = ['bin', 'core', 'frontend', 'lambdas', 'lib', 'sample', 'scripts'];

/** Room → the rooms it may import from, itself aside. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  sample: ['core'],
  frontend: ['core'],
  lambdas: ['core'],
  lib: ['core', 'lambdas'],
  bin: ['core', 'lambdas', 'lib', 'sample'],
  scripts: ['core', 'sample', 'bin', 'lib'],
};

/** Packages that would tie the core to a machine or a cloud. */
const NOT_IN_CORE =
  /^(node:)?(fs|fs\/promises|child_process|cluster|worker_threads|readline|repl)$|^@aws-sdk\/|^@smithy\/|^aws-cdk|^constructs$|^@aws-lambda-powertools\//;

/** Parts of the core that serve any archive: they know neither OpenNeuro nor the stages. */
const KNOWS_NO_ARCHIVE =
  /^core\/(git|s3|compare|http|model)\/|^core\/(http|store|sources|failure|traffic)\.ts$/;

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
const roomOf = (path: string): string => path.split('/')[0] ?? '';
const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('imports run one way', () => {
  test('the scan sees the code and its imports', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports).toContainEqual({ from: 'core/store.ts', to: 'core/model/records.ts' });
  });

  test.each(ROOMS)('%s imports only the rooms it may', (room) => {
    const allowed = new Set([room, ...(MAY_IMPORT[room] ?? [])]);
    const wrong = imports.filter(
      ({ from, to }) =>
        roomOf(from) === room &&
        ROOMS.concat('test').includes(roomOf(to)) &&
        !allowed.has(roomOf(to)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('bin knows of the functions their names only', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        roomOf(from) === 'bin' && roomOf(to) === 'lambdas' && to !== 'lambdas/names.ts',
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('core imports no AWS SDK, no CDK, no file system and no process', () => {
    const wrong = imports.filter(({ from, to }) => roomOf(from) === 'core' && NOT_IN_CORE.test(to));
    expect(wrong.map(show)).toEqual([]);
  });

  test('git, S3, HTTP, comparison, documents and store know neither OpenNeuro nor the stages', () => {
    const wrong = imports.filter(
      ({ from, to }) => KNOWS_NO_ARCHIVE.test(from) && /^core\/(openneuro|stages)\//.test(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('what the program and the functions import is a dependency, not one for development only', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    );
    const nameOf = (path: string) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '';
    // What synthesizes the stack runs on a checkout alone.
    const ours = imports.filter(
      ({ from }) =>
        ['bin', 'core', 'lambdas', 'sample'].includes(roomOf(from)) && from !== 'bin/app.ts',
    );
    expect(ours.some(({ to }) => Object.hasOwn(dependencies, nameOf(to)))).toBe(true);
    const wrong = ours.filter(({ to }) => Object.hasOwn(devDependencies, nameOf(to)));
    expect(wrong.map(show)).toEqual([]);
  });

  test('the stack knows of the rest its names only, without what would make synth slow', () => {
    const named = imports.filter(
      ({ from, to }) => roomOf(from) === 'lib' && /^(?:core|lambdas)\//.test(to),
    );
    expect([...new Set(named.map(({ to }) => to))].sort()).toEqual([
      'core/checks/index.ts',
      'core/openneuro/endpoints.ts',
      'core/stages/check-choice.ts',
      'lambdas/names.ts',
    ]);
    expect(readFileSync(join(ROOT, 'lambdas/names.ts'), 'utf8')).not.toMatch(/^import /m);
  });

  test('the environment is read in bin, by the sample archive and by scripts only', () => {
    const wrong = files.filter(
      (file) =>
        !['bin', 'sample', 'scripts', 'lambdas'].includes(roomOf(file)) &&
        /\bprocess\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });
});
