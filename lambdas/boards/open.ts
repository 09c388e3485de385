// What the functions for boards share: the table, the settings and the words, from the environment
// and the bundle. Faults are logged by their names: no log has an address, a key or a board.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ApiAnswer, ApiRequest } from '../../boards/answers.ts';
import { createBoardsApi } from '../../boards/handler.ts';
import type { ApiPorts } from '../../boards/ports.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import { systemClock } from '../../core/http/clock.ts';
import { BOARDS_ENVIRONMENT, VOCABULARY_FILE } from '../names.ts';
import { dynamoLimiter } from './dynamo-limiter.ts';
import { dynamoBoards } from './dynamo-store.ts';

export function openTable() {
  const table = process.env[BOARDS_ENVIRONMENT.table] ?? '';
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 2 }));
  const store = dynamoBoards({ dynamo, table, clock: systemClock });
  return { store, settings: readBoardSettings(process.env), table, dynamo };
}

/** @param own what this function may do beside reading and writing boards */
export function openApi(
  own: Pick<ApiPorts, 'evictLater' | 'mayMaintain'>,
): (request: ApiRequest) => Promise<ApiAnswer> {
  const { store, settings, table, dynamo } = openTable();
  return createBoardsApi({
    ...{ store, settings, clock: systemClock, random: randomBytes, onFault: logFault, ...own },
    limiter: dynamoLimiter(dynamo, table),
    vocabulary: JSON.parse(readFileSync(join(import.meta.dirname, VOCABULARY_FILE), 'utf8')),
  });
}

/** The message of an error may hold a key of the table, and so the id of a board: it is left out. */
export function logFault(doing: string, error: unknown): void {
  const { name, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const where = stack.split('\n').slice(1, 4).join('\n');
  console.error(JSON.stringify({ level: 'ERROR', message: `could not ${doing}`, name, where }));
}
