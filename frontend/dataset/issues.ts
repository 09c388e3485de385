// The issues on a card: those of the evidence if it could be loaded, else those of the summary.

import { checkOf, issuesOf } from '../../core/documents/catalogue.ts';
import type { Row } from '../../core/documents/rows.ts';
import { catalogue } from '../shared/catalogue.ts';

export interface FoundIssue {
  readonly issue: string;
  /** Snapshots that it is about; empty if it is about the whole dataset. */
  readonly tags: readonly string[];
}

/** @param findings of the check's document; null if there is none. */
export function issuesOfCheck(
  check: string,
  row: Row | null,
  findings: readonly string[] | null,
): FoundIssue[] {
  if (findings === null) return summarized(check, row);
  return findings.flatMap((subtype) => known(`${check}:${subtype}`));
}

export function summarized(check: string, row: Row | null): FoundIssue[] {
  if (row === null) return [];
  return issuesOf(catalogue, row).flatMap((issue) =>
    checkOf(issue) === check ? known(issue) : [],
  );
}

/** Documents are hostile: an unknown issue is dropped. */
export function known(issue: string): FoundIssue[] {
  return catalogue.issues.has(issue) ? [{ issue, tags: [] }] : [];
}
