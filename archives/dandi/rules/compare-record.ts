// The mirror's record of assets against the registry's listing, by path.

import type { RecordedAsset } from '../assets-record.ts';
import type { Asset } from '../sources/registry-answers.ts';
import { firstWithoutHash } from './compare-tree.ts';

/** Each list is sorted. */
export interface RecordComparison {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly string[];
  readonly behindUnhashed: readonly string[];
}

export function compareRecord(
  assets: ReadonlyMap<string, Asset>,
  entries: ReadonlyMap<string, RecordedAsset>,
): RecordComparison {
  const missing: string[] = [];
  const changed: string[] = [];
  const behind: string[] = [];
  const firstUnhashed = firstWithoutHash(assets.values());
  for (const [path, asset] of assets) {
    const entry = entries.get(path);
    if (entry !== undefined && !isOther(asset, entry)) continue;
    if (asset.created >= firstUnhashed) behind.push(path);
    else (entry === undefined ? missing : changed).push(path);
  }
  const extra = [...entries.keys()].filter((path) => !assets.has(path));
  return {
    missing: missing.sort(),
    extra: extra.sort(),
    changed: changed.sort(),
    behindUnhashed: behind.sort(),
  };
}

/** A digest that the registry got later than the record is compared too: the tool renews it. */
function isOther(asset: Asset, entry: RecordedAsset): boolean {
  return (
    asset.assetId !== entry.assetId ||
    asset.modified !== entry.modified ||
    asset.size !== entry.size ||
    asset.sha256 !== entry.sha256 ||
    asset.etag !== entry.etag ||
    asset.zarrChecksum !== entry.zarrChecksum
  );
}

/** Paths of which the record has another id; records of 2021 have no ids of blobs. Sorted. */
export function otherIds(
  byPath: ReadonlyMap<string, Asset>,
  entries: ReadonlyMap<string, RecordedAsset>,
): readonly string[] {
  const isSame = (recorded: string | null, listed: string | null) =>
    recorded === null || recorded === listed;
  return [...byPath]
    .flatMap(([path, { assetId, blob, zarr }]) => {
      const entry = entries.get(path);
      if (entry === undefined) return [];
      const same =
        entry.assetId === assetId && isSame(entry.blob, blob) && isSame(entry.zarr, zarr);
      return same ? [] : [path];
    })
    .sort();
}
