// A run over the previous day's tree, cut off at any point: it leaves a tree that `validate`
// accepts, and the run that resumes it ends with the verdicts of an uninterrupted run.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { findFaults } from '../../bin/cli/validate-command.ts';
import { openFolderStore } from '../../bin/folder-store.ts';
import { diskFiles, type Files } from '../../bin/store/files.ts';
import { SUMMARY_PATH } from '../../core/documents/paths.ts';
import { failed } from '../../core/failure.ts';
import { type RunResult, runPipeline } from '../../core/monitor/run.ts';
import type { Store } from '../../core/monitor/store.ts';
import { dyingFiles } from '../support/dying-files.ts';
import {
  dataset,
  description,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  OTHER_COMMIT,
  page,
  stageContext,
} from '../support/stage-context.ts';
import { WHOLE_RUN } from '../support/stages.ts';

const CRASHES = 30;
const ids = ['ds000001', 'ds000002', 'ds000003', 'ds000004', 'ds000005'] as const;

/** Much that can change in a day: tags come, go and move, files differ, sources fail or vanish. */
function dayAfter(): FakeArchive {
  const [newer, retagged, emptied, unreachable] = ids;
  const archive = healthyArchive(ids);
  archive.readings = [
    [
      page([
        dataset(newer, ['1.0.0', '1.1.0']),
        dataset(retagged, ['2.0.0']),
        dataset(emptied, []),
        dataset(unreachable, ['1.0.0']),
        dataset('ds000006', ['1.0.0']),
      ]),
    ],
  ];
  archive.refs.set(newer, healthyRefs(['1.0.0', '1.1.0']));
  archive.descriptions.set(newer, description(`10.18112/openneuro.${newer}.v1.1.0`));
  archive.refs.set(retagged, healthyRefs(['2.0.0'], OTHER_COMMIT));
  archive.descriptions.set(retagged, description(null));
  archive.trees.set(OTHER_COMMIT, ['CHANGES', 'README', 'dataset_description.json', 'sub@']);
  archive.listings.set(retagged, ['CHANGES', 'annex-uuid', 'dataset_description.json', 'left']);
  archive.refs.set(unreachable, failed('timeout', 'slow'));
  archive.descriptions.set('ds000006', 'denied');
  archive.refs.set('ds000006', 'absent');
  return archive;
}

function runDay(store: Store, archive: FakeArchive, day: number): Promise<RunResult> {
  const context = stageContext(archive, { day, options: { publishAnyway: true } });
  return runPipeline({ ...context, store }, WHOLE_RUN);
}

async function withStore<T>(root: string, files: Files, use: (store: Store) => Promise<T>) {
  const store = await openFolderStore(root, { archive: openneuro, lock: true, files });
  try {
    return await use(store);
  } finally {
    if ('armed' in files) files.armed = false;
    await store.close();
  }
}

async function faultsIn(root: string): Promise<string[]> {
  const faults: string[] = [];
  await findFaults(root, (line) => faults.push(line));
  return faults;
}

/** Rows without the times, which depend on how often the clock was read. */
async function verdicts(store: Store) {
  const { datasets } = (await store.readDocument(SUMMARY_PATH)) as Summary;
  return datasets.map(({ lastChecked, checkedAt, since, checksSince, unverified, ...row }) => ({
    ...row,
    // Of the times, which there are.
    since: since !== undefined,
    sinceOf: Object.keys(checksSince ?? {}),
    unverified: unverified && Object.values(unverified).map((attempt) => attempt?.reason),
  }));
}

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirrorwatch-crash-'));
  await withStore(join(root, 'before'), diskFiles, (store) =>
    runDay(store, healthyArchive(ids), 0),
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function dayBefore(name: string): Promise<string> {
  const folder = join(root, name);
  await cp(join(root, 'before'), folder, { recursive: true });
  return folder;
}

test('a crash at any point leaves a tree that validate accepts, and the next run ends as if there had been none', async () => {
  const whole = await dayBefore('whole');
  const counting = dyingFiles(Number.POSITIVE_INFINITY);
  const expected = await withStore(whole, counting, async (store) => {
    counting.armed = true;
    expect((await runDay(store, dayAfter(), 1)).outcome).toBe('published');
    return verdicts(store);
  });
  expect(await faultsIn(whole)).toEqual([]);
  expect(counting.changes()).toBeGreaterThan(CRASHES);

  for (let crash = 0; crash < CRASHES; crash += 1) {
    const at = 1 + Math.floor((crash * counting.changes()) / CRASHES);
    const folder = await dayBefore(`crash-${at}`);
    const files = dyingFiles(at);
    await withStore(folder, files, async (store) => {
      files.armed = true;
      await expect(runDay(store, dayAfter(), 1), `change ${at}`).rejects.toThrow('killed');
    });
    expect(await faultsIn(folder), `after change ${at}`).toEqual([]);
    await withStore(folder, diskFiles, async (store) => {
      expect((await runDay(store, dayAfter(), 1)).outcome).toBe('published');
      expect(await verdicts(store), `after change ${at}`).toEqual(expected);
    });
    expect(await faultsIn(folder), `repaired after change ${at}`).toEqual([]);
    await rm(folder, { recursive: true });
  }
}, 60_000);
