import type { BinaryString } from '../../compare/byte-order.ts';
// What git holds in place of an annexed file: a symlink or a pointer file that names the file's
// key. The rules are git-annex's own (its Annex/Link.hs, Types/Key.hs and Annex/Locations.hs; the
// pages "internals/pointer_file" and "internals/key_format" describe most of them). A key gives the
// size of the content. With some backends it also gives a hash of the content.

export interface AnnexKey {
  /** As git-annex writes it in file names, also those on the git-annex branch. */
  readonly name: BinaryString;
  /** `MD5E`, `SHA3_256E`, `URL`, … */
  readonly backend: string;
  /** Bytes; null if the key gives no size (URL keys) or names a chunk of another key. */
  readonly size: number | null;
  /** 32 hex digits; null for every backend except MD5 and MD5E. */
  readonly md5: string | null;
}

const OBJECTS = '/annex/objects/';
/** Every further line of a pointer file contains this and ends in a newline. */
const FURTHER_LINES = '/annex/';
/** A longer file counts as an ordinary file that something was appended to. */
export const MAX_POINTER_BYTES = 32_768;

/** A backend is any text without `-`. The fields come in this order. The name may hold anything. */
const KEY = /^([^-]+)(?:-s(\d+))?(?:-m(\d+))?(?:-S(\d+))?(?:-C(\d+))?--(.*)/s;
/** For backends that keep a file's extension (`…E`): counted from the first `.`. */
const MAX_EXTENSION_BYTES = 64;
/** Some versions of git-annex put a `\` before the hash. */
const MD5 = /^\\?([0-9a-f]{32})(?=$|\.)/;

/**
 * @param blob what git stores for a symlink or a file. git-annex reads both alike, because a
 *   pointer file may hold a link's text.
 * @returns null if it names no key
 */
export function annexKeyOf(blob: BinaryString): AnnexKey | null {
  if (blob.length > MAX_POINTER_BYTES) return null;
  const [line = '', ...further] = blob.split('\n');
  const first = line.replace(/\r$/, '');
  if (!first.includes(OBJECTS)) return null;
  if ((further.pop() ?? '') !== '' || !further.every((line) => line.includes(FURTHER_LINES))) {
    return null;
  }
  return parseAnnexKey(first.slice(first.lastIndexOf('/') + 1));
}

/**
 * @param fileName a key as written in a file name
 * @returns null if the key is invalid
 */
export function parseAnnexKey(fileName: BinaryString): AnnexKey | null {
  const parsed = KEY.exec(unescaped(fileName));
  if (parsed === null) return null;
  const [, backend = '', size, mtime, chunkSize, chunk, name = ''] = parsed;
  const extension = name.indexOf('.');
  if (backend.endsWith('E') && extension >= 0 && name.length - extension > MAX_EXTENSION_BYTES) {
    return null;
  }
  const fields = [field('s', size), field('m', mtime), field('S', chunkSize), field('C', chunk)];
  // A chunk's key gives the size of the whole content.
  const isWhole = chunkSize === undefined && chunk === undefined;
  const hasMd5 = isWhole && (backend === 'MD5' || backend === 'MD5E');
  return {
    name: escaped(`${backend}${fields.join('')}--${name}`),
    backend,
    size: isWhole ? sizeOf(size) : null,
    md5: (hasMd5 && MD5.exec(name)?.[1]) || null,
  };
}

/** git-annex writes numbers itself, so they have no leading zeros. */
const field = (letter: string, digits: string | undefined): string =>
  digits === undefined ? '' : `-${letter}${digits.replace(/^0+(?=\d)/, '')}`;

/** Null for a number that no file size can have. */
function sizeOf(digits: string | undefined): number | null {
  const size = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&a', '%': '&s', ':': '&c', '/': '%' };
const UNESCAPES: Readonly<Record<string, string>> = { '%': '/', '&a': '&', '&s': '%', '&c': ':' };

const escaped = (key: BinaryString): BinaryString =>
  key.replace(/[&%:/]/g, (one) => ESCAPES[one] as string);

/** git-annex drops an `&` before any other character, so this does too. */
const unescaped = (fileName: BinaryString): BinaryString =>
  fileName.replace(/%|&[^%&]?/g, (one) => UNESCAPES[one] ?? one.slice(1));
