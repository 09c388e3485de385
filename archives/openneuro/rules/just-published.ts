// New datasets are not faults (docs/checks.md#new-datasets): OpenNeuro publishes first and opens the
// objects last. Which findings wait, for how long, and what a verdict is without them.

import type { Pending } from '../../../core/documents/documents.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';
import { CHECK_LIST } from '../checks/index.ts';
import { type Cause, type Check, type Subtype, statusOf } from '../vocabulary.ts';

/** What a missing repository or an export on its way looks like. Anything else counts at once. */
const WAITING = Object.fromEntries(
  CHECK_LIST.map(({ id, findings }) => [
    id,
    Object.entries<CheckDefinition['findings'][string]>(findings).flatMap(
      ([subtype, { onItsWay }]) => (onItsWay ? [subtype] : []),
    ),
  ]),
) as unknown as Readonly<Record<Check, readonly Subtype[]>>;

/** Their remedy is to export or push once more, which is what is still going on. */
const WAITING_CAUSES: readonly Cause[] = [
  'repository-never-pushed',
  'export-never-ran',
  'export-cut-short',
  'still-private',
];

/** What a check found, as its record has it. */
export interface Found {
  readonly subtype: Subtype | null;
  readonly findings: readonly Subtype[];
  readonly removed?: number | null;
  readonly notCompared?: CheckRecord['notCompared'];
  /** Of annexRecord: the special remotes that the export goes to. */
  readonly remotes?: readonly unknown[];
  /** Of annexRecord: null where no export is recorded. */
  readonly exportedTree?: string | null;
}

/** A verdict without the findings that wait, which `findings` does not name. */
export type Waiting = Pick<CheckRecord, 'status' | 'subtype' | 'findings'> & {
  readonly pending: Pending;
};

/** Null when nothing that was found waits: the verdict is as it is. */
export function withoutWaiting(check: Check, found: Found, until: string | null): Waiting | null {
  if (until === null) return null;
  const findings = findingsOf(found);
  const counting = findings.filter((finding) => !waits(check, finding, found));
  if (counting.length === findings.length && !waitsForExport(check, found)) return null;
  const [first] = counting;
  return {
    status: first === undefined ? 'pending' : statusOf(first),
    subtype: first ?? null,
    findings: found.findings.filter((finding) => counting.includes(finding)),
    pending: { reason: 'just-published', until },
  };
}

/** Worst first. Only a comparison of files tells what is removed. */
function findingsOf({ subtype, findings, removed }: Found): readonly Subtype[] {
  if (findings.length > 0 || subtype === null) return findings;
  return removed ? [subtype, 'files-orphaned'] : [subtype];
}

/** Of a finding of a dataset just published. */
export function waits(
  check: Check,
  finding: Subtype,
  { findings, remotes, exportedTree }: Pick<Found, 'findings' | 'remotes' | 'exportedTree'>,
): boolean {
  // Where there is no repository, all else follows from that.
  if (check === 'github') return findings.some((one) => WAITING.github.includes(one));
  // The remote is made by the first export.
  if (finding === 'remotes') return remotes?.length === 0;
  if (finding === 'export-unknown') return exportedTree === null;
  return WAITING[check].includes(finding);
}

/** There is nothing to compare with, or in, before the export is open and the mirror is there. */
function waitsForExport(check: Check, { notCompared }: Found): boolean {
  return check === 's3Files' && (notCompared === 'blocked' || notCompared === 'mirror-absent');
}

/** @param until null when everything about the dataset counts. */
export function causeWaits(cause: Cause, until: string | null): boolean {
  return until !== null && WAITING_CAUSES.includes(cause);
}
