// One page of a ListObjectsV2 answer: proven whole and consistent, or a failed measurement. A page
// that lost an object would become a missing file, so no error is tolerated (docs/architecture.md).

import { isUtf8 } from 'node:buffer';
import { type BinaryString, fromBinary } from '../../compare/byte-order.ts';
import { type Failed, failed, type Seen, seen } from '../../failure.ts';
import type { ListedObject } from '../sources.ts';
import { isArchivedClass } from './storage-class.ts';
import { decodeKey } from './url-encoding.ts';
import { XmlCursor, XmlFault } from './xml.ts';

/** What was requested, as far as the answer must agree with it. */
export interface ListingQuestion {
  /** Ends in `/`; empty for the whole bucket. */
  readonly prefix: BinaryString;
  /** Keys with a further `/` are grouped into folders. */
  readonly byFolder?: true;
  readonly maxKeys: number;
  /** Token of this page; null for the first. */
  readonly token: string | null;
  /** Last key of the page before, with the prefix; null for the first. */
  readonly after: BinaryString | null;
}

export interface ListingPage {
  /** Keys without the prefix, strictly rising. */
  readonly objects: readonly ListedObject[];
  /** Names with their `/`, without the prefix, strictly rising. Set if folders were requested. */
  readonly folders?: readonly BinaryString[];
  /** Token of the next page; null when this is the last. */
  readonly nextToken: string | null;
}

const ROOT = 'ListBucketResult';
const END_MARKER = `</${ROOT}>`;
/** Where the end of a page is searched first. */
const TAIL_BYTES = 64;
/** Bytes that no XML document holds. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;
/** How a listing begins. A body that begins so and has no end marker was cut. */
const BEGINNING = /^(?:\xef\xbb\xbf)?(?:<\?xml|<ListBucketResult|\s*$)/;
/** Far above S3's largest object, 5 TB; all of them are safe integers. */
const COUNT = /^(?:0|[1-9][0-9]{0,14})$/;

