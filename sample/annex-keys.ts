// Where git-annex keeps what belongs to a key: two ways to spread keys over folders, both from the
// MD5 of the key's name (git-annex, internals/hashing).

import { hash } from 'node:crypto';
import { digest } from './bytes.ts';

/** File names escape what a name cannot hold: `/` is `%`, and `:` is `&c`. */
const ESCAPED: Readonly<Record<string, string>> = { '%': '/', '&c': ':', '&s': '%', '&a': '&' };

/** The key that a file is named after; folders are made from the key, not from its file name. */
function keyOfFile(name: string): string {
  return name.replace(/%|&[csa]/g, (escaped) => ESCAPED[escaped] as string);
}

/** `f87/4d5`: folders of the git-annex branch, for a key as files are named. */
export function hashDirLower(name: string): string {
  const md5 = digest('md5', keyOfFile(name));
  return `${md5.slice(0, 3)}/${md5.slice(3, 6)}`;
}

/** 32 characters that make no words. */
const LETTERS = '0123456789zqjxkmvwgpfZQJXKMVWGPF';

/** `pX/ZJ`: folders below .git/annex/objects, and so in the symlinks. */
export function hashDirMixed(name: string): string {
  const word = hash('md5', keyOfFile(name), 'buffer').readUInt32LE(0);
  // Five bits a letter from every six, and the letters change places in pairs.
  const letter = (place: number) => LETTERS[(word >>> (6 * place)) & 31];
  return `${letter(1)}${letter(0)}/${letter(3)}${letter(2)}`;
}

/** The key of a plain file in an export: its blob's id. */
export function gitKey(oid: string): string {
  return `GIT--${oid}`;
}
