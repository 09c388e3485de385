// The content checks, as stages make them: what is requested and when, what fails by itself, what
// is switched off (docs/checks.md#contents and #access and #record and #causes).

import { describe, expect, test } from 'vitest';
import type {
  AnnexRecord,
  Causes,
  S3Access,
  S3Content,
  S3Diff,
} from '../../../../archives/openneuro/documents.ts';
import { CONTENT_CHECKS, type ContentCheck } from '../../../../archives/openneuro/vocabulary.ts';
import { causesPath } from '../../../../core/documents/paths.ts';
import { failed } from '../../../../core/failure.ts';
import { runPipeline } from '../../../../core/monitor/run.ts';
import { parseAnnexKey } from '../../../../core/protocols/git/annex-key.ts';
import { checkPath } from '../../../support/documents.ts';
import { asView } from '../../../support/legacy.ts';
import { type MemoryStore, memoryStore } from '../../../support/memory-store.ts';
import {
  annexLogs,
  COMMIT,
  dataset,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  OTHER_COMMIT,
  page,
  stageContext,
  treeIdOf,
} from '../../../support/stage-context.ts';
import { WHOLE_RUN } from '../../../support/stages.ts';

const ID = 'ds000001';
const KEY = 'MD5E-s7--d614929593bf2a7cccea90bea67255f4.nii.gz';
const FILES = ['CHANGES', 'dataset_description.json', 'sub-01/bold.nii.gz'];

/** One annexed file of seven bytes, exported as the only tag. The fake's objects have one byte. */
function archiveInStep(): FakeArchive {
  const archive = healthyArchive([ID]);
  archive.trees.set(COMMIT, FILES);
  archive.listings.set(ID, FILES);
  const key = parseAnnexKey(KEY.replace('-s7', '-s1'));
  archive.contents.set('sub-01/bold.nii.gz', { kind: 'annexed', key: key as never });
  const remote = annexLogs.remote(ID, 'bucket=openneuro.org versioning=yes');
  archive.blobs.set('remote.log', remote);
  archive.blobs.set('export.log', annexLogs.export(treeIdOf(COMMIT)));
  const log = `aaa/bbb/${KEY.replace('-s7', '-s1')}.log.rmet`;
  archive.blobs.set(log, `1s ${annexLogs.uuid}:V +v1#${ID}/sub-01/bold.nii.gz\n`);
  archive.trees.set(OTHER_COMMIT, [log, 'export.log', 'remote.log']);
  return archive;
}

interface Settings {
  readonly store?: MemoryStore;
  readonly day?: number;
  readonly checks?: readonly ContentCheck[];
  /** Milliseconds. */
  readonly maxAge?: number;
}

async function run(archive: FakeArchive, { store, day, checks, maxAge = 0 }: Settings = {}) {
  const context = stageContext(archive, {
    ...(store && { store }),
    ...(day !== undefined && { day }),
    options: {
      checks: new Set([...(checks ?? CONTENT_CHECKS), 'leftovers']),
      publishAnyway: true,
      maxAge,
    },
  });
  const { summary } = await runPipeline(context, WHOLE_RUN);
  const row = summary?.datasets[0];
  if (!row) throw new Error('no row');
  return { row: asView(row), store: context.store, context };
}

const content = (store: MemoryStore) => store.document<S3Content>(checkPath('s3Content', ID));
const access = (store: MemoryStore) => store.document<S3Access>(checkPath('s3Access', ID));
const annexRecord = (store: MemoryStore) =>
  store.document<AnnexRecord>(checkPath('annexRecord', ID));

