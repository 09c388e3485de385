// Mirrors of the DANDI archive as they were recorded, made again from the registry's listing: by
// git's own ids of trees, and as git-annex reads them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  branchFolders,
  extensionOf,
  keyOf,
  linkFolders,
  linkTo,
} from '../../../archives/dandi/annex/keys.ts';
import { liveAddresses } from '../../../archives/dandi/annex/web-log.ts';
import { isTextName } from '../../../archives/dandi/text-names.ts';
import { blobId } from '../../../sample/git/objects.ts';
import { hasGit, needsGit, scratchFolder } from '../../sample/git-support.ts';
import {
  type AnnexFile,
  type AnnexPlace,
  hasAnnex,
  needsAnnex,
} from '../../support/annex-clones.ts';
import { git, makeRepository } from '../../support/recorded-repository.ts';
import {
  assetsOf,
  DANDISETS,
  needsRecorded,
  RECORDED,
  readJson,
  readTree,
} from './support/recorded.ts';

type Texts = Readonly<Record<string, string>>;

/** Small files in git itself, of which 000243 alone has some that are assets. */
const textsOf = (id: string): Texts =>
  id === '000243' ? readJson<Texts>(id, 'git', 'text.draft.json') : {};
const ownFilesOf = (id: string): Texts => readJson<Texts>(id, 'git', 'metafiles.draft.json');
/** Personal: their contents are not recorded, only their ids. */
const UNRECORDED = ['.dandi/assets.json', 'dandiset.yaml'];

/** Symlinks of a draft by path, from the listing alone. */
const linksOf = (id: string): Texts =>
  Object.fromEntries(
    assetsOf(id, 'draft').flatMap(({ path, size, sha256, zarr }) =>
      zarr !== null || isTextName(path)
        ? []
        : [[path, linkTo(path, keyOf('SHA256E', { size, digest: sha256 ?? '', path }))]],
    ),
  );

const scratch = scratchFolder();
afterAll(() => scratch.remove());

describe.skipIf(RECORDED === null || !hasGit)(`a draft's tree${needsRecorded}${needsGit}`, () => {
  test.each(DANDISETS)('of %s is made from the listing, with the recorded id', (id) => {
    const recorded = readTree(id, 'git', 'tree.draft.json');
    const oidAt = new Map(recorded.rows.map(([, , oid, path]) => [path, oid]));
    const lines = [
      ...UNRECORDED.map((path) => `100644 ${oidAt.get(path)}\t${path}`),
      ...Object.entries({ ...ownFilesOf(id), ...textsOf(id) }).map(
        ([path, text]) => `100644 ${blobId(text)}\t${path}`,
      ),
      ...Object.entries(linksOf(id)).map(([path, link]) => `120000 ${blobId(link)}\t${path}`),
      // The listing names the zarr; which commit of its mirror is pinned, it cannot know.
      ...assetsOf(id, 'draft').flatMap(({ path, zarr }) =>
        zarr === null ? [] : [`160000 ${oidAt.get(path)}\t${path}`],
      ),
    ];
    expect(writeTree(lines)).toBe(recorded.tree);
  });

  test('pins the newest commit of its zarr', () => {
    const zarr = assetsOf('000243', 'draft').find((asset) => asset.zarr !== null);
    const { rows } = readJson<{ rows: string[][] }>(`zarr-${zarr?.zarr}`, 'refs.json');
    const pin = readTree('000243', 'git', 'tree.draft.json').rows.find(
      ([, , , path]) => path === zarr?.path,
    );
    expect(rows).toContainEqual(['refs/heads/draft', pin?.[2]]);
  });
});

/** The id that git gives a tree of these lines of `ls-tree`. */
function writeTree(lines: readonly string[]): string {
  const folder = scratch.path('trees');
  const index = scratch.path(`index-${lines.length}-${blobId(lines.join())}`);
  const run = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync('git', args, {
      input,
      env: { PATH: process.env.PATH, GIT_DIR: folder, GIT_INDEX_FILE: index },
    });
    if (status !== 0) throw new Error(stderr.toString());
    return stdout.toString().trim();
  };
  run(['init', '-q', '--bare', folder]);
  run(['update-index', '-z', '--index-info'], lines.map((line) => `${line}\0`).join(''));
  return run(['write-tree', '--missing-ok']);
}

const needs = `${needsRecorded}${needsAnnex}`;

