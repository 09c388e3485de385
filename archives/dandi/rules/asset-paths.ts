// The assets of a version by path, and what is wrong with the paths themselves.

import type { Asset } from '../sources/registry-answers.ts';

/** Paths that begin with these are the mirror's own records. */
const OWN = new Set(['.dandi', '.datalad', '.gitattributes', '.gitmodules']);
/** The metadata of the version. */
export const METADATA_PATH = 'dandiset.yaml';

/** Whether a path of a mirror is bookkeeping, and so never compared. */
export function isBookkeeping(path: string): boolean {
  const slash = path.indexOf('/');
  return path === METADATA_PATH || OWN.has(slash < 0 ? path : path.slice(0, slash));
}

export interface PlacedAssets {
  /** Without those whose path no mirror can hold; of two at one path the newer one. */
  readonly byPath: ReadonlyMap<string, Asset>;
  /** The same with them: the mirror's record lists them too. */
  readonly all: ReadonlyMap<string, Asset>;
  /** In order of creation, like the tool. */
  readonly duplicates: readonly string[];
  /** Paths that are a folder of another asset as well. */
  readonly conflicts: readonly string[];
  readonly reserved: readonly string[];
}

export function placeAssets(assets: readonly Asset[]): PlacedAssets {
  const all = new Map<string, Asset>();
  const duplicates = new Set<string>();
  for (const asset of assets) {
    const { path } = asset;
    const other = all.get(path);
    if (other !== undefined) duplicates.add(path);
    if (other === undefined || asset.created >= other.created) all.set(path, asset);
  }
  const byPath = new Map(all);
  const reserved = [...all.keys()].filter(isBookkeeping);
  const conflicts = new Set<string>();
  for (const path of all.keys()) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (all.has(folder)) conflicts.add(folder);
    }
  }
  for (const path of [...reserved, ...conflicts]) byPath.delete(path);
  return { byPath, all, duplicates: [...duplicates], conflicts: [...conflicts], reserved };
}
