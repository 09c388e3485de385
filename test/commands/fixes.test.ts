// Every cause with a command that fixes it: broken for real, shown by the verifying command, fixed
// by the printed command, and green in the monitor's next run (docs/checks.md#causes).

import { spawn } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cause } from '../../archives/openneuro/vocabulary.ts';
import { ANNEXED, createWorld, type Dataset, skips, type World, whySkipped } from './world.ts';

let world: World;
beforeAll(async () => {
  if (!skips) world = await createWorld();
});
afterAll(() => world?.close());

const PLAIN = 'README';
const OTHER = 'sub-01/unchanged.bin';

interface Case {
  readonly cause: Cause;
  readonly made: () => Promise<Dataset>;
  /** What the verifying command prints while it is broken, and no longer prints afterwards. */
  readonly shows: (ds: Dataset) => RegExp;
  /** Causes found beside it, in the vocabulary's order. */
  readonly among?: readonly Cause[];
}

const s3 = (rest: string) => world.must(`aws s3 --endpoint-url ${endpoint()} ${rest}`);
const endpoint = () => new URL(world.addresses.s3).origin;
const remove = (ds: Dataset, path: string) => s3(`rm ${ds.object(path)}`);
const overwrite = (ds: Dataset, path: string, text: string) =>
  world.must(`printf %s '${text}' | aws s3 --endpoint-url ${endpoint()} cp - ${ds.object(path)}`);

/** Where git-annex keeps the content of a file. */
async function contentOf(ds: Dataset, path: string): Promise<string> {
  const key = (await ds.git('annex', 'lookupkey', path)).trim();
  const place = (await ds.git('annex', 'contentlocation', key)).trim();
  return join(ds.folder, place);
}

/** Exports while the server lacks the content of some files, which it gets back afterwards. */
async function exportWithout(ds: Dataset, tag: string, paths: readonly string[]): Promise<void> {
  const places = await Promise.all(paths.map((path) => contentOf(ds, path)));
  await world.must(`chmod -R u+w '${ds.folder}/.git/annex/objects'`);
  for (const place of places) renameSync(place, `${place}.away`);
  const { code } = await world.shell(`git -C '${ds.folder}' annex export -q ${tag} --to s3-PUBLIC`);
  expect(code, 'an export without contents fails').not.toBe(0);
  for (const place of places) renameSync(`${place}.away`, place);
}

/** Kills the first process that reports an upload. */
async function killExport(ds: Dataset, tag: string): Promise<void> {
  const child = spawn('git', ['-C', ds.folder, 'annex', 'export', tag, '--to', 's3-PUBLIC'], {
    env: world.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
}

const many = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`sub-${n}/data.bin`, `${n}${'z'.repeat(2000)}`]),
  );

