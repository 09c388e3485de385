// git-annex itself reads the generated repositories over HTTP, and finds what was intended. Nothing
// is downloaded: bytes of annexed files exist nowhere.

import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gitKey, hashDirLower, hashDirMixed } from '../../../../sample/annex-keys.ts';
import {
  type AnnexClones,
  fileNameOf,
  hasAnnex,
  needsAnnex,
  openAnnexClones,
} from '../../../support/annex-clones.ts';

let annex: AnnexClones;
beforeAll(async () => {
  annex = await openAnnexClones();
});
afterAll(() => annex.close());

const IN_STEP = '#mirror #files: all copies are in step';
const UNLOCKED = '#words-and-orders: unlocked annexed files are pointer files in git';
const SHA256E = '#words-and-orders: SHA256E keys, and ETags of multipart uploads';
const ODD_KEYS = '#contents: nothing is known of big plain files and of keys without a size';
const SPACES = '#record: names with white space in the record of versions';

describe.skipIf(!hasAnnex)(`git-annex reads the generated archive${needsAnnex}`, () => {
  test.each([IN_STEP, UNLOCKED, SHA256E, ODD_KEYS])('keys, sizes and folders: %s', async (rule) => {
    const { id, folder } = await annex.cloneOf(rule);
    const found = await annex.find(folder);
    const objects = annex.archive.datasets.find((one) => one.id === id)?.export.objects();
    const sizes = new Map(
      Array.from({ length: objects?.length ?? 0 }, (_, place) => {
        const object = objects?.objectAt(place);
        return [Buffer.from(object?.key ?? '', 'latin1').toString(), object] as const;
      }),
    );
    expect(found.length).toBeGreaterThan(3);
    const branch = await annex.git(
      folder,
      'ls-tree',
      '-r',
      '-z',
      '--name-only',
      'origin/git-annex',
    );
    const logs = new Set(branch.split('\0'));
    for (const { file, key, bytesize, hashdirmixed, hashdirlower } of found) {
      const object = sizes.get(file);
      if (bytesize !== 'unknown')
        expect({ file, size: bytesize }).toMatchObject({ size: String(object?.size) });
      const md5 = /^MD5E-s\d+--([0-9a-f]{32})/.exec(key)?.[1];
      if (md5 !== undefined && !object?.etag.includes('-')) expect(object?.etag).toBe(md5);
      const name = fileNameOf(key);
      expect(`${hashDirMixed(name)}/`).toBe(hashdirmixed);
      expect(`${hashDirLower(name)}/`).toBe(hashdirlower);
      expect(logs).toContain(`${hashdirlower}${name}.log`);
      expect(logs).toContain(`${hashdirlower}${name}.log.rmet`);
    }
  });

  test.each([IN_STEP, SHA256E, SPACES])(
    'every annexed file has a version of its object in the export: %s',
    async (rule) => {
      const { id, folder } = await annex.cloneOf(rule);
      const places = await annex.whereis(folder);
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

  test('a file without a version is reported as one without an address', async () => {
    const { folder } = await annex.cloneOf('#record: annexed files without an S3 version id');
    const places = await annex.whereis(folder);
    const lacking = places.filter(({ whereis }) => whereis.every(({ urls }) => urls.length === 0));
    expect(lacking.map(({ file }) => file)).toEqual(['sub-01/anat/sub-01_T1w.nii.gz']);
  });

  test.each([
    { rule: IN_STEP, tag: '1.1.0' },
    { rule: '#record: the record says that an older version was exported', tag: '1.0.1' },
    { rule: '#record: an export was begun and not ended', tag: '1.1.0' },
    {
      rule: '#record: of two s3-PUBLIC remotes one is dead, and the living one was dead once',
      tag: '1.1.0',
    },
  ])('the exported tree is that of $tag: $rule', async ({ rule, tag }) => {
    const { folder } = await annex.cloneOf(rule);
    expect(await annex.exportedTree(folder)).toBe(await annex.treeOf(folder, tag));
  });

  test("what git-annex exports of a tag with gitlinks is the tree that the dataset's record names", async () => {
    const { folder } = await annex.cloneOf('#record: gitlinks are not in the exported tree');
    const recorded = await annex.exportedTree(folder);
    expect(recorded).not.toBe(await annex.treeOf(folder, '1.0.0'));
    const target = annex.path('exported');
    mkdirSync(target);
    const settings = ['type=directory', `directory=${target}`, 'exporttree=yes', 'encryption=none'];
    await annex.git(folder, 'annex', 'initremote', 'target', ...settings);
    // It ends with an error, because there are no bytes to export; the tree is still recorded.
    await annex.git(folder, 'annex', 'export', '1.0.0', '--to', 'target').catch(() => undefined);
    expect(await annex.exportedTree(folder, 'target')).toBe(recorded);
  });

  test('a dead remote is dead, and one that was revived is not', async () => {
    const trust = async (rule: string) => {
      const { folder } = await annex.cloneOf(rule);
      const info = await annex.git(folder, 'annex', 'info', 's3-PUBLIC', '--fast');
      return /^trust: (.*)$/m.exec(info)?.[1];
    };
    expect(await trust('#record: the only s3-PUBLIC remote is dead')).toBe('dead');
    expect(
      await trust(
        '#record: of two s3-PUBLIC remotes one is dead, and the living one was dead once',
      ),
    ).toBe('semitrusted');
  });

  test('two living remotes may have the same name', async () => {
    const { folder } = await annex.cloneOf('#record: two living s3-PUBLIC remotes');
    const info = await annex.git(folder, 'annex', 'info', '--fast');
    expect(info.match(/-- \[?s3-PUBLIC\]?$/gm)).toHaveLength(2);
  });
});

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
