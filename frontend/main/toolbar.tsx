// Search, the number of shown rows, and exports of the list: link, CSV, JSON, checklist.

import { useState } from 'preact/hooks';
import { counted, number } from '../../core/documents/format.ts';
import { ENTRY } from '../shared/catalogue.ts';
import { copy, say } from '../shared/clipboard.ts';
import { useGroup } from '../shared/group.ts';
import { Icon } from '../shared/icons.tsx';
import { compact, wide } from '../shared/media.ts';
import { Facets } from './facets.tsx';
import { loadNames } from './loading.ts';
import {
  boardsPart,
  clearFilters,
  endTyping,
  index,
  names,
  rowAt,
  search,
  show,
  shown,
  summary,
  view,
} from './state.ts';
import {
  COLUMN_NAMES,
  filtersIn,
  firstOrder,
  isFiltered,
  SORT_KEYS,
  type SortKey,
  sortedBy,
} from './view.ts';

export const SEARCH_ID = 'search';

export function Toolbar() {
  const many = shown.value.length;
  const takeaway = useGroup();
  const Boards = boardsPart.value?.Buttons;
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
      {!wide.value && <FilterPanel />}
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
      {names.value === null && (
        <p class="remark">
          The names could not be loaded.{' '}
          <button type="button" onClick={() => void loadNames()}>
            Try again
          </button>
        </p>
      )}
      {compact.value && <OrderChoice />}
      <div class="takeaway" role="toolbar" aria-label="Take this list away" ref={takeaway}>
        <button type="button" onClick={() => copy(addressOfView(), 'Link copied.')}>
          Copy link
        </button>
        <button type="button" onClick={() => void take('saveCsv')}>
          CSV
        </button>
        <button type="button" onClick={() => void take('saveJson')}>
          JSON
        </button>
        <button
          type="button"
          title="Copy as a checklist for a GitHub issue"
          onClick={() => void take('copyChecklist')}
        >
          Checklist
        </button>
        {Boards && <Boards />}
      </div>
    </div>
  );
}

/** The filters where there is no room beside the list. */
function FilterPanel() {
  const [isOpen, open] = useState(false);
  const many = filtersIn(view.value);
  return (
    <>
      <button
        type="button"
        class="filters"
        aria-expanded={isOpen}
        aria-controls="filters"
        onClick={() => open(!isOpen)}
      >
        <Icon sign={isOpen ? 'open' : 'shut'} />
        {many === 0 ? 'Filters' : `Filters (${many})`}
      </button>
      <section id="filters" class="panel" aria-label="Filters" hidden={!isOpen}>
        {isOpen && <Facets />}
      </section>
    </>
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

/** Without the row that the list came back to. */
const addressOfView = () => location.href.replace(/#.*/, '');

/** How a list is written is loaded when it is asked for. */
async function take(form: 'saveCsv' | 'saveJson' | 'copyChecklist'): Promise<void> {
  try {
    const forms = await import('./takeaway.ts');
    const lastUpdated = summary.value?.kind === 'loaded' ? summary.value.lastUpdated : '';
    await forms[form]({ rows: Array.from(shown.value, rowAt), lastUpdated });
  } catch {
    say('The list could not be taken away. Try again.');
  }
}
