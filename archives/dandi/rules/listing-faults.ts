// What is wrong with a draft's listing itself.

import { hash } from 'node:crypto';
import type { ListingEvidence } from '../checks/listing.ts';
import { someOf } from '../checks/shapes.ts';
import { instantOf, isSameInstant, secondsSince, textOf } from '../instant.ts';
import type { Asset } from '../sources/registry-answers.ts';
import type { PlacedAssets } from './asset-paths.ts';

/** Computing a hash takes minutes. */
const DAY = 86_400;

interface Listing {
  /** When the draft last changed. */
  readonly modified: string;
  readonly assets: readonly Asset[];
  readonly placed: PlacedAssets;
  readonly now: Date;
  /** Of the last comparison; null before the first. */
  readonly last: Pick<ListingEvidence, 'modified' | 'listing' | 'isSilent'> | null;
}

export function listingEvidence({
  modified,
  assets,
  placed: { duplicates, conflicts, reserved },
  now,
  last,
}: Listing): ListingEvidence {
  const listing = listingDigest(assets);
  const isSameDraft = last !== null && isSameInstant(last.modified, modified);
  const unhashed: string[] = [];
  const unhashedYet: string[] = [];
  let newest: number | null = null;
  for (const { path, blob, sha256, created, modified } of assets) {
    newest = Math.max(newest ?? modified, modified);
    if (blob === null || sha256 !== null) continue;
    (secondsSince(created, now) > DAY ? unhashed : unhashedYet).push(path);
  }
  return {
    modified,
    newest: newest === null ? null : textOf(newest),
    unhashed: someOf(unhashed),
    unhashedYet: someOf(unhashedYet),
    conflicts: someOf(conflicts),
    duplicates: someOf(duplicates),
    reserved: someOf(reserved),
    isOlder: newest !== null && newest > (instantOf(modified) ?? 0),
    listing,
    isSilent: isSameDraft && (last.isSilent || last.listing !== listing),
  };
}

/** Without digests: the archive computes them later, and that is no change. */
function listingDigest(assets: readonly Asset[]): string {
  const lines = assets.map(({ assetId, path, modified, size }) =>
    JSON.stringify([assetId, path, modified, size]),
  );
  return hash('sha256', lines.sort().join('\n'));
}
