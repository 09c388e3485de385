// The comparison as a folder tree with the usual keys: up and down move, right opens or enters,
// left closes or leaves.

import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { capital } from '../../core/documents/coverage.ts';
import { number } from '../../core/documents/format.ts';
import { Icon } from '../shared/icons.tsx';
import { printing } from '../shared/media.ts';
import { useRoving } from '../shared/roving.ts';
import { visible } from '../shared/visible.ts';
import { useWindow } from '../shared/window.ts';
import { PRINTED } from './line-list.tsx';
import { type Folder, type Node, type TreeRow, visibleRows } from './tree.ts';
import { askedAtFirst, showInAddress } from './viewer-address.ts';

/** Pixels, as style.css has it: `--tree-row`. */
const ROW_HEIGHT = 26;
/** A tree with at most this many files is open at first. */
const OPEN_AT_FIRST = 40;

/** Folders that a person opened (true) or closed (false), by path. */
const chosen = signal<ReadonlyMap<string, boolean>>(new Map());

/** The folder that the address leads to. */
const LINKED = askedAtFirst.folder;
const isWithin = (path: string, folder: string): boolean => `${path}/`.startsWith(`${folder}/`);
const parentPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

type What = 'missing' | 'extra';

interface Props {
  readonly root: Folder;
  /** Whether a search is active; it shows its hits, so their folders are open. */
  readonly searched: boolean;
}

export function TreeView({ root, searched }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const atFirst = root.missing + root.extra <= OPEN_AT_FIRST || searched;
  const isOpen = (folder: Folder) =>
    chosen.value.get(folder.path) ?? (atFirst || isWithin(LINKED, folder.path));
  const rows = useMemo(() => visibleRows(root, isOpen), [root, atFirst, chosen.value]);
  const everything = printing.value && rows.length <= PRINTED;
  const range = useWindow(list, scroller, rows.length, ROW_HEIGHT, everything);
  const { stop, onKeyDown, moveTo } = useRoving({
    list,
    scroller,
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    range,
    reset: root,
  });

  useEffect(() => {
    if (LINKED === '') return;
    const place = rows.findIndex(({ node }) => isWithin(node.path, LINKED));
    scroller.current?.scrollTo(0, place * ROW_HEIGHT);
  }, []);

  const columns = (['missing', 'extra'] as const).filter((what) => root[what] > 0);
  const set = (folder: Folder, open: boolean) => {
    chosen.value = new Map(chosen.value).set(folder.path, open);
    showInAddress({ folder: open ? folder.path : parentPath(folder.path) });
  };
  const onKey = (event: KeyboardEvent): void => {
    const place = Number((event.target as HTMLElement).dataset.place ?? Number.NaN);
    const row = rows[place];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const folder = row.node.kind === 'folder' ? row.node : null;
    const open = folder !== null && isOpen(folder);
    if (folder && (event.key === 'Enter' || event.key === ' ')) set(folder, !open);
    else if (event.key === 'ArrowRight' && folder && !open) set(folder, true);
    else if (event.key === 'ArrowRight' && folder) moveTo(place + 1);
    else if (event.key === 'ArrowLeft' && folder && open) set(folder, false);
    else if (event.key === 'ArrowLeft') moveTo(parentOf(rows, place));
    else {
      onKeyDown(event);
      return;
    }
    event.preventDefault();
  };

  return (
    <div class="frame" ref={scroller}>
      <p class="tree-head" aria-hidden="true">
        <span class="rolled">
          {columns.map((what) => (
            <span key={what} class={what}>
              {capital(what)}
            </span>
          ))}
        </span>
        Path
      </p>
      <div
        class="tree"
        role="tree"
        aria-label="Folders with differences"
        ref={list}
        onKeyDown={onKey}
        style={{
          paddingTop: `${range.first * ROW_HEIGHT}px`,
          paddingBottom: `${(rows.length - range.end) * ROW_HEIGHT}px`,
        }}
      >
        {rows.slice(range.first, range.end).map((row, at) => (
          <TreeLine
            key={`${row.node.kind} ${row.node.path}`}
            row={row}
            place={range.first + at}
            stop={range.first + at === stop}
            open={row.node.kind === 'folder' && isOpen(row.node)}
            columns={columns}
            toggle={set}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: TreeRow;
  readonly place: number;
  readonly stop: boolean;
  readonly open: boolean;
  /** Kinds of difference that occur in the whole tree; each has a column. */
  readonly columns: readonly What[];
  readonly toggle: (folder: Folder, open: boolean) => void;
}

function TreeLine({ row, place, stop, open, columns, toggle }: LineProps) {
  const { node, level, of } = row;
  const folder = node.kind === 'folder' ? node : null;
  return (
    <div
      role="treeitem"
      class={node.kind}
      tabIndex={stop ? 0 : -1}
      data-place={place}
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={of}
      aria-expanded={folder ? open : undefined}
      onClick={folder ? () => toggle(folder, !open) : undefined}
    >
      <span class="rolled">
        {columns.includes('missing') && (
          <Count what="missing" count={countOf(node, 'missing')} file={folder === null} />
        )}
        {columns.includes('extra') && (
          <Count what="extra" count={countOf(node, 'extra')} file={folder === null} />
        )}
      </span>
      <span class="indent" style={{ width: `${(level - 1) * 18}px` }} />
      {folder ? <Icon sign={open ? 'open' : 'shut'} /> : <span class="icon" />}
      <bdi class="name" title={visible(node.name)}>
        {visible(node.name)}
        {folder && '/'}
      </bdi>
    </div>
  );
}

const countOf = (node: Node, what: What): number =>
  node.kind === 'folder' ? node[what] : Number(node.kind === what);

/** A folder's number of files; for a file, only the word. */
function Count({ what, count, file }: { what: What; count: number; file: boolean }) {
  if (count === 0) return <span />;
  return (
    <span class={what}>
      {file ? what : number(count)}
      {!file && <span class="unseen"> {what}</span>}
    </span>
  );
}

function parentOf(rows: readonly TreeRow[], place: number): number {
  const level = rows[place]?.level ?? 1;
  for (let at = place - 1; at >= 0; at--) {
    if ((rows[at]?.level ?? 1) < level) return at;
  }
  return place;
}
