// What git-annex recorded (docs/checks.md#record): from logs to a claim, from facts to a verdict.

import { describe, expect, test } from 'vitest';
import {
  type AnnexFacts,
  annexRecordDocument,
  annexRecordNotRead,
  readClaim,
} from '../../../archives/openneuro/rules/annex-record.ts';

const [LIVE, DEAD] = ['57894849-d0c8', 'c67fa55a-d9d0'];
const HERE = '3f4cf053-c0dc';
const [T1, T2, T3] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const PLACE = { bucket: 'openneuro.org', prefix: 'ds000001/' };

function remote(uuid: string, change: Readonly<Record<string, string | null>> = {}): string {
  const config = { ...DEFAULTS, ...change };
  const words = Object.entries(config).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${value}`],
  );
  return `${[uuid, ...words.sort()].join(' ')} timestamp=1s\n`;
}
const DEFAULTS = {
  bucket: 'openneuro.org',
  exporttree: 'yes',
  fileprefix: 'ds000001/',
  name: 's3-PUBLIC',
  type: 'S3',
};

describe('the claim', () => {
  const export1 = `1590213748.5s ${HERE}:${LIVE} ${T1} ${T3} ${T2}\n`;

  test('is that of the live remote', () => {
    const claim = readClaim(
      {
        remote: remote(LIVE) + remote(DEAD) + remote('x', { name: 's3-PRIVATE' }),
        trust: `${DEAD} X timestamp=2s\n`,
        export: `${export1}1600000000s ${HERE}:${DEAD} ${T2}\n`,
      },
      PLACE,
    );
    expect(claim).toEqual({
      remotes: [
        { uuid: LIVE, dead: false },
        { uuid: DEAD, dead: true },
      ],
      foreignRemotes: [],
      annexObjects: false,
      exportedTree: T1,
      exportedAt: '2020-05-23T06:02:28.500Z',
      incompleteTrees: [T2, T3],
    });
  });

  test('the newest claim of two live remotes counts', () => {
    const logs = { remote: remote(LIVE) + remote(DEAD), trust: '' };
    const log = `${export1}1600000000s ${HERE}:${DEAD} ${T2}\n`;
    expect(readClaim({ ...logs, export: log }, PLACE).exportedTree).toBe(T2);
  });

  test.each([
    ['no logs at all', '', ''],
    ['no export', remote(LIVE), ''],
    ['an export to a remote of another name', remote(LIVE, { name: 's3-PRIVATE' }), export1],
    ['an export to another place', remote(LIVE, { fileprefix: 'ds000002/' }), export1],
  ])('%s: nothing', (_, remotes, log) => {
    const claim = readClaim({ remote: remotes, trust: '', export: log }, PLACE);
    expect([claim.exportedTree, claim.exportedAt, claim.incompleteTrees]).toEqual([null, null, []]);
  });
});

describe('whose a remote named s3-PUBLIC is', () => {
  const ANY_BUCKET = { ...PLACE, bucket: null };
  test.each<[string, Record<string, string | null>, typeof PLACE | typeof ANY_BUCKET, boolean]>([
    ['bucket and prefix of this export', {}, PLACE, true],
    ['the prefix of another dataset', { fileprefix: 'ds000002/' }, PLACE, false],
    ['a prefix that only begins alike', { fileprefix: 'ds0000010/' }, PLACE, false],
    ['a prefix without its slash', { fileprefix: 'ds000001' }, PLACE, false],
    ['a folder below the prefix', { fileprefix: 'ds000001/old/' }, PLACE, false],
    // git-annex then exports to the top of the bucket.
    ['no prefix', { fileprefix: null }, PLACE, false],
    ['another bucket', { bucket: 'openneuro-private' }, PLACE, false],
    ['no bucket: told by the prefix alone', { bucket: null }, PLACE, true],
    ['neither', { bucket: null, fileprefix: null }, PLACE, false],
    ['a bucket, and none known of the export', { bucket: 'any' }, ANY_BUCKET, true],
    ['another prefix, and no bucket known', { fileprefix: 'ds000002/' }, ANY_BUCKET, false],
  ])('%s', (_, change, place, isOwn) => {
    const logs = { remote: remote(LIVE, change), trust: '', export: '' };
    const { remotes, foreignRemotes } = readClaim(logs, place);
    expect(remotes).toEqual(isOwn ? [{ uuid: LIVE, dead: false }] : []);
    const { bucket, fileprefix } = { ...DEFAULTS, ...change };
    const foreign = { uuid: LIVE, bucket, fileprefix: fileprefix ?? '' };
    expect(foreignRemotes).toEqual(isOwn ? [] : [foreign]);
  });

  test('a foreign one hides nothing, however new its export', () => {
    const claim = readClaim(
      {
        remote: remote(LIVE) + remote('f', { fileprefix: 'ds000002/', annexobjects: 'yes' }),
        trust: '',
        export: `1s ${HERE}:${LIVE} ${T1}\n9s ${HERE}:f ${T2} ${T3}\n`,
      },
      PLACE,
    );
    expect(claim).toMatchObject({ exportedTree: T1, incompleteTrees: [], annexObjects: false });
    expect(claim.remotes).toEqual([{ uuid: LIVE, dead: false }]);
  });

  test('foreign ones are shown by their id, whatever the order of the log', () => {
    const foreign = (...uuids: string[]) => {
      const lines = uuids.map((uuid) => remote(uuid, { fileprefix: 'ds000002/' }));
      const logs = { remote: lines.join(''), trust: '', export: '' };
      return readClaim(logs, PLACE).foreignRemotes?.map(({ uuid }) => uuid);
    };
    expect(foreign('b', 'c', 'a')).toEqual(['a', 'b', 'c']);
    expect(foreign('c', 'b', 'a')).toEqual(['a', 'b', 'c']);
  });

  test('one of two that keeps annex objects is enough', () => {
    const lines = remote(LIVE) + remote('x', { annexobjects: 'yes' });
    expect(readClaim({ remote: lines, trust: '', export: '' }, PLACE).annexObjects).toBe(true);
  });

  test('a second way to the same store (sameas) is the same remote', () => {
    const sameas = { name: null, 'sameas-name': 's3-PUBLIC', 'sameas-uuid': LIVE };
    const logs = { trust: '', export: `1s ${HERE}:${LIVE} ${T1}\n` };
    const both = readClaim({ ...logs, remote: remote(LIVE) + remote('s', sameas) }, PLACE);
    expect(both.remotes).toEqual([{ uuid: LIVE, dead: false }]);
    const web = { ...sameas, type: 'httpalso', bucket: null, fileprefix: null };
    const beside = readClaim({ ...logs, remote: remote(LIVE) + remote('s', web) }, PLACE);
    expect(beside).toMatchObject({ remotes: both.remotes, foreignRemotes: [] });
    const alone = readClaim({ ...logs, remote: remote('s', sameas) }, PLACE);
    expect(alone).toMatchObject({ remotes: both.remotes, exportedTree: T1 });
  });

  test.each([
    ['yes', '', true],
    ['no', '', false],
    // git-annex reads anything but `yes` as no.
    ['true', '', false],
    [null, '', false],
    ['yes', `${LIVE} X timestamp=2s\n`, false],
  ])('annexobjects=%s, trust log "%s": %s', (annexobjects, trust, expected) => {
    const logs = { remote: remote(LIVE, { annexobjects }), trust, export: '' };
    expect(readClaim(logs, PLACE).annexObjects).toBe(expected);
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
    foreignRemotes: [],
    annexObjects: false,
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
    [
      'the tip of a branch, while the latest tag is not on the mirror: it may be that',
      {
        ...{ exportedTag: null, exportedCommit: T1, exportedBranch: 'main' },
        ...{ latestTag: null, annexedKeys: null, unversionedKeys: null },
      },
      'warning',
      ['export-unknown'],
    ],
    ['a tree that nothing has was exported', { exportedTag: null }, 'warning', ['export-unknown']],
    [
      'the same, and it is known that no snapshot has it',
      { exportedTag: null, exportedOfNoSnapshot: true },
      'warning',
      ['export-of-no-snapshot'],
    ],
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
      'logs of versions that were not read',
      { unversionedKeys: null, versionsRead: 0 },
      'pending',
      [],
    ],
    [
      'the latest tag is not on the mirror, and an older one was exported',
      { latestTag: null, annexedKeys: null, unversionedKeys: null, exportedTag: '1.0.0' },
      'version-mismatch',
      ['export-behind'],
    ],
    ['in step, its commit known', { exportedCommit: T2 }, 'ok', []],
    [
      'no remote and no export',
      { remotes: [], exportedTag: null, exportedTree: null },
      'warning',
      ['remotes'],
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
    const judged = annexRecordDocument('ds000001', '1.0.1', { ...facts, ...change });
    const waits = 'versionsRead' in change ? 'versions-not-read' : 'tag-not-on-mirror';
    const notCompared = status === 'pending' ? waits : null;
    expect(judged).toMatchObject({ status, findings, subtype: findings[0] ?? null, notCompared });
  });

  test('the verdict is pending without a branch, with the reason', () => {
    expect(annexRecordNotRead('ds000001', 'annex-branch-missing')).toMatchObject({
      status: 'pending',
      findings: [],
      notCompared: 'annex-branch-missing',
      branch: null,
      remotes: [],
      foreignRemotes: [],
      exportedTag: null,
      incompleteTrees: [],
      unversionedPaths: [],
      claimedMissingPaths: [],
    });
  });
});
