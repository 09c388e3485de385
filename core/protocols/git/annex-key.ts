// What git holds in place of an annexed file: a symlink or a pointer file that names the file's key.
// The rules are git-annex's own (its Annex/Link.hs, Types/Key.hs and Annex/Locations.hs; the pages
// "internals/pointer_file" and "internals/key_format" say most of them). The key tells the size of
// the content and, by some backends, a hash of it.

import type { BinaryString } from '../sources.ts';

export interface AnnexKey {
  /** As git-annex writes it in file names, so also in those of the git-annex branch. */
  readonly name: BinaryString;
  /** `MD5E`, `SHA3_256E`, `URL`, … */
  readonly backend: string;
  /** Bytes; null where the key tells none (keys made of a URL), or names a chunk of another. */
  readonly size: number | null;
  /** 32 hex digits; null by every backend but MD5 and MD5E. */
  readonly md5: string | null;
}

const OBJECTS = '/annex/objects/';
/** Every further line of a pointer file holds this, and ends in a newline. */
const FURTHER_LINES = '/annex/';
/** A longer one counts as an ordinary file that something was appended to. */
export const MAX_POINTER_BYTES = 32_768;

/** A backend is any text without `-`; the fields come in this order; the name may hold anything. */
const KEY = /^([^-]+)(?:-s(\d+))?(?:-m(\d+))?(?:-S(\d+))?(?:-C(\d+))?--(.*)/s;
/** Of the backends that keep a file's extension (`…E`), from the first `.` on. */
const MAX_EXTENSION_BYTES = 64;
/** Some versions of git-annex put a `\` before the hash. */
const MD5 = /^\\?([0-9a-f]{32})(?=$|\.)/;

/**
 * @param blob what git stores for a symlink or a file: git-annex reads both alike, because a pointer
 *   file may hold a link's text. Null when it names no key.
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

/** @param fileName a key as written in a file name. Null when git-annex takes it for none. */
export function parseAnnexKey(fileName: BinaryString): AnnexKey | null {
  const parsed = KEY.exec(unescaped(fileName));
  if (parsed === null) return null;
  const [, backend = '', size, mtime, chunkSize, chunk, name = ''] = parsed;
  const extension = name.indexOf('.');
  if (backend.endsWith('E') && extension >= 0 && name.length - extension > MAX_EXTENSION_BYTES) {
    return null;
  }
  const fields = [field('s', size), field('m', mtime), field('S', chunkSize), field('C', chunk)];
  // The size in a chunk's key is that of the whole.
  const isWhole = chunkSize === undefined && chunk === undefined;
  const hasMd5 = isWhole && (backend === 'MD5' || backend === 'MD5E');
  return {
    name: escaped(`${backend}${fields.join('')}--${name}`),
    backend,
    size: isWhole ? sizeOf(size) : null,
    md5: (hasMd5 && MD5.exec(name)?.[1]) || null,
  };
}

/** git-annex writes numbers itself, so without leading zeros. */
const field = (letter: string, digits: string | undefined): string =>
  digits === undefined ? '' : `-${letter}${digits.replace(/^0+(?=\d)/, '')}`;

/** A number that no file can have is none. */
function sizeOf(digits: string | undefined): number | null {
  const size = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&a', '%': '&s', ':': '&c', '/': '%' };
const UNESCAPES: Readonly<Record<string, string>> = { '%': '/', '&a': '&', '&s': '%', '&c': ':' };

const escaped = (key: BinaryString): BinaryString =>
  key.replace(/[&%:/]/g, (one) => ESCAPES[one] as string);

/** An `&` before anything else is dropped, as git-annex drops it. */
const unescaped = (fileName: BinaryString): BinaryString =>
  fileName.replace(/%|&[^%&]?/g, (one) => UNESCAPES[one] ?? one.slice(1));
