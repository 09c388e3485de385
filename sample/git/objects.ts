// Git objects from specs: encoded and hashed once, linked so that a server walks them without
// look-ups by id. Written out here because isomorphic-git's writeCommit, which deflates every
// object into a file, takes 0.9 ms a commit and a replayed archive has 5,000; it is the oracle in
// the tests instead. Formats: gitformat-pack(5), git-cat-file(1), fsck's rules for trees.

import { hash } from 'node:crypto';
import { binaryName, type EntrySpec, type TreeSpec } from './spec.ts';

interface Described {
  /** 40 hex digits. */
  readonly oid: string;
  /** Without git's header. */
  readonly content: Buffer;
}

export interface BlobObject extends Described {
  readonly type: 'blob';
}

export interface TreeObject extends Described {
  readonly type: 'tree';
  readonly subtrees: readonly { readonly name: string; readonly tree: TreeObject }[];
  /** What each entry was made from, in the order of `content`. */
  readonly sources: readonly EntrySpec[];
}

export interface CommitObject extends Described {
  readonly type: 'commit';
  readonly tree: TreeObject;
  readonly parents: readonly CommitObject[];
}

export interface TagObject extends Described {
  readonly type: 'tag';
  readonly target: CommitObject;
}

export type GitObject = BlobObject | TreeObject | CommitObject | TagObject;

const SIGNATURE = 'Sample Archive <archive@sample.invalid>';

const trees = new WeakMap<TreeSpec, TreeObject>();
const blobIds = new WeakMap<Buffer, string>();

/** The id an object of this type and content has. */
export function objectId(type: GitObject['type'], content: Buffer): string {
  return hash('sha1', Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]));
}

/** The tree of a spec with all its subtrees; blobs are hashed and not kept. */
export function encodeTree(spec: TreeSpec): TreeObject {
  const known = trees.get(spec);
  if (known !== undefined) return known;
  const entries = [...spec].map(([key, source]) => entryOf(binaryName(key), source));
  sortAsGit(entries);
  const content = Buffer.allocUnsafe(
    entries.reduce((size, { mode, name }) => size + mode.length + name.length + 22, 0),
  );
  let at = 0;
  for (const { mode, name, oid } of entries) {
    at += content.write(`${mode} ${name}\0`, at, 'latin1');
    at += content.write(oid, at, 'hex');
  }
  const tree: TreeObject = {
    type: 'tree',
    oid: objectId('tree', content),
    content,
    subtrees: entries.flatMap(({ name, tree }) => (tree === undefined ? [] : [{ name, tree }])),
    sources: entries.map(({ source }) => source),
  };
  trees.set(spec, tree);
  return tree;
}

/** The id of a spec's tree. */
export function treeId(spec: TreeSpec): string {
  return encodeTree(spec).oid;
}

interface Entry {
  readonly name: string;
  /** Git orders a folder as if its name ended in a slash. */
  readonly order: string;
  readonly mode: string;
  readonly oid: string;
  readonly tree: TreeObject | undefined;
  readonly source: EntrySpec;
}

function entryOf(name: string, source: EntrySpec): Entry {
  if (name.includes('\0')) throw new Error('a name in a git tree cannot hold NUL');
  if (source instanceof Map) {
    const tree = encodeTree(source);
    return { name, order: `${name}/`, mode: '40000', oid: tree.oid, tree, source };
  }
  const oid = 'oid' in source ? source.oid : blobId(source.content);
  return { name, order: name, mode: source.mode.toString(8), oid, tree: undefined, source };
}

function sortAsGit(entries: Entry[]): void {
  // Most specs come sorted: looking is cheaper than sorting 400,000 names.
  if (entries.every((entry, i) => i === 0 || (entries[i - 1] as Entry).order < entry.order)) return;
  entries.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
}

/** The id of a file's blob. */
export function blobId(content: Buffer | string): string {
  if (typeof content === 'string') {
    return hash('sha1', `blob ${Buffer.byteLength(content)}\0${content}`);
  }
  let oid = blobIds.get(content);
  if (oid === undefined) {
    oid = objectId('blob', content);
    blobIds.set(content, oid);
  }
  return oid;
}

/** The files of one folder as blobs, content made when asked for; gitlinks and folders left out. */
export function* blobsOf(tree: TreeObject): Generator<{ name: string; blob: BlobObject }> {
  const { content, sources } = tree;
  let at = 0;
  for (const source of sources) {
    const space = content.indexOf(0x20, at);
    const nul = content.indexOf(0, space);
    at = nul + 21;
    if (source instanceof Map || 'oid' in source) continue;
    const name = content.toString('latin1', space + 1, nul);
    yield { name, blob: blobObject(content.toString('hex', nul + 1, at), source.content) };
  }
}

function blobObject(oid: string, source: Buffer | string): BlobObject {
  return {
    type: 'blob',
    oid,
    get content() {
      return typeof source === 'string' ? Buffer.from(source, 'utf8') : source;
    },
  };
}

export function encodeCommit(
  tree: TreeObject,
  parents: readonly CommitObject[],
  message: string,
  date: Date,
): CommitObject {
  const signature = `${SIGNATURE} ${gitDate(date)}`;
  const content = Buffer.from(
    [
      `tree ${tree.oid}`,
      ...parents.map(({ oid }) => `parent ${oid}`),
      `author ${signature}`,
      `committer ${signature}`,
      '',
      withNewline(message),
    ].join('\n'),
  );
  return { type: 'commit', oid: objectId('commit', content), content, tree, parents };
}

export function encodeTag(name: string, target: CommitObject, date: Date): TagObject {
  const content = Buffer.from(
    [
      `object ${target.oid}`,
      'type commit',
      `tag ${name}`,
      `tagger ${SIGNATURE} ${gitDate(date)}`,
      '',
      `Snapshot ${name}\n`,
    ].join('\n'),
  );
  return { type: 'tag', oid: objectId('tag', content), content, target };
}

function gitDate(date: Date): string {
  return `${Math.floor(date.getTime() / 1000)} +0000`;
}

function withNewline(message: string): string {
  return message.endsWith('\n') ? message : `${message}\n`;
}
