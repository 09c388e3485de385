// Which commit an export holds (docs/checks.md#files): from the description, the mirror and git-annex's record.

import { describe, expect, test } from 'vitest';
import {
  comparedId,
  type ExportRecord,
  exportedCommit,
  NO_RECORD,
  toldByDoi,
} from '../../../archives/openneuro/rules/exported-commit.ts';

const [A, B, TIP] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const doi = (text: string, version: string) =>
  ({
    extractedVersion: version,
    versionSource: 'doi',
    datasetDescriptionDOI: text,
    doiIdMismatch: null,
  }) as const;
const spelled = (version: string) => doi(`doi:10.18112/openneuro.ds000001.v${version}`, version);
const assumed = (version: string) =>
  ({
    extractedVersion: version,
    versionSource: 'assumed_latest',
    datasetDescriptionDOI: null,
    doiIdMismatch: null,
  }) as const;
const foreign = (version: string) => ({ ...spelled(version), doiIdMismatch: true }) as const;
const SNAPSHOTS = ['00001', '00002', '1.0.0', '1.0.1', '1.0.3'].map((tag) => ({
  tag,
  hexsha: null,
}));
const mirror = (tags: Record<string, string>) => ({ error: null, tags, annotated: {} });
const recordOf = (tag: string, commit: string): ExportRecord => ({
  exportedTag: tag,
  exportedCommit: commit,
  exportedBranch: null,
});
const tip: ExportRecord = { exportedTag: null, exportedCommit: TIP, exportedBranch: 'main' };
const OLD = doi('10.18112/openneuro.ds001399.v1', '00001');

describe('the commit that an export holds', () => {
  test.each([
    ['the tag that the DOI names', spelled('1.0.1'), NO_RECORD, '1.0.1', B, null],
    [
      'the same beside a record of another',
      spelled('1.0.1'),
      recordOf('1.0.0', A),
      '1.0.1',
      B,
      null,
    ],
    ['the same beside a record of a branch', spelled('1.0.1'), tip, '1.0.1', B, null],
    ['a branch with the recorded tree (ds005613)', spelled('1.0.4'), tip, '1.0.4', TIP, 'main'],
    [
      'a snapshot whose tag is not on the mirror',
      spelled('1.0.3'),
      recordOf('1.0.3', TIP),
      '1.0.3',
      TIP,
      null,
    ],
    [
      'the tag that the DOI names and the registry does not know',
      spelled('1.0.2'),
      recordOf('1.0.0', A),
      '1.0.2',
      TIP,
      null,
    ],
    [
      'the recorded branch where the tag of the snapshot is not on the mirror',
      spelled('1.0.3'),
      tip,
      '1.0.3',
      TIP,
      'main',
    ],
    [
      'the assumed tag beside a recorded one whose commit is not known',
      assumed('1.0.1'),
      { ...NO_RECORD, exportedTag: '1.0.0' },
      '1.0.1',
      B,
      null,
    ],
    ['the latest, assumed', assumed('1.0.1'), NO_RECORD, '1.0.1', B, null],
    [
      'the recorded tag before an assumed one',
      assumed('1.0.1'),
      recordOf('1.0.0', A),
      '1.0.0',
      A,
      null,
    ],
    ['the recorded branch before an assumed tag', assumed('1.0.1'), tip, '1.0.1', TIP, 'main'],
    ['the tag that an old DOI means', OLD, NO_RECORD, '00001', A, null],
    [
      'the recorded tag where the DOI names a version that nobody knows',
      spelled('9.9.9'),
      recordOf('1.0.0', A),
      '1.0.0',
      A,
      null,
    ],
    [
      'the recorded tag before that of the same name in the DOI of another dataset',
      foreign('1.0.1'),
      recordOf('1.0.0', A),
      '1.0.0',
      A,
      null,
    ],
    ['a tag of that name where nothing is recorded', foreign('1.0.1'), NO_RECORD, '1.0.1', B, null],
    [
      'the recorded tag before what an old DOI means (ds001399)',
      OLD,
      recordOf('00002', B),
      '00002',
      B,
      null,
    ],
  ] as const)('%s', (_, description, record, version, commit, branch) => {
    const tags = mirror({ '1.0.0': A, '1.0.1': B, '1.0.2': TIP, '00001': A, '00002': B });
    expect(exportedCommit(description, tags, record, SNAPSHOTS)).toEqual({
      kind: 'comparable',
      version,
      commit,
      branch,
    });
  });

  test.each([
    [
      'its tag is not there',
      { error: null, tags: { '1.0.0': A }, annotated: {} },
      'tag-not-on-mirror',
    ],
    [
      'there is no repository',
      { error: 'repo-not-found', tags: {}, annotated: {} },
      'mirror-absent',
    ],
    ['the repository is empty', { error: 'repo-empty', tags: {}, annotated: {} }, 'mirror-absent'],
  ] as const)('none when %s', (_, seen, reason) => {
    const none = { kind: 'not-compared', reason, version: '1.0.1' };
    expect(exportedCommit(spelled('1.0.1'), seen, NO_RECORD, SNAPSHOTS)).toEqual(none);
    // A record of another tag does not show what the DOI's tag holds.
    const record = recordOf('1.0.0', A);
    expect(exportedCommit(spelled('1.0.1'), seen, record, SNAPSHOTS)).toEqual(none);
  });

  test('none when the description may not be read', () => {
    const blocked = { ...assumed('1.0.0'), extractedVersion: null, versionSource: null };
    const none = { kind: 'not-compared', reason: 'blocked', version: null };
    const record = recordOf('1.0.0', A);
    expect(exportedCommit(blocked, mirror({ '1.0.0': A }), record, SNAPSHOTS)).toEqual(none);
  });

  test('no mirror has a tag called constructor by accident', () => {
    const none = { reason: 'tag-not-on-mirror' };
    expect(exportedCommit(spelled('constructor'), mirror({}), NO_RECORD, [])).toMatchObject(none);
  });
});

