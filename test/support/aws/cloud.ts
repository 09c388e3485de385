// A bucket and a table in memory behind the SDK's clients, as far as the store of lambdas/ uses
// them: no socket, no timer, no randomness. Each concurrent function has its own clients, with
// hooks that can delay it, fail or kill it before and after each command. The tests of
// test/store/aws-suite.ts pass both on an emulator and on this.

import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type BucketOptions, type FakeObject, fakeBucket } from './bucket.ts';
import { awsError } from './error.ts';
import type { Item } from './expressions.ts';
import { fakeTable, type TableOptions } from './table.ts';

export interface Call {
  readonly service: 's3' | 'dynamodb';
  /** Without `Command`: `PutObject`, `Update`. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether it changes anything if its condition holds. */
  readonly writes: boolean;
}

/** If a hook throws, the command fails with that error. */
export interface Hooks {
  /** Nothing is done yet. */
  readonly before?: (call: Call) => Promise<void> | void;
  /** It is done, but not yet answered: a function that dies or fails here never learns of it. */
  readonly after?: (call: Call) => Promise<void> | void;
}

export interface FakeCloud {
  readonly bucket: string;
  readonly table: string;
  /** The current content; a test may change it. */
  readonly objects: Map<string, FakeObject>;
  /** By `pk`, a zero character and `sk`. */
  readonly items: Map<string, Item>;
  clients(hooks?: Hooks): { readonly s3: S3Client; readonly dynamo: DynamoDBDocumentClient };
  /** A new cloud that starts as a copy of this one. */
  fork(): FakeCloud;
}

export interface CloudOptions extends BucketOptions, TableOptions {}

const NAMES = { bucket: 'a-bucket', table: 'a-table' } as const;
const WRITES = ['PutObject', 'DeleteObject', 'Put', 'Update', 'Delete', 'TransactWrite'];

export function fakeCloud(options: CloudOptions = {}): FakeCloud {
  return cloudOf(options, new Map(), new Map());
}

function cloudOf(
  options: CloudOptions,
  objects: Map<string, FakeObject>,
  items: Map<string, Item>,
): FakeCloud {
  const s3 = fakeBucket(options, objects).commands;
  const dynamodb = fakeTable(options, items).commands;
  const services = { s3, dynamodb };
  return {
    ...NAMES,
    objects,
    items,
    clients: (hooks = {}) => ({
      s3: { send: sender('s3', services, hooks) } as unknown as S3Client,
      dynamo: { send: sender('dynamodb', services, hooks) } as unknown as DynamoDBDocumentClient,
    }),
    fork: () => cloudOf(options, new Map(objects), new Map(items)),
  };
}

/** Name of a command → what it does. */
type Services = Readonly<Record<Call['service'], Readonly<Record<string, unknown>>>>;

function sender(service: Call['service'], services: Services, { before, after }: Hooks) {
  return async (command: { readonly input: Call['input'] }): Promise<unknown> => {
    const name = command.constructor.name.slice(0, -'Command'.length);
    const perform = services[service][name] as ((input: object) => unknown) | undefined;
    if (perform === undefined) throw new Error(`the fake does not know ${name}`);
    const call: Call = { service, name, input: command.input, writes: WRITES.includes(name) };
    checkPlace(command.input);
    await before?.(call);
    const answer = perform(command.input);
    await after?.(call);
    return answer;
  };
}

function checkPlace({ Bucket, TableName }: Call['input']): void {
  if (Bucket !== undefined && Bucket !== NAMES.bucket) throw awsError('NoSuchBucket', 404);
  if (TableName !== undefined && TableName !== NAMES.table)
    throw awsError('ResourceNotFoundException', 400);
}
