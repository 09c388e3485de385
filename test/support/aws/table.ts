// One DynamoDB table in memory, with keys `pk` and `sk`. It evaluates conditions; the test sets how
// small its pages are.

import type {
  DeleteCommandInput,
  GetCommandInput,
  PutCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TransactWriteCommandInput,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { compareBytes } from '../../../core/compare/byte-order.ts';
import { awsError, refuseUnknown } from './error.ts';
import { checkPlaceholders, holds, type Item, type Names, updated } from './expressions.ts';

export interface TableOptions {
  /** Items that a page of a scan or query examines; a real page ends after the first megabyte. */
  readonly pageItems?: number;
  /** Reads that are not consistent see the table as it was before the last write. */
  readonly staleReads?: boolean;
}

/** DynamoDB's limit ("Service, account, and table quotas"). */
const MAX_ITEM_BYTES = 400 * 1024;

interface Key {
  readonly pk: string;
  readonly sk: string;
}

export function fakeTable(
  { pageItems = 1000, staleReads = false }: TableOptions,
  items = new Map<string, Item>(),
) {
  /** The item that the last write changed, as it was. */
  let before: readonly [name: string, item: Item | undefined] | undefined;
  /** What a read sees. */
  const seenBy = ({ ConsistentRead: consistent }: { ConsistentRead?: boolean | undefined }) => {
    if (!staleReads || consistent || before === undefined) return items;
    const [name, item] = before;
    const stale = new Map(items);
    if (item === undefined) stale.delete(name);
    else stale.set(name, item);
    return stale;
  };
  const at = (key: unknown, all: ReadonlyMap<string, Item> = items) => all.get(nameOf(key));
  const copy = (item: Item | undefined) => (item === undefined ? {} : { Item: { ...item } });
  const put = (item: Item): void => {
    const { copy: own, bytes } = copied(item);
    if (bytes > MAX_ITEM_BYTES) throw refused('item size');
    const name = nameOf(item);
    before = [name, items.get(name)];
    items.set(name, own as Item);
  };
  const check = (condition: string | undefined, key: unknown, names: Names): void => {
    if (condition !== undefined && !holds(condition, at(key), names)) {
      throw awsError('ConditionalCheckFailedException', 400, 'The conditional request failed');
    }
  };
  const sorted = (all: ReadonlyMap<string, Item>, wanted: (item: Item) => boolean) =>
    [...all]
      .filter(([, item]) => wanted(item))
      .sort(([a], [b]) => compareBytes(a, b))
      .map(([, item]) => item);

  /** Examines a page of items after `start`; items that a filter removes count as examined. */
  const page = (all: readonly Item[], start: unknown, limit: number) => {
    const from = start ? all.findIndex((item) => nameOf(item) === nameOf(start)) + 1 : 0;
    const seen = all.slice(from, from + limit);
    const last = from + limit < all.length ? seen.at(-1) : undefined;
    return { seen, next: last && { LastEvaluatedKey: { pk: last.pk, sk: last.sk } } };
  };

  const commands = {
    Get(input: GetCommandInput) {
      refuseUnknown(input, ['TableName', 'Key', 'ConsistentRead']);
      return copy(at(input.Key, seenBy(input)));
    },

    Put(input: PutCommandInput) {
      const { Item, ConditionExpression: condition } = input;
      refuseUnknown(input, ['TableName', 'Item', ...CONDITION]);
      checkPlaceholders([condition ?? ''], namesOf(input));
      check(condition, Item, namesOf(input));
      put(Item as Item);
      return {};
    },

    Delete(input: DeleteCommandInput) {
      refuseUnknown(input, ['TableName', 'Key', ...CONDITION]);
      checkPlaceholders([input.ConditionExpression ?? ''], namesOf(input));
      check(input.ConditionExpression, input.Key, namesOf(input));
      const name = nameOf(input.Key);
      before = [name, items.get(name)];
      items.delete(name);
      return {};
    },

    Update(input: UpdateCommandInput) {
      const { Key, UpdateExpression = '', ConditionExpression: condition } = input;
      refuseUnknown(input, ['TableName', 'Key', 'UpdateExpression', 'ReturnValues', ...CONDITION]);
      if ((input.ReturnValues ?? 'ALL_NEW') !== 'ALL_NEW') throw refused('ReturnValues');
      const names = namesOf(input);
      checkPlaceholders([UpdateExpression, condition ?? ''], names);
      check(condition, Key, names);
      put(updated(UpdateExpression, at(Key) ?? (Key as Item), names));
      return input.ReturnValues ? { Attributes: copied(at(Key)).copy } : {};
    },

    /** All or nothing. */
    TransactWrite({ TransactItems = [], ...others }: TransactWriteCommandInput) {
      refuseUnknown(others, []);
      const reasons = TransactItems.map(({ Put, Update, Delete }) => {
        const { ConditionExpression: condition, ...one } = (Put ?? Update ?? Delete) as PutItem;
        const key = one.Item ?? one.Key;
        const isFine = condition === undefined || holds(condition, at(key), namesOf(one));
        return { Code: isFine ? 'None' : 'ConditionalCheckFailed' };
      });
      if (reasons.some(({ Code }) => Code !== 'None')) {
        const error = awsError('TransactionCanceledException', 400, 'Transaction cancelled');
        throw Object.assign(error, { CancellationReasons: reasons });
      }
      for (const { Put, Update, Delete } of TransactItems) {
        if (Put) commands.Put(Put as PutCommandInput);
        if (Update) commands.Update(Update as UpdateCommandInput);
        if (Delete) commands.Delete(Delete as DeleteCommandInput);
      }
      return {};
    },

    Query(input: QueryCommandInput) {
      refuseUnknown(input, [
        ...['TableName', 'IndexName', 'KeyConditionExpression', 'ExpressionAttributeNames'],
        ...['ExpressionAttributeValues', 'ScanIndexForward', 'ConsistentRead', 'Limit'],
        'ExclusiveStartKey',
      ]);
      const condition = input.KeyConditionExpression ?? '';
      const names = namesOf(input);
      checkPlaceholders([condition], names);
      const found = sorted(seenBy(input), (item) => holds(condition, item, names));
      // By the sort key of the only index there is; equal ones come in any order.
      if (input.IndexName !== undefined) {
        found.reverse().sort((a, b) => Number(a.lastAccess) - Number(b.lastAccess));
      }
      if (input.ScanIndexForward === false) found.reverse();
      const limit = Math.min(input.Limit ?? pageItems, pageItems);
      const { seen, next } = page(found, input.ExclusiveStartKey, limit);
      return { Items: seen.map((item) => ({ ...item })), ...next };
    },

    Scan(input: ScanCommandInput) {
      refuseUnknown(input, [
        ...['TableName', 'Segment', 'TotalSegments', 'FilterExpression', 'ExclusiveStartKey'],
        ...['ExpressionAttributeNames', 'ExpressionAttributeValues', 'ConsistentRead', 'Limit'],
      ]);
      const { Segment = 0, TotalSegments = 1, FilterExpression: filter } = input;
      const names = namesOf(input);
      checkPlaceholders([filter ?? ''], names);
      const all = sorted(seenBy(input), (item) => segmentOf(item, TotalSegments) === Segment);
      const { seen, next } = page(all, input.ExclusiveStartKey, input.Limit ?? pageItems);
      const shown = seen.filter((item) => filter === undefined || holds(filter, item, names));
      return { Items: shown.map((item) => ({ ...item })), ...next };
    },
  };
  return { items, commands };
}

type PutItem = Partial<PutCommandInput & DeleteCommandInput>;

const CONDITION = [
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
] as const;

const refused = (why: string) => awsError('ValidationException', 400, why);

const namesOf = (input: {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}): Names => ({
  names: input.ExpressionAttributeNames,
  values: input.ExpressionAttributeValues,
});

function nameOf(key: unknown): string {
  const { pk, sk } = key as Partial<Key>;
  if (typeof pk !== 'string' || typeof sk !== 'string' || !pk || !sk) throw refused('key');
  return `${pk}\0${sk}`;
}

/**
 * A deep copy of the value, and its size by its names and values. Like the document client, it
 * refuses undefined values; our stores write only what JSON can hold.
 */
function copied(value: unknown): { readonly copy: unknown; readonly bytes: number } {
  let bytes = 0;
  const copy = (part: unknown): unknown => {
    if (part === undefined) throw new Error('Pass options.removeUndefinedValues=true');
    if (typeof part === 'string') bytes += Buffer.byteLength(part);
    if (typeof part === 'function' || typeof part === 'bigint') throw refused('type of a value');
    if (typeof part !== 'object' || part === null) {
      bytes += 1;
      return part;
    }
    if (Array.isArray(part)) return part.map(copy);
    const own: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(part)) {
      bytes += Buffer.byteLength(name);
      own[name] = copy(field);
    }
    return own;
  };
  return { copy: copy(value), bytes };
}

const hashes = new Map<unknown, number>();

/** By the hash of the partition key, so that items of one partition are in one segment. */
function segmentOf({ pk }: Item, segments: number): number {
  let hash = hashes.get(pk);
  if (hash === undefined) {
    hash = 0;
    for (const byte of Buffer.from(pk as string)) hash = (hash * 31 + byte) >>> 0;
    hashes.set(pk, hash);
  }
  return hash % segments;
}
