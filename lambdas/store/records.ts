// Records and the lock in one table. Access patterns: the checks of a dataset; all checks (only for
// the summary); the newest runs; the lock.

import { randomUUID } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  type CheckRecord,
  checkRecordSchema,
  type RunRecord,
  runRecordSchema,
  upgradeRecord,
} from '../../core/documents/records.ts';
import { openLock, unlessRefused } from '../lock.ts';
import { keysOf } from '../names.ts';
import type { Item, RunStore } from '../run-store.ts';

export interface Records
  extends Pick<RunStore, 'holdLock' | 'releaseLock' | 'listRuns' | 'listRecords'> {
  /** All records of a dataset, with one query. */
  read(dataset: string): Promise<Items>;
  /** Undefined if there is none, or none that is readable. */
  parse(item: Item | undefined): CheckRecord | undefined;
  /**
   * @param document stored with the record if it is small
   * @param digest of its document, to distinguish it from others with the same result
   * @returns the item as now stored; null if the table no longer has what was read
   */
  replace(
    before: Item | undefined,
    record: CheckRecord,
    document: KeptDocument | undefined,
    digest: string | undefined,
  ): Promise<Item | null>;
  /**
   * Announces to every reader of a check's record that its document is about to change: what they
   * know of the document is no longer valid. Returns the item as now stored; null as above.
   */
  announce(before: Item): Promise<Item | null>;
  /** Removes records as they were read, and whatever was written since. */
  remove(items: Iterable<Item>): Promise<void>;
  putRun(run: RunRecord): Promise<void>;
  /** False if the record tells another end. */
  endRun(run: RunRecord): Promise<boolean>;
}

/**
 * A small document stored in its check's record as well; up to this size that costs nothing more.
 */
export interface KeptDocument {
  readonly path: string;
  /** JSON without white space. */
  readonly text: string;
}

/** Bytes of an item that are written for the price of one unit. */
const WRITE_UNIT = 1024;

/** By check, as stored in the table, readable or not. */
type Items = Map<string, Item>;

/** Workers of the one scan: a million records still arrive within a minute. */
const SEGMENTS = 4;

/**
 * @param folder of the archive; others have items in the same table
 * @param onUnreadable called with invalid items; they count as absent
 */
export function openRecords(
  dynamo: DynamoDBDocumentClient,
  table: string,
  folder: string,
  onUnreadable: (key: string) => void,
): Records {
  const keys = keysOf(folder);
  /** A session is asked for a record several times. */
  const known = new WeakMap<Item, CheckRecord>();
  const parseCheck = (item: Item): CheckRecord | undefined => {
    const before = known.get(item);
    if (before !== undefined) return before;
    const parsed = checkRecordSchema.safeParse(upgradeRecord(item));
    if (parsed.success) known.set(item, parsed.data);
    else onUnreadable(keyOf(item));
    return parsed.data;
  };

  const scanPage = (segment: number, from: Record<string, unknown> | undefined) =>
    dynamo.send(
      new ScanCommand({
        TableName: table,
        // summarize marks what no function reported, and reads it immediately after.
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: SEGMENTS,
        FilterExpression: 'begins_with(pk, :check)',
        ExpressionAttributeValues: { ':check': keys.check('', '').pk },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );

  /** @param before as it was read */
  const put = async (before: Item | undefined, item: Item): Promise<Item | null> => {
    const command = new PutCommand({ TableName: table, Item: item, ...stillBeing(before) });
    return (await unlessRefused(() => dynamo.send(command))) ? item : null;
  };

  return {
    async read(dataset) {
      const items = new Map<string, Item>();
      let from: Item | undefined;
      do {
        const page: QueryCommandOutput = await dynamo.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :dataset',
            ExpressionAttributeValues: { ':dataset': keys.check(dataset, '').pk },
            ConsistentRead: true,
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        for (const item of page.Items ?? []) items.set(String(item.sk), item);
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return items;
    },

    parse: (item) => item && parseCheck(item),

    replace(before, record, document, digest) {
      const item = {
        ...keys.check(record.dataset, record.check),
        ...record,
        ...(digest !== undefined && { digest }),
      };
      const both = { ...item, document };
      // A little more than DynamoDB counts.
      const bytes = Buffer.byteLength(JSON.stringify(both));
      const stored = document && bytes <= WRITE_UNIT ? both : item;
      // The session has checked it.
      known.set(stored, record);
      return put(before, stored);
    },

    announce: (before) => put(before, { ...before, changing: randomUUID() }),

    async remove(items) {
      for (const { pk, sk } of items) {
        await dynamo.send(new DeleteCommand({ TableName: table, Key: { pk, sk } }));
      }
    },

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

    async putRun(run) {
      await dynamo.send(
        new PutCommand({ TableName: table, Item: { ...keys.run(run.runStart), ...run } }),
      );
    },

    endRun: (run) =>
      unlessRefused(() =>
        dynamo.send(
          new PutCommand({
            TableName: table,
            Item: { ...keys.run(run.runStart), ...run },
            // The same end again: an earlier try died after this write.
            ConditionExpression:
              'attribute_not_exists(pk) OR outcome = :running OR (outcome = :outcome AND finishedAt = :at)',
            ExpressionAttributeValues: {
              ':running': 'running',
              ':outcome': run.outcome,
              ':at': run.finishedAt,
            },
          }),
        ),
      ),

    async listRuns(most) {
      const answer = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :run',
          ExpressionAttributeValues: { ':run': keys.run('').pk },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: most,
        }),
      );
      return (answer.Items ?? []).values().flatMap((item) => {
        const parsed = runRecordSchema.safeParse(item);
        if (!parsed.success) onUnreadable(keyOf(item));
        return parsed.success ? [parsed.data] : [];
      });
    },

    ...openLock(dynamo, table, folder),
  };
}

/**
 * A condition that the item was not written since it was read. Two functions of one run, one of
 * them abandoned, write with the same start. The time of their measurement, or failed attempt,
 * tells them apart.
 */
function stillBeing(item: Item | undefined) {
  if (item?.runStart === undefined) {
    return { ConditionExpression: 'attribute_not_exists(runStart)' };
  }
  const fields = [...TELLING, 'changing'].filter((it) => item[it] !== undefined);
  const conditions = fields.map((field) => `${field} = :${field}`);
  if (item.changing === undefined) conditions.push('attribute_not_exists(changing)');
  return {
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeValues: Object.fromEntries(fields.map((it) => [`:${it}`, item[it]])),
  };
}

const TELLING = ['runStart', 'checkedAt', 'lastAttempt'];

function keyOf(item: unknown): string {
  const { pk, sk } = item as { pk?: unknown; sk?: unknown };
  return `${pk} ${sk}`;
}
