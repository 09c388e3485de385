// The bucket of the sample archive: object GET and HEAD and ListObjectsV2, path style, unsigned,
// with the documents and headers that S3 sends.

import { createHash } from 'node:crypto';
import type { SampleArchive, SampleExport } from './archive.ts';
import { compareBinary, digest } from './bytes.ts';
import { type ExportObject, placeOf } from './objects.ts';

export interface S3Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Whole, or pieces of an object that is too big to hold. */
  readonly body: Buffer | Iterable<Buffer>;
}

export const BUCKET = 'openneuro.org';
const DESCRIPTION = 'dataset_description.json';
/** S3 gives no more keys than this on one page. */
const MAX_KEYS = 1000;

// ---- documents --------------------------------------------------------------------------------

/** Of a binary string, for a document in UTF-8: control characters as S3 writes them. */
function escapeXml(binary: string): string {
  return (
    Buffer.from(binary, 'latin1')
      .toString('utf8')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
      .replace(/[\u0000-\u001f]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`)
  );
}

/** encoding-type=url: a space becomes `+`, `/` stays, all but `A-Za-z0-9-_.*` is escaped. */
export function encodeKey(binary: string): string {
  return binary.replace(/[^A-Za-z0-9\-_.*/]/g, (char) =>
    char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** S3 gives every request an id and names it in every answer, a refusal of a HEAD included. */
function ownHeaders(about: string): Record<string, string> {
  return {
    server: 'AmazonS3',
    'x-amz-request-id': requestId(about),
    'x-amz-id-2': hostId(about),
  };
}

function xmlAnswer(status: number, xml: string, about = xml): S3Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`, 'utf8');
  return { status, headers: { 'content-type': 'application/xml', ...ownHeaders(about) }, body };
}

function requestId(of: string): string {
  return digest('sha1', of).slice(0, 16).toUpperCase();
}

function hostId(of: string): string {
  return createHash('sha256').update(of).digest('base64');
}

function errorAnswer(status: number, code: string, message: string, about: string): S3Answer {
  const xml =
    `<Error><Code>${code}</Code><Message>${message}</Message>${about}` +
    `<RequestId>${requestId(about)}</RequestId><HostId>${hostId(about)}</HostId></Error>`;
  return xmlAnswer(status, xml, about);
}

const accessDenied = () => errorAnswer(403, 'AccessDenied', 'Access Denied', '');

const invalidObjectState = () =>
  errorAnswer(
    403,
    'InvalidObjectState',
    "The operation is not valid for the object's storage class",
    '<StorageClass>GLACIER</StorageClass>',
  );

const nameIn = (key: string) => Buffer.from(key, 'latin1').toString('utf8');

function noSuchKey(key: string): S3Answer {
  const about = `<Key>${escapeXml(key)}</Key>`;
  return errorAnswer(404, 'NoSuchKey', 'The specified key does not exist.', about);
}

function refusal(status: number): S3Answer {
  if (status === 403) return accessDenied();
  return errorAnswer(status, 'ServiceUnavailable', 'Please reduce your request rate.', '');
}

function invalidArgument(message: string, name: string): S3Answer {
  return errorAnswer(400, 'InvalidArgument', message, `<ArgumentName>${name}</ArgumentName>`);
}

// ---- objects ----------------------------------------------------------------------------------

const FILLER = Buffer.alloc(65_536, 'sample ');

/** The bytes of annexed files exist nowhere: as many as the size says, and always the same. */
function* fillerBytes(size: number): Iterable<Buffer> {
  for (let left = size; left > 0; left -= FILLER.length) {
    yield left < FILLER.length ? FILLER.subarray(0, left) : FILLER;
  }
}

/** What lies in the bucket: of datasets, and of what is no dataset any more. */
interface Exported {
  readonly id: string;
  readonly export: SampleExport;
}

function exportsOf(archive: SampleArchive): readonly Exported[] {
  const { datasets, leftovers = [] } = archive;
  return leftovers.length === 0 ? datasets : [...datasets, ...leftovers];
}

function findObject(dataset: Exported, key: string): ExportObject | undefined {
  const list = dataset.export.objects();
  const place = placeOf(list, key);
  return place < list.length && list.keyAt(place) === key ? list.objectAt(place) : undefined;
}

/** @param key of the whole bucket, as binary string. */
export function getObject(
  archive: SampleArchive,
  key: string,
  request: { readonly head: boolean; readonly ifNoneMatch?: string | undefined },
): S3Answer {
  const slash = key.indexOf('/');
  const dataset = exportsOf(archive).find(({ id }) => id === key.slice(0, slash));
  if (slash < 0 || !dataset) return noSuchKey(key);
  const inner = key.slice(slash + 1);
  const { refusal: refused, descriptionStatus, refuses } = dataset.export;
  if (refused !== undefined) return refusal(refused);
  if (inner === DESCRIPTION && descriptionStatus !== undefined) return refusal(descriptionStatus);
  const object = findObject(dataset, inner);
  if (!object) return noSuchKey(key);
  const status = refuses?.(nameIn(inner));
  if (status !== undefined) return status === 404 ? noSuchKey(key) : refusal(status);
  const archived = dataset.export.archived?.(nameIn(inner)) === true;
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

// ---- listing ----------------------------------------------------------------------------------

interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly startAfter: string;
  readonly token: string | null;
  readonly maxKeys: number;
  readonly encode: (key: string) => string;
  readonly url: boolean;
}

/** The token hides the last key and holds `+`, `/` and `=`, so that it must be escaped in a URL. */
function tokenOf(lastKey: string): string {
  const hidden = Buffer.from(`1${lastKey}`, 'latin1').map((byte) => byte ^ 0xa5);
  return Buffer.from(hidden).toString('base64');
}

function keyOfToken(token: string): string | undefined {
  const shown = Buffer.from(token, 'base64').map((byte) => byte ^ 0xa5);
  const text = Buffer.from(shown).toString('latin1');
  return text.startsWith('1') ? text.slice(1) : undefined;
}

const binary = (value: string | null) => Buffer.from(value ?? '', 'utf8').toString('latin1');

function readQuery(query: URLSearchParams): ListQuery | S3Answer {
  const asked = query.get('max-keys') ?? '1000';
  if (!/^\d+$/.test(asked)) {
    return invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys');
  }
  const token = query.get('continuation-token');
  if (token !== null && keyOfToken(token) === undefined) {
    return invalidArgument('The continuation token provided is incorrect', 'continuation-token');
  }
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') {
    return invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type');
  }
  return {
    prefix: binary(query.get('prefix')),
    delimiter: binary(query.get('delimiter')),
    startAfter: binary(query.get('start-after')),
    token,
    maxKeys: Math.min(Number(asked), MAX_KEYS),
    encode: encoding === 'url' ? encodeKey : escapeXml,
    url: encoding === 'url',
  };
}

