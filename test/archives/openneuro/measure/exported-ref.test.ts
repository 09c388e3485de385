// The tag or branch of the recorded tree: by a commit's own tree, by the tree of its export, and
// the result if a commit could not be read.

import { describe, expect, test } from 'vitest';
import {
  type ExportedRefQuestion,
  findExported,
} from '../../../../archives/openneuro/measure/exported-ref.ts';
import { failed } from '../../../../core/failure.ts';
import type { ContentList } from '../../../../core/protocols/git/content-list.ts';

const TAGS = new Map([
  ['1.0.9', 'c9'],
  ['1.0.10', 'c10'],
  ['1.0.11', 'c11'],
]);
const TIPS = new Map([
  ['main', 'cm'],
  ['at-a-tag', 'c9'],
]);
/** Trees of the commits: their own, then those of their exports. */
const TREES: Record<string, string[]> = {
  c9: ['t9'],
  c10: ['t9'],
  c11: ['t11', 'x11'],
  cm: ['tm', 'xm'],
};

function ask(tree: string | null, change: Partial<ExportedRefQuestion> = {}) {
  const read: string[] = [];
  const question: ExportedRefQuestion = {
    tree,
    latest: '1.0.11',
    tags: TAGS,
    tips: TIPS,
    others: [],
    moved: [],
    hasEveryTag: true,
    latestTrees: TREES.c11 ?? [],
    treeOf: (commit) => TREES[commit]?.[0],
    contentsOf: async (commit) => {
      read.push(commit);
      return { exportTrees: TREES[commit] ?? [] } as unknown as ContentList;
    },
    ...change,
  };
  return { found: findExported(question), read };
}

describe('the exported tree is', () => {
  test.each([
    ['that of the latest tag', 't11', '1.0.11', '1.0.11', null, 'c11'],
    ['what an export of the latest tag bears', 'x11', '1.0.11', '1.0.11', null, 'c11'],
    ['of two tags: the highest', 't9', '1.0.11', '1.0.10', null, 'c10'],
    ['of two tags, one of them the latest: the latest', 't9', '1.0.9', '1.0.9', null, 'c9'],
    ['that of a branch', 'tm', '1.0.11', null, 'main', 'cm'],
    ['what an export of a branch bears', 'xm', '1.0.11', null, 'main', 'cm'],
    ['of nothing', 'zz', '1.0.11', null, null, null],
  ])('%s', async (_, tree, latest, tag, branch, commit) => {
    const latestTrees = TREES[TAGS.get(latest) ?? ''] ?? [];
    expect(await ask(tree, { latest, latestTrees }).found).toMatchObject({ tag, branch, commit });
  });
});

test('no contents are read when a commit has the very tree, or nothing was recorded', async () => {
  for (const tree of ['t9', 'tm', 'x11', null]) {
    const { found, read } = ask(tree);
    await found;
    expect(read, `${tree}`).toEqual([]);
  }
});

test('a commit that cannot be read may be the one: nothing is said', async () => {
  const contentsOf = async () => failed('timeout', 'too slow');
  expect(await ask('zz', { contentsOf }).found).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
  });
});

test('only so many tags and branches are read', async () => {
  const many = (name: string, count: number) =>
    new Map(Array.from({ length: count }, (_, n) => [`${name}${n}`, `${name}-commit-${n}`]));
  const { found, read } = ask('zz', { tags: many('1.0.', 50), tips: many('b', 50) });
  await found;
  expect(read).toHaveLength(12);
});

describe('a tree that no side has', () => {
  const absent = { kind: 'absent' } as const;
  const moved = [{ tag: '1.0.10', hexsha: 'lost' }];
  const seen = async (id: string) =>
    ({ tree: id, exportTrees: TREES[id] ?? [] }) as unknown as ContentList;
  const without = (id: string) => async (asked: string) => (asked === id ? absent : seen(asked));

  test.each<[string, Partial<ExportedRefQuestion>, boolean | null]>([
    ['everything was seen', {}, true],
    ['the tree itself was not', { contentsOf: without('zz') }, null],
    ['a snapshot has no tag on the mirror', { hasEveryTag: false }, null],
    [
      "the mirror lacks the registry's commit of a tag",
      { moved, contentsOf: without('lost') },
      null,
    ],
    ["it has that, and it is another's", { moved }, true],
    [
      'too many tags to read',
      { tags: Array.from({ length: 10 }, (_, n) => [`2.0.${n}`, `c${n}`]) },
      null,
    ],
    [
      'a tag that is no version holds no files',
      { others: ['blob'], contentsOf: without('blob') },
      null,
    ],
  ])('%s', async (_, change, ofNoSnapshot) => {
    const { found } = ask('zz', { contentsOf: seen, ...change });
    expect(await found).toEqual({ tag: null, branch: null, commit: null, ofNoSnapshot });
  });

  test("may be that of the registry's commit of a moved tag", async () => {
    const contentsOf = async (id: string) =>
      ({ tree: id, exportTrees: id === 'lost' ? ['zz'] : [] }) as unknown as ContentList;
    const { found } = ask('zz', { moved, contentsOf });
    expect(await found).toMatchObject({ tag: '1.0.10', commit: 'lost', ofNoSnapshot: false });
  });

  test('may be of a tag that is no version, which says nothing', async () => {
    const contentsOf = async (id: string) =>
      ({ tree: id, exportTrees: id === 'odd' ? ['zz'] : [] }) as unknown as ContentList;
    const { found } = ask('zz', { others: ['odd'], contentsOf });
    expect(await found).toEqual({ tag: null, branch: null, commit: null, ofNoSnapshot: false });
  });

  test('a tree whose reading failed for now leaves the record unmeasured', async () => {
    const contentsOf = async (id: string) => (id === 'zz' ? failed('timeout', 'slow') : seen(id));
    expect(await ask('zz', { contentsOf }).found).toMatchObject({ reason: 'timeout' });
  });
});
