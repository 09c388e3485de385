// Sources of copies, as measurements see them: mirrors in git (core/protocols/git) and exports in S3
// (core/protocols/s3). Tests may pass others.

import type { Absent, Archived, Denied, Disabled, Failed, Seen } from '../failure.ts';
import type { AnnexKey } from './git/annex-key.ts';

/**
 * A path or key as "binary" string: one UTF-16 unit per byte (latin1 decoding of its UTF-8
 * bytes), so that JavaScript's `<` is the byte order that S3 and git use.
 */
export type BinaryString = string;

export interface Refs {
  /** Branch that HEAD names, without `refs/heads/`, whether it exists or not; null when the server names none. */
  readonly head: string | null;
  /**
   * For a HEAD that names no branch: its commit, or null when it has none. Absent when the
   * server says nothing about HEAD, and when it names a branch, which has the commit.
   */
  readonly headCommit?: string | null;
  readonly branches: ReadonlyMap<string, string>;
  /** Tag name to the commit it means (peeled). */
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

/** What git knows about the content of an entry without the content. */
export type TreeContent =
  | { readonly kind: 'gitlink' }
  /** In the annex: its key tells the size, and by some backends the MD5. */
  | { readonly kind: 'annexed'; readonly key: AnnexKey }
  /** A file in git itself whose content came with the tree; `md5` as 32 hex digits. */
  | { readonly kind: 'plain'; readonly size: number; readonly md5: string }
  /** A symlink that leads into no annex: git-annex of today does not export it. */
  | { readonly kind: 'symlink' }
  /** A file in git itself that was too large for that. */
  | { readonly kind: 'unknown' };

export interface ContentTree {
  /** Id of the commit's tree. */
  readonly tree: string;
  /** Ids that an export of the commit may bear in git-annex's own record, `tree` among them. */
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
   * All refs of a mirror; a repository without any is `seen` with empty maps. Denied: refused, and not
   * said whether it is this repository or all of them.
   */
  readRefs(
    datasetId: string,
    signal?: AbortSignal,
  ): Promise<Seen<Refs> | Absent | Disabled | Denied | Failed>;
  /**
   * Every file of a commit's tree in byte order of the full path (folders themselves are not
   * entries). The whole pack is verified before the first entry is given out.
   */
  readTree(
    datasetId: string,
    commit: string,
    signal?: AbortSignal,
  ): Promise<Seen<Iterable<TreeEntry>> | Absent | Failed>;
  /**
   * As readTree, with what contents below 64 KB tell: four to ten times the bytes. One request, and a
   * second one for the links alone where that is too much.
   * @param id of a commit, or of a tree by itself
   */
  readContent(
    datasetId: string,
    id: string,
    signal?: AbortSignal,
  ): Promise<Seen<ContentTree> | Absent | Failed>;
  /** These objects and nothing else, in one request; absent when any of them is not there. */
  readObjects(
    datasetId: string,
    wants: { readonly blobs: readonly string[]; readonly commits: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Seen<GitObjects> | Absent | Failed>;
}

// ---- export -----------------------------------------------------------------------------------

export interface ListedObject {
  /** Key without the `{id}/` prefix; empty for a folder marker of the dataset itself. */
  readonly key: BinaryString;
  readonly size: number;
  /** Without the quotes. */
  readonly etag: string;
  /** LastModified as S3 writes it, always in the one form that orders as text. */
  readonly modified?: string;
  /** Of an archived storage class: it cannot be read unless it was restored. */
  readonly archived?: true;
}

/** A listing arrives as pages; only `end` makes it complete. Anything else as last event is a failure. */
export type ListingEvent =
  | { readonly kind: 'page'; readonly objects: readonly ListedObject[] }
  | { readonly kind: 'end' }
  | Absent
  | Denied
  | Failed;

/** What a listing will probably hold: nearly the paths of a tree. What it gives never depends on it. */
export interface LikelyKeys {
  /** Of the paths, in strict byte order, those in places `every`, 2 · `every` …; null until they are known. */
  marks(every: number): readonly BinaryString[] | null;
  /** How it differed from these very paths last time; null when that is not known. */
  readonly last: LastListing | null;
}

export interface LastListing {
  /** Keys in all. */
  readonly keys: number;
  /** Keys that are no paths, in byte order. */
  readonly beside: readonly BinaryString[];
  /** Paths that are no keys, in byte order. */
  readonly lacking: readonly BinaryString[];
}

export interface Description {
  readonly body: Buffer;
  readonly etag: string | null;
}

/** What a HEAD without credentials was answered. */
export interface AccessAnswer {
  readonly kind: 'answered';
  readonly status: 200 | 403 | 404;
  /** Whether it is archived and not restored; absent when the answer tells nothing of that. */
  readonly archived?: boolean;
}

export interface ExportSource {
  /** Name of the bucket; null when its address does not tell. */
  readonly bucket: string | null;
  /** `dataset_description.json`; with the etag of last time, `unchanged` may come back (304). */
  readDescription(
    datasetId: string,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<
    Seen<Description> | { readonly kind: 'unchanged' } | Absent | Archived | Denied | Failed
  >;
  /**
   * All keys under `{id}/` in byte order, page by page, never held as a whole. With `likely`, which is
   * asked once the first page was taken, pages are fetched ahead: the same events, sooner.
   */
  listObjects(
    datasetId: string,
    signal?: AbortSignal,
    likely?: LikelyKeys,
  ): AsyncIterable<ListingEvent>;
  /** Whether anybody may read a key (without the `{id}/` prefix). No content travels. */
  askAccess(
    datasetId: string,
    key: BinaryString,
    signal?: AbortSignal,
  ): Promise<AccessAnswer | Failed>;
  /** Names of the folders at the top of the bucket, in byte order. */
  listFolders(signal?: AbortSignal): Promise<Seen<string[]> | Failed>;
}
