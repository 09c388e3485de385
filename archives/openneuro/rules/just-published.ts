// New datasets are not faults (docs/checks.md#new-datasets): OpenNeuro publishes first and opens
// the objects last. This says how long findings wait, and what waits with them.

import { isOnItsWay } from '../../../core/monitor/check.ts';
import { CHECK_LIST } from '../checks/index.ts';
import type { Cause, Check, Subtype } from '../vocabulary.ts';

/** Their fix is to export or push again, which is still in progress. */
const WAITING_CAUSES: readonly Cause[] = [
  'repository-never-pushed',
  'export-never-ran',
  'export-cut-short',
  'still-private',
];

/** For a finding of a dataset just published. */
export const waits = (
  check: Check,
  finding: Subtype,
  evidence: { readonly findings: readonly Subtype[] },
): boolean =>
  CHECK_LIST.some(
    (one) => one.id === check && isOnItsWay(one, finding, evidence.findings, evidence),
  );

/** @param until null when everything about the dataset counts. */
export function causeWaits(cause: Cause, until: string | null): boolean {
  return until !== null && WAITING_CAUSES.includes(cause);
}
