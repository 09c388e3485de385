// Records and the lock in the one table. Access patterns: a check by dataset and check; one check
// of many datasets; all checks (the summary alone); the newest runs; the lock.

import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  type CheckRecord,
  checkRecordSchema,
  type RunRecord,
  runRecordSchema,
  upgradeRecord,
} from '../../core/documents/records.ts';
import { KEYS } from '../names.ts';
import { type Hold, LOCK_MS, type RunStore } from '../run-store.ts';

export interface Records
  extends Pick<RunStore, 'holdLock' | 'releaseLock' | 'readRecords' | 'listRuns' | 'listRecords'> {
  read(dataset: string, check: string): Promise<Reading>;
  /** False when what is there is no longer what was read. */
  replace(before: Reading, record: CheckRecord): Promise<boolean>;
  putRun(run: RunRecord): Promise<void>;
}

export interface Reading {
  readonly record: CheckRecord | undefined;
  /** As it is in the table, readable or not. */
  readonly item: Readonly<Record<string, unknown>> | undefined;
}

/** Workers of the one scan: a million records still come within a minute. */
const SEGMENTS = 4;
/** The most that BatchGetItem takes. */
const BATCH = 100;

/** @param onUnreadable told of items that are not as they should be; they count as none */
export function openRecords(
  dynamo: DynamoDBDocumentClient,
  table: string,
  onUnreadable: (key: string) => void,
): Records {
  const parseCheck = (item: unknown): CheckRecord | undefined => {
    const parsed = checkRecordSchema.safeParse(upgradeRecord(item));
    if (!parsed.success) onUnreadable(keyOf(item));
    return parsed.data;
  };

  const scanPage = (segment: number, from: Record<string, unknown> | undefined) =>
    dynamo.send(
      new ScanCommand({
        TableName: table,
        // summarize marks what no function reported, and reads it right after.
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: SEGMENTS,
        FilterExpression: 'begins_with(pk, :check)',
        ExpressionAttributeValues: { ':check': KEYS.check('', '').pk },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );

  const batch = async (keys: readonly object[]): Promise<unknown[]> => {
    const items: unknown[] = [];
    let left: readonly object[] = keys;
    while (left.length > 0) {
      const answer = await dynamo.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: [...left] as never } } }),
      );
      items.push(...(answer.Responses?.[table] ?? []));
      left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
    return items;
  };

  return {
    async read(dataset, check) {
      const answer = await dynamo.send(
        new GetCommand({ TableName: table, Key: KEYS.check(dataset, check), ConsistentRead: true }),
      );
      return { item: answer.Item, record: answer.Item && parseCheck(answer.Item) };
    },

    replace: ({ item }, record) =>
      unlessRefused(() =>
        dynamo.send(
          new PutCommand({
            TableName: table,
            Item: { ...KEYS.check(record.dataset, record.check), ...record },
            ...stillBeing(item),
          }),
        ),
      ),

    async *listRecords() {
      let open: { segment: number; from: Record<string, unknown> | undefined }[] = Array.from(
        { length: SEGMENTS },
        (_, segment) => ({ segment, from: undefined }),
      );
      while (open.length > 0) {
        const pages = await Promise.all(
          open.map(async ({ segment, from }) => ({ segment, page: await scanPage(segment, from) })),
        );
        for (const { page } of pages) {
          for (const item of page.Items ?? []) {
            const record = parseCheck(item);
            if (record) yield record;
          }
        }
        open = pages.flatMap(({ segment, page }) =>
          page.LastEvaluatedKey ? [{ segment, from: page.LastEvaluatedKey }] : [],
        );
      }
    },

    async readRecords(datasets, check) {
      const found = new Map<string, CheckRecord>();
      for (let i = 0; i < datasets.length; i += BATCH) {
        const keys = datasets.slice(i, i + BATCH).map((dataset) => KEYS.check(dataset, check));
        for (const item of await batch(keys)) {
          const record = parseCheck(item);
          if (record) found.set(record.dataset, record);
        }
      }
      return found;
    },

    async putRun(run) {
      await dynamo.send(
        new PutCommand({ TableName: table, Item: { ...KEYS.run(run.runStart), ...run } }),
      );
    },

    async listRuns(most) {
      const answer = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :run',
          ExpressionAttributeValues: { ':run': KEYS.run('').pk },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: most,
        }),
      );
      return (answer.Items ?? []).flatMap((item) => {
        const parsed = runRecordSchema.safeParse(item);
        if (!parsed.success) onUnreadable(keyOf(item));
        return parsed.success ? [parsed.data] : [];
      });
    },

    async holdLock({ name, start }, now): Promise<Hold> {
      const taken = await unlessRefused(() =>
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: KEYS.lock,
            UpdateExpression: 'SET holder = :name, #start = :start, expiresAt = :until',
            ConditionExpression:
              'attribute_not_exists(pk) OR holder = :name OR ((expiresAt < :now OR expiresAt > :latest) AND (#start < :start OR #start > :soon))',
            // START is a reserved word (DynamoDB developer guide, "Reserved words").
            ExpressionAttributeNames: { '#start': 'start' },
            ExpressionAttributeValues: {
              ':name': name,
              ':start': start,
              ':now': now.getTime(),
              ':until': now.getTime() + LOCK_MS,
              // No clock that is right gives it for longer.
              ':latest': now.getTime() + 2 * LOCK_MS,
              // One that began in the future was held by a clock that was ahead.
              ':soon': new Date(now.getTime() + LOCK_MS).toISOString(),
            },
          }),
        ),
      );
      if (taken) return { held: true };
      const lock = await dynamo.send(
        new GetCommand({ TableName: table, Key: KEYS.lock, ConsistentRead: true }),
      );
      return { held: false, by: String(lock.Item?.holder ?? 'another run') };
    },

    async releaseLock({ name }) {
      // Not deleted: who had it last keeps older runs from taking it.
      await unlessRefused(() =>
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: KEYS.lock,
            UpdateExpression: 'SET expiresAt = :never',
            ConditionExpression: 'holder = :name',
            ExpressionAttributeValues: { ':name': name, ':never': 0 },
          }),
        ),
      );
    },
  };
}

/**
 * On condition that nobody wrote since an item was read. Two functions of one run, of which one was given
 * up, write with one start: they are told apart by when they measured, or failed to.
 */
function stillBeing(item: Reading['item']) {
  if (item?.runStart === undefined) {
    return { ConditionExpression: 'attribute_not_exists(runStart)' };
  }
  const fields = ['runStart', 'checkedAt', 'lastAttempt'].filter((it) => item[it] !== undefined);
  return {
    ConditionExpression: fields.map((field) => `${field} = :${field}`).join(' AND '),
    ExpressionAttributeValues: Object.fromEntries(fields.map((it) => [`:${it}`, item[it]])),
  };
}

/** False when the write's condition did not hold. */
async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if ((error as { name?: unknown }).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

function keyOf(item: unknown): string {
  const { pk, sk } = item as { pk?: unknown; sk?: unknown };
  return `${pk} ${sk}`;
}
