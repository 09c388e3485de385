// Resolves a request's path to a file below a root, or to nothing. No path can reach a file outside.

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
 * Names of a URL's path, decoded; null when one could mean anything else than a plain name. Names
 * with a leading dot are ours (`.mirrorwatch`, temporary files) and are not served.
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

/** The file that the names lead to below the root, links followed only as far as they stay below. */
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
