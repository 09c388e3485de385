// The dataset's page, put together: the heading, and below it parts.tsx.

import { date } from '../../core/documents/format.ts';
import { registryNote } from '../../core/documents/provenance.ts';
import type { Row } from '../../core/documents/rows.ts';
import { DataAge } from '../shared/age.tsx';
import { ArchiveBanner } from '../shared/archive.tsx';
import { DATA } from '../shared/catalogue.ts';
import { loadHelp } from '../shared/load-help.ts';
import { Masthead, Notice } from '../shared/masthead.tsx';
import { MessageBox } from '../shared/message.tsx';
import { report } from '../shared/status.ts';
import { Trouble } from '../shared/trouble.tsx';
import { WayBack } from '../shared/way-back.tsx';
import { Heading } from './heading.tsx';
import { historyPart, parts, subject } from './state.ts';

export function Page() {
  const state = subject.value;
  return (
    <>
      <Masthead loadHelp={loadHelp}>
        {state.kind === 'known' && <DataAge at={state.lastUpdated} />}
      </Masthead>
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
          <Heading id={state.id} row={null} hasHistory={false} />
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
          <Heading id={state.id} row={state.row} hasHistory={state.hasHistory} />
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
  const loaded = parts.value;
  if (loaded === null) return <p class="waiting">Loading the checks…</p>;
  if (loaded instanceof Error) {
    return (
      <Trouble title="The rest of the page could not be loaded">
        Reload the page to try again.
      </Trouble>
    );
  }
  return <loaded.Parts id={id} row={row} />;
}

function History() {
  const Part = historyPart.value;
  return Part && <Part />;
}
