// What each cause is based on, literally where it counts, and when it is not given
// (docs/checks.md#causes).

import { describe, expect, test } from 'vitest';
import { likelyCauses } from '../../../archives/openneuro/rules/causes.ts';
import { causeInput, type Loose } from '../../support/cause-input.ts';

const [OLD, NEW, OTHER] = ['0', 'a', 'f'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
];
const likely = (input: Loose) => likelyCauses(causeInput(input));
const causes = (input: Loose) => likely(input).map(({ cause }) => cause);
const the = (cause: string, input: Loose) => likely(input).find((one) => one.cause === cause);

const github = (change: object = {}) => ({
  github: {
    head: 'main',
    branches: { main: NEW, 'git-annex': OTHER },
    tags: { '1.0.0': OLD, '1.0.1': NEW },
    error: null,
    findings: [],
    ...change,
  },
});
const finding = (subtype: string, ...tags: string[]) => ({ subtype, status: 'warning', tags });
const record = (change: object) => ({
  annexRecord: { exportedTree: OTHER, exportedTag: '1.0.1', exportedCommit: NEW, ...change },
});

describe('snapshots that were not pushed', () => {
  const refsOf = (command: string | null | undefined) =>
    / push '[^']+' (.*)$/.exec(command ?? '')?.[1];
  const missing = (...findings: object[]) => github({ findings });
  const newest = finding('tag-missing', '1.0.1');
  const older = finding('older-tag-missing', '1.0.0', '0.9.0');

  test('the latest goes with its branches', () => {
    const { evidence, verify, mend } = the('snapshot-not-pushed', missing(newest)) ?? {};
    expect(evidence).toEqual([
      'GitHub has the repository and not the tag 1.0.1.',
      '1.0.1 is the latest snapshot in the registry.',
    ]);
    expect(verify).toMatch(/ ls-remote /);
    expect(refsOf(mend)).toBe("'HEAD' 'refs/heads/git-annex' 'refs/tags/1.0.1'");
  });

  test('older ones are removed alone', () => {
    const { evidence, mend } = the('snapshot-not-pushed', missing(older)) ?? {};
    expect(evidence).toEqual(['GitHub has the repository and not the tags 1.0.0, 0.9.0.']);
    expect(refsOf(mend)).toBe("'refs/tags/1.0.0' 'refs/tags/0.9.0'");
  });

  test('both go together, but not with a file that GitHub refuses', () => {
    const both = missing(newest, older);
    const together =
      "'HEAD' 'refs/heads/git-annex' 'refs/tags/1.0.1' 'refs/tags/1.0.0' 'refs/tags/0.9.0'";
    expect(refsOf(the('snapshot-not-pushed', both)?.mend)).toBe(together);
    const bigFiles = [{ path: 'x.mat', size: 125_829_120 }];
    const refused = the('snapshot-not-pushed', { ...both, bigFiles });
    expect(refsOf(refused?.mend)).toBe("'refs/tags/1.0.0' 'refs/tags/0.9.0'");
  });

  test('are none of a repository that is not there', () => {
    const input = github({ error: 'repo-disabled', findings: [newest] });
    expect(causes(input)).toEqual(['no-known-cause']);
  });
});

describe('a branch that was not pushed', () => {
  const findings = [finding('head-mismatch')];
  const behind = (change: object = {}) => github({ branches: { main: OLD }, findings, ...change });

  test('is still at an older snapshot', () => {
    const { evidence, verify, mend } = the('branch-not-pushed', behind()) ?? {};
    expect(evidence).toEqual(['The branch main is still at 1.0.0; the tag 1.0.1 is there.']);
    expect(verify).toMatch(/ ls-remote /);
    expect(mend).toMatch(/ 'refs\/tags\/1\.0\.1\^\{commit\}:refs\/heads\/main'$/);
  });

  test.each<[string, Loose]>([
    ['HEAD names none', behind({ head: null })],
    ['HEAD names one that is not there', behind({ head: 'gone' })],
    ['it is at no snapshot', behind({ branches: { main: OTHER } })],
  ])('is not the cause where %s', (_, input) => {
    expect(causes(input)).toEqual(['no-known-cause']);
  });

  test('is none that agrees, nor one that another cause explains', () => {
    expect(causes(behind({ findings: [] }))).toEqual([]);
    const tags = { '1.0.9': OLD, '1.0.10': NEW };
    const sorted = { ...behind({ tags }), tags: Object.keys(tags), latest: '1.0.10' };
    expect(causes(sorted)).toEqual(['string-sorted-export']);
  });
});

