// What git-annex recorded (section 12): from logs to a claim, from facts to a verdict.

import { describe, expect, test } from 'vitest';
import {
  type AnnexFacts,
  judgeAnnexRecord,
  readClaim,
} from '../../../core/openneuro/rules/annex-record.ts';

const [LIVE, DEAD] = ['57894849-d0c8', 'c67fa55a-d9d0'];
const HERE = '3f4cf053-c0dc';
const [T1, T2, T3] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const remote = (uuid: string, name = 's3-PUBLIC') =>
  `${uuid} bucket=openneuro.org exporttree=yes name=${name} type=S3 versioning=yes timestamp=1s\n`;

describe('the claim', () => {
  const export1 = `1590213748.5s ${HERE}:${LIVE} ${T1} ${T3} ${T2}\n`;

  test('is that of the live remote', () => {
    const claim = readClaim({
      remote: remote(LIVE) + remote(DEAD) + remote('x', 's3-PRIVATE'),
      trust: `${DEAD} X timestamp=2s\n`,
      export: `${export1}1600000000s ${HERE}:${DEAD} ${T2}\n`,
    });
    expect(claim).toEqual({
      remotes: [
        { uuid: LIVE, dead: false },
        { uuid: DEAD, dead: true },
      ],
      exportedTree: T1,
      exportedAt: '2020-05-23T06:02:28.500Z',
      incompleteTrees: [T2, T3],
    });
  });

  test('of two live remotes is the newest', () => {
    const logs = { remote: remote(LIVE) + remote(DEAD), trust: '' };
    const log = `${export1}1600000000s ${HERE}:${DEAD} ${T2}\n`;
    expect(readClaim({ ...logs, export: log }).exportedTree).toBe(T2);
  });

  test.each([
    ['no logs at all', '', ''],
    ['no export', remote(LIVE), ''],
    ['an export to a remote of another name', remote(LIVE, 's3-PRIVATE'), export1],
  ])('%s: nothing', (_, remotes, log) => {
    const claim = readClaim({ remote: remotes, trust: '', export: log });
    expect([claim.exportedTree, claim.exportedAt, claim.incompleteTrees]).toEqual([null, null, []]);
  });
});

describe('the verdict', () => {
  const facts: AnnexFacts = {
    branch: T1,
    latestTag: '1.0.1',
    latestCommit: T2,
    remotes: [{ uuid: LIVE, dead: false }],
    exportedTree: T3,
    exportedTag: '1.0.1',
    exportedAt: '2020-01-01T00:00:00.000Z',
    incompleteTrees: [],
    annexedKeys: 5,
    unversionedKeys: 0,
    versionsRead: 5,
    unversionedPaths: [],
    claimedMissing: 0,
    claimedMissingPaths: [],
  };
  const dead = { uuid: DEAD, dead: true };

  test.each<[string, Partial<AnnexFacts>, string, string[]]>([
    ['in step', {}, 'ok', []],
    ['an older tag was exported', { exportedTag: '1.0.0' }, 'version-mismatch', ['export-behind']],
    ['a newer tag was exported', { exportedTag: '1.0.10' }, 'version-mismatch', ['export-ahead']],
    [
      'the tip of a branch was exported, which no tag has',
      { exportedTag: null, exportedCommit: T1, exportedBranch: 'main' },
      'version-mismatch',
      ['export-ahead'],
    ],
    ['a tree that nothing has was exported', { exportedTag: null }, 'warning', ['export-unknown']],
    [
      'nothing was ever recorded',
      { exportedTag: null, exportedTree: null },
      'warning',
      ['export-unknown'],
    ],
    ['an export was not ended', { incompleteTrees: [T1] }, 'warning', ['export-incomplete']],
    ['claimed files are missing', { claimedMissing: 2 }, 'error', ['claimed-missing']],
    ['the listing was not compared', { claimedMissing: null }, 'ok', []],
    ['keys without a version', { unversionedKeys: 1 }, 'warning', ['unversioned-keys']],
    ['keys that are not known', { annexedKeys: null, unversionedKeys: null }, 'pending', []],
    [
      'the latest tag is not on the mirror, and an older one was exported',
      { latestTag: null, annexedKeys: null, unversionedKeys: null, exportedTag: '1.0.0' },
      'version-mismatch',
      ['export-behind'],
    ],
    ['no remote', { remotes: [] }, 'warning', ['remotes']],
    ['only a dead remote', { remotes: [dead] }, 'warning', ['remotes']],
    ['a live and a dead one', { remotes: [{ uuid: LIVE, dead: false }, dead] }, 'ok', []],
    [
      'two live ones',
      { remotes: ['a', 'b'].map((uuid) => ({ uuid, dead: false })) },
      'warning',
      ['remotes'],
    ],
    [
      'several things, worst first',
      { remotes: [], exportedTag: '1.0.0', unversionedKeys: 2, claimedMissing: 1 },
      'error',
      ['claimed-missing', 'export-behind', 'unversioned-keys', 'remotes'],
    ],
  ])('%s', (_, change, status, findings) => {
    const judged = judgeAnnexRecord('ds000001', '1.0.1', {
      kind: 'read',
      facts: { ...facts, ...change },
    });
    expect(judged).toMatchObject({ status, findings, subtype: findings[0] ?? null });
  });

  test('without a branch is pending, with the reason', () => {
    const input = { kind: 'not-compared', reason: 'annex-branch-missing' } as const;
    expect(judgeAnnexRecord('ds000001', '1.0.1', input)).toMatchObject({
      status: 'pending',
      findings: [],
      notCompared: 'annex-branch-missing',
    });
  });
});
