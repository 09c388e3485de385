// ListObjectsV2 of a sample bucket.

import { compareBinary } from '../bytes.ts';
import { type ExportObject, placeOf } from '../objects.ts';
import { escapeXml, invalidArgument, type S3Answer, xmlAnswer } from './answers.ts';
import { nameIn, type SampleBucket } from './bucket.ts';

/** S3 gives no more keys than this on one page. */
const MAX_KEYS = 1000;

/** encoding-type=url: a space becomes `+`, `/` stays, all but `A-Za-z0-9-_.*` is escaped. */
export function encodeKey(binary: string): string {
  return binary.replace(/[^A-Za-z0-9\-_.*/]/g, (char) =>
    char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

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
  bucket: SampleBucket,
  { prefix, delimiter }: ListQuery,
  after: string,
): Generator<Listed> {
  const folders = bucket
    .folders()
    .filter(({ id }) => `${id}/`.startsWith(prefix) || prefix.startsWith(`${id}/`))
    .sort((a, b) => compareBinary(`${a.id}/`, `${b.id}/`));
  let folded = '';
  for (const { id, export: exported } of folders) {
    const root = `${id}/`;
    if (after >= root && !after.startsWith(root)) continue;
    const list = exported.objects();
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
          const archived = exported.archived?.(nameIn(list.keyAt(place))) === true;
          yield { key, object: list.objectAt(place), archived };
        }
        place++;
        continue;
      }
      // A folder that the last page ended with is done; its last byte + 1 is where the next begins.
      if (!after.startsWith(folder) && folder !== folded) yield { key: folder };
      folded = folder;
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
export function listObjects(bucket: SampleBucket, parameters: URLSearchParams): S3Answer {
  const query = readQuery(parameters);
  if ('status' in query) return query;
  const { encode, maxKeys, token } = query;
  const after = token === null ? query.startAfter : (keyOfToken(token) ?? '');
  const listed: Listed[] = [];
  let truncated = false;
  if (maxKeys > 0) {
    for (const item of listAfter(bucket, query, after)) {
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
    `<Name>${bucket.name}</Name><Prefix>${encode(query.prefix)}</Prefix>` +
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
