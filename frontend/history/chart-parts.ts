// What the charts have in common: axes, colours of the theme, and the size of their frame.

import uPlot from 'uplot';
import { longDate } from '../../core/documents/format.ts';

/** Value of a variable of style.css, as the theme has it now. */
export type Colours = (name: string) => string;

export function coloursOf(frame: HTMLElement): Colours {
  const styles = getComputedStyle(frame);
  return (name) => styles.getPropertyValue(name).trim();
}

export const inUtc = (seconds: number): Date => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC');

const dayLabel = (seconds: number): string => {
  const [day, month] = longDate(new Date(seconds * 1000).toISOString()).split(' ');
  return `${day} ${month?.slice(0, 3)}`;
};

/** @param label of a value; by default the number */
export function axesOf(
  colour: Colours,
  label: (value: number) => string = (value) => `${value}`,
): [uPlot.Axis, uPlot.Axis] {
  const axis: uPlot.Axis = {
    stroke: () => colour('--soft'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { stroke: () => colour('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  return [
    { ...axis, values: (_, times) => times.map(dayLabel) },
    {
      ...axis,
      size: 56,
      values: (_, values) => values.map((value) => (value === null ? '' : label(value))),
    },
  ];
}

/** @returns ends it */
export function followSize(frame: HTMLElement, chart: uPlot, height: () => number): () => void {
  const observer = new ResizeObserver(() => {
    const size = { width: frame.clientWidth, height: height() };
    // What is closed has no size.
    if (size.width === 0 || size.height === 0) return;
    if (size.width !== chart.width || size.height !== chart.height) chart.setSize(size);
  });
  observer.observe(frame);
  return () => observer.disconnect();
}
