import { describe, expect, test } from 'vitest';
import { RULES_VERSION } from '../../../archives/openneuro/rules-version.ts';
import { encodeDocument } from '../../../core/documents/json.ts';
import type { TreeFinding } from '../../../core/documents/tree.ts';
import type { ValidateOptions } from '../../../core/documents/validate.ts';
import { DOCUMENT_SCHEMAS, documentKind, validateTree } from '../../support/documents.ts';
import { recordedTree } from '../../support/recorded.ts';
import { readFolder } from '../../support/tree.ts';

type Json = Record<string, unknown>;

const AT = '2026-08-01T08:00:00.000Z';
const LATER = '2026-08-01T09:00:00.000Z';
const SHA = 'a'.repeat(40);
/** Kinds without a rules' version leave it out when they are read. */
const VERSION = { schemaVersion: '3.0.0', rulesVersion: RULES_VERSION };

const PENDING = { reason: 'just-published', until: LATER };
const GONE = {
  head: null,
  branches: {},
  tags: {},
  error: 'repo-not-found',
  status: 'pending',
  subtype: null,
  findings: [
    { subtype: 'repo-not-found', status: 'error', tags: [] },
    { subtype: 'tag-missing', status: 'error', tags: ['1.0.1'] },
    { subtype: 'older-tag-missing', status: 'warning', tags: ['1.0.0'] },
    { subtype: 'annex-branch-missing', status: 'warning', tags: [] },
  ],
  pending: PENDING,
};
const CLOSED = {
  accessible: false,
  httpStatus: 403,
  datasetDescriptionDOI: null,
  extractedVersion: null,
  versionSource: null,
  status: 'pending',
  pending: PENDING,
};

/** A small tree in order: one dataset, every kind of document. */
function goodTree(): Record<string, Json> {
  return {
    'datasets-registry.json': {
      ...VERSION,
      lastChecked: AT,
      totalCount: 1,
      latestSnapshots: { ds000001: '1.0.1' },
      names: { ds000001: 'Balloons' },
      skipped: { ds000009: 'no-snapshots' },
      unverified: {},
      lastAttempt: null,
    },
    'all-datasets.json': { ...VERSION, lastUpdated: LATER, datasets: [row('ds000001')] },
    'status.json': {
      ...VERSION,
      lastRun: {
        id: AT,
        startedAt: AT,
        finishedAt: LATER,
        outcome: 'published',
        why: [],
        durationSeconds: 3600,
      },
      publishedAt: LATER,
      datasets: 1,
      covered: 1,
      unverified: 0,
    },
    'timestamps/github.json': { ds000001: AT },
    'datasets/ds000001/snapshots.json': { ...VERSION, tags: ['1.0.0', '1.0.1'] },
    'datasets/ds000001/snapshots/1.0.0/metadata.json': { ...VERSION, hexsha: SHA, created: AT },
    'datasets/ds000001/snapshots/1.0.1/metadata.json': { ...VERSION, hexsha: SHA, created: AT },
    'datasets/ds000001/snapshots/1.0.1/files.json': {
      ...VERSION,
      count: 3,
      files: ['a', 'b', 'c'],
      commit: SHA,
    },
    'datasets/ds000001/github.json': {
      ...VERSION,
      head: 'main',
      branches: { main: SHA },
      tags: { '1.0.1': SHA },
      lastChecked: null,
      error: null,
      annotated: {},
      status: 'warning',
      subtype: 'older-tag-missing',
      findings: [
        { subtype: 'older-tag-missing', status: 'warning', tags: ['1.0.0'] },
        { subtype: 'annex-branch-missing', status: 'warning', tags: [] },
      ],
      lastAttempt: null,
    },
    'datasets/ds000001/s3-version.json': {
      ...VERSION,
      accessible: true,
      lastChecked: null,
      httpStatus: null,
      datasetDescriptionDOI: '10.18112/openneuro.ds000001.v1.0.1',
      extractedVersion: '1.0.1',
      versionSource: 'doi',
      datasetDescriptionMissing: null,
      doiIdMismatch: null,
      doiDatasetId: null,
      invalidJson: null,
      httpError: null,
      requestError: null,
      unexpectedError: null,
      status: 'ok',
      subtype: null,
      etag: null,
      lastAttempt: null,
    },
    'datasets/ds000001/s3-diff.json': {
      ...VERSION,
      datasetId: 'ds000001',
      snapshotTag: '1.0.1',
      s3Version: '1.0.1',
      status: 'error',
      totalS3Files: 4,
      totalGitFiles: 5,
      checkedAt: null,
      exportMissing: false,
      added: ['b', 'c'],
      removed: ['x'],
      context: ['a'],
      bookkeeping: ['annex-uuid'],
      submodules: ['sub'],
      subtype: 'files-missing',
      notCompared: null,
      commit: SHA,
      lastAttempt: null,
    },
  };
}

