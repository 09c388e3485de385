// Is a commit in the history of a branch, as far as the history was read?

import type { History } from '../../../core/protocols/sources.ts';

/**
 * Null if the part that was read cannot tell. A commit whose parent is in the part, and that is not
 * itself, is not in the branch: it could only come in after its parent.
 */
export function isMerged(history: History, branch: string, commit: string): boolean | null {
  const reached = new Set<string>();
  const waiting = [branch];
  let isWhole = true;
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (oid === commit) return true;
    if (reached.has(oid)) continue;
    const parents = history.get(oid);
    if (parents == null) isWhole = false;
    else {
      reached.add(oid);
      waiting.push(...parents);
    }
  }
  if (isWhole) return false;
  const parents = history.get(commit) ?? [];
  return parents.some((parent) => reached.has(parent)) ? false : null;
}
