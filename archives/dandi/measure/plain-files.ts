// The files of a commit that are in git itself, and are compared by their contents.

import { fromBinary } from '../../../core/compare/byte-order.ts';
import type { RepositoryFile } from '../../../core/protocols/sources.ts';
import { isBookkeeping } from '../rules/asset-paths.ts';

const SYMLINK = 0o120000;
const GITLINK = 0o160000;

/** Ids of those whose content did not come with the tree, each once. */
export function plainFiles(entries: Iterable<RepositoryFile>): { readonly large: string[] } {
  const large = new Set<string>();
  for (const { path, mode, oid, blob } of entries) {
    if (blob !== undefined || mode === SYMLINK || mode === GITLINK) continue;
    if (!isBookkeeping(fromBinary(path))) large.add(oid);
  }
  return { large: [...large] };
}
