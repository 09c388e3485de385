// The folder tree of a comparison: each folder has the number of missing and extra files in and
// below it.

import { compareBytes } from '../../core/compare/byte-order.ts';

export interface Folder {
  readonly kind: 'folder';
  /** Its name; for a folder that contains only one folder, both names joined with `/`. */
  readonly name: string;
  /** Full path, without a `/` at its end; empty for the root. */
  readonly path: string;
  readonly missing: number;
  readonly extra: number;
  readonly children: readonly Node[];
}

export interface File {
  readonly kind: 'missing' | 'extra';
  readonly name: string;
  readonly path: string;
}

export type Node = Folder | File;

export interface TreeRow {
  readonly node: Node;
  /** From 1. */
  readonly level: number;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly of: number;
}

interface Growing {
  readonly folders: Map<string, Growing>;
  readonly files: File[];
}

export function treeOf(missing: readonly string[], extra: readonly string[]): Folder {
  const root: Growing = { folders: new Map(), files: [] };
  for (const path of missing) plant(root, path, 'missing');
  for (const path of extra) plant(root, path, 'extra');
  return grown(root, '', '');
}

function plant(root: Growing, path: string, kind: File['kind']): void {
  let folder = root;
  let from = 0;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', from)) {
    const name = path.slice(from, slash);
    let next = folder.folders.get(name);
    if (!next) {
      next = { folders: new Map(), files: [] };
      folder.folders.set(name, next);
    }
    folder = next;
    from = slash + 1;
  }
  folder.files.push({ kind, name: path.slice(from), path });
}

function grown(growing: Growing, name: string, path: string): Folder {
  // A folder that contains only one folder is merged with it: fewer clicks to the files.
  let [only] = growing.folders;
  while (path !== '' && only && growing.folders.size === 1 && growing.files.length === 0) {
    name = `${name}/${only[0]}`;
    path = `${path}/${only[0]}`;
    growing = only[1];
    [only] = growing.folders;
  }
  const folders = [...growing.folders]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([child, content]) => grown(content, child, path === '' ? child : `${path}/${child}`));
  const files = growing.files.sort((a, b) => compareBytes(a.name, b.name));
  return {
    kind: 'folder',
    name,
    path,
    missing: sum(folders, 'missing') + files.filter((file) => file.kind === 'missing').length,
    extra: sum(folders, 'extra') + files.filter((file) => file.kind === 'extra').length,
    children: [...folders, ...files],
  };
}

const sum = (folders: readonly Folder[], what: 'missing' | 'extra'): number =>
  folders.reduce((total, folder) => total + folder[what], 0);

/** The rows to show: a folder's children only if it is open. */
export function visibleRows(root: Folder, isOpen: (folder: Folder) => boolean): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (folder: Folder, level: number): void => {
    folder.children.forEach((node, at) => {
      rows.push({ node, level, place: at + 1, of: folder.children.length });
      if (node.kind === 'folder' && isOpen(node)) walk(node, level + 1);
    });
  };
  walk(root, 1);
  return rows;
}
