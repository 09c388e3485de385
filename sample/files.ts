// Files as a dataset holds them: plain, annexed (docs/checks.md#words-and-orders) or a gitlink, each with
// its form in git and its object in the export.

import { hashDirMixed } from './annex-keys.ts';
import { digest, toBinary } from './bytes.ts';
import type { TreeSpec } from './git/index.ts';
import type { ExportObject } from './objects.ts';

export interface SampleFile {
  /** As text; `/` between folders. */
  readonly path: string;
  /** 0o100644, 0o100755, 0o120000 (symlink). */
  readonly mode: 0o100644 | 0o100755 | 0o120000;
  /** Of the git blob; a buffer that many files share is hashed once. */
  readonly content: string | Buffer;
  /** The annex key, and the object in the export, which is not the blob itself. */
  readonly annexed?: { readonly key: string; readonly size: number; readonly etag: string };
}

export interface SampleGitlink {
  readonly path: string;
  readonly mode: 0o160000;
  readonly oid: string;
}

export type SampleEntry = SampleFile | SampleGitlink;

export function plainFile(
  path: string,
  content: string | Buffer,
  mode: 0o100644 | 0o100755 = 0o100644,
) {
  return { path, mode, content } satisfies SampleFile;
}

export function gitlink(path: string, of: string): SampleGitlink {
  return { path, mode: 0o160000, oid: digest('sha1', of) };
}

/** S3 gives objects of more parts an ETag that is no MD5; one part holds 1 GiB here. */
const PART_SIZE = 2 ** 30;

export interface AnnexOptions {
  /** Symlink as usual, or the pointer file of an unlocked one. */
  readonly form?: 'symlink' | 'pointer';
  readonly backend?: 'MD5E' | 'SHA256E';
}

/** The ETag that an object of this size has; `md5` is that of its bytes. */
export function etagOf(size: number, md5: string): string {
  const parts = Math.ceil(size / PART_SIZE);
  return parts > 1 ? `${digest('md5', `${md5} in parts`)}-${parts}` : md5;
}

/** An annexed file with any key, and the object that the export holds of it. */
export function keyedFile(
  path: string,
  annexed: { readonly key: string; readonly size: number; readonly etag: string },
  form: 'symlink' | 'pointer' = 'symlink',
): SampleFile {
  const { key } = annexed;
  if (form === 'pointer') {
    return { path, mode: 0o100644, content: `/annex/objects/${key}\n`, annexed };
  }
  const up = '../'.repeat(path.split('/').length - 1);
  const content = `${up}.git/annex/objects/${hashDirMixed(key)}/${key}/${key}`;
  return { path, mode: 0o120000, content, annexed };
}

/**
 * An annexed file whose bytes exist nowhere: hash and size stand in the key, and the export lists
 * the same size and, for MD5E, the same hash as ETag. `identity` decides the hash.
 */
export function annexedFile(
  path: string,
  size: number,
  identity: string,
  { form = 'symlink', backend = 'MD5E' }: AnnexOptions = {},
): SampleFile {
  const md5 = digest('md5', identity);
  const hash = backend === 'MD5E' ? md5 : digest('sha256', identity);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.indexOf('.', 1);
  const key = `${backend}-s${size}--${hash}${dot < 0 ? '' : name.slice(dot)}`;
  return keyedFile(path, { key, size, etag: etagOf(size, md5) }, form);
}

/** @throws if a path occurs twice, or is both a file and a folder. */
export function treeOf(entries: Iterable<SampleEntry>): TreeSpec {
  const root: TreeSpec = new Map();
  let folder = root;
  let folderPath = '';
  for (const entry of entries) {
    const cut = entry.path.lastIndexOf('/');
    const parent = cut < 0 ? '' : entry.path.slice(0, cut);
    // Neighbours mostly share their folder.
    if (parent !== folderPath) {
      folder = openFolder(root, parent);
      folderPath = parent;
    }
    const name = entry.path.slice(cut + 1);
    if (folder.has(name)) throw new Error(`two entries at ${entry.path}`);
    folder.set(
      name,
      entry.mode === 0o160000
        ? { mode: entry.mode, oid: entry.oid }
        : { mode: entry.mode, content: entry.content },
    );
  }
  return root;
}

/** The tree of a path below the root, created if necessary. */
export function openFolder(root: TreeSpec, path: string): TreeSpec {
  let folder = root;
  if (path === '') return folder;
  for (const name of path.split('/')) {
    const inner = folder.get(name);
    if (inner === undefined) {
      const made: TreeSpec = new Map();
      folder.set(name, made);
      folder = made;
    } else if (inner instanceof Map) folder = inner;
    else throw new Error(`${path} is a file and a folder`);
  }
  return folder;
}

export function objectOf(file: SampleFile, modified: string): ExportObject {
  const key = toBinary(file.path);
  if (file.annexed) {
    return { key, size: file.annexed.size, etag: file.annexed.etag, modified };
  }
  const { content } = file;
  return {
    key,
    size: Buffer.byteLength(content),
    etag: digest('md5', content),
    modified,
    content,
  };
}
