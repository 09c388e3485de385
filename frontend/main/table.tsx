// The table of datasets: sortable heads, only visible rows rendered, and arrow keys to move through
// them.

import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { COLUMNS } from '../shared/catalogue.ts';
import { useGroup } from '../shared/group.ts';
import { Icon } from '../shared/icons.tsx';
import { compact, printing } from '../shared/media.ts';
import { useRoving } from '../shared/roving.ts';
import { useWindow } from '../shared/window.ts';
import { rowToReturnTo, topToReturnTo } from './place.ts';
import { Row } from './row.tsx';
import { clearFilters, index, opened, rowAt, show, shown, view } from './state.ts';
import { COLUMN_NAMES, type SortKey, sortedBy } from './view.ts';

/** Pixels, as style.css has them: `--row` and `--row-card`. */
const ROW_HEIGHT = 34;
const CARD_HEIGHT = 112;

export function Table() {
  const order = shown.value;
  const rowHeight = compact.value ? CARD_HEIGHT : ROW_HEIGHT;
  const list = useRef<HTMLTableSectionElement>(null);
  const heads = useGroup();
  const range = useWindow(list, null, order.length, rowHeight, printing.value);
  const { stop, onKeyDown, moveTo } = useRoving({
    list,
    count: order.length,
    rowHeight,
    range,
    reset: order,
  });
  useReturn(order, list, rowHeight, moveTo);
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
        <tr role="row" aria-rowindex={1} ref={heads}>
          {opened.value.columns.map((key) => (
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

/** Shows the row that the list was left by where it was, once, as soon as it is in the list. */
function useReturn(
  order: Uint32Array,
  list: RefObject<HTMLElement | null>,
  rowHeight: number,
  moveTo: (place: number) => void,
): void {
  const wanted = useRef(rowToReturnTo());
  useEffect(() => {
    const at = index.value.ids.indexOf(wanted.current ?? '');
    const place = at < 0 ? -1 : order.indexOf(at);
    if (place < 0 || !list.current) return;
    wanted.current = null;
    history.scrollRestoration = 'manual';
    const top = list.current.getBoundingClientRect().top + place * rowHeight;
    scrollBy(0, top - topToReturnTo());
    moveTo(place);
  }, [order]);
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
      <td role="presentation" style={{ height: `${rows * rowHeight}px` }} />
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