function row(id: string): Json {
  return {
    id,
    status: 'error',
    checks: { github: 'warning', s3Version: 'ok', s3Files: 'error' },
    s3Blocked: null,
    lastChecked: { github: AT, s3Version: LATER, s3Files: LATER },
    s3FilesAdded: 2,
    s3FilesRemoved: 1,
    issueSubtypes: { github: 'older-tag-missing', s3Version: null, s3Files: 'files-missing' },
    githubVersion: '1.0.1',
    s3Version: '1.0.1',
    latestSnapshotDate: AT,
    name: 'Balloons',
    latestSnapshot: '1.0.1',
    checkedAt: AT,
    unverified: null,
    findings: ['older-tag-missing', 'annex-branch-missing'],
    notCompared: null,
    rulesVersion: RULES_VERSION,
  };
}

async function validate(
  files: Record<string, Json | string>,
  options?: ValidateOptions,
): Promise<TreeFinding[]> {
  const texts = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? content : JSON.stringify(content),
    ]),
  );
  const findings: TreeFinding[] = [];
  const reader = {
    async *list() {
      yield* texts.keys();
    },
    read: async (path: string) => texts.get(path),
  };
  for await (const finding of validateTree(reader, options)) findings.push(finding);
  return findings;
}

const places = (findings: readonly TreeFinding[]) =>
  findings.map(({ path, field }) => `${path.split('/').at(-1)} ${field}`.trim());

describe('a valid tree', () => {
  test('has no findings, and each of its documents can be written', async () => {
    const tree = goodTree();
    expect(await validate(tree)).toEqual([]);
    for (const [path, document] of Object.entries(tree)) {
      const kind = documentKind(path);
      if (kind === undefined) throw new Error(path);
      expect(() => encodeDocument(DOCUMENT_SCHEMAS[kind], document)).not.toThrow();
    }
  });

  test('what does not count yet of a new dataset still waits on a day it cannot be measured', async () => {
    const nothing = { exportedTree: null, exportedTag: null, exportedAt: null };
    const record = {
      ...{ ...VERSION, datasetId: 'ds000001', status: 'pending', subtype: null },
      ...{ findings: ['remotes'], notCompared: null, branch: SHA, latestTag: '1.0.1' },
      ...{ latestCommit: SHA, remotes: [], ...nothing, incompleteTrees: [], annexedKeys: 1 },
      ...{ unversionedKeys: 0, versionsRead: 1, unversionedPaths: [], claimedMissing: null },
      ...{ claimedMissingPaths: [], lastAttempt: { at: LATER, reason: 'timeout' } },
    };
    const tree = { ...goodTree(), 'datasets/ds000001/annex-record.json': record };
    expect(await validate(tree)).not.toEqual([]);
    const waiting = { ...record, pending: PENDING };
    expect(await validate({ ...tree, 'datasets/ds000001/annex-record.json': waiting })).toEqual([]);
  });

  test('folders of datasets that left the registry are history', async () => {
    const tree = goodTree();
    tree['datasets/ds000002/snapshots.json'] = { ...VERSION, tags: [] };
    expect(await validate(tree)).toEqual([]);
  });

  test("the store's own folder is not looked into", async () => {
    expect(await validate({ ...goodTree(), '.mirrorwatch/records/x': 'anything' })).toEqual([]);
  });

  test('an empty folder has no findings', async () => {
    expect(await validate({})).toEqual([]);
  });
});

