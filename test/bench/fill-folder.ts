// A folder of results of so many datasets, as runs over the archive of kind `registry` would leave
// it after all checks: written through the store, without waiting for the disk.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { openneuro } from '../../archives/openneuro/index.ts';
import { metadataPath, snapshotsPath } from '../../archives/openneuro/paths.ts';
import type { SampleDataset } from '../../archives/openneuro/sample/archive.ts';
import { CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { type FolderStore, openFolderStore } from '../../bin/folder-store.ts';
import { diskFiles, type Files } from '../../bin/store/files.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../core/documents/paths.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { inParallel } from '../../core/monitor/frame.ts';
import { saveCheck } from '../support/sessions.ts';
import { listedDataset } from './archives.ts';

const made = new Set<string>();

/** Nothing exists before and nothing need last: a tenth of the disk's own time. */
const files: Files = {
  ...diskFiles,
  read: async (path) => (isDocument(path) ? undefined : diskFiles.read(path)),
  create: async (path, bytes) => writeFileSync(path, bytes as string | Buffer),
  rename: async (from, to) => renameSync(from, to),
  syncFolder: async () => {},
  async makeFolder(path) {
    if (made.has(path)) return undefined;
    made.add(path);
    return mkdirSync(path, { recursive: true });
  },
};

const isDocument = (path: string) => path.includes('/datasets/');

const RUN_START = '2026-01-01T00:00:00.000Z';
const CHECKED = '2026-01-01T00:10:00.000Z';
/** Concurrent writes. */
const WIDTH = 32;

export async function fillFolder(out: string, datasets: number): Promise<void> {
  const store = await openFolderStore(out, { archive: openneuro, lock: true, files });
  const all = Array.from({ length: datasets }, (_, place) => listedDataset(place));
  await store.writeDocument(REGISTRY_PATH, registryOf(all));
  await inParallel(WIDTH, all.entries(), new AbortController().signal, ([place, dataset]) =>
    fillDataset(store, dataset, place),
  );
  await store.close();
}

function registryOf(datasets: readonly SampleDataset[]): Registry {
  return {
    schemaVersion: SCHEMA_VERSION,
    lastChecked: CHECKED,
    totalCount: datasets.length,
    latestSnapshots: Object.fromEntries(datasets.map(({ id }) => [id, '1.0.0'])),
    names: Object.fromEntries(datasets.map(({ id, name }) => [id, name ?? ''])),
    skipped: {},
    unverified: {},
    lastAttempt: null,
  };
}

async function fillDataset(
  store: FolderStore,
  dataset: SampleDataset,
  place: number,
): Promise<void> {
  const snapshots = await dataset.snapshots();
  for (const { tag, hexsha, created } of snapshots) {
    const metadata = { schemaVersion: SCHEMA_VERSION, hexsha, created };
    await store.writeDocument(metadataPath(dataset.id, tag), metadata);
  }
  const tags = snapshots.map(({ tag }) => tag);
  await store.writeDocument(snapshotsPath(dataset.id), { schemaVersion: SCHEMA_VERSION, tags });
  for (const check of CHECKS) {
    await saveCheck(
      store,
      { ...HEALTHY, ...differing(place)[check], dataset: dataset.id, check },
      null,
    );
  }
}

const HEALTHY: Omit<CheckRecord, 'dataset' | 'check'> = {
  runStart: RUN_START,
  status: 'ok',
  subtype: null,
  findings: [],
  version: '1.0.0',
  notCompared: null,
  checkedAt: CHECKED,
  lastAttempt: null,
};

/** Shares as in the real archive: about one in ten has a finding; sizes differ a thousandfold. */
function differing(place: number): Partial<Record<CheckRecord['check'], Partial<CheckRecord>>> {
  const files = 20 + ((place * 7919) % 20_000);
  const compared = { numbers: { added: 0, removed: 0, files } };
  if (place % 17 === 0) {
    return {
      s3Files: {
        status: 'error',
        subtype: 'files-missing',
        numbers: { ...compared.numbers, added: 1 + (place % 90) },
      },
    };
  }
  if (place % 23 === 0) {
    return {
      github: { status: 'warning', subtype: 'head-mismatch', findings: ['head-mismatch'] },
      s3Files: compared,
    };
  }
  return { s3Files: compared };
}
