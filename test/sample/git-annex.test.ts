// git-annex itself reads the generated repositories over HTTP, and finds in them what was meant.
// Nothing is downloaded: bytes of annexed files exist nowhere.

import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gitKey, hashDirLower, hashDirMixed } from '../../sample/annex/keys.ts';
import { type GeneratedArchive, generateArchive } from '../../sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../sample/server.ts';
import { specials } from '../../sample/specials.ts';
import { type Scratch, scratchFolder } from './git-support.ts';

const hasAnnex = spawnSync('git', ['annex', 'version']).status === 0;
const needsAnnex = hasAnnex ? '' : ' (SKIPPED: git-annex is not installed)';
const run = promisify(execFile);

let archive: GeneratedArchive;
let server: SampleServer;
let scratch: Scratch;

beforeAll(async () => {
  archive = generateArchive({ datasets: specials(0).length });
  server = await startSampleArchive({ archive });
  scratch = scratchFolder();
  mkdirSync(scratch.path('home'));
});
afterAll(async () => {
  await server.close();
  scratch.remove();
});

/** Git in a clone, untouched by the machine's own settings. */
async function git(folder: string, ...args: string[]): Promise<string> {
  const settings = ['user.name=test', 'user.email=test@localhost', 'annex.alwayscommit=true'];
  const { stdout } = await run('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
    cwd: folder,
    maxBuffer: 2 ** 26,
    env: {
      ...process.env,
      HOME: scratch.path('home'),
      LC_ALL: 'C.UTF-8',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    },
  });
  return stdout;
}

/** The dataset for a rule, cloned and known to git-annex. */
async function cloneOf(rule: string): Promise<{ id: string; folder: string }> {
  const [id] = [...archive.expectations].find(([, one]) => one.rule === rule) ?? [];
  if (id === undefined) throw new Error(`no dataset for "${rule}"`);
  const folder = scratch.path(id);
  await git(scratch.path('home'), 'clone', '-q', `${server.mirrorUrl}/${id}.git`, folder);
  await git(folder, 'annex', 'init', 'reader');
  return { id, folder };
}

interface Found {
  readonly file: string;
  readonly key: string;
  readonly bytesize: string;
  readonly hashdirmixed: string;
  readonly hashdirlower: string;
}

interface Place {
  readonly description: string;
  readonly urls: readonly string[];
}

