// The store on AWS over an in-memory cloud that counts the calls to S3, and the units of DynamoDB.

import { openneuro } from '../../archives/openneuro/index.ts';
import { openAwsStore } from '../../lambdas/aws-store.ts';
import type { RunStore } from '../../lambdas/run-store.ts';
import type { Call, FakeCloud, Hooks } from '../support/aws/cloud.ts';

export interface Calls {
  s3Get: number;
  s3Put: number;
  s3List: number;
  /** Units of queries and reads of one item, strongly consistent. */
  tableRead: number;
  /** Units of the scan. */
  tableScan: number;
  tableWrite: number;
}

export const NO_CALLS: Calls = {
  s3Get: 0,
  s3Put: 0,
  s3List: 0,
  tableRead: 0,
  tableScan: 0,
  tableWrite: 0,
};

const COUNTED: Readonly<Record<string, 's3Get' | 's3Put' | 's3List'>> = {
  GetObject: 's3Get',
  PutObject: 's3Put',
  DeleteObject: 's3Put',
  ListObjectsV2: 's3List',
};
/** Bytes of a unit (DynamoDB developer guide, "Read and write operations"). */
const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

export function storeOver(cloud: FakeCloud, hooks: Hooks): RunStore {
  const { bucket, table } = cloud;
  return openAwsStore({ archive: openneuro, ...cloud.clients(hooks), bucket, table });
}

/** Clients of the cloud that add to `calls`. */
export function countingClients(cloud: FakeCloud, calls: Calls) {
  const before = ({ name }: Call): void => {
    const kind = COUNTED[name];
    if (kind !== undefined) calls[kind] += 1;
  };
  const { s3, dynamo } = cloud.clients({ before });
  const counted = {
    async send(command: { readonly input: Call['input'] }) {
      const answer = (await (dynamo.send as (it: unknown) => unknown)(command)) as Answer;
      const name = command.constructor.name.slice(0, -'Command'.length);
      if (name === 'Put') calls.tableWrite += units(command.input.Item, WRITE_UNIT);
      else if (name === 'Update') calls.tableWrite += units(answer.Attributes, WRITE_UNIT);
      else if (name === 'Delete') calls.tableWrite += 1;
      else if (name === 'Scan') calls.tableScan += units(answer.Items, READ_UNIT);
      else calls.tableRead += units(answer.Items ?? answer.Item, READ_UNIT);
      return answer;
    },
  } as unknown as typeof dynamo;
  return { s3, dynamo: counted };
}

/** A store of the cloud, adding to `calls`. */
export function countingStore(cloud: FakeCloud, calls: Calls): RunStore {
  const { bucket, table } = cloud;
  return openAwsStore({ archive: openneuro, ...countingClients(cloud, calls), bucket, table });
}

interface Answer {
  readonly Attributes?: unknown;
  readonly Items?: unknown;
  readonly Item?: unknown;
}

/** JSON is a little longer than what DynamoDB counts. */
const units = (value: unknown, unit: number): number =>
  Math.max(1, Math.ceil(Buffer.byteLength(JSON.stringify(value ?? null)) / unit));