describe('a dataset in step', () => {
  test('is ok in every check, and each document says how that is known', async () => {
    const { row, store } = await run(archiveInStep());
    expect(row.checks).toEqual({
      github: 'ok',
      s3Version: 'ok',
      s3Files: 'ok',
      s3Content: 'ok',
      s3Access: 'ok',
      annexRecord: 'ok',
    });
    expect(content(store)).toMatchObject({ compared: { content: 0, size: 1, none: 2 } });
    expect(row.compared).toEqual({ content: 0, size: 1, none: 2 });
    // First, last and largest, and one of each folder.
    expect(access(store).asked.map(({ path }) => path)).toEqual(['CHANGES', 'sub-01/bold.nii.gz']);
    expect(annexRecord(store)).toMatchObject({
      exportedTag: '1.0.0',
      annexedKeys: 1,
      unversionedKeys: 0,
      versionsRead: 1,
      claimedMissing: 0,
    });
    expect(store.documents.has(causesPath(ID))).toBe(false);
  });

  test('is requested once, and on the next day only its names and keys', async () => {
    const archive = archiveInStep();
    const { store } = await run(archive);
    expect(archive.asked).toMatchObject({ content: 1, tree: 1, objects: 1, listing: 1 });
    await run(archive, { store, day: 1 });
    expect(archive.asked).toMatchObject({ content: 1, tree: 1, objects: 1, listing: 2 });
    const [first, last] = [`${ID}/CHANGES`, `${ID}/sub-01/bold.nii.gz`];
    expect(archive.asked.access.filter((key) => key === first || key === last)).toHaveLength(4);
  });

  test('a branch that has moved is read again', async () => {
    const archive = archiveInStep();
    const { store } = await run(archive);
    const moved = 'e'.repeat(40);
    archive.trees.set(moved, archive.trees.get(OTHER_COMMIT) ?? []);
    const refs = healthyRefs(['1.0.0']);
    archive.refs.set(ID, { ...refs, branches: new Map([...refs.branches, ['git-annex', moved]]) });
    await run(archive, { store, day: 1 });
    expect(archive.asked).toMatchObject({ content: 1, tree: 2, objects: 2 });
    expect(annexRecord(store).branch).toBe(moved);
  });

  test('counts a branch ahead of the registry as its snapshot once there is one', async () => {
    const tip = 'e'.repeat(40);
    const archive = archiveInStep();
    const refs = healthyRefs(['1.0.0']);
    archive.refs.set(ID, { ...refs, branches: new Map(refs.branches).set('main', tip) });
    archive.trees.set(tip, FILES);
    archive.blobs.set('export.log', `1589468300s here:${annexLogs.uuid} ${treeIdOf(tip)}\n`);
    // The mirror lacks these tags on both days, so nothing of it changes.
    archive.readings = [[page([dataset(ID, ['1.0.0', '1.0.1'])])]];
    const { store } = await run(archive);
    expect(annexRecord(store)).toMatchObject({ exportedTag: null, exportedBranch: 'main' });
    // It is unknown whether it is newer than the latest snapshot, whose tag is missing.
    expect(annexRecord(store).findings).toContain('export-unknown');

    const later = dataset(ID, ['1.0.0', '1.0.1', '1.0.2']);
    const snapshots = later.snapshots.map((one) =>
      one.tag === '1.0.2' ? { ...one, hexsha: tip } : one,
    );
    archive.readings = [[page([{ ...later, snapshots }])]];
    await run(archive, { store, day: 1 });
    expect(annexRecord(store)).toMatchObject({ exportedTag: '1.0.2' });
    expect(annexRecord(store).findings).not.toContain('export-unknown');
    expect(archive.asked.objects).toBe(1);
  });

  test('paths that were kept without contents are fetched once more, then kept with them', async () => {
    const archive = archiveInStep();
    const store = memoryStore();
    await store.writeTree(COMMIT, Buffer.from('mirrorwatch-paths 1 of an older version'));
    await run(archive, { store });
    await run(archive, { store, day: 1 });
    expect(archive.asked.content).toBe(1);
    expect(content(store).status).toBe('ok');
  });
});

