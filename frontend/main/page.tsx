// The main page, put together.

import { number } from '../../core/documents/format.ts';
import { DataAge } from '../shared/age.tsx';
import { ArchiveBanner } from '../shared/archive.tsx';
import { DATA } from '../shared/catalogue.ts';
import { loadHelp } from '../shared/load-help.ts';
import { Masthead, Notice } from '../shared/masthead.tsx';
import { wide } from '../shared/media.ts';
import { report } from '../shared/status.ts';
import { Trouble } from '../shared/trouble.tsx';
import { visible } from '../shared/visible.ts';
import { Banner } from './banner.tsx';
import { Cards } from './cards.tsx';
import { Facets } from './facets.tsx';
import { Folds } from './folds.tsx';
import { tryAgain } from './loading.ts';
import { boardsPart, index, summary } from './state.ts';
import { Table } from './table.tsx';
import { Toolbar } from './toolbar.tsx';

export function Page() {
  const loaded = summary.value?.kind === 'loaded' ? summary.value : null;
  return (
    <>
      <Masthead loadHelp={loadHelp} skipTo={LIST}>
        {loaded && <DataAge at={loaded.lastUpdated} />}
      </Masthead>
      <main>
        <ArchiveBanner />
        <Content />
      </main>
      <Notice />
    </>
  );
}

const LIST = {
  name: 'list',
  find: () => document.querySelector<HTMLElement>('.datasets tbody [tabindex="0"]'),
};

function Content() {
  const state = summary.value;
  const Board = boardsPart.value?.Board;
  if (state === null) return <p class="waiting">Loading the summary…</p>;
  switch (state.kind) {
    case 'absent':
      return (
        <Trouble alone title="There is no summary yet" tryAgain={tryAgain}>
          {whyNothing() ?? 'Nothing has been published here: run the monitor, then try again.'}
        </Trouble>
      );
    case 'broken':
      return (
        <Trouble alone title="The summary cannot be read" tryAgain={tryAgain}>
          {DATA}summary.json is not what it should be, so nothing is shown rather than something
          wrong. The next run rewrites it.
        </Trouble>
      );
    case 'failed':
      return (
        <Trouble alone title="The summary could not be loaded" tryAgain={tryAgain}>
          No trustworthy answer came from the server.
        </Trouble>
      );
    case 'loaded':
      return (
        <>
          <Banner published={state.lastUpdated} />
          {state.missingParts > 0 && (
            <Trouble title="The list is not complete" tryAgain={tryAgain}>
              {`${number(index.value.ids.length)} of ${number(state.total)} datasets could be loaded.`}
            </Trouble>
          )}
          <Cards />
          <Folds />
          {Board && <Board />}
          <div class="columns">
            <section class="list" aria-label="List">
              <Toolbar />
              <Table />
            </section>
            {wide.value && (
              <section class="side" aria-label="Filters">
                <Facets />
              </section>
            )}
          </div>
        </>
      );
  }
}

/** The first run may have been held or have failed. */
function whyNothing(): string | null {
  const { outcome, why } = report()?.lastRun ?? NOTHING_KNOWN;
  if (outcome === 'published') return null;
  const what = outcome === 'held' ? 'The first publish was held.' : 'The last run failed.';
  return visible([what, ...why].join(' '));
}

const NOTHING_KNOWN = { outcome: 'published', why: [] } as const;
