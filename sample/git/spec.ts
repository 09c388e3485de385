// What a sample repository should hold, before it is a repository: trees, commits, refs.

/** A file (or symlink, whose content is its target) of a tree. */
export interface FileSpec {
  /** 0o100664 is what old tools wrote for 0o100644; readers must take it. */
  readonly mode: 0o100644 | 0o100755 | 0o120000 | 0o100664;
  readonly content: Buffer | string;
}

/** A submodule: the commit is in another repository. */
export interface GitlinkSpec {
  readonly mode: 0o160000;
  /** 40 hex digits. */
  readonly oid: string;
}

export type EntrySpec = FileSpec | GitlinkSpec | TreeSpec;

/**
 * A folder by names, in any order. Names are UTF-8, or bytes by `rawName`. A map and the buffers
 * in it are encoded once in the life of the process, wherever they are used: never change one
 * that has been built.
 */
export type TreeSpec = Map<string, EntrySpec>;

export interface CommitSpec {
  /** For this spec only: what parents, branches and tags call the commit. */
  readonly name: string;
  readonly tree: TreeSpec;
  /** Names of commits earlier in the list. */
  readonly parents: readonly string[];
  readonly message: string;
  /** Author's and committer's date; milliseconds are dropped. */
  readonly date: Date;
}

export interface RepositorySpec {
  readonly commits: readonly CommitSpec[];
  /** Branch name, without refs/heads/, to commit name. */
  readonly branches: Readonly<Record<string, string>>;
  /** Tag name, without refs/tags/, to commit name. */
  readonly tags: Readonly<
    Record<string, { readonly commit: string; readonly annotated?: boolean }>
  >;
  /** The branch that HEAD names, existing or not; null for a server that names none. */
  readonly head: string | null;
}

/** The key in a TreeSpec for a name that is not UTF-8: NUL, which no name holds, marks it. */
export function rawName(bytes: Uint8Array): string {
  return `\0${Buffer.from(bytes).toString('latin1')}`;
}

/** A TreeSpec's key as "binary" string, one unit per byte of the name. */
export function binaryName(key: string): string {
  if (key.startsWith('\0')) return key.slice(1);
  return isAscii(key) ? key : Buffer.from(key, 'utf8').toString('latin1');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
