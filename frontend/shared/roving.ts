// Moves the focus through a windowed list with the arrow keys. Tab stops at one row only. A row out
// of sight is scrolled to first, and gets the focus when it is rendered.

import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Range } from './window.ts';

interface Props {
  /** Holds all rows; each row's focusable element has `data-place`. */
  readonly list: RefObject<HTMLElement | null>;
  /** The element that scrolls; default: the page. */
  readonly scroller?: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly rowHeight: number;
  readonly range: Range;
  /** When it changes, the list is a new one and starts at its first row. */
  readonly reset: unknown;
}

interface Roving {
  /** Place of the row that Tab stops at. */
  readonly stop: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly moveTo: (place: number) => void;
}

export function useRoving({ list, scroller, count, rowHeight, range, reset }: Props): Roving {
  const [chosen, choose] = useState(0);
  const wanted = useRef<number | null>(null);
  useEffect(() => choose(0), [reset]);
  useEffect(() => {
    if (wanted.current === null) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-place="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const frameHeight = () => scroller?.current?.clientHeight ?? innerHeight;
  const moveTo = (place: number): void => {
    const to = Math.max(0, Math.min(count - 1, place));
    wanted.current = to;
    choose(to);
    bringIntoSight(list.current, scroller?.current ?? null, to * rowHeight, rowHeight);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = Number((event.target as HTMLElement).dataset.place ?? Number.NaN);
    if (Number.isNaN(place) || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(frameHeight() / rowHeight) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: count - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moveTo(to);
  };
  // A stop that was scrolled away is not rendered: Tab then stops at the first rendered row.
  const rendered = chosen >= range.first && chosen < range.end;
  return { stop: rendered ? chosen : range.first, onKeyDown, moveTo };
}

/** @param top pixels from the top of the list to the row */
function bringIntoSight(
  list: HTMLElement | null,
  scroller: HTMLElement | null,
  top: number,
  rowHeight: number,
): void {
  if (!list) return;
  const frameTop = scroller?.getBoundingClientRect().top ?? 0;
  const height = scroller?.clientHeight ?? innerHeight;
  const at = list.getBoundingClientRect().top - frameTop + top;
  // The row must not be under the head of the table, which stays at the top.
  const clear = rowHeight;
  const target = scroller ?? window;
  if (at < clear) target.scrollBy(0, at - clear);
  else if (at + rowHeight + clear > height) target.scrollBy(0, at + rowHeight + clear - height);
}