describe('what differs', () => {
  test('a file that is too short is an error with its likely cause', async () => {
    const archive = archiveInStep();
    const key = parseAnnexKey(KEY);
    archive.contents.set('sub-01/bold.nii.gz', { kind: 'annexed', key: key as never });
    const { row, store } = await run(archive);
    expect(row).toMatchObject({
      status: 'error',
      issueSubtypes: { s3Content: 'size-mismatch' },
      causes: ['objects-changed'],
    });
    expect(content(store)).toMatchObject({ sizeMismatches: 1, bytesMissing: 6 });
    const { causes } = store.document<Causes>(causesPath(ID));
    expect(causes[0]?.evidence.join(' ')).toContain('6 bytes are missing');
  });

  test('the version of a file that is gone is read once, while nothing moves', async () => {
    const archive = archiveInStep();
    archive.listings.set(
      ID,
      FILES.filter((path) => path !== 'sub-01/bold.nii.gz'),
    );
    const { row, store } = await run(archive);
    expect(row.causes).toEqual(['objects-changed']);
    const recorded = [{ path: 'sub-01/bold.nii.gz', version: 'v1', inGit: false }];
    expect(annexRecord(store).recordedVersions).toEqual(recorded);
    const { tree, objects } = archive.asked;

    await run(archive, { store, day: 1 });
    expect(archive.asked).toMatchObject({ tree, objects });
    expect(annexRecord(store).recordedVersions).toEqual(recorded);

    // Another file is requested, which is in git itself.
    archive.listings.set(
      ID,
      FILES.filter((path) => path !== 'CHANGES'),
    );
    await run(archive, { store, day: 2 });
    expect(annexRecord(store).recordedVersions).toEqual([
      { path: 'CHANGES', version: null, inGit: true },
    ]);
    archive.listings.set(ID, FILES);
    await run(archive, { store, day: 3 });
    expect(annexRecord(store)).not.toHaveProperty('recordedVersions');
  });

  test('a cause that is gone leaves the document', async () => {
    const archive = archiveInStep();
    archive.access.set(`${ID}/CHANGES`, 403);
    const { store, row } = await run(archive);
    expect(row.causes).toEqual(['still-private']);
    archive.access.clear();
    const next = await run(archive, { store, day: 1 });
    expect(next.row.causes).toEqual([]);
    expect(store.document<Causes>(causesPath(ID)).causes).toEqual([]);
  });

  test('claimed files that are missing, without symlinks that are never exported', async () => {
    const archive = archiveInStep();
    archive.trees.set(COMMIT, [...FILES, 'sub-02/a.nii', 'sub-02/link']);
    archive.contents.set('sub-02/link', { kind: 'symlink' });
    const { row, store } = await run(archive);
    expect(row.issueSubtypes).toMatchObject({
      s3Files: 'files-missing',
      annexRecord: 'claimed-missing',
    });
    expect(annexRecord(store).claimedMissingPaths).toEqual(['sub-02/a.nii']);
  });

  test('a version that was taken back counts as none', async () => {
    const archive = archiveInStep();
    const [log = ''] = [...archive.blobs.keys()].filter((path) => path.endsWith('.rmet'));
    const value = `v1#${ID}/sub-01/bold.nii.gz`;
    archive.blobs.set(log, `1s ${annexLogs.uuid}:V +${value}\n2s ${annexLogs.uuid}:V -${value}\n`);
    const { store } = await run(archive);
    expect(annexRecord(store)).toMatchObject({
      subtype: 'unversioned-keys',
      unversionedKeys: 1,
      unversionedPaths: ['sub-01/bold.nii.gz'],
    });
  });
});

