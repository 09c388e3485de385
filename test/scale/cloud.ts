// Bucket and table of a large archive behind the SDK's clients. What is known of the datasets is
// made on demand; what the run writes is kept. Every command takes its time of the clock, and is
// counted.

import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compareBytes } from '../../core/compare/byte-order.ts';
import { keysOf as tableKeys } from '../../lambdas/names.ts';
import { awsError } from '../support/aws/error.ts';
import { keysOf, recordsOf } from './archive.ts';
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
const SDK_WORK = { request: 1, item: 0.02 };

interface Command {
  readonly input: Readonly<Record<string, unknown>>;
}

export function largeCloud(
  clock: FunctionClock,
  ids: readonly string[],
  { s3, table, bytesAMs }: Latency,
  onCommand: () => void,
) {
  /** By key. The bytes of files that nobody reads here are not kept. */
  const objects = new Map<string, Buffer>();
  const calls = new Map<string, number>();
  /** Start of the run that wrote the records. */
  const written = { runStart: '2026-07-31T06:00:00.000Z' };
  const runFiles = (prefix: string) =>
    [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareBytes);

  function* listed(from: string): Generator<readonly [string, string]> {
    const first = ids.findIndex((id) => `data/datasets/${id}/~` > from);
    for (const id of ids.slice(Math.max(0, first))) {
      for (const one of keysOf(id)) if (one[0] > from) yield one;
    }
  }

  const commands: Record<string, (input: Command['input']) => object> = {
    GetObject({ Key }) {
      const bytes = objects.get(Key as string);
      if (bytes === undefined) throw awsError('NoSuchKey', 404);
      return { Body: { transformToByteArray: async () => bytes }, ETag: '"etag"', Metadata: {} };
    },
    PutObject({ Key, Body }) {
      objects.set(Key as string, isRead(Key as string) ? Buffer.from(Body as Buffer) : Buffer.of());
      return { ETag: '"etag"' };
    },
    ListObjectsV2({ Prefix = '', StartAfter = '', ContinuationToken }) {
      const from = (ContinuationToken ?? StartAfter) as string;
      const keys = (Prefix as string).startsWith('data/')
        ? listed(from).take(KEYS_A_PAGE)
        : runFiles(Prefix as string).flatMap((key) => (key > from ? [[key, ''] as const] : []));
      const page = [...keys].slice(0, KEYS_A_PAGE);
      const last = page.length === KEYS_A_PAGE ? page.at(-1)?.[0] : undefined;
      return {
        Contents: page.map(([Key, ETag]) => ({ Key, ETag })),
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
    const bytes = Body?.length ?? (name === 'GetObject' ? objects.get(Key ?? '')?.length : 0) ?? 0;
    await clock.wait(latency + Math.ceil(bytes / bytesAMs));
    const perform = commands[name];
    if (perform === undefined) throw new Error(`the large cloud does not know ${name}`);
    const answer = perform(command.input) as { Items?: unknown[]; Contents?: unknown[] };
    const items = answer.Items ?? answer.Contents ?? [];
    clock.work(SDK_WORK.request + items.length * SDK_WORK.item);
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
