// The folders at the top of a bucket, by ListObjectsV2 with a delimiter: a page names up to 1,000
// common prefixes, whatever lies below them. As strict as the listing of keys.

import { isUtf8 } from 'node:buffer';
import { fromBinary } from '../../compare/byte-order.ts';
import { type Failed, failed, type Seen, seen } from '../../failure.ts';
import type { HttpClient } from '../../http.ts';
import { notOfS3 } from './own-answer.ts';
import { decodeKey } from './url-encoding.ts';
import { XmlCursor, XmlFault } from './xml.ts';

const ROOT = 'ListBucketResult';
const END_MARKER = `</${ROOT}>`;
const PAGE_BYTES = 4 * 1024 * 1024;
/** Far above the few thousand folders of an archive. */
const MAX_PAGES = 1000;

interface FolderPage {
  /** With the `/`, in byte order. */
  readonly prefixes: readonly string[];
  readonly nextToken: string | null;
}

/** @param base the bucket in path style. Names come without their `/`, in byte order. */
export async function listFolders(
  http: HttpClient,
  base: string,
  signal?: AbortSignal,
): Promise<Seen<string[]> | Failed> {
  const folders: string[] = [];
  let token: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const query = new URLSearchParams({
      'list-type': '2',
      'encoding-type': 'url',
      delimiter: '/',
      'max-keys': '1000',
    });
    if (token !== null) query.set('continuation-token', token);
    let page: FolderPage | undefined;
    const answer = await http.request({
      kind: 'listing',
      method: 'GET',
      url: `${base}/?${query}`,
      maxBytes: PAGE_BYTES,
      signal,
      verify(tried) {
        page = undefined;
        if (tried.status !== 200) return notOfS3(tried);
        const scanned = scanFolders(tried.body);
        if (scanned.kind === 'failed') return scanned;
        page = scanned.value;
      },
    });
    if (answer.kind === 'failed') return answer;
    if (page === undefined) return failed('malformed', `unexpected status ${answer.status}`);
    for (const prefix of page.prefixes) {
      const last = folders.at(-1);
      if (last !== undefined && `${last}/` >= prefix) {
        return failed('malformed', 'folders that do not rise');
      }
      folders.push(prefix.slice(0, -1));
    }
    if (page.nextToken === null) return seen(folders.map(fromBinary));
    if (page.nextToken === token) return failed('malformed', 'a token that repeats');
    token = page.nextToken;
  }
  return failed('malformed', `folders on more than ${MAX_PAGES} pages`);
}

/** Reads the body of a 200. `cut-short` when the end is missing, else `malformed`. */
export function scanFolders(body: Buffer): Seen<FolderPage> | Failed {
  const text = body.toString('latin1');
  if (!text.includes(END_MARKER)) return failed('cut-short', `no ${END_MARKER} in a page`);
  try {
    if (!isUtf8(body)) throw new XmlFault('bytes that are no text');
    return seen(readPage(new XmlCursor(text)));
  } catch (fault) {
    if (fault instanceof XmlFault) return failed('malformed', `folder page: ${fault.message}`);
    throw fault;
  }
}

function readPage(xml: XmlCursor): FolderPage {
  const told = new Map<string, string>();
  const prefixes: string[] = [];
  let keys = 0;
  if (xml.open() !== ROOT) throw xml.fault(`no ${ROOT}`);
  for (xml.space(); !xml.close(ROOT); xml.space()) {
    const name = xml.open();
    if (name === 'CommonPrefixes') prefixes.push(readPrefix(xml));
    else if (name === 'Contents') {
      keys++;
      xml.skip(name);
    } else if (TOLD.has(name)) {
      if (told.has(name)) throw xml.fault(`a second ${name}`);
      told.set(name, xml.text(name));
    } else xml.skip(name);
  }
  xml.space();
  if (!xml.ended()) throw xml.fault(`something behind ${END_MARKER}`);
  if (told.get('KeyCount') !== String(prefixes.length + keys)) {
    throw new XmlFault('KeyCount is not what came');
  }
  const encoded = told.get('EncodingType') === 'url';
  const token = told.get('NextContinuationToken') ?? '';
  if (told.get('IsTruncated') !== (token === '' ? 'false' : 'true')) {
    throw new XmlFault('IsTruncated and the next token do not agree');
  }
  return {
    prefixes: prefixes.map((prefix) => folderOf(encoded ? decodeKey(prefix) : prefix)),
    nextToken: token === '' ? null : fromBinary(token),
  };
}
const TOLD = new Set(['KeyCount', 'IsTruncated', 'EncodingType', 'NextContinuationToken']);

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

function folderOf(prefix: string | null): string {
  if (prefix === null || !prefix.endsWith('/')) throw new XmlFault('a prefix that is no folder');
  return prefix;
}
