// Filters of the page of changes, and what to take away: all changes of the view as CSV or JSON, and
// the feed.

import { csvText } from '../../core/documents/csv.ts';
import { CHANGE_KINDS, type Change } from '../../core/history/classify.ts';
import { archiveFeedPath, dayOf } from '../../core/history/paths.ts';
import { CHANGE_WORDS } from '../../core/history/words.ts';
import { catalogue, chosen, DATA } from '../shared/catalogue.ts';
import { download, say } from '../shared/clipboard.ts';
import { changesIn, index, show, view } from './state.ts';
import { type View, WHOLE_VIEW } from './view.ts';

const change = (part: Partial<View>): void => show({ ...view.value, page: 1, ...part });

export function Filters() {
  const { from, to, kinds, check } = view.value;
  const known = index.value;
  const days = known && { min: dayOf(known.firstRun), max: dayOf(known.lastRun) };
  return (
    <section class="toolbar" aria-label="Filters">
      <div class="kinds" role="group" aria-label="Kinds">
        {CHANGE_KINDS.map((kind) => {
          const isOn = kinds.includes(kind);
          return (
            <button
              key={kind}
              type="button"
              aria-pressed={isOn}
              onClick={() =>
                change({
                  kinds: CHANGE_KINDS.filter((each) =>
                    each === kind ? !isOn : kinds.includes(each),
                  ),
                })
              }
            >
              {CHANGE_WORDS[kind]}
            </button>
          );
        })}
      </div>
      <label>
        Check{' '}
        <select value={check} onChange={(event) => change({ check: event.currentTarget.value })}>
          <option value="">all</option>
          {catalogue.checks.map(({ id, words }) => (
            <option key={id} value={id}>
              {words.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        From{' '}
        <input
          type="date"
          value={from}
          {...days}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
      </label>
      <label>
        To{' '}
        <input
          type="date"
          value={to}
          {...days}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
      </label>
      {(from || to || check || kinds.length > 0) && (
        <button type="button" class="plain clear" onClick={() => show(WHOLE_VIEW)}>
          Clear filters
        </button>
      )}
      <div class="takeaway" role="group" aria-label="Take these changes away">
        <button type="button" onClick={() => void save('csv', 'text/csv;charset=utf-8', toCsv)}>
          CSV
        </button>
        <button type="button" onClick={() => void save('json', 'application/json', toJson)}>
          JSON
        </button>
        {known?.hasFeeds && <a href={DATA + archiveFeedPath(chosen)}>Atom feed</a>}
      </div>
    </section>
  );
}

async function save(
  ending: string,
  type: string,
  write: (changes: readonly Change[]) => string,
): Promise<void> {
  const changes = await changesIn(view.value);
  if (changes === null) say('The changes could not be loaded.');
  else
    download(
      `mirrorwatch-changes-${dayOf(index.value?.lastRun ?? '')}.${ending}`,
      type,
      write(changes),
    );
}

/** As `mirrorwatch changes --format csv` writes it. */
const toCsv = (changes: readonly Change[]): string =>
  csvText([
    ['run', 'id', 'kind', 'check', 'from', 'to', 'because'],
    ...changes.map(({ run, id, kind, check, from, to, because = null }) => [
      ...[run, id, kind, check, from, to, because],
    ]),
  ]);

const toJson = (changes: readonly Change[]): string =>
  `${JSON.stringify({ archive: chosen.id, changes }, null, 2)}\n`;
