// A dataset just published, day by day: what waits, with which date, and that it counts afterwards
// although nothing else has changed (docs/checks.md#new-datasets).

import { describe, expect, test } from 'vitest';
import type {
  AnnexRecord,
  Causes,
  Github,
  S3Access,
  S3Version,
} from '../../../../archives/openneuro/documents.ts';
import type { Summary } from '../../../../archives/openneuro/legacy/summary.ts';
import { CONTENT_CHECKS } from '../../../../archives/openneuro/vocabulary.ts';
import type { CompactSummary } from '../../../../core/documents/compact.ts';
import type { Registry } from '../../../../core/documents/documents.ts';
import {
  causesPath,
  PLAIN_PATH,
  REGISTRY_PATH,
  SUMMARY_PATH,
} from '../../../../core/documents/paths.ts';
import { failed } from '../../../../core/failure.ts';
import type { StageOptions } from '../../../../core/monitor/context.ts';
import { type RunRequest, runPipeline } from '../../../../core/monitor/run.ts';
import { checkPath, validateTree } from '../../../support/documents.ts';
import { readCompact } from '../../../support/legacy.ts';
import { type MemoryStore, memoryStore } from '../../../support/memory-store.ts';
import { readRecord } from '../../../support/sessions.ts';
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
/** Day 0 of the tests is 2026-08-01. */
const PUBLISHED = '2026-07-31T06:00:00.000Z';
const PENDING = { reason: 'just-published', until: '2026-08-08T06:00:00.000Z' };

const BEFORE_EXPORT = 'e'.repeat(40);

/** Everything agrees; `change` creates the fault. */
function archiveWith(change: (archive: FakeArchive) => void, publishDate = PUBLISHED) {
  const archive = healthyArchive([ID]);
  archive.readings = [[page([{ ...dataset(ID, ['1.0.0']), publishDate }])]];
  archive.trees.set(OTHER_COMMIT, ['export.log', 'remote.log']);
  archive.blobs.set('remote.log', annexLogs.remote(ID));
  archive.blobs.set('export.log', annexLogs.export(treeIdOf(COMMIT)));
  change(archive);
  return archive;
}

interface Settings {
  readonly store?: MemoryStore;
  readonly day?: number;
  readonly options?: Partial<StageOptions>;
  readonly request?: Partial<RunRequest>;
}

async function run(archive: FakeArchive, settings: Settings = {}) {
  const { store = memoryStore(), day = 0, options, request } = settings;
  const context = stageContext(archive, {
    store,
    day,
    options: { publishAnyway: true, checks: new Set<string>(CONTENT_CHECKS), ...options },
  });
  await runPipeline(context, { ...WHOLE_RUN, ...request });
  const row = store.document<Summary>(SUMMARY_PATH).datasets.find(({ id }) => id === ID);
  if (!row) throw new Error('no row');
  return { row, store };
}

async function findingsOf(store: MemoryStore): Promise<unknown[]> {
  return Array.fromAsync(
    validateTree({
      async *list() {
        yield* store.documents.keys();
        yield* store.pages.keys();
      },
      read: async (path) => store.documents.get(path) ?? store.pages.get(path),
    }),
  );
}

const blocked = (archive: FakeArchive) => {
  archive.descriptions.set(ID, 'denied');
  for (const path of ['CHANGES', 'dataset_description.json'])
    archive.access.set(`${ID}/${path}`, 403);
};

const FAULTS = {
  'a closed export': {
    change: blocked,
    waits: ['s3Version', 's3Files', 's3Access'],
    error: { s3Version: 'error', s3Files: 'error', s3Access: 'error' },
    causes: ['still-private'],
  },
  'an empty export': {
    change: (archive: FakeArchive) => {
      archive.descriptions.set(ID, 'absent');
      archive.listings.set(ID, []);
      // Another commit of the branch, before the export.
      const branches = new Map([
        ['git-annex', BEFORE_EXPORT],
        ['main', COMMIT],
      ]);
      archive.refs.set(ID, { ...healthyRefs(['1.0.0']), branches });
      archive.trees.set(BEFORE_EXPORT, ['remote.log']);
    },
    waits: ['s3Version', 's3Files'],
    error: { s3Version: 'warning', s3Files: 'error' },
    causes: ['export-never-ran'],
  },
  'an export without some files': {
    change: (archive: FakeArchive) => {
      archive.listings.set(ID, ['dataset_description.json']);
    },
    waits: ['s3Files', 'annexRecord'],
    error: { s3Files: 'error', annexRecord: 'error' },
    causes: ['objects-changed'],
  },
  'a mirror that is not there': {
    change: (archive: FakeArchive) => {
      archive.refs.set(ID, 'absent');
    },
    waits: ['github', 's3Files'],
    error: { github: 'error', s3Files: 'pending' },
    causes: ['repository-never-pushed'],
  },
} as const;