test('versions taken back are found among any number of keys (ds007329)', async () => {
  const archive = archiveInStep();
  const names = Array.from({ length: 150 }, (_, n) => `sub-${String(n + 10)}.nii`);
  archive.trees.set(COMMIT, [...names, ...FILES].sort());
  archive.listings.set(ID, [...names, ...FILES].sort());
  for (const [n, name] of names.entries()) {
    const key = `MD5E-s1--${String(n).padStart(32, '0')}.nii`;
    archive.contents.set(name, { kind: 'annexed', key: parseAnnexKey(key) as never });
    const value = `v#${ID}/${name}`;
    const back = n > 147 ? `2s ${annexLogs.uuid}:V -${value}\n` : '';
    archive.blobs.set(`a/b/${key}.log.rmet`, `${back}1s ${annexLogs.uuid}:V +${value}\n`);
  }
  archive.trees.set(OTHER_COMMIT, [...archive.blobs.keys()].sort());
  const { row, store } = await run(archive);
  expect(row.checks.annexRecord).toBe('warning');
  expect(annexRecord(store)).toMatchObject({
    ...{ annexedKeys: 151, versionLogs: 151, versionsRead: 151, unversionedKeys: 2 },
    unversionedPaths: names.slice(-2),
  });
});

describe('what cannot be compared', () => {
  test('an empty export is pending, never ok', async () => {
    const archive = archiveInStep();
    archive.listings.set(ID, []);
    const { row } = await run(archive);
    expect(row.checks).toMatchObject({ s3Content: 'pending', s3Access: 'pending' });
  });

  test('a locked export is requested all the same', async () => {
    const archive = archiveInStep();
    archive.descriptions.set(ID, 'denied');
    for (const path of FILES) archive.access.set(`${ID}/${path}`, 403);
    const { row } = await run(archive);
    expect(row.checks).toMatchObject({ s3Content: 'pending', s3Access: 'error' });
    expect(row.causes).toEqual(['still-private']);
    expect(archive.asked.access).toContain(`${ID}/${FILES.at(-1)}`);
  });

  test('at most 50 pages of a locked export are read', async () => {
    const archive = archiveInStep();
    archive.descriptions.set(ID, 'denied');
    const context = stageContext(archive, {
      options: { checks: new Set(['s3Access']), publishAnyway: true },
    });
    let pages = 0;
    context.export.listObjects = async function* () {
      for (; pages < 60; pages++) {
        yield { kind: 'page', objects: [{ key: `all/${100 + pages}`, size: 1, etag: 'e' }] };
      }
      yield failed('cut-short', 'the test ends here');
    };
    await runPipeline(context, WHOLE_RUN);
    expect(pages).toBe(49);
    expect(access(context.store)).toMatchObject({ lastAttempt: null });
    expect(access(context.store).asked.at(-1)).toEqual({ path: 'all/149', httpStatus: 200 });
  });

  test('a locked export whose listing breaks off on a later page was not looked at', async () => {
    const archive = archiveInStep();
    archive.descriptions.set(ID, 'denied');
    const context = stageContext(archive, {
      options: { checks: new Set(['s3Access']), publishAnyway: true },
    });
    context.export.listObjects = async function* () {
      yield { kind: 'page', objects: [{ key: 'CHANGES', size: 1, etag: 'e' }] };
      yield failed('cut-short', 'half a page');
    };
    const { summary } = await runPipeline(context, WHOLE_RUN);
    expect(summary?.datasets[0]?.checks.s3Access?.lastAttempt).toMatchObject({
      reason: 'cut-short',
    });
    expect(archive.asked.access).toEqual([]);
  });

  test('a mirror without the branch is pending, with the reason', async () => {
    const archive = archiveInStep();
    archive.refs.set(ID, { ...healthyRefs(['1.0.0']), branches: new Map([['main', COMMIT]]) });
    const { row, store } = await run(archive);
    expect(row.checks.annexRecord).toBe('pending');
    expect(annexRecord(store).notCompared).toBe('annex-branch-missing');
  });
});

