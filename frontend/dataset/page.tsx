// The dataset's page, put together.

import { date } from '../../core/documents/format.ts';
import { registryNote, unpublishedRun } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import { countsFrom } from '../../core/documents/words.ts';
import { DataAge } from '../shared/age.tsx';
import { ArchiveBanner, archive } from '../shared/archive.tsx';
import { Badge } from '../shared/badge.tsx';
import { chosen, DATA } from '../shared/catalogue.ts';
import { Masthead, Notice } from '../shared/masthead.tsx';
import { MessageBox } from '../shared/message.tsx';
import { report } from '../shared/status.ts';
import { Trouble } from '../shared/trouble.tsx';
import { visible } from '../shared/visible.ts';
import { WayBack } from '../shared/way-back.tsx';
import { Away } from './away-link.tsx';
import { Cards, OWN } from './cards.tsx';
import { Causes } from './causes.tsx';
import { historyPart, name, subject } from './state.ts';

export function Page() {
  const state = subject.value;
  return (
    <>
      <Masthead>{state.kind === 'known' && <DataAge at={state.lastUpdated} />}</Masthead>
      <main class="dataset">
        <ArchiveBanner />
        <RegistryBanner />
        {state.kind !== 'waiting' && <WayBack />}
        <Content />
      </main>
      <Notice />
    </>
  );
}

/** A dataset that was published since, or withdrawn, is not known here. */
function RegistryBanner() {
  const title = registryNote(report());
  return <MessageBox of={title === null ? null : { title, why: [] }} label="State of the data" />;
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
    case 'withdrawn':
      return (
        <>
          <Trouble alone title={`${state.id} was withdrawn`}>
            The registry has not had it since {date(state.since)}. Its results are not kept.
          </Trouble>
          <History />
        </>
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
  broken: `${DATA}summary.json is broken.`,
  failed: 'No trustworthy answer came from the server.',
} as const;

function Parts({ id, row }: { id: string; row: Row | null }) {
  return (
    <>
      <Causes row={row} />
      <Cards id={id} row={row} />
      <History />
      {OWN?.below.map((Part, place) => (
        <Part key={place} id={id} row={row} />
      ))}
    </>
  );
}

function History() {
  const Part = historyPart.value;
  return Part && <Part />;
}

function Heading({ id, row }: { id: string; row: Row | null }) {
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
            Latest snapshot <code>{row.version ?? 'unknown'}</code>
            {row.versionDate && <> from {date(row.versionDate)}</>}
          </span>
        )}
        {row?.pending && <span>{countsFrom(row.pending)}</span>}
        {chosen.lookups?.map(({ to, label, atVersion }) => (
          <Away
            key={to}
            to={chosen.link(to, archive.value, id, atVersion ? (row?.version ?? null) : null)}
          >
            {visible(label(archive.value))}
          </Away>
        ))}
      </p>
      {run && <p class="remark">Some of what follows may be from {run}.</p>}
    </header>
  );
}