const CASES: readonly (readonly [string, Case])[] = [
  [
    'objects that were deleted and cut after the export, of annexed and of plain files',
    {
      cause: 'objects-changed',
      async made() {
        const ds = await world.createDataset();
        await remove(ds, ANNEXED);
        await remove(ds, PLAIN);
        await overwrite(ds, OTHER, 'cut');
        return ds;
      },
      // Two are gone, a version is not.
      shows: () => /^2$[\s\S]*HTTP\/1.1 200/m,
    },
  ],
  [
    'an object with the size and not the content',
    {
      cause: 'objects-changed',
      async made() {
        const ds = await world.createDataset();
        await overwrite(ds, OTHER, 'n'.repeat(3000));
        return ds;
      },
      shows: () => /ETag: "(\w+)"[\s\S]*ETag: "(?!\1)/,
    },
  ],
  [
    'more objects that are gone than the record was read for',
    {
      cause: 'objects-changed',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('1.0.1', { ...ds.filesOf('1.0.1'), ...many(25) });
        await ds.exportTag('1.0.1');
        await ds.push();
        await s3(`rm --recursive --exclude '*' --include 'sub-*/data.bin' ${ds.object('')}`);
        return ds;
      },
      shows: () => /^25$/m,
    },
  ],
  [
    'an object that was never exported and holds something else',
    {
      cause: 'objects-changed',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('1.0.1');
        await exportWithout(ds, '1.0.1', [ANNEXED]);
        await overwrite(ds, ANNEXED, 'something else');
        await ds.push();
        return ds;
      },
      shows: () => /Content-Length: 14\b/,
    },
  ],
  [
    'a file that was never uploaded, though its tree is recorded as exported',
    {
      cause: 'export-cut-short',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('1.0.1');
        await exportWithout(ds, '1.0.1', [ANNEXED]);
        await ds.push();
        return ds;
      },
      shows: () => /HTTP\/1.1 404/,
    },
  ],
  [
    'an export that was killed',
    {
      cause: 'export-cut-short',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('1.0.1', { ...ds.filesOf('1.0.1'), ...many(40) });
        await killExport(ds, '1.0.1');
        await ds.git('annex', 'merge', '-q');
        await ds.push();
        return ds;
      },
      shows: () => /^.* [0-9a-f]{40} [0-9a-f]{40}$/m,
      among: ['export-not-renewed'],
    },
  ],
  [
    'a snapshot that was never exported',
    {
      cause: 'export-not-renewed',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('1.0.1');
        await ds.push();
        return ds;
      },
      shows: (ds) => new RegExp(` ${ds.treeOf('1.0.0')}$`, 'm'),
    },
  ],
  [
    'a dataset that was never exported',
    {
      cause: 'export-never-ran',
      async made() {
        const ds = await world.createDataset([]);
        await ds.commit('1.0.0');
        await ds.push();
        return ds;
      },
      shows: () => /<KeyCount>0</,
    },
  ],
  [
    'versions sorted as text: exported and pushed',
    {
      cause: 'string-sorted-export',
      async made() {
        const ds = await world.createDataset(['1.0.9', '1.0.10']);
        await ds.exportTag('1.0.9');
        await ds.push();
        await ds.mirrorGit('update-ref', 'refs/heads/main', 'refs/tags/1.0.9');
        return ds;
      },
      shows: () => /v1\.0\.9"/,
    },
  ],
  [
    'versions sorted as text: exported from elsewhere, and the record says otherwise',
    {
      cause: 'string-sorted-export',
      async made() {
        const ds = await world.createDataset(['1.0.9', '1.0.10']);
        const clone = `${ds.folder}-elsewhere`;
        await world.must(
          `git clone -q '${ds.folder}' '${clone}' && cd '${clone}' && git annex init -q && git annex enableremote -q s3-PUBLIC && git annex get -q --all && git annex export -q 1.0.9 --to s3-PUBLIC`,
        );
        return ds;
      },
      shows: () => /v1\.0\.9"/,
    },
  ],
  [
    'versions sorted as text: the branch alone',
    {
      cause: 'string-sorted-export',
      async made() {
        const ds = await world.createDataset(['1.0.9', '1.0.10']);
        await ds.mirrorGit('update-ref', 'refs/heads/main', 'refs/tags/1.0.9');
        return ds;
      },
      shows: (ds) => new RegExp(`^${ds.commitOf('1.0.9')}\trefs/heads/main$`, 'm'),
    },
  ],
  [
    'a mirror that was never pushed to',
    {
      cause: 'repository-never-pushed',
      async made() {
        const ds = await world.createDataset();
        const refs = (await ds.mirrorGit('for-each-ref', '--format=%(refname)')).trim().split('\n');
        for (const ref of refs) await ds.mirrorGit('update-ref', '-d', ref);
        return ds;
      },
      shows: () => /^$/,
    },
  ],
  [
    'snapshots that were not pushed, the latest among them',
    {
      cause: 'snapshot-not-pushed',
      async made() {
        const ds = await world.createDataset(['1.0.0', '1.0.1', '1.0.2']);
        await ds.mirrorGit('update-ref', '-d', 'refs/tags/1.0.0');
        await ds.mirrorGit('update-ref', '-d', 'refs/tags/1.0.2');
        await ds.mirrorGit('update-ref', 'refs/heads/main', 'refs/tags/1.0.1');
        return ds;
      },
      shows: () => /^(?![\s\S]*refs\/tags\/1\.0\.[02])[\s\S]*refs\/tags\/1\.0\.1$/m,
    },
  ],
  [
    'a branch that was not pushed',
    {
      cause: 'branch-not-pushed',
      async made() {
        const ds = await world.createDataset();
        await ds.mirrorGit('update-ref', 'refs/heads/main', 'refs/tags/1.0.0');
        return ds;
      },
      shows: (ds) => new RegExp(`^${ds.commitOf('1.0.0')}\trefs/heads/main$`, 'm'),
    },
  ],
  [
    'a tag that was moved on the mirror',
    {
      cause: 'tag-moved',
      async made() {
        const ds = await world.createDataset();
        await ds.mirrorGit('update-ref', 'refs/tags/1.0.0', 'refs/tags/1.0.1');
        return ds;
      },
      // The mirror's commit, and the registry's.
      shows: (ds) =>
        new RegExp(
          `^${ds.commitOf('1.0.1')}\trefs/tags/1\\.0\\.0$[\\s\\S]*"hexsha":"${ds.commitOf('1.0.0')}"`,
          'm',
        ),
    },
  ],
  [
    'the branch git-annex that was not pushed',
    {
      cause: 'annex-branch-not-pushed',
      async made() {
        const ds = await world.createDataset();
        await ds.mirrorGit('update-ref', '-d', 'refs/heads/git-annex');
        return ds;
      },
      shows: () => /^(?![\s\S]*refs\/heads\/git-annex)[\s\S]*refs\/heads\/main/,
    },
  ],
  [
    'files that are left behind, under odd names',
    {
      cause: 'files-left-behind',
      async made() {
        const ds = await world.createDataset();
        await overwrite(ds, "sub-02/it's $(x) ü.tsv", 'left');
        await overwrite(ds, 'old.txt', 'left');
        return ds;
      },
      shows: () => /^2$/m,
    },
  ],
];