describe.each(Object.entries(FAULTS))('%s', (_, { change, waits, error, causes }) => {
  test('is pending with the date, offers no cause, and counts from that day on', async () => {
    const archive = archiveWith(change);
    const { row, store } = await run(archive, { day: 2 });
    expect(row).toMatchObject({ status: 'pending', pending: PENDING, s3Blocked: null });
    expect(row.causes).toEqual([]);
    expect(row.findings).toEqual([]);
    for (const check of waits) {
      expect(row.checks[check]).toBe('pending');
      expect(row.issueSubtypes?.[check] ?? null).toBeNull();
      expect(await readRecord(store, ID, check)).toMatchObject({ pending: PENDING });
    }
    expect(await findingsOf(store)).toEqual([]);

    const later = await run(archive, { store, day: 8 });
    expect(later.row).toMatchObject({ checks: error, status: 'error' });
    expect(later.row.pending).toBeUndefined();
    expect(later.row.causes).toEqual(causes);
    for (const check of waits) {
      expect(await readRecord(store, ID, check)).toMatchObject({ pending: null });
    }
    expect(await findingsOf(store)).toEqual([]);
  });

  test('switched off, it counts at once', async () => {
    const { row } = await run(archiveWith(change), { day: 2, options: { newDatasetDays: 0 } });
    expect(row).toMatchObject({ checks: error, status: 'error' });
    expect(row.pending).toBeUndefined();
  });

  test('no longer waits once it is right', async () => {
    const { store } = await run(archiveWith(change), { day: 2 });
    const { row } = await run(
      archiveWith(() => {}),
      { store, day: 3 },
    );
    expect(row).toMatchObject({ checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' } });
    expect(row.pending).toBeUndefined();
  });
});

test('the documents keep what was seen', async () => {
  const { store } = await run(archiveWith(blocked), { day: 2 });
  const verdict = { status: 'pending', subtype: null, pending: PENDING };
  expect(store.document<S3Version>(checkPath('s3Version', ID))).toMatchObject({
    ...verdict,
    accessible: false,
    httpStatus: 403,
  });
  expect(store.documents.has(checkPath('s3Files', ID))).toBe(false);
  expect(store.document<S3Access>(checkPath('s3Access', ID))).toMatchObject({
    ...verdict,
    findings: ['private'],
  });
  const { store: other } = await run(archiveWith(FAULTS['a mirror that is not there'].change));
  expect(other.document<Github>(checkPath('github', ID))).toMatchObject({
    ...verdict,
    error: 'repo-not-found',
    findings: [{ subtype: 'repo-not-found' }, { subtype: 'tag-missing' }, {}],
  });
});

test('what does not wait counts at once, beside what does', async () => {
  const archive = archiveWith((it) =>
    it.listings.set(ID, ['dataset_description.json', 'left over']),
  );
  const { row, store } = await run(archive, { day: 2 });
  expect(row).toMatchObject({
    status: 'error',
    checks: { s3Files: 'error' },
    issueSubtypes: { s3Files: 'files-orphaned' },
    pending: PENDING,
  });
  expect(await findingsOf(store)).toEqual([]);
  const { row: later } = await run(archive, { store, day: 8 });
  expect(later.issueSubtypes?.s3Files).toBe('files-missing');
});

test('a description that is unchanged (304) counts from the day on', async () => {
  const archive = archiveWith((it) => it.descriptions.set(ID, 'absent'));
  const { store } = await run(archive, { day: 2 });
  // The test archive sends no ETag with a 404; a server that does answers 304 from then on.
  archive.descriptions.set(ID, 'unchanged');
  expect(store.document<S3Version>(checkPath('s3Version', ID)).status).toBe('pending');
  const { row } = await run(archive, { store, day: 7 });
  expect(row.checks.s3Version).toBe('pending');
  const { row: later } = await run(archive, { store, day: 8 });
  expect(later.issueSubtypes?.s3Version).toBe('description-missing');
});

test('a git-annex branch that has not moved counts from the day on', async () => {
  // Nothing was exported, so there is no remote yet.
  const archive = archiveWith((it) => {
    it.trees.set(OTHER_COMMIT, []);
  });
  const { row, store } = await run(archive, { day: 2 });
  expect(row.checks.annexRecord).toBe('pending');
  expect(store.document<AnnexRecord>(checkPath('annexRecord', ID))).toMatchObject({
    findings: ['remotes'],
    pending: PENDING,
  });
  const { row: later } = await run(archive, { store, day: 8 });
  expect(archive.asked.objects).toBe(1);
  expect(later.issueSubtypes?.annexRecord).toBe('remotes');
});

test('within --max-age an export on its way is looked at all the same', async () => {
  const archive = archiveWith(FAULTS['an export without some files'].change);
  const month = { maxAge: 30 * 86_400_000 };
  const { store } = await run(archive, { day: 2, options: month });
  await run(archive, { store, day: 3, options: month });
  expect(archive.asked.listing, 'still on its way').toBe(2);
  const { row } = await run(archive, { store, day: 8, options: month });
  expect(row.issueSubtypes?.s3Files).toBe('files-missing');
  expect(archive.asked.listing).toBe(3);
  await run(archive, { store, day: 9, options: month });
  expect(archive.asked.listing, 'not new any more').toBe(3);
});

test('a measurement that fails keeps the verdict and its date', async () => {
  const archive = archiveWith(blocked);
  const { store } = await run(archive, { day: 2 });
  archive.descriptions.set(ID, failed('timeout', 'slow'));
  const { row } = await run(archive, { store, day: 3 });
  expect(row).toMatchObject({
    checks: { s3Version: 'pending' },
    unverified: { s3Version: { reason: 'timeout' } },
    pending: PENDING,
  });
  expect(store.document<S3Version>(checkPath('s3Version', ID))).toMatchObject({ pending: PENDING });
  expect(await findingsOf(store)).toEqual([]);
});

test.each(Object.entries(FAULTS))('%s: documents alone give the same row', async (_, fault) => {
  const { row, store } = await run(archiveWith(fault.change), { day: 2 });
  store.records.clear();
  const { row: derived } = await run(archiveWith(fault.change), {
    store,
    day: 2,
    request: { stages: ['summarize'] },
  });
  expect(derived).toMatchObject({
    status: row.status,
    checks: row.checks,
    pending: row.pending,
    findings: row.findings,
    s3Blocked: null,
    notCompared: row.notCompared,
  });
});

test('the page reads the date, and the plain page says it', async () => {
  const { store } = await run(archiveWith(blocked), { day: 2 });
  const compact = readCompact(store.document<CompactSummary>('summary.json'));
  expect(compact.row(0).pending).toEqual(PENDING);
  expect(store.pages.get(PLAIN_PATH)).toContain('Just published: counts from 8 August 2026');
});

test('causes written before the rule was known are taken back', async () => {
  const archive = archiveWith(blocked);
  const { store } = await run(archive, { day: 2, options: { newDatasetDays: 0 } });
  expect(store.document<Causes>(causesPath(ID)).causes).toHaveLength(1);
  await run(archive, { store, day: 3 });
  expect(store.document<Causes>(causesPath(ID)).causes).toEqual([]);
});

describe('when nobody says when it was published', () => {
  const old = dataset('ds000002', ['1.0.0']);
  const other = healthyArchive([ID, 'ds000002']);
  const withBoth = () => {
    const archive = {
      ...healthyArchive([ID, 'ds000002']),
      readings: [[page([dataset(ID, ['1.0.0']), old])]],
    };
    blocked(archive);
    return archive;
  };
  const published = (store: MemoryStore) => store.document<Registry>(REGISTRY_PATH).published;

  test('the time when it was first seen counts, and is kept', async () => {
    const { store } = await run({ ...other, readings: [[page([dataset(ID, ['1.0.0'])])]] });
    const next = { ...healthyArchive([ID, 'ds000003']), descriptions: new Map(other.descriptions) };
    next.descriptions.set('ds000003', 'denied');
    await run(next, { store, day: 1 });
    const seen = published(store)?.ds000003 ?? '';
    expect(seen).toMatch(/^2026-08-02T/);
    expect(published(store)?.[ID], 'seen in the first run').toBe('2020-01-01T00:00:00.000Z');
    const status = (day: number) =>
      run(next, { store, day }).then(() => {
        const { datasets } = store.document<Summary>(SUMMARY_PATH);
        return datasets.find(({ id }) => id === 'ds000003')?.status;
      });
    expect(await status(5)).toBe('pending');
    expect(published(store)?.ds000003).toBe(seen);
    expect(await status(10)).toBe('error');
  });

  test('the first run takes the time of the first snapshot: old datasets do not become new', async () => {
    const { row } = await run(withBoth());
    expect(row).toMatchObject({ status: 'error' });
  });

  test('a run over some datasets does not make the others new', async () => {
    const { store } = await run(withBoth(), { request: { datasets: [ID] } });
    expect(Object.keys(store.document<Registry>(REGISTRY_PATH).latestSnapshots)).toEqual([ID]);
    expect(published(store)?.ds000002).toBe('2020-01-01T00:00:00.000Z');
    await run(withBoth(), { store, day: 1 });
    expect(published(store)?.ds000002).toBe('2020-01-01T00:00:00.000Z');
  });

  test('what is known stays known on a day without the registry', async () => {
    const archive = archiveWith(blocked);
    const { store } = await run(archive, { day: 2 });
    archive.readings = [[failed('timeout', 'slow')]];
    const { row } = await run(archive, { store, day: 3 });
    expect(row.pending).toEqual(PENDING);
  });

  test('a dataset that came broken keeps its date', async () => {
    const archive = archiveWith(blocked);
    const { store } = await run(archive, { day: 2 });
    archive.readings = [[page([], { broken: [{ id: ID, detail: 'made by the test' }], count: 1 })]];
    const { row } = await run(archive, { store, day: 3 });
    expect(published(store)?.[ID]).toBe(PUBLISHED);
    expect(row.pending).toEqual(PENDING);
  });
});
