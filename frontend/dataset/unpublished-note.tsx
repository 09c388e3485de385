// The note if a document differs from the published summary: it is from a run that was held, failed
// or is not over yet. Documents have no time of their own, so their content shows this.

import { unpublishedRun } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import type { Status } from '../../core/documents/vocabulary.ts';
import { Badge } from '../shared/badge.tsx';
import { report } from '../shared/status.ts';
import type { Verdict } from './documents.ts';
import { type FoundIssue, summarized } from './issues.ts';

/** Whether a check's document differs from its dataset's row. */
export function differsFromPublished(
  check: string,
  row: Row | null,
  evidence: Verdict | null,
  issues: readonly FoundIssue[],
): boolean {
  const own = row?.checks[check];
  if (!row || !evidence || !own) return false;
  const { status, lastAttempt, pending, faults } = evidence;
  if (status !== own.status) return true;
  if (lastAttempt && lastAttempt.at !== own.lastAttempt?.at) return true;
  // A finding that does not count yet is only in the document.
  if (pending) return false;
  if (!sameWords(issues, summarized(check, row))) return true;
  return Object.entries(faults ?? {}).some(([name, count]) => count !== (own.numbers[name] ?? 0));
}

function sameWords(some: readonly FoundIssue[], others: readonly FoundIssue[]): boolean {
  const words = (issues: readonly FoundIssue[]) =>
    issues
      .map(({ issue }) => issue)
      .sort()
      .join();
  return words(some) === words(others);
}

/** Shown before unpublished results. */
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