describe.skipIf(skips)(`the printed commands fix${whySkipped}`, () => {
  test.each(CASES)('%s', async (_, { cause, made, shows, among = [] }) => {
    const ds = await made();
    const before = await ds.look();
    expect(before.row.status).not.toBe('ok');
    expect(before.causes.map((one) => one.cause)).toEqual(
      expect.arrayContaining([cause, ...among]),
    );
    expect(before.causes).toHaveLength(1 + among.length);
    const { verify, mend, untested } = before.causes.find((one) => one.cause === cause) ?? {};
    if (verify == null || mend == null) throw new Error('a command is missing');
    expect(untested).toBeUndefined();

    const state = await ds.state();
    const shown = await world.shell(verify);
    expect(shown.stdout).toMatch(shows(ds));
    expect(await ds.state(), 'what verifies changes nothing').toBe(state);

    const fixed = await world.shell(mend);
    expect(fixed.code, `${mend}\n${fixed.stdout}${fixed.stderr}`).toBe(0);
    const after = await ds.look();
    expect(after.row).toMatchObject({ status: 'ok', findings: [], causes: [] });
    expect((await world.shell(verify)).stdout).not.toMatch(shows(ds));
  });

  test('exporting once more does nothing where the record says that all is there', async () => {
    const ds = await world.createDataset();
    await remove(ds, ANNEXED);
    await ds.exportTag('1.0.1');
    const { row, causes } = await ds.look();
    expect(row.status).toBe('error');
    expect(causes[0]?.mend).not.toContain('annex export');
  });

  test('a push is never forced: what somebody else pushed stays', async () => {
    const ds = await world.createDataset();
    await ds.mirrorGit('update-ref', '-d', 'refs/tags/1.0.0');
    const { causes } = await ds.look();
    await ds.mirrorGit('update-ref', 'refs/tags/1.0.0', 'refs/tags/1.0.1');
    const { code } = await world.shell(causes[0]?.mend ?? 'true');
    expect(code).not.toBe(0);
    expect((await ds.mirrorGit('rev-parse', 'refs/tags/1.0.0')).trim()).toBe(ds.commitOf('1.0.1'));
  });
});
