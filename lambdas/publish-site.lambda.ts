// Puts the dashboard's files, which this function carries in its bundle, into the bucket: a custom
// resource of CloudFormation, called when the stack is made and whenever the files change. Old
// assets stay for pages that are still open; a removed stack leaves the bucket as it is.

import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { respond } from './site/cloudformation.ts';
import { headersOf, publishingOrder } from './site/headers.ts';

const SITE = join(import.meta.dirname, 'site');

const eventSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({ Bucket: z.string().min(3) }),
});

// Emulators have no host name for each bucket.
const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });

export async function handler(input: unknown): Promise<void> {
  const event = eventSchema.parse(input);
  try {
    if (event.RequestType !== 'Delete') await publish(event.ResourceProperties.Bucket);
    await respond(event, { status: 'SUCCESS' });
  } catch (error) {
    await respond(event, { status: 'FAILED', reason: String(error) });
  }
}

async function publish(bucket: string): Promise<void> {
  const entries = await readdir(SITE, { recursive: true, withFileTypes: true });
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(SITE, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  for (const key of publishingOrder(keys)) {
    const body = await readFile(join(SITE, key));
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...headersOf(key) }),
    );
  }
}
