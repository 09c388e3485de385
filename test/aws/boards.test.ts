// Saved boards on an emulator: the store over its DynamoDB, and the functions as they are deployed.

import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { GetCommand, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import { systemClock } from '../../core/http/clock.ts';
import { dynamoLimiter } from '../../lambdas/boards/dynamo-limiter.ts';
import { dynamoBoards } from '../../lambdas/boards/dynamo-store.ts';
import { BOARDS_TABLE } from '../../lambdas/names.ts';
import { boardTests, deployedBoardTests } from '../boards/suites.ts';
import { type Backend, BOARD, openWorld, type World } from '../boards/world.ts';
import { clients } from './clients.ts';
import { deployedBoards, EVICT, FRONT, MAINTENANCE } from './deployed-boards.ts';
import { bootstrap, deploy, inCheckout } from './deployment.ts';
import { startSampleForStack } from './sample.ts';

const { dynamo, lambda, logs } = clients();
const STACK = 'Boards-one';
const TOTALS = BOARDS_TABLE.totals;

async function backend(): Promise<Backend> {
  const TableName = `boards-${randomUUID()}`;
  const { name, key } = BOARDS_TABLE.index;
  const keySchema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await dynamo.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: keySchema('pk', 'sk') },
      AttributeDefinitions: [
        ...['pk', 'sk', key].map((one) => ({ AttributeName: one, AttributeType: 'S' as const })),
        { AttributeName: 'lastAccess', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          ...{ IndexName: name, KeySchema: keySchema(key, 'lastAccess') },
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['size'] },
        },
      ],
    }),
  );
  return {
    store: dynamoBoards({ dynamo, table: TableName, clock: systemClock }),
    limiter: dynamoLimiter(dynamo, TableName),
    close: async () => void (await dynamo.send(new DeleteTableCommand({ TableName }))),
  };
}

describe('the store over DynamoDB', () => {
  boardTests((options) => openWorld(backend, options), ['key']);
});

/** All that the functions of the stack have logged. */
async function logged(): Promise<string> {
  const lines: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {})) {
    for (const { logGroupName = '' } of logGroups) {
      if (!logGroupName.includes(STACK)) continue;
      for await (const { events = [] } of paginateFilterLogEvents(
        { client: logs },
        { logGroupName },
      )) {
        lines.push(...events.map(({ message = '' }) => message));
      }
    }
  }
  return lines.join('\n');
}

