// The card of a check whose document has all that it found, or why it compared nothing.

import type { ComponentChildren } from 'preact';
import type { Row } from '../../core/documents/rows.ts';
import { CheckCard } from './check-card.tsx';
import { details } from './chosen-details.ts';
import type { PlainEvidence } from './documents.ts';
import { issuesOfCheck } from './issues.ts';
import type { Asked } from './state.ts';

interface Props<T extends PlainEvidence> {
  readonly check: string;
  /** null when the summary could not be read. */
  readonly row: Row | null;
  readonly document: Asked<T>;
  /** The scope of the verdict. */
  readonly reach?: string | null;
  readonly children: (evidence: T) => ComponentChildren;
}

export function EvidenceCard<T extends PlainEvidence>(props: Props<T>) {
  const { check, row, document, reach = null, children } = props;
  const loaded = document.kind === 'loaded' ? document.value : null;
  const issues = issuesOfCheck(check, row, loaded?.findings ?? null);
  const reason = details.reasons[loaded?.notCompared ?? ''];
  return (
    <CheckCard
      check={check}
      row={row}
      document={document}
      issues={issues}
      reach={reach}
      otherwise={
        reason
          ? `${reason.untold ? 'This is not known' : 'There is nothing to look at'}: ${reason.says}.`
          : null
      }
    >
      {children}
    </CheckCard>
  );
}
