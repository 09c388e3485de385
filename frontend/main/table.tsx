// The table of datasets: sortable heads, only visible rows rendered, and arrow keys to move through
// them.

import { useRef } from 'preact/hooks';
import { COLUMNS } from '../shared/catalogue.ts';
import { Icon } from '../shared/icons.tsx';
import { compact, printing } from '../shared/media.ts';
import { useRoving } from '../shared/roving.ts';
import { useWindow } from '../shared/window.ts';
import { Row } from './row.tsx';
import { clearFilters, rowAt, show, shown, view } from './state.ts';
import { COLUMN_NAMES } from './toolbar.tsx';
import { SORT_KEYS, type SortKey, sortedBy } from './view.ts';

/** Pixels, as style.css has them: `--row` and `--row-card`. */
const ROW_HEIGHT = 34;
const CARD_HEIGHT = 134;

export function Table() {
  const order = shown.value;
  const rowHeight = compact.value ? CARD_HEIGHT : ROW_HEIGHT;
  const list = useRef<HTMLTableSectionElement>(null);
  const range = useWindow(list, null, order.length, rowHeight, printing.value);
  const { stop, onKeyDown } = useRoving({
    list,
    count: order.length,
    rowHeight,
    range,
    reset: order,
  });
  const rows = [];
  for (let place = range.first; place < range.end; place++) {
    const row = rowAt(order[place] as number);
    rows.push(<Row key={row.id} row={row} place={place} stop={place === stop} />);
  }
  if (order.length === 0) return <Nothing />;
  return (
    <table
      class="datasets"
      role="table"
      aria-label="Datasets"
      aria-rowcount={order.length + 1}
      onKeyDown={onKeyDown}
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {SORT_KEYS.map((key) => (
            <Head key={key} column={key} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={list}>
        <Space rows={range.first} rowHeight={rowHeight} />
        {rows}
        <Space rows={order.length - range.end} rowHeight={rowHeight} />
      </tbody>
    </table>
  );
}

const KINDS = new Map(COLUMNS.map(({ id, kind }) => [id, `c-${kind}`]));

function Head({ column }: { column: SortKey }) {
  const { sort, descending } = view.value;
  const sorted = sort === column;
  return (
    <th
      role="columnheader"
      scope="col"
      class={`c-${column} ${KINDS.get(column) ?? ''}`.trimEnd()}
      aria-sort={sorted ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" onClick={() => show(sortedBy(view.value, column))}>
        {COLUMN_NAMES[column]}
        {sorted && <Icon sign={descending ? 'down' : 'up'} />}
      </button>
    </th>
  );
}

/** Rows that are out of sight, as empty space. */
function Space({ rows, rowHeight }: { rows: number; rowHeight: number }) {
  if (rows <= 0) return null;
  return (
    <tr class="space" role="presentation">
      <td
        role="presentation"
        colSpan={SORT_KEYS.length}
        style={{ height: `${rows * rowHeight}px` }}
      />
    </tr>
  );
}

function Nothing() {
  return (
    <div class="nothing">
      <p>No dataset matches.</p>
      <button type="button" onClick={clearFilters}>
        Clear filters
      </button>
    </div>
  );
}
