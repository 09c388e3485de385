// The heading of a dataset's page says it all: what is wrong, since when, and what to do. All but the
// last is from the row, which is there first.

import { date, longDate, number } from '../../core/documents/format.ts';
import { headline, withSince } from '../../core/documents/headline.ts';
import { unpublishedRun } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import { countsFrom, STATUS_WORDS } from '../../core/documents/words.ts';
import { archive } from '../shared/archive.tsx';
import { Badge } from '../shared/badge.tsx';
import { catalogue, chosen } from '../shared/catalogue.ts';
import { report } from '../shared/status.ts';
import { visible } from '../shared/visible.ts';
import { Away } from './away-link.tsx';
import { sentences } from './chosen-sentences.ts';
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
  const { says, issue, since, more } = headline(catalogue, row, sentences);
  const words = since === null ? hasHistory && 'before the first run' : longDate(since);
  const further = [
    row.pending && `${countsFrom(row.pending)}.`,
    issue === null && !row.pending && words && `${STATUS_WORDS[row.status]} since ${words}.`,
    more > 0 &&
      `There ${more === 1 ? 'is one more finding' : `are ${number(more)} more findings`}.`,
  ].filter((part) => part);
  const rest = parts.value;
  return (
    <div class={`lead ${row.status}`}>
      <p class="says">{issue !== null && words ? withSince(says, words) : says}</p>
      {further.length > 0 && <p>{further.join(' ')}</p>}
      {rest !== null && !(rest instanceof Error) && <rest.ToDo id={id} row={row} />}
    </div>
  );
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
