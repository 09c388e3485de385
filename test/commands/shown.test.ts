// Faults that no printed command fixes, or that need a service which cannot run here: the verifying
// command still shows them, changes nothing, and never prompts for a name (docs/checks.md#causes).

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liveArchive } from '../../archives/openneuro/about-archive.ts';
import * as commands from '../../archives/openneuro/rules/cause-commands.ts';
import type { Cause, Subtype } from '../../archives/openneuro/vocabulary.ts';
import { ANNEXED, createWorld, type Dataset, skips, type World, whySkipped } from './world.ts';

let world: World;
beforeAll(async () => {
  if (!skips) world = await createWorld();
});
afterAll(() => world?.close());

const endpoint = () => new URL(world.addresses.s3).origin;
const put = (ds: Dataset, path: string, text: string, more = '') =>
  world.must(
    `printf %s '${text}' | aws s3 --endpoint-url ${endpoint()} cp ${more} - ${ds.object(path)}`,
  );

interface Case {
  readonly finding: Subtype;
  readonly cause: Cause;
  readonly made: () => Promise<Dataset>;
  readonly shows: (ds: Dataset) => RegExp;
  readonly untested?: true;
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    'no repository, on a host that is not GitHub',
    {
      finding: 'repo-not-found',
      cause: 'repository-never-pushed',
      async made() {
        const ds = await world.createDataset();
        await world.must(`mv '${ds.bare}' '${ds.bare}.away'`);
        return ds;
      },
      shows: () => /^$/,
    },
  ],
  [
    'HEAD at another branch',
    {
      finding: 'default-branch-stale',
      cause: 'default-branch-stale',
      async made() {
        const ds = await world.createDataset();
        await ds.mirrorGit('update-ref', 'refs/heads/draft', 'refs/tags/1.0.0');
        await ds.mirrorGit('symbolic-ref', 'HEAD', 'refs/heads/draft');
        return ds;
      },
      shows: () => /^ref: refs\/heads\/draft\tHEAD$/m,
    },
  ],
  [
    'HEAD at a commit that no tag has',
    {
      finding: 'head-mismatch',
      cause: 'no-known-cause',
      async made() {
        const ds = await world.createDataset();
        await ds.commit('draft', { CHANGES: 'a draft' });
        await ds.git('tag', '-d', 'draft');
        await ds.push();
        return ds;
      },
      shows: (ds) => new RegExp(`^${ds.commitOf('main')}\tHEAD$`, 'm'),
    },
  ],
  [
    'a file that GitHub refuses',
    {
      finding: 'tag-missing',
      cause: 'blob-too-big',
      async made() {
        const ds = await world.createDataset();
        await ds.mirrorGit('update-ref', '-d', 'refs/tags/1.0.1');
        await ds.mirrorGit('update-ref', 'refs/heads/main', 'refs/tags/1.0.0');
        await world.must(
          `head -c 105000000 /dev/zero | aws s3 --endpoint-url ${endpoint()} cp - ${ds.object('model.mat')}`,
        );
        return ds;
      },
      shows: () => /Content-Length: 105000000\b/,
    },
  ],
  [
    'a description without a DOI',
    {
      finding: 'no-doi',
      cause: 'no-known-cause',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('1.0.1', { 'dataset_description.json': '{"Name":"No DOI"}' });
        await ds.exportTag('1.0.1');
        await ds.push();
        return ds;
      },
      shows: () => /^\{"Name":"No DOI"\}$/,
    },
  ],
  [
    'an export of a branch that is ahead of the registry',
    {
      finding: 'export-ahead',
      cause: 'ahead-of-registry',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        await ds.commit('next', { CHANGES: 'not yet', 'dataset_description.json': '{}' });
        await ds.git('tag', '-d', 'next');
        await ds.exportTag('main');
        await ds.push();
        await ds.mirrorGit('update-ref', '-d', 'refs/tags/next');
        return ds;
      },
      shows: (ds) => new RegExp(` ${ds.treeOf('main')}$`, 'm'),
    },
  ],
  [
    'an object that is archived',
    {
      finding: 'archived',
      cause: 'no-known-cause',
      async made() {
        const ds = await world.createDataset();
        const file = `1.0.1 ${'x'.repeat(2000)}`;
        await put(ds, ANNEXED, file, '--storage-class GLACIER');
        return ds;
      },
      shows: () => /x-amz-storage-class: GLACIER/i,
    },
  ],
  [
    'keys without a version',
    {
      finding: 'unversioned-keys',
      cause: 'no-known-cause',
      async made() {
        const ds = await world.createDataset(['1.0.0']);
        const key = (await ds.git('annex', 'lookupkey', ANNEXED)).trim();
        // On the mirror only, as if the branch had been made without it.
        await world.must(
          [
            'work=$(mktemp -d)',
            `git clone -q --branch git-annex '${ds.bare}' "$work"`,
            'cd "$work"',
            `git rm -q ':(glob)**/${key}.log.rmet'`,
            'git commit -q -m lost',
            'git push -q origin git-annex',
          ].join(' && '),
        );
        return ds;
      },
      // Of two annexed files and two in git itself.
      shows: () => /^3$/m,
    },
  ],
  [
    'two remotes of the same name',
    {
      finding: 'remotes',
      cause: 'no-known-cause',
      async made() {
        const ds = await world.createDataset();
        const log = await ds.git('cat-file', '-p', 'git-annex:remote.log');
        const second = log.trim().replace(/^\S+/, '00000000-1111-4222-8333-444444444444');
        await world.must(
          [
            'work=$(mktemp -d)',
            `git clone -q --branch git-annex '${ds.bare}' "$work"`,
            'cd "$work"',
            `printf '%s\\n' '${second}' >> remote.log`,
            'git commit -q -a -m second',
            'git push -q origin git-annex',
          ].join(' && '),
        );
        return ds;
      },
      shows: () => /^\S+ .*name=s3-PUBLIC[\s\S]*^00000000-1111-\S+ .*name=s3-PUBLIC/m,
    },
  ],
  [
    'an export that nobody may read',
    {
      finding: 'blocked',
      cause: 'still-private',
      untested: true,
      async made() {
        const ds = await world.createDataset();
        await world.closeObjects(ds);
        return ds;
      },
      shows: () => /HTTP\/1.1 403/,
    },
  ],
];

