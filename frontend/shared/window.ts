// Renders only the visible part of a long list. Rows have one known height. Empty space above and
// below the rendered rows keeps the scrollbar correct.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows rendered beyond each edge, so that a fast scroll rarely shows empty space. */
const BEYOND = 12;
/** The range moves in steps, so that most scroll events change nothing. */
const STEP = 6;

export interface Range {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

/** Rows to render of `count`, when `top` pixels of the list are above a view of `height` pixels. */
export function rangeOf(top: number, height: number, count: number, rowHeight: number): Range {
  const first = Math.floor((Math.floor(top / rowHeight) - BEYOND) / STEP) * STEP;
  const end = Math.ceil((Math.ceil((top + height) / rowHeight) + BEYOND) / STEP) * STEP;
  // Some rows also below the screen: a key may lead to the first one.
  const last = Math.min(count, Math.max(end, STEP));
  return { first: Math.max(0, Math.min(first, last - STEP)), end: last };
}

/**
 * The rows in sight.
 * @param list the element that holds all rows, empty space included
 * @param scroller the element that scrolls; null when it is the page
 * @param everything render all rows (for print)
 */
export function useWindow(
  list: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null> | null,
  count: number,
  rowHeight: number,
  everything = false,
): Range {
  const measure = (): Range => {
    const height = scroller ? (scroller.current?.clientHeight ?? 600) : innerHeight;
    const listTop = list.current?.getBoundingClientRect().top ?? 0;
    const frameTop = scroller ? (scroller.current?.getBoundingClientRect().top ?? 0) : 0;
    return rangeOf(frameTop - listTop, height, count, rowHeight);
  };
  // Until it is measured, at most one screen, so that rows appear sooner.
  const [range, setRange] = useState<Range>({
    first: 0,
    end: Math.min(count, Math.ceil(innerHeight / rowHeight)),
  });
  const current = useRef(range);
  const update = () => {
    const next = measure();
    if (next.first === current.current.first && next.end === current.current.end) return;
    current.current = next;
    setRange(next);
  };
  const latest = useRef(update);
  latest.current = update;
  const mounted = useRef(false);
  useLayoutEffect(() => {
    if (mounted.current) update();
  }, [count, rowHeight]);
  useEffect(() => {
    mounted.current = true;
    update();
    const target = scroller?.current ?? window;
    const onMove = () => latest.current();
    target.addEventListener('scroll', onMove, { passive: true });
    addEventListener('resize', onMove);
    // What is above the list may grow or go.
    const grown = new ResizeObserver(onMove);
    grown.observe(document.body);
    return () => {
      grown.disconnect();
      target.removeEventListener('scroll', onMove);
      removeEventListener('resize', onMove);
    };
  }, []);
  if (everything) return { first: 0, end: count };
  return { first: Math.min(range.first, count), end: Math.min(range.end, count) };
}
