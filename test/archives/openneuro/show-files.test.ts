// The commands that show missing and extra files: their number is that of the file check.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { liveArchive } from '../../../archives/openneuro/about-archive.ts';
import type { S3Diff } from '../../../archives/openneuro/documents.ts';
import { countPaths } from '../../../archives/openneuro/rules/cause-commands.ts';
import type { CauseInput } from '../../../archives/openneuro/rules/cause-input.ts';
import { showExtra, showLacking } from '../../../archives/openneuro/rules/show-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-counts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ID = 'ds000001';
const ARCHIVE = liveArchive({
  registryUrl: 'https://openneuro.org/crn/graphql',
  mirrorUrl: 'https://github.com/OpenNeuroDatasets',
  exportUrl: 'https://s3.amazonaws.com/openneuro.org',
});
const sh = (command: string, env: NodeJS.ProcessEnv = process.env) =>
  execFileSync('sh', ['-c', command], { env, encoding: 'utf8', cwd: folder });

/** A repository with these paths, and an `aws` that lists these keys. */
function world(paths: readonly string[], keys: readonly string[]) {
  const mirrors = mkdtempSync(join(folder, 'mirrors-'));
  const repository = join(mirrors, `${ID}.git`);
  mkdirSync(repository);
  const git = `git -C '${repository}' -c user.name=a -c user.email=a@b`;
  sh(`git init -q '${repository}'`);
  for (const path of paths) {
    mkdirSync(join(repository, path, '..'), { recursive: true });
    writeFileSync(join(repository, path), path);
  }
  sh(`${git} add -A && ${git} commit -qm all && ${git} config uploadpack.allowFilter true`);
  const commit = sh(`${git} rev-parse HEAD`).trim();
  const bin = join(mirrors, 'bin');
  mkdirSync(bin);
  const listed = keys.map((key) => `${ID}/${key}`).join('\n');
  writeFileSync(join(bin, 'keys'), listed === '' ? 'None\n' : `${listed}\n`);
  writeFileSync(join(bin, 'aws'), `#!/bin/sh\ncat '${join(bin, 'keys')}'\n`);
  chmodSync(join(bin, 'aws'), 0o755);
  const count = (which: 'missing' | 'extra', not: readonly string[] = []): number => {
    const command = countPaths(ARCHIVE, ID, commit, which, not) ?? '';
    const here = command.replace("'https://github.com/OpenNeuroDatasets/", `'file://${mirrors}/`);
    return Number(sh(here, { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }));
  };
  return { commit, count };
}

describe('the number that the command prints', () => {
  const NAMES = ['a', 'sub-01/anat/b c.nii', 'sub-01/it\'s "odd" \\ é.txt', 'z'];

  test('is that of the paths that the export lacks, whatever their names', () => {
    expect(world(NAMES, NAMES.slice(0, 1)).count('missing')).toBe(3);
    expect(world(NAMES, NAMES).count('missing')).toBe(0);
    expect(world(NAMES, []).count('missing')).toBe(4);
  });

  test('is that of the keys that the commit lacks, without what is no fault', () => {
    const { count } = world(['a'], ['a', 'annex-uuid', 'old/1', 'old/2']);
    expect(count('extra', ['annex-uuid'])).toBe(2);
    expect(count('extra')).toBe(3);
    expect(count('missing')).toBe(0);
  });

  test('leaves out symlinks that are never exported', () => {
    expect(world(['a', 'link', 'b'], ['a']).count('missing', ['link'])).toBe(1);
  });
});

describe('the command', () => {
  const COMMIT = 'c'.repeat(40);
  const input = (diff: Partial<S3Diff>) =>
    ({
      archive: ARCHIVE,
      id: ID,
      s3Diff: { commit: COMMIT, added: [], removed: [], bookkeeping: [], ...diff },
    }) as unknown as CauseInput;

  test('counts more than one file, and asks for a single one by its name', () => {
    expect(showLacking(input({ added: ['a', 'b'] }))).toMatch(/comm -23/);
    expect(showLacking(input({ added: ['a'] }))).toMatch(/^curl .*\/a'$/);
    expect(showExtra(input({ removed: ['a', 'b'] }))).toMatch(/comm -13/);
    expect(showExtra(input({ removed: ['a'] }))).toMatch(/^curl .*\/a'$/);
  });

  test.each<[string, Partial<S3Diff>]>([
    ['no commit was compared', { commit: null }],
    ['too much would be left out', { symlinks: ['1', '2', '3', '4', '5', '6'] }],
    ['something to leave out cannot be pasted', { symlinks: ['a\u202eb'] }],
  ])('asks for one file where %s', (_, change) => {
    expect(showLacking(input({ added: ['a', 'b'], ...change }))).toMatch(/^curl .*\/a'$/);
  });
});
