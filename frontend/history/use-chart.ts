// A chart in its frame: opened when its library is loaded, drawn again with other data or colours.

import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../shared/settings.ts';

export interface Chart<T> {
  show(drawn: T): void;
  /** Draws with the colours of the page's present theme. */
  recolour(): void;
  close(): void;
}

/**
 * @param data what `drawn` is made of
 * @returns for the frame
 */
export function useChart<T>(
  open: (frame: HTMLElement, drawn: T) => Promise<Chart<T>>,
  drawn: () => T,
  data: unknown,
): RefObject<HTMLDivElement | null> {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart<T> | null>(null);
  const newest = useRef(drawn);
  newest.current = drawn;
  useEffect(() => {
    let isClosed = false;
    const show = async () => {
      if (!frame.current) return;
      const before = newest.current;
      const opened = await open(frame.current, before());
      if (isClosed) return opened.close();
      chart.current = opened;
      if (newest.current !== before) opened.show(newest.current());
    };
    void show();
    return () => {
      isClosed = true;
      chart.current?.close();
    };
  }, []);
  useEffect(() => chart.current?.show(drawn()), [data]);
  useEffect(() => chart.current?.recolour(), [theme.value]);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => chart.current?.recolour();
    dark.addEventListener('change', recolour);
    return () => dark.removeEventListener('change', recolour);
  }, []);
  return frame;
}