describe.skipIf(RECORDED === null || !hasAnnex)(`git-annex agrees with our reading${needs}`, () => {
  const clone = (id: string) => scratch.path(`clone-${id}`);
  const logsOf = (id: string) =>
    Object.fromEntries(
      readJson<{ rows: [string, string][] }>(id, 'git', 'git-annex.json').rows,
    ) as Texts;
  const json = async <T>(id: string, ...args: string[]): Promise<T[]> => {
    const lines = await annex(clone(id), ...args, '--json');
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
  };
  const annex = (folder: string, ...args: string[]) =>
    git(folder, '-c', 'user.name=test', '-c', 'user.email=test@localhost', 'annex', ...args);
  const CLONED = ['000004', '000243', '000690'] as const;

  beforeAll(async () => {
    for (const id of CLONED) {
      const from = await makeRepository(scratch.path(`bare-${id}`), [
        { branch: 'draft', files: { ...ownFilesOf(id), ...textsOf(id) }, links: linksOf(id) },
        { branch: 'git-annex', files: logsOf(id) },
      ]).then(() => scratch.path(`bare-${id}`));
      mkdirSync(clone(id));
      await git(clone(id), 'clone', '-q', '-b', 'draft', from, '.');
      await annex(clone(id), 'init', 'reader');
    }
  }, 120_000);

  test.each(CLONED)('of the keys and folders of %s', async (id) => {
    const found = await json<AnnexFile>(id, 'find', '--include=*');
    const ours = Object.entries(linksOf(id)).map(([file, link]) => {
      const key = link.slice(link.lastIndexOf('/') + 1);
      const [mixed, lower] = [linkFolders(key), branchFolders(key)];
      return { file, key, hashdirmixed: `${mixed}/`, hashdirlower: `${lower}/` };
    });
    expect(found.length).toBeGreaterThan(0);
    expect(
      byFile(found).map(({ file, key, hashdirmixed, hashdirlower }) => ({
        ...{ file, key, hashdirmixed, hashdirlower },
      })),
    ).toEqual(byFile(ours));
  });

  test.each(CLONED)('of the addresses of %s', async (id) => {
    const logs = logsOf(id);
    const told = await json<AnnexPlace>(id, 'whereis');
    const theirs = told.map(({ file, whereis }) => ({
      file,
      urls: whereis.flatMap(({ urls }) => urls).sort(),
    }));
    const ours = Object.entries(linksOf(id)).map(([file, link]) => {
      const key = link.slice(link.lastIndexOf('/') + 1);
      return {
        file,
        urls: liveAddresses(logs[`${branchFolders(key)}/${key}.log.web`] ?? '').sort(),
      };
    });
    expect(ours.flatMap(({ urls }) => urls).length).toBeGreaterThan(0);
    expect(byFile(theirs)).toEqual(byFile(ours));
  });

  test('of the extensions that keys get, for forty odd names', async () => {
    const folder = scratch.path('names');
    mkdirSync(folder);
    await git(folder, 'init', '-q', '-b', 'main');
    await annex(folder, 'init', 'namer');
    for (const [at, name] of ODD_NAMES.entries()) {
      mkdirSync(join(folder, `${at}`));
      writeFileSync(join(folder, `${at}`, name), `content ${at}`);
    }
    await git(
      folder,
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@localhost',
      '-c',
      'annex.backend=SHA256E',
      '-c',
      'annex.dotfiles=true',
      'annex',
      'add',
      '--quiet',
      '.',
    );
    const lines = await annex(folder, 'find', '--include=*', '--json');
    const found = lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    const theirs = found.map(({ file, key }: AnnexFile) => [
      file.slice(file.indexOf('/') + 1),
      /^SHA256E-s\d+--[0-9a-f]{64}(.*)$/s.exec(key)?.[1],
    ]);
    expect(theirs.length).toBe(ODD_NAMES.length);
    expect(new Map(theirs as [string, string][])).toEqual(
      new Map(ODD_NAMES.map((name) => [name, extensionOf(name)])),
    );
  });
});

const byFile = <T extends { readonly file: string }>(all: readonly T[]) =>
  all.toSorted((a, b) => (a.file < b.file ? -1 : 1));

const ODD_NAMES = [
  'x.ome.tiff',
  'a.gz.abcde',
  'x.ab.c-d.tif',
  '.a.b',
  '...a',
  'a.nii.gz',
  'a.b.c.d',
  'a.é1',
  'a.ééé',
  'plain',
  'a.',
  'a..b',
  'a.b.',
  '..a.b',
  '.hidden',
  'a.tar.gz',
  'A.TAR.GZ',
  'a.12345',
  'a.1234',
  'a.b c',
  'a. b',
  'a.b_c',
  'a.b+c',
  'a.(b)',
  'a.b#c',
  'a.b[1]',
  'a.b\\c',
  'a.b`c',
  'a\tb.txt',
  'a b.nwb',
  'a.b,c',
  'a.b=c',
  'a.b~',
  'a.b&c',
  'a.μ',
  'a.😀',
  'a.x.😀',
  'a.日本',
  'sub-1_ses-2.a.nwb',
  'a.b.c.d.e',
  'x.c.toolong.d',
  'x.nii.gz.bak',
  '1.2.3.4',
  'a.{b}',
  "a.b'c",
  'a.b"c',
];
