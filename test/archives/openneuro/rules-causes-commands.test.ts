// What each cause's commands ask and change (docs/checks.md#causes): the file, the tag, the branch.

import { describe, expect, test } from 'vitest';
import type { CauseInput } from '../../../archives/openneuro/rules/cause-input.ts';
import { GITHUB_BLOB_LIMIT, likelyCauses } from '../../../archives/openneuro/rules/causes.ts';
import { causeInput } from '../../support/cause-input.ts';
import { OPENNEURO } from '../../support/stage-context.ts';

function only(input: { readonly [K in keyof CauseInput]?: unknown }) {
  const likely = likelyCauses(causeInput(input));
  expect(likely).toHaveLength(1);
  return likely[0] as (typeof likely)[number];
}

const COMMIT = 'e'.repeat(40);
const recorded = (change: object) => ({
  annexRecord: {
    exportedTree: COMMIT,
    exportedTag: '1.0.1',
    exportedCommit: COMMIT,
    findings: ['claimed-missing'],
    ...change,
  },
});
const claimed = (count: number, ...recordedVersions: object[]) =>
  recorded({ claimedMissing: count, claimedMissingPaths: ['a'], recordedVersions });
const versioned = (path: string, version = 'v1') => ({ path, version, inGit: false });
const inGit = (path: string) => ({ path, version: null, inGit: true });
const without = (path: string) => ({ path, version: null, inGit: false });
const differing = (...paths: string[]) => ({
  s3Content: {
    commit: COMMIT,
    findings: ['size-mismatch'],
    sizeMismatches: paths.length,
    mismatches: paths.map((path) => ({ path, subtype: 'size-mismatch' })),
  },
});
const lines = (command: string | null | undefined) => (command ?? '').split(' &&\n');

describe('objects that changed after the export', () => {
  test('are restored from their versions, and from git', () => {
    const { cause, verify, mend } = only(claimed(2, versioned('sub 01/a.nii'), inGit('README')));
    expect(cause).toBe('objects-changed');
    expect(lines(verify)).toEqual([
      `clone=$(mktemp -d) && git init --quiet --bare "$clone" && GIT_TERMINAL_PROMPT=0 GIT_ASKPASS= git -c credential.helper= -C "$clone" fetch --quiet --depth 1 --filter=blob:none 'https://github.com/OpenNeuroDatasets/ds000001.git' ${COMMIT}`,
      `git -C "$clone" ls-tree -r -z FETCH_HEAD | tr '\\0' '\\n' | grep -v '^160000' | cut -f 2- | LC_ALL=C sort > "$clone"/in-git`,
      `aws s3api list-objects-v2 --no-sign-request --bucket 'openneuro.org' --prefix 'ds000001/' --query 'Contents[].[Key]' --output text | cut -d / -f 2- | LC_ALL=C sort > "$clone"/in-export`,
      'LC_ALL=C comm -23 "$clone"/in-git "$clone"/in-export | wc -l',
      "curl -sSI 'https://s3.amazonaws.com/openneuro.org/ds000001/sub%2001/a.nii?versionId=v1'",
    ]);
    expect(lines(mend)).toEqual([
      "aws s3api copy-object --bucket 'openneuro.org' --key 'ds000001/sub 01/a.nii' --copy-source 'openneuro.org/ds000001/sub 01/a.nii?versionId=v1'",
      `git -C "$DATASETS"/'ds000001' cat-file blob '${COMMIT}:README' | aws s3 cp - 's3://openneuro.org/ds000001/README'`,
    ]);
  });

  test('are exported from a clone where more are gone than are named', () => {
    const { mend, evidence } = only(claimed(2, versioned('a')));
    expect(mend).toContain('annex enableremote');
    expect(mend).not.toContain('copy-object');
    expect(evidence.join(' ')).toContain('2 of its files are not there');
  });

  test('are removed first where they are something that was never exported', () => {
    const input = { ...recorded({ recordedVersions: [without('a')] }), ...differing('a') };
    const { mend } = likelyCauses(causeInput(input))[0] as ReturnType<typeof only>;
    expect(lines(mend)[0]).toBe("aws s3 rm 's3://openneuro.org/ds000001/a'");
    expect(mend).toContain('annex enableremote');
  });

  test.each([
    ['a version of no kind', versioned('a', "'; rm -rf ~")],
    ['a name that a terminal would take for more', versioned('a\u202e')],
  ])('have no command for %s', (_, file) => {
    const { mend } = only({
      ...recorded({ recordedVersions: [file], findings: [] }),
      ...differing(file.path),
    });
    expect(mend).toBeNull();
  });

  test('are no cause where the files that differ are of another commit', () => {
    const [{ cause } = {}] = likelyCauses(
      causeInput({
        ...recorded({ findings: [] }),
        s3Content: { ...differing('a').s3Content, commit: 'f'.repeat(40) },
      }),
    );
    expect(cause).toBe('no-known-cause');
  });

  test('objects of a dataset just published may still be on their way', () => {
    const waitsUntil = '2026-12-01T00:00:00.000Z';
    const input = claimed(1, versioned('a'));
    expect(likelyCauses(causeInput({ ...input, waitsUntil }))).toEqual([]);
  });
});