describe.skipIf(skips)(`the printed commands show${whySkipped}`, () => {
  test.each(CASES)('%s', async (_, { finding, cause, made, shows, untested }) => {
    const ds = await made();
    const { row, causes } = await ds.look();
    expect([...Object.values(row.issueSubtypes ?? {}), ...row.findings]).toContain(finding);
    const found = causes.find((one) => one.cause === cause);
    expect(causes.map((one) => one.cause)).toContain(cause);
    const state = await ds.state();
    const { stdout } = await world.shell(found?.verify ?? 'false');
    expect(stdout).toMatch(shows(ds));
    expect(await ds.state(), 'what verifies changes nothing').toBe(state);
    expect(found?.untested).toBe(untested);
    if (!untested) expect(found?.mend).toBeNull();
  });
});

describe.skipIf(skips)(`no printed command asks for a name or a password${whySkipped}`, () => {
  let closed: Server;
  beforeAll(async () => {
    // As GitHub answers for a repository that does not exist.
    closed = createServer((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' });
      response.end('Repository not found.');
    });
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => closed?.close());

  const ASKS = /^(Username|Password) for/m;
  const archiveAt = (host: string) =>
    liveArchive({
      registryUrl: `${host}/crn/graphql`,
      mirrorUrl: host,
      exportUrl: `${host}/bucket`,
    });
  const host = () => `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  /** At a terminal without input: a command that prompts waits. */
  const atTerminal = (command: string | null) =>
    world.shell(`sleep 8 | timeout 6 script -qec ${shellWord(command ?? 'false')} /dev/null`);
  const shellWord = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

  test.each<[string, (archive: ReturnType<typeof liveArchive>, id: string) => string | null]>([
    ['refs', (archive, id) => commands.listRefs(archive, id)],
    ['a log', (archive, id) => commands.showAnnexLog(archive, id)],
    ['versions', (archive, id) => commands.countVersions(archive, id)],
    ['a push', (archive, id) => commands.push(archive, id, ['HEAD'])],
  ])('%s', async (_, commandOf) => {
    const ds = await world.createDataset(['1.0.0']);
    const { stdout } = await atTerminal(`${commandOf(archiveAt(host()), ds.id)}; echo "ended $?"`);
    expect(stdout).toMatch(/ended [1-9]/);
    expect(stdout).not.toMatch(ASKS);
  });

  test('while git by itself does, so that the test could fail', async () => {
    const { stdout } = await atTerminal(`git ls-remote ${host()}/ds000001.git; echo "ended $?"`);
    expect(stdout).toMatch(ASKS);
    expect(stdout).not.toMatch(/ended/);
  });

  test('nor is a program run that shows a window', async () => {
    const command = commands.listRefs(archiveAt(host()), 'ds000001');
    const asking = 'export GIT_ASKPASS="$PWD/asked.sh" SSH_ASKPASS="$PWD/asked.sh"';
    const { stdout } = await world.shell(
      `printf '#!/bin/sh\\ntouch "$PWD/was-asked"\\n' > asked.sh; chmod +x asked.sh; ${asking}; ${command}; ls`,
    );
    expect(stdout).toContain('asked.sh');
    expect(stdout).not.toContain('was-asked');
  });
});
