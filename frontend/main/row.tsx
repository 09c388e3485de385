// One dataset as a row of the table (on a narrow screen the same cells form a card).

import { CHECKS, type Check, CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { checkOf, issuesOf } from '../../core/documents/catalogue.ts';
import { briefCoverage, capital, coverage } from '../../core/documents/coverage.ts';
import { date, number } from '../../core/documents/format.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import { countsFrom, FAILURE_WORDS, PENDING_WORDS } from '../../core/documents/words.ts';
import { Age } from '../shared/age.tsx';
import { Badge, StatusSign } from '../shared/badge.tsx';
import { catalogue } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { datasetAddress } from '../shared/summary.ts';
import { visible } from '../shared/visible.ts';

interface Props {
  readonly row: SummaryRow;
  /** Place in the list, from 0. */
  readonly place: number;
  /** True for the one row that Tab stops at; the arrow keys move it. */
  readonly stop: boolean;
}

export function Row({ row, place, stop }: Props) {
  return (
    <tr role="row" aria-rowindex={place + 2}>
      <td role="cell" class="c-status">
        <Badge status={row.status} />
        <Unverified row={row} />
        <JustPublished row={row} />
      </td>
      <td role="rowheader" class="c-id">
        <a href={datasetAddress(row.id)} tabIndex={stop ? 0 : -1} data-place={place}>
          <span class="id">{row.id}</span>{' '}
          {row.name && (
            <bdi class="title" title={visible(row.name)}>
              {visible(row.name)}
            </bdi>
          )}
        </a>
      </td>
      <td role="cell" class="c-latest">
        <span class="label">Latest</span>
        <span class="tag">{row.latestSnapshot ?? 'unknown'}</span>
        {row.latestSnapshotDate && (
          <time dateTime={row.latestSnapshotDate}>{date(row.latestSnapshotDate)}</time>
        )}
      </td>
      <td role="cell" class="c-mirror">
        <span class="label">Mirror</span>
        <StatusSign status={row.checks.github} />
        <Version version={row.githubVersion} latest={row.latestSnapshot} />
      </td>
      <td role="cell" class="c-export">
        <span class="label">Export</span>
        {row.s3Blocked ? (
          <span class="error">
            <Icon sign="lock" />
            blocked
          </span>
        ) : (
          <>
            <StatusSign status={row.checks.s3Version} />
            <Version version={row.s3Version} latest={row.latestSnapshot} />
          </>
        )}
      </td>
      <td role="cell" class="c-files" title={row.compared && `${capital(coverage(row.compared))}.`}>
        <span class="label">Differ</span>
        <Files row={row} />
        {row.compared && <span class="unseen">{` ${capital(coverage(row.compared))}.`}</span>}
      </td>
      <td role="cell" class="c-age">
        <Age at={row.checkedAt} />
      </td>
    </tr>
  );
}

function Version({ version, latest }: { version: string | null; latest: string | null }) {
  if (version === null) return <span class="quiet">none</span>;
  // A mirror's highest tag is whatever someone pushed; the latest snapshot's is the registry's.
  return <span class={version === latest ? 'tag same' : 'tag'}>{visible(version)}</span>;
}

function Files({ row }: { row: SummaryRow }) {
  const status = row.checks.s3Files;
  if (row.s3Blocked) {
    return (
      <span class="error">
        <Icon sign="lock" />
        blocked
      </span>
    );
  }
  const missing = row.s3FilesAdded;
  const orphaned = row.s3FilesRemoved;
  const inside = status === 'ok' ? worstInside(row) : null;
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
      <StatusSign status={status} />
      {(missing !== null || orphaned !== null) && (
        <span class="counts">
          <Count what="missing" sign="+" count={missing} />
          <Count what="orphaned" sign={'\u2212'} count={orphaned} />
        </span>
      )}
      {missing === null && orphaned === null && <span class="quiet">{withoutCounts(row)}</span>}
      {status === 'ok' && row.compared && (
        <small class="coverage" aria-hidden="true">
          {briefCoverage(row.compared)}
        </small>
      )}
    </>
  );
}

/** Names in step are not copies in step: the worst that the checks of what is inside found. */
function worstInside(row: SummaryRow): { readonly issue: string; readonly status: Status } | null {
  const found = issuesOf(catalogue, row).flatMap((issue) => {
    const check = checkOf(issue) as Check;
    const status = CONTENT_CHECKS.some((one) => one === check) ? row.checks[check] : null;
    return status ? [{ issue, status }] : [];
  });
  const least = Math.min(...found.map(({ status }) => STATUSES.indexOf(status)));
  return found.find(({ status }) => STATUSES.indexOf(status) === least) ?? null;
}

function Count(props: { what: 'missing' | 'orphaned'; sign: string; count: number | null }) {
  const { what, sign, count } = props;
  // The space keeps the line of the other one.
  if (count === null) return <span>{'\u00a0'}</span>;
  return (
    <span class={what} title={`${number(count)} ${what} in the export`}>
      {sign}
      {number(count)}
    </span>
  );
}

const JUST_PUBLISHED = PENDING_WORDS['just-published'].label.toLowerCase();

function withoutCounts(row: SummaryRow): string {
  if (row.issueSubtypes?.s3Files === 'export-missing') return 'no export';
  if (row.notCompared === 'tag-not-on-mirror') return 'waits for tag';
  if (row.pending && row.checks.s3Files === 'pending') return JUST_PUBLISHED;
  if (row.notCompared === 'mirror-absent') return 'waits for mirror';
  if (row.notCompared === 'commit-not-on-mirror') return 'waits for commit';
  return row.checks.s3Files === 'ok' ? 'none' : 'not compared';
}

function JustPublished({ row }: { row: SummaryRow }) {
  if (!row.pending) return null;
  const words = countsFrom(row.pending);
  return (
    <span class="waiting-mark" title={words}>
      <Icon sign="pending" label={words} />
    </span>
  );
}

function Unverified({ row }: { row: SummaryRow }) {
  const failed = CHECKS.filter((check) => row.unverified?.[check] != null);
  if (failed.length === 0) return null;
  const why = failed
    .map((check) => `${catalogue.checkById.get(check)?.words.name}: ${reason(row, check)}`)
    .join('; ');
  return (
    <span class="unverified" title={`Unverified. ${why}`}>
      <Icon sign="unverified" label={`unverified: ${why}`} />
    </span>
  );
}

function reason(row: SummaryRow, check: Check): string {
  const attempt = row.unverified?.[check];
  return attempt ? FAILURE_WORDS[attempt.reason] : '';
}
