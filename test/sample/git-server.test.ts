// The sample archive's git server as clients use it: real git over both protocols, isomorphic-git,
// and invalid requests.

import * as fs from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as isomorphic from 'isomorphic-git';
import http from 'isomorphic-git/http/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  buildRepository,
  type EntrySpec,
  type RepositorySpec,
  rawName,
  type SampleRepository,
  type TreeSpec,
} from '../../sample/git/index.ts';
import { binaryName } from '../../sample/git/spec.ts';
import {
  commandBody,
  datasetTree,
  fetchPack,
  type GitServer,
  git,
  hasGit,
  needsGit,
  objectCounts,
  pkt,
  post,
  type Scratch,
  scratchFolder,
  serveGit,
  storedTypes,
} from './git-support.ts';

function commits(count: number): RepositorySpec['commits'] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${i + 1}`,
    tree: datasetTree(i + 1),
    parents: i === 0 ? [] : [`${i}`],
    message: `Version ${i + 1}`,
    date: new Date(1.6e12 + i * 864e5),
  }));
}

/** Three versions, the last one tagged with a tag object, and a branch for git-annex. */
function dataset(versions = 3): Promise<SampleRepository> {
  return buildRepository({
    commits: commits(versions),
    branches: { main: `${versions}`, 'git-annex': '1' },
    tags: { '1.0.0': { commit: '1' }, '1.0.1': { commit: `${versions}`, annotated: true } },
    head: 'main',
  });
}

const nastyTree: TreeSpec = new Map<string, EntrySpec>([
  ...[
    'a.b',
    'a-b',
    'a0',
    ' lead',
    '-dash',
    '.dot',
    'per%cent',
    'a+b&c#d',
    'quo"te\'s',
    'back\\slash',
  ]
    .concat(['new\nline', 'größe', '\uFF5E', '\u{1F600}', rawName(Buffer.of(0xff, 0x80, 0x20))])
    .map((name) => [name, { mode: 0o100644 as const, content: 'same' }] as const),
  ['a', new Map([['inside', { mode: 0o100644 as const, content: 'same' }]])],
  ['a1', new Map([['inside', { mode: 0o100644 as const, content: 'same' }]])],
  ['empty folder', new Map()],
  ['empty file', { mode: 0o100644, content: '' }],
  ['old mode', { mode: 0o100664, content: 'group may write' }],
  ['program', { mode: 0o100755, content: '#!/bin/sh\n' }],
  ['annexed', { mode: 0o120000, content: '.git/annex/objects/KEY/KEY' }],
  ['module', { mode: 0o160000, oid: 'c0ffee'.padEnd(40, '0') }],
  ['deep', nested(300)],
]);

function nested(levels: number): TreeSpec {
  const leaf = { mode: 0o100644, content: 'at the bottom' } as const;
  return new Map([['d', levels === 0 ? leaf : nested(levels - 1)]]);
}

/** `git ls-tree -r -z` without the ids: mode and path, in the form of the specs. */
function flatten(tree: TreeSpec, prefix = ''): string[] {
  return [...tree].flatMap(([key, entry]) => {
    const path = prefix + binaryName(key);
    if (entry instanceof Map) return flatten(entry, `${path}/`);
    // git shows its own modes, 100644 for 100664.
    const mode = entry.mode === 0o100664 ? 0o100644 : entry.mode;
    return [`${path}\0${mode.toString(8)}`];
  });
}

async function listTree(folder: string, commit: string): Promise<string[]> {
  const out = await git('-C', folder, 'ls-tree', '-r', '-z', commit);
  return out
    .split('\0')
    .slice(0, -1)
    .map((line) => `${line.slice(line.indexOf('\t') + 1)}\0${line.slice(0, 6)}`);
}

let repositories: Map<string, SampleRepository>;
let server: GitServer;
let scratch: Scratch;

beforeAll(async () => {
  repositories = new Map([
    ['dataset', await dataset()],
    [
      'nasty',
      await buildRepository({
        commits: [{ name: 'a', tree: nastyTree, parents: [], message: 'a', date: new Date(0) }],
        branches: { main: 'a' },
        tags: {},
        head: 'main',
      }),
    ],
    ['unborn', await buildRepository({ commits: [], branches: {}, tags: {}, head: 'trunk' })],
    [
      'headless',
      await buildRepository({ commits: commits(1), branches: { main: '1' }, tags: {}, head: null }),
    ],
  ]);
  server = await serveGit(repositories);
});
afterAll(() => server.close());
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch.remove());

/** Ids in the repository "dataset": of a commit, and of the object that a tag's ref holds. */
const id = (name: string): string => repositories.get('dataset')?.commits.get(name) as string;
const ref = (name: string): string => repositories.get('dataset')?.tags.get(name) as string;

describe.skipIf(!hasGit).each(['2', '0'])(`git over protocol v%s${needsGit}`, (version) => {
  const client = (...args: string[]): Promise<string> =>
    git('-c', `protocol.version=${version}`, ...args);

  test('lists HEAD, branches, tags, and the commit behind an annotated tag', async () => {
    expect(await client('ls-remote', '--symref', server.url('dataset'))).toBe(
      [
        'ref: refs/heads/main\tHEAD',
        `${id('3')}\tHEAD`,
        `${id('1')}\trefs/heads/git-annex`,
        `${id('3')}\trefs/heads/main`,
        `${id('1')}\trefs/tags/1.0.0`,
        `${ref('1.0.1')}\trefs/tags/1.0.1`,
        `${id('3')}\trefs/tags/1.0.1^{}`,
        '',
      ].join('\n'),
    );
    expect(ref('1.0.1')).not.toBe(id('3'));
  });

  test('clones one commit without its files', async () => {
    const folder = scratch.path('shallow');
    const url = server.url('dataset');
    await client('clone', '-q', '--bare', '--filter=blob:none', '--depth=1', url, folder);
    expect(await objectCounts(folder)).toEqual({ commit: 1, tag: 1, tree: 1 + 12 * 2 });
    expect(await git('-C', folder, 'rev-parse', '--is-shallow-repository')).toBe('true\n');
    expect(await listTree(folder, 'HEAD')).toEqual(flatten(datasetTree(3)).sort());
  });

  test('clones everything, and fsck finds nothing', async () => {
    const folder = scratch.path('full');
    await client('clone', '-q', server.url('dataset'), folder);
    await git('-C', folder, 'fsck', '--strict', '--full');
    expect(await git('-C', folder, 'rev-list', '--count', '--all')).toBe('3\n');
    expect(await git('-C', folder, 'status', '--porcelain')).toBe('');
    expect(fs.readFileSync(`${folder}/run.sh`, 'utf8')).toBe('#!/bin/sh\n');
    for (const commit of ['1', '2', '3']) {
      const files = flatten(datasetTree(Number(commit))).sort();
      expect(await listTree(folder, id(commit))).toEqual(files);
    }
  });

  test('brings names of any bytes, modes and deep folders through', async () => {
    const folder = scratch.path('nasty');
    await client('clone', '-q', '--bare', '--filter=blob:none', server.url('nasty'), folder);
    const listed = await listTree(folder, 'HEAD');
    expect(listed).toEqual(flatten(nastyTree).sort());
    expect(listed).toHaveLength(23);
  });

  test('deepens a shallow clone commit by commit, then wholly', async () => {
    const folder = scratch.path('deepen');
    await client('clone', '-q', '--bare', '--depth=1', server.url('dataset'), folder);
    const count = (): Promise<string> => git('-C', folder, 'rev-list', '--count', 'main');
    expect(await count()).toBe('1\n');
    const fetch = (option: string): Promise<string> =>
      client('-C', folder, 'fetch', '-q', option, 'origin', 'main');
    await fetch('--depth=2');
    expect(await count()).toBe('2\n');
    await fetch('--unshallow');
    expect(await count()).toBe('3\n');
    await git('-C', folder, 'fsck', '--strict', '--full');
  });

  test('fetches only what is new since the last time', async () => {
    const grown = new Map([['grows', await dataset(3)]]);
    const growing = await serveGit(grown);
    const folder = scratch.path('grows');
    try {
      await client('clone', '-q', '--mirror', growing.url('grows'), folder);
      const before = await objectCounts(folder);
      grown.set('grows', await dataset(4));
      await client('-C', folder, 'fetch', '-q', 'origin', '+refs/*:refs/*');
      const after = await objectCounts(folder);
      await git('-C', folder, 'fsck', '--strict', '--full');
      expect(after.commit).toBe((before.commit as number) + 1);
      expect(await git('-C', folder, 'rev-list', '--count', 'main')).toBe('4\n');
    } finally {
      growing.close();
    }
  });

  test('fetches a commit by its id, and gets an error if there is none', async () => {
    const folder = scratch.path('by-id');
    await git('init', '-q', '--bare', folder);
    const fetch = (oid: string): Promise<string> =>
      client('-C', folder, 'fetch', '-q', '--depth=1', server.url('dataset'), oid);
    await fetch(id('2'));
    expect(await git('-C', folder, 'rev-parse', 'FETCH_HEAD')).toBe(`${id('2')}\n`);
    await expect(fetch('1'.repeat(40))).rejects.toThrow(`not our ref ${'1'.repeat(40)}`);
  });

  test.each([
    ['blob:none', { commit: 3, tag: 1, tree: 33 }],
    ['blob:limit=12', { blob: 1, commit: 3, tag: 1, tree: 33 }],
    ['tree:0', { commit: 3, tag: 1 }],
  ])('filters by %s', async (filter, counts) => {
    const folder = scratch.path('filtered');
    const url = server.url('dataset');
    await client('clone', '-q', '--bare', `--filter=${filter}`, url, folder);
    expect(await objectCounts(folder)).toEqual(counts);
  });

  test('fetches the files of a blob-less clone when they are looked at', async () => {
    const folder = scratch.path('lazy');
    await client('clone', '-q', '--filter=blob:none', server.url('dataset'), folder);
    expect(fs.readlinkSync(`${folder}/sub-03/func/sub-03_run-0_bold.nii.gz`)).toContain('-v3');
    const old = await client('-C', folder, 'show', `${id('1')}:dataset_description.json`);
    expect(old).toContain('version 1');
  });

  test('finds a repository without refs empty', async () => {
    expect(await client('ls-remote', server.url('unborn'))).toBe('');
    const folder = scratch.path('unborn');
    await client('clone', '-q', server.url('unborn'), folder);
    const head = await git('-C', folder, 'symbolic-ref', 'HEAD');
    // Only v2 reports the branch of an unborn HEAD.
    if (version === '2') expect(head).toBe('refs/heads/trunk\n');
  });

  test('finds no HEAD where the server names none', async () => {
    const listed = await client('ls-remote', '--symref', server.url('headless'));
    expect(listed).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main\n$/);
  });

  test('is asked to log in where there is no repository', async () => {
    await expect(client('ls-remote', server.url('nowhere'))).rejects.toThrow(
      /could not read Username/,
    );
  });

  test('does not take a cut ref list for a whole one', async () => {
    const cut = await serveGit(repositories, { cutRefs: () => 2 });
    try {
      await expect(client('ls-remote', cut.url('dataset'))).rejects.toThrow(/fatal/);
    } finally {
      cut.close();
    }
  });
});

describe('isomorphic-git', () => {
  test('lists the refs over protocol v2', async () => {
    const refs = await isomorphic.listServerRefs({
      http,
      url: server.url('dataset'),
      symrefs: true,
      peelTags: true,
    });
    expect(refs).toContainEqual({ ref: 'HEAD', oid: id('3'), target: 'refs/heads/main' });
    expect(refs).toContainEqual({ ref: 'refs/tags/1.0.1', oid: ref('1.0.1'), peeled: id('3') });
    expect(refs).toHaveLength(5);
  });

  test.each([
    ['one commit', 1],
    ['everything', undefined],
  ])('clones %s, and reads the same files', async (_, depth) => {
    const options = { fs, dir: scratch.path('isomorphic') };
    const url = server.url('dataset');
    const limit = depth === undefined ? {} : { depth };
    await isomorphic.clone({ ...options, ...limit, http, url, noCheckout: true });
    const log = await isomorphic.log({ ...options, ref: 'main' });
    expect(log.map(({ oid }) => oid)).toEqual([id('3'), id('2'), id('1')].slice(0, depth));
    const { blob } = await isomorphic.readBlob({ ...options, oid: id('3'), filepath: 'run.sh' });
    expect(Buffer.from(blob).toString()).toBe('#!/bin/sh\n');
    const { tree } = await isomorphic.readTree({
      ...options,
      oid: id('3'),
      filepath: 'sub-12/func',
    });
    expect(tree).toHaveLength(20);
  });
});

describe('answers on the wire', () => {
  const v2 = { 'Git-Protocol': 'version=2' };
  const lsRefs = commandBody('ls-refs', ['symrefs', 'peel', 'unborn']);

  test('ls-refs ends with a flush packet; a cut list ends after so many refs, without one', async () => {
    const cut = await serveGit(repositories, { cutRefs: () => 2 });
    try {
      const whole = (await post(server.url('dataset'), lsRefs)).body.toString();
      const part = (await post(cut.url('dataset'), lsRefs)).body.toString();
      expect(whole).toMatch(/0000$/);
      expect(part).toBe(whole.slice(0, part.length));
      expect(part.match(/[0-9a-f]{40} /g)).toHaveLength(2);
      expect(part).toMatch(/\n$/);
    } finally {
      cut.close();
    }
  });

  test('ls-refs gives the refs that begin with a prefix: 1.0 finds 1.0.0 and 1.0.1', async () => {
    const body = commandBody('ls-refs', ['ref-prefix refs/tags/1.0', 'ref-prefix refs/heads/g']);
    const names = (await post(server.url('dataset'), body)).body.toString().match(/refs\/\S+/g);
    expect(names).toEqual(['refs/heads/git-annex', 'refs/tags/1.0.0', 'refs/tags/1.0.1']);
  });

  test('ls-refs names the branch of a HEAD that is not born, to those who ask', async () => {
    const answer = async (args: string[]): Promise<string> =>
      (await post(server.url('unborn'), commandBody('ls-refs', args))).body.toString();
    expect(await answer(['symrefs', 'unborn'])).toBe(
      `${pkt('unborn HEAD symref-target:refs/heads/trunk\n')}0000`,
    );
    expect(await answer(['symrefs'])).toBe('0000');
  });

  test('a compressed request is read like a plain one', async () => {
    const headers = { ...v2, 'Content-Encoding': 'gzip' };
    const plain = await post(server.url('dataset'), lsRefs);
    const packed = await post(server.url('dataset'), gzipSync(lsRefs), headers);
    expect(plain.body.toString()).toContain('refs/heads/main');
    expect(packed.body.equals(plain.body)).toBe(true);
  });

  test.each([
    ['an unknown command', commandBody('push', []), 'unknown command'],
    ['an unknown object', commandBody('fetch', [`want ${'1'.repeat(40)}`, 'done']), 'not our ref'],
    ['an unknown filter', commandBody('fetch', ['want x', 'filter sparse:oid=x']), 'filter'],
    ['a depth of nothing', commandBody('fetch', ['want x', 'deepen 0']), 'deepen'],
    ['a want that is no id', commandBody('fetch', ['want main', 'done']), 'object id'],
    ['an argument of another protocol', commandBody('fetch', ['sideband-all']), 'unexpected line'],
  ])('%s is answered with ERR', async (_, body, words) => {
    const answer = await post(server.url('dataset'), body);
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toMatch(/^[0-9a-f]{4}ERR /);
    expect(answer.body.toString()).toContain(words);
  });

  test.each([
    ['a body that is no packets', Buffer.from('hello'), v2],
    ['a packet longer than the body', Buffer.from('00ffwant'), v2],
    ['a body that is not compressed as it says', lsRefs, { ...v2, 'Content-Encoding': 'gzip' }],
    ['a compression git does not use', lsRefs, { ...v2, 'Content-Encoding': 'br' }],
  ])('%s is a bad request', async (_, body, headers) => {
    expect((await post(server.url('dataset'), body, headers)).status).toBe(400);
  });

  test.each([
    ['GET', '/info/refs', 403],
    ['GET', '/info/refs?service=git-receive-pack', 403],
    ['POST', '/git-receive-pack', 403],
    ['GET', '/HEAD', 403],
    ['GET', '/info/refs?service=git-upload-pack', 200],
  ])('%s %s is answered %i', async (method, path, status) => {
    const answer = await fetch(server.url('dataset') + path, { method });
    await answer.arrayBuffer();
    expect(answer.status).toBe(status);
  });

  test('an absent repository asks for a login as GitHub does, or is not found', async () => {
    const plain = await serveGit(repositories, { absent: 404 });
    try {
      const login = await fetch(`${server.url('nowhere')}/info/refs?service=git-upload-pack`);
      expect(login.status).toBe(401);
      expect(login.headers.get('www-authenticate')).toBe('Basic realm="GitHub"');
      expect((await post(server.url('nowhere'), lsRefs)).status).toBe(401);
      expect((await post(plain.url('nowhere'), lsRefs)).status).toBe(404);
    } finally {
      plain.close();
    }
  });

  test('what a client has is acknowledged, and not sent again', async () => {
    const ask = async (...haves: string[]): Promise<string> => {
      const args = [`want ${id('3')}`, ...haves.map((oid) => `have ${oid}`)];
      return (await post(server.url('dataset'), commandBody('fetch', args))).body.toString(
        'latin1',
      );
    };
    expect(await ask('2'.repeat(40))).toBe(`${pkt('acknowledgments\n')}${pkt('NAK\n')}0000`);
    const ready = `${pkt('acknowledgments\n')}${pkt(`ACK ${id('2')}\n`)}${pkt('ready\n')}0001`;
    expect((await ask(id('2'))).startsWith(`${ready}${pkt('packfile\n')}`)).toBe(true);
    const pack = await fetchPack(server.url('dataset'), [`want ${id('3')}`, `have ${id('2')}`]);
    // The commit; its root, subject 3 and its content; two texts and an image. Subject 2 is as in
    // version 1.
    expect(storedTypes(pack)).toHaveLength(1 + 3 + 3);
  });
});
