// The reader against git itself: the same refs, the same files, from git's own HTTP server.
// Skipped, and shown as skipped, if git is not installed.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createHttpClient } from '../../../../core/http.ts';
import { fetchRequest, packOf } from '../../../../core/protocols/git/fetch-tree.ts';
import { inflateInto } from '../../../../core/protocols/git/inflate.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { entryHeadAt, OFS_DELTA } from '../../../../core/protocols/git/pack-entry.ts';
import type { MirrorSource } from '../../../../core/protocols/sources.ts';
import { type Git, gitIn, hasGit, serveGit } from './git-server.ts';
import { listed } from './wire.ts';

const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** A line as `git mktree` reads it; names may be raw bytes. */
type Line = [mode: string, oid: string, name: string | Buffer];
type Build = (git: Git) => string;

function mktree(git: Git, ...lines: Line[]): string {
  const records = lines.flatMap(([mode, oid, name]) => {
    const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
    return [Buffer.from(`${mode} ${type} ${oid}\t`), Buffer.from(name as string), Buffer.from([0])];
  });
  return git(['mktree', '-z', '--missing'], Buffer.concat(records));
}

const blob = (git: Git, text: string) => git(['hash-object', '-w', '--stdin'], text);
const file = (name: string | Buffer, oid = EMPTY_BLOB): Line => ['100644', oid, name];
const folder = (name: string | Buffer, oid: string): Line => ['040000', oid, name];

const WITH_DELTAS = '500 entries that differ little, so that git stores deltas';

