// The lines of a curve, drawn by uPlot; loaded with the first curve. Each line has its own dashes
// beside its colour.

import '../shared/common.ts';
import uPlot from 'uplot';
import { axesOf, coloursOf, followSize, inUtc } from '../history/chart-parts.ts';
import type { Chart } from '../history/use-chart.ts';
import type { Lines } from './curve-data.ts';
import { DASHES } from './curve-looks.ts';

export interface DrawnLines {
  readonly lines: Lines;
  /** A variable of style.css for each line. */
  readonly colours: readonly string[];
  readonly scaling: 'linear' | 'log';
  readonly min: number | null;
  readonly max: number | null;
  /** Of a value on the axis. */
  readonly label: (value: number) => string;
}

/** arcsinh: as a logarithm, and 0 has a place. */
const DISTRIBUTIONS = { linear: 1, log: 4 } as const;

export function openLines(frame: HTMLElement, drawn: DrawnLines): Chart<DrawnLines> {
  let plot = plotOf(frame, drawn);
  let unfollow = followSize(frame, plot, () => frame.clientHeight);
  const close = () => {
    unfollow();
    plot.destroy();
  };
  return {
    show(next) {
      close();
      plot = plotOf(frame, next);
      unfollow = followSize(frame, plot, () => frame.clientHeight);
    },
    recolour: () => plot.redraw(false, true),
    close,
  };
}

function plotOf(frame: HTMLElement, drawn: DrawnLines): uPlot {
  const { lines, colours, scaling, label } = drawn;
  const colour = coloursOf(frame);
  const paths = uPlot.paths.stepped?.({ align: 1 });
  const stepped = { points: { show: false }, ...(paths && { paths }) };
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const data: (readonly (number | null)[])[] = [lines.times.map((at) => at / 1000)];
  for (const [place, { values, bounds }] of lines.lines.entries()) {
    const stroke = () => colour(colours[place] ?? '--ink');
    if (bounds) {
      const fill = () => `color-mix(in srgb, ${stroke()} 18%, transparent)`;
      bands.push({ series: [series.length + 1, series.length], fill });
      series.push({ ...stepped, width: 0 }, { ...stepped, width: 0 });
      data.push(bounds.min, bounds.max);
    }
    series.push({ ...stepped, stroke, width: 2, dash: [...(DASHES[place] ?? [])] });
    data.push(values);
  }
  return new uPlot(
    {
      width: frame.clientWidth,
      height: frame.clientHeight,
      tzDate: inUtc,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        y: { distr: DISTRIBUTIONS[scaling], range: (_, low, high) => rangeOf(drawn, low, high) },
      },
      axes: axesOf(colour, label),
      series,
      bands,
    },
    data as unknown as uPlot.AlignedData,
    frame,
  );
}

/** A tenth of room above and below, and nothing below 0, which no count is. */
function rangeOf({ min, max }: DrawnLines, low: number, high: number): [number, number] {
  const [least, most] = [low ?? 0, high ?? 1];
  const room = Math.max(1, (most - least) * 0.1);
  const from = min ?? Math.max(0, Math.floor(least - room));
  const to = max ?? Math.ceil(most + room);
  return from < to ? [from, to] : [from, from + 1];
}
