// The store on AWS over an in-memory cloud that counts the calls to S3 and DynamoDB.

import { openneuro } from '../../archives/openneuro/index.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import type { Call, FakeCloud, Hooks } from '../support/aws/cloud.ts';

export interface Calls {
  s3Get: number;
  s3Put: number;
  s3List: number;
  /** Queries and reads of one item, strongly consistent. */
  tableRead: number;
  /** Records returned by Scan. */
  tableReadMany: number;
  tableWrite: number;
}

export const NO_CALLS: Calls = {
  s3Get: 0,
  s3Put: 0,
  s3List: 0,
  tableRead: 0,
  tableReadMany: 0,
  tableWrite: 0,
};

const COUNTED: Readonly<Record<string, keyof Calls>> = {
  GetObject: 's3Get',
  PutObject: 's3Put',
  DeleteObject: 's3Put',
  ListObjectsV2: 's3List',
  Get: 'tableRead',
  Query: 'tableRead',
  Put: 'tableWrite',
  Update: 'tableWrite',
};

export function storeOver(cloud: FakeCloud, hooks: Hooks): RunStore {
  const { bucket, table } = cloud;
  return openAwsStore({ archive: openneuro, ...cloud.clients(hooks), bucket, table });
}

/** A store of the cloud, adding to `calls`. */
export function countingStore(cloud: FakeCloud, calls: Calls): RunStore {
  const before = ({ name }: Call): void => {
    const kind = COUNTED[name];
    if (kind !== undefined) calls[kind] += 1;
  };
  const store = storeOver(cloud, { before });
  return {
    ...store,
    async *listRecords() {
      for await (const record of store.listRecords()) {
        calls.tableReadMany += 1;
        yield record;
      }
    },
  };
}
