// Resolves a request's path to a file below a root, or to nothing. No path can leave the root.

import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface Found {
  /** Real path, without symbolic links. */
  readonly path: string;
  readonly size: number;
  /** Changes with every write: inode, time and size. */
  readonly etag: string;
  readonly modified: Date;
}

/**
 * Decoded names of a URL's path; null if one is not a plain name. Names with a leading dot are ours
 * (`.mirrorwatch`, temporary files) and are not served.
 */
export function plainNames(urlPath: string): string[] | null {
  const names = [];
  for (const part of urlPath.split('/').slice(1)) {
    let name: string;
    try {
      name = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (name === '' || name.startsWith('.') || /[/\\\0]/.test(name)) return null;
    names.push(name);
  }
  return names.length > 0 ? names : null;
}

/** The file with these names below the root; links are followed only if they stay below it. */
export async function findFile(root: string, names: readonly string[]): Promise<Found | null> {
  try {
    const base = await realpath(root);
    const path = await realpath(join(base, ...names));
    if (!path.startsWith(base.endsWith(sep) ? base : base + sep)) return null;
    const is = await stat(path, { bigint: true });
    if (!is.isFile()) return null;
    const etag = `"${is.ino.toString(36)}-${is.mtimeNs.toString(36)}-${is.size.toString(36)}"`;
    return { path, size: Number(is.size), etag, modified: is.mtime };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'].includes(code)) return null;
    throw error;
  }
}
