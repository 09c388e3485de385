// Sample repositories: the same spec gives the same ids, and they are the ids git would give.

import * as isomorphic from 'isomorphic-git';
import { createFsFromVolume, Volume } from 'memfs';
import { describe, expect, test } from 'vitest';
import {
  buildRepository,
  type EntrySpec,
  type RepositorySpec,
  rawName,
  type TreeSpec,
} from '../../sample/git/index.ts';
import { encodeTree } from '../../sample/git/objects.ts';
import { datasetTree } from './git-support.ts';

const DATE = new Date('2024-02-29T12:00:00Z');

function spec(): RepositorySpec {
  return {
    commits: [
      { name: 'first', tree: datasetTree(1), parents: [], message: 'First', date: DATE },
      { name: 'second', tree: datasetTree(2), parents: ['first'], message: 'Second', date: DATE },
    ],
    branches: { main: 'second' },
    tags: { '1.0.0': { commit: 'first' }, '1.1.0': { commit: 'second', annotated: true } },
    head: 'main',
  };
}

/** Names of a tree's entries as stored, in order. */
function namesIn(tree: TreeSpec): string[] {
  const { content } = encodeTree(tree);
  const names: string[] = [];
  for (let at = 0; at < content.length; ) {
    const nul = content.indexOf(0, at);
    names.push(content.toString('latin1', content.indexOf(0x20, at) + 1, nul));
    at = nul + 21;
  }
  return names;
}

describe('the ids of objects', () => {
  const store = { fs: createFsFromVolume(new Volume()), dir: '/', gitdir: '/git' };
  const person = {
    name: 'Sample Archive',
    email: 'archive@sample.invalid',
    timestamp: DATE.getTime() / 1000,
    timezoneOffset: 0,
  };

  test('a file, a folder, a commit and an annotated tag have the ids isomorphic-git gives', async () => {
    const gitlink = '9'.repeat(40);
    const repository = await buildRepository({
      commits: [
        {
          name: 'only',
          tree: new Map<string, EntrySpec>([
            ['README', { mode: 0o100644, content: 'größer\n' }],
            ['run', { mode: 0o100755, content: Buffer.from('run\n') }],
            ['link', { mode: 0o120000, content: 'README' }],
            ['module', { mode: 0o160000, oid: gitlink }],
            ['sub', new Map([['größe.txt', { mode: 0o100644 as const, content: '' }]])],
          ]),
          parents: [],
          message: 'Only',
          date: DATE,
        },
      ],
      branches: {},
      tags: { v1: { commit: 'only', annotated: true } },
      head: null,
    });

    const blob = async (text: string): Promise<string> =>
      (await isomorphic.hashBlob({ object: Buffer.from(text) })).oid;
    const sub = await isomorphic.writeTree({
      ...store,
      tree: [{ mode: '100644', path: 'größe.txt', oid: await blob(''), type: 'blob' }],
    });
    const tree = await isomorphic.writeTree({
      ...store,
      tree: [
        { mode: '100644', path: 'README', oid: await blob('größer\n'), type: 'blob' },
        { mode: '100755', path: 'run', oid: await blob('run\n'), type: 'blob' },
        { mode: '120000', path: 'link', oid: await blob('README'), type: 'blob' },
        { mode: '160000', path: 'module', oid: gitlink, type: 'commit' },
        { mode: '040000', path: 'sub', oid: sub, type: 'tree' },
      ],
    });
    const commit = await isomorphic.writeCommit({
      ...store,
      commit: { tree, parent: [], author: person, committer: person, message: 'Only' },
    });
    const tag = await isomorphic.writeTag({
      ...store,
      tag: { object: commit, type: 'commit', tag: 'v1', tagger: person, message: 'Snapshot v1' },
    });

    expect(repository.commits.get('only')).toBe(commit);
    expect(repository.tags.get('v1')).toBe(tag);
    expect(repository.object(tree)?.type).toBe('tree');
    expect(repository.object(await blob('größer\n'))?.content.toString()).toBe('größer\n');
  });

  test('the same spec gives the same ids, whatever the order of its names', async () => {
    const turned = spec();
    for (const commit of turned.commits) {
      const entries = [...commit.tree].reverse();
      commit.tree.clear();
      for (const [name, entry] of entries) commit.tree.set(name, entry);
    }
    const [one, two] = [await buildRepository(spec()), await buildRepository(turned)];
    expect(one.commits.get('second')).toMatch(/^[0-9a-f]{40}$/);
    expect([...two.commits]).toEqual([...one.commits]);
    expect([...two.tags]).toEqual([...one.tags]);
  });

  test('another file, message, date or parent gives another commit', async () => {
    const plain = spec().commits[1] as RepositorySpec['commits'][number];
    const variants = [
      plain,
      { ...plain, tree: datasetTree(3) },
      { ...plain, message: 'Other' },
      { ...plain, date: new Date(0) },
      { ...plain, parents: [] },
    ];
    const ids = new Set<string | undefined>();
    for (const commit of variants) {
      const first = spec().commits[0] as typeof plain;
      const built = await buildRepository({ ...spec(), commits: [first, commit] });
      ids.add(built.commits.get('second'));
    }
    expect(ids.size).toBe(variants.length);
  });
});

