// What git knows about the content of a file: the key of an annexed file, or the size and hash of a
// file small enough to come with the tree.

import { hash } from 'node:crypto';
import type { TreeContent } from '../sources.ts';
import { annexKeyOf, MAX_POINTER_BYTES } from './annex-key.ts';
import type { BlobDigest } from './object-table.ts';

const SYMLINK = 0o120000;
const GITLINK = 0o160000;

/**
 * Whether a blob may name a key, as link or pointer. For any other blob, size and MD5 are enough.
 */
export function mayNameKey(blob: Buffer): boolean {
  return blob.length <= MAX_POINTER_BYTES && blob.includes('annex');
}

/**
 * @param blob what git stores for the entry, or the digest of a blob that names no key; undefined
 *   when it was too large to be sent along
 */
export function contentOf(mode: number, blob: Buffer | BlobDigest | undefined): TreeContent {
  if (mode === GITLINK) return { kind: 'gitlink' };
  if (blob === undefined) return { kind: 'unknown' };
  if (!Buffer.isBuffer(blob)) {
    return mode === SYMLINK ? { kind: 'symlink' } : { kind: 'plain', ...blob };
  }
  const key = annexKeyOf(blob.toString('latin1'));
  // Such a key cannot name a file: git-annex has no content for it and exports none.
  if (key?.name.includes('\0')) return { kind: 'unknown' };
  // git-annex's name for content in git itself. It exports the text that names the key.
  const isInGit = key?.backend === 'GIT';
  if (key !== null && !isInGit) return { kind: 'annexed', key };
  if (mode === SYMLINK && !isInGit) return { kind: 'symlink' };
  return { kind: 'plain', size: blob.length, md5: hash('md5', blob) };
}

/** A symlink of the dataset's own, known not to lead into an annex. */
export function isPlainSymlink(mode: number, blob: Buffer | BlobDigest | undefined): boolean {
  return contentOf(mode, blob).kind === 'symlink';
}