const S3_ETAG = /^&quot;([0-9A-Za-z-]+)&quot;$/;
/** Visible ASCII, as in the header of that name (RFC 9110, 8.8.3), with or without quotes. */
const OTHER_ETAG = /^(?:"([!#-~]+)"|([!#-~]+))$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
/**
 * An object as S3 writes it, in one match: key, time, ETag, size, and an archived class. Reading
 * element by element takes four times as long. It is used for anything that does not match, right
 * or wrong.
 */
const USUAL_OBJECT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  /<Contents><Key>([^<&\x00-\x1f]*)<\/Key><LastModified>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)<\/LastModified><ETag>&quot;([0-9A-Za-z-]+)&quot;<\/ETag>(?:<ChecksumAlgorithm>[^<&\x00-\x1f]*<\/ChecksumAlgorithm>)?(?:<ChecksumType>[^<&\x00-\x1f]*<\/ChecksumType>)?<Size>(0|[1-9][0-9]{0,14})<\/Size><StorageClass>(?:(GLACIER|DEEP_ARCHIVE)(?=<)|[^<&\x00-\x1f]*)<\/StorageClass><\/Contents>/y;
const OBJECT_PARTS: ReadonlySet<string> = new Set([
  'Key',
  'Size',
  'ETag',
  'LastModified',
  'StorageClass',
]);

/** The parts of a page that may occur once each. */
const PARTS = [
  'Prefix',
  'KeyCount',
  'MaxKeys',
  'IsTruncated',
  'EncodingType',
  'ContinuationToken',
  'NextContinuationToken',
] as const;
type Part = (typeof PARTS)[number];
const PART_NAMES: ReadonlySet<string> = new Set(PARTS);

/** The key is still as sent: the encoding may be known only at the end of the page. */
type Parts = Partial<Record<Part, string>> & {
  readonly objects: Writable<ListedObject>[];
  readonly folders: string[];
};
type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** Whether the body of a 200 has its end, without parsing it. */
export function listingCut(body: Buffer): Failed | undefined {
  if (body.includes(END_MARKER, Math.max(0, body.length - TAIL_BYTES), 'latin1')) return undefined;
  if (body.includes(END_MARKER, 0, 'latin1')) return undefined;
  const reason = BEGINNING.test(body.toString('latin1', 0, 64)) ? 'cut-short' : 'malformed';
  return failed(reason, `no ${END_MARKER} in a listing page of ${body.length} bytes`);
}

/** Parses the body of a 200. `cut-short` when the end is missing, else `malformed`. */
export function scanListing(body: Buffer, question: ListingQuestion): Seen<ListingPage> | Failed {
  const cut = listingCut(body);
  if (cut) return cut;
  const text = body.toString('latin1');
  try {
    if (!isUtf8(body)) throw new XmlFault('bytes that are no text');
    return seen(checkPage(readParts(text, question), question));
  } catch (fault) {
    if (fault instanceof XmlFault) return failed('malformed', `listing page: ${fault.message}`);
    throw fault;
  }
}

function readParts(text: string, { byFolder }: ListingQuestion): Parts {
  const xml = new XmlCursor(text);
  const parts: Parts = { objects: [], folders: [] };
  /** Everything before this is known to hold no control characters. */
  let checked = 0;
  if (xml.open() !== ROOT) throw xml.fault(`no ${ROOT}`);
  for (;;) {
    const from = xml.at;
    const usual = xml.match(USUAL_OBJECT);
    if (usual) {
      if (checked < from) refuseControl(text.slice(checked, from));
      checked = xml.at;
      const [, key = '', modified = '', etag = '', size, archived] = usual;
      const object = { key, size: Number(size), etag, modified };
      parts.objects.push(archived === undefined ? object : { ...object, archived: true });
      continue;
    }
    xml.space();
    if (xml.close(ROOT)) break;
    const name = xml.open();
    if (name === 'Contents') parts.objects.push(readObject(xml));
    else if (name === 'CommonPrefixes') {
      // Keys grouped into prefixes that were not requested would be missing from the list.
      if (!byFolder) throw xml.fault('common prefixes');
      parts.folders.push(readPrefix(xml));
    } else if (isPart(name)) {
      if (parts[name] !== undefined) throw xml.fault(`a second ${name}`);
      parts[name] = xml.text(name);
    } else xml.skip(name);
  }
  xml.space();
  if (!xml.ended()) throw xml.fault(`something behind ${END_MARKER}`);
  refuseControl(text.slice(checked));
  return parts;
}

function refuseControl(text: string): void {
  if (CONTROL.test(text)) throw new XmlFault('bytes that are no text');
}

function readObject(xml: XmlCursor): ListedObject {
  let key: string | undefined;
  let size: number | undefined;
  let etag: string | undefined;
  let modified: string | undefined;
  let storageClass: string | undefined;
  for (;;) {
    xml.space();
    if (xml.close('Contents')) break;
    const name = xml.open();
    if (name === 'Key' && key === undefined) key = xml.text(name);
    else if (name === 'Size' && size === undefined) size = readSize(xml, xml.text(name));
    else if (name === 'ETag' && etag === undefined) etag = readEtag(xml, xml.rawText(name));
    else if (name === 'LastModified' && modified === undefined) modified = xml.text(name);
    else if (name === 'StorageClass' && storageClass === undefined) storageClass = xml.text(name);
    else if (OBJECT_PARTS.has(name)) throw xml.fault(`an object with a second ${name}`);
    else xml.skip(name);
  }
  if (key === undefined || size === undefined || etag === undefined) {
    throw xml.fault('an object without key, size or ETag');
  }
  const object = listed(key, size, etag, modified);
  return isArchivedClass(storageClass) ? { ...object, archived: true } : object;
}

function readPrefix(xml: XmlCursor): string {
  let prefix: string | undefined;
  for (xml.space(); !xml.close('CommonPrefixes'); xml.space()) {
    const name = xml.open();
    if (name !== 'Prefix' || prefix !== undefined) throw xml.fault('not one prefix');
    prefix = xml.text(name);
  }
  if (prefix === undefined) throw xml.fault('no prefix');
  return prefix;
}

/** The time only chooses which keys are requested. An invalid one is left out without a fault. */
function listed(
  key: BinaryString,
  size: number,
  etag: string,
  time: string | undefined,
): Writable<ListedObject> {
  if (time === undefined || !TIME.test(time)) return { key, size, etag };
  return { key, size, etag, modified: time };
}

function readSize(xml: XmlCursor, text: string): number {
  if (!COUNT.test(text)) throw xml.fault('a size that is not a number');
  return Number(text);
}

/** Resolving the quotes of ETags took half a page's time, so S3's own form is tried first. */
function readEtag(xml: XmlCursor, raw: string): string {
  const match = S3_ETAG.exec(raw) ?? OTHER_ETAG.exec(xml.resolve(raw));
  const etag = match?.[1] ?? match?.[2];
  if (etag === undefined) throw xml.fault('an invalid ETag');
  return etag;
}

function isPart(name: string): name is Part {
  return PART_NAMES.has(name);
}

function checkPage(parts: Parts, question: ListingQuestion): ListingPage {
  const { objects, folders, EncodingType, KeyCount = '', MaxKeys = '' } = parts;
  const came = objects.length + folders.length;
  if (EncodingType !== undefined && EncodingType !== 'url') throw new XmlFault('unknown encoding');
  // A server that does not know encoding-type omits it; its keys are not encoded.
  const decode = EncodingType === 'url' ? decodeKey : (key: BinaryString) => key;

  if (parts.Prefix === undefined || decode(parts.Prefix) !== question.prefix) {
    throw new XmlFault('another prefix than the requested one');
  }
  if (!COUNT.test(KeyCount) || Number(KeyCount) !== came) {
    throw new XmlFault(`KeyCount is not the ${came} keys that came`);
  }
  if (!COUNT.test(MaxKeys) || Number(MaxKeys) > question.maxKeys || came > Number(MaxKeys)) {
    throw new XmlFault('MaxKeys is not what was asked, or more came');
  }
  const answered = fromBinary(parts.ContinuationToken ?? '');
  if (answered !== '' && answered !== question.token) {
    throw new XmlFault('the page of another token');
  }
  return {
    objects: relativeKeys(objects, decode, question),
    ...(question.byFolder && { folders: relativeFolders(folders, decode, question) }),
    nextToken: nextToken(parts),
  };
}

/** Decodes the objects' keys and removes the prefix, in place because there are many. */
function relativeKeys(
  objects: Writable<ListedObject>[],
  decode: (key: BinaryString) => BinaryString | null,
  { prefix, after }: ListingQuestion,
): readonly ListedObject[] {
  let last = after;
  for (const object of objects) {
    const key = decode(object.key);
    if (key === null) throw new XmlFault('a key that is not encoded well');
    if (!key.startsWith(prefix)) throw new XmlFault('a key outside the prefix');
    if (last !== null && key <= last) throw new XmlFault('keys that do not rise');
    last = key;
    object.key = key.slice(prefix.length);
  }
  return objects;
}

function relativeFolders(
  folders: readonly string[],
  decode: (key: BinaryString) => BinaryString | null,
  { prefix }: ListingQuestion,
): readonly BinaryString[] {
  let last = '';
  return folders.map((folder) => {
    const name = decode(folder);
    if (!name?.startsWith(prefix) || !name.endsWith('/')) throw new XmlFault('no folder of it');
    if (name <= last) throw new XmlFault('folders that do not rise');
    last = name;
    return name.slice(prefix.length);
  });
}

function nextToken({ IsTruncated, NextContinuationToken: token = '' }: Parts): string | null {
  if (IsTruncated === 'false' && token === '') return null;
  if (IsTruncated === 'true' && token !== '') return fromBinary(token);
  throw new XmlFault('IsTruncated and the next token do not agree');
}
