// Visits the site for canary.ts: over HTTP where it has an address, else in the bucket.

import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Visit } from './canary.ts';

const ANSWERS_WITHIN_MS = 30_000;
const ROOT_OBJECT = 'index.html';

/** @param site the address that people open, with its slash */
export function visitOverHttp(site: string, signal: AbortSignal): Visit {
  return async (path) => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
    // Asks for compressed answers, as browsers do.
    const answer = await fetch(new URL(path, site), { signal: within });
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, type: mediaType(answer.headers.get('content-type')), body };
  };
}

/** Where there is no CloudFront: what it would answer with. */
export function visitInBucket(s3: Pick<S3Client, 'send'>, bucket: string): Visit {
  return async (path) => {
    const key = path.replace(/\?.*/s, '') || ROOT_OBJECT;
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const stored = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
      const type = mediaType(object.ContentType ?? null);
      return { status: 200, type, body: decode(stored, object.ContentEncoding) };
    } catch (error) {
      const { httpStatusCode } =
        (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      if (httpStatusCode === undefined) throw error;
      return { status: httpStatusCode, type: null, body: Buffer.alloc(0) };
    }
  };
}

function decode(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(bytes);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}

const mediaType = (header: string | null) => header?.split(';')[0]?.trim().toLowerCase() ?? null;
