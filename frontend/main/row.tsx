// One dataset as a row of the table (on a narrow screen the same cells form a card).

import { briefCoverage, capital, comparedOf, coverage } from '../../core/documents/coverage.ts';
import { date, longDate, number } from '../../core/documents/format.ts';
import type { Row as DatasetRow } from '../../core/documents/rows.ts';
import { countsFrom, FAILURE_WORDS } from '../../core/documents/words.ts';
import type { CheckDefinition } from '../../core/monitor/check.ts';
import { notChecked } from '../shared/archive.tsx';
import { Badge, StatusSign } from '../shared/badge.tsx';
import { COLUMNS, catalogue } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { datasetAddress } from '../shared/summary.ts';
import { visible } from '../shared/visible.ts';
import { companionsOf, faultsOf, inPlaceOfNumbers, isClosed, worstInside } from './cells.ts';
import { leaveBy } from './place.ts';
import { historyPart, opened } from './state.ts';

interface Props {
  readonly row: DatasetRow;
  /** Place in the list, from 0. */
  readonly place: number;
  /** True for the only row that Tab stops at; the arrow keys move it. */
  readonly stop: boolean;
}

const WITH_COLUMN = catalogue.checks.filter(({ column }) => column);

const isShown = (column: string): boolean => opened.value.columns.includes(column);

export function Row({ row, place, stop }: Props) {
  const isPinned = opened.value.pinned.has(row.id);
  return (
    <tr role="row" aria-rowindex={place + 2} class={isPinned ? 'pinned' : undefined}>
      {isShown('status') && (
        <td role="cell" class="c-status">
          <Badge status={row.status} />
          <Unverified row={row} />
          <JustPublished row={row} />
        </td>
      )}
      <td role="rowheader" class="c-id">
        <a
          href={datasetAddress(row.id)}
          tabIndex={stop ? 0 : -1}
          data-place={place}
          onClick={(event) => leaveBy(row.id, event.currentTarget)}
        >
          <span class="id">{row.id}</span> {isPinned && <span class="unseen">pinned </span>}
          {row.name && (
            <bdi class="title" title={visible(row.name)}>
              {visible(row.name)}
            </bdi>
          )}
        </a>
      </td>
      {isShown('latest') && (
        <td role="cell" class="c-latest">
          <span class="label">Latest</span>
          <span class="tag">{row.version ?? 'unknown'}</span>
          {row.versionDate && <time dateTime={row.versionDate}>{date(row.versionDate)}</time>}
        </td>
      )}
      {WITH_COLUMN.map((check) =>
        check.version ? (
          <VersionCell key={check.id} check={check} row={row} />
        ) : (
          <FilesCells key={check.id} check={check} row={row} />
        ),
      )}
      {isShown('since') && (
        <td role="cell" class="c-since">
          <span class="label">Since</span>
          <Since at={row.since} />
        </td>
      )}
    </tr>
  );
}

function Since({ at }: { at: string | null }) {
  if (at !== null) return <time dateTime={at}>{date(at)}</time>;
  const first = historyPart.value?.index.firstRun;
  if (!first) return <span class="quiet">unknown</span>;
  return (
    <span title={`since before ${longDate(first)}`}>
      <span class="unseen">before </span>
      <span aria-hidden="true">&lt; </span>
      {date(first)}
    </span>
  );
}

interface CellProps {
  readonly check: CheckDefinition;
  readonly row: DatasetRow;
}

function VersionCell({ check, row }: CellProps) {
  if (!isShown(`${check.column?.id}`)) return null;
  const own = row.checks[check.id];
  return (
    <td role="cell" class={`c-version c-${check.column?.id}`}>
      <span class="label">{check.column?.label}</span>
      {isClosed(row, [check]) ? (
        <Blocked />
      ) : own ? (
        <>
          <StatusSign status={own.status} />
          <Version version={own.version} latest={row.version} />
        </>
      ) : (
        <span class="quiet">{notChecked()}</span>
      )}
    </td>
  );
}

