// The API of boards as it is deployed: its function at its address, with what CloudFront adds to a
// request, and the one for maintenance as an operator asks it. Settings are those of a test.

import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { BatchWriteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import type { ApiAnswer, ApiRequest } from '../../boards/answers.ts';
import { memoryLimiter } from '../../boards/limiter.ts';
import { isMaintenance } from '../../boards/routes.ts';
import type { BOARD_SETTINGS, BoardSettings } from '../../boards/settings.ts';
import { systemClock } from '../../core/http/clock.ts';
import { dynamoBoards } from '../../lambdas/boards/dynamo-store.ts';
import { VIEWER_HEADERS } from '../../lambdas/names.ts';
import { openWorld, type World, type WorldOptions } from '../boards/world.ts';
import { clients } from './clients.ts';
import { askFunctions } from './signed-request.ts';

export const FRONT = 'Mirrorwatch boards:';
export const MAINTENANCE = 'Mirrorwatch boards-maintenance';
export const EVICT = 'Mirrorwatch boards-evict';

const VARIABLES: Readonly<Record<string, (typeof BOARD_SETTINGS)[number]>> = {
  edit: 'BOARD_EDIT',
  validateSchema: 'VALIDATE_BOARD_SCHEMA',
  validateSize: 'VALIDATE_BOARD_SIZE',
  maxBytes: 'BOARD_MAX_SINGLE_BYTES',
  maxTotalBytes: 'BOARD_MAX_TOTAL_STORAGE_BYTES',
  evictOwn: 'BOARD_EVICT_OWN',
  touchSeconds: 'BOARD_TOUCH_SECONDS',
} satisfies Partial<Record<keyof BoardSettings, (typeof BOARD_SETTINGS)[number]>>;

/** Requests at once: each is answered by a process of its own. */
const LANES = 4;

/** Deletes so many items at once, which is what DynamoDB takes. */
const BATCH = 25;

/** @param tableName of the deployed boards, when it is known */
export function deployedBoards(stack: string, tableName: () => string) {
  const { dynamo, lambda } = clients();
  const { ask, nameOf } = askFunctions(stack);
  let asked = 0;
  let visitors = 1;
  const lanes: Promise<unknown>[] = Array.from({ length: LANES }, () => Promise.resolve());

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const lane = asked % LANES;
    asked += 1;
    const answered = (lanes[lane] ?? Promise.resolve()).then(work);
    lanes[lane] = answered.catch(() => undefined);
    return answered;
  }

  async function answerOf(request: ApiRequest, body: Uint8Array): Promise<ApiAnswer> {
    const { method, path, query, headers, client } = request;
    const { authorization, ...others } = headers as Record<string, string>;
    const response = await ask(FRONT, {
      ...{ method, path, query: Object.fromEntries(query) },
      ...(body.length > 0 && { body: Buffer.from(body).toString() }),
      headers: {
        ...others,
        ...(authorization && { [VIEWER_HEADERS.authorization]: authorization }),
        // Who is not named is somebody else each time.
        [VIEWER_HEADERS.address]: client ?? `2001:db8:0:${(visitors++).toString(16)}::1`,
      },
    });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
  }

  async function maintain({ method, path, query }: ApiRequest): Promise<ApiAnswer> {
    const below = path.replace('/api/maintenance/', '');
    const Payload = JSON.stringify({ method, path: query.size > 0 ? `${below}?${query}` : below });
    const FunctionName = await nameOf(MAINTENANCE);
    const invoked = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    expect(invoked.FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(invoked.Payload ?? []).toString());
  }

  /** The variables of a test, by function; those that were deployed are kept. */
  const deployed = new Map<string, Readonly<Record<string, string>>>();
  let chosen = '{}';
  async function configure(settings: Partial<BoardSettings>): Promise<void> {
    const own = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [VARIABLES[name] as string, String(value)]),
    );
    if (JSON.stringify(own) === chosen) return;
    chosen = JSON.stringify(own);
    for (const FunctionName of await Promise.all([FRONT, MAINTENANCE, EVICT].map(nameOf))) {
      const get = new GetFunctionConfigurationCommand({ FunctionName });
      const first = deployed.get(FunctionName) ?? (await lambda.send(get)).Environment?.Variables;
      deployed.set(FunctionName, first ?? {});
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          ...{ FunctionName, Environment: { Variables: { ...first, ...own } } },
        }),
      );
      await expect
        .poll(async () => (await lambda.send(get)).LastUpdateStatus, { timeout: 30_000 })
        .toBe('Successful');
    }
  }

  async function empty(): Promise<void> {
    const TableName = tableName();
    const keys: Record<string, unknown>[] = [];
    const scan = { TableName, ProjectionExpression: 'pk, sk' };
    for await (const { Items = [] } of paginateScan({ client: dynamo }, scan)) keys.push(...Items);
    while (keys.length > 0) {
      const requests = keys.splice(0, BATCH).map((Key) => ({ DeleteRequest: { Key } }));
      await dynamo.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
    }
  }

  /** A world whose requests the deployed functions answer. Its clock is not theirs. */
  function open({ mayMaintain = true, wrap, ...settings }: WorldOptions = {}): Promise<World> {
    if (wrap !== undefined) throw new Error('the store of deployed functions is their own');
    return openWorld(async () => {
      await configure(settings);
      return {
        store: dynamoBoards({ dynamo, table: tableName(), clock: systemClock }),
        limiter: memoryLimiter(),
        carry: async () => ({
          ask: (request, body) =>
            inTurn(() =>
              mayMaintain && isMaintenance(request.path)
                ? maintain(request)
                : answerOf(request, body),
            ),
          close: empty,
        }),
      };
    }, settings);
  }

  return { open, nameOf, ask };
}
