// What the folder store holds of a dataset: listed, and removed as a whole when it is withdrawn.

import { join } from 'node:path';
import { staysAfterRemoval } from '../../core/history/paths.ts';
import type { Store } from '../../core/monitor/store.ts';
import { fileProblem } from '../problem.ts';
import { removeFolder, removeIfThere } from './atomic.ts';
import type { Files } from './files.ts';

/** Below the root. */
const DATASETS = 'datasets';

export interface DatasetFiles {
  readonly files: Files;
  /** The store's. */
  readonly folder: string;
  /** Of a dataset's records, below the root. @throws RefusedPathError if it is no id */
  recordsPath(dataset: string): string;
  countRecords(dataset: string): Promise<number>;
}

export function datasetReader({
  files,
  folder,
  recordsPath,
  countRecords,
}: DatasetFiles): Pick<Store, 'listDatasets' | 'contentsOf'> {
  async function* below(path: string): AsyncGenerator<string> {
    for (const entry of await files.list(join(folder, path))) {
      const inside = `${path}/${entry.name}`;
      if (entry.folder) yield* below(inside);
      else yield inside;
    }
  }
  return {
    async listDatasets() {
      const entries = await files.list(join(folder, DATASETS));
      return new Set(entries.filter((entry) => entry.folder).map(({ name }) => name));
    },
    async contentsOf(dataset) {
      recordsPath(dataset);
      const all = await Array.fromAsync(below(`${DATASETS}/${dataset}`));
      const documents = all.filter((path) => !staysAfterRemoval(path)).sort();
      return { documents, records: await countRecords(dataset) };
    },
  };
}

/** Removes the records first: a record never names evidence that does not exist. */
export async function removeDataset(
  { files, folder, recordsPath }: DatasetFiles,
  dataset: string,
): Promise<void> {
  const path = join(folder, DATASETS, dataset);
  try {
    await removeIfThere(files, join(folder, recordsPath(dataset)));
    const isThere = (await files.list(join(folder, DATASETS))).some(({ name }) => name === dataset);
    if (isThere) await removeFolder(files, path, staysAfterRemoval);
  } catch (error) {
    throw fileProblem('remove', path, error);
  }
}
