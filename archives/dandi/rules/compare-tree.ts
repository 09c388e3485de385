// The assets of a version against the files of a commit: the same paths, sizes and hashes? A file
// may be annexed or in git itself, whatever its name says.

import { hash } from 'node:crypto';
import { fromBinary } from '../../../core/compare/byte-order.ts';
import { annexKeyOf } from '../../../core/protocols/git/annex-key.ts';
import type { RepositoryFile } from '../../../core/protocols/sources.ts';
import { sha256Of } from '../annex/keys.ts';
import type { Asset } from '../sources/registry-answers.ts';
import { isBookkeeping } from './asset-paths.ts';

export interface BlobDigest {
  readonly size: number;
  readonly sha256: string;
}

/** Each list is sorted. */
export interface TreeComparison {
  readonly files: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly differing: readonly string[];
  readonly kinds: readonly string[];
  readonly backends: readonly string[];
  /** Files in git itself whose content is not known. */
  readonly unread: readonly string[];
  readonly behindUnhashed: readonly string[];
}

const SYMLINK = 0o120000;
const GITLINK = 0o160000;

export const digestOf = (blob: Buffer): BlobDigest => ({
  size: blob.length,
  sha256: hash('sha256', blob),
});

/** @param known contents of files in git itself that did not come with the tree, by blob id */
export function compareTree(
  byPath: ReadonlyMap<string, Asset>,
  entries: Iterable<RepositoryFile>,
  known: (oid: string) => BlobDigest | undefined,
): TreeComparison {
  const lists = {
    extra: [] as string[],
    differing: [] as string[],
    kinds: [] as string[],
    backends: [] as string[],
    unread: [] as string[],
  };
  const firstUnhashed = firstWithoutHash(byPath.values());
  const behind: string[] = [];
  const found = new Set<string>();
  let files = 0;
  for (const file of entries) {
    const path = fromBinary(file.path);
    if (isBookkeeping(path)) continue;
    files++;
    const asset = byPath.get(path);
    if (asset === undefined) {
      lists.extra.push(path);
      continue;
    }
    found.add(path);
    const fault = faultOf(file, asset, known);
    if (fault === null) continue;
    if (fault === 'differing' && asset.created >= firstUnhashed) behind.push(path);
    else lists[fault].push(path);
  }
  const missing: string[] = [];
  for (const [path, { created }] of byPath) {
    if (found.has(path)) continue;
    if (created >= firstUnhashed) behind.push(path);
    else missing.push(path);
  }
  for (const list of Object.values(lists)) list.sort();
  return { files, missing: missing.sort(), ...lists, behindUnhashed: behind.sort() };
}

/** When the first asset without a hash was created: the tool stops there. */
export function firstWithoutHash(assets: Iterable<Asset>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { blob, sha256, created } of assets) {
    if (blob !== null && sha256 === null) first = Math.min(first, created);
  }
  return first;
}

type Fault = 'differing' | 'kinds' | 'backends' | 'unread';

function faultOf(
  { mode, oid, blob }: RepositoryFile,
  asset: Asset,
  known: (oid: string) => BlobDigest | undefined,
): Fault | null {
  if (mode === GITLINK || asset.zarr !== null) {
    return mode === GITLINK && asset.zarr !== null ? null : 'kinds';
  }
  const key = blob && annexKeyOf(blob.toString('latin1'));
  if (key) {
    const sha256 = sha256Of(key);
    if (sha256 === null) return 'backends';
    return isSame(asset, key.size ?? asset.size, sha256) ? null : 'differing';
  }
  // A link that leads elsewhere, or one that is too long for any key.
  if (mode === SYMLINK) return 'differing';
  const digest = blob ? digestOf(blob) : known(oid);
  if (digest === undefined) return 'unread';
  return isSame(asset, digest.size, digest.sha256) ? null : 'differing';
}

/** Without a hash of the registry only the size can be compared. */
const isSame = (asset: Asset, size: number, sha256: string): boolean =>
  asset.size === size && (asset.sha256 === null || asset.sha256 === sha256);