describe('an export that was not renewed', () => {
  const says = (extractedVersion: string, subtype: string | null = 'doi-mismatch') => ({
    s3Version: { subtype, versionSource: 'doi', extractedVersion },
  });
  const older = record({ exportedTag: '1.0.0' });
  const LATEST = 'The latest snapshot in the registry is 1.0.1.';

  test.each<[string, Loose, string[], RegExp]>([
    [
      'the record',
      older,
      ['git-annex recorded an export of 1.0.0.', LATEST],
      /git-annex:export\.log/,
    ],
    [
      'the description, without a record',
      says('1.0.0'),
      ['The export says that it is 1.0.0.', LATEST],
      /dataset_description\.json'$/,
    ],
    [
      'both',
      { ...older, ...says('1.0.0') },
      ['git-annex recorded an export of 1.0.0.', 'The export says that it is 1.0.0.', LATEST],
      /git-annex:export\.log/,
    ],
    [
      'the record, against the description',
      { ...older, ...says('0.9.0'), tags: ['0.9.0', '1.0.0', '1.0.1'] },
      ['git-annex recorded an export of 1.0.0.', LATEST],
      /git-annex:export\.log/,
    ],
  ])('is concluded from %s', (_, input, evidence, verify) => {
    const found = the('export-not-renewed', input);
    expect(found?.evidence).toEqual(evidence);
    expect(found?.verify).toMatch(verify);
    expect(found?.mend).toMatch(/ annex export '1\.0\.1' /);
  });

  test.each<[string, Loose]>([
    ['the latest was recorded', record({})],
    ['what was recorded is no snapshot', record({ exportedTag: '0.9.0' })],
    [
      'what was recorded is newer',
      { ...record({ exportedTag: '1.0.2' }), tags: ['1.0.1', '1.0.2'] },
    ],
    ['a tree of no snapshot was recorded', { ...record({ exportedTag: null }), ...says('1.0.0') }],
    ['the description is not at fault', says('1.0.0', null)],
    [
      'versions are sorted as text',
      { ...record({ exportedTag: '1.0.9' }), tags: ['1.0.9', '1.0.10'], latest: '1.0.10' },
    ],
  ])('is not the cause where %s', (_, input) => {
    expect(causes(input)).not.toContain('export-not-renewed');
  });
});

