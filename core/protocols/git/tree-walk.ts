// A commit's files from a pack, in byte order of the full path. Each tree is checked once, before
// the first path is yielded. The walk itself then cannot fail, and it keeps one frame per level.

import type { BinaryString } from '../../compare/byte-order.ts';
import type { TreeEntry } from '../sources.ts';
import { malformed, quoted } from './fault.ts';
import { type ObjectTable, OID_BYTES } from './object-table.ts';
import type { Pack } from './pack.ts';
import { isOid } from './request-words.ts';
import { type EntryPlace, FOLDER, placeAt } from './tree-entry.ts';

/** Git knows it without storing it, so a pack may leave it out. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export interface TreeLimits {
  /** Files and folders together, each occurrence counted: a small pack can describe billions. */
  readonly entries: number;
  /** Bytes of one full path. S3 accepts keys of 1,024. */
  readonly pathBytes: number;
  /** Bytes of all full paths together. */
  readonly totalBytes: number;
}

/** The largest known dataset, of 394,526 files, uses a tenth at most. */
export const TREE_LIMITS: TreeLimits = {
  entries: 4_000_000,
  pathBytes: 16_384,
  totalBytes: 512 << 20,
};

/**
 * The files of a commit or, by its own id, of a tree. All trees must exist, with entries in git's
 * strict order, so that full paths strictly increase. Names that could be read as another path are
 * refused: empty, `.`, `..`, or containing `/`. Other names that git dislikes are accepted: `.git`,
 * bytes that are not UTF-8, a file beside a folder of the same name.
 */
export function openTree(pack: Pack, id: string, limits: TreeLimits): Iterable<TreeEntry> {
  const { objects } = pack;
  const root = treeAt(pack, Buffer.from(treeIdOf(pack, id), 'hex'), 0);
  checkTrees(pack, root, limits);
  return { [Symbol.iterator]: () => walk(objects, root) };
}

/** Used instead of an object's number for the empty tree if the pack leaves it out. */
const EMPTY = -1;

/** The tree id of a commit or of a tree. */
export const treeIdOf = (pack: Pack, id: string): string =>
  pack.objects.get(id)?.type === 'tree' ? id : rootIdOf(pack, id);

/** The id of a commit's own tree. */
export function rootIdOf(pack: Pack, commit: string): string {
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

/** The number of the tree whose id is at this offset. */
function treeAt({ objects, unresolved }: Pack, bytes: Buffer, at: number): number {
  const number = objects.find(bytes, at);
  if (objects.typeAt(number) === 'tree') return number;
  const oid = bytes.toString('hex', at, at + OID_BYTES);
  if (oid === EMPTY_TREE) return EMPTY;
  throw malformed(`tree ${oid} is not in the pack (${unresolved} without base)`);
}

const NOT_SEEN = 0;
const OPEN = 1;
const DONE = 2;

/**
 * Checks every tree below `root`, children first, each once however often it occurs. Totals for a
 * tree: files and folders at every depth, bytes of the longest path, bytes of all paths.
 */
function checkTrees(pack: Pack, root: number, limits: TreeLimits): void {
  const { objects } = pack;
  const state = new Uint8Array(objects.size);
  const entries = new Float64Array(objects.size);
  const longest = new Float64Array(objects.size);
  const total = new Float64Array(objects.size);

  const open = (tree: number): Folder[] => {
    state[tree] = OPEN;
    const scan = scanTree(pack, tree);
    entries[tree] = scan.entries;
    longest[tree] = scan.longest;
    total[tree] = scan.total;
    return scan.folders;
  };
  const close = (tree: number, folders: readonly Folder[]): void => {
    let count = entries[tree] as number;
    let bytes = total[tree] as number;
    let longestPath = longest[tree] as number;
    for (const { tree: below, nameBytes } of folders) {
      count += entries[below] as number;
      bytes += (nameBytes + 1) * (entries[below] as number) + (total[below] as number);
      longestPath = Math.max(longestPath, nameBytes + 1 + (longest[below] as number));
    }
    if (count > limits.entries) throw malformed(`more than ${limits.entries} files and folders`);
    if (longestPath > limits.pathBytes) {
      throw malformed(`a path of more than ${limits.pathBytes} bytes`);
    }
    if (bytes > limits.totalBytes) throw malformed(`more than ${limits.totalBytes} bytes of paths`);
    entries[tree] = count;
    total[tree] = bytes;
    longest[tree] = longestPath;
    state[tree] = DONE;
  };

  if (root === EMPTY) return;
  const stack = [{ tree: root, folders: open(root), next: 0 }];
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const folder = frame.folders[frame.next++];
    if (folder === undefined) {
      close(frame.tree, frame.folders);
      stack.pop();
    } else if (state[folder.tree] === NOT_SEEN) {
      stack.push({ tree: folder.tree, folders: open(folder.tree), next: 0 });
    } else if (state[folder.tree] === OPEN) {
      // Only a hash collision makes this possible. A walk over such a tree would never end.
      throw malformed(`tree ${objects.oidAt(folder.tree)} holds itself`);
    }
  }
}