describe('what fails', () => {
  test('a HEAD without an answer leaves all other checks verified', async () => {
    const archive = archiveInStep();
    const { store } = await run(archive);
    archive.access.set(`${ID}/CHANGES`, failed('timeout', 'no answer'));
    const { row } = await run(archive, { store, day: 1 });
    expect(row.unverified).toMatchObject({ s3Access: { reason: 'timeout' }, s3Files: null });
    expect(row.checks.s3Access).toBe('ok');
    expect(access(store).lastAttempt?.reason).toBe('timeout');
    expect(content(store).lastAttempt).toBeNull();
  });

  test('a branch that cannot be read leaves the comparison verified', async () => {
    const archive = archiveInStep();
    archive.trees.set(OTHER_COMMIT, failed('cut-short', 'half a pack'));
    const { row } = await run(archive);
    expect(row.unverified).toMatchObject({ annexRecord: { reason: 'cut-short' }, s3Content: null });
    expect(row.checks).toMatchObject({ s3Content: 'ok', annexRecord: 'pending' });
  });

  test('a listing that fails leaves all that need it unverified', async () => {
    const archive = archiveInStep();
    const { store } = await run(archive);
    archive.listings.set(ID, failed('cut-short', 'half a page'));
    const { row } = await run(archive, { store, day: 1 });
    expect(row.checks).toMatchObject({ s3Files: 'ok', s3Content: 'ok', s3Access: 'ok' });
    for (const check of ['s3Files', ...CONTENT_CHECKS] as const) {
      expect(row.unverified?.[check]?.reason).toBe('cut-short');
    }
  });
});

describe('annex objects beside the files', () => {
  const OBJECT = `.git/annex/objects/abc/def/${KEY.replace('-s7', '-s1')}/${KEY.replace('-s7', '-s1')}`;
  function archiveWith(annexobjects: string): FakeArchive {
    const archive = archiveInStep();
    const log = archive.blobs.get('remote.log') ?? '';
    archive.blobs.set('remote.log', log.replace(' bucket', ` annexobjects=${annexobjects} bucket`));
    archive.listings.set(ID, [OBJECT, ...FILES]);
    return archive;
  }
  const diff = (store: MemoryStore) => store.document<S3Diff>(checkPath('s3Files', ID));

  test("are the remote's own where it says so, also when the branch is not read again", async () => {
    const archive = archiveWith('yes');
    const { row, store } = await run(archive);
    expect(row.status).toBe('ok');
    expect(diff(store)).toMatchObject({ bookkeeping: [OBJECT], removed: [] });
    const again = await run(archive, { store, day: 1 });
    expect(again.row.checks.s3Files).toBe('ok');
    expect(archive.asked.objects).toBe(1);
  });

  test('are orphans where it says no', async () => {
    const { row, store } = await run(archiveWith('no'));
    expect(row.checks.s3Files).toBe('error');
    expect(diff(store)).toMatchObject({ subtype: 'files-orphaned', removed: [OBJECT] });
  });

  test.each([
    ['the branch cannot be read', CONTENT_CHECKS],
    ['the record is not checked', ['s3Content'] as const],
  ])('are neither, and the files are not measured, when %s', async (_, checks) => {
    const archive = archiveWith('no');
    archive.trees.set(OTHER_COMMIT, failed('cut-short', 'half a pack'));
    const { row } = await run(archive, { checks });
    expect(row.checks).toMatchObject({ s3Files: 'pending', s3Content: 'ok' });
    expect(row.unverified?.s3Files).not.toBeNull();
    archive.listings.set(ID, [OBJECT, ...FILES.slice(1)]);
    const missing = await run(archive, { checks });
    expect(missing.row.checks.s3Files).toBe('error');
    expect(diff(missing.store)).toMatchObject({ added: [FILES[0]], bookkeeping: [OBJECT] });
  });

  test('nobody asks whose they are where there are none', async () => {
    const { row } = await run(archiveInStep(), { checks: ['s3Content'] });
    expect(row.checks.s3Files).toBe('ok');
  });
});