describe('an export that was cut short', () => {
  const never = (...paths: string[]) =>
    paths.map((path) => ({ path, version: null, inGit: false }));

  test('says that it was begun, what is missing, and the first five files', () => {
    const recordedVersions = never('a', 'b', 'c', 'd', 'e', 'f');
    const input = record({
      ...{
        incompleteTrees: [OLD],
        claimedMissing: 6,
        claimedMissingPaths: ['z'],
        recordedVersions,
      },
    });
    expect(the('export-cut-short', input)).toMatchObject({
      evidence: [
        'git-annex started an export and did not record its end.',
        'git-annex recorded 1.0.1 as exported; 6 of its files are not there.',
        ...['a', 'b', 'c', 'd', 'e'].map((path) => `No version of ${path} was ever recorded.`),
      ],
      verify: expect.stringMatching(/comm -23 .* \| wc -l$/),
    });
  });

  test.each<[string, object, Loose, RegExp]>([
    ['a file that the record misses', { claimedMissingPaths: ['z'] }, {}, /\/z'$/],
    ['one that the listing misses', {}, { s3Diff: { added: ['y', 'x'] } }, /\/y'$/],
    ['the log', {}, {}, /export\.log/],
  ])('is shown by %s', (_, change, more, verify) => {
    const found = the('export-cut-short', {
      ...record({ incompleteTrees: [OLD], ...change }),
      ...more,
    });
    expect(found?.evidence).toEqual(['git-annex started an export and did not record its end.']);
    expect(found?.verify).toMatch(verify);
  });

  test('explains what is missing only where all of it was never uploaded', () => {
    const input = (claimedMissing: number) =>
      record({
        ...{ claimedMissing, recordedVersions: never('a'), findings: ['claimed-missing'] },
      });
    expect(causes(input(1))).toEqual(['export-cut-short']);
    expect(the('export-cut-short', input(1))?.evidence).toEqual([
      'git-annex recorded 1.0.1 as exported; 1 of its files are not there.',
      'No version of a was ever recorded.',
    ]);
    expect(causes(input(2))).toEqual(['export-cut-short', 'objects-changed']);
    const { annexRecord } = input(2);
    const ofNoCommit = { annexRecord: { ...annexRecord, exportedCommit: null } };
    expect(causes(ofNoCommit)).toEqual(['export-cut-short', 'no-known-cause']);
  });
});

describe('objects that changed', () => {
  const differing = (count: number, paths: readonly string[], more: object = {}) => ({
    s3Content: {
      commit: NEW,
      findings: ['size-mismatch'],
      sizeMismatches: count - 1,
      contentMismatches: 1,
      mismatches: paths.map((path) => ({ path, subtype: 'size-mismatch' })),
      ...more,
    },
  });
  const versioned = (path: string) => ({ path, version: 'v1', inGit: false });
  const inGit = (path: string) => ({ path, version: null, inGit: true });
  const without = (path: string) => ({ path, version: null, inGit: false });
  const REFUSED = 'git-annex recorded 1.0.1 as exported.';

  test('are counted, and the first five are named with the place of their content', () => {
    const named = [
      versioned('a'),
      inGit('b'),
      without('c'),
      versioned('d'),
      inGit('e'),
      inGit('f'),
    ];
    const input = {
      ...record({ claimedMissing: 5, claimedMissingPaths: ['a'], recordedVersions: named }),
      ...differing(1_200, ['c'], { bytesMissing: 54_321 }),
    };
    expect(the('objects-changed', input)?.evidence).toEqual([
      REFUSED,
      '5 of its files are not there.',
      '1,200 are there with another size or content.',
      '54,321 bytes are missing of those that are there.',
      'a was recorded as the version v1.',
      'b is in git itself.',
      'No version of c was recorded.',
      'd was recorded as the version v1.',
      'e is in git itself.',
      'The command restores the first 5; the next run names others.',
    ]);
  });

  test('say no more if all are named', () => {
    const input = record({ claimedMissing: 1, recordedVersions: [versioned('a')] });
    expect(the('objects-changed', input)?.evidence).toEqual([
      REFUSED,
      '1 of its files are not there.',
      'a was recorded as the version v1.',
    ]);
    const there = { ...record({ recordedVersions: [versioned('a')] }), ...differing(1, ['a']) };
    expect(the('objects-changed', there)?.evidence).toEqual([
      REFUSED,
      '1 are there with another size or content.',
      'a was recorded as the version v1.',
    ]);
  });

  test('are not shown for files compared with another commit, nor is a count of zero', () => {
    const other = differing(5, ['x'], { commit: OLD, bytesMissing: 7 });
    const input = record({ claimedMissing: 1, recordedVersions: [versioned('a')] });
    expect(the('objects-changed', { ...input, ...other })?.evidence).toEqual([
      REFUSED,
      '1 of its files are not there.',
      'a was recorded as the version v1.',
    ]);
    expect(the('objects-changed', record({ claimedMissing: 2 }))?.evidence).toEqual([
      REFUSED,
      '2 of its files are not there.',
    ]);
  });

  test('an object whose name cannot be pasted stops none of the others', () => {
    const named = [versioned('a\u202e'), versioned('b')];
    const found = the('objects-changed', record({ claimedMissing: 2, recordedVersions: named }));
    expect(found?.mend).toMatch(/^aws s3api copy-object .*versionId=v1'$/);
  });

  test('are not all named where only those are that are there', () => {
    const input = record({ claimedMissing: 1, recordedVersions: [versioned('there')] });
    const { mend } = the('objects-changed', { ...input, ...differing(1, ['there']) }) ?? {};
    expect(mend).toMatch(/ copy-object .* annex export '1\.0\.1' /s);
  });

  test('are shown by one with a version, else by one in git, else by the first that is known', () => {
    const shown = (input: Loose) =>
      [
        ...(the('objects-changed', input)?.verify ?? '').matchAll(/\/ds000001\/([^']*)'|prefix/g),
      ].map(([, path]) => path);
    const missing = (...recordedVersions: object[]) =>
      record({ claimedMissing: 1, claimedMissingPaths: ['z'], recordedVersions });
    expect(the('objects-changed', missing(inGit('b')))?.verify).toMatch(/^curl -sSI '[^']+'$/);
    expect(shown(missing(inGit('b'), versioned('a')))).toEqual(['a', 'a?versionId=v1']);
    expect(shown(missing(inGit('b'), inGit('c')))).toEqual(['b']);
    expect(shown(missing())).toEqual(['z']);
    expect(shown({ ...record({}), ...differing(1, ['y']) })).toEqual(['y']);
    expect(shown({ ...missing(without('c')), ...differing(1, ['c']) })).toEqual(['c']);
    expect(shown(record({ claimedMissing: 1 }))).toEqual([undefined]);
  });

  test('are named by the tree where neither tag nor branch has it, and have no command then', () => {
    const input = record({ exportedTag: null, claimedMissing: 1, recordedVersions: [inGit('a')] });
    const found = the('objects-changed', input);
    expect(found?.evidence[0]).toBe(`git-annex recorded the tree ${OTHER} as exported.`);
    expect(found?.mend).toBeNull();
  });

  test('objects of a branch are restored from it', () => {
    const change = { exportedTag: null, exportedBranch: 'main', claimedMissing: 2 };
    expect(the('objects-changed', record(change))?.mend).toMatch(/ annex export 'main' /);
  });

  test.each<[string, Loose, boolean]>([
    ['nothing is missing', record({}), false],
    ['no commit was recorded', record({ exportedCommit: null, claimedMissing: 1 }), false],
    ['there is no record', differing(1, ['a']), false],
    ['an export was begun', record({ incompleteTrees: [OLD], claimedMissing: 1 }), false],
    [
      'an export was begun and a file differs',
      { ...record({ incompleteTrees: [OLD] }), ...differing(1, ['a']) },
      true,
    ],
    [
      'as many differ as are missing',
      { ...record({ claimedMissing: 1 }), ...differing(1, ['a']) },
      true,
    ],
    ['a file differs', { ...record({}), ...differing(1, ['a']) }, true],
    [
      'a file of another commit differs',
      { ...record({}), ...differing(1, ['a'], { commit: OLD }) },
      false,
    ],
    [
      'a file of a dataset just published differs',
      { ...record({}), ...differing(1, ['a']), waitsUntil: '2026-12-01T00:00:00.000Z' },
      true,
    ],
  ])('where %s', (_, input, isCause) => {
    expect(causes(input).includes('objects-changed')).toBe(isCause);
  });

  test('objects in the bucket are removed or restored; a clone uploads those that are missing', () => {
    const input = {
      ...record({
        claimedMissing: 3,
        recordedVersions: [versioned('gone'), versioned('there'), without('odd')],
      }),
      ...differing(2, ['there', 'odd']),
    };
    const mend = the('objects-changed', input)?.mend ?? '';
    const lines = mend.split(' &&\n').map((line) => /rm|copy-object|annex export/.exec(line)?.[0]);
    expect(lines.slice(0, 2)).toEqual(['rm', 'copy-object']);
    expect(mend).toContain('ds000001/there?versionId=v1');
    expect(mend).not.toContain('ds000001/gone');
    expect(mend).not.toContain('cat-file');
    expect(mend).toMatch(/ annex export '1\.0\.1' /);
  });
});

describe('files that are left behind', () => {
  const left = (count: number, change: object = {}) => ({
    ...record({}),
    s3Diff: {
      commit: NEW,
      removed: Array.from({ length: count }, (_, n) => `old-${n}`),
      ...change,
    },
  });
  const NO_SUCH = 'git-annex recorded 1.0.1 as exported, which has no such file: old-0.';

  test.each([
    [1, [NO_SUCH]],
    [2, [NO_SUCH, 'There are 2 of them.']],
    [20, [NO_SUCH, 'There are 20 of them.']],
    [
      1_021,
      [
        NO_SUCH,
        'There are 1,021 of them.',
        'The command removes the first 20; the next run names others.',
      ],
    ],
  ])('%i of them', (count, evidence) => {
    const found = the('files-left-behind', left(count));
    expect(found?.evidence).toEqual(evidence);
    expect(found?.verify).toMatch(count === 1 ? /\/ds000001\/old-0'$/ : /comm -13 .* \| wc -l$/);
    expect(found?.mend?.split(' &&\n')[0]).toBe("aws s3 rm 's3://openneuro.org/ds000001/old-0'");
  });

  test.each<[string, Loose]>([
    ['there are none', left(0)],
    [
      'no commit was compared',
      { ...left(1, { commit: null }), ...record({ exportedCommit: null }) },
    ],
    ['the bucket holds nothing', left(1, { exportMissing: true })],
  ])('are none where %s', (_, input) => {
    expect(causes(input)).not.toContain('files-left-behind');
  });

  test('a file whose name cannot be pasted stops none of the others', () => {
    const removed = ['a\u202e', 'b'];
    const found = the('files-left-behind', left(0, { removed }));
    expect(found?.mend).toBe("aws s3 rm 's3://openneuro.org/ds000001/b'");
  });
});

describe('a tag that was moved', () => {
  const moved = github({
    findings: [finding('x', '1.0.2'), finding('sha-mismatch', '1.0.0', '1.0.1')],
  });
  const strays = [
    { tag: '1.0.0', hexsha: OTHER },
    { tag: '1.0.1', hexsha: OLD },
  ];
  const IN_STEP = "The export holds the files of the registry's commit.";
  const compared = (change: object = {}) => ({
    s3Diff: { status: 'ok', s3Version: '1.0.1', commit: OLD, ...change },
  });

  test.each<[string, object, boolean]>([
    ['is as the registry has it', compared(), true],
    ['is as the mirror has it', compared({ commit: NEW }), false],
    ['differs', compared({ status: 'error' }), false],
    ['is of another version', compared({ s3Version: '0.9.0' }), false],
    ['was compared with a tree', compared({ commit: null }), false],
    ['is not known', {}, false],
  ])('where the export %s', (_, input, isTold) => {
    const { evidence } = the('tag-moved', { ...moved, strays, ...input }) ?? {};
    expect(evidence).toEqual([
      `The tag 1.0.1 is at ${NEW}; the registry names ${OLD}.`,
      `The tag 1.0.0 is at ${OLD}; the registry names ${OTHER}.`,
      ...(isTold ? [IN_STEP] : []),
    ]);
  });

  test.each<[string, object, boolean]>([
    ["the mirror's commit", { exportedTag: '1.0.1', exportedCommit: NEW }, true],
    ["an older tag's", { exportedTag: '1.0.0', exportedCommit: OLD }, true],
    ["the registry's", { exportedTag: '1.0.1', exportedCommit: OLD }, false],
    ['no tag', { exportedTag: null, exportedCommit: NEW }, false],
  ])('and git-annex recorded an export of %s', (_, change, isExported) => {
    const found = the('tag-moved', { ...moved, strays, annexRecord: change });
    expect(found?.mend === null).toBe(isExported);
    expect(found?.evidence.at(-1)?.startsWith('git-annex recorded')).toBe(isExported);
  });

  test('is one that the mirror’s check found, and at most five are put back', () => {
    const tags = Array.from({ length: 7 }, (_, n) => `1.0.${n}`);
    const many = {
      ...github({
        tags: Object.fromEntries(tags.map((tag) => [tag, NEW])),
        findings: [finding('sha-mismatch', ...tags.slice(1))],
      }),
      strays: tags.map((tag) => ({ tag, hexsha: OLD })),
      ...{ tags, latest: '1.0.3' },
    };
    const refs = [...(the('tag-moved', many)?.mend ?? '').matchAll(/:refs\/tags\/([\d.]+)'/g)];
    expect(refs.map(([, tag]) => tag)).toEqual(['1.0.3', '1.0.6', '1.0.5', '1.0.4', '1.0.2']);
  });

  test.each([[['1.0.3', '2.0.0']], [['2.0.0', '1.0.3']]])(
    'the latest comes first though another is higher: %s',
    (tags) => {
      const two = {
        ...github({
          tags: Object.fromEntries(tags.map((tag) => [tag, NEW])),
          findings: [finding('sha-mismatch', ...tags)],
        }),
        strays: tags.map((tag) => ({ tag, hexsha: OLD })),
        ...{ tags, latest: '1.0.3' },
      };
      expect(the('tag-moved', two)?.evidence[0]).toMatch(/^The tag 1\.0\.3 is at /);
    },
  );
});