describe('a missing document', () => {
  const D = 'datasets/ds000001/';
  test.each([
    { gone: 'all-datasets.json' },
    { gone: 'status.json' },
    { gone: `${D}github.json` },
    { gone: `${D}s3-version.json` },
    { gone: `${D}s3-diff.json` },
  ])('$gone is missed', async ({ gone }) => {
    const { [gone]: _, ...tree } = goodTree();
    expect(await validate(tree)).toEqual([
      { path: gone, field: '', message: expect.stringMatching(/^is missing/) },
    ]);
  });

  test('every document that a summary needs is missed, and no other', async () => {
    const tree = goodTree();
    const told = {
      ...row('ds000001'),
      checks: { ...(row('ds000001').checks as Json), s3Access: 'ok', annexRecord: null },
      lastChecked: { github: AT, s3Version: LATER, s3Files: LATER, s3Access: LATER },
      causes: ['export-cut-short'],
    };
    tree['all-datasets.json'] = { ...VERSION, lastUpdated: LATER, datasets: [told] };
    expect(places(await validate(tree))).toEqual(['s3-access.json', 'causes.json']);
  });

  test('a comparison that was not made is not missed', async () => {
    const { [`${D}s3-diff.json`]: _, ...tree } = goodTree();
    const waits = {
      ...row('ds000001'),
      status: 'warning',
      checks: { github: 'warning', s3Version: 'ok', s3Files: 'pending' },
      ...{ s3FilesAdded: null, s3FilesRemoved: null, notCompared: 'tag-not-on-mirror' },
      issueSubtypes: { github: 'older-tag-missing', s3Version: null, s3Files: null },
    };
    tree['all-datasets.json'] = { ...VERSION, lastUpdated: LATER, datasets: [waits] };
    expect(await validate(tree)).toEqual([]);
  });

  test.each([
    { what: 'was held', status: { outcome: 'held' }, registry: {} },
    { what: 'was cut off', status: {}, registry: { lastChecked: '2026-08-02T08:00:00.000Z' } },
  ])('a comparison that a later run took away is not missed: it $what', async (later) => {
    const { [`${D}s3-diff.json`]: _, ...tree } = goodTree();
    const { lastRun, ...status } = tree['status.json'] as { lastRun: Json };
    tree['status.json'] = { ...status, lastRun: { ...lastRun, ...later.status } };
    tree['datasets-registry.json'] = { ...tree['datasets-registry.json'], ...later.registry };
    expect(await validate(tree)).toEqual([]);
  });

  test('nothing is left of a withdrawn dataset after a run that published', async () => {
    const tree = goodTree();
    const withdrawn = [{ id: 'ds000002', since: AT }];
    tree['datasets-registry.json'] = { ...tree['datasets-registry.json'], withdrawn };
    expect(await validate(tree)).toEqual([]);
    const left = { 'datasets/ds000002/snapshots.json': { ...VERSION, tags: [] } };
    const finding = {
      path: 'datasets/ds000002',
      field: '',
      message: 'is of a withdrawn dataset; mirrorwatch prune removes it',
    };
    expect(await validate({ ...tree, ...left })).toEqual([finding]);
    expect(await validate({ ...tree, ...left }, { isSettled: false })).toEqual([]);
    const { lastRun, ...status } = tree['status.json'] as { lastRun: Json };
    tree['status.json'] = { ...status, lastRun: { ...lastRun, outcome: 'held' } };
    expect(await validate({ ...tree, ...left })).toEqual([]);
  });

  test.each([
    { id: 'ds000001', message: 'ds000001 is listed' },
    { id: 'ds000003', message: 'ds000003 is in gone as well' },
  ])('a tombstone of a dataset that is there: $message', async ({ id, message }) => {
    const tree = goodTree();
    const gone = [{ id: 'ds000003', state: 'deleted', at: AT }];
    const withdrawn = [{ id, since: AT }];
    tree['datasets-registry.json'] = { ...tree['datasets-registry.json'], gone, withdrawn };
    const path = 'datasets-registry.json';
    expect(await validate(tree)).toContainEqual({ path, field: 'withdrawn.0', message });
  });

  test('a tree from which nothing was published needs no summary', async () => {
    const { 'all-datasets.json': _, ...tree } = goodTree();
    const { lastRun, ...status } = tree['status.json'] as { lastRun: Json };
    const held = { ...status, publishedAt: null, lastRun: { ...lastRun, outcome: 'held' } };
    expect(await validate({ ...tree, 'status.json': held })).toEqual([]);
  });

  test.each(['timestamps', 'datasets', `${D}snapshots`, '.mirrorwatch'])(
    'a file %s where a folder should be',
    async (path) => {
      const tree = Object.fromEntries(
        Object.entries(goodTree()).filter(([name]) => !name.startsWith(`${path}/`)),
      );
      expect(await validate({ ...tree, [path]: 'x' })).toContainEqual({
        path,
        field: '',
        message: 'is a file where a folder should be',
      });
    },
  );
});

