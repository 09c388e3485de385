// Measures the processor time that the SDK takes for a request, and for each item or key in an
// answer, against a server in another process: `node test/scale/sdk-cost.ts`.

import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { inParallel } from '../../core/monitor/frame.ts';
import { idsOf, keysOf, recordsOf } from './archive.ts';

if (process.send) serve();
else await measure();

function serve(): void {
  const ids = idsOf(250);
  const items = ids
    .flatMap((id) => recordsOf(id, '2026-08-01T06:00:00.000Z'))
    .map((item) => wired(item).M);
  const few = JSON.stringify({ Items: items.slice(0, 8), Count: 8 });
  const many = JSON.stringify({ Items: items, Count: items.length });
  const keys = ids.flatMap(keysOf).slice(0, 1000);
  const contents = keys.map(
    ([key, etag]) =>
      `<Contents><Key>${key}</Key><LastModified>2026-08-01T06:00:00.000Z</LastModified><ETag>&quot;${etag.slice(1, -1)}&quot;</ETag><Size>600</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const listing = `<?xml version="1.0"?><ListBucketResult><KeyCount>1000</KeyCount>${contents.join('')}</ListBucketResult>`;
  createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    request.resume().on('end', () => {
      if (request.method === 'PUT') response.setHeader('etag', '"e"').end();
      else if (target.endsWith('Query')) response.end(few);
      else if (target.endsWith('Scan')) response.end(many);
      else response.setHeader('content-type', 'application/xml').end(listing);
    });
  }).listen(0, function (this: import('node:http').Server) {
    process.send?.((this.address() as import('node:net').AddressInfo).port);
  });
}

/** A value as DynamoDB sends it. */
function wired(value: unknown): { readonly [type: string]: unknown } {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(wired) };
  return { M: Object.fromEntries(Object.entries(value as object).map(([k, v]) => [k, wired(v)])) };
}

async function measure(): Promise<void> {
  const server = fork(import.meta.filename);
  const port = await new Promise((resolve) => server.once('message', resolve));
  const to = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(to));
  const s3 = new S3Client({ ...to, forcePathStyle: true });
  const TableName = 'table';
  const Bucket = 'bucket';
  const query = {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'a' },
  };
  const cases: [string, number, () => Promise<unknown>][] = [
    ['Query, 8 items', 2000, () => dynamo.send(new QueryCommand(query))],
    ['Scan, 2,000 items', 20, () => dynamo.send(new ScanCommand({ TableName }))],
    ['ListObjectsV2, 1,000 keys', 50, () => s3.send(new ListObjectsV2Command({ Bucket }))],
    [
      'PutObject',
      1000,
      () => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.alloc(500) })),
    ],
  ];
  for (const [name, times, send] of cases) {
    const all = (count: number) =>
      inParallel(
        16,
        Array.from({ length: count }),
        new AbortController().signal,
        async () => void (await send()),
      );
    await all(Math.ceil(times / 4));
    const before = process.cpuUsage();
    await all(times);
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${name}: ${((user + system) / 1000 / times).toFixed(2)} ms\n`);
  }
  server.kill();
  process.exit(0);
}
