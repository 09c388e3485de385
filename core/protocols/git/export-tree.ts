// Which tree git-annex records when it exports a commit. It is not the commit's own tree if that
// holds submodules. git-annex 10.20230126 leaves out gitlinks and symlinks that lead into no annex,
// and keeps a folder that this empties. Older versions left out only the gitlinks. So an export of
// one commit may have one of several ids.

import { hash } from 'node:crypto';
import { isPlainSymlink } from './content.ts';
import type { Pack } from './pack.ts';
import { FOLDER, placeAt } from './tree-entry.ts';

const GITLINK = 0o160000;
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

type Dropped = (entry: Entry) => boolean;

/** The ids, the commit's own tree first. openTree must have checked the pack before. */
export function exportTrees(pack: Pack, root: string): string[] {
  const isGitlink: Dropped = ({ mode }) => mode === GITLINK;
  const isNotExported: Dropped = (entry) =>
    isGitlink(entry) || isPlainSymlink(entry.mode, pack.objects.blob(entry.oid));
  // Most datasets have no such entries, so none of their trees need to be rebuilt.
  if (!holds(pack, isNotExported)) return [root];
  const ids = new Set([root]);
  for (const dropped of [isNotExported, isGitlink]) {
    for (const dropEmptied of [false, true]) ids.add(rewrite(pack, root, dropped, dropEmptied));
  }
  return [...ids];
}

/** Whether any tree has such an entry. */
function holds({ objects }: Pack, dropped: Dropped): boolean {
  for (let number = 0; number < objects.size; number++) {
    if (objects.typeAt(number) !== 'tree') continue;
    for (const entry of entriesOf(objects.dataAt(number))) if (dropped(entry)) return true;
  }
  return false;
}

/** The id of the tree without the dropped entries; children first. */
function rewrite(pack: Pack, root: string, dropped: Dropped, dropEmptied: boolean): string {
  const done = new Map<string, string>();
  const stack = [root];
  for (let oid = stack.at(-1); oid !== undefined; oid = stack.at(-1)) {
    // A pack may leave out the empty tree.
    const tree = pack.objects.get(oid)?.data ?? Buffer.alloc(0);
    const folders = [...entriesOf(tree)].filter(({ mode }) => mode === FOLDER);
    const waiting = folders.filter((folder) => !done.has(folder.oid));
    if (waiting.length > 0) {
      for (const { oid } of waiting) stack.push(oid);
      continue;
    }
    stack.pop();
    done.set(oid, rewriteOne(tree, done, dropped, dropEmptied));
  }
  return done.get(root) as string;
}

function rewriteOne(
  tree: Buffer,
  done: ReadonlyMap<string, string>,
  dropped: Dropped,
  dropEmptied: boolean,
): string {
  const parts: Buffer[] = [];
  for (const entry of entriesOf(tree)) {
    const id = entry.mode === FOLDER ? (done.get(entry.oid) as string) : entry.oid;
    const emptied = dropEmptied && id === EMPTY_TREE && id !== entry.oid;
    if (!emptied && !dropped(entry)) parts.push(entry.head, Buffer.from(id, 'hex'));
  }
  const data = Buffer.concat(parts);
  return hash('sha1', Buffer.concat([Buffer.from(`tree ${data.length}\0`), data]));
}

interface Entry {
  readonly mode: number;
  readonly oid: string;
  /** Mode, name and NUL as stored. */
  readonly head: Buffer;
}

function* entriesOf(tree: Buffer): Generator<Entry> {
  let start = 0;
  for (let place = placeAt(tree, 0); place; place = placeAt(tree, start)) {
    const { mode, nul, next } = place;
    const id = nul + 1;
    yield { mode, oid: tree.toString('hex', id, next), head: tree.subarray(start, id) };
    start = next;
  }
}
