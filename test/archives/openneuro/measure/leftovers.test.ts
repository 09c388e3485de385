// Datasets in the bucket that are not public, as the check of the whole archive finds them
// (docs/checks.md#leftovers).

import { expect, test } from 'vitest';
import type { Leftovers } from '../../../../archives/openneuro/documents.ts';
import { openneuro } from '../../../../archives/openneuro/index.ts';
import { LEFTOVERS_PATH } from '../../../../archives/openneuro/paths.ts';
import type { RunStatus } from '../../../../core/documents/documents.ts';
import { STATUS_PATH } from '../../../../core/documents/paths.ts';
import { validateTree } from '../../../../core/documents/validate.ts';
import { failed } from '../../../../core/failure.ts';
import { type RunRequest, runPipeline } from '../../../../core/monitor/run.ts';
import { type MemoryStore, memoryStore } from '../../../support/memory-store.ts';
import { type FakeArchive, healthyArchive, stageContext } from '../../../support/stage-context.ts';
import { WHOLE_RUN } from '../../../support/stages.ts';

const ID = 'ds000001';

function archiveWith(...folders: string[]): FakeArchive {
  return Object.assign(healthyArchive([ID]), { folders });
}

interface Settings {
  readonly day?: number;
  readonly checks?: readonly string[];
  readonly request?: Partial<RunRequest>;
}

async function run(
  archive: FakeArchive,
  store: MemoryStore,
  { day = 0, checks = ['leftovers'], request }: Settings = {},
) {
  const context = stageContext(archive, { store, day, options: { checks: new Set(checks) } });
  const result = await runPipeline(context, { ...WHOLE_RUN, ...request });
  return {
    notes: result.reports.flatMap(({ notes }) => notes),
    row: result.summary?.datasets[0],
    document: store.document<Leftovers | null>(LEFTOVERS_PATH),
    verdict: store.document<RunStatus>(STATUS_PATH).checks?.leftovers,
  };
}

const findingsOf = (store: MemoryStore) =>
  Array.fromAsync(
    validateTree(
      {
        async *list() {
          yield* store.documents.keys();
          yield* store.pages.keys();
        },
        read: async (path) => store.documents.get(path) ?? store.pages.get(path),
      },
      openneuro,
    ),
  );

test('are folders that the registry does not list, by what it says of each', async () => {
  const archive = archiveWith(ID, 'ds000002', 'ds000003', 'ds000004', 'logs');
  archive.states.set('ds000002', 'deleted').set('ds000004', 'public');
  const { document, verdict, notes, row } = await run(archive, memoryStore());
  expect(document).toMatchObject({
    datasetId: 'openneuro',
    status: 'warning',
    subtype: 'deleted-in-bucket',
    listed: 4,
    leftovers: [
      { id: 'ds000002', state: 'deleted' },
      { id: 'ds000003', state: 'unknown' },
    ],
  });
  expect(verdict).toMatchObject({
    status: 'warning',
    findings: ['deleted-in-bucket', 'unknown-in-bucket'],
    lastAttempt: null,
  });
  expect(notes).toContain('2 datasets in the bucket are not public.');
  // The verdict on a dataset is about its own copies.
  expect(row).toMatchObject({ id: ID, status: 'ok' });
});

test('none of them is ok, and nothing is said about it', async () => {
  const { verdict, notes } = await run(archiveWith(ID), memoryStore());
  expect(verdict).toMatchObject({ status: 'ok', findings: [] });
  expect(notes.filter((note) => note.includes('bucket'))).toEqual([]);
});

test('the verdict stays when the bucket cannot be read, and the run is published', async () => {
  const archive = archiveWith('ds000002');
  const store = memoryStore();
  const before = await run(archive, store);
  archive.folders = null;
  const { document, verdict, notes } = await run(archive, store, { day: 1 });
  expect(document).toMatchObject({
    leftovers: [{ id: 'ds000002', state: 'unknown' }],
    lastAttempt: { reason: 'internal' },
  });
  expect(verdict).toEqual({ ...before.verdict, lastAttempt: document?.lastAttempt });
  expect(notes).toEqual([
    "The bucket's folders could not be compared with the registry (internal).",
  ]);
  expect(store.document<RunStatus>(STATUS_PATH).lastRun.outcome).toBe('published');
  expect(await findingsOf(store)).toEqual([]);
});

test('a registry that could not be read is not compared with the bucket', async () => {
  const archive = archiveWith('ds000002');
  const store = memoryStore();
  await run(archive, store);
  archive.readings = [[failed('timeout', 'no answer')]];
  archive.folders = ['ds000002', 'ds000003'];
  const { document } = await run(archive, store, { day: 1 });
  expect(document).toMatchObject({
    leftovers: [{ id: 'ds000002', state: 'unknown' }],
    lastAttempt: { reason: 'timeout' },
  });
});

test('a run over some datasets does not look for them', async () => {
  const archive = archiveWith('ds000002');
  const { document, verdict } = await run(archive, memoryStore(), { request: { datasets: [ID] } });
  expect({ document, verdict }).toEqual({ document: null, verdict: undefined });
});

test('a check that is switched off has no verdict', async () => {
  const archive = archiveWith('ds000002');
  const store = memoryStore();
  await run(archive, store);
  const { verdict } = await run(archive, store, { day: 1, checks: [] });
  expect(verdict).toBeUndefined();
});

test('a document of the time before it was a check is valid, and kept until there is another', async () => {
  const archive = archiveWith('ds000002');
  const store = memoryStore();
  await run(archive, store, { checks: [] });
  const before = {
    schemaVersion: '3.0.0',
    lastChecked: '2026-07-31T00:00:00.000Z',
    listed: 1,
    leftovers: [{ id: 'ds000009', state: 'deleted' }],
    lastAttempt: null,
  };
  await store.writeDocument(LEFTOVERS_PATH, before);
  expect(store.document(LEFTOVERS_PATH)).toEqual(before);
  expect(await findingsOf(store)).toEqual([]);

  archive.folders = null;
  const failing = await run(archive, store, { day: 1 });
  expect(failing.document).toEqual({ ...before, lastAttempt: failing.verdict?.lastAttempt });
  expect(failing.verdict).toMatchObject({ status: 'pending', at: null });
  expect(await findingsOf(store)).toEqual([]);

  archive.folders = ['ds000002'];
  const { document } = await run(archive, store, { day: 2 });
  expect(document).toMatchObject({
    status: 'warning',
    leftovers: [{ id: 'ds000002', state: 'unknown' }],
  });
  expect(await findingsOf(store)).toEqual([]);
});