describe('names in a folder', () => {
  const file = { mode: 0o100644, content: '' } as const;
  const folder: TreeSpec = new Map([['x', file]]);

  test.each<[string, [string, typeof file | TreeSpec][], string[]]>([
    [
      'a folder sorts as if it ended in a slash',
      [
        ['a', folder],
        ['a.b', file],
        ['a-b', file],
        ['a0', file],
      ],
      ['a-b', 'a.b', 'a', 'a0'],
    ],
    [
      'a file sorts by its name alone',
      [
        ['a.b', file],
        ['a', file],
        ['a-b', file],
      ],
      ['a', 'a-b', 'a.b'],
    ],
    [
      'bytes decide, not UTF-16 units',
      [
        ['\u{1F600}', file],
        ['\uFF5E', file],
      ],
      ['\xef\xbd\x9e', '\xf0\x9f\x98\x80'],
    ],
    [
      'a name may be any bytes',
      [
        ['b', file],
        [rawName(Buffer.of(0xff, 0xfe)), file],
      ],
      ['b', '\xff\xfe'],
    ],
  ])('%s', (_, entries, expected) => {
    expect(namesIn(new Map(entries))).toEqual(expected);
  });

  test('a NUL in a name is refused', () => {
    expect(() => encodeTree(new Map([['a\0b', file]]))).toThrow('NUL');
  });
});

describe('a repository', () => {
  test('knows every object, and no other', async () => {
    const repository = await buildRepository(spec());
    const tag = repository.object(repository.tags.get('1.1.0') as string);
    expect(tag?.type).toBe('tag');
    expect(tag?.content.toString()).toContain(`object ${repository.commits.get('second')}`);
    const { oid } = await isomorphic.hashBlob({ object: Buffer.from('#!/bin/sh\n') });
    expect(repository.object(oid)).toMatchObject({ type: 'blob', oid });
    expect(repository.object('0'.repeat(40))).toBeUndefined();
  });

  test('a parent that was not described before is refused', async () => {
    const commits = spec().commits.toReversed();
    await expect(buildRepository({ ...spec(), commits })).rejects.toThrow('"first"');
  });
});

describe('size', () => {
  test('400,000 files, and 5,000 commits over one shared folder', async () => {
    const shared: TreeSpec = new Map();
    for (let subject = 0; subject < 4000; subject++) {
      const files: TreeSpec = new Map();
      for (let i = 0; i < 100; i++) {
        files.set(`sub-${subject}_run-${i}`, { mode: 0o120000, content: `${subject}-${i}` });
      }
      shared.set(`sub-${String(subject).padStart(4, '0')}`, files);
    }
    const one = (name: string, parents: string[]): RepositorySpec['commits'][number] => {
      const tree: TreeSpec = new Map([['filler', shared]]);
      tree.set('README', { mode: 0o100644, content: name });
      return { name, tree, parents, message: name, date: DATE };
    };
    const empty = { branches: {}, tags: {}, head: null };

    const large = await buildRepository({ ...empty, commits: [one('0', [])] });
    const commits = Array.from({ length: 5000 }, (_, i) =>
      one(`${i}`, i === 0 ? [] : [`${i - 1}`]),
    );
    const long = await buildRepository({ ...empty, commits });

    expect(long.commits.size).toBe(5000);
    expect(long.commits.get('0')).toBe(large.commits.get('0'));
  });
});
