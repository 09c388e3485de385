// The second reader of git against git's own server.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpClient } from '../../../../core/http.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { createSecondReader, fileLine } from '../../../../core/protocols/git/second-reader.ts';
import { fakeClock } from '../../../support/clock.ts';
import { serve } from '../../http/servers.ts';
import { type Git, gitIn, hasGit, serveGit } from './git-server.ts';

describe.skipIf(!hasGit)('the second reader', () => {
  let root: string;
  let git: Git;
  let server: Awaited<ReturnType<typeof serveGit>>;
  const http = createHttpClient();
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mirrorwatch-second-'));
    git = gitIn(join(root, 'ds000001.git'));
    git(['init', '--bare', '--initial-branch=main']);
    for (const name of ['allowFilter', 'allowAnySHA1InWant']) {
      git(['config', `uploadpack.${name}`, 'true']);
    }
    const blob = (text: string) => git(['hash-object', '-w', '--stdin'], text);
    const tree = (lines: string) => git(['mktree', '--missing'], lines);
    const inner = tree(`100755 blob ${blob('#!')}\trun\n120000 blob ${blob('../a')}\tü\n`);
    const whole = tree(
      `100644 blob ${blob('text')}\ta\n040000 tree ${inner}\tcode\n160000 commit ${'ab'.repeat(20)}\tsub\n100644 blob ${blob('last')}\tz\n`,
    );
    const first = git(['commit-tree', whole, '-m', 'first']);
    const second = git(['commit-tree', whole, '-p', first, '-m', 'second']);
    git(['update-ref', 'refs/heads/main', second]);
    git(['update-ref', 'refs/heads/git-annex', first]);
    git(['tag', '1.0.0', first]);
    git(['tag', '-a', '1.0.1', '-m', 'annotated', second]);
    server = await serveGit(root);
  });
  afterAll(async () => {
    await server?.close();
    await rm(root, { recursive: true, force: true });
  });

  test('sees the refs that the first one sees', async () => {
    const options = { http, baseUrl: server.url };
    const ours = await createMirrorSource(options).readRefs('ds000001');
    if (ours.kind !== 'seen') throw new Error(JSON.stringify(ours));
    const { head, branches, tags } = ours.value;
    expect(tags.size).toBe(2);
    expect(await createSecondReader(http, server.url).readRefs('ds000001')).toEqual({
      kind: 'seen',
      value: { head, branches, tags },
    });
  });

  test.each(['1.0.0', '1.0.1'])('sees the files of tag %s that the first one sees', async (tag) => {
    const commit = git(['rev-parse', `${tag}^{commit}`]);
    const ours = await createMirrorSource({ http, baseUrl: server.url }).readTree(
      'ds000001',
      commit,
    );
    if (ours.kind !== 'seen') throw new Error(JSON.stringify(ours));
    const lines = Array.from(ours.value, ({ mode, oid, path }) =>
      fileLine(mode, oid, Buffer.from(path, 'latin1').toString()),
    );
    expect(lines).toHaveLength(5);
    const theirs = await createSecondReader(http, server.url).readFiles('ds000001', tag);
    expect(theirs).toEqual({ kind: 'seen', value: lines.sort() });
  });

  test.each([
    ['names a branch that is not there', 'refs/heads/none'],
    ['is at a commit and names no branch', null],
  ])('a HEAD that %s does not count', async (_, branch) => {
    const other = gitIn(join(root, 'ds000002.git'));
    other(['init', '--bare', '--initial-branch=main']);
    const commit = other(['commit-tree', other(['mktree'], ''), '-m', 'empty']);
    other(['update-ref', 'refs/heads/main', commit]);
    if (branch === null) other(['update-ref', '--no-deref', 'HEAD', commit]);
    else other(['symbolic-ref', 'HEAD', branch]);
    const refs = await createSecondReader(http, `${server.url}//`).readRefs('ds000002');
    expect(refs).toEqual({
      kind: 'seen',
      value: { head: null, branches: new Map([['main', commit]]), tags: new Map() },
    });
    await rm(join(root, 'ds000002.git'), { recursive: true });
  });

  test('a tag that is not there is a failed measurement', async () => {
    const answer = await createSecondReader(http, server.url).readFiles('ds000001', '9.9.9');
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });
});

test('what our client could not get whole is a failed measurement', async () => {
  const server = await serve((_request, response) => {
    response.statusCode = 502;
    response.end();
  });
  const http = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
  const second = createSecondReader(http, server.url);
  expect(await second.readRefs('ds000001')).toMatchObject({ kind: 'failed', reason: 'http-5xx' });
});

test('half a list of refs does not count', async () => {
  const line = `${'a'.repeat(40)} HEAD symref-target:refs/heads/main\n`;
  const packet = `${(line.length + 4).toString(16).padStart(4, '0')}${line}`;
  const server = await serve((request, response) => {
    const isList = request.method === 'POST';
    const what = isList ? 'result' : 'advertisement';
    response.setHeader('content-type', `application/x-git-upload-pack-${what}`);
    response.end(
      isList ? packet : '001e# service=git-upload-pack\n0000000eversion 2\n000cls-refs\n0000',
    );
  });
  const http = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
  const second = createSecondReader(http, server.url);
  expect(await second.readRefs('ds000001')).toMatchObject({ kind: 'failed', reason: 'cut-short' });
});

test('a page for people is no list of refs', async () => {
  const server = await serve((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<h1>Welcome</h1>');
  });
  const second = createSecondReader(createHttpClient(), server.url);
  expect(await second.readRefs('ds000001')).toMatchObject({ kind: 'failed', reason: 'malformed' });
});
