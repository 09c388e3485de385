// A repository as git holds it, from a pack: files with their ids and small contents, and how
// commits follow each other.

import type { History, RepositoryFiles } from '../sources.ts';
import { malformed } from './fault.ts';
import type { Pack } from './pack.ts';
import { isOid } from './request-words.ts';
import { openTree, rootIdOf, TREE_LIMITS } from './tree-walk.ts';

/** The files of a commit, with the contents that came along. */
export function repositoryFiles(pack: Pack, commit: string): RepositoryFiles {
  const tree = rootIdOf(pack, commit);
  const files = openTree(pack, commit, TREE_LIMITS);
  return {
    tree,
    entries: {
      *[Symbol.iterator]() {
        for (const { path, mode, oid } of files) {
          const blob = pack.objects.blob(oid);
          yield { path, mode, oid, blob: Buffer.isBuffer(blob) ? blob : undefined };
        }
      },
    },
  };
}

/** The wanted contents; those that were too large to be kept are left out. */
export function blobsOf(pack: Pack, oids: readonly string[]): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (const oid of oids) {
    const blob = pack.objects.blob(oid);
    if (Buffer.isBuffer(blob)) blobs.set(oid, blob);
  }
  return blobs;
}

/** Every object of the pack: a commit's parents, null for other objects. */
export function historyOf({ objects }: Pack): History {
  const history = new Map<string, readonly string[] | null>();
  for (const oid of objects.keys()) {
    const object = objects.get(oid);
    history.set(oid, object?.type === 'commit' ? parentsOf(object.data) : null);
  }
  return history;
}

/** From a commit's header, which ends at the first empty line. */
function parentsOf(commit: Buffer): string[] {
  const end = commit.indexOf('\n\n');
  const header = commit.toString('latin1', 0, end < 0 ? commit.length : end);
  return header.split('\n').flatMap((line) => {
    if (!line.startsWith('parent ')) return [];
    const oid = line.slice('parent '.length);
    if (!isOid(oid)) throw malformed('a commit with a parent that is no id');
    return [oid];
  });
}
