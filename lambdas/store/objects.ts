// Objects of the bucket as the store needs them: read, written if changed and only over what was
// read (If-Match), listed.

import { hash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { compareBytes } from '../../core/compare/byte-order.ts';

export interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it was written; undefined if the answer does not say. */
  readonly modified: Date | undefined;
}

export interface ObjectHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly contentEncoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The current state: nothing, other bytes, or already the same bytes. */
export type Before = StoredObject | 'same' | undefined;

export interface Objects {
  read(key: string): Promise<StoredObject | undefined>;
  /** Asks S3 to send the bytes only if they differ from these. */
  readUnless(key: string, bytes: Buffer, etag?: string): Promise<Before>;
  /** The new etag, or null when the object was overwritten since `before` was read. */
  replace(
    key: string,
    before: Pick<StoredObject, 'etag'> | undefined,
    bytes: Buffer,
    headers: ObjectHeaders,
  ): Promise<string | null>;
  /** False when the object was overwritten since `before` was read. Without `before`: as it is. */
  remove(key: string, before?: Pick<StoredObject, 'etag'>): Promise<boolean>;
  put(key: string, bytes: Buffer, headers: ObjectHeaders): Promise<void>;
  list(prefix: string): Promise<string[]>;
  /** Names of the folders directly below a prefix that ends in `/`. */
  listFolders(prefix: string): Promise<string[]>;
  /** Etags by key, for the keys with a prefix in a range. */
  listEtags(
    prefix: string,
    from: string,
    to: string,
  ): AsyncIterable<readonly [key: string, etag: string]>;
}

export function openObjects(s3: S3Client, bucket: string): Objects {
  const get = async (key: string, unless?: string): Promise<Before> => {
    try {
      const answer = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(unless && { IfNoneMatch: unless }) }),
      );
      const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      // The same memory, not a copy: a summary has megabytes.
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      return {
        bytes,
        etag: answer.ETag ?? '',
        metadata: answer.Metadata ?? {},
        modified: answer.LastModified,
      };
    } catch (error) {
      const status = statusOf(error);
      if (status === 304) return 'same';
      if (status === 404) return undefined;
      throw error;
    }
  };
  const put = (
    key: string,
    bytes: Buffer,
    { contentType, cacheControl, contentEncoding, metadata }: ObjectHeaders,
    condition: { IfMatch: string } | { IfNoneMatch: '*' } | object = {},
  ) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        CacheControl: cacheControl,
        ...(contentEncoding && { ContentEncoding: contentEncoding }),
        ...(metadata && { Metadata: metadata }),
        ...condition,
      }),
    );

  async function* pages(what: {
    readonly Prefix: string;
    readonly StartAfter?: string;
    readonly Delimiter?: string;
  }) {
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, ...what, ContinuationToken: token }),
      );
      yield page;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }
  async function* listed(what: { readonly Prefix: string; readonly StartAfter?: string }) {
    for await (const { Contents = [] } of pages(what)) {
      for (const { Key, ETag } of Contents) if (Key !== undefined) yield { Key, ETag };
    }
  }

  return {
    async read(key) {
      const found = await get(key);
      return found === 'same' ? undefined : found;
    },

    async readUnless(key, bytes, etag = etagOf(bytes)) {
      const found = await get(key, etag);
      // If the bucket's encryption makes other etags, S3 sends the bytes and we compare them.
      return typeof found === 'object' && found.bytes.equals(bytes) ? 'same' : found;
    },

    async replace(key, before, bytes, headers) {
      const condition = before ? { IfMatch: before.etag } : { IfNoneMatch: '*' };
      try {
        return (await put(key, bytes, headers, condition)).ETag ?? '';
      } catch (error) {
        if (isOvertaken(error)) return null;
        throw error;
      }
    },

    async remove(key, before) {
      const condition = before && { IfMatch: before.etag };
      try {
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...condition }));
        return true;
      } catch (error) {
        if (isOvertaken(error)) return false;
        throw error;
      }
    },

    put: async (key, bytes, headers) => {
      await put(key, bytes, headers);
    },

    async list(prefix) {
      const keys: string[] = [];
      for await (const { Key } of listed({ Prefix: prefix })) keys.push(Key);
      return keys;
    },

    async listFolders(prefix) {
      const names: string[] = [];
      for await (const page of pages({ Prefix: prefix, Delimiter: '/' })) {
        for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
          names.push(Prefix.slice(prefix.length, -1));
        }
      }
      return names;
    },

    async *listEtags(prefix, from, to) {
      for await (const { Key, ETag = '' } of listed({ Prefix: prefix, StartAfter: from })) {
        if (compareBytes(Key, to) > 0) return;
        yield [Key, ETag];
      }
    },
  };
}

/**
 * The etag of an object put in one piece under SSE-S3 is the MD5 of its bytes (S3 API reference,
 * Object).
 */
export const etagOf = (bytes: Buffer): string => `"${hash('md5', bytes)}"`;

/** 412: written since it was read; 409: another conditional write was in progress; 404: deleted. */
function isOvertaken(error: unknown): boolean {
  return [404, 409, 412].includes(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
