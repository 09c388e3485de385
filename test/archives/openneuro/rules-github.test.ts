import { describe, expect, test } from 'vitest';
import type { Entry, KnownSnapshot } from '../../../archives/openneuro/checks/entry.ts';
import { github } from '../../../archives/openneuro/checks/github.ts';
import type { Github } from '../../../archives/openneuro/documents.ts';
import { githubEvidence, type Mirror } from '../../../archives/openneuro/rules/github.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import type { Refs } from '../../../core/protocols/sources.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);
const SNAPSHOTS = [
  { tag: '1.0.0', hexsha: A },
  { tag: '1.0.1', hexsha: B },
];

function refs(change: {
  head?: string | null;
  headCommit?: string | null;
  branches?: Record<string, string>;
  tags?: Record<string, string>;
  annotated?: Record<string, string>;
}): Refs {
  return {
    head: change.head === undefined ? 'main' : change.head,
    ...(change.headCommit !== undefined && { headCommit: change.headCommit }),
    branches: new Map(Object.entries(change.branches ?? { main: B, 'git-annex': C })),
    tags: new Map(Object.entries(change.tags ?? { '1.0.0': A, '1.0.1': B })),
    annotated: new Map(Object.entries(change.annotated ?? {})),
  };
}

const judge = (mirror: Mirror, entry: Partial<Entry> = {}): Github =>
  documentOf(github, 'ds000001', {
    evidence: githubEvidence(mirror),
    entry: { latest: '1.0.1', snapshots: SNAPSHOTS, ...entry },
  });

describe('each row of the table', () => {
  test.each<[string, Mirror, string, string | null]>([
    ['no such repository', 'repo-not-found', 'error', 'repo-not-found'],
    ['a repository that GitHub closed', 'repo-disabled', 'error', 'repo-disabled'],
    ['a repository with no refs', refs({ branches: {}, tags: {} }), 'error', 'repo-empty'],
    ["the latest snapshot's tag is absent", refs({ tags: { '1.0.0': A } }), 'error', 'tag-missing'],
    [
      'a tag is at another commit',
      refs({ tags: { '1.0.0': C, '1.0.1': B } }),
      'error',
      'sha-mismatch',
    ],
    ['HEAD is behind', refs({ branches: { main: A, 'git-annex': C } }), 'warning', 'head-mismatch'],
    ['an older tag is absent', refs({ tags: { '1.0.1': B } }), 'warning', 'older-tag-missing'],
    ['no git-annex branch', refs({ branches: { main: B } }), 'warning', 'annex-branch-missing'],
    ['all in step', refs({}), 'ok', null],
  ])('%s', (_, mirror, status, subtype) => {
    expect(judge(mirror)).toMatchObject({ status, subtype });
  });

  test('a snapshot without a commit in the registry is not compared by commit', () => {
    const snapshots = [{ tag: '1.0.0', hexsha: null }, SNAPSHOTS[1] as KnownSnapshot];
    const moved = refs({ tags: { '1.0.0': C, '1.0.1': B } });
    expect(judge(moved, { snapshots }).findings).toEqual([]);
    const without = refs({ tags: { '1.0.1': B } });
    expect(judge(without, { snapshots })).toMatchObject({ subtype: 'older-tag-missing' });
  });

  test('copies that agree have no findings', () => {
    expect(judge(refs({})).findings).toEqual([]);
  });
});

describe('everything that applies is listed, worst first', () => {
  test.each(['repo-not-found', 'repo-empty'] as const)('%s lacks every tag', (mirror) => {
    const snapshots = ['1.0.9', '1.0.13', '57fecb0ccce88d000ac17538'].map((tag) => ({
      tag,
      hexsha: A,
    }));
    expect(judge(mirror, { latest: '1.0.13', snapshots }).findings).toEqual([
      { subtype: mirror, status: 'error', tags: [] },
      { subtype: 'tag-missing', status: 'error', tags: ['1.0.13'] },
      {
        subtype: 'older-tag-missing',
        status: 'warning',
        tags: ['57fecb0ccce88d000ac17538', '1.0.9'],
      },
      { subtype: 'annex-branch-missing', status: 'warning', tags: [] },
    ]);
  });

  test('nothing else is known of a closed repository', () => {
    expect(judge('repo-disabled').findings).toEqual([
      { subtype: 'repo-disabled', status: 'error', tags: [] },
    ]);
    expect(judge('repo-disabled')).toMatchObject({
      error: 'repo-disabled',
      branches: {},
      tags: {},
    });
  });

  test('a moved tag, a stale HEAD and no annex branch', () => {
    const verdict = judge(refs({ branches: { main: A }, tags: { '1.0.0': C, '1.0.1': B } }));
    expect(verdict.findings.map(({ subtype }) => subtype)).toEqual([
      'sha-mismatch',
      'head-mismatch',
      'annex-branch-missing',
    ]);
    expect(verdict.findings[0]?.tags).toEqual(['1.0.0']);
  });

  test('nothing is said about HEAD while the latest tag is missing', () => {
    const verdict = judge(refs({ branches: { main: C, 'git-annex': C }, tags: { '1.0.0': A } }));
    expect(verdict.findings.map(({ subtype }) => subtype)).toEqual(['tag-missing']);
  });
});

