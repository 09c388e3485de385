// Likely causes (docs/checks.md#causes), their evidence, and commands that are safe to paste.

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { liveArchive } from '../../../archives/openneuro/about-archive.ts';
import * as commands from '../../../archives/openneuro/rules/cause-commands.ts';
import type { CauseInput } from '../../../archives/openneuro/rules/cause-input.ts';
import { likelyCauses } from '../../../archives/openneuro/rules/causes.ts';
import { REPLAYED_ARCHIVE, SAMPLE_ARCHIVE } from '../../../core/documents/provenance.ts';
import { publicAddress } from '../../../core/documents/public-place.ts';
import { isPastable, quoted } from '../../../core/documents/shell.ts';
import { causeInput, type Loose } from '../../support/cause-input.ts';
import { OPENNEURO } from '../../support/stage-context.ts';
import { CAUSE_WORDS } from '../../support/words.ts';

const { headObject, setDefaultBranch } = commands;

const [OLD, NEW] = ['0', 'n'].map((digit) => digit.repeat(40)) as [string, string];

const causes = (input: Loose) =>
  likelyCauses(causeInput({ latest: '1.0.11', tags: ['1.0.9', '1.0.10', '1.0.11'], ...input }));
const github = (change: object = {}) => ({
  head: 'main',
  branches: { main: NEW, 'git-annex': OLD },
  tags: { '1.0.9': OLD, '1.0.11': NEW },
  error: null,
  findings: [],
  ...change,
});
const found = (subtype: string, ...tags: string[]) => [{ subtype, status: 'warning', tags }];

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
    [
      'a missing tag alone',
      { github: github({ findings: found('tag-missing', '1.0.11') }) },
      ['snapshot-not-pushed'],
    ],
    ['nothing in the bucket', { s3Diff: { exportMissing: true } }, ['export-never-ran']],
    [
      'nothing in the bucket although it was exported',
      {
        s3Diff: { exportMissing: true, added: ['a'] },
        annexRecord: {
          exportedTree: OLD,
          exportedTag: '1.0.11',
          exportedCommit: OLD,
          claimedMissing: 3,
          claimedMissingPaths: ['a'],
        },
      },
      ['objects-changed'],
    ],
    [
      'files that are too short, and no record',
      {
        s3Content: {
          findings: ['size-mismatch'],
          commit: OLD,
          sizeMismatches: 1,
          mismatches: [{ path: 'a', subtype: 'size-mismatch', expectedSize: 9, size: 2 }],
        },
      },
      ['no-known-cause'],
    ],
    ['a locked description', { s3Version: { subtype: 'blocked' } }, ['still-private']],
    [
      'some locked objects',
      { access: { asked: [{ path: 'sub-01/a.nii', httpStatus: 403 }] } },
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

test('an export that is ahead and has lost objects is both, and named by its branch', () => {
  const likely = causes({
    s3Diff: { exportMissing: false, added: ['a'] },
    annexRecord: {
      ...{ exportedTree: OLD, exportedTag: null, exportedBranch: 'main', exportedCommit: OLD },
      ...{ claimedMissing: 1, claimedMissingPaths: ['a'] },
      ...{ subtype: 'claimed-missing', findings: ['claimed-missing', 'export-ahead'] },
    },
  });
  expect(likely.map(({ cause, evidence }) => [cause, evidence[0]])).toEqual([
    ['objects-changed', 'git-annex recorded the tip of the branch main as exported.'],
    [
      'ahead-of-registry',
      'git-annex recorded an export of the tip of the branch main, which is no snapshot.',
    ],
  ]);
});

describe('commands', () => {
  /** A shell's reading of a command's words, without running it. */
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
    const command = headObject(OPENNEURO, 'ds000001', `sub 01/$(x)'"#?&%.txt`);
    expect(words((command ?? '').replace(/^curl -sSI/, ''))[0]).toBe(
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
    expect(headObject(OPENNEURO, 'ds000001', path)).toBe(
      "curl -sS 'https://s3.amazonaws.com/openneuro.org?list-type=2&prefix=ds000001/'",
    );
  });

  test('a mutation is JSON in one word', () => {
    const [closed] = causes({ s3Version: { subtype: 'blocked' } });
    const body = /--data (.+)$/.exec(closed?.mend ?? '')?.[1] ?? '';
    expect(JSON.parse(words(body)[0] ?? '')).toMatchObject({ variables: { id: 'ds000001' } });
  });

  test('GitHub gets the branch by name', () => {
    expect(words(setDefaultBranch(OPENNEURO, 'ds000001', 'main') ?? '').slice(4, 7)).toEqual([
      'repos/OpenNeuroDatasets/ds000001',
      '-f',
      'default_branch=main',
    ]);
  });
});

