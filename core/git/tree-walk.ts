// A commit's files out of a pack, in byte order of the full path. Each tree is checked once,
// before the first path is given out; the walk itself then cannot fail and keeps one frame a level.

import type { TreeEntry } from '../sources.ts';
import { malformed, quoted } from './fault.ts';
import type { Pack } from './pack.ts';
import { entryAt, FOLDER } from './tree-entry.ts';
import { isOid } from './words.ts';

/** Git knows it without storing it, so a pack may leave it out. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const EMPTY = Buffer.alloc(0);

export interface TreeLimits {
  /** Files and folders together, each place counted: a small pack can describe billions. */
  readonly entries: number;
  /** Of one full path. S3 takes keys of 1,024. */
  readonly pathBytes: number;
  /** Of all full paths together. */
  readonly totalBytes: number;
}

/**
 * The files of a commit. All trees must be there, with entries in git's strict order, which makes
 * the full paths strictly increase. Names that could pass for another path are refused: empty,
 * `.`, `..`, or holding `/`. Others that git dislikes are only names here:
 * `.git`, bytes that are not UTF-8, a file beside a folder of its name.
 */
export function openTree(pack: Pack, commit: string, limits: TreeLimits): Iterable<TreeEntry> {
  const root = rootOf(pack, commit);
  checkTrees(pack, root, limits);
  return { [Symbol.iterator]: () => walk(pack, root) };
}

/** The id of a commit's own tree. */
export function rootOf(pack: Pack, commit: string): string {
  const object = pack.objects.get(commit);
  if (object === undefined) throw malformed(`commit ${commit} is not in the pack`);
  if (object.type !== 'commit') throw malformed(`${commit} is a ${object.type}, not a commit`);
  const line = object.data.toString('latin1', 0, 46);
  const tree = line.slice(5, 45);
  if (!line.startsWith('tree ') || !isOid(tree) || line[45] !== '\n') {
    throw malformed(`commit ${commit} names no tree`);
  }
  return tree;
}

function treeOf(pack: Pack, oid: string): Buffer {
  const object = pack.objects.get(oid);
  if (object?.type === 'tree') return object.data;
  if (oid === EMPTY_TREE) return EMPTY;
  const why = object
    ? `is a ${object.type}`
    : `is not in the pack (${pack.unresolved} without base)`;
  throw malformed(`tree ${oid} ${why}`);
}

interface Extent {
  /** Files and folders below, at every depth. */
  readonly entries: number;
  /** Bytes of the longest path below. */
  readonly longest: number;
  /** Bytes of all paths below. */
  readonly total: number;
}

/** Checks every tree below `root`, each once however many places it stands in, children first. */
function checkTrees(pack: Pack, root: string, limits: TreeLimits): void {
  const scanned = new Map<string, Scan>();
  const extents = new Map<string, Extent>();
  const stack = [root];
  for (let oid = stack.at(-1); oid !== undefined; oid = stack.at(-1)) {
    const scan = scanned.get(oid);
    if (scan === undefined) {
      const fresh = scanTree(treeOf(pack, oid), oid);
      scanned.set(oid, fresh);
      for (const folder of fresh.folders) if (!scanned.has(folder.oid)) stack.push(folder.oid);
      continue;
    }
    stack.pop();
    if (!extents.has(oid)) extents.set(oid, extentOf(scan, extents, limits));
  }
}

function extentOf(scan: Scan, extents: ReadonlyMap<string, Extent>, limits: TreeLimits): Extent {
  let { entries, longest, total } = scan;
  for (const folder of scan.folders) {
    const below = extents.get(folder.oid);
    // Hashes make it impossible short of a collision; a walk over one would never end.
    if (below === undefined) throw malformed(`tree ${folder.oid} holds itself`);
    entries += below.entries;
    longest = Math.max(longest, folder.nameBytes + 1 + below.longest);
    total += (folder.nameBytes + 1) * below.entries + below.total;
  }
  if (entries > limits.entries) throw malformed(`more than ${limits.entries} files and folders`);
  if (longest > limits.pathBytes) throw malformed(`a path of more than ${limits.pathBytes} bytes`);
  if (total > limits.totalBytes) throw malformed(`more than ${limits.totalBytes} bytes of paths`);
  return { entries, longest, total };
}

interface Scan extends Extent {
  readonly folders: readonly { readonly oid: string; readonly nameBytes: number }[];
}

/** One tree by itself: every entry whole, named well, of a known kind, in strict order. */
function scanTree(tree: Buffer, oid: string): Scan {
  const folders: { oid: string; nameBytes: number }[] = [];
  let entries = 0;
  let longest = 0;
  let total = 0;
  let previous = '';
  for (let at = 0; at < tree.length; ) {
    const entry = entryAt(tree, at);
    if (entry === undefined) throw malformed(`tree ${oid} holds a broken entry`);
    const { mode, name } = entry;
    if (name === '' || name === '.' || name === '..' || name.includes('/')) {
      throw malformed(`tree ${oid} holds the name "${quoted(Buffer.from(name, 'latin1'))}"`);
    }
    // Git orders a folder as if its name ended in '/'.
    const key = mode === FOLDER ? `${name}/` : name;
    if (key <= previous) throw malformed(`tree ${oid} is out of order`);
    previous = key;
    if (mode === FOLDER) {
      folders.push({
        oid: tree.toString('hex', entry.next - 20, entry.next),
        nameBytes: name.length,
      });
    }
    entries++;
    longest = Math.max(longest, name.length);
    total += name.length;
    at = entry.next;
  }
  return { folders, entries, longest, total };
}

function* walk(pack: Pack, root: string): Generator<TreeEntry> {
  const stack = [{ tree: treeOf(pack, root), at: 0, prefix: '' }];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const entry = entryAt(frame.tree, frame.at);
    if (entry === undefined) {
      stack.pop();
      continue;
    }
    frame.at = entry.next;
    const oid = frame.tree.toString('hex', entry.next - 20, entry.next);
    const path = frame.prefix + entry.name;
    if (entry.mode === FOLDER) stack.push({ tree: treeOf(pack, oid), at: 0, prefix: `${path}/` });
    else yield { path, mode: entry.mode, oid };
  }
}
