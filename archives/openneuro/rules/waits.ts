// Which findings of a dataset just published do not count yet (docs/checks.md#new-datasets). The page says so too: no
// imports but types.

import type { CheckDefinition } from '../../../core/monitor/check.ts';
import type { Found } from './just-published.ts';

type Evidence = Pick<Found, 'findings' | 'remotes' | 'exportedTree'>;

/** By what the checks say of their findings: what a copy on its way looks like. Anything else counts at once. */
export function waitsBy(checks: readonly Pick<CheckDefinition, 'id' | 'findings'>[]) {
  const findingsOf = new Map(checks.map(({ id, findings }) => [id, findings]));
  const onItsWay = (check: string, finding: string) =>
    findingsOf.get(check)?.[finding]?.onItsWay === true;
  return (check: string, finding: string, found: Evidence): boolean => {
    const { findings, remotes, exportedTree } = found;
    // Where there is no repository, all else follows from that.
    if (check === 'github') return findings.some((one) => onItsWay(check, one));
    // The remote is made by the first export.
    if (finding === 'remotes') return remotes?.length === 0;
    if (finding === 'export-unknown') return exportedTree === null;
    return onItsWay(check, finding);
  };
}