describe('an export that was cut short', () => {
  test('is shown by a file that was never uploaded, and exported once more', () => {
    const { cause, verify, mend } = only(claimed(1, without('x')));
    expect(cause).toBe('export-cut-short');
    expect(verify).toMatch(/^curl -sSI '[^']+\/ds000001\/x'$/);
    expect(lines(mend)).toEqual([
      `git -C "$DATASETS"/'ds000001' annex export '1.0.1' --to 's3-PUBLIC'`,
      `GIT_TERMINAL_PROMPT=0 GIT_ASKPASS= git -C "$DATASETS"/'ds000001' push 'https://github.com/OpenNeuroDatasets/ds000001.git' 'refs/heads/git-annex'`,
    ]);
  });

  test('is shown by the log of git-annex where no file is known', () => {
    const begun = { annexRecord: { incompleteTrees: [COMMIT], findings: ['export-incomplete'] } };
    const { cause, verify } = only(begun);
    expect(cause).toBe('export-cut-short');
    expect(verify).toContain('git-annex:export.log');
  });

  test('is shown beside the objects that changed, each with its own files', () => {
    const likely = likelyCauses(causeInput(claimed(2, versioned('a'), without('x'))));
    expect(likely.map(({ cause }) => cause)).toEqual(['export-cut-short', 'objects-changed']);
    expect(likely[1]?.mend).toContain("'ds000001/a'");
    expect(likely[1]?.mend).not.toContain("'ds000001/x'");
  });
});

describe('files that are left behind', () => {
  const left = (count: number, change: object = {}) => ({
    ...recorded({ findings: [] }),
    s3Diff: {
      commit: COMMIT,
      removed: Array.from({ length: count }, (_, n) => `old-${n}`),
      ...change,
    },
  });

  test('are removed, the first 20 of them', () => {
    const { cause, mend, evidence } = only(left(25));
    expect(cause).toBe('files-left-behind');
    expect(lines(mend)).toHaveLength(20);
    expect(evidence.join(' ')).toMatch(/25 .* first 20/);
  });

  test.each([
    ['another commit was recorded', left(1, { commit: 'f'.repeat(40) })],
    [
      'an export was begun',
      { ...left(1), ...recorded({ incompleteTrees: [COMMIT], findings: [] }) },
    ],
    ['nothing was recorded', { s3Diff: { commit: COMMIT, removed: ['old'] } }],
  ])('are not shown, and never removed, where %s', (_, input) => {
    for (const { cause, mend } of likelyCauses(causeInput(input))) {
      expect(cause).not.toBe('files-left-behind');
      expect(mend ?? '').not.toContain('s3 rm');
    }
  });
});

test('the first file seen that is too big for GitHub is named', () => {
  const { verify, evidence } = only({
    github: { error: null, tags: {}, branches: {}, findings: [{ subtype: 'tag-missing' }] },
    bigFiles: ['x.mat', 'y.mat', 'z.mat'].map((path) => ({ path, size: 125_829_120 })),
  });
  expect(verify).toMatch(/^curl -sSI '[^']+\/ds000001\/x\.mat'$/);
  expect(evidence.slice(1).map((line) => line.split(' ')[0])).toEqual(['x.mat', 'y.mat', 'z.mat']);
});