const TREES: Record<string, Build> = {
  'one file': (git) => mktree(git, file('README')),
  'no file': (git) => mktree(git),
  'an empty folder': (git) => mktree(git, file('a'), folder('b', mktree(git))),
  'files, programs, symlinks and submodules': (git) =>
    mktree(
      git,
      file('a', blob(git, 'text')),
      ['100755', EMPTY_BLOB, 'b'],
      ['120000', blob(git, '.git/annex/objects/Kx/9q/MD5E-s1--0/MD5E-s1--0'), 'c.nii.gz'],
      ['160000', 'ab'.repeat(20), 'd'],
    ),
  'a folder among names that begin like it': (git) => {
    const leaf = mktree(git, file('x'));
    return mktree(
      git,
      ...['a-b', 'a.b', 'a0', 'a b', 'a!'].map((name) => file(name)),
      folder('a', leaf),
    );
  },
  'names of docs/checks.md#traps': (git) =>
    mktree(
      git,
      ...[
        ' ',
        '+',
        '%20',
        '#',
        '&amp;',
        '"',
        "'",
        '-rf',
        '.hidden',
        '\\',
        '=1+1',
        '<img src=x>',
      ].map((name) => file(name)),
      ...['__proto__', 'line\nbreak', 'tab\t', '\x01', 'ünï', '\uff5e', '\u{1f9e0}', '...'].map(
        (name) => file(name),
      ),
      file(Buffer.from([0xff, 0xfe])),
      file(Buffer.from([0xc3])),
      folder(Buffer.from([0xe9]), mktree(git, file('x'))),
    ),
  'one folder in many places': (git) => {
    const leaf = mktree(git, file('x'), file('y'));
    const middle = mktree(git, folder('p', leaf), folder('q', leaf));
    return mktree(git, folder('a', middle), folder('b', leaf), folder('c', middle));
  },
  'a path of 300 folders': (git) => {
    git(['read-tree', '--empty']);
    git(['update-index', '--add', '--cacheinfo', `100644,${EMPTY_BLOB},${'d/'.repeat(300)}end`]);
    return git(['write-tree']);
  },
  'modes and folder names of old writers': (git) => {
    const raw = (mode: string, name: string, oid: string) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
    const leaf = mktree(git, file('x'));
    const bytes = [raw('100664', 'a', EMPTY_BLOB), raw('040000', 'b', leaf)];
    return git(['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], Buffer.concat(bytes));
  },
  [WITH_DELTAS]: (git) => {
    const name = (n: number) => String(n).padStart(3, '0');
    const subjects = Array.from({ length: 60 }, (_, n) => {
      const files = Array.from({ length: 40 + (n % 7) }, (_, run) =>
        file(`run-${name(run)}_bold.nii.gz`),
      );
      return folder(`sub-${name(n)}`, mktree(git, ...files));
    });
    const runs = Array.from({ length: 440 }, (_, n) => file(`log-${name(n)}.txt`));
    return mktree(git, ...subjects, ...runs);
  },
};

describe.skipIf(!hasGit)('against git itself', () => {
  let root: string;
  let git: Git;
  let server: Awaited<ReturnType<typeof serveGit>>;
  let source: MirrorSource;
  const http = createHttpClient({ retry: { tries: 1 } });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mirrorwatch-git-'));
    git = gitIn(join(root, 'ds1.git'));
    git(['init', '--bare', '--quiet', '--initial-branch=main', '.']);
    git(['hash-object', '-w', '--stdin'], '');
    gitIn(join(root, 'empty.git'))(['init', '--bare', '--quiet', '.']);
    server = await serveGit(root);
    source = createMirrorSource({ http, baseUrl: server.url });
  });
  afterAll(async () => {
    http.close();
    await server?.close();
    await rm(root, { recursive: true, force: true });
  });

  const setFilter = (allowed: boolean) =>
    git(['config', 'uploadpack.allowFilter', String(allowed)]);

  async function filesOf(commit: string): Promise<string[]> {
    const answer = await source.readTree('ds1', commit);
    if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
    return Array.from(answer.value, listed);
  }

  /** Git's own list, as listed(): `mode type oid TAB path NUL`. */
  function filesByGit(commit: string): string[] {
    const records = git.raw(['ls-tree', '-r', '-z', commit]).toString('latin1').split('\0');
    return records.slice(0, -1).map((record) => record.replace(/^(\d+) \w+ (\w+)\t/, '$1 $2 '));
  }

  test.each(Object.entries(TREES))('%s', async (_, build) => {
    setFilter(true);
    const commit = git(['commit-tree', '-m', 'm', build(git)]);
    git(['update-ref', 'refs/heads/main', commit]);
    git(['repack', '-q', '-A', '-d']);
    const files = await filesOf(commit);
    expect(files).toEqual(filesByGit(commit));
    const paths = files.map((line) => line.slice(48));
    expect(paths).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test('git really sends deltas of trees', async () => {
    const commit = git(['commit-tree', '-m', 'm', (TREES[WITH_DELTAS] as Build)(git)]);
    git(['update-ref', 'refs/heads/main', commit]);
    git(['repack', '-q', '-A', '-d']);
    const response = await fetch(`${server.url}/ds1.git/git-upload-pack`, {
      method: 'POST',
      headers: {
        'Git-Protocol': 'version=2',
        'Content-Type': 'application/x-git-upload-pack-request',
      },
      body: fetchRequest([commit], 'blob:none'),
    });
    const pack = packOf(Buffer.from(await response.arrayBuffer()));
    const types = new Set<number>();
    for (let at = 12, end = pack.length - 20; at < end; ) {
      const head = entryHeadAt(pack, at, end);
      types.add(head.type);
      at = inflateInto(pack, head.next, end, Buffer.alloc(head.size));
    }
    expect([...types]).toContain(OFS_DELTA);
  });

  test('a commit with history brings only its own files', async () => {
    const [first, second] = ['1', '2'].map((name) => mktree(git, file(name))) as [string, string];
    const parent = git(['commit-tree', '-m', 'm', first]);
    const commit = git(['commit-tree', '-m', 'm', '-p', parent, second]);
    git(['update-ref', 'refs/heads/main', commit]);
    expect(await filesOf(commit)).toEqual([`100644 ${EMPTY_BLOB} 2`]);
    expect(await filesOf(parent)).toEqual([`100644 ${EMPTY_BLOB} 1`]);
  });

  test('a commit that git does not have is absent; a repository too', async () => {
    expect(await source.readTree('ds1', '12'.repeat(20))).toEqual({ kind: 'absent' });
    expect(await source.readTree('nowhere', '12'.repeat(20))).toEqual({ kind: 'absent' });
    expect(await source.readRefs('nowhere')).toEqual({ kind: 'absent' });
  });

  test('a commit that no ref names, and a tree by its own id, are read as long as git has them', async () => {
    const tree = mktree(git, file('sub-01/x'.replace('/', '-')), file('README'));
    const commit = git(['commit-tree', '-m', 'left behind', tree]);
    expect(git(['for-each-ref', '--contains', commit])).toBe('');
    for (const id of [commit, tree]) {
      const answer = await source.readContent('ds1', id);
      if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
      expect(answer.value.tree).toBe(tree);
      expect([...answer.value.entries].map(({ path }) => path)).toEqual(['README', 'sub-01-x']);
    }
    // It belongs to no commit: a branch at a tree would be broken.
    expect(await source.readTree('ds1', tree)).toMatchObject({ kind: 'failed' });
    expect(await source.readContent('ds1', '12'.repeat(20))).toEqual({ kind: 'absent' });
  });

  test('a git server that does not filter gives a failed measurement, not an empty one', async () => {
    const commit = git(['commit-tree', '-m', 'm', mktree(git, file('a'))]);
    setFilter(false);
    expect(await source.readTree('ds1', commit)).toMatchObject({ kind: 'failed' });
    setFilter(true);
  });

  describe('refs', () => {
    /** As `git ls-remote` prints them: an annotated tag, then its peeled commit. */
    async function lines(id: string): Promise<string[]> {
      const answer = await source.readRefs(id);
      if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
      const { branches, tags, annotated } = answer.value;
      return [
        ...Array.from(branches, ([name, oid]) => `${oid}\trefs/heads/${name}`),
        ...Array.from(tags, ([name, oid]) => {
          const own = annotated.get(name);
          return own
            ? [`${own}\trefs/tags/${name}`, `${oid}\trefs/tags/${name}^{}`]
            : `${oid}\trefs/tags/${name}`;
        }).flat(),
      ];
    }

    test('branches, light tags, annotated tags, tags of tags, pull requests', async () => {
      const commit = git(['commit-tree', '-m', 'm', mktree(git, file('a'))]);
      const other = git(['commit-tree', '-m', 'n', mktree(git, file('b'))]);
      for (const ref of [
        'heads/main',
        'heads/git-annex',
        'tags/1.0.1',
        'tags/00001',
        'tags/v/ü',
        'pull/1/head',
      ]) {
        git(['update-ref', `refs/${ref}`, commit]);
      }
      git(['update-ref', 'refs/tags/1.0.10', other]);
      git(['tag', '-a', '-f', '-m', 'm', '2.0.0', other]);
      git(['tag', '-a', '-f', '-m', 'm', '2.0.1', '2.0.0']);
      git(['tag', '-a', '-f', '-m', 'm', 'of-a-tree', `${commit}^{tree}`]);

      const expected = git(['ls-remote', '--heads', '--tags', '.']).split('\n');
      expect(await lines('ds1')).toEqual(expected);
      expect(expected).toHaveLength(12);
      const answer = await source.readRefs('ds1');
      expect(answer).toMatchObject({ kind: 'seen', value: { head: 'main' } });
      expect(answer.kind === 'seen' && answer.value.tags.get('2.0.1')).toBe(other);
    });

    describe('HEAD', () => {
      const commit = () => git(['rev-parse', 'refs/heads/main']);
      async function head() {
        const answer = await source.readRefs('ds1');
        if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
        const { branches, tags, annotated, ...told } = answer.value;
        return told;
      }
      afterEach(() => {
        git(['symbolic-ref', 'HEAD', 'refs/heads/main']);
        git(['config', 'lsrefs.unborn', 'advertise']);
      });

      test('HEAD at a branch that was never pushed is named, in one request', async () => {
        git(['symbolic-ref', 'HEAD', 'refs/heads/gone']);
        const before = http.traffic.refs.requests;
        expect(await head()).toEqual({ head: 'gone' });
        expect(http.traffic.refs.requests).toBe(before + 1);
      });

      test('HEAD at such a branch is at no commit where git does not name it', async () => {
        git(['symbolic-ref', 'HEAD', 'refs/heads/gone']);
        git(['config', 'lsrefs.unborn', 'ignore']);
        expect(await head()).toEqual({ head: null, headCommit: null });
      });

      test('HEAD at a commit is read', async () => {
        git(['update-ref', '--no-deref', 'HEAD', commit()]);
        expect(await head()).toEqual({ head: null, headCommit: commit() });
        server.firstPostFails(undefined);
        expect(await head()).toEqual({ head: null, headCommit: commit() });
        server.firstPostFails('version=2');
      });

      test('HEAD at such a branch is not named in v0', async () => {
        git(['symbolic-ref', 'HEAD', 'refs/heads/gone']);
        server.firstPostFails(undefined);
        expect(await head()).toEqual({ head: null });
        server.firstPostFails('version=2');
      });
    });

    test('a repository without refs', async () => {
      expect(await lines('empty')).toEqual([]);
    });

    test.each([
      ['v2', 'version=2'],
      ['v1', 'version=1'],
      ['v0', undefined],
    ])('by discovery, from a server that is asked late, in %s', async (_, protocol) => {
      const expected = git(['ls-remote', '--heads', '--tags', '.']).split('\n');
      server.firstPostFails(protocol);
      expect(await lines('ds1')).toEqual(expected);
      expect(server.asked()).toEqual(
        ['POST', 'GET', 'POST'].slice(0, protocol === 'version=2' ? 3 : 2),
      );
    });
  });
});
