// Sources of copies, as measurements see them: mirrors in git (core/protocols/git) and exports in
// S3 (core/protocols/s3). Tests may pass others.

import type { BinaryString } from '../compare/byte-order.ts';
import type { Absent, Archived, Denied, Disabled, Failed, Seen } from '../failure.ts';
import type { AnnexKey } from './git/annex-key.ts';

export interface Refs {
  /** Branch that HEAD names, without `refs/heads/`; it may not exist. Null if none is named. */
  readonly head: string | null;
  /**
   * The commit of a HEAD that names no branch, or null when it has none. Absent when the server
   * says nothing about HEAD, or when HEAD names a branch, which has the commit.
   */
  readonly headCommit?: string | null;
  readonly branches: ReadonlyMap<string, string>;
  /** Tag name to the commit it points to (peeled). */
  readonly tags: ReadonlyMap<string, string>;
  /** Annotated tags only: tag name to the id of the tag object. */
  readonly annotated: ReadonlyMap<string, string>;
}

export interface TreeEntry {
  readonly path: BinaryString;
  /** As git stores it: 0o100644, 0o100755, 0o120000 (symlink), 0o160000 (gitlink). */
  readonly mode: number;
  /** Object id, 40 hex digits. */
  readonly oid: string;
}

/** What git knows about the content of an entry without reading it. */
export type TreeContent =
  | { readonly kind: 'gitlink' }
  /** In the annex: its key gives the size, and with some backends the MD5. */
  | { readonly kind: 'annexed'; readonly key: AnnexKey }
  /** A file in git itself whose content came with the tree; `md5` as 32 hex digits. */
  | { readonly kind: 'plain'; readonly size: number; readonly md5: string }
  /** A symlink that leads into no annex. Current git-annex does not export it. */
  | { readonly kind: 'symlink' }
  /** A file in git itself that was too large to come with the tree. */
  | { readonly kind: 'unknown' };

export interface ContentTree {
  /** Id of the commit's tree. */
  readonly tree: string;
  /** Ids that an export of the commit may have in git-annex's own record, including `tree`. */
  readonly exportTrees: readonly string[];
  /** In byte order of the full path, gitlinks included. */
  readonly entries: Iterable<{ readonly path: BinaryString; readonly content: TreeContent }>;
}

/** Single objects of a repository by their ids. */
export interface GitObjects {
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** Commit id to the id of its tree. */
  readonly trees: ReadonlyMap<string, string>;
}

