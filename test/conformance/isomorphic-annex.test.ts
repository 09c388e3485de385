// The reader of contents and of the git-annex branch against isomorphic-git, which needs no git
// program: keys of annexed files, the tree of an export, the record of exports.

import { hash } from 'node:crypto';
import git, { type TreeEntry } from 'isomorphic-git';
import http from 'isomorphic-git/http/node';
import { memfs } from 'memfs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../archives/openneuro/archive.ts';
import { readClaim } from '../../archives/openneuro/rules/annex-record.ts';
import {
  type GeneratedArchive,
  generateArchive,
} from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { specials } from '../../archives/openneuro/sample/specials/index.ts';
import { createHttpClient, type HttpClient } from '../../core/http.ts';

const IN_STEP = '#mirror #files: all copies are in step';
const UNLOCKED = '#words-and-orders: unlocked annexed files are pointer files in git';
const SHA256E = '#words-and-orders: SHA256E keys, and ETags of multipart uploads';
const ODD_KEYS = '#contents: nothing is known of big plain files and of keys without a size';
const GITLINKS = '#files: gitlinks are never exported';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const SMALL = 64 << 10;

let archive: GeneratedArchive;
let server: SampleServer;
let client: HttpClient;
beforeAll(async () => {
  archive = generateArchive({ datasets: specials(0).length });
  server = await startSampleArchive({ archive });
  client = createHttpClient();
});
afterAll(async () => {
  client.close();
  await server.close();
});

async function cloneOf(rule: string) {
  const [id] = [...archive.expectations].find(([, one]) => one.rule === rule) ?? [];
  if (id === undefined) throw new Error(`no dataset for "${rule}"`);
  const { fs } = memfs();
  const dir = `/${id}`;
  const url = `${server.mirrorUrl}/${id}.git`;
  await git.clone({ fs, http, dir, url, noCheckout: true });
  const tags = await git.listTags({ fs, dir });
  const tag = tags.at(-1) ?? '';
  return { id, repository: { fs, dir }, commit: await git.resolveRef({ fs, dir, ref: tag }) };
}

type Repository = Awaited<ReturnType<typeof cloneOf>>['repository'];

/** Every file in the reader's form, by independent rules. */
async function* contents(
  repository: Repository,
  oid: string,
  at = '',
): AsyncGenerator<[path: string, content: unknown]> {
  const { tree } = await git.readTree({ ...repository, oid });
  for (const entry of tree) {
    const path = at + entry.path;
    if (entry.type === 'tree') yield* contents(repository, entry.oid, `${path}/`);
    else if (entry.type === 'commit') yield [path, 'gitlink'];
    else yield [path, await contentOf(repository, entry)];
  }
}

async function contentOf(repository: Repository, { oid, mode }: TreeEntry): Promise<unknown> {
  const { blob } = await git.readBlob({ ...repository, oid });
  const text = Buffer.from(blob).toString();
  const mark = text.indexOf('annex/objects/');
  const isLink = mode === '120000' && mark >= 0;
  if (isLink || text.startsWith('/annex/objects/')) {
    const name = text.trimEnd().split('/').at(-1) ?? '';
    return [name, Number(/-s(\d+)/.exec(name)?.[1] ?? Number.NaN)].join(' ');
  }
  if (blob.length >= SMALL || mode === '120000') return 'unknown';
  return [blob.length, hash('md5', Buffer.from(blob))].join(' ');
}

/** The tree without gitlinks, written by isomorphic-git; emptied folders stay. */
async function exportedTree(repository: Repository, oid: string): Promise<string> {
  const { tree } = await git.readTree({ ...repository, oid });
  const kept: TreeEntry[] = [];
  for (const entry of tree) {
    if (entry.type === 'commit') continue;
    const inner = entry.type === 'tree' ? await exportedTree(repository, entry.oid) : entry.oid;
    kept.push({ ...entry, oid: inner });
  }
  return kept.length === 0 ? EMPTY_TREE : git.writeTree({ ...repository, tree: kept });
}

test.each([IN_STEP, UNLOCKED, SHA256E, ODD_KEYS, GITLINKS])(
  'what is known of every file, and the tree of an export: %s',
  async (rule) => {
    const { id, repository, commit } = await cloneOf(rule);
    const { commit: read } = await git.readCommit({ ...repository, oid: commit });
    const theirs = await Array.fromAsync(contents(repository, read.tree));

    const { mirror } = openArchive({ http: client, ...server });
    const answer = await mirror.readContent(id, commit);
    if (answer.kind !== 'seen') throw new Error(`the tree is ${answer.kind}`);
    const ours = Array.from(answer.value.entries, ({ path, content }) => {
      const name = Buffer.from(path, 'latin1').toString();
      if (content.kind === 'annexed') {
        return [name, [content.key.name, content.key.size ?? Number.NaN].join(' ')];
      }
      return [name, content.kind === 'plain' ? `${content.size} ${content.md5}` : content.kind];
    });
    expect(ours.length).toBeGreaterThan(10);
    expect(new Map(ours as [string, string][])).toEqual(new Map(theirs));
    expect(answer.value.exportTrees).toContain(await exportedTree(repository, read.tree));
  },
);

test.each([IN_STEP, GITLINKS])('the record names the tree of the latest tag: %s', async (rule) => {
  const { id, repository, commit } = await cloneOf(rule);
  const branch = await git.resolveRef({ ...repository, ref: 'refs/remotes/origin/git-annex' });
  const log = async (filepath: string) => {
    const { blob } = await git.readBlob({ ...repository, oid: branch, filepath });
    return Buffer.from(blob).toString();
  };
  const claim = readClaim(
    { remote: await log('remote.log'), trust: '', export: await log('export.log') },
    { bucket: 'openneuro.org', prefix: `${id}/` },
  );
  const { commit: read } = await git.readCommit({ ...repository, oid: commit });
  expect(claim.exportedTree).toBe(await exportedTree(repository, read.tree));
});
