// What git knows about the content of a file without the content: an annexed file's key, or size
// and hash of a file that is small enough to have come along with the tree.

import { hash } from 'node:crypto';
import type { TreeContent } from '../sources.ts';
import { keyOfLink, keyOfPointer } from './annex-key.ts';

const SYMLINK = 0o120000;
const GITLINK = 0o160000;

/**
 * @param blob what git stores for the entry; undefined when it was too large to come along.
 */
export function contentOf(mode: number, blob: Buffer | undefined): TreeContent {
  if (mode === GITLINK) return { kind: 'gitlink' };
  if (blob === undefined) return { kind: 'unknown' };
  const text = blob.toString('latin1');
  const key = mode === SYMLINK ? keyOfLink(text) : keyOfPointer(text);
  if (key !== null) return { kind: 'annexed', key };
  if (mode === SYMLINK) return { kind: 'symlink' };
  return { kind: 'plain', size: blob.length, md5: hash('md5', blob) };
}

/** A symlink of the dataset's own: known to lead into no annex. */
export function isPlainSymlink(mode: number, blob: Buffer | undefined): boolean {
  return mode === SYMLINK && blob !== undefined && keyOfLink(blob.toString('latin1')) === null;
}