test.each([
  ['an object that cannot be read', [403], 'f0'],
  ['the first that cannot, of some', [200, 404, 403, 403], 'f2'],
])('a private export is shown by %s', (_, statuses, path) => {
  const asked = statuses.map((httpStatus, n) => ({ path: `f${n}`, httpStatus }));
  const { cause, verify, evidence } = only({ access: { asked } });
  expect(cause).toBe('still-private');
  expect(verify).toMatch(new RegExp(`/ds000001/${path}'$`));
  const refused = statuses.filter((status) => status === 403).length;
  expect(evidence).toContain(
    `${refused} of ${statuses.length} listed objects cannot be read (403).`,
  );
});

test('five of many files that are too big for GitHub are named', () => {
  const { evidence } = only({
    github: { error: null, tags: {}, branches: {}, findings: [{ subtype: 'tag-missing' }] },
    bigFiles: Array.from({ length: 9 }, (_, n) => ({ path: `${n}.mat`, size: 125_829_120 })),
  });
  const named = evidence.filter((line) => line.includes('.mat'));
  expect(named.map((line) => line[0])).toEqual(['0', '1', '2', '3', '4']);
});

describe('an export ahead of the registry', () => {
  const ahead = (exportedTag: string | null, version?: string, versionSource = 'doi') => ({
    s3Diff: { exportMissing: false, added: [] },
    ...(version && { s3Version: { versionSource, extractedVersion: version } }),
    annexRecord: {
      ...{ exportedTag, exportedBranch: 'main', exportedTree: '0'.repeat(40) },
      ...{ incompleteTrees: [], claimedMissingPaths: [], findings: ['export-ahead'] },
    },
  });

  test.each<[string, object, RegExp[]]>([
    ['a tag that is no snapshot', ahead('1.0.2'), [/ 1\.0\.2, which is no snapshot/]],
    ['the tip of a branch', ahead(null), [/the branch main, which is no snapshot/]],
    [
      'the same as its DOI',
      ahead('1.0.2', '1.0.2'),
      [/ 1\.0\.2, which is/, /^The export says that it is 1\.0\.2\.$/],
    ],
    ['a version that is assumed', ahead('1.0.2', '1.0.2', 'assumed_latest'), [/1\.0\.2, which is/]],
    ['a DOI of a snapshot', ahead('1.0.2', '1.0.1'), [/1\.0\.2, which is/]],
  ])('holds %s', (_, input, lines) => {
    const { cause, evidence, mend } = only(input);
    expect([cause, mend]).toEqual(['ahead-of-registry', null]);
    expect(evidence).toHaveLength(lines.length + 1);
    for (const [n, line] of lines.entries()) expect(evidence[n]).toMatch(line);
    expect(evidence.at(-1)).toMatch(/latest snapshot .*1\.0\.1/);
  });

  test.each<[string, object]>([
    ['holds a snapshot', ahead('1.0.0')],
    ['was not compared', { ...ahead('1.0.2'), s3Diff: null }],
    ['has no record', { ...ahead('1.0.2'), annexRecord: null }],
  ])('is none that %s', (_, input) => {
    const found = likelyCauses(causeInput(input as never)).map(({ cause }) => cause);
    expect(found).not.toContain('ahead-of-registry');
  });
});

test.each([
  ['https://github.com/OpenNeuroDatasets', true],
  ['https://github.com/OpenNeuroDatasets/copies', false],
  ['https://example.org/https://github.com/OpenNeuroDatasets', false],
])('a mirror at %s is changed with GitHub’s program: %s', (mirrorUrl, isGitHub) => {
  const branches = { main: 'a'.repeat(40), 'git-annex': 'b'.repeat(40) };
  const findings = [{ subtype: 'head-on-annex', status: 'error', tags: [] }];
  const github = { head: 'git-annex', branches, tags: {}, error: null, findings };
  const { mend } = only({ archive: { ...OPENNEURO, mirrorUrl }, github });
  if (isGitHub) expect(mend).toMatch(/^gh api -X PATCH 'repos\/OpenNeuroDatasets\/ds000001'/);
  else expect(mend).toBeNull();
});

