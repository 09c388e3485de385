// `export.log` of a git-annex branch: which tree a repository said it had exported to a special
// remote, and which others it had begun and not finished (`<ts>s <from>:<to> <tree> [<tree>…]`).

import { linesOf, parseTimestamp } from './log-lines.ts';

export interface ExportRecord {
  readonly to: string;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  /** The tree that was exported, 40 hex digits. */
  readonly tree: string;
  /** Trees whose export was begun and never recorded as done. */
  readonly incomplete: readonly string[];
}

const OID = /^[0-9a-f]{40}$/;

/**
 * The newest record of each remote. The participants of a line are a pair, of which git-annex keeps
 * the newest; exports from several clones to one remote are told by the newest of all.
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
