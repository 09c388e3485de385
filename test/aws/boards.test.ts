// Saved boards on an emulator: the store over its DynamoDB, and the functions as they are deployed.

import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConcurrencyCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import type { SampleServer } from '../../archives/openneuro/sample/server.ts';
import { systemClock } from '../../core/http/clock.ts';
import { dynamoLimiter } from '../../lambdas/boards/dynamo-limiter.ts';
import { dynamoBoards } from '../../lambdas/boards/dynamo-store.ts';
import { BOARDS_TABLE, VIEWER_HEADERS } from '../../lambdas/names.ts';
import { evictTests } from '../boards/evict-suite.ts';
import { rightsTests } from '../boards/rights-suite.ts';
import { troubleTests } from '../boards/trouble-suite.ts';
import { useTests } from '../boards/use-suite.ts';
import { type Backend, BOARD, openWorld, type WorldOptions } from '../boards/world.ts';
import { clients } from './clients.ts';
import { bootstrap, deploy, inCheckout } from './deployment.ts';
import { startSampleForStack } from './sample.ts';
import { askFunctions } from './signed-request.ts';

const { dynamo, lambda } = clients();

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
  const open = (options?: WorldOptions) => openWorld(backend, options);
  describe('boards', () => useTests(open, 'key'));
  describe('rights', () => rightsTests(open, 'key'));
  describe('eviction', () => evictTests(open));
  describe('trouble', () => troubleTests(open));
});