describe('whose addresses the commands use', () => {
  const every = (archive: CauseInput['archive']) => [
    commands.listRefs(archive, 'ds000001'),
    commands.showDescription(archive, 'ds000001'),
    commands.listObjects(archive, 'ds000001'),
    headObject(archive, 'ds000001', 'a.txt'),
    headObject(archive, 'ds000001', 'a\n.txt'),
    commands.showAnnexLog(archive, 'ds000001'),
    commands.createRepository(archive, 'ds000001'),
    commands.makePublic(archive, 'ds000001'),
    setDefaultBranch(archive, 'ds000001', 'main'),
    commands.exportTag(archive, 'ds000001', '1.0.0'),
    commands.exportFromClone(archive, 'ds000001', '1.0.0'),
    commands.copyVersion(archive, 'ds000001', 'a', 'v1'),
    commands.uploadFromGit(archive, 'ds000001', OLD, 'a'),
    commands.removeObject(archive, 'ds000001', 'a'),
    commands.countVersions(archive, 'ds000001'),
    commands.pushEverything(archive, 'ds000001'),
  ];
  const places = {
    registryUrl: 'https://archive.example/crn/graphql',
    mirrorUrl: 'https://git.example/mirrors',
    exportUrl: 'https://objects.example/bucket',
  };

  test('every command of OpenNeuro is offered', () => {
    expect(every(OPENNEURO)).not.toContain(null);
  });

  test.each([SAMPLE_ARCHIVE, REPLAYED_ARCHIVE])('none for what is invented: $name', (archive) => {
    expect(every(archive).filter((command) => command !== null)).toEqual([]);
    // Not even if addresses got into the document.
    const withPlaces = { ...archive, ...places };
    expect(every(withPlaces).filter((command) => command !== null)).toEqual([]);
  });

  test('commands for another archive use its own addresses', () => {
    const own = every(liveArchive(places));
    const none = own.flatMap((command, place) => (command === null ? [place] : []));
    expect(none, 'gh is for GitHub alone').toEqual([6, 8]);
    expect(own.join(' ')).not.toMatch(/openneuro\.org|github\.com|amazonaws\.com/);
    expect(own[0]).toBe(
      "GIT_TERMINAL_PROMPT=0 GIT_ASKPASS= git -c credential.helper= ls-remote --symref 'https://git.example/mirrors/ds000001.git'",
    );
    expect(own[2]).toBe("curl -sS 'https://objects.example/bucket?list-type=2&prefix=ds000001/'");
    expect(own[7]).toMatch(/^curl -sS 'https:\/\/archive\.example\/crn\/graphql' /);
  });

  test('another owner on GitHub and another bucket on S3 are named', () => {
    const archive = liveArchive({
      ...places,
      mirrorUrl: 'https://github.com/Others',
      exportUrl: 'https://s3.amazonaws.com/others',
    });
    expect(setDefaultBranch(archive, 'ds000001', 'main')).toContain("'repos/Others/ds000001'");
    expect(commands.removeObject(archive, 'ds000001', 'a')).toBe(
      "aws s3 rm 's3://others/ds000001/a'",
    );
  });

  test.each([
    ["https://x.example/'; rm -rf ~; '", null],
    ['https://user:secret@x.example/b', null],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['ssh://git@x.example/b', null],
    ['https://x.example/b?token=1', null],
    ['https://x.example/b#c', null],
    ['https://x.example/\u202egnp', null],
    ['https://x.example/a b', null],
    ['https://', null],
    ['', null],
    ['http://127.0.0.1:9000/bucket//', 'http://127.0.0.1:9000/bucket'],
  ])('the address %j', (address, shown) => {
    expect(publicAddress(address)).toBe(shown);
    const archive = { ...liveArchive(places), exportUrl: address };
    expect(headObject(archive, 'ds000001', 'a')).toBe(shown && `curl -sSI '${shown}/ds000001/a'`);
  });
});

