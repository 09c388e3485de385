// The card of a check whose document has all that it found, or why it compared nothing. It says so
// if the check was not made.

import type { ComponentChildren } from 'preact';
import type { Row } from '../../core/documents/rows.ts';
import { archive, notChecked } from '../shared/archive.tsx';
import { catalogue } from '../shared/catalogue.ts';
import { CheckCard } from './check-card.tsx';
import type { PlainEvidence } from './documents.ts';
import { issuesOfCheck } from './issues.ts';
import { type Asked, details } from './state.ts';

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
  if (document.kind === 'unasked') return <Unchecked check={check} />;
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

function Unchecked({ check }: { check: string }) {
  return (
    <article class="check unknown" aria-labelledby={`check-${check}`}>
      <header>
        <h2 id={`check-${check}`}>{catalogue.checkById.get(check)?.words.name}</h2>
        <span class="badge pending">{notChecked()}</span>
      </header>
      <p class="verdict">
        This check was not made:{' '}
        {archive.value?.origin === 'replay'
          ? 'what it looks at was not recorded.'
          : 'it is switched off, or no run has come to it yet.'}{' '}
        It says nothing, good or bad.
      </p>
    </article>
  );
}
