// Everything below the heading of a dataset's page: what is wrong, why, and how to fix it come
// first; then what waits, what is in order, and the lists. Loaded together with the data.

import { canFix } from '../../core/documents/can-fix.ts';
import '../shared/common.ts';
import { useEffect } from 'preact/hooks';
import { leadingIssues } from '../../core/documents/headline.ts';
import type { Row } from '../../core/documents/rows.ts';
import { catalogue, ENTRY } from '../shared/catalogue.ts';
import type { CardProps } from './archive-cards.ts';
import { Attempts } from './attempts.tsx';
import { Cards, Fine, Together } from './cards.tsx';
import { Causes } from './causes.tsx';
import { fixOf, whoFixes } from './chosen-details.ts';
import { OWN } from './own-cards.ts';
import { ReportButton } from './report-button.tsx';
import { followAddress } from './reveal.ts';
import { historyPart } from './state.ts';

/** Checks whose cards load their own data. */
export const OWN_CHECKS: ReadonlySet<string> = new Set(Object.keys(OWN?.checks ?? {}));

export const load = (id: string, row: Row | null): Promise<unknown> =>
  OWN?.load(id, row) ?? Promise.resolve();

export function Parts({ id, row }: CardProps) {
  useEffect(followAddress, []);
  const History = historyPart.value;
  return (
    <>
      <Attempts row={row} />
      <Cards id={id} row={row} />
      <Together row={row} />
      <Causes row={row} />
      <Fine id={id} row={row} />
      {OWN?.below.map((Part, place) => (
        <Part key={place} id={id} row={row} />
      ))}
      {History && <History />}
    </>
  );
}

/** Who can fix it, and how to tell them. */
export function ToDo({ id, row }: { readonly id: string; readonly row: Row }) {
  const [issue] = leadingIssues(catalogue, row);
  if (issue === undefined) return row.status === 'ok' ? null : <p>There is nothing to do yet.</p>;
  const who = whoFixes(issue);
  const [cause] = row.causes ?? [];
  const words = catalogue.causeById.get(cause ?? '');
  return (
    <div class="to-do">
      <p>
        {canFix(who, ENTRY)}
        {who === 'operators' && words && !words.unexplained ? (
          <>
            . Likely cause:{' '}
            <a href="#likely">{words.label.charAt(0).toLowerCase() + words.label.slice(1)}</a>.
          </>
        ) : (
          `: ${fixOf(issue)}`
        )}
      </p>
      <ReportButton id={id} row={row} who={who} />
    </div>
  );
}