interface Folder {
  readonly tree: number;
  readonly nameBytes: number;
}

interface Scan {
  readonly folders: Folder[];
  readonly entries: number;
  readonly longest: number;
  readonly total: number;
}

/** Checks one tree: every entry whole, validly named, of a known kind, in strict order. */
function scanTree(pack: Pack, number: number): Scan {
  const tree = pack.objects.dataAt(number);
  const fault = (what: string) => malformed(`tree ${pack.objects.oidAt(number)} ${what}`);
  const folders: Folder[] = [];
  let entries = 0;
  let longest = 0;
  let total = 0;
  let previous: EntryPlace | undefined;
  for (let at = 0; at < tree.length; ) {
    const entry = placeAt(tree, at);
    if (entry === undefined) throw fault('holds a broken entry');
    if (isRefused(tree, entry)) {
      throw fault(`holds the name "${quoted(tree.subarray(entry.name, entry.nul))}"`);
    }
    if (previous && !standsBefore(tree, previous, entry)) throw fault('is out of order');
    previous = entry;
    const nameBytes = entry.nul - entry.name;
    if (entry.mode === FOLDER) {
      const below = treeAt(pack, tree, entry.nul + 1);
      if (below !== EMPTY) folders.push({ tree: below, nameBytes });
    }
    entries++;
    longest = Math.max(longest, nameBytes);
    total += nameBytes;
    at = entry.next;
  }
  return { folders, entries, longest, total };
}

const DOT = 0x2e;
const SLASH = 0x2f;

/** Names that could be read as another path: empty, `.`, `..`, or containing `/`. */
function isRefused(tree: Buffer, { name, nul }: EntryPlace): boolean {
  const length = nul - name;
  if (length === 0 || (tree[name] === DOT && length === 1)) return true;
  if (tree[name] === DOT && tree[name + 1] === DOT && length === 2) return true;
  for (let at = name; at < nul; at++) if (tree[at] === SLASH) return true;
  return false;
}

/** Git orders a folder as if its name ended in '/'. */
function standsBefore(tree: Buffer, a: EntryPlace, b: EntryPlace): boolean {
  for (let at = 0; ; at++) {
    const left = unitAt(tree, a, at);
    const right = unitAt(tree, b, at);
    if (left !== right) return left < right;
    if (left < 0) return false;
  }
}

/** A byte of an entry's name in git's order; -1 after its end. */
function unitAt(tree: Buffer, { mode, name, nul }: EntryPlace, at: number): number {
  if (name + at < nul) return tree[name + at] as number;
  return mode === FOLDER && name + at === nul ? SLASH : -1;
}

/** An entry whose id becomes text only on request, which is rare. */
class FileEntry implements TreeEntry {
  readonly path: BinaryString;
  readonly mode: number;
  readonly #tree: Buffer;
  readonly #id: number;

  constructor(path: BinaryString, mode: number, tree: Buffer, id: number) {
    this.path = path;
    this.mode = mode;
    this.#tree = tree;
    this.#id = id;
  }

  get oid(): string {
    return this.#tree.toString('hex', this.#id, this.#id + OID_BYTES);
  }
}

interface Frame {
  readonly tree: Buffer;
  /** Where the next entry starts. */
  at: number;
  /** Bytes of the folder's path, including its final `/`. */
  readonly prefix: number;
}

function* walk(objects: ObjectTable, root: number): Generator<TreeEntry> {
  const open = (number: number, prefix: number): Frame => ({
    tree: number < 0 ? Buffer.alloc(0) : objects.dataAt(number),
    at: 0,
    prefix,
  });
  // The path so far as bytes: JavaScript flattens a joined string again at each access.
  let bytes = Buffer.alloc(1024);
  const stack = [open(root, 0)];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const { tree, prefix } = frame;
    const entry = placeAt(tree, frame.at);
    if (entry === undefined) {
      stack.pop();
      continue;
    }
    frame.at = entry.next;
    const { mode, name, nul } = entry;
    const end = prefix + nul - name;
    if (end >= bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(end)]);
    for (let at = name; at < nul; at++) bytes[prefix + at - name] = tree[at] as number;
    if (mode === FOLDER) {
      bytes[end] = SLASH;
      stack.push(open(objects.find(tree, nul + 1), end + 1));
    } else yield new FileEntry(bytes.toString('latin1', 0, end), mode, tree, nul + 1);
  }
}
