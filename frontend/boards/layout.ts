// Where widgets lie on the grid of twelve columns. None overlap, and nothing is empty above one: a
// stored layout may say anything.

import { COLUMNS, type Layout, MOST_ROWS } from './widget-document.ts';

export interface Placed {
  readonly id: string;
  readonly layout: Layout;
}

const overlap = (a: Layout, b: Layout): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/**
 * Each as high up as it goes, one after the other in reading order.
 * @param first id of the one that comes before others at its height: that a person moves
 */
export function arranged<T extends Placed>(
  widgets: readonly T[],
  first: string | null = null,
): T[] {
  const order = widgets.toSorted(
    (a, b) =>
      a.layout.y - b.layout.y ||
      Number(b.id === first) - Number(a.id === first) ||
      a.layout.x - b.layout.x,
  );
  const done: T[] = [];
  for (const widget of order) {
    const at = (y: number): Layout => ({ ...widget.layout, y });
    const edges = [0, ...done.map(({ layout }) => layout.y + layout.h)].sort((a, b) => a - b);
    const y = edges.find((edge) => !done.some(({ layout }) => overlap(layout, at(edge)))) ?? 0;
    done.push({ ...widget, layout: at(y) });
  }
  return done.sort((a, b) => a.layout.y - b.layout.y || a.layout.x - b.layout.x);
}

const within = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));

/** The widgets with one of them elsewhere, or of another size. */
export function placedAt<T extends Placed>(
  widgets: readonly T[],
  id: string,
  to: Partial<Layout>,
): T[] {
  const changed = widgets.map((widget) => {
    if (widget.id !== id) return widget;
    const { x, y, w, h } = { ...widget.layout, ...to };
    const isSized = to.w !== undefined;
    const column = within(x, 0, isSized ? COLUMNS - 1 : COLUMNS - w);
    const width = within(w, 1, COLUMNS - column);
    const layout = { x: column, y: Math.max(0, y), w: width, h: within(h, 1, MOST_ROWS) };
    return { ...widget, layout };
  });
  return arranged(changed, id);
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Enough to pass the tallest widget. */
const MOST_STEPS = 2 * MOST_ROWS;

/**
 * One step by an arrow key: by a column, or past the next widget above or below. Null if the key is
 * none of them.
 */
export function stepped<T extends Placed>(
  widgets: readonly T[],
  id: string,
  key: string,
  how: 'move' | 'size',
): readonly T[] | null {
  const [right, down] = DIRECTIONS[key] ?? [];
  const own = widgets.find((widget) => widget.id === id)?.layout;
  if (right === undefined || down === undefined || !own) return null;
  if (how === 'size') return placedAt(widgets, id, { w: own.w + right, h: own.h + down });
  if (right !== 0) return placedAt(widgets, id, { x: own.x + right });
  const before = JSON.stringify(layoutsOf(widgets));
  for (let step = 1; step <= MOST_STEPS; step++) {
    const next = placedAt(widgets, id, { y: own.y + step * down });
    if (JSON.stringify(layoutsOf(next)) !== before) return next;
  }
  return widgets;
}

const layoutsOf = (widgets: readonly Placed[]) =>
  widgets.map(({ id, layout }) => [id, layout] as const).sort(([a], [b]) => (a < b ? -1 : 1));

/** `column 1 of 12, row 1; 6 wide, 4 high` */
export const placeWords = ({ x, y, w, h }: Layout): string =>
  `column ${x + 1} of ${COLUMNS}, row ${y + 1}; ${w} wide, ${h} high`;

/** Below all others. */
export const nextRow = (widgets: readonly Placed[]): number =>
  Math.max(0, ...widgets.map(({ layout }) => layout.y + layout.h));