test('a record made by other rules is read again', async () => {
  const archive = archiveInStep();
  const { store } = await run(archive);
  const { rulesVersion: _, foreignRemotes: __, annexObjects: ___, ...older } = annexRecord(store);
  await store.writeDocument(checkPath('annexRecord', ID), older);
  await run(archive, { store, day: 1 });
  expect(archive.asked.objects).toBe(2);
  expect(annexRecord(store)).toMatchObject({ foreignRemotes: [], annexObjects: false });
});

test('a snapshot that the registry lists later names the export, also of an unchanged branch', async () => {
  const archive = archiveInStep();
  const entry = dataset(ID, ['0.9.0', '1.0.0']);
  const told = (...hexshas: string[]) => {
    const snapshots = entry.snapshots.map((one, at) => ({ ...one, hexsha: hexshas[at] ?? null }));
    archive.readings = [[page([{ ...entry, snapshots }])]];
  };
  // The export is of main; the latest tag is elsewhere, and the older snapshot's tag is absent.
  archive.refs.set(ID, { ...healthyRefs([]), tags: new Map([['1.0.0', OTHER_COMMIT]]) });
  told('e'.repeat(40), OTHER_COMMIT);
  const { store } = await run(archive);
  const ahead = { exportedTag: null, exportedBranch: 'main', findings: ['export-ahead'] };
  expect(annexRecord(store)).toMatchObject(ahead);
  told(COMMIT, OTHER_COMMIT);
  await run(archive, { store, day: 1 });
  expect(archive.asked.objects).toBe(1);
  expect(annexRecord(store)).toMatchObject({ exportedTag: '0.9.0', findings: ['export-behind'] });
  told('e'.repeat(40), OTHER_COMMIT);
  await run(archive, { store, day: 2 });
  expect(annexRecord(store)).toMatchObject(ahead);
});

test('a snapshot that was published since is seen within --max-age', async () => {
  const archive = archiveInStep();
  const maxAge = 7 * 24 * 60 * 60 * 1000;
  const { store } = await run(archive);
  archive.readings = [[page([dataset(ID, ['1.0.0', '1.0.1'])])]];
  const { row } = await run(archive, { store, day: 1, maxAge });
  expect(row.checks.annexRecord).toBe('version-mismatch');
  expect(annexRecord(store).findings).toEqual(['export-behind']);
});

describe('switched off', () => {
  test('a check that is switched off is neither made nor shown, and its earlier findings no longer count', async () => {
    const archive = archiveInStep();
    archive.access.set(`${ID}/CHANGES`, 403);
    const { store, row } = await run(archive);
    expect(row.status).toBe('error');
    const asked = archive.asked.access.length;
    const off = await run(archive, { store, day: 1, checks: ['s3Content'] });
    expect(off.row.checks).toMatchObject({ s3Content: 'ok' });
    expect([off.row.checks.s3Access, off.row.checks.annexRecord]).toEqual([undefined, undefined]);
    expect(off.row.status).toBe('ok');
    expect(archive.asked.access).toHaveLength(asked);
  });

  test('a check that is switched on again is made, even within --max-age', async () => {
    const archive = archiveInStep();
    const { store } = await run(archive);
    archive.access.set(`${ID}/CHANGES`, 403);
    await run(archive, { store, day: 1, checks: [] });
    const maxAge = 7 * 24 * 60 * 60 * 1000;
    const on = await run(archive, { store, day: 2, maxAge });
    expect(on.row.checks.s3Access).toBe('error');
    const { listing } = archive.asked;
    await run(archive, { store, day: 3, maxAge });
    expect(archive.asked.listing).toBe(listing);
  });

  test('without any content check the branch is not read and no HEAD is sent', async () => {
    const archive = archiveInStep();
    const { row, store } = await run(archive, { checks: [] });
    expect(archive.asked).toMatchObject({ content: 1, objects: 0, access: [] });
    expect(Object.keys(row.checks).filter((check) => row.checks[check as never])).toHaveLength(3);
    expect([...store.documents.keys()].filter((path) => path.includes('annex'))).toEqual([]);
  });
});
