// Who can fix a finding, in words. Apart from words.ts: the list does not load it.

import type { Fixer } from '../monitor/check.ts';

/**
 * `The archive's operators can fix this`. Advice is addressed to them: whoever else reads it can
 * only report it.
 * @param entry the archive's word for one of its entries
 */
export function canFix(who: Fixer, entry: string): string {
  switch (who) {
    case 'operators':
      return "The archive's operators can fix this";
    case 'owner':
      return `The ${entry}'s owner can fix this`;
    case 'nobody':
      return 'Nobody needs to act';
  }
}
