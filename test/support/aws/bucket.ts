// One S3 bucket in memory, with the conditions of conditional reads and writes (S3 user guide,
// "Conditional requests") and paged listings.

import { hash } from 'node:crypto';
import type {
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { compareBytes } from '../../../core/compare/byte-order.ts';
import { awsError, refuseUnknown } from './error.ts';

export interface FakeObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Grows with every write to the bucket. */
  readonly version: number;
  /** A second later at least with every write to the bucket. */
  readonly modified: Date;
}

export interface BucketOptions {
  /** Keys in a page of a listing. */
  readonly pageSize?: number;
  /** As in a bucket encrypted with KMS keys: etags are not the MD5 of the bytes. */
  readonly otherEtags?: boolean;
}

export function fakeBucket(
  { pageSize = 1000, otherEtags = false }: BucketOptions,
  objects = new Map<string, FakeObject>(),
) {
  const first = Date.now();
  let version = Math.max(0, ...[...objects.values()].map((object) => object.version));

  const commands = {
    GetObject(input: GetObjectCommandInput) {
      refuseUnknown(input, ['Bucket', 'Key', 'IfNoneMatch']);
      const found = objects.get(input.Key as string);
      if (found === undefined) throw awsError('NoSuchKey', 404);
      if (found.etag === input.IfNoneMatch) throw awsError('304', 304);
      const { bytes } = found;
      return {
        Body: { transformToByteArray: async () => Buffer.from(bytes) },
        ETag: found.etag,
        Metadata: { ...found.metadata },
        ContentType: found.contentType,
        CacheControl: found.cacheControl,
        ContentEncoding: found.contentEncoding,
        LastModified: found.modified,
      };
    },

    PutObject(input: PutObjectCommandInput) {
      const { Key, Body, ContentType, CacheControl, Metadata, IfMatch, IfNoneMatch } = input;
      const { ContentEncoding } = input;
      refuseUnknown(input, [
        ...['Bucket', 'Key', 'Body', 'ContentType', 'CacheControl', 'Metadata'],
        ...['ContentEncoding', 'IfMatch', 'IfNoneMatch'],
      ]);
      const there = objects.get(Key as string);
      if (IfNoneMatch !== undefined && IfNoneMatch !== '*') throw awsError('NotImplemented', 501);
      if (IfNoneMatch === '*' && there) throw awsError('PreconditionFailed', 412);
      if (IfMatch !== undefined && !there) throw awsError('NoSuchKey', 404);
      if (IfMatch !== undefined && there?.etag !== IfMatch) {
        throw awsError('PreconditionFailed', 412);
      }
      version += 1;
      const bytes = Buffer.from(Body as Uint8Array);
      const hashed = otherEtags ? Buffer.concat([bytes, Buffer.from(String(version))]) : bytes;
      const etag = `"${hash('md5', hashed)}"`;
      objects.set(Key as string, {
        bytes,
        etag,
        metadata: { ...Metadata },
        contentType: ContentType,
        cacheControl: CacheControl,
        contentEncoding: ContentEncoding,
        version,
        modified: new Date(first + version * 1000),
      });
      return { ETag: etag };
    },

    DeleteObject(input: DeleteObjectCommandInput) {
      const { Key, IfMatch } = input;
      refuseUnknown(input, ['Bucket', 'Key', 'IfMatch']);
      const there = objects.get(Key as string);
      if (IfMatch !== undefined && !there) throw awsError('NoSuchKey', 404);
      if (IfMatch !== undefined && there?.etag !== IfMatch) {
        throw awsError('PreconditionFailed', 412);
      }
      objects.delete(Key as string);
      return {};
    },

    ListObjectsV2(input: ListObjectsV2CommandInput) {
      refuseUnknown(input, ['Bucket', 'Prefix', 'Delimiter', 'StartAfter', 'ContinuationToken']);
      const { Prefix = '', Delimiter, StartAfter, ContinuationToken } = input;
      const after = ContinuationToken
        ? Buffer.from(ContinuationToken, 'base64').toString()
        : StartAfter;
      const below = [...objects.keys()].filter((key) => key.startsWith(Prefix)).sort(compareBytes);
      /** A key, or the common prefix that it is rolled up into. */
      const shownAs = (key: string) => {
        const end = Delimiter === undefined ? -1 : key.indexOf(Delimiter, Prefix.length);
        return end < 0 ? key : key.slice(0, end + 1);
      };
      const keys = Delimiter === undefined ? below : [...new Set(below.map(shownAs))];
      const from = after ? keys.findIndex((key) => compareBytes(key, after) > 0) : 0;
      const page = from < 0 ? [] : keys.slice(from, from + pageSize);
      const more = from >= 0 && from + pageSize < keys.length;
      const token = more ? Buffer.from(page.at(-1) as string).toString('base64') : undefined;
      const folders = page.filter((key) => Delimiter !== undefined && key.endsWith(Delimiter));
      const files = folders.length === 0 ? page : page.filter((key) => !folders.includes(key));
      return {
        // S3 omits a list that would be empty.
        ...(files.length > 0 && {
          Contents: files.map((Key) => ({ Key, ETag: objects.get(Key)?.etag })),
        }),
        ...(folders.length > 0 && { CommonPrefixes: folders.map((one) => ({ Prefix: one })) }),
        KeyCount: page.length,
        IsTruncated: more,
        ...(token !== undefined && { NextContinuationToken: token }),
      };
    },
  };
  return { objects, commands };
}