describe('a tag that the mirror has at another commit than the registry', () => {
  const named = [{ tag: '1.0.0', hexsha: TIP }];
  const ask = (record: ExportRecord, annotated = {}) =>
    exportedCommit(spelled('1.0.0'), { ...mirror({ '1.0.0': A }), annotated }, record, named);

  test.each([
    ["nothing is recorded: the registry's, else the mirror's", NO_RECORD, TIP, A],
    ['another tag is recorded', recordOf('0.9.0', B), TIP, A],
    ["the mirror's is recorded", recordOf('1.0.0', A), A, undefined],
    ["the registry's is recorded", recordOf('1.0.0', TIP), TIP, undefined],
  ])('%s', (_, record, commit, otherwise) => {
    expect(ask(record)).toEqual({
      ...{ kind: 'comparable', version: '1.0.0', commit, branch: null },
      ...(otherwise !== undefined && { otherwise }),
    });
  });

  test('is none where the registry names the tag object', () => {
    expect(ask(NO_RECORD, { '1.0.0': TIP })).toMatchObject({ commit: A });
    expect(ask(NO_RECORD, { '1.0.0': TIP })).not.toHaveProperty('otherwise');
  });

  test('does not follow from the DOI alone', () => {
    expect(toldByDoi(spelled('1.0.0'), mirror({ '1.0.0': A }), named)).toBe(false);
    expect(toldByDoi(spelled('1.0.1'), mirror({ '1.0.1': A }), named)).toBe(true);
  });
});

describe('a tree that is known to be of no snapshot', () => {
  const of = (at: string, known: boolean | null = true): ExportRecord => ({
    ...NO_RECORD,
    ...{ exportedTree: TIP, exportedAt: at, exportedOfNoSnapshot: known },
  });
  const [BEFORE, MADE, AFTER] = ['01', '02', '03'].map((day) => `2020-01-${day}T00:00:00.000Z`) as [
    string,
    string,
    string,
  ];
  const snapshots = [{ tag: '1.0.0', hexsha: A, created: MADE }];
  const tree = { kind: 'comparable', commit: null, tree: TIP, branch: null } as const;

  test.each([
    [
      'a version that nobody has (ds008020)',
      spelled('1.0.2'),
      of(BEFORE),
      { version: '1.0.2', ...tree },
    ],
    ['no DOI', assumed('1.0.0'), of(BEFORE), { version: '1.0.0', ...tree }],
    ['a snapshot that was made before', spelled('1.0.0'), of(AFTER), { version: '1.0.0', ...tree }],
    ['one that was made later', spelled('1.0.0'), of(BEFORE), { version: '1.0.0', commit: A }],
    ['not known of which', spelled('1.0.2'), of(AFTER, null), { reason: 'tag-not-on-mirror' }],
    ['known of one', spelled('1.0.2'), of(AFTER, false), { reason: 'tag-not-on-mirror' }],
  ] as const)('beside a DOI of %s', (_, description, record, expected) => {
    const found = exportedCommit(description, mirror({ '1.0.0': A }), record, snapshots);
    expect(found).toMatchObject(expected);
  });

  test('says nothing beside a tag of which the registry has no snapshot', () => {
    const found = exportedCommit(spelled('1.0.0'), mirror({ '1.0.0': A }), of(AFTER), []);
    expect(found).toMatchObject({ kind: 'comparable', version: '1.0.0', commit: A });
  });

  test('is not assumed because of an unknown record', () => {
    const { exportedOfNoSnapshot: _, ...untold } = of(AFTER);
    const found = exportedCommit(spelled('1.0.2'), mirror({ '1.0.0': A }), untold, snapshots);
    expect(found).toMatchObject({ kind: 'not-compared', reason: 'tag-not-on-mirror' });
  });
});

test('what is compared is known by its commit, else by its tree', () => {
  expect(comparedId({ commit: A })).toBe(A);
  expect(comparedId({ commit: null, tree: TIP })).toBe(TIP);
});

test.each([
  ['a DOI of a tag that is there', spelled('1.0.0'), true],
  ['one in two lines', doi('10.18112/openneuro.ds000001.v1.\n  0.0', '1.0.0'), true],
  ['a DOI of a tag that is not', spelled('1.0.1'), false],
  ['an assumed version', assumed('1.0.0'), false],
  [
    'an assumed version beside a DOI that ends alike',
    { ...assumed('1.0.0'), datasetDescriptionDOI: '10.5281/zenodo.1.0.0' },
    false,
  ],
  [
    'an export that may not be read',
    { ...assumed('1.0.0'), extractedVersion: null, versionSource: null },
    false,
  ],
  ['an old DOI without zeros', OLD, false],
  ['a DOI of another dataset', foreign('1.0.0'), false],
])('whether the DOI is enough: %s', (_, description, expected) => {
  expect(toldByDoi(description, mirror({ '1.0.0': A, '00001': A }), [])).toBe(expected);
});
