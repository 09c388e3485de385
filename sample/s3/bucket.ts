// A bucket of sample objects, and GET and HEAD of one of them: path style, unsigned.

import { type ExportObject, type ObjectList, placeOf } from '../objects.ts';
import { invalidObjectState, noSuchKey, ownHeaders, refusal, type S3Answer } from './answers.ts';

export interface SampleExport {
  /** Status with which every object is refused (403 when the export is blocked). */
  readonly refusal?: number;
  /** Status with which an object is refused although it is listed; undefined for most. */
  readonly refuses?: (path: string) => number | undefined;
  /** Whether an object is in an archived storage class: a HEAD is answered, a GET is refused. */
  readonly archived?: (path: string) => boolean;
  objects(): ObjectList;
}

/** Keys are `{id}/{key of an object}`; no folder is inside another one. */
export interface BucketFolder {
  readonly id: string;
  readonly export: SampleExport;
}

export interface SampleBucket {
  readonly name: string;
  /** In any order; asked for each request. */
  folders(): readonly BucketFolder[];
}

/** As text, of a key or a part of one. */
export const nameIn = (key: string) => Buffer.from(key, 'latin1').toString('utf8');

const FILLER = Buffer.alloc(65_536, 'sample ');

/** The bytes of annexed files exist nowhere: as many as the size says, and always the same. */
function* fillerBytes(size: number): Iterable<Buffer> {
  for (let left = size; left > 0; left -= FILLER.length) {
    yield left < FILLER.length ? FILLER.subarray(0, left) : FILLER;
  }
}

function findObject(folder: BucketFolder, key: string): ExportObject | undefined {
  const list = folder.export.objects();
  const place = placeOf(list, key);
  return place < list.length && list.keyAt(place) === key ? list.objectAt(place) : undefined;
}

/** @param key of the whole bucket, as binary string. */
export function getObject(
  bucket: SampleBucket,
  key: string,
  request: { readonly head: boolean; readonly ifNoneMatch?: string | undefined },
): S3Answer {
  const folder = bucket.folders().find(({ id }) => key.startsWith(id) && key[id.length] === '/');
  if (!folder) return noSuchKey(key);
  const inner = key.slice(folder.id.length + 1);
  const { refusal: refused, refuses } = folder.export;
  if (refused !== undefined) return refusal(refused);
  const object = findObject(folder, inner);
  if (!object) return noSuchKey(key);
  const status = refuses?.(nameIn(inner));
  if (status !== undefined) return status === 404 ? noSuchKey(key) : refusal(status);
  const archived = folder.export.archived?.(nameIn(inner)) === true;
  if (archived && !request.head) return invalidObjectState();
  const headers: Record<string, string> = {
    ...ownHeaders(key),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modified).toUTCString(),
    ...(archived && { 'x-amz-storage-class': 'GLACIER' }),
  };
  if (request.ifNoneMatch && matches(request.ifNoneMatch, object.etag)) {
    return { status: 304, headers, body: Buffer.alloc(0) };
  }
  headers['accept-ranges'] = 'bytes';
  headers['content-type'] = inner.endsWith('.json')
    ? 'application/json'
    : 'application/octet-stream';
  headers['content-length'] = String(object.size);
  const body = request.head
    ? Buffer.alloc(0)
    : object.content === undefined
      ? fillerBytes(object.size)
      : Buffer.from(object.content);
  return { status: 200, headers, body };
}

function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch
    .split(',')
    .map((value) => value.trim().replace(/^W\//, ''))
    .some((value) => value === '*' || value === `"${etag}"` || value === etag);
}
