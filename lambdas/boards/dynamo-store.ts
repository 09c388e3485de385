// Boards in a table of DynamoDB (docs/boards.md has its items). A board and its part of the totals
// are written in one transaction.

import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  type BoardRecord,
  type BoardStore,
  type Evictable,
  StoreAway,
  type Totals,
} from '../../boards/store.ts';
import { compareBytes } from '../../core/compare/byte-order.ts';
import type { Clock } from '../../core/http/clock.ts';
import { BOARDS_TABLE } from '../names.ts';
import { asStoreAway, isConditionFailed, isWorthARetry } from './dynamo-errors.ts';

export interface DynamoBoards {
  readonly dynamo: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'sleep'>;
  /** From 0 to 1, for the jitter of retries. @default Math.random */
  readonly random?: () => number;
}

type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;

const { sortKey, totals: TOTALS, index: INDEX } = BOARDS_TABLE;
const keyOf = (id: string) => ({ pk: BOARDS_TABLE.board(id), sk: sortKey });
const PAGE = 100;

/** A write that meets others is tried so often, within two seconds. */
const TRIES = 5;
const LONGEST_WAIT_MS = 400;

export function dynamoBoards(options: DynamoBoards): BoardStore {
  const { dynamo, table, clock, random = Math.random } = options;
  const TableName = table;

  /** @returns false if a condition does not hold */
  async function write(items: Writes): Promise<boolean> {
    for (let left = TRIES; ; left -= 1) {
      try {
        await dynamo.send(new TransactWriteCommand({ TransactItems: items }));
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        if (left <= 1 || !isWorthARetry(error)) throw asStoreAway(error);
        await clock.sleep(random() * LONGEST_WAIT_MS);
      }
    }
  }

  /** Of others than writes, which have their own retries. */
  async function ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asStoreAway(error);
    }
  }

  const adding = (bytes: number, boards: number): Writes[number] => ({
    Update: {
      ...{ TableName, Key: TOTALS, UpdateExpression: 'ADD #bytes :bytes, #boards :boards' },
      ExpressionAttributeNames: { '#bytes': 'bytes', '#boards': 'boards' },
      ExpressionAttributeValues: { ':bytes': bytes, ':boards': boards },
    },
  });

  const unchangedSince = ({ rev, whitelisted, protected: isProtected }: BoardRecord) => ({
    ConditionExpression: '#rev = :rev AND #white = :white AND #protected = :protected',
    ExpressionAttributeNames: { '#rev': 'rev', '#white': 'whitelisted', '#protected': 'protected' },
    ExpressionAttributeValues: { ':rev': rev, ':white': whitelisted, ':protected': isProtected },
  });

  const totals = (): Promise<Totals> =>
    ask(async () => {
      const get = { TableName, Key: TOTALS, ConsistentRead: true };
      const { Item } = await dynamo.send(new GetCommand(get));
      return { bytes: Item?.bytes ?? 0, boards: Item?.boards ?? 0 };
    });

  const scan = (start: Record<string, unknown> | undefined, Limit?: number) =>
    ask<ScanCommandOutput>(() =>
      dynamo.send(
        new ScanCommand({
          ...{ TableName, ConsistentRead: true, FilterExpression: 'begins_with(pk, :board)' },
          ExpressionAttributeValues: { ':board': BOARDS_TABLE.board('') },
          ...(start && { ExclusiveStartKey: start }),
          ...(Limit !== undefined && { Limit }),
        }),
      ),
    );

  return {
    totals,

    read: (id, consistent) =>
      ask(async () => {
        const get = { TableName, Key: keyOf(id), ConsistentRead: consistent };
        const { Item } = await dynamo.send(new GetCommand(get));
        return Item === undefined ? null : fromItem(Item);
      }),

    put(next, seen) {
      const condition = seen
        ? unchangedSince(seen)
        : { ConditionExpression: 'attribute_not_exists(pk)' };
      return write([
        { Put: { TableName, Item: toItem(next), ...condition } },
        adding(next.size - (seen?.size ?? 0), seen ? 0 : 1),
      ]);
    },

    remove: (seen) =>
      write([
        { Delete: { TableName, Key: keyOf(seen.id), ...unchangedSince(seen) } },
        adding(-seen.size, -1),
      ]),

    async touch(id, lastAccess) {
      const update = new UpdateCommand({
        ...{ TableName, Key: keyOf(id), UpdateExpression: 'SET #used = :used' },
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#used': 'lastAccess' },
        ExpressionAttributeValues: { ':used': lastAccess },
      });
      await ask(() =>
        dynamo.send(update).catch((error) => {
          if (!isConditionFailed(error)) throw error;
        }),
      );
    },

    async *evictable() {
      let start: Record<string, unknown> | undefined;
      let ties: Evictable[] = [];
      do {
        const { Items = [], LastEvaluatedKey } = await ask<QueryCommandOutput>(() =>
          dynamo.send(
            new QueryCommand({
              ...{ TableName, IndexName: INDEX.name, KeyConditionExpression: '#ev = :ev' },
              ExpressionAttributeNames: { '#ev': INDEX.key },
              ExpressionAttributeValues: { ':ev': INDEX.value },
              ...(start && { ExclusiveStartKey: start }),
            }),
          ),
        );
        for (const { pk, size, lastAccess } of Items) {
          if (ties[0] && ties[0].lastAccess !== lastAccess) {
            yield* byId(ties);
            ties = [];
          }
          ties.push({ id: BOARDS_TABLE.idOf(pk), size, lastAccess });
        }
        start = LastEvaluatedKey;
      } while (start !== undefined);
      yield* byId(ties);
    },

    evict: ({ id, size, lastAccess }) =>
      write([
        {
          Delete: {
            ...{ TableName, Key: keyOf(id) },
            ConditionExpression: 'attribute_exists(#ev) AND #used = :used AND #size = :size',
            ExpressionAttributeNames: { '#ev': INDEX.key, '#used': 'lastAccess', '#size': 'size' },
            ExpressionAttributeValues: { ':used': lastAccess, ':size': size },
          },
        },
        adding(-size, -1),
      ]),

    async list(after) {
      const [pk, sk] = after?.split(' ') ?? [];
      const { Items = [], LastEvaluatedKey: last } = await scan(
        after ? { pk, sk } : undefined,
        PAGE,
      );
      return { records: Items.map(fromItem), next: last ? `${last.pk} ${last.sk}` : null };
    },

    async recount() {
      for (let left = TRIES; left > 0; left -= 1) {
        const before = await totals();
        const counted = { bytes: 0, boards: 0 };
        let start: Record<string, unknown> | undefined;
        do {
          const { Items = [], LastEvaluatedKey } = await scan(start);
          for (const { size } of Items) {
            counted.bytes += size;
            counted.boards += 1;
          }
          start = LastEvaluatedKey;
        } while (start !== undefined);
        if (await setTotals(counted, before)) return counted;
      }
      throw new StoreAway('boards were written all the time while they were counted');
    },
  };

  /** @returns false if a board was written meanwhile */
  function setTotals(counted: Totals, before: Totals): Promise<boolean> {
    const names = { '#bytes': 'bytes', '#boards': 'boards' };
    return write([
      {
        Update: {
          ...{ TableName, Key: TOTALS, UpdateExpression: 'SET #bytes = :bytes, #boards = :boards' },
          ConditionExpression:
            'attribute_not_exists(pk) OR (#bytes = :oldBytes AND #boards = :oldBoards)',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: {
            ...{ ':bytes': counted.bytes, ':boards': counted.boards },
            ...{ ':oldBytes': before.bytes, ':oldBoards': before.boards },
          },
        },
      },
    ]);
  }
}

const byId = (ties: readonly Evictable[]) => ties.toSorted((a, b) => compareBytes(a.id, b.id));

/** In the index of evictable boards is what has its key. */
const toItem = ({ id, ...record }: BoardRecord) => ({
  ...keyOf(id),
  ...record,
  ...(!record.whitelisted && { [INDEX.key]: INDEX.value }),
});

function fromItem(item: Record<string, unknown>): BoardRecord {
  const { pk, sk, [INDEX.key]: _, ...record } = item;
  const { createdAt } = record as unknown as BoardRecord;
  // Older items lack it: they are as old as their board.
  return { id: BOARDS_TABLE.idOf(pk as string), changedAt: createdAt, ...record } as BoardRecord;
}
