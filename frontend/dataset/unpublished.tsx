// What a document tells otherwise than the published summary: it is of a run that was held back, that failed on
// its way, or that is not over yet. No document has a time of its own, so it is known by what it says.

import type { Check } from '../../archives/openneuro/vocabulary.ts';
import { unpublishedRun } from '../../core/documents/provenance.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import type { Status } from '../../core/documents/vocabulary.ts';
import { Badge } from '../shared/badge.tsx';
import { report } from '../shared/status.ts';
import type { FoundIssue, Verdict } from './check-card.tsx';
import { summarized } from './issues.ts';

/** Whether a check's document says something else than its dataset's row. */
export function tellsOtherwise(
  check: Check,
  row: SummaryRow | null,
  evidence: Verdict | null,
  issues: readonly FoundIssue[],
): boolean {
  const published = row?.checks[check];
  if (!row || !evidence || published == null) return false;
  const { status, lastAttempt, pending, exportMissing, added, removed } = evidence;
  if (status !== published) return true;
  if (lastAttempt && lastAttempt.at !== row.unverified?.[check]?.at) return true;
  // What does not count yet is in the document alone.
  if (pending) return false;
  if (!sameWords(issues, summarized(check, row))) return true;
  // Of an export without files nothing is counted.
  if (exportMissing || !added || !removed) return false;
  return added.length !== (row.s3FilesAdded ?? 0) || removed.length !== (row.s3FilesRemoved ?? 0);
}

function sameWords(some: readonly FoundIssue[], others: readonly FoundIssue[]): boolean {
  const words = (issues: readonly FoundIssue[]) =>
    issues
      .map(({ issue }) => issue)
      .sort()
      .join();
  return words(some) === words(others);
}

/** Said before what is not published. */
export function Unpublished({ status }: { status?: Status }) {
  const run = unpublishedRun(report());
  return (
    <p class="remark unpublished">
      {run === null
        ? 'Measured again since the summary was published'
        : `From ${run}, not published`}
      {status ? (
        <>
          : <Badge status={status} />
        </>
      ) : (
        '.'
      )}
    </p>
  );
}
