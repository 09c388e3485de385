// Search, the number of shown rows, and exports of the list: link, CSV, JSON, checklist.

import { capital } from '../../core/documents/coverage.ts';
import { counted, number } from '../../core/documents/format.ts';
import { archive } from '../shared/archive.tsx';
import { COLUMNS, ENTRY } from '../shared/catalogue.ts';
import { copy, download } from '../shared/clipboard.ts';
import { Icon } from '../shared/icons.tsx';
import { toChecklist, toCsv, toJson } from './export.ts';
import {
  clearFilters,
  endTyping,
  index,
  rowAt,
  search,
  show,
  shown,
  summary,
  view,
} from './state.ts';
import { firstOrder, isFiltered, SORT_KEYS, type SortKey, sortedBy } from './view.ts';

export const SEARCH_ID = 'search';

export const COLUMN_NAMES: Readonly<Record<SortKey, string>> = {
  id: capital(ENTRY),
  latest: 'Latest snapshot',
  ...Object.fromEntries(COLUMNS.map(({ id, name }) => [id, name])),
  status: 'Status',
  since: 'Since',
};

export function Toolbar() {
  const many = shown.value.length;
  return (
    <div class="toolbar">
      <label class="search" htmlFor={SEARCH_ID}>
        <Icon sign="search" />
        <span class="unseen">Search by id or name</span>
        <input
          id={SEARCH_ID}
          type="search"
          placeholder="Search by id or name"
          autoComplete="off"
          spellcheck={false}
          value={view.value.query}
          onInput={(event) => search(event.currentTarget.value)}
          onBlur={endTyping}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              document.querySelector<HTMLElement>('tbody a[tabindex="0"]')?.focus();
            } else if (event.key === 'Escape' && view.value.query !== '') {
              event.preventDefault();
              search('');
            }
          }}
        />
      </label>
      <p class="found" role="status">
        <b>{number(many)}</b>{' '}
        {isFiltered(view.value)
          ? `of ${counted(index.value.ids.length, ENTRY)}`
          : many === 1
            ? ENTRY
            : `${ENTRY}s`}
      </p>
      {isFiltered(view.value) && (
        <button type="button" class="plain clear" onClick={clearFilters}>
          Clear filters
        </button>
      )}
      <OrderChoice />
      <div class="takeaway" role="group" aria-label="Take this list away">
        <button type="button" onClick={() => copy(location.href, 'Link copied.')}>
          Copy link
        </button>
        <button type="button" onClick={saveCsv}>
          CSV
        </button>
        <button type="button" onClick={saveJson}>
          JSON
        </button>
        <button
          type="button"
          title="Copy as a checklist for a GitHub issue"
          onClick={() =>
            copy(toChecklist(archive.value, rows()), `Checklist of ${counted(many, ENTRY)} copied.`)
          }
        >
          Checklist
        </button>
      </div>
    </div>
  );
}

/** The order as a choice, for the card layout, which has no heads to click. */
function OrderChoice() {
  const { sort, descending } = view.value;
  return (
    <div class="order">
      <label>
        <span class="unseen">Sort by</span>
        <select
          value={sort}
          onChange={(event) =>
            show({ ...view.value, ...firstOrder(event.currentTarget.value as SortKey) })
          }
        >
          {SORT_KEYS.map((key) => (
            <option key={key} value={key}>
              {COLUMN_NAMES[key]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => show(sortedBy(view.value, sort))}>
        <Icon sign={descending ? 'down' : 'up'} label={descending ? 'Descending' : 'Ascending'} />
      </button>
    </div>
  );
}

const rows = () => Array.from(shown.value, rowAt);
const lastUpdated = () => (summary.value?.kind === 'loaded' ? summary.value.lastUpdated : '');
/** The file name also says if the data is not real. */
function fileName(ending: string): string {
  const origin = archive.value?.origin ?? 'live';
  const whose = origin === 'live' ? '' : `-${origin}`;
  return `mirrorwatch${whose}-${lastUpdated().slice(0, 10)}.${ending}`;
}

function saveCsv(): void {
  download(fileName('csv'), 'text/csv;charset=utf-8', toCsv(rows()));
}

function saveJson(): void {
  void toJson(lastUpdated(), rows()).then((text) =>
    download(fileName('json'), 'application/json', text),
  );
}