describe('deployed', () => {
  const FRONT = 'Mirrorwatch boards:';
  const { ask, nameOf } = askFunctions();
  let sample: SampleServer;
  let table: string;
  beforeAll(async () => {
    const started = await startSampleForStack(generateArchive({ datasets: 2 }));
    sample = started.sample;
    await bootstrap();
    const choices = { name: 'Boards-one', schedule: 'off', boards: '{"BOARD_TOUCH_SECONDS": 0}' };
    const outputs = await deploy(started.urls, choices);
    table = (outputs as unknown as { BoardsTableName: string }).BoardsTableName;
  });
  afterAll(() => sample?.close());

  /** With the edit key where CloudFront puts it. */
  const api = async (
    method: string,
    path: string,
    { body, key, headers = {} }: { body?: unknown; key?: string; headers?: object } = {},
  ) => {
    const answered = await ask(FRONT, {
      ...{ method, path },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { [VIEWER_HEADERS.authorization]: `Bearer ${key}` }),
        ...headers,
      },
    });
    const text = await answered.text();
    return { status: answered.status, headers: answered.headers, json: text && JSON.parse(text) };
  };
  const maintain = async (method: string, path: string) => {
    const FunctionName = await nameOf('Mirrorwatch boards-maintenance');
    const Payload = JSON.stringify({ method, path });
    const { Payload: answered } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const { status, body } = JSON.parse(Buffer.from(answered ?? []).toString());
    return { status, json: body && JSON.parse(body) };
  };

  test('a board is saved, read, replaced with its key, and deleted', async () => {
    expect((await api('GET', '/api/health')).status).toBe(200);
    const made = await api('POST', '/api/boards', { body: BOARD });
    expect(made.status).toBe(201);
    const { id, editKey: key } = made.json;
    const path = `/api/boards/${id}`;
    const read = await api('GET', path);
    expect(read).toMatchObject({ status: 200, json: { id, ...BOARD } });
    expect(read.headers.get('cache-control')).toBe('no-store');
    const etag = read.headers.get('etag') as string;
    expect((await api('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const body = { ...BOARD, title: 'Another' };
    expect((await api('PATCH', path, { body })).status).toBe(401);
    expect((await api('PATCH', path, { body, key: 'x'.repeat(43) })).status).toBe(403);
    expect((await api('PATCH', path, { body, key })).json.title).toBe('Another');
    const old = { body, key, headers: { 'if-match': etag } };
    expect((await api('PUT', path, old)).status).toBe(412);
    const fork = await api('POST', `${path}/fork`);
    expect(fork).toMatchObject({ status: 201, json: { forkedFrom: id, title: 'Another' } });
    expect((await api('DELETE', path, { key })).status).toBe(200);
    expect((await api('GET', path)).status).toBe(404);
  });

  test('what is refused', async () => {
    expect((await api('POST', '/api/boards', { body: {} })).status).toBe(422);
    expect((await api('POST', '/api/boards', { body: [1] })).status).toBe(400);
    const headers = { 'content-type': 'text/plain' };
    expect((await api('POST', '/api/boards', { body: {}, headers })).status).toBe(415);
    const notes = 'n'.repeat(350_001);
    expect((await api('POST', '/api/boards', { body: { notes } })).status).toBe(413);
  });

  test('B33 maintenance is for who may invoke its function, and nobody else', async () => {
    const { json } = await api('POST', '/api/boards', { body: BOARD });
    const { id } = json;
    expect((await api('GET', `/api/maintenance/boards/${id}`)).status).toBe(403);
    const path = `/api/boards/${id}`;
    expect((await ask(FRONT, { path, isSigned: false })).status).toBe(403);
    expect((await maintain('GET', `boards/${id}`)).json).toMatchObject({ id, board: BOARD });
    expect((await maintain('POST', `boards/${id}/protect`)).status).toBe(200);
    const changed = await api('PATCH', path, { body: BOARD, key: json.editKey });
    expect(changed.status).toBe(403);
    expect((await maintain('DELETE', `boards/${id}`)).status).toBe(200);
    expect((await maintain('GET', 'boards')).json.boards).toEqual(expect.any(Array));
  });

  test('B42 the twenty-first write of a visitor is refused, and nobody keeps the address', async () => {
    const headers = { [VIEWER_HEADERS.address]: '198.51.100.9' };
    const statuses: number[] = [];
    for (let i = 0; i < 21; i += 1) {
      statuses.push((await api('POST', '/api/boards', { body: BOARD, headers })).status);
    }
    // A minute may have begun meanwhile.
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(20);
    expect(statuses.every((status) => status === 201 || status === 429)).toBe(true);
    const { Items } = await dynamo.send(new ScanCommand({ TableName: table }));
    expect(JSON.stringify(Items)).not.toContain('198.51.100.9');
    expect(JSON.stringify(Items)).toContain('RATE#');
  });

  describe('commands', () => {
    const boards = (...args: string[]) =>
      inCheckout('node', ['bin/mirrorwatch.ts', 'boards', ...args, '--stack', 'Boards-one']);

    test('an operator lists, protects and deletes what is deployed', async () => {
      const { json } = await api('POST', '/api/boards', { body: BOARD });
      const says = async (action: string) => (await boards(action, json.id)).stdout;
      expect(await says('protect')).toBe(`Board ${json.id} protected and whitelisted\n`);
      expect((await boards('list')).stdout).toContain(`${BOARD.title}  whitelisted  protected`);
      expect(JSON.parse(await says('show'))).toMatchObject({ id: json.id, protected: true });
      expect(await says('delete')).toBe(`Board ${json.id} deleted\n`);
      const again = await boards('delete', json.id);
      expect(again).toMatchObject({ code: 1, stderr: 'mirrorwatch: Board not found\n' });
    });

    test('B34 a dump of the deployed table is imported once', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-boards-'));
      try {
        await api('POST', '/api/boards', { body: BOARD });
        const file = join(folder, 'dump.json');
        expect((await boards('export', file, '--all')).code).toBe(0);
        const dump = JSON.parse(await readFile(file, 'utf8'));
        expect(dump.length).toBeGreaterThan(0);
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
      const FunctionName = await nameOf('Mirrorwatch boards:');
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

  test('all boards are counted again', async () => {
    const FunctionName = await nameOf('Mirrorwatch boards-evict');
    const Payload = JSON.stringify({ recount: true });
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    expect(FunctionError).toBeUndefined();
    const { json } = await maintain('POST', 'recount');
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table }));
    const sizes = Items.filter(({ sk }) => sk === BOARDS_TABLE.sortKey).map(({ size }) => size);
    expect(json).toEqual({
      ...{ bytes: sizes.reduce((sum, size) => sum + size, 0), boards: sizes.length },
    });
  });
});
