// The reader against isomorphic-git, which needs no git program: its packs (contents included, as
// from a server that ignores the filter), its list of files.

import git from 'isomorphic-git';
import { memfs } from 'memfs';
import { expect, test } from 'vitest';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { canned, fetchAnswer, listed } from './wire.ts';

const { fs } = memfs();
const dir = '/ds1';
const author = { name: 'A', email: 'a@example.org', timestamp: 0, timezoneOffset: 0 };

type Files = Record<string, string>;
const text = (n: number) => `file ${n % 7}\n`.repeat(n % 5);

const REPOSITORIES: Record<string, Files> = {
  'no file': {},
  'a folder among names that begin like it': {
    'a-b': '1',
    'a.b': '2',
    'a/x': '3',
    a0: '4',
    'a b': '5',
  },
  'the same folder twice': { 'p/s/1': '1', 'p/s/2': '2', 'q/s/1': '1', 'q/s/2': '2' },
  'names beyond ASCII': {
    ünï: '',
    '\uff5e': '',
    '\u{1f9e0}/\u00e9': '',
    __proto__: '',
    '%2B+#&"': '',
  },
  'a path of 100 folders': { [`${'d/'.repeat(100)}end`]: '' },
  '600 files in 30 folders': Object.fromEntries(
    Array.from({ length: 600 }, (_, n) => [`sub-${n % 30}/run-${n}.json`, text(n)]),
  ),
};

/** The tree of some files, written bottom up; every written object id is added to `oids`. */
async function writeTree(files: Files, oids: Set<string>): Promise<string> {
  const entries: { mode: string; path: string; oid: string; type: 'blob' | 'tree' }[] = [];
  const folders = new Map<string, [string, string][]>();
  for (const [path, content] of Object.entries(files)) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      const oid = await git.writeBlob({ fs, dir, blob: Buffer.from(content) });
      entries.push({ mode: '100644', path, oid, type: 'blob' });
    } else {
      const name = path.slice(0, slash);
      folders.set(name, [...(folders.get(name) ?? []), [path.slice(slash + 1), content]]);
    }
  }
  for (const [path, inside] of folders) {
    const oid = await writeTree(Object.fromEntries(inside), oids);
    entries.push({ mode: '040000', path, oid, type: 'tree' });
  }
  const tree = await git.writeTree({ fs, dir, tree: entries });
  for (const { oid } of entries) oids.add(oid);
  oids.add(tree);
  return tree;
}

/** What isomorphic-git itself finds below a commit, as listed(). */
async function filesByIsomorphic(commit: string): Promise<string[]> {
  const found: string[] = await git.walk({
    fs,
    dir,
    trees: [git.TREE({ ref: commit })],
    map: async (path, [entry]) => {
      if ((await entry?.type()) !== 'blob') return undefined;
      const mode = ((await entry?.mode()) ?? 0).toString(8);
      return `${mode} ${await entry?.oid()} ${Buffer.from(path).toString('latin1')}`;
    },
    reduce: async (parent, children) => [parent, ...children.flat()].filter(Boolean),
  });
  return found.toSorted((a, b) => (a.slice(48) < b.slice(48) ? -1 : 1));
}

test.each(Object.entries(REPOSITORIES))('%s', async (_, files) => {
  await git.init({ fs, dir });
  const oids = new Set<string>();
  const tree = await writeTree(files, oids);
  const commit = await git.commit({ fs, dir, message: 'm', author, tree, ref: 'refs/heads/main' });
  const { packfile } = await git.packObjects({ fs, dir, oids: [commit, ...oids] });
  const body = fetchAnswer(Buffer.from(packfile ?? []), commit, 65_515);

  const source = createMirrorSource({ http: canned(() => ({ body })), baseUrl: 'https://host' });
  const answer = await source.readTree('ds1', commit);
  if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
  const read = Array.from(answer.value, listed);
  expect(read).toEqual(await filesByIsomorphic(commit));
  expect(read).toHaveLength(Object.keys(files).length);
});
