// Keys of the bucket. Only our own names become keys: an archive's text never does.

import { isDatasetId, shaSchema } from '../../core/ids.ts';
import { RefusedPathError, type StoredDocuments } from '../../core/monitor/stored-document.ts';
import { PREFIXES } from '../names.ts';

export interface Keys {
  /** Prefixes of the archive's documents and of its run files. */
  readonly data: string;
  readonly runs: string;
  /** Each throws RefusedPathError if nothing of the archive has that key. */
  document(path: string): string;
  tree(commit: string): string;
  runFile(key: string): string;
  /** Of a document, below the tree's root. */
  pathOf(key: string): string;
}

/** @param folder of the archive */
export function bucketKeys(folder: string, documents: Pick<StoredDocuments, 'checkPath'>): Keys {
  const [data, trees, runs] = [PREFIXES.data, PREFIXES.trees, PREFIXES.runs].map(
    (prefix) => `${prefix}${folder}`,
  ) as [string, string, string];
  return {
    data,
    runs,
    document(path) {
      documents.checkPath(path);
      return `${data}${path}`;
    },
    tree(commit) {
      if (!shaSchema.safeParse(commit).success) throw new RefusedPathError('no commit id');
      return `${trees}${commit.slice(0, 2)}/${commit}`;
    },
    runFile(key) {
      if (!key.startsWith(runs)) throw new RefusedPathError('no file of a run');
      return key;
    },
    pathOf: (key) => key.slice(data.length),
  };
}

export function checkDataset(dataset: string): void {
  if (!isDatasetId(dataset)) throw new RefusedPathError('no dataset id');
}
