// `mirrorwatch dandi zarr-checksum`, over a clone and over the mirror of a recorded zarr.

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { linkTo } from '../../../archives/dandi/annex/keys.ts';
import { dandi } from '../../../archives/dandi/index.ts';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { main } from '../../../bin/cli/main.ts';
import { plainFile, treeOf } from '../../../sample/files.ts';
import { buildRepository } from '../../../sample/git/index.ts';
import { hasGit, needsGit, scratchFolder, serveGit } from '../../sample/git-support.ts';
import { makeRepository } from '../../support/recorded-repository.ts';
import { needsRecorded, RECORDED, readJson, readTree } from './support/recorded.ts';

const ZARR = '7723d02f-1f71-4553-a7b0-47bda1ae8b42';
const CHECKSUM = '74c5b53e6d66fccc3260b64511bd376b-1325--3024625521';

const scratch = scratchFolder();
afterAll(() => scratch.remove());
afterEach(() => vi.restoreAllMocks());

async function typed(...args: string[]) {
  const said = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.err += text;
    return true;
  });
  const code = await main(['dandi', 'zarr-checksum', ...args], {}, [openneuro, dandi]);
  vi.restoreAllMocks();
  return { code, ...said };
}

const needs = `${needsRecorded}${needsGit}`;
describe.skipIf(RECORDED === null || !hasGit)(`a recorded zarr${needs}`, () => {
  let files: Record<string, string>;
  let links: Record<string, string>;
  beforeAll(async () => {
    files = readJson(`zarr-${ZARR}`, 'metafiles.draft.json');
    const { rows } = readTree(`zarr-${ZARR}`, 'tree.draft.json');
    links = Object.fromEntries(
      rows.flatMap(([, , , path, key]) => (key === undefined ? [] : [[path, linkTo(path, key)]])),
    );
    await makeRepository(scratch.path('zarr.git'), [{ files, links }]);
  });

  test('has the recorded checksum in a clone', async () => {
    expect(await typed(scratch.path('zarr.git'))).toEqual({
      ...{ code: 0, out: `${CHECKSUM}\n`, err: '' },
    });
  });

  test('has the same in its mirror, which is found by the id', async () => {
    const entries = [
      ...Object.entries(files).map(([path, text]) => plainFile(path, text)),
      ...Object.entries(links).map(([path, content]) => ({
        ...{ path, mode: 0o120000 as const, content },
      })),
    ];
    const repository = await buildRepository({
      commits: [
        { name: 'one', tree: treeOf(entries), parents: [], message: '-', date: new Date(0) },
      ],
      branches: { draft: 'one' },
      tags: {},
      head: 'draft',
    });
    const server = await serveGit(new Map([[ZARR, repository]]));
    const url = server.url('').slice(0, -'/.git'.length);
    try {
      expect(await typed(ZARR, '--zarr-url', url)).toMatchObject({ code: 0, out: `${CHECKSUM}\n` });
      const unknown = await typed('00000000-0000-4000-8000-000000000000', '--zarr-url', url);
      expect(unknown.code).toBe(1);
      expect(unknown.out).toBe('');
    } finally {
      server.close();
    }
  });

  test('has none if a file is no key with an MD5', async () => {
    const folder = scratch.path('odd.git');
    await makeRepository(folder, [{ files: { ...files, '0/0': 'plain' }, links: {} }]);
    const { code, out, err } = await typed(folder);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('do not give size and MD5');
  });
});

test('a folder that is not there is told in one line', async () => {
  const { code, err } = await typed(scratch.path('nowhere'));
  expect(code).toBe(1);
  expect(err).toContain('there is no folder');
});

test('without an argument the usage is told', async () => {
  expect((await typed()).code).toBe(2);
});
