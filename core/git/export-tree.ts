// Which tree git-annex records when it exports a commit: not the commit's own where that holds
// submodules. git-annex 10.20230126 leaves out gitlinks and symlinks that lead into no annex, and
// keeps a folder that this empties; older ones left out the gitlinks only. So there are a few ids
// that one commit's export may bear.

import { hash } from 'node:crypto';
import { isPlainSymlink } from './content.ts';
import { malformed } from './fault.ts';
import type { Pack } from './pack.ts';
import { FOLDER, placeAt } from './tree-entry.ts';

const GITLINK = 0o160000;
const SYMLINK = 0o120000;
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

type Dropped = (mode: number, oid: string) => boolean;

/** The ids, the commit's own tree first. The pack was checked by openTree before. */
export function exportTrees(pack: Pack, root: string): string[] {
  if (!holdsNotExported(pack)) return [root];
  const isGitlink: Dropped = (mode) => mode === GITLINK;
  const isNotExported: Dropped = (mode, oid) =>
    mode === GITLINK || isPlainSymlink(mode, pack.objects.blob(oid));
  const ids = new Set([root]);
  for (const dropped of [isNotExported, isGitlink]) {
    const kept = rewrite(pack, root, dropped, false);
    ids.add(kept);
    if (kept !== root) ids.add(rewrite(pack, root, dropped, true));
  }
  return [...ids];
}

/** Whether there is anything that an export leaves out: most datasets have none of it. */
function holdsNotExported({ objects }: Pack): boolean {
  for (let number = 0; number < objects.size; number++) {
    if (objects.typeAt(number) !== 'tree') continue;
    const tree = objects.dataAt(number);
    for (let entry = placeAt(tree, 0); entry; entry = placeAt(tree, entry.next)) {
      if (entry.mode === GITLINK) return true;
      if (entry.mode !== SYMLINK) continue;
      const oid = tree.toString('hex', entry.nul + 1, entry.next);
      if (isPlainSymlink(SYMLINK, objects.blob(oid))) return true;
    }
  }
  return false;
}

/** The id of the tree without what is dropped, children first. */
function rewrite(pack: Pack, root: string, dropped: Dropped, dropEmptied: boolean): string {
  const done = new Map<string, string>();
  const stack = [root];
  for (let oid = stack.at(-1); oid !== undefined; oid = stack.at(-1)) {
    const tree = pack.objects.get(oid)?.data ?? Buffer.alloc(0);
    const folders = [...entriesOf(tree)].filter(({ mode }) => mode === FOLDER);
    const waiting = folders.filter((folder) => !done.has(folder.oid));
    if (waiting.length > 0) {
      for (const { oid } of waiting) stack.push(oid);
      continue;
    }
    stack.pop();
    done.set(oid, rewriteOne(tree, oid, done, dropped, dropEmptied));
  }
  return done.get(root) as string;
}

function rewriteOne(
  tree: Buffer,
  oid: string,
  done: ReadonlyMap<string, string>,
  dropped: Dropped,
  dropEmptied: boolean,
): string {
  const parts: Buffer[] = [];
  let changed = false;
  for (const entry of entriesOf(tree)) {
    const id = entry.mode === FOLDER ? (done.get(entry.oid) as string) : entry.oid;
    const emptied = dropEmptied && entry.mode === FOLDER && id === EMPTY_TREE && id !== entry.oid;
    changed ||= id !== entry.oid || dropped(entry.mode, entry.oid);
    if (emptied || dropped(entry.mode, entry.oid)) continue;
    parts.push(entry.head, Buffer.from(id, 'hex'));
  }
  if (!changed) return oid;
  const data = Buffer.concat(parts);
  return hash('sha1', Buffer.concat([Buffer.from(`tree ${data.length}\0`), data]));
}

interface Entry {
  readonly mode: number;
  readonly oid: string;
  /** Mode, name and NUL as they stand. */
  readonly head: Buffer;
}

function* entriesOf(tree: Buffer): Generator<Entry> {
  for (let at = 0; at < tree.length; ) {
    const entry = placeAt(tree, at);
    if (entry === undefined) throw malformed('a broken entry');
    const id = entry.nul + 1;
    yield {
      mode: entry.mode,
      oid: tree.toString('hex', id, entry.next),
      head: tree.subarray(at, id),
    };
    at = entry.next;
  }
}
