// Writes of clients, counted in the table of the boards: one item a client and day. Its key is a
// hash of the address with a secret of the day, which expires with the counts; the address itself
// is stored nowhere.

import { createHmac, randomBytes } from 'node:crypto';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  dayOf,
  type Limiter,
  minuteOf,
  networkOf,
  secondsToWait,
  WRITES,
} from '../../boards/limiter.ts';
import { BOARDS_TABLE } from '../names.ts';
import { asStoreAway, isConditionFailed } from './dynamo-errors.ts';

const DAY_SECONDS = 86_400;
/** After the end of the day. */
const KEPT_SECONDS = 2 * 3600;

export function dynamoLimiter(dynamo: DynamoDBDocumentClient, table: string): Limiter {
  let known: { readonly day: number; readonly secret: string } | undefined;

  async function secretOf(day: number): Promise<string> {
    if (known?.day === day) return known.secret;
    const Key = BOARDS_TABLE.secret(day);
    const own = randomBytes(32).toString('base64url');
    const put = new PutCommand({
      ...{ TableName: table, Item: { ...Key, secret: own, ttl: endOf(day) } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    const isOurs = await dynamo.send(put).then(
      () => true,
      (error) => {
        if (isConditionFailed(error)) return false;
        throw error;
      },
    );
    const get = new GetCommand({ TableName: table, Key, ConsistentRead: true });
    const secret = isOurs ? own : ((await dynamo.send(get)).Item?.secret as string);
    known = { day, secret };
    return secret;
  }

  async function count(client: string, now: number): Promise<number> {
    const day = dayOf(now);
    const name = createHmac('sha256', await secretOf(day))
      .update(networkOf(client))
      .digest('hex');
    const Key = BOARDS_TABLE.client(name, day);
    const minute = `m${minuteOf(now)}`;
    try {
      await dynamo.send(
        new UpdateCommand({
          ...{
            TableName: table,
            Key,
            UpdateExpression: 'SET #ttl = :ttl ADD #day :one, #minute :one',
          },
          ConditionExpression:
            '(attribute_not_exists(#day) OR #day < :aDay) AND (attribute_not_exists(#minute) OR #minute < :aMinute)',
          ExpressionAttributeNames: { '#ttl': 'ttl', '#day': 'n', '#minute': minute },
          ExpressionAttributeValues: {
            ...{ ':ttl': endOf(day), ':one': 1 },
            ...{ ':aDay': WRITES.aDay, ':aMinute': WRITES.aMinute },
          },
        }),
      );
      return 0;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      const get = new GetCommand({ TableName: table, Key, ConsistentRead: true });
      const { Item = {} } = await dynamo.send(get);
      return secondsToWait({ minute: Item[minute] ?? 0, day: Item.n ?? 0 }, now);
    }
  }

  return {
    count: (client, now) =>
      count(client, now).catch((error) => {
        throw asStoreAway(error);
      }),
  };
}

const endOf = (day: number): number => (day + 1) * DAY_SECONDS + KEPT_SECONDS;
