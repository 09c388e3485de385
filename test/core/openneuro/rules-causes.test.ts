// Likely causes (section 13), their evidence, and commands that are safe to paste.

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { headObject, setDefaultBranch } from '../../../core/openneuro/rules/cause-commands.ts';
import { type CauseInput, likelyCauses } from '../../../core/openneuro/rules/causes.ts';
import { isPastable, quoted } from '../../../core/openneuro/shell.ts';

const NOTHING: CauseInput = {
  id: 'ds000001',
  latest: '1.0.11',
  tags: ['1.0.9', '1.0.10', '1.0.11'],
  github: null,
  s3Version: null,
  s3Diff: null,
  s3Content: null,
  s3Access: null,
  annexRecord: null,
  bigFiles: [],
};
const [OLD, NEW] = ['0', 'n'].map((digit) => digit.repeat(40)) as [string, string];

/** Documents are given as far as a rule looks at them. */
type Loose = { readonly [K in keyof CauseInput]?: unknown };
const causes = (input: Loose) => likelyCauses({ ...NOTHING, ...input } as CauseInput);
const github = (change: object = {}) => ({
  head: 'main',
  branches: { main: NEW, 'git-annex': OLD },
  tags: { '1.0.9': OLD, '1.0.11': NEW },
  error: null,
  findings: [],
  ...change,
});
const found = (subtype: string) => [{ subtype, status: 'warning', tags: [] }];

describe('causes', () => {
  test.each<[string, Loose, string[]]>([
    ['nothing is known', {}, []],
    ['everything is in step', { github: github() }, []],
    ['no repository', { github: github({ error: 'repo-not-found' }) }, ['repository-never-pushed']],
    ['an empty one', { github: github({ error: 'repo-empty' }) }, ['repository-never-pushed']],
    ['a closed one, which was pushed', { github: github({ error: 'repo-disabled' }) }, []],
    [
      'the export is the greatest version as text',
      { s3Version: { versionSource: 'doi', extractedVersion: '1.0.9' } },
      ['string-sorted-export'],
    ],
    [
      'so says the record of git-annex',
      { annexRecord: { exportedTag: '1.0.9', incompleteTrees: [] } },
      ['string-sorted-export'],
    ],
    [
      'main is there',
      { github: github({ branches: { main: OLD, 'git-annex': OLD } }) },
      ['string-sorted-export'],
    ],
    [
      'the export is another old version',
      { s3Version: { versionSource: 'doi', extractedVersion: '1.0.10' } },
      [],
    ],
    [
      'the version was only assumed',
      { s3Version: { versionSource: 'assumed_latest', extractedVersion: '1.0.9' } },
      [],
    ],
    [
      'the greatest as text is the latest',
      {
        latest: '1.0.2',
        tags: ['1.0.1', '1.0.2'],
        s3Version: { versionSource: 'doi', extractedVersion: '1.0.1' },
      },
      [],
    ],
    [
      'HEAD is at a stale branch',
      { github: github({ head: 'master', findings: found('default-branch-stale') }) },
      ['default-branch-stale'],
    ],
    [
      'HEAD is at git-annex',
      { github: github({ head: 'git-annex', findings: found('head-on-annex') }) },
      ['default-branch-stale'],
    ],
    [
      'a missing tag and a big file that is not annexed',
      {
        github: github({ findings: found('tag-missing') }),
        bigFiles: [{ path: 'model.mat', size: 125_829_120 }],
      },
      ['blob-too-big'],
    ],
    ['a missing tag alone', { github: github({ findings: found('tag-missing') }) }, []],
    ['nothing in the bucket', { s3Diff: { exportMissing: true } }, ['export-never-ran']],
    [
      'nothing in the bucket although it was exported',
      {
        s3Diff: { exportMissing: true, added: ['a'] },
        annexRecord: {
          notCompared: null,
          exportedTree: OLD,
          exportedTag: '1.0.11',
          incompleteTrees: [],
          claimedMissing: 3,
          claimedMissingPaths: ['a'],
        },
      },
      ['export-cut-short'],
    ],
    [
      'files that are too short',
      {
        s3Content: {
          bytesMissing: 7,
          sizeMismatches: 1,
          mismatches: [{ path: 'a', expectedSize: 9, size: 2 }],
        },
      },
      ['export-cut-short'],
    ],
    [
      'files that are too long',
      { s3Content: { bytesMissing: 0, sizeMismatches: 1, mismatches: [] } },
      [],
    ],
    ['a locked description', { s3Version: { subtype: 'blocked' } }, ['still-private']],
    [
      'some locked objects',
      { s3Access: { asked: [{ path: 'sub-01/a.nii', httpStatus: 403 }] } },
      ['still-private'],
    ],
    [
      'no git-annex branch',
      { github: github({ findings: found('annex-branch-missing') }) },
      ['annex-branch-not-pushed'],
    ],
  ])('%s', (_, input, expected) => {
    const likely = causes(input);
    expect(likely.map(({ cause }) => cause)).toEqual(expected);
    for (const { evidence, verify } of likely) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(verify).toContain('ds000001');
    }
  });
});

describe('commands', () => {
  /** What a shell makes of a command's words, without running it. */
  const words = (command: string) =>
    execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { env: {} })
      .toString()
      .split('\n');

  test.each([
    "it's",
    "'; rm -rf ~; '",
    '$(reboot) `reboot` $HOME',
    'a b\tc',
    '"double" \\ back',
    '-rf',
    '*',
    '!!',
    '',
  ])('%j stays one word', (text) => {
    expect(words(quoted(text))).toEqual([text, '']);
  });

  test('a hostile path goes into an address in escapes', () => {
    const command = headObject('ds000001', `sub 01/$(x)'"#?&%.txt`);
    expect(words(command.replace(/^curl -sSI/, ''))[0]).toBe(
      "https://s3.amazonaws.com/openneuro.org/ds000001/sub%2001/%24(x)'%22%23%3F%26%25.txt",
    );
  });

  test.each([
    'line\nbreak',
    'esc\x1b[2J',
    'bidi\u202e',
    'bytes\u{fffd}',
    'x'.repeat(2000),
    '\ud800',
  ])('a path that a terminal would take for more is not pasted', (path) => {
    expect(isPastable(path)).toBe(false);
    expect(headObject('ds000001', path)).toBe(
      "aws s3 ls --no-sign-request 's3://openneuro.org/ds000001/'",
    );
  });

  test('a mutation is JSON in one word', () => {
    const [never] = causes({ github: github({ error: 'repo-empty' }) });
    const body = /--data (.+)$/.exec(never?.mend ?? '')?.[1] ?? '';
    expect(JSON.parse(words(body)[0] ?? '')).toMatchObject({ variables: { id: 'ds000001' } });
  });

  test('GitHub is told the branch by name', () => {
    expect(words(setDefaultBranch('ds000001', 'main')).slice(4, 7)).toEqual([
      'repos/OpenNeuroDatasets/ds000001',
      '-f',
      'default_branch=main',
    ]);
  });
});