function Blocked() {
  return (
    <span class="error">
      <Icon sign="lock" />
      blocked
    </span>
  );
}

function Version({ version, latest }: { version: string | null; latest: string | null }) {
  if (version === null) return <span class="quiet">none</span>;
  // A mirror's highest tag is set by anyone who pushes; the latest snapshot's is the registry's.
  return <span class={version === latest ? 'tag same' : 'tag'}>{visible(version)}</span>;
}

/** A cell for each number of faults; where there is none, the verdict in their place. */
function FilesCells({ check, row }: CellProps) {
  const faults = isClosed(row) ? [] : faultsOf(check.id, row);
  if (faults.every(({ value }) => value === null)) return <VerdictCell check={check} row={row} />;
  const own = row.checks[check.id];
  const counted = faults.filter(({ words }) => isShown(words.label.toLowerCase()));
  return (
    <>
      {counted.map(({ words, value }, place) => (
        <td
          role="cell"
          key={words.csv}
          class={`c-number c-${words.label.toLowerCase()} ${place === 0 ? `c-${check.column?.id}` : ''}`}
        >
          <span class="sum">
            {place === 0 && own && <StatusSign status={own.status} />}
            {value !== null && (
              <>
                <span class="label">{words.label}</span>
                <span class={words.label.toLowerCase()} title={`${number(value)} ${words.says}`}>
                  {number(value)}
                </span>
              </>
            )}
          </span>
        </td>
      ))}
    </>
  );
}

function VerdictCell({ check, row }: CellProps) {
  const covers = companionsOf(check.id).some((id) => catalogue.checkById.get(id)?.coverage);
  const compared = covers ? comparedOf(catalogue, row) : null;
  const words = compared && `${capital(coverage(compared))}.`;
  const columns = COLUMNS.filter(({ id, of }) => of === check.column?.id && isShown(id)).length;
  if (columns === 0) return null;
  return (
    <td
      role="cell"
      class={`c-verdict c-${check.column?.id}`}
      colSpan={columns}
      aria-colspan={columns}
      title={words ?? undefined}
    >
      <span class="label">{check.column?.label}</span>
      {isClosed(row) ? (
        <Blocked />
      ) : (
        <Verdict check={check} row={row} brief={compared && briefCoverage(compared)} />
      )}
      {words && <span class="unseen">{` ${words}`}</span>}
    </td>
  );
}

function Verdict({ check, row, brief }: CellProps & { readonly brief: string | null }) {
  const own = row.checks[check.id];
  if (!own) return <span class="quiet">{notChecked()}</span>;
  const inside = own.status === 'ok' ? worstInside(check.id, row) : null;
  if (inside) {
    return (
      <>
        <StatusSign status={inside.status} />
        <span class="quiet">{catalogue.issues.get(inside.issue)?.label.toLowerCase()}</span>
      </>
    );
  }
  return (
    <>
      <StatusSign status={own.status} />
      <span class="quiet">{inPlaceOfNumbers(check, row)}</span>
      {own.status === 'ok' && brief && (
        <small class="coverage" aria-hidden="true">
          {brief}
        </small>
      )}
    </>
  );
}

function JustPublished({ row }: { row: DatasetRow }) {
  if (!row.pending) return null;
  const words = countsFrom(row.pending);
  return (
    <span class="waiting-mark" title={words}>
      <Icon sign="pending" label={words} />
    </span>
  );
}

function Unverified({ row }: { row: DatasetRow }) {
  const failed = catalogue.checks.flatMap(({ id, words }) => {
    const attempt = row.checks[id]?.lastAttempt;
    return attempt ? `${words.name}: ${FAILURE_WORDS[attempt.reason]}` : [];
  });
  if (failed.length === 0) return null;
  const why = failed.join('; ');
  return (
    <span class="unverified" title={`Unverified. ${why}`}>
      <Icon sign="unverified" label={`unverified: ${why}`} />
    </span>
  );
}
