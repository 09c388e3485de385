// Puts the files of this dashboard build in the bucket, and removes those that belong neither to it
// nor to the last build. A visitor with yesterday's page can still load its assets.

import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { PREFIXES } from '../names.ts';
import { headersOf, publishingOrder } from './headers.ts';

export interface Publication {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Path → bytes. */
  readonly site: ReadonlyMap<string, Uint8Array>;
  /** Paths of the last build. Undefined when unknown: then nothing is removed. */
  readonly last: readonly string[] | undefined;
}

/** In the same bucket; never removed. */
const RESULTS: readonly string[] = Object.values(PREFIXES);

export async function publishSite({ s3, bucket, site, last }: Publication): Promise<void> {
  for (const key of publishingOrder([...site.keys()])) {
    const Body = site.get(key) as Uint8Array;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ...headersOf(key) }));
  }
  if (last === undefined) return;
  for await (const key of siteKeys(s3, bucket)) {
    if (site.has(key) || last.includes(key)) continue;
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }
}

/** All keys outside the result folders, which are too large to list and are skipped. */
async function* siteKeys(s3: S3Client, bucket: string): AsyncGenerator<string> {
  const folders: string[] = [];
  for await (const page of pages(s3, { Bucket: bucket, Delimiter: '/' })) {
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) folders.push(Prefix);
  }
  for (const folder of folders.filter((folder) => !RESULTS.includes(folder))) {
    for await (const page of pages(s3, { Bucket: bucket, Prefix: folder })) {
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    }
  }
}

type Listing = ConstructorParameters<typeof ListObjectsV2Command>[0];

async function* pages(s3: S3Client, listing: Listing) {
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ ...listing, ContinuationToken: token }));
    yield page;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}
