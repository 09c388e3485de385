// Keys of git-annex as the archive's mirrors have them: SHA256E for files, MD5E in zarr mirrors.
// For judging, size and hash count; another extension is no fault.

import { hash } from 'node:crypto';
import { type AnnexKey, parseAnnexKey } from '../../../core/protocols/git/annex-key.ts';

const SHA256 = /^SHA256E?-s\d+--([0-9a-f]{64})(?=$|\.)/;

/** The hash that a key of the backend SHA256E or SHA256 names; null for all others. */
export const sha256Of = ({ name }: Pick<AnnexKey, 'name'>): string | null =>
  SHA256.exec(name)?.[1] ?? null;

/** Pieces of an extension have at most so many bytes, and at most so many pieces are kept. */
const PIECE_BYTES = 4;
const PIECES = 2;

/** The extension that git-annex keeps in a key, with its dot; empty if there is none. */
export function extensionOf(fileName: string): string {
  const [, ...pieces] = fileName.replace(/^\.+/, '').split('.');
  const kept: string[] = [];
  for (const piece of pieces.reverse()) {
    if (Buffer.byteLength(piece) > PIECE_BYTES) break;
    if (piece !== '' && !ODD.test(piece)) kept.unshift(`.${piece}`);
  }
  return kept.slice(-PIECES).join('');
}
/** ASCII other than letters and digits. */
const ODD = /[\0-/:-@[-`{-\x7f]/;

/** @param path of the file; its last part gives the extension */
export function keyOf(
  backend: 'SHA256E' | 'MD5E',
  { size, digest, path }: { readonly size: number; readonly digest: string; readonly path: string },
): string {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  return `${backend}-s${size}--${digest}${extensionOf(fileName)}`;
}

const LETTERS = '0123456789zqjxkmvwgpfZQJXKMVWGPF';

/** `pX/ZJ`: the folders of a key below .git/annex/objects, and so in symlinks. */
export function linkFolders(key: string): string {
  const word = hash('md5', key, 'buffer').readUInt32LE(0);
  const letter = (place: number) => LETTERS[(word >>> (6 * place)) & 31];
  return `${letter(1)}${letter(0)}/${letter(3)}${letter(2)}`;
}

/** `f87/4d5`: the folders of a key in the git-annex branch. */
export function branchFolders(key: string): string {
  const md5 = hash('md5', key);
  return `${md5.slice(0, 3)}/${md5.slice(3, 6)}`;
}

/** What a mirror's symlink at `path` holds. */
export function linkTo(path: string, key: string): string {
  const up = '../'.repeat(path.split('/').length - 1);
  return `${up}.git/annex/objects/${linkFolders(key)}/${key}/${key}`;
}

/** The key that a path of the git-annex branch is the log of; null for other paths. */
export function keyOfLog(path: string, suffix: '.log' | '.log.web'): AnnexKey | null {
  if (!path.endsWith(suffix) || !path.includes('/')) return null;
  return parseAnnexKey(path.slice(path.lastIndexOf('/') + 1, -suffix.length));
}
