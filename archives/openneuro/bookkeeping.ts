// Which objects of an OpenNeuro export belong to no dataset's files. In the recorded tree 460 of
// 663 "error" datasets differed only in such a key (docs/checks.md#files).

import type { BinaryString } from '../../core/compare/byte-order.ts';
import type { IsBookkeeping } from '../../core/compare/diff.ts';
import { parseAnnexKey } from '../../core/protocols/git/annex-key.ts';

/**
 * `annex-uuid`, which git-annex writes only at the root of an export; the key that equals the
 * prefix; and folder markers. `size` in bytes, `key` without the dataset's prefix.
 */
export const isBookkeeping: IsBookkeeping = (key, size) =>
  key === 'annex-uuid' || key === '' || (size === 0 && key.endsWith('/'));

/**
 * The same for one dataset. A remote with `annexobjects=yes` (git-annex 10.20240808) keeps the
 * content of files by key as well, older versions included.
 * @param annexObjects whether the dataset's remote does; null when not known: then they are not
 *   counted as orphans, and the caller must not call the export ok.
 */
export const bookkeepingOf =
  ({ annexObjects }: { readonly annexObjects: boolean | null }): IsBookkeeping =>
  (key, size) =>
    isBookkeeping(key, size) || (annexObjects !== false && isAnnexObject(key, size));

const OBJECTS = '.git/annex/objects/';

export const isInAnnex = (key: BinaryString): boolean => key.startsWith(OBJECTS);

/** `{folders}/KEY/KEY`, of the size that the key names. Any other object there has no owner. */
function isAnnexObject(key: BinaryString, size: number): boolean {
  if (!isInAnnex(key)) return false;
  const [file = '', folder, ...folders] = key.slice(OBJECTS.length).split('/').reverse();
  if (file !== folder || folders.length > MAX_HASH_FOLDERS) return false;
  const annexKey = parseAnnexKey(file);
  return annexKey?.name === file && (annexKey.size ?? size) === size;
}
const MAX_HASH_FOLDERS = 2;
