// The lock of a table: one run at a time, or the command that restores its records.

import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keysOf } from './names.ts';
import { type Hold, LOCK_MS, type RunStore } from './run-store.ts';

/**
 * Begins the name of a holder that is no execution: Step Functions allows no colon in a name, so
 * nobody can ask whether it is over. It keeps the lock for its time.
 */
export const NO_EXECUTION = 'restore:';

/** @param folder of the archive: each has a lock of its own */
export function openLock(
  dynamo: DynamoDBDocumentClient,
  table: string,
  folder: string,
): Pick<RunStore, 'holdLock' | 'releaseLock'> {
  const keys = keysOf(folder);
  return {
    async holdLock({ name, start }, now, over = name): Promise<Hold> {
      const taken = await unlessRefused(() =>
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: keys.lock,
            UpdateExpression: 'SET holder = :name, #start = :start, expiresAt = :until',
            ConditionExpression:
              'attribute_not_exists(pk) OR holder = :name OR ((expiresAt < :now OR expiresAt > :latest OR holder = :over) AND (#start < :start OR #start > :soon))',
            // START is a reserved word (DynamoDB developer guide, "Reserved words").
            ExpressionAttributeNames: { '#start': 'start' },
            ExpressionAttributeValues: {
              ':name': name,
              ':over': over,
              ':start': start,
              ':now': now.getTime(),
              ':until': now.getTime() + LOCK_MS,
              // A correct clock never sets a later time.
              ':latest': now.getTime() + 2 * LOCK_MS,
              // The holder's clock was ahead if its run started in the future.
              ':soon': new Date(now.getTime() + LOCK_MS).toISOString(),
            },
          }),
        ),
      );
      if (taken) return { held: true };
      const lock = await dynamo.send(
        new GetCommand({ TableName: table, Key: keys.lock, ConsistentRead: true }),
      );
      return { held: false, by: String(lock.Item?.holder ?? 'another run') };
    },

    async releaseLock({ name }) {
      // Not deleted: the last holder keeps older runs from taking it.
      await unlessRefused(() =>
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: keys.lock,
            UpdateExpression: 'SET expiresAt = :never',
            ConditionExpression: 'holder = :name',
            ExpressionAttributeValues: { ':name': name, ':never': 0 },
          }),
        ),
      );
    },
  };
}

/** False when the write's condition failed. */
export async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if ((error as { name?: unknown }).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
