// The boards that a command is about: their store, and their maintenance.

import { ARCHIVES } from '../../archives/index.ts';
import { createBoardsApi } from '../../boards/handler.ts';
import { memoryLimiter } from '../../boards/limiter.ts';
import { readBoardSettings } from '../../boards/settings.ts';
import type { BoardStore } from '../../boards/store.ts';
import { vocabularyOf } from '../../boards/vocabulary.ts';
import { systemClock } from '../../core/http/clock.ts';
import { Problem } from '../../core/problem.ts';
import { outputsOf } from '../aws/stack.ts';
import { openFolderBoards } from './folder-store.ts';
import type { BoardsPlace } from './options.ts';

export interface OpenPlace {
  readonly store: BoardStore;
  close(): Promise<void>;
}

const openFolder = (folder: string): Promise<OpenPlace> =>
  openFolderBoards(folder, {
    onUnreadable: (path) => {
      throw new Problem(`${path} is not a board; move it away`);
    },
  });

export async function openPlace({ boards, table, stack }: BoardsPlace): Promise<OpenPlace> {
  if (boards !== undefined) return openFolder(boards);
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
  const { dynamoBoards } = await import('../../lambdas/boards/dynamo-store.ts');
  const name = table ?? (await outputOf(stack, 'BoardsTableName'));
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient());
  const store = dynamoBoards({ dynamo, table: name, clock: systemClock });
  return { store, close: async () => dynamo.destroy() };
}

/** What maintenance answers: of a folder here, of a stack by its function. */
export type Maintain = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
) => Promise<{ readonly status: number; readonly body: string }>;

export async function withMaintenance<T>(
  { boards, stack }: BoardsPlace,
  work: (maintain: Maintain) => Promise<T>,
): Promise<T> {
  if (boards === undefined) return work(await byFunction(stack));
  const { store, close } = await openFolder(boards);
  const api = createBoardsApi({
    ...{ store, clock: systemClock, limiter: memoryLimiter(), mayMaintain: () => true },
    settings: readBoardSettings(process.env),
    vocabulary: vocabularyOf(ARCHIVES),
    // It makes no boards.
    random: (bytes) => new Uint8Array(bytes),
    evictLater: async () => {},
    onFault: (_, error) => {
      throw error;
    },
  });
  try {
    return await work(async (method, given) => {
      const [path, query] = given.split('?');
      return api({
        ...{ method, path: `/api/maintenance/${path}`, query: new URLSearchParams(query) },
        ...{ headers: {}, client: null, body: async () => new Uint8Array() },
      });
    });
  } finally {
    await close();
  }
}

async function byFunction(stack: string): Promise<Maintain> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const FunctionName = await outputOf(stack, 'BoardsMaintenanceName');
  const lambda = new LambdaClient();
  return async (method, path) => {
    const Payload = JSON.stringify({ method, path });
    const { Payload: answered, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload }),
    );
    if (FunctionError) throw new Problem(`the function ${FunctionName} failed; see its log`);
    return JSON.parse(Buffer.from(answered ?? []).toString());
  };
}

export async function outputOf(stack: string, name: string): Promise<string> {
  const found = (await outputsOf(stack)).get(name);
  if (found) return found;
  throw new Problem(`the stack ${stack} has no boards; deploy it with -c mirrorwatch:boards={}`);
}
