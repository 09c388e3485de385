// Which objects of an OpenNeuro export are nobody's data. In the recorded tree 460 of 663
// "error" datasets differed in nothing but such a key (checks.md section 5).

import type { IsBookkeeping } from '../compare/diff.ts';

/**
 * `annex-uuid`, which git-annex writes at the root of an export and nowhere else; the key that
 * equals the prefix; and folder markers. `size` in bytes, `key` without the dataset's prefix.
 */
export const isBookkeeping: IsBookkeeping = (key, size) =>
  key === 'annex-uuid' || key === '' || (size === 0 && key.endsWith('/'));
