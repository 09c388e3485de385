// Publishes the dashboard's files, which are in this function's bundle. It is a custom resource of
// CloudFormation, called when the stack is created and whenever this function changes. Removing the
// stack leaves the bucket unchanged.

import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { respond } from './cloudformation.ts';
import { pathsOfLastBuild, publishEventSchema } from './site/event.ts';
import { publishSite } from './site/publish.ts';

const SITE = join(import.meta.dirname, 'site');

// Emulators have no separate host name for each bucket.
const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });

export async function handler(input: unknown): Promise<void> {
  const event = publishEventSchema.parse(input);
  try {
    if (event.RequestType !== 'Delete') {
      await publishSite({
        s3,
        bucket: event.ResourceProperties.Bucket,
        site: await filesBelow(SITE),
        last: pathsOfLastBuild(event),
      });
    }
    await respond(event, { status: 'SUCCESS' });
  } catch (error) {
    await respond(event, { status: 'FAILED', reason: String(error) });
  }
}

async function filesBelow(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    files.set(relative(folder, place).replaceAll(sep, '/'), await readFile(place));
  }
  return files;
}
