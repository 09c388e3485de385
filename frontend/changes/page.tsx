// The page of changes, put together: filters, and the list by day, newest first.

import { longDate, number } from '../../core/documents/format.ts';
import { CHANGE_KINDS, type Change } from '../../core/history/classify.ts';
import { dayOf } from '../../core/history/paths.ts';
import { CHANGE_WORDS, changeWords } from '../../core/history/words.ts';
import { DataAge } from '../shared/age.tsx';
import { ArchiveBanner } from '../shared/archive.tsx';
import { catalogue, DATA } from '../shared/catalogue.ts';
import { loadHelp } from '../shared/load-help.ts';
import { Masthead, Notice } from '../shared/masthead.tsx';
import { report } from '../shared/status.ts';
import { datasetAddress } from '../shared/summary.ts';
import { Trouble } from '../shared/trouble.tsx';
import { visible } from '../shared/visible.ts';
import { WayBack } from '../shared/way-back.tsx';
import { Filters } from './filters.tsx';
import { names, type Shown, show, shown, view } from './state.ts';

export function Page() {
  const publishedAt = report()?.publishedAt;
  return (
    <>
      <Masthead loadHelp={loadHelp}>{publishedAt && <DataAge at={publishedAt} />}</Masthead>
      <main class="changes">
        <ArchiveBanner />
        <WayBack />
        <Content />
      </main>
      <Notice />
    </>
  );
}

function Content() {
  const state = shown.value;
  switch (state.kind) {
    case 'waiting':
      return <p class="waiting">Loading the changes…</p>;
    case 'absent':
      return (
        <Trouble alone title="There is no history yet">
          It begins with the next run that publishes.
        </Trouble>
      );
    case 'broken':
      return (
        <Trouble alone title="The history cannot be read">
          {DATA}history/index.json is not what it should be. The next run rewrites it.
        </Trouble>
      );
    case 'failed':
      return (
        <Trouble
          alone
          title="The changes could not be loaded"
          // The address holds all that a person has chosen.
          tryAgain={() => location.reload()}
        >
          No trustworthy answer came from the server.
        </Trouble>
      );
    case 'loaded':
      return (
        <>
          <h1>Changes</h1>
          <Filters />
          <Days {...state} />
          <Pages isMore={state.isMore} />
        </>
      );
  }
}

function Days({ changes, countOf }: Extract<Shown, { kind: 'loaded' }>) {
  if (changes.length === 0) {
    return <p class="nothing">{view.value.page > 1 ? 'No more changes.' : 'No such changes.'}</p>;
  }
  const days = Map.groupBy(changes, ({ run }) => dayOf(run));
  return Array.from(days, ([day, ofDay]) => (
    <section key={day} class="day" aria-labelledby={`day-${day}`}>
      <h2 id={`day-${day}`}>
        <time dateTime={day}>{longDate(day)}</time>
      </h2>
      {CHANGE_KINDS.map((kind) => {
        const ofKind = ofDay.filter((change) => change.kind === kind);
        return (
          ofKind.length > 0 && (
            <div key={kind} class="kind">
              <h3>
                {CHANGE_WORDS[kind]} <span class="count">{number(countOf(day, kind))}</span>
              </h3>
              <ul>
                {ofKind.map((change) => (
                  <Line key={`${change.run} ${change.id} ${change.check}`} change={change} />
                ))}
              </ul>
            </div>
          )
        );
      })}
    </section>
  ));
}

function Line({ change }: { readonly change: Change }) {
  const name = names.value.get(change.id);
  return (
    <li>
      <a href={datasetAddress(change.id)}>{change.id}</a>{' '}
      <span>{visible(changeWords(catalogue, change))}</span>{' '}
      {change.because === 'rules' && <span class="by-rules">rules changed</span>}{' '}
      {name && <bdi class="quiet">{visible(name)}</bdi>}
    </li>
  );
}

function Pages({ isMore }: { readonly isMore: boolean }) {
  const { page } = view.value;
  const go = (to: number) => {
    show({ ...view.value, page: to });
    scrollTo(0, 0);
  };
  if (page === 1 && !isMore) return null;
  return (
    <div class="pages" role="group" aria-label="Pages">
      <button type="button" disabled={page === 1} onClick={() => go(page - 1)}>
        Newer
      </button>
      <span>Page {number(page)}</span>
      <button type="button" disabled={!isMore} onClick={() => go(page + 1)}>
        Older
      </button>
    </div>
  );
}
