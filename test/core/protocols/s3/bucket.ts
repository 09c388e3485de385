// A bucket for tests: pages as S3 writes them, and a server whose answers a test sets.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageContent {
  readonly prefix?: string;
  /** Whole keys, encoded as they are to be sent. */
  readonly keys?: readonly string[];
  readonly keyCount?: number | string;
  readonly maxKeys?: number | string;
  readonly truncated?: boolean | string;
  readonly token?: string;
  readonly nextToken?: string;
  /** `null` omits the element, like servers that know no encoding. */
  readonly encoding?: string | null;
  /** More elements, before the objects. */
  readonly extra?: string;
  /** Instead of the objects made from `keys`. */
  readonly contents?: string;
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** One object with every element that S3 sends today. Its size is the length of its key. */
export function contents(key: string): string {
  return (
    `<Contents><Key>${key}</Key><LastModified>2022-03-14T15:09:26.000Z</LastModified>` +
    '<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>' +
    '<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>' +
    `<Size>${key.length}</Size><StorageClass>INTELLIGENT_TIERING</StorageClass></Contents>`
  );
}

/** A page of a listing; by default complete and consistent for `keys`. */
export function listPage(page: PageContent = {}): string {
  const { prefix = 'ds000117/', keys = [], keyCount = keys.length, maxKeys = 1000 } = page;
  const { encoding = 'url', nextToken, truncated = nextToken !== undefined } = page;
  return (
    `${DECLARATION}<ListBucketResult xmlns="${NAMESPACE}"><Name>openneuro.org</Name>` +
    `<Prefix>${prefix}</Prefix>${element('ContinuationToken', page.token)}` +
    `${element('NextContinuationToken', nextToken)}<KeyCount>${keyCount}</KeyCount>` +
    `<MaxKeys>${maxKeys}</MaxKeys>${element('EncodingType', encoding ?? undefined)}` +
    `<IsTruncated>${truncated}</IsTruncated>${page.extra ?? ''}` +
    `${page.contents ?? keys.map(contents).join('')}</ListBucketResult>`
  );
}

function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${text}</${name}>`;
}

/** An error document as S3 sends it. */
export function errorDocument(code: string): string {
  return `${DECLARATION}<Error><Code>${code}</Code><Message>no</Message></Error>`;
}

export interface Bucket extends AsyncDisposable {
  /** Path style, without a trailing slash. */
  readonly url: string;
  /** Path and query of every request, in order. */
  readonly asked: readonly string[];
}

/** A bucket named `openneuro.org` on a free port of this machine. */
export async function serveBucket(
  answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void,
): Promise<Bucket> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response, asked.length);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/openneuro.org`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