describe('one field changed in a valid tree', () => {
  const D = 'datasets/ds000001/';
  const cases: [what: string, path: string, change: Json, fields: string[]][] = [
    ['a wrong total', 'datasets-registry.json', { totalCount: 2 }, ['totalCount']],
    [
      'a latest tag that is not in the tag list',
      'datasets-registry.json',
      { latestSnapshots: { ds000001: '1.0.2' } },
      ['latestSnapshots.ds000001'],
    ],
    [
      'a listed dataset without snapshots',
      'datasets-registry.json',
      { latestSnapshots: { ds000001: '1.0.1', ds000002: '1.0.0' }, totalCount: 2 },
      ['latestSnapshots.ds000002'],
    ],
    [
      'a dataset both listed and skipped',
      'datasets-registry.json',
      { skipped: { ds000001: 'no-snapshots' } },
      ['skipped.ds000001'],
    ],
    [
      'a name of a dataset that is not listed',
      'datasets-registry.json',
      { names: { ds000005: 'x' } },
      ['names.ds000005'],
    ],
    ['a tag twice', `${D}snapshots.json`, { tags: ['1.0.1', '1.0.1'] }, ['tags.1']],
    ['a tag without metadata', `${D}snapshots.json`, { tags: ['1.0.1', '2.0.0'] }, ['tags.1']],
    ['a count that is off', `${D}snapshots/1.0.1/files.json`, { count: 2 }, ['count']],
    [
      'paths out of byte order',
      `${D}snapshots/1.0.1/files.json`,
      { files: ['a', '\u{1f600}', '\uff5e'] },
      ['files.2'],
    ],
    ['a status better than the findings', `${D}github.json`, { status: 'ok' }, ['status']],
    ['a subtype of its own', `${D}github.json`, { subtype: null }, ['subtype']],
    [
      'findings out of rank',
      `${D}github.json`,
      {
        findings: [
          { subtype: 'annex-branch-missing', status: 'warning', tags: [] },
          { subtype: 'older-tag-missing', status: 'warning', tags: ['1.0.0'] },
        ],
        subtype: 'annex-branch-missing',
      },
      ['findings.1'],
    ],
    [
      'an error beside refs',
      `${D}github.json`,
      { error: 'repo-empty' },
      ['branches', 'tags', 'findings'],
    ],
    [
      'an annotated tag that is no tag',
      `${D}github.json`,
      { annotated: { '0.9': SHA } },
      ['annotated.0.9'],
    ],
    [
      'a pending check that does not say why',
      `${D}github.json`,
      { status: 'pending', subtype: null, findings: [] },
      ['findings', 'status'],
    ],
    [
      'a version without a source',
      `${D}s3-version.json`,
      { versionSource: null },
      ['versionSource', 'status', 'subtype'],
    ],
    [
      'a lock that gives a version',
      `${D}s3-version.json`,
      { accessible: false, status: 'error', subtype: 'blocked' },
      ['extractedVersion'],
    ],
    [
      'a warning under a mismatch',
      `${D}s3-version.json`,
      { status: 'warning', subtype: 'doi-mismatch' },
      ['status'],
    ],
    [
      'an assumed version called ok',
      `${D}s3-version.json`,
      { versionSource: 'assumed_latest' },
      ['status', 'subtype'],
    ],
    ["another dataset's comparison", `${D}s3-diff.json`, { datasetId: 'ds000002' }, ['datasetId']],
    ['counts that do not add up', `${D}s3-diff.json`, { totalS3Files: 5 }, ['totalS3Files']],
    [
      'orphans out of order',
      `${D}s3-diff.json`,
      { removed: ['y', 'x'], totalS3Files: 5 },
      ['removed.1'],
    ],
    ['a path twice', `${D}s3-diff.json`, { added: ['b', 'b'] }, ['added.1']],
    ['ok beside differences', `${D}s3-diff.json`, { status: 'ok' }, ['status']],
    [
      'orphans said to be missing files',
      `${D}s3-diff.json`,
      { added: [], totalGitFiles: 3 },
      ['subtype'],
    ],
    [
      'a missing export that holds files',
      `${D}s3-diff.json`,
      { exportMissing: true, subtype: 'export-missing' },
      ['exportMissing'],
    ],
    [
      'a reason for no comparison beside one',
      `${D}s3-diff.json`,
      { notCompared: 'tag-not-on-mirror' },
      ['notCompared'],
    ],
    [
      'half a comparison',
      `${D}s3-diff.json`,
      { totalGitFiles: null },
      ['totalS3Files', 'totalGitFiles'],
    ],
    [
      'a mirror that is waited for and there',
      `${D}github.json`,
      { status: 'pending', subtype: null, pending: PENDING },
      ['pending'],
    ],
    [
      'a version that is waited for and there',
      `${D}s3-version.json`,
      { status: 'pending', pending: PENDING },
      ['pending'],
    ],
    [
      'orphans that are waited for',
      `${D}s3-diff.json`,
      { added: [], totalGitFiles: 3, subtype: 'files-orphaned', pending: PENDING },
      ['pending'],
    ],
    [
      'missing files that are waited for and counted',
      `${D}s3-diff.json`,
      { pending: PENDING },
      ['subtype'],
    ],
    ['published, and nothing is', 'status.json', { publishedAt: null }, ['publishedAt']],
    ['more covered than there are', 'status.json', { covered: 2 }, ['covered']],
  ];

  test.each([
    [`${D}github.json`, GONE],
    [`${D}s3-version.json`, CLOSED],
    [`${D}s3-diff.json`, { subtype: 'files-orphaned', pending: PENDING }],
    [
      `${D}s3-diff.json`,
      { removed: [], totalS3Files: 3, status: 'pending', subtype: null, pending: PENDING },
    ],
  ])('what waits in %s is no finding', async (path, change) => {
    const tree = goodTree();
    Object.assign(tree[path] as Json, change);
    expect(await validate(tree)).toEqual([]);
  });

  test.each(cases)('%s is found', async (_, path, change, fields) => {
    const tree = goodTree();
    Object.assign(tree[path] as Json, change);
    const findings = await validate(tree);
    expect(findings.map(({ field }) => field)).toEqual(fields);
    expect(new Set(findings.map((finding) => finding.path))).toEqual(new Set([path]));
  });

  const B = 'b'.repeat(40);
  const NEW = { reason: 'timeout', at: LATER };
  const METADATA = `${D}snapshots/1.0.0/metadata.json`;
  const GITHUB = `${D}github.json`;
  const moved = { tags: { '1.0.0': B, '1.0.1': SHA }, branches: { main: SHA, 'git-annex': SHA } };
  const inStep = { status: 'ok', subtype: null, findings: [] };

  test.each<{ what: string; path?: string; change: Json; fields: string[] }>([
    { what: 'a tag at another commit', change: { ...moved, ...inStep }, fields: ['findings'] },
    {
      what: 'an older tag that is there',
      change: { tags: { '1.0.0': SHA, '1.0.1': SHA } },
      fields: ['findings'],
    },
    {
      what: 'other tags than those missing',
      change: {
        findings: [
          { subtype: 'older-tag-missing', status: 'warning', tags: ['1.0.2'] },
          { subtype: 'annex-branch-missing', status: 'warning', tags: [] },
        ],
      },
      fields: ['findings'],
    },
    { what: 'HEAD elsewhere', change: { branches: { main: B } }, fields: ['findings'] },
  ])('$what is found by what the registry says', async ({ change, fields }) => {
    const tree = goodTree();
    Object.assign(tree[GITHUB] as Json, change);
    expect(places(await validate(tree))).toEqual(fields.map((field) => `github.json ${field}`));
  });

  test('half of a newer registry judges nothing', async () => {
    const tree = goodTree();
    tree[`${D}snapshots.json`] = { ...VERSION, tags: ['1.0.0', '1.0.1', '1.0.2'] };
    tree[`${D}snapshots/1.0.2/metadata.json`] = { ...VERSION, hexsha: SHA, created: AT };
    expect(await validate(tree)).toEqual([]);
    const cut = goodTree();
    Object.assign(cut[METADATA] as Json, { hexsha: B });
    Object.assign(cut[GITHUB] as Json, { tags: { '1.0.0': SHA, '1.0.1': SHA } });
    expect(places(await validate(cut))).toEqual(['github.json findings']);
    Object.assign(cut[GITHUB] as Json, {
      findings: [{ subtype: 'annex-branch-missing', status: 'warning', tags: [] }],
      subtype: 'annex-branch-missing',
    });
    expect(places(await validate(cut))).toEqual(['github.json findings']);
    expect(await validate(cut, { isSettled: false })).toEqual([]);
  });

  test('a version is judged by the latest snapshot', async () => {
    const tree = goodTree();
    tree['timestamps/s3-version.json'] = { ds000001: AT };
    expect(await validate(tree)).toEqual([]);
    Object.assign(tree[`${D}s3-version.json`] as Json, { extractedVersion: '1.0.0' });
    expect(places(await validate(tree))).toEqual([
      's3-version.json status',
      's3-version.json subtype',
    ]);
  });

  test.each<{ what: string; changes: Record<string, Json> }>([
    { what: 'an attempt failed since', changes: { [GITHUB]: { lastAttempt: NEW } } },
    {
      what: 'the entry is kept',
      changes: { 'datasets-registry.json': { unverified: { ds000001: NEW } } },
    },
    {
      what: 'the registry was read since',
      changes: { 'datasets-registry.json': { lastChecked: LATER } },
    },
    {
      what: 'the check was made by a clock that was ahead',
      changes: { 'timestamps/github.json': { ds000001: '2027-01-01T00:00:00.000Z' } },
    },
    { what: 'it is not told when it was made', changes: { 'timestamps/github.json': { ds2: AT } } },
  ])('where $what, a mirror is judged by itself alone', async ({ changes }) => {
    const tree = goodTree();
    Object.assign(tree[METADATA] as Json, { hexsha: B });
    Object.assign(tree[GITHUB] as Json, { tags: { '1.0.0': SHA, '1.0.1': SHA } });
    expect(places(await validate(tree))).toEqual(['github.json findings']);
    for (const [path, change] of Object.entries(changes)) {
      const before = path.startsWith('timestamps/') ? {} : tree[path];
      tree[path] = { ...before, ...change };
    }
    expect(await validate(tree)).toEqual([]);
    Object.assign(tree[GITHUB] as Json, { branches: { main: SHA, 'git-annex': SHA } });
    expect(places(await validate(tree))).toEqual(['github.json findings']);
  });

  const rowCases: [what: string, change: Json, fields: string[]][] = [
    ['a status better than the checks', { status: 'warning' }, ['status']],
    ['the newest time instead of the oldest', { checkedAt: LATER }, ['checkedAt']],
    ['a count without its subtype', { s3FilesRemoved: 1, s3FilesAdded: 3 }, []],
    ['a lock without its subtype', { s3Blocked: true }, ['s3Blocked']],
    ['findings of something else', { findings: ['head-mismatch'] }, ['findings']],
    [
      'findings of another check than found anything',
      { findings: ['size-mismatch', 'content-mismatch'] },
      ['findings'],
    ],
    ['a reach of a check not made', { compared: { content: 1, size: 0, none: 0 } }, ['compared']],
    ['further findings of the files', { findings: ['files-missing', 'files-orphaned'] }, []],
    [
      'counts under no subtype',
      { issueSubtypes: { github: 'older-tag-missing', s3Version: null, s3Files: null } },
      ['s3FilesAdded', 's3FilesRemoved', 'checks.s3Files'],
    ],
    [
      'missing files under orphans',
      {
        issueSubtypes: { github: 'older-tag-missing', s3Version: null, s3Files: 'files-orphaned' },
      },
      ['s3FilesAdded'],
    ],
  ];
  test.each(rowCases)('a changed field of a row is found: %s', async (_, change, fields) => {
    const tree = goodTree();
    Object.assign(tree['all-datasets.json'] as Json, {
      datasets: [{ ...row('ds000001'), ...change }],
    });
    const found = (await validate(tree)).map(({ field }) => field);
    expect(found).toEqual(fields.map((field) => `datasets.ds000001.${field}`));
  });

  test.each([[['ds000002', 'ds000001']], [['ds000001', 'ds000001']]])(
    'rows %j are out of order or double',
    async (ids) => {
      const tree = goodTree();
      Object.assign(tree['all-datasets.json'] as Json, { datasets: ids.map(row) });
      expect(places(await validate(tree))).toEqual(['all-datasets.json datasets.1.id']);
    },
  );
});

