// The dataset's page, put together.

import { archiveLink, exportLink, mirrorLink } from '../../archives/openneuro/links.ts';
import { date } from '../../core/documents/format.ts';
import { unpublishedRun } from '../../core/documents/provenance.ts';
import type { SummaryRow } from '../../core/documents/summary.ts';
import { countsFrom } from '../../core/documents/words.ts';
import { DataAge } from '../shared/age.tsx';
import { ArchiveBanner, archive } from '../shared/archive.tsx';
import { Badge } from '../shared/badge.tsx';
import { Masthead, Notice } from '../shared/masthead.tsx';
import { report } from '../shared/status.ts';
import { listAddress } from '../shared/summary.ts';
import { Trouble } from '../shared/trouble.tsx';
import { visible } from '../shared/visible.ts';
import { Cards } from './cards.tsx';
import { Causes } from './causes.tsx';
import { Away } from './links.tsx';
import { Snapshots } from './snapshots.tsx';
import { name, subject } from './state.ts';
import { Viewer } from './viewer.tsx';

export function Page() {
  const state = subject.value;
  return (
    <>
      <Masthead>{state.kind === 'known' && <DataAge at={state.lastUpdated} />}</Masthead>
      <main class="dataset">
        <ArchiveBanner />
        {state.kind !== 'waiting' && (
          <nav aria-label="Way back">
            <a href={listAddress()}>← All datasets</a>
          </nav>
        )}
        <Content />
      </main>
      <Notice />
    </>
  );
}

function Content() {
  const state = subject.value;
  switch (state.kind) {
    case 'waiting':
      return <p class="waiting">Loading the dataset…</p>;
    case 'no-id':
      return (
        <Trouble alone title="No dataset is named">
          The address of this page ends in <code>?id=</code> and a dataset's id, for example{' '}
          <code>?id=ds000001</code>.
        </Trouble>
      );
    case 'unknown':
      return (
        <Trouble alone title={`${state.id} is not known here`}>
          The summary has no such dataset. It may be new, private or withdrawn, or its id may be
          mistyped.
        </Trouble>
      );
    case 'no-summary':
      return (
        <>
          <Heading id={state.id} row={null} />
          <Trouble title="The summary cannot be shown">
            {NO_SUMMARY[state.why]} The overall status is unknown; below is what the dataset's own
            documents say.
          </Trouble>
          <Parts id={state.id} row={null} />
        </>
      );
    case 'known':
      return (
        <>
          <Heading id={state.id} row={state.row} />
          <Parts id={state.id} row={state.row} />
        </>
      );
  }
}

const NO_SUMMARY = {
  absent: 'No summary has been published.',
  broken: 'data/summary.json is broken.',
  failed: 'No trustworthy answer came from the server.',
} as const;

function Parts({ id, row }: { id: string; row: SummaryRow | null }) {
  return (
    <>
      <Causes row={row} />
      <Cards id={id} row={row} />
      <Viewer id={id} row={row} />
      <Snapshots id={id} />
    </>
  );
}

function Heading({ id, row }: { id: string; row: SummaryRow | null }) {
  const run = row && unpublishedRun(report());
  return (
    <header class="heading">
      <h1>
        <span class="id">{id}</span> {row && <Badge status={row.status} />}
      </h1>
      {name.value && (
        <p class="title">
          <bdi>{visible(name.value)}</bdi>
        </p>
      )}
      <p class="facts">
        {row && (
          <span>
            Latest snapshot <code>{row.latestSnapshot ?? 'unknown'}</code>
            {row.latestSnapshotDate && <> from {date(row.latestSnapshotDate)}</>}
          </span>
        )}
        {row?.pending && <span>{countsFrom(row.pending)}</span>}
        <Away to={archiveLink(archive.value, id, row?.latestSnapshot ?? null)}>
          {visible(archive.value?.name ?? '')}
        </Away>
        <Away to={mirrorLink(archive.value, id)}>{mirrorName()}</Away>
        <Away to={exportLink(archive.value, id)}>Export listing</Away>
      </p>
      {run && <p class="remark">Some of what follows may be from {run}.</p>}
    </header>
  );
}

const mirrorName = (): string =>
  archive.value?.mirrorUrl?.startsWith('https://github.com/') ? 'GitHub' : 'Mirror';
