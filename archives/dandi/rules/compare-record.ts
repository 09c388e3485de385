// The mirror's record of assets against the registry's listing, by path.

import type { RecordedAsset } from '../assets-record.ts';
import type { Asset } from '../sources/registry-answers.ts';

export interface RecordComparison {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly string[];
}

export function compareRecord(
  assets: ReadonlyMap<string, Asset>,
  entries: ReadonlyMap<string, RecordedAsset>,
): RecordComparison {
  const missing: string[] = [];
  const changed: string[] = [];
  for (const [path, asset] of assets) {
    const entry = entries.get(path);
    if (entry === undefined) missing.push(path);
    else if (isOther(asset, entry)) changed.push(path);
  }
  const extra = [...entries.keys()].filter((path) => !assets.has(path));
  return { missing: missing.sort(), extra: extra.sort(), changed: changed.sort() };
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