describe('files that are no documents', () => {
  test.each([
    ['not JSON', '{"tags": ['],
    ['not an object', '"text"'],
    ['of an unknown version', '{"schemaVersion": "9.0.0"}'],
    ['without its fields', '{"schemaVersion": "3.0.0"}'],
    ['nested a million deep', '['.repeat(1_000_000)],
  ])('a document that is %s is a finding', async (_, text) => {
    const findings = await validate({ 'datasets/ds000001/github.json': text });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]?.path).toBe('datasets/ds000001/github.json');
    for (const { message } of findings) expect(message.length).toBeLessThan(600);
  });

  test.each([
    'datasets/ds000001/badge.svg',
    'badges/openneuro.svg',
    'summary.html',
    'schema/summary.schema.json',
  ])('%s is no document, and belongs there', async (path) => {
    expect(await validate({ [path]: '' })).toEqual([]);
  });

  test('a badge is read as shields.io would', async () => {
    const badge = { schemaVersion: 1, label: 'copies', message: 'in step', color: '1a7f37' };
    const path = 'datasets/ds000001/badge.json';
    const whole = JSON.stringify({ ...badge, isError: false, cacheSeconds: 3600 });
    expect(await validate({ [path]: whole })).toEqual([]);
    const found = await validate({ [path]: whole.replace('in step', '') });
    expect(found).toMatchObject([{ path, field: 'message' }]);
  });

  test.each([
    'badges/another.svg',
    'schema/compact.schema.json',
    'datasets/ds000001/schema/summary.schema.json',
    'datasets/ds000001/badge.png',
    'datasets/../badge.svg',
    'notes.txt',
    'datasets/ds000001/github.json.bak',
    'datasets/ds000001/snapshots/1.0.0/other.json',
    'datasets/../../etc/passwd',
    'datasets/<img src=x>/github.json',
  ])('%s belongs nowhere', async (path) => {
    expect(await validate({ [path]: '{}' })).toEqual([
      { path, field: '', message: 'no document belongs at this path' },
    ]);
  });

  test('what a write that was cut off left behind is called that', async () => {
    const path = 'datasets/ds000001/.mirrorwatch-0123456789abcdef.tmp';
    expect(await validate({ [path]: '{' })).toMatchObject([
      { path, message: expect.stringContaining('cut off') },
    ]);
  });

  test('a hostile name in a finding stays on its line', async () => {
    const tree = goodTree();
    const path = 'datasets/ds000001/github.json';
    Object.assign(tree[path] as Json, { annotated: { 'a\nb\u001b[31m\u202e': SHA } });
    expect(await validate(tree)).toMatchObject([
      { path, field: 'annotated.a\\u{a}b\\u{1b}[31m\\u{202e}' },
    ]);
  });

  test('a file that cannot be read is a finding', async () => {
    const reader = {
      async *list() {
        yield 'status.json';
      },
      read: () => Promise.reject(new Error('EACCES')),
    };
    expect(await Array.fromAsync(validateTree(reader))).toMatchObject([
      { path: 'status.json', message: expect.stringContaining('EACCES') },
    ]);
  });
});

const recorded = recordedTree();
test.skipIf(recorded === null)(
  'the whole recorded tree is read and agrees with itself',
  async () => {
    let files = 0;
    const reader = readFolder(recorded as string, () => {
      files += 1;
    });
    const findings = await Array.fromAsync(validateTree(reader));
    expect(findings).toEqual([]);
    // Five are also read beforehand: the registry, the status, and the inputs of the checks by it.
    expect(files).toBe(12_371 + 5);
  },
);
