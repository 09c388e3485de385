// The heading of a dataset's page says it all: what is wrong, since when, and what to do. All but the
// last is from the row, which is there first.

import { date, longDate, number } from '../../core/documents/format.ts';
import { headline } from '../../core/documents/headline.ts';
import { unpublishedRun } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import { countsFrom, STATUS_WORDS } from '../../core/documents/words.ts';
import { archive } from '../shared/archive.tsx';
import { Badge } from '../shared/badge.tsx';
import { catalogue, chosen } from '../shared/catalogue.ts';
import { report } from '../shared/status.ts';
import { visible } from '../shared/visible.ts';
import { Away } from './away-link.tsx';
import { SENTENCE_WORDS } from './sentence-words.ts';
import { name, parts } from './state.ts';

interface Props {
  readonly id: string;
  readonly row: Row | null;
  /** Without one, nobody knows since when. */
  readonly hasHistory: boolean;
}

export function Heading({ id, row, hasHistory }: Props) {
  const run = row && unpublishedRun(report());
  return (
    <header class="heading">
      <h1>
        <span class="id">{id}</span> {row && <Badge status={row.status} />}
      </h1>
      {name.value !== null && <p class="title">{name.value && <bdi>{visible(name.value)}</bdi>}</p>}
      <p class="facts">
        {row && (
          <span>
            Latest snapshot <code>{row.version ?? 'unknown'}</code>
            {row.versionDate && <> from {date(row.versionDate)}</>}
          </span>
        )}
        <Lookups id={id} row={row} />
      </p>
      {row && <Lead id={id} row={row} hasHistory={hasHistory} />}
      {run && <p class="remark">Some of what follows may be from {run}.</p>}
    </header>
  );
}

function Lead({ id, row, hasHistory }: Props & { readonly row: Row }) {
  const { says, more } = headline(catalogue, row, SENTENCE_WORDS[chosen.id]);
  const rest = parts.value;
  return (
    <div class={`lead ${row.status}`}>
      <p class="says">{says}</p>
      <p>
        {sinceWords(row, hasHistory)}
        {more > 0 &&
          ` There ${more === 1 ? 'is one more finding' : `are ${number(more)} more findings`}.`}
      </p>
      {rest !== null && !(rest instanceof Error) && <rest.ToDo id={id} row={row} />}
    </div>
  );
}

function sinceWords({ status, since, pending }: Row, hasHistory: boolean): string {
  if (pending) return `${countsFrom(pending)}.`;
  const word = STATUS_WORDS[status];
  if (since !== null) return `${word} since ${longDate(since)}.`;
  return hasHistory ? `${word} since before the first run.` : '';
}

/** No link leads to what is not there. */
function Lookups({ id, row }: Omit<Props, 'hasHistory'>) {
  return (
    <>
      {chosen.lookups
        ?.filter(({ unless = [] }) => !unless.some((issue) => isFound(row, issue)))
        .map(({ to, label, atVersion }) => (
          <Away
            key={to}
            to={chosen.link(to, archive.value, id, atVersion ? (row?.version ?? null) : null)}
          >
            {visible(label(archive.value))}
          </Away>
        ))}
    </>
  );
}

function isFound(row: Row | null, issue: string): boolean {
  const [check = '', finding = ''] = issue.split(':');
  return row?.checks[check]?.findings.includes(finding) === true;
}