export interface MirrorSource {
  /**
   * All refs of a mirror; a repository without refs is `seen` with empty maps. Denied: refused
   * without saying whether this applies to this repository or to all.
   */
  readRefs(
    datasetId: string,
    signal?: AbortSignal,
  ): Promise<Seen<Refs> | Absent | Disabled | Denied | Failed>;
  /**
   * Every file of a commit's tree in byte order of the full path (folders themselves are not
   * entries). The whole pack is verified before the first entry is yielded.
   */
  readTree(
    datasetId: string,
    commit: string,
    signal?: AbortSignal,
  ): Promise<Seen<Iterable<TreeEntry>> | Absent | Failed>;
  /**
   * Like readTree, with what contents below 64 KB tell: four to ten times the bytes. One request,
   * and a second one for the links alone if that is too much.
   * @param id of a commit, or of a tree by itself
   */
  readContent(
    datasetId: string,
    id: string,
    signal?: AbortSignal,
  ): Promise<Seen<ContentTree> | Absent | Failed>;
  /** Only these objects, in one request; absent when any of them is missing. */
  readObjects(
    datasetId: string,
    wants: { readonly blobs: readonly string[]; readonly commits: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Seen<GitObjects> | Absent | Failed>;
}

/** A file of a commit as git holds it. */
export interface RepositoryFile extends TreeEntry {
  /** Its bytes, or a link's target; undefined if it is a gitlink or was too large to come along. */
  readonly blob: Buffer | undefined;
}

export interface RepositoryFiles {
  /** Id of the commit's tree. */
  readonly tree: string;
  /** In byte order of the full path, gitlinks included. It can be iterated more than once. */
  readonly entries: Iterable<RepositoryFile>;
}

/** A commit's parents; null for an object that is no commit. */
export type History = ReadonlyMap<string, readonly string[] | null>;

/**
 * A repository as git holds it: for an archive whose mirrors keep records of their own beside the
 * data. `id` is a repository's name below the address of the mirrors.
 */
export interface RepositorySource {
  /**
   * Every file of a commit, with the contents of at most `blobBytes` bytes. A commit that is a tag
   * or a tree is a failure.
   */
  readFiles(
    id: string,
    commit: string,
    blobBytes: number,
    signal?: AbortSignal,
  ): Promise<Seen<RepositoryFiles> | Absent | Failed>;
  /**
   * The blobs by id, in one request, without those of more than `maxBytes`; absent when the server
   * lacks any of them.
   */
  readBlobs(
    id: string,
    oids: readonly string[],
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<Seen<ReadonlyMap<string, Buffer>> | Absent | Failed>;
  /** The wanted objects, and of each commit the history of so many commits, without files. */
  readHistory(
    id: string,
    wants: readonly string[],
    depth: number,
    signal?: AbortSignal,
  ): Promise<Seen<History> | Absent | Failed>;
}

// ---- export -----------------------------------------------------------------------------------

export interface ListedObject {
  /** Key without the `{id}/` prefix; empty for a folder marker of the dataset itself. */
  readonly key: BinaryString;
  readonly size: number;
  /** Without the quotes. */
  readonly etag: string;
  /** LastModified as S3 writes it, always in the one form that sorts as text. */
  readonly modified?: string;
  /** Of an archived storage class: it cannot be read unless it was restored. */
  readonly archived?: true;
}

/** A listing arrives as pages; only `end` makes it complete. Any other last event is a failure. */
export type ListingEvent =
  | { readonly kind: 'page'; readonly objects: readonly ListedObject[] }
  | { readonly kind: 'end' }
  | Absent
  | Denied
  | Failed;

/** What a listing probably holds: nearly the paths of a tree. The result never depends on it. */
export interface LikelyKeys {
  /**
   * The paths in places `every`, 2 · `every` …, in strict byte order; null until they are known.
   */
  marks(every: number): readonly BinaryString[] | null;
  /** How the listing differed from these very paths last time; null when not known. */
  readonly last: LastListing | null;
}

export interface LastListing {
  /** Keys in all. */
  readonly keys: number;
  /** Keys that are not paths, in byte order. */
  readonly beside: readonly BinaryString[];
  /** Paths that are not keys, in byte order. */
  readonly lacking: readonly BinaryString[];
}

export interface Description {
  readonly body: Buffer;
  readonly etag: string | null;
}

/** The answer to a HEAD without credentials. */
export interface AccessAnswer {
  readonly kind: 'answered';
  readonly status: 200 | 403 | 404;
  /** Whether it is archived and not restored; absent when the answer does not tell. */
  readonly archived?: boolean;
  /** Of an object that is there; without the quotes. */
  readonly etag?: string;
}

export interface ExportSource {
  /** Name of the bucket; null when its address does not tell. */
  readonly bucket: string | null;
  /** `dataset_description.json`. With the etag of last time, `unchanged` may come back (304). */
  readDescription(
    datasetId: string,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<
    Seen<Description> | { readonly kind: 'unchanged' } | Absent | Archived | Denied | Failed
  >;
  /**
   * All keys under `{id}/` in byte order, page by page, never held as a whole. With `likely`, pages
   * are prefetched: the same events, sooner. `likely` is called after the first page was taken.
   */
  listObjects(
    datasetId: string,
    signal?: AbortSignal,
    likely?: LikelyKeys,
  ): AsyncIterable<ListingEvent>;
  /** Whether anyone may read a key (without the `{id}/` prefix). No content is transferred. */
  askAccess(
    datasetId: string,
    key: BinaryString,
    signal?: AbortSignal,
  ): Promise<AccessAnswer | Failed>;
  /** Names of the folders at the top of the bucket, in byte order. */
  listFolders(signal?: AbortSignal): Promise<Seen<string[]> | Failed>;
}