test('a command that changes something has its caution', () => {
  for (const { caution, changes, label } of Object.values(CAUSE_WORDS)) {
    expect(caution === null, label).toBe(changes === 0);
    if (caution !== null) expect(caution).toMatch(/on purpose/);
  }
});

describe('a tag that was moved on the mirror', () => {
  const [REGISTRY, MIRROR] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
  const moved = {
    github: {
      head: 'main',
      branches: { main: MIRROR },
      tags: { '1.0.9': MIRROR, '1.0.11': MIRROR },
      error: null,
      findings: [{ subtype: 'sha-mismatch', status: 'error', tags: ['1.0.9', '1.0.11'] }],
    },
    strays: ['1.0.9', '1.0.11', '1.0.10'].map((tag) => ({ tag, hexsha: REGISTRY })),
  };

  test('is shown on both sides and put back, the latest first', () => {
    const [cause, ...others] = causes(moved);
    expect(others).toEqual([]);
    expect(cause?.cause).toBe('tag-moved');
    expect(cause?.evidence).toEqual([
      `The tag 1.0.11 is at ${MIRROR}; the registry names ${REGISTRY}.`,
      `The tag 1.0.9 is at ${MIRROR}; the registry names ${REGISTRY}.`,
    ]);
    expect(cause?.verify).toContain("'refs/tags/1.0.11'");
    const refs = ['1.0.11', '1.0.9'].map((tag) => `'${REGISTRY}:refs/tags/${tag}'`).join(' ');
    expect(cause?.mend).toMatch(new RegExp(`push --force \\S+ ${refs}$`));
  });

  test('is not put back where git-annex recorded an export of it', () => {
    const annexRecord = { exportedTag: '1.0.11', exportedCommit: MIRROR, findings: [] };
    const [cause] = causes({ ...moved, annexRecord: { ...annexRecord, incompleteTrees: [] } });
    expect(cause).toMatchObject({ cause: 'tag-moved', mend: null });
    expect(cause?.evidence.at(-1)).toContain('git-annex recorded an export');
  });

  test('does not exist where the registry names no commit', () => {
    const strays = [{ tag: '1.0.11', hexsha: null }];
    expect(causes({ ...moved, strays }).map(({ cause }) => cause)).toEqual(['no-known-cause']);
  });

  test('has no command where the archive has no place', () => {
    for (const archive of [SAMPLE_ARCHIVE, REPLAYED_ARCHIVE]) {
      expect(causes({ ...moved, archive })).toMatchObject([{ verify: null, mend: null }]);
    }
  });
});

test('copies ahead of the registry: a tree of no snapshot, while the DOI names no snapshot either', () => {
  const annexRecord = {
    ...{ exportedTag: null, exportedBranch: null, exportedTree: OLD, incompleteTrees: [] },
    findings: ['export-of-no-snapshot'],
  };
  const s3Version = { versionSource: 'doi', extractedVersion: '1.0.12' };
  const [cause] = causes({ annexRecord, s3Version, s3Diff: { added: [] } });
  expect(cause?.cause).toBe('ahead-of-registry');
  expect(cause?.evidence[0]).toContain(`the tree ${OLD}`);
  const known = { ...s3Version, extractedVersion: '1.0.11' };
  const [other] = causes({ annexRecord, s3Version: known, s3Diff: { added: [] } });
  expect(other?.cause).toBe('no-known-cause');
});