describe('deployed', () => {
  let sample: SampleServer;
  let table: string;
  const { open, nameOf, ask } = deployedBoards(STACK, () => table);
  beforeAll(async () => {
    const started = await startSampleForStack(generateArchive({ datasets: 2 }));
    sample = started.sample;
    await bootstrap();
    const choices = { name: STACK, schedule: 'off', boards: '{"BOARD_TOUCH_SECONDS": 0}' };
    const outputs = await deploy(started.urls, choices);
    table = (outputs as unknown as { BoardsTableName: string }).BoardsTableName;
  });
  afterAll(() => sample?.close());

  deployedBoardTests(open);

  describe('as it was deployed', () => {
    let world: World;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    test('B33 nobody gets around the signature, or to maintenance', async () => {
      const { id } = await world.save();
      const path = `/api/boards/${id}`;
      expect((await ask(FRONT, { path })).status).toBe(200);
      expect((await ask(FRONT, { path, isSigned: false })).status).toBe(403);
      const maintenance = `/api/maintenance/boards/${id}`;
      expect((await ask(FRONT, { path: maintenance })).status).toBe(403);
      const FunctionName = await nameOf(MAINTENANCE);
      const url = new GetFunctionUrlConfigCommand({ FunctionName });
      await expect(lambda.send(url)).rejects.toThrow(ResourceNotFoundException);
    });

    test('B42 the twenty-first write of a visitor in a minute is refused', async () => {
      const client = '198.51.100.9';
      const statuses: number[] = [];
      for (let i = 0; i < 21; i += 1) {
        statuses.push((await world.ask('POST', '/api/boards', { body: BOARD, client })).status);
      }
      // A minute may have begun meanwhile.
      expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(20);
      expect(statuses.every((status) => status === 201 || status === 429)).toBe(true);
      const { Items } = await dynamo.send(new ScanCommand({ TableName: table }));
      expect(JSON.stringify(Items)).not.toContain(client);
      expect(JSON.stringify(Items)).toContain('RATE#');
    });

    test('B40, B42 no log has an address, an id or a key, not even that of a fault', async () => {
      const { id, key = '' } = await world.save();
      const Key = { pk: BOARDS_TABLE.board(id), sk: BOARDS_TABLE.sortKey };
      const UpdateExpression = 'REMOVE body';
      await dynamo.send(new UpdateCommand({ TableName: table, Key, UpdateExpression }));
      const client = '198.51.100.10';
      const authorization = `Bearer ${key}`;
      const asked = { body: BOARD, client, headers: { authorization, 'if-match': '"x"' } };
      expect((await world.ask('PUT', `/api/boards/${id}`, asked)).status).toBe(500);
      await expect.poll(logged, { timeout: 20_000 }).toContain('could not answer a request');
      const all = await logged();
      for (const secret of [client, id, key]) expect(all).not.toContain(secret);
    });

    test('all boards are counted again', async () => {
      await world.save();
      await world.save();
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: TOTALS }));
      await dynamo.send(
        new PutCommand({ TableName: table, Item: { ...TOTALS, bytes: 1, boards: 1 } }),
      );
      const Payload = JSON.stringify({ recount: true });
      const FunctionName = await nameOf(EVICT);
      const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      expect(FunctionError).toBeUndefined();
      expect(await world.store.totals()).toEqual({ bytes: Item?.bytes, boards: 2 });
    });
  });

  describe('commands', () => {
    const boards = (...args: string[]) =>
      inCheckout('node', ['bin/mirrorwatch.ts', 'boards', ...args, '--stack', STACK]);
    let world: World;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    test('an operator lists, protects and deletes what is deployed', async () => {
      const { id } = await world.save();
      const says = async (action: string) => (await boards(action, id)).stdout;
      expect(await says('protect')).toBe(`Board ${id} protected and whitelisted\n`);
      expect((await boards('list')).stdout).toContain(`${BOARD.title}  whitelisted  protected`);
      expect(JSON.parse(await says('show'))).toMatchObject({ id, protected: true });
      expect(await says('delete')).toBe(`Board ${id} deleted\n`);
      const again = await boards('delete', id);
      expect(again).toMatchObject({ code: 1, stderr: 'mirrorwatch: Board not found\n' });
    });

    test('B34 a dump of the deployed table is imported once', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-boards-'));
      try {
        await world.save();
        const file = join(folder, 'dump.json');
        expect((await boards('export', file, '--all')).code).toBe(0);
        const dump = JSON.parse(await readFile(file, 'utf8'));
        expect(dump).toHaveLength(1);
        const other = await inCheckout('node', [
          ...['bin/mirrorwatch.ts', 'boards', 'import', file, '--boards', join(folder, 'there')],
        ]);
        expect(other.stdout).toBe(`${dump.length} written, 0 unchanged, 0 left out\n`);
        const same = await boards('import', file);
        expect(same.stdout).toBe(`0 written, ${dump.length} unchanged, 0 left out\n`);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('boards are switched off, and on again', async () => {
      const FunctionName = await nameOf(FRONT);
      const atOnce = async () =>
        (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
          .ReservedConcurrentExecutions;
      // The emulator does not read what the template reserves (test/lib/boards.test.ts does).
      expect((await boards('off')).code).toBe(0);
      expect(await atOnce()).toBe(0);
      expect((await boards('on')).code).toBe(0);
      expect(await atOnce()).toBe(2);
    });
  });
});
