// A report for an issue tracker or a mail: made here, sent by the person who reads it.

import '../shared/common.ts';
import { headline } from '../../core/documents/headline.ts';
import { reportText } from '../../core/documents/report-text.ts';
import type { Row } from '../../core/documents/rows.ts';
import { archive } from '../shared/archive.tsx';
import { catalogue, DATA } from '../shared/catalogue.ts';
import { copy } from '../shared/clipboard.ts';
import { Dialog } from '../shared/dialog.tsx';
import { datasetAddress } from '../shared/summary.ts';
import { Away } from './away-link.tsx';
import { details } from './chosen-details.ts';
import { sentences } from './chosen-sentences.ts';
import { OWN } from './own-cards.ts';
import { causes, checkDocument, name, subject } from './state.ts';

export interface ReportProps {
  readonly id: string;
  readonly row: Row;
  readonly close: () => void;
}

/** GitHub refuses longer addresses. */
const LONGEST_ADDRESS = 7_500;

export function Report({ id, row, close }: ReportProps) {
  const at = (address: string) => new URL(address, location.href).href;
  const explained = catalogue.causes.map((cause, place) => {
    const changes = details.changes[place] ?? 0;
    return [cause.id, { ...cause, changes, says: details.cause[place] ?? '' }] as const;
  });
  const words = { ...catalogue, causeById: new Map(explained) };
  const { title, body } = reportText(words, {
    headline: headline(catalogue, row, sentences),
    row: { ...row, name: name.value ?? null },
    published: subject.value.kind === 'known' ? subject.value.lastUpdated : null,
    causes:
      causes.value.kind === 'loaded'
        ? causes.value.value
        : (OWN?.causes?.(archive.value, row, catalogue) ?? []),
    page: at(datasetAddress(id)),
    documentOf: (check) => at(DATA + checkDocument(id, check)),
  });
  const tracker = OWN?.issues?.(archive.value) ?? null;
  const query = new URLSearchParams({ title, body });
  const isShort = `${tracker}?${query}`.length <= LONGEST_ADDRESS;
  return (
    <Dialog title="Report" close={close}>
      <p>Nothing is sent from here: copy the text, or open a new issue with it.</p>
      <textarea readOnly rows={16} value={`${title}\n\n${body}`} aria-label="Text of the report" />
      <div class="takeaway">
        <button
          type="button"
          class="main"
          onClick={() => copy(`${title}\n\n${body}`, 'Report copied.')}
        >
          Copy the report
        </button>
        <Away to={tracker && `${tracker}?${isShort ? query : new URLSearchParams({ title })}`}>
          {isShort ? 'Open as a new issue' : 'Open a new issue, and paste the text'}
        </Away>
      </div>
    </Dialog>
  );
}
