// Counts what a store would ask of S3 and DynamoDB: each of its methods costs what
// lambdas/aws-store.ts makes of it.

import type { WriteOutcome } from '../../core/monitor/store.ts';
import type { RunStore } from '../../lambdas/run-store.ts';

export interface Calls {
  s3Get: number;
  /** Of them for metadata.json, one for every snapshot of a dataset. */
  s3GetMetadata: number;
  s3Put: number;
  s3List: number;
  /** Of one item, strongly consistent. */
  tableRead: number;
  /** Of one item by BatchGetItem or Scan, eventually consistent. */
  tableReadMany: number;
  tableWrite: number;
}

export const NO_CALLS: Calls = {
  s3Get: 0,
  s3GetMetadata: 0,
  s3Put: 0,
  s3List: 0,
  tableRead: 0,
  tableReadMany: 0,
  tableWrite: 0,
};

/** The store, adding to `calls`. */
export function countingStore(store: RunStore, calls: Calls): RunStore {
  const written = async (path: string, outcome: Promise<WriteOutcome>): Promise<WriteOutcome> => {
    // Asked first whether the bytes there are others.
    calls.s3Get += 1;
    if (path.endsWith('/metadata.json')) calls.s3GetMetadata += 1;
    if ((await outcome) === 'written') calls.s3Put += 1;
    return outcome;
  };
  return {
    ...store,
    async readDocument(path) {
      calls.s3Get += 1;
      if (path.endsWith('/metadata.json')) calls.s3GetMetadata += 1;
      return store.readDocument(path);
    },
    writeDocument: (path, document) => written(path, store.writeDocument(path, document)),
    writePieces: (path, pieces) => written(path, store.writePieces(path, pieces)),
    async saveCheck(record, document) {
      calls.tableRead += 1;
      calls.tableWrite += 1;
      if (document) calls.s3Get += 1;
      const outcome = await store.saveCheck(record, document);
      if (outcome === 'written' && document) calls.s3Put += 1;
      return outcome;
    },
    async readRecord(dataset, check) {
      calls.tableRead += 1;
      return store.readRecord(dataset, check);
    },
    async readRecords(datasets, check) {
      const found = await store.readRecords(datasets, check);
      calls.tableReadMany += datasets.length;
      return found;
    },
    async *listRecords() {
      for await (const record of store.listRecords()) {
        calls.tableReadMany += 1;
        yield record;
      }
    },
    async readTree(commit) {
      calls.s3Get += 1;
      return store.readTree(commit);
    },
    async writeTree(commit, bytes) {
      calls.s3Get += 1;
      calls.s3Put += 1;
      await store.writeTree(commit, bytes);
    },
    async holdLock(run, now) {
      calls.tableWrite += 1;
      return store.holdLock(run, now);
    },
    async writeRun(run) {
      calls.tableWrite += 1;
      await store.writeRun(run);
    },
    async readRunFile(key) {
      calls.s3Get += 1;
      return store.readRunFile(key);
    },
    async writeRunFile(key, value) {
      calls.s3Put += 1;
      await store.writeRunFile(key, value);
    },
    async listRunFiles(prefix) {
      calls.s3List += 1;
      return store.listRunFiles(prefix);
    },
  };
}
