// `mirrorwatch restore`: copies the records of checks and runs from a table that DynamoDB restored
// from a point in time into the live one. Records that only the live one has stay. The documents are
// not touched: the next run measures what differs from them.

import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { counted } from '../../core/documents/format.ts';
import { Problem } from '../../core/problem.ts';
import { NO_EXECUTION, openLock } from '../../lambdas/lock.ts';
import { keysOf } from '../../lambdas/names.ts';
import type { RestoreOptions } from './options.ts';
import { askingAws, findStack } from './stack.ts';

/** What BatchWriteItem takes at once. */
const BATCH = 25;
/** Much less than the lock lasts. */
const RENEW_EVERY_MS = 5 * 60 * 1000;
const LONGEST_PAUSE_MS = 10_000;

type Item = Readonly<Record<string, unknown>>;

/** @returns 0 when everything is copied */
export async function restoreCommand(options: RestoreOptions): Promise<number> {
  const { stack, from, json, folder } = options;
  return askingAws(stack, async () => {
    const { tableName: to } = await findStack(options);
    if (from === to) throw new Problem(`${from} is the live table; name the restored one`);
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
    const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient());
    const copied = await underLock(openLock(dynamo, to, folder), (keepLock) =>
      copyRecords(dynamo, { from, to, folder }, keepLock),
    );
    process.stdout.write(
      json
        ? `${JSON.stringify({ from, to, ...copied })}\n`
        : `Copied from ${from} to ${to}: ${counted(copied.records, 'record')} of checks, ${counted(copied.runs, 'run')}.\n`,
    );
    return 0;
  });
}

/** @param work calls `keepLock` now and then; it throws when the lock is lost */
async function underLock<T>(
  { holdLock, releaseLock }: ReturnType<typeof openLock>,
  work: (keepLock: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const start = new Date().toISOString();
  const own = { name: `${NO_EXECUTION}${start}`, start };
  let heldAt = Number.NEGATIVE_INFINITY;
  const keepLock = async () => {
    if (Date.now() - heldAt < RENEW_EVERY_MS) return;
    const hold = await holdLock(own, new Date());
    if (!hold.held) throw new Problem(`the run ${hold.by} is on; wait for its end, or stop it`);
    heldAt = Date.now();
  };
  await keepLock();
  try {
    return await work(keepLock);
  } finally {
    await releaseLock(own);
  }
}

interface Copied {
  readonly records: number;
  readonly runs: number;
}

async function copyRecords(
  dynamo: DynamoDBDocumentClient,
  { from, to, folder }: { readonly from: string; readonly to: string; readonly folder: string },
  keepLock: () => Promise<void>,
): Promise<Copied> {
  const { paginateScan } = await import('@aws-sdk/lib-dynamodb');
  const keys = keysOf(folder);
  let records = 0;
  let runs = 0;
  const pages = paginateScan({ client: dynamo }, { TableName: from, ConsistentRead: true });
  for await (const { Items = [] } of pages) {
    // Not the lock, nor what hosts have asked for: both are about now.
    const checks = Items.filter(({ pk }) => String(pk).startsWith(keys.check('', '').pk));
    const ofRuns = Items.filter(({ pk }) => pk === keys.run('').pk);
    const all = [...checks, ...ofRuns];
    for (let at = 0; at < all.length; at += BATCH) {
      await keepLock();
      await putAll(dynamo, to, all.slice(at, at + BATCH));
    }
    records += checks.length;
    runs += ofRuns.length;
  }
  if (records === 0) throw new Problem(`the table ${from} holds no records of checks`);
  return { records, runs };
}

/** A throttled table leaves some out; they are sent again. */
async function putAll(
  dynamo: DynamoDBDocumentClient,
  table: string,
  items: readonly Item[],
): Promise<void> {
  const { BatchWriteCommand } = await import('@aws-sdk/lib-dynamodb');
  let left: readonly Item[] = items;
  for (let pause = 100; left.length > 0; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const puts = left.map((item) => ({ PutRequest: { Item: { ...item } } }));
    const { UnprocessedItems } = await dynamo.send(
      new BatchWriteCommand({ RequestItems: { [table]: puts } }),
    );
    left = (UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) => PutRequest?.Item ?? []);
    if (left.length > 0) await sleep(pause);
  }
}
