// The monitor reads from a git-annex branch what git-annex itself reads.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRmet } from '../../archives/openneuro/annex/rmet.ts';
import { openArchive } from '../../archives/openneuro/archive.ts';
import { readClaim } from '../../archives/openneuro/rules/annex-record.ts';
import { createHttpClient, type HttpClient } from '../../core/http.ts';
import {
  type AnnexClones,
  fileNameOf,
  hasAnnex,
  needsAnnex,
  openAnnexClones,
} from '../support/annex-clones.ts';

const IN_STEP = '#mirror #files: all copies are in step';
const UNLOCKED = '#words-and-orders: unlocked annexed files are pointer files in git';
const SHA256E = '#words-and-orders: SHA256E keys, and ETags of multipart uploads';
const ODD_KEYS = '#contents: nothing is known of big plain files and of keys without a size';
const SPACES = '#record: names with white space in the record of versions';
const BEHIND = '#record: the record says that an older version was exported';
const BEGUN = '#record: an export was begun and not ended';
const DEAD = '#record: the only s3-PUBLIC remote is dead';
const REVIVED = '#record: of two s3-PUBLIC remotes one is dead, and the living one was dead once';
const GITLINKS = '#record: gitlinks are not in the exported tree';

let annex: AnnexClones;
let http: HttpClient;
beforeAll(async () => {
  annex = await openAnnexClones();
  http = createHttpClient();
});
afterAll(async () => {
  http.close();
  await annex.close();
});

const latin = (text: string) => Buffer.from(text).toString('latin1');

describe.skipIf(!hasAnnex)(`the monitor and git-annex agree${needsAnnex}`, () => {
  test.each([IN_STEP, UNLOCKED, SHA256E, ODD_KEYS, SPACES, GITLINKS])(
    'on the key and the size of every annexed file: %s',
    async (rule) => {
      const { id, folder } = await annex.cloneOf(rule);
      const { mirror } = openArchive({ http, ...annex.server });
      const commit = (await annex.git(folder, 'rev-parse', 'HEAD')).trim();
      const read = await mirror.readContent(id, commit);
      if (read.kind !== 'seen') throw new Error(`the tree is ${read.kind}`);
      const ours = [...read.value.entries].flatMap(({ path, content }) =>
        content.kind === 'annexed' ? [[path, content.key.name, content.key.size]] : [],
      );
      const theirs = (await annex.find(folder)).map(({ file, key, bytesize }) => [
        latin(file),
        latin(fileNameOf(key)),
        bytesize === 'unknown' ? null : Number(bytesize),
      ]);
      expect(theirs.length).toBeGreaterThan(3);
      expect(new Set(ours.map(String))).toEqual(new Set(theirs.map(String)));
    },
  );

  test.each([IN_STEP, SHA256E, SPACES])(
    'on the version of every object in the export: %s',
    async (rule) => {
      const { folder } = await annex.cloneOf(rule);
      const files = new Map((await annex.find(folder)).map((one) => [one.file, one]));
      const uuid = (await annex.git(folder, 'config', 'remote.s3-PUBLIC.annex-uuid')).trim();
      const places = await annex.whereis(folder);
      expect(places.length).toBeGreaterThan(3);
      for (const { file, whereis } of places.slice(-10)) {
        const { key = '', hashdirlower = '' } = files.get(file) ?? {};
        const log = `origin/git-annex:${hashdirlower}${fileNameOf(key)}.log.rmet`;
        const versions = parseRmet(await annex.git(folder, 'show', log), uuid);
        const urls = whereis.flatMap((place) => place.urls).map((url) => new URL(url));
        expect(urls).not.toEqual([]);
        expect(versions.map(({ versionId, objectKey }) => [versionId, objectKey])).toEqual(
          urls.map(({ searchParams, pathname }) => [
            searchParams.get('versionId'),
            decodeURIComponent(pathname).replace('/openneuro.org/', ''),
          ]),
        );
      }
    },
  );

  test.each([IN_STEP, BEHIND, BEGUN, DEAD, REVIVED, GITLINKS])(
    'on the exported tree and on who is dead: %s',
    async (rule) => {
      const { id, folder } = await annex.cloneOf(rule);
      const log = (name: string) =>
        annex.git(folder, 'show', `origin/git-annex:${name}`).catch(() => '');
      const claim = readClaim(
        {
          remote: await log('remote.log'),
          trust: await log('trust.log'),
          export: await log('export.log'),
        },
        { bucket: 'openneuro.org', prefix: `${id}/` },
      );
      expect(claim.remotes).not.toEqual([]);
      for (const { uuid, dead } of claim.remotes) {
        const info = await annex.git(folder, 'annex', 'info', uuid, '--fast');
        expect(/^trust: dead$/m.test(info)).toBe(dead);
      }
      if (rule !== DEAD) expect(claim.exportedTree).toMatch(/^[0-9a-f]{40}$/);
      if (rule !== DEAD) expect(claim.exportedTree).toBe(await annex.exportedTree(folder));
      else expect(claim.exportedTree).toBeNull();
    },
  );

  test('they agree on the tree of a tag with gitlinks, which is the one that git-annex exports', async () => {
    const { id, folder } = await annex.cloneOf(GITLINKS);
    const { mirror } = openArchive({ http, ...annex.server });
    const commit = (await annex.git(folder, 'rev-parse', 'HEAD')).trim();
    const read = await mirror.readContent(id, commit);
    if (read.kind !== 'seen') throw new Error(`the tree is ${read.kind}`);
    expect(read.value.tree).toBe(await annex.treeOf(folder, 'HEAD'));
    expect(read.value.exportTrees).toContain(await annex.exportedTree(folder));
  });
});