test('a locked description is shown by itself', () => {
  const { verify } = only({ s3Version: { subtype: 'blocked' } });
  expect(verify).toMatch(/\/ds000001\/dataset_description\.json'$/);
});

test('an export that never ran is shown by the empty folder, and is of the latest tag', () => {
  const { verify, mend } = only({ s3Diff: { exportMissing: true } });
  expect(verify).toContain('?list-type=2&prefix=ds000001/');
  expect(mend).toMatch(/ annex export '1\.0\.1' /);
});

describe('a mirror', () => {
  const [OLD, NEW] = ['0'.repeat(40), 'a'.repeat(40)];
  const mirror = (change: object = {}) => ({
    head: 'main',
    branches: { main: NEW, 'git-annex': OLD },
    tags: { '1.0.0': OLD, '1.0.1': NEW },
    error: null,
    findings: [],
    ...change,
  });
  const found = (...subtypes: string[]) =>
    subtypes.map((subtype) => ({ subtype, status: 'warning', tags: [] }));

  test.each([
    ['repo-not-found', /no repository/, ['1.0.1'], /\b1 snapshot\./],
    ['repo-empty', /no branch and no tag/, ['1.0.0', '1.0.1'], /\b2 snapshots\./],
  ])('that was never pushed (%s) says what there is', (error, what, tags, snapshots) => {
    const { evidence, verify, mend, untested } = only({ github: mirror({ error }), tags });
    expect(untested).toBe(error === 'repo-not-found' ? true : undefined);
    expect(evidence[0]).toMatch(what);
    expect(evidence[0]).toMatch(snapshots);
    expect(verify).toMatch(/ ls-remote .*\/ds000001\.git'$/);
    expect(mend).toMatch(/ push .*\/ds000001\.git' 'HEAD' &&\n/);
    expect(mend?.includes('gh repo create')).toBe(error === 'repo-not-found');
  });

  test('a mirror without its git-annex branch is given it', () => {
    const { evidence, verify, mend } = only({
      github: mirror({ findings: found('annex-branch-missing') }),
    });
    expect(evidence[0]).toContain('git-annex');
    expect(verify).toMatch(/ ls-remote /);
    expect(mend).toMatch(/ 'refs\/heads\/git-annex'$/);
  });

  test.each<[string, object]>([
    ['tag-missing', { bigFiles: [{ path: 'x.mat', size: 125_829_120 }] }],
    ['annex-branch-missing', {}],
  ])('that is not there has no other cause: %s', (subtype, more) => {
    const github = mirror({ error: 'repo-not-found', findings: found(subtype) });
    expect(only({ github, ...more }).cause).toBe('repository-never-pushed');
  });

  test.each([
    ['tag-missing', 'annex-branch-missing', 'blob-too-big'],
    ['annex-branch-missing', 'older-tag-missing', 'annex-branch-not-pushed'],
    ['head-on-annex', 'older-tag-missing', 'default-branch-stale'],
    ['default-branch-stale', 'older-tag-missing', 'default-branch-stale'],
  ])('with %s beside %s', (one, other, cause) => {
    const bigFiles = [{ path: 'x.mat', size: 125_829_120 }];
    for (const findings of [found(one, other), found(other, one)]) {
      const likely = likelyCauses(causeInput({ github: mirror({ findings }), bigFiles }));
      expect(likely.map((it) => it.cause)).toContain(cause);
    }
  });

  test('a mirror that has the tag has no file that kept it away', () => {
    const bigFiles = [{ path: 'x.mat', size: 125_829_120 }];
    const github = mirror({
      findings: [{ subtype: 'older-tag-missing', status: 'warning', tags: ['1.0.0'] }],
    });
    expect(only({ github, bigFiles }).cause).toBe('snapshot-not-pushed');
  });

  test.each<[string, object, string, string | null]>([
    ['main is at the tag', { head: 'old', branches: { main: NEW, old: OLD } }, 'old', 'main'],
    ['only master is', { head: 'main', branches: { main: OLD, master: NEW } }, 'main', 'master'],
    ['both are', { head: 'x', branches: { master: NEW, main: NEW, x: OLD } }, 'x', 'main'],
    ['none is', { head: 'main', branches: { main: OLD, master: OLD } }, 'main', null],
    ['the tag is not there', { head: 'x', tags: {}, branches: { main: NEW } }, 'x', null],
  ])('whose default branch is stale, where %s', (_, change, shown, current) => {
    const github = mirror({ findings: found('default-branch-stale'), ...change });
    const { evidence, mend } = only({ github });
    expect(evidence[0]).toContain(`branch ${shown}`);
    expect(evidence.slice(1).map((line) => line.includes(`branch ${current} `))).toEqual(
      current === null ? [] : [true],
    );
    if (current === null) expect(mend).toBeNull();
    else expect(mend).toContain(`default_branch=${current}'`);
  });

  test.each<[string, object, string | null]>([
    ['main, wherever it is', { branches: { main: OLD, 'git-annex': OLD } }, 'main'],
    ['master, where there is no main', { branches: { master: OLD, 'git-annex': OLD } }, 'master'],
    ['neither', { branches: { 'git-annex': OLD } }, null],
  ])('whose HEAD is at git-annex has %s', (_, change, current) => {
    const github = mirror({ head: 'git-annex', findings: found('head-on-annex'), ...change });
    const { mend } = only({ github });
    if (current === null) expect(mend).toBeNull();
    else expect(mend).toContain(`default_branch=${current}'`);
  });

  test.each<[string, object, RegExp]>([
    ['a commit', { head: null, headCommit: OLD }, new RegExp(`^HEAD is at ${OLD}\\.$`)],
    ['no commit', { head: null, headCommit: null }, /^HEAD is at no commit\.$/],
    ['nothing that is told', { head: null }, /^HEAD is at no commit\.$/],
    ['a branch', { head: 'main' }, /^GitHub shows the branch main\.$/],
    ['a branch that is not there', { head: 'gone' }, /^HEAD names the branch gone, .*nothing\.$/],
  ])('whose HEAD is at %s says so', (_, change, line) => {
    const github = mirror({ findings: found('head-on-annex'), ...change });
    expect(only({ github }).evidence[0]).toMatch(line);
  });
});

describe('versions sorted as text', () => {
  const [OLD, NEW] = ['0'.repeat(40), 'a'.repeat(40)];
  const tags = ['1.0.9', '1.0.10', '1.0.11'];
  const latest = '1.0.11';
  const doi = { s3Version: { versionSource: 'doi', extractedVersion: '1.0.9' } };
  const record = { annexRecord: { findings: [], exportedTag: '1.0.9', incompleteTrees: [] } };
  const branch = (change: object = {}) => ({
    github: {
      head: 'main',
      branches: { main: OLD },
      tags: { '1.0.9': OLD, '1.0.11': NEW },
      error: null,
      findings: [],
      ...change,
    },
  });
  const causes = (input: object) =>
    likelyCauses(causeInput({ tags, latest, ...input })).map(({ cause }) => cause);

  test.each<[string, object, number, RegExp]>([
    ['the DOI', doi, 2, /^curl .*dataset_description\.json/],
    ['the record', record, 2, /^curl .*dataset_description\.json/],
    ['the branch', branch(), 2, / ls-remote /],
    ['the DOI and the branch', { ...doi, ...branch() }, 3, /^curl .*dataset_description\.json/],
    ['all three', { ...doi, ...record, ...branch() }, 4, /^curl .*dataset_description\.json/],
  ])('are concluded from %s', (_, input, lines, verify) => {
    const cause = only({ tags, latest, ...input });
    expect(cause.cause).toBe('string-sorted-export');
    expect(cause.evidence).toHaveLength(lines);
    for (const line of cause.evidence) expect(line).toContain('1.0.9');
    expect(cause.evidence.at(-1)).toContain('1.0.11');
    expect(cause.verify).toMatch(verify);
    const exported = _ !== 'the branch';
    expect(/ annex export '1\.0\.11' /.test(cause.mend ?? '')).toBe(exported);
    const pushed = "'refs/tags/1.0.11^{commit}:refs/heads/main'";
    expect(cause.mend?.includes(pushed)).toBe('github' in input);
  });

  test('are exported in turn where the record says that the latest is there', () => {
    const { mend } = only({
      tags,
      latest,
      ...doi,
      annexRecord: { exportedTag: latest, exportedTree: OLD },
    });
    expect(lines(mend).map((line) => / annex export '(.*?)'/.exec(line)?.[1])).toEqual([
      '1.0.9',
      '1.0.11',
      undefined,
    ]);
  });

  test('are those that are versions: other tags are left out', () => {
    expect(causes({ ...doi, tags: [...tags, 'zzz', 'latest'] })).toEqual(['string-sorted-export']);
  });

  test.each<[string, object]>([
    ['there is no version', { ...doi, tags: ['zzz'], latest: 'zzz' }],
    [
      'the latest is the last as text',
      {
        tags: ['1.0.1', '1.0.2'],
        latest: '1.0.2',
        s3Version: { versionSource: 'doi', extractedVersion: '1.0.2' },
      },
    ],
    ['the latest is not the highest', { ...doi, latest: '1.0.10' }],
    ['the branch is at both tags', branch({ tags: { '1.0.9': OLD, '1.0.11': OLD } })],
    ['the branch is elsewhere', branch({ branches: { main: 'b'.repeat(40) } })],
    ['HEAD is at git-annex', branch({ head: 'git-annex', branches: { 'git-annex': OLD } })],
    ['HEAD is at no branch', branch({ head: 'gone', tags: {} })],
    [
      'HEAD is at no branch, and the last as text has no tag',
      branch({ head: 'gone', tags: { '1.0.11': NEW } }),
    ],
    ['there is no branch at all', branch({ head: null, branches: {}, tags: {} })],
  ])('are no cause where %s', (_, input) => {
    expect(causes(input)).toEqual([]);
  });

  test('versions are not guessed for a mirror that names no HEAD', () => {
    expect(causes(branch({ head: null }))).toEqual([]);
  });
});

describe('an export', () => {
  const recorded = (change: object) => ({
    annexRecord: {
      findings: [],
      notCompared: null,
      exportedTree: null,
      incompleteTrees: [],
      ...change,
    },
  });

  test.each<[string, object, number]>([
    ['nothing is known of the record', {}, 1],
    ['the record was not read', recorded({ notCompared: 'annex-branch-missing' }), 1],
    ['the record has no export', recorded({}), 2],
  ])('that never ran, where %s', (_, input, lines) => {
    const { cause, evidence } = only({ s3Diff: { exportMissing: true }, ...input });
    expect(cause).toBe('export-never-ran');
    expect(evidence).toHaveLength(lines);
    for (const line of evidence) expect(line).not.toBe('');
  });

  test('an export that was recorded did run', () => {
    const input = {
      s3Diff: { exportMissing: true },
      ...recorded({ exportedTree: '0'.repeat(40) }),
    };
    expect(only(input).cause).toBe('no-known-cause');
  });

  test('a private export says what was refused', () => {
    const asked = [403, 200].map((httpStatus, n) => ({ path: `f${n}`, httpStatus }));
    const s3Version = { subtype: 'blocked' };
    const both = only({ s3Version, access: { asked } });
    expect(both.evidence).toHaveLength(3);
    expect(both.evidence[1]).toMatch(/dataset_description\.json .*403/);
    expect(both.mend).toMatch(/updatePublic.*"id":"ds000001"/);
    const only200 = { asked: [{ path: 'f', httpStatus: 200 }] };
    expect(only({ s3Version, access: only200 }).evidence).toHaveLength(2);
    expect(only({ access: { asked } }).evidence).toHaveLength(2);
  });
});

test('the log of git-annex is shown from a clone that is made for it', () => {
  const { verify } = only({ annexRecord: { incompleteTrees: ['0'] } });
  expect(verify).toMatch(/^clone=\$\(mktemp -d\) && .*ds000001\.git' "\$clone" && /);
});

test('GitHub refuses files of more than 100 MiB', () => {
  expect(GITHUB_BLOB_LIMIT).toBe(104_857_600);
});
