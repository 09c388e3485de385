// What the commands of each cause ask and change (section 13): the file, the tag, the branch.

import { describe, expect, test } from 'vitest';
import type { AnnexRecord, S3Content, S3Diff } from '../../../core/model/documents.ts';
import {
  type CauseInput,
  GITHUB_BLOB_LIMIT,
  likelyCauses,
} from '../../../core/openneuro/rules/causes.ts';
import { OPENNEURO } from '../../support/stage-context.ts';

const NOTHING: CauseInput = {
  archive: OPENNEURO,
  id: 'ds000001',
  latest: '1.0.1',
  tags: ['1.0.0', '1.0.1'],
  github: null,
  s3Version: null,
  s3Diff: null,
  s3Content: null,
  s3Access: null,
  annexRecord: null,
  bigFiles: [],
};

function only(input: { readonly [K in keyof CauseInput]?: unknown }) {
  const likely = likelyCauses({ ...NOTHING, ...input } as CauseInput);
  expect(likely).toHaveLength(1);
  return likely[0] as (typeof likely)[number];
}

describe('an export that was cut short is shown by a file that it lacks or that is too short', () => {
  const mismatch = (path: string, expectedSize: number | null, size: number) =>
    ({ path, expectedSize, size }) as S3Content['mismatches'][number];
  const content = (...mismatches: S3Content['mismatches']) => ({
    s3Content: { bytesMissing: 7, sizeMismatches: mismatches.length, mismatches } as S3Content,
  });
  const claimed = (...claimedMissingPaths: string[]) => ({
    annexRecord: {
      findings: [],
      exportedTag: '1.0.1',
      incompleteTrees: [],
      claimedMissing: claimedMissingPaths.length,
      claimedMissingPaths,
    } as unknown as AnnexRecord,
  });
  const begun = {
    annexRecord: {
      incompleteTrees: ['0'.repeat(40)],
      claimedMissingPaths: [],
      findings: ['export-incomplete'],
    } as unknown,
  };
  const added = (...paths: string[]) => ({ s3Diff: { added: paths } as unknown as S3Diff });

  test.each<[string, Partial<Record<keyof CauseInput, unknown>>, string]>([
    ['the first that is too short', content(mismatch('b', 9, 2), mismatch('c', 9, 2)), 'b'],
    [
      'not one that is too long, or has its size and other bytes',
      content(mismatch('long', 2, 9), mismatch('other', 5, 5), mismatch('short', 9, 2)),
      'short',
    ],
    [
      'not one of which no size is known',
      content(mismatch('unknown', null, 2), mismatch('short', 3, 2)),
      'short',
    ],
    ['an empty one', content(mismatch('empty', 1, 0)), 'empty'],
    ['the first of those that git-annex calls exported', claimed('x', 'y'), 'x'],
    [
      'the one that is too short rather than the claimed one',
      { ...content(mismatch('short', 9, 2)), ...claimed('x') },
      'short',
    ],
    [
      'the claimed one rather than any other that is missing',
      { ...claimed('x'), ...added('a') },
      'x',
    ],
    [
      'the claimed one where none that is too short is named',
      { ...content(mismatch('long', 2, 9)), ...claimed('x'), ...added('a') },
      'x',
    ],
    ['the first that is missing', { ...begun, ...added('a', 'b') }, 'a'],
  ])('%s', (_, input, path) => {
    const { cause, verify, mend } = only(input);
    expect(cause).toBe('export-cut-short');
    expect(verify).toMatch(new RegExp(`^curl -sSI '[^']+/ds000001/${path}'$`));
    expect(mend).toMatch(/ annex export '1\.0\.1' /);
  });

  test('by the log of git-annex where no file is known', () => {
    const { cause, verify } = only(begun);
    expect(cause).toBe('export-cut-short');
    expect(verify).toContain('git-annex:export.log');
  });
});

test('a file that is too big for GitHub is the first of those seen', () => {
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
  const { cause, verify, evidence } = only({ s3Access: { asked } });
  expect(cause).toBe('still-private');
  expect(verify).toMatch(new RegExp(`/ds000001/${path}'$`));
  const refused = statuses.filter((status) => status === 403).length;
  expect(evidence).toContain(
    `${refused} of ${statuses.length} listed objects cannot be read (403).`,
  );
});

test('of many files that are too big for GitHub five are named', () => {
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
    expect(likelyCauses({ ...NOTHING, ...input } as never)).toEqual([]);
  });
});

