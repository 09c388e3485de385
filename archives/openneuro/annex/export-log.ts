// `export.log` of a git-annex branch: the tree that a repository exported to a special remote, and
// the trees whose export it began and did not finish (`<ts>s <from>:<to> <tree> [<tree>…]`).

import { linesOf, parseTimestamp } from '../../../core/protocols/git/annex-log.ts';

export interface ExportRecord {
  readonly to: string;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  /** The tree that was exported, 40 hex digits. */
  readonly tree: string;
  /** Trees whose export was begun and never recorded as finished. */
  readonly incomplete: readonly string[];
}

const OID = /^[0-9a-f]{40}$/;

/**
 * The newest record of each remote. A line names a pair of participants, and git-annex keeps the
 * newest line of each pair. If several clones export to one remote, the newest of all counts.
 */
export function parseExportLog(log: string): Map<string, ExportRecord> {
  const newest = new Map<string, ExportRecord>();
  for (const line of linesOf(log)) {
    const [time, pair = '', tree = '', ...incomplete] = line.split(' ').filter((it) => it !== '');
    const at = parseTimestamp(time);
    const to = pair.slice(pair.indexOf(':') + 1);
    if (at === null || !pair.includes(':') || to === '' || !OID.test(tree)) continue;
    const known = newest.get(to);
    if (known !== undefined && known.at > at) continue;
    newest.set(to, { to, at, tree, incomplete: incomplete.filter((oid) => OID.test(oid)) });
  }
  return newest;
}
