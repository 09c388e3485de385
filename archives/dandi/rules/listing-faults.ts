// What is wrong with a draft's listing itself.

import type { ListingEvidence } from '../checks/listing.ts';
import { someOf } from '../checks/shapes.ts';
import { instantOf, secondsSince, textOf } from '../instant.ts';
import type { Asset } from '../sources/registry-answers.ts';
import type { PlacedAssets } from './asset-paths.ts';

/** Computing a hash takes minutes. */
const DAY = 86_400;

export function listingEvidence(
  modified: string,
  assets: readonly Asset[],
  { duplicates, conflicts, reserved }: PlacedAssets,
  now: Date,
): ListingEvidence {
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
  };
}
