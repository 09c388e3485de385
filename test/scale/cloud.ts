// Bucket and table of a large archive behind the SDK's clients. What is known of the datasets is
// made on demand; what the run writes is kept. Every command takes its time of the clock, and is
// counted.

import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { keysOf as tableKeys } from '../../lambdas/names.ts';
import { awsError } from '../support/aws/error.ts';
import { keysOf, recordsOf } from './archive.ts';
import { openBucket, type StoredObject } from './bucket.ts';
import type { FunctionClock } from './clock.ts';

export interface Latency {
  /** Milliseconds of an S3 request, and of one to DynamoDB. */
  readonly s3: number;
  readonly table: number;
  /** Bytes a millisecond between a function and S3. */
  readonly bytesAMs: number;
}

/** Items of some 0.5 KB in a page of a scan, which ends after a megabyte. */
const ITEMS_A_PAGE = 2000;
const KEYS_A_PAGE = 1000;
/**
 * Processor time of the SDK, which is not loaded here: milliseconds of a request, and of an item or
 * key in its answer (measured by test/scale/sdk-cost.ts).
 */
export const SDK_WORK = { request: 1, item: 0.02 };

const DATASETS = 'data/datasets/';

type Listed = Pick<StoredObject, 'key' | 'etag'>;
interface Answer {
  readonly Items?: readonly unknown[];
  readonly Contents?: readonly unknown[];
}
interface Command {
  readonly input: Readonly<Record<string, unknown>>;
}

export function largeCloud(
  clock: FunctionClock,
  ids: readonly string[],
  { s3, table, bytesAMs }: Latency,
  onCommand: () => void,
) {
  const objects = openBucket();
  const calls = new Map<string, number>();
  /** Start of the run that wrote the records. */
  const written = { runStart: '2026-07-31T06:00:00.000Z' };

  /** Documents that earlier runs wrote, and those that are written here. */
  function* documentsAfter(from: string): Generator<Listed> {
    const first = ids.findIndex((id) => `data/datasets/${id}/~` > from);
    let at = from;
    let own = objects.list(DATASETS, at, KEYS_A_PAGE);
    for (const id of ids.slice(Math.max(0, first))) {
      for (const [key, etag] of keysOf(id)) {
        if (key <= from) continue;
        while (own[0] !== undefined && own[0].key < key) {
          yield own[0];
          at = own[0].key;
          own = own.length > 1 ? own.slice(1) : objects.list(DATASETS, at, KEYS_A_PAGE);
        }
        yield { key, etag };
      }
    }
    yield* own;
  }

  const commands: Record<string, (input: Command['input']) => object> = {
    GetObject({ Key, IfNoneMatch }) {
      const found = objects.find(Key as string);
      if (found === undefined) throw awsError('NoSuchKey', 404);
      if (found.etag === IfNoneMatch) throw awsError('NotModified', 304);
      const bytes = objects.read(found.key);
      return { Body: { transformToByteArray: async () => bytes }, ETag: found.etag, Metadata: {} };
    },
    PutObject({ Key, Body, IfMatch, IfNoneMatch }) {
      const key = Key as string;
      const etag = objects.find(key)?.etag;
      const isOther = IfMatch !== undefined && IfMatch !== etag;
      if (isOther || (IfNoneMatch === '*' && etag !== undefined)) {
        throw awsError('PreconditionFailed', 412);
      }
      return { ETag: objects.put(key, isRead(key) ? (Body as Buffer) : Buffer.of()) };
    },
    ListObjectsV2({ Prefix = '', StartAfter = '', ContinuationToken }) {
      const [prefix, from] = [Prefix, ContinuationToken ?? StartAfter] as [string, string];
      const page =
        prefix === DATASETS
          ? [...documentsAfter(from).take(KEYS_A_PAGE)]
          : objects.list(prefix, from, KEYS_A_PAGE);
      const last = page.length === KEYS_A_PAGE ? page.at(-1)?.key : undefined;
      return {
        Contents: page.map(({ key, etag }) => ({ Key: key, ETag: etag })),
        ...(last !== undefined && { NextContinuationToken: last }),
      };
    },
    Update: () => ({}),
    Put: () => ({}),
    Query({ ExpressionAttributeValues }) {
      const { ':run': run, ':dataset': dataset } = ExpressionAttributeValues as {
        readonly [name: string]: string;
      };
      if (run === tableKeys('').run('').pk) return { Items: [] };
      return { Items: recordsOf((dataset as string).slice('CHECK#'.length), written.runStart) };
    },
    Scan({ Segment, TotalSegments, ExclusiveStartKey }) {
      const { place = 0 } = (ExclusiveStartKey ?? {}) as { place?: number };
      const Items: object[] = [];
      let at = place;
      for (; at < ids.length && Items.length < ITEMS_A_PAGE; at += 1) {
        if (at % (TotalSegments as number) !== Segment) continue;
        Items.push(...recordsOf(ids[at] as string, written.runStart));
      }
      return { Items, ...(at < ids.length && { LastEvaluatedKey: { place: at } }) };
    },
  };

  const send = (latency: number) => async (command: Command) => {
    const name = command.constructor.name.slice(0, -'Command'.length);
    calls.set(name, (calls.get(name) ?? 0) + 1);
    onCommand();
    const { Key, Body } = command.input as { Key?: string; Body?: Buffer };
    const got = () => (name === 'GetObject' ? objects.find(Key ?? '')?.length : 0);
    const bytes = Body?.length ?? clock.outside(got) ?? 0;
    await clock.wait(latency + Math.ceil(bytes / bytesAMs));
    const perform = commands[name];
    if (perform === undefined) throw new Error(`the large cloud does not know ${name}`);
    clock.work(SDK_WORK.request);
    const answer = clock.outside(() => perform(command.input)) as Answer;
    const items = answer.Items ?? answer.Contents ?? [];
    clock.work(items.length * SDK_WORK.item);
    return answer;
  };
  return {
    objects,
    calls,
    written,
    s3: { send: send(s3) } as unknown as S3Client,
    dynamo: { send: send(table) } as unknown as DynamoDBDocumentClient,
  };
}

/** Shards are read by the functions that measure, which this simulation leaves out. */
const isRead = (key: string) =>
  !/^runs\/[^/]+\/(check-s3-version|check-s3-files|check-doi|check-deprecated|check-leftovers)\//.test(
    key,
  );