test.each([
  ['https://s3.amazonaws.com/openneuro.org', /^aws s3 ls .*'s3:\/\/openneuro\.org\/ds000001\/'$/],
  ['https://s3.amazonaws.com/openneuro.org/copy', /^curl /],
  ['https://example.org/https://s3.amazonaws.com/openneuro.org', /^curl /],
])('a bucket at %s is listed by %s', (exportUrl, command) => {
  const archive = { ...OPENNEURO, exportUrl };
  expect(only({ archive, s3Diff: { exportMissing: true } }).verify).toMatch(command);
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
  expect(verify).toContain("'s3://openneuro.org/ds000001/'");
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
    const { evidence, verify, mend } = only({ github: mirror({ error }), tags });
    expect(evidence[0]).toMatch(what);
    expect(evidence[0]).toMatch(snapshots);
    expect(verify).toMatch(/^git ls-remote .*\/ds000001\.git'$/);
    expect(mend).toMatch(/reexportRemotes.*"id":"ds000001"/);
  });

  test('without its branch git-annex is exported once more', () => {
    const { evidence, verify, mend } = only({
      github: mirror({ findings: found('annex-branch-missing') }),
    });
    expect(evidence[0]).toContain('git-annex');
    expect(verify).toMatch(/^git ls-remote /);
    expect(mend).toContain('reexportRemotes');
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
      const likely = likelyCauses({ ...NOTHING, github: mirror({ findings }), bigFiles } as never);
      expect(likely.map((it) => it.cause)).toContain(cause);
    }
  });

  test('that has the tag has no file that kept it away', () => {
    const bigFiles = [{ path: 'x.mat', size: 125_829_120 }];
    const github = mirror({ findings: found('older-tag-missing') });
    expect(likelyCauses({ ...NOTHING, github, bigFiles } as never)).toEqual([]);
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
    likelyCauses({ ...NOTHING, tags, latest, ...input } as never).map(({ cause }) => cause);

  test.each<[string, object, number, RegExp]>([
    ['the DOI', doi, 2, /^curl .*dataset_description\.json/],
    ['the record', record, 2, /^curl .*dataset_description\.json/],
    ['the branch', branch(), 2, /^git ls-remote /],
    ['the DOI and the branch', { ...doi, ...branch() }, 3, /^curl .*dataset_description\.json/],
    ['all three', { ...doi, ...record, ...branch() }, 4, /^curl .*dataset_description\.json/],
  ])('are told from %s', (_, input, lines, verify) => {
    const cause = only({ tags, latest, ...input });
    expect(cause.cause).toBe('string-sorted-export');
    expect(cause.evidence).toHaveLength(lines);
    for (const line of cause.evidence) expect(line).toContain('1.0.9');
    expect(cause.evidence.at(-1)).toContain('1.0.11');
    expect(cause.verify).toMatch(verify);
    expect(cause.mend).toMatch(/ annex export '1\.0\.11' /);
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

  test('of a mirror that names no HEAD are not told from a guess', () => {
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

  test('that was recorded did run', () => {
    const input = {
      s3Diff: { exportMissing: true },
      ...recorded({ exportedTree: '0'.repeat(40) }),
    };
    expect(likelyCauses({ ...NOTHING, ...input } as never)).toEqual([]);
  });

  test('that was cut short says by how much', () => {
    const { evidence } = only({
      s3Content: { bytesMissing: 1_234_567, sizeMismatches: 3, mismatches: [] },
      annexRecord: {
        findings: [],
        exportedTag: '1.0.1',
        incompleteTrees: ['0'.repeat(40)],
        claimedMissing: 4321,
        claimedMissingPaths: ['x'],
      },
    });
    expect(evidence).toHaveLength(3);
    expect(evidence[0]).toMatch(/^3 of .* 1,234,567 bytes are missing/);
    expect(evidence[1]).toMatch(/started an export/);
    expect(evidence[2]).toMatch(/1\.0\.1 .* 4,321 of its files/);
  });

  test('that is private says what was refused', () => {
    const asked = [403, 200].map((httpStatus, n) => ({ path: `f${n}`, httpStatus }));
    const s3Version = { subtype: 'blocked' };
    const both = only({ s3Version, s3Access: { asked } });
    expect(both.evidence).toHaveLength(3);
    expect(both.evidence[1]).toMatch(/dataset_description\.json .*403/);
    expect(both.mend).toMatch(/updatePublic.*"id":"ds000001"/);
    const only200 = { asked: [{ path: 'f', httpStatus: 200 }] };
    expect(only({ s3Version, s3Access: only200 }).evidence).toHaveLength(2);
    expect(only({ s3Access: { asked } }).evidence).toHaveLength(2);
  });
});

test('the log of git-annex is shown from a clone of its own', () => {
  const { verify } = only({
    annexRecord: { findings: [], incompleteTrees: ['0'], claimedMissingPaths: [] },
  });
  expect(verify).toMatch(
    /ds000001\.git' 'ds000001-annex\.git' && git -C 'ds000001-annex\.git' show /,
  );
});

test('GitHub refuses files of more than 100 MiB', () => {
  expect(GITHUB_BLOB_LIMIT).toBe(104_857_600);
});
