// The files of HEAD in a git repository on this machine, as the readers of mirrors give them.

import type { RepositoryFile } from '../../core/protocols/sources.ts';
import { gitFolder } from './git.ts';
import { openObjects } from './objects.ts';

const ENTRY = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s;

/**
 * @param blobBytes larger contents are left out
 * @throws Problem if there is no repository, or git cannot read it
 */
export async function headFiles(
  folder: string,
  blobBytes: number,
  signal: AbortSignal,
): Promise<RepositoryFile[]> {
  const git = await gitFolder(folder, signal);
  const listing = await git.run(['ls-tree', '-r', '-z', '-l', '--full-tree', 'HEAD']);
  const objects = openObjects(git);
  try {
    const files = listing
      .toString('latin1')
      .split('\0')
      .flatMap(async (line) => {
        const [, mode, , oid = '', size, path = ''] = ENTRY.exec(line) ?? [];
        if (mode === undefined) return [];
        const isSmall = size !== '-' && Number(size) <= blobBytes;
        const blob = isSmall ? await objects.read(oid) : undefined;
        return [{ path, mode: Number.parseInt(mode, 8), oid, blob }];
      });
    return (await Promise.all(files)).flat();
  } finally {
    objects.close();
  }
}