async function json<T>(folder: string, ...args: string[]): Promise<T[]> {
  const lines = await git(folder, 'annex', ...args, '--json');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

const find = (folder: string) => json<Found>(folder, 'find', '--include=*');

async function exportedTree(folder: string, remote = 's3-PUBLIC'): Promise<string | undefined> {
  const info = await git(folder, 'annex', 'info', remote, '--fast');
  return /^exportedtree: (.*)$/m.exec(info)?.[1];
}

const treeOf = async (folder: string, tag: string) =>
  (await git(folder, 'rev-parse', `${tag}^{tree}`)).trim();

const IN_STEP = 'sections 3 to 5: all copies are in step';
const UNLOCKED = 'section 1: unlocked annexed files are pointer files in git';
const SHA256E = 'section 1: SHA256E keys, and ETags of multipart uploads';
const ODD_KEYS = 'section 10: nothing is known of big plain files and of keys without a size';
const SPACES = 'section 12: names with white space in the record of versions';

describe.skipIf(!hasAnnex)(`git-annex reads the generated archive${needsAnnex}`, () => {
  test.each([IN_STEP, UNLOCKED, SHA256E, ODD_KEYS])('keys, sizes and folders: %s', async (rule) => {
    const { id, folder } = await cloneOfAgain(rule);
    const found = await find(folder);
    const objects = archive.datasets.find((one) => one.id === id)?.export.objects();
    const sizes = new Map(
      Array.from({ length: objects?.length ?? 0 }, (_, place) => {
        const object = objects?.objectAt(place);
        return [Buffer.from(object?.key ?? '', 'latin1').toString(), object] as const;
      }),
    );
    expect(found.length).toBeGreaterThan(3);
    const branch = await git(folder, 'ls-tree', '-r', '-z', '--name-only', 'origin/git-annex');
    const logs = new Set(branch.split('\0'));
    for (const { file, key, bytesize, hashdirmixed, hashdirlower } of found) {
      const object = sizes.get(file);
      if (bytesize !== 'unknown')
        expect({ file, size: bytesize }).toMatchObject({ size: String(object?.size) });
      const md5 = /^MD5E-s\d+--([0-9a-f]{32})/.exec(key)?.[1];
      if (md5 !== undefined && !object?.etag.includes('-')) expect(object?.etag).toBe(md5);
      const name = key.replaceAll(
        /[&%:/]/g,
        (one) => ({ '&': '&a', '%': '&s', ':': '&c' })[one] ?? '%',
      );
      expect(`${hashDirMixed(name)}/`).toBe(hashdirmixed);
      expect(`${hashDirLower(name)}/`).toBe(hashdirlower);
      expect(logs).toContain(`${hashdirlower}${name}.log`);
      expect(logs).toContain(`${hashdirlower}${name}.log.rmet`);
    }
  });

  test.each([IN_STEP, SHA256E, SPACES])(
    'every annexed file has a version of its object in the export: %s',
    async (rule) => {
      const { id, folder } = await cloneOfAgain(rule);
      const places = await json<{ file: string; whereis: Place[] }>(folder, 'whereis');
      expect(places.length).toBeGreaterThan(3);
      for (const { file, whereis } of places) {
        const [url = ''] = whereis.flatMap(({ urls }) => urls);
        const { origin, pathname, search } = new URL(url);
        expect(origin).toBe('https://s3.amazonaws.com');
        expect(decodeURIComponent(pathname)).toBe(`/openneuro.org/${id}/${file}`);
        expect(search).toMatch(/^\?versionId=[\w.]{32}$/);
      }
    },
  );

  test('a file without a version is told as one that lacks an address', async () => {
    const { folder } = await cloneOf('section 12: annexed files without an S3 version id');
    const places = await json<{ file: string; whereis: Place[] }>(folder, 'whereis');
    const lacking = places.filter(({ whereis }) => whereis.every(({ urls }) => urls.length === 0));
    expect(lacking.map(({ file }) => file)).toEqual(['sub-01/anat/sub-01_T1w.nii.gz']);
  });

  test.each([
    { rule: IN_STEP, tag: '1.1.0' },
    { rule: 'section 12: the record says that an older version was exported', tag: '1.0.1' },
    { rule: 'section 12: an export was begun and not ended', tag: '1.1.0' },
    {
      rule: 'section 12: of two s3-PUBLIC remotes one is dead, and the living one was dead once',
      tag: '1.1.0',
    },
  ])('the exported tree is that of $tag: $rule', async ({ rule, tag }) => {
    const { folder } = await cloneOfAgain(rule);
    expect(await exportedTree(folder)).toBe(await treeOf(folder, tag));
  });

  test("what git-annex exports of a tag with gitlinks is the tree that the dataset's record names", async () => {
    const { folder } = await cloneOf('section 12: gitlinks are not in the exported tree');
    const recorded = await exportedTree(folder);
    expect(recorded).not.toBe(await treeOf(folder, '1.0.0'));
    const target = scratch.path('exported');
    mkdirSync(target);
    const settings = ['type=directory', `directory=${target}`, 'exporttree=yes', 'encryption=none'];
    await git(folder, 'annex', 'initremote', 'target', ...settings);
    // It ends with an error, because there are no bytes to export; the tree is recorded all the same.
    await git(folder, 'annex', 'export', '1.0.0', '--to', 'target').catch(() => undefined);
    expect(await exportedTree(folder, 'target')).toBe(recorded);
  });

  test('a dead remote is dead, and one that was revived is not', async () => {
    const trust = async (rule: string) => {
      const { folder } = await cloneOfAgain(rule);
      const info = await git(folder, 'annex', 'info', 's3-PUBLIC', '--fast');
      return /^trust: (.*)$/m.exec(info)?.[1];
    };
    expect(await trust('section 12: the only s3-PUBLIC remote is dead')).toBe('dead');
    expect(
      await trust(
        'section 12: of two s3-PUBLIC remotes one is dead, and the living one was dead once',
      ),
    ).toBe('semitrusted');
  });

  test('of one name there are two living remotes', async () => {
    const { folder } = await cloneOf('section 12: two living s3-PUBLIC remotes');
    const info = await git(folder, 'annex', 'info', '--fast');
    expect(info.match(/-- \[?s3-PUBLIC\]?$/gm)).toHaveLength(2);
  });
});

const clones = new Map<string, Promise<{ id: string; folder: string }>>();

/** The clone of another test, which does not change it. */
function cloneOfAgain(rule: string): Promise<{ id: string; folder: string }> {
  const known = clones.get(rule) ?? cloneOf(rule);
  clones.set(rule, known);
  return known;
}

test('versions of plain files are recorded under the ids of their blobs', () => {
  expect(gitKey('45b983be36b73c0788dc9cbcb76cbb80fc7bb057')).toBe(
    'GIT--45b983be36b73c0788dc9cbcb76cbb80fc7bb057',
  );
});

test.each([
  {
    // The examples of git-annex's own documentation and of a clone.
    key: 'SHA256E-s0--e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    mixed: 'pX/ZJ',
    lower: 'f87/4d5',
  },
  {
    key: 'MD5E-s100000--8fa3469a5696b37f0f5a9086a1d8b8df.nii.gz',
    mixed: 'jK/x9',
    lower: '399/336',
  },
  { key: 'URL--https&c%%example.org%a.mp4', mixed: 'Fj/14', lower: 'cc4/f04' },
])('folders of $key', ({ key, mixed, lower }) => {
  expect([hashDirMixed(key), hashDirLower(key)]).toEqual([mixed, lower]);
});