describe('annotated tags', () => {
  test.each([
    ['the tag object', C, 'ok'],
    ['the commit it peels to', B, 'ok'],
    ['neither', A, 'error'],
  ])('the registry names %s', (_, hexsha, status) => {
    const verdict = judge(refs({ annotated: { '1.0.1': C } }), {
      snapshots: [{ tag: '1.0.1', hexsha }],
    });
    expect(verdict.status).toBe(status);
  });
});

describe('HEAD', () => {
  const [annex, latest, older] = [{ 'git-annex': C }, B, A];
  test.each([
    ['a branch at the latest tag', { head: 'dev' }, { dev: latest, main: older, ...annex }, null],
    ['a branch behind', { head: 'main' }, { main: older, ...annex }, 'head-mismatch'],
    [
      'a branch behind, with the latest elsewhere',
      { head: 'dev' },
      { dev: older, main: latest, ...annex },
      'default-branch-stale',
    ],
    [
      'a branch that is not there, with the latest elsewhere',
      { head: 'gone' },
      { main: latest, ...annex },
      'default-branch-stale',
    ],
    ['a branch that is not there', { head: 'gone' }, { dev: latest, ...annex }, 'head-mismatch'],
    ['git-annex', { head: 'git-annex' }, { main: latest, ...annex }, 'head-on-annex'],
    ['the latest commit', { head: null, headCommit: latest }, { main: older, ...annex }, null],
    [
      'an older commit',
      { head: null, headCommit: older },
      { main: latest, ...annex },
      'default-branch-stale',
    ],
    [
      'the commit of git-annex',
      { head: null, headCommit: C },
      { main: latest, ...annex },
      'head-on-annex',
    ],
    [
      'the latest commit, which git-annex is at too',
      { head: null, headCommit: latest },
      { main: latest, 'git-annex': latest },
      null,
    ],
    [
      'not told, and there is no git-annex either',
      { head: null },
      { main: latest },
      'annex-branch-missing',
    ],
    ['no commit', { head: null, headCommit: null }, { dev: latest, ...annex }, 'head-mismatch'],
    ['not told, and every branch is right', { head: null }, { main: latest, ...annex }, null],
    [
      'not told, and some branch is right',
      { head: null },
      { master: latest, main: older, ...annex },
      'head-unknown',
    ],
    [
      'not told, and no branch is right',
      { head: null },
      { main: older, ...annex },
      'head-mismatch',
    ],
    ['not told, and there is no branch', { head: null }, annex, 'head-mismatch'],
  ])('%s', (_, head, branches, subtype) => {
    const mirror = refs({ ...head, branches });
    const measured = judge(mirror);
    // The server's own name, not a guess.
    expect(measured.head).toBe(head.head);
    expect(measured.subtype).toBe(subtype);
  });
});

test('names like __proto__ stay names, in the document', () => {
  const hostile = {
    ...refs({}),
    branches: new Map([
      ['__proto__', A],
      ['main', B],
      ['git-annex', C],
    ]),
  };
  const measured = judge(hostile);
  expect(Object.entries(measured.branches)).toEqual([...hostile.branches]);
  expect(measured).toMatchObject({ status: 'ok', findings: [] });
});

test('a latest snapshot named constructor is not found by accident', () => {
  const snapshots = [{ tag: 'constructor', hexsha: A }];
  expect(judge(refs({}), { latest: 'constructor', snapshots }).subtype).toBe('tag-missing');
});