interface Listed {
  readonly key: string;
  /** Undefined for a common prefix. */
  readonly object?: ExportObject;
  readonly archived?: boolean;
}

/** Everything under the prefix after a key, in byte order, folded at the delimiter. */
function* listAfter(
  archive: SampleArchive,
  { prefix, delimiter }: ListQuery,
  after: string,
): Generator<Listed> {
  const datasets = exportsOf(archive)
    .filter(({ id }) => `${id}/`.startsWith(prefix) || prefix.startsWith(`${id}/`))
    .sort((a, b) => compareBinary(`${a.id}/`, `${b.id}/`));
  for (const dataset of datasets) {
    const root = `${dataset.id}/`;
    if (after >= root && !after.startsWith(root)) continue;
    const list = dataset.export.objects();
    const below = (key: string) =>
      placeOf(list, key.startsWith(root) ? key.slice(root.length) : '');
    let place = Math.max(below(after), below(prefix));
    while (place < list.length) {
      const key = root + list.keyAt(place);
      if (!key.startsWith(prefix)) break;
      const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const folder = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
      if (folder === undefined) {
        if (key > after) {
          const archived = dataset.export.archived?.(nameIn(list.keyAt(place))) === true;
          yield { key, object: list.objectAt(place), archived };
        }
        place++;
        continue;
      }
      // A folder that the last page ended with is done; its last byte + 1 is where the next begins.
      if (!after.startsWith(folder)) yield { key: folder };
      const last = folder.length - 1;
      const next = folder.slice(0, last) + String.fromCharCode(folder.charCodeAt(last) + 1);
      if (!next.startsWith(root)) break;
      place = below(next);
    }
  }
}

function contentsXml(object: ExportObject, key: string, archived: boolean): string {
  // Objects written since 2025 carry a checksum between ETag and Size.
  const checksum =
    object.modified >= '2025'
      ? '<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>'
      : '';
  return (
    `<Contents><Key>${key}</Key><LastModified>${object.modified}</LastModified>` +
    `<ETag>&quot;${object.etag}&quot;</ETag>${checksum}<Size>${object.size}</Size>` +
    `<StorageClass>${archived ? 'GLACIER' : 'STANDARD'}</StorageClass></Contents>`
  );
}

/** ListObjectsV2. */
export function listObjects(archive: SampleArchive, parameters: URLSearchParams): S3Answer {
  const query = readQuery(parameters);
  if ('status' in query) return query;
  const { encode, maxKeys, token } = query;
  const after = token === null ? query.startAfter : (keyOfToken(token) ?? '');
  const listed: Listed[] = [];
  let truncated = false;
  if (maxKeys > 0) {
    for (const item of listAfter(archive, query, after)) {
      if (listed.length === maxKeys) {
        truncated = true;
        break;
      }
      listed.push(item);
    }
  }
  const element = (name: string, value: string) =>
    value === '' ? '' : `<${name}>${value}</${name}>`;
  const last = listed.at(-1)?.key ?? '';
  const head =
    `<Name>${BUCKET}</Name><Prefix>${encode(query.prefix)}</Prefix>` +
    element('StartAfter', encode(query.startAfter)) +
    element('ContinuationToken', token ?? '') +
    element('NextContinuationToken', truncated ? tokenOf(last) : '') +
    `<KeyCount>${listed.length}</KeyCount><MaxKeys>${maxKeys}</MaxKeys>` +
    element('Delimiter', encode(query.delimiter)) +
    element('EncodingType', query.url ? 'url' : '') +
    `<IsTruncated>${truncated}</IsTruncated>`;
  const contents = listed
    .map(({ key, object, archived = false }) =>
      object ? contentsXml(object, encode(key), archived) : '',
    )
    .join('');
  const folders = listed
    .map(({ key, object }) =>
      object ? '' : `<CommonPrefixes><Prefix>${encode(key)}</Prefix></CommonPrefixes>`,
    )
    .join('');
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return xmlAnswer(
    200,
    `<ListBucketResult xmlns="${xmlns}">${head}${contents}${folders}</ListBucketResult>`,
  );
}
