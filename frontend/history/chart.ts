// The stacked areas of the trend, drawn by uPlot. Loaded when the fold is opened.

import '../shared/common.ts';
import uPlot from 'uplot';
import { STATUSES, type Status } from '../../core/documents/vocabulary.ts';
import { axesOf, coloursOf, followSize, inUtc } from './chart-parts.ts';
import type { Stacked } from './trend-data.ts';
import type { Chart } from './use-chart.ts';

export interface Drawn {
  readonly data: Stacked;
  /** Seconds since 1970 at which other rules began. */
  readonly rules: readonly number[];
}

const HEIGHT = 260;
/** On paper and where colours are forced a status is told by its pattern. */
const PATTERN = 6;

/** @param point tells the time under the pointer, in seconds since 1970; null when it leaves */
export function openChart(
  frame: HTMLElement,
  first: Drawn,
  point: (at: number | null) => void,
): Chart<Drawn> {
  let { rules } = first;
  const colour = coloursOf(frame);
  const areas = STATUSES.map(
    (status): uPlot.Series => ({
      stroke: () => colour(`--${status}`),
      width: 1,
      fill: (self) => pattern(self.ctx, status, colour(`--${status}`), colour(`--${status}-tint`)),
      points: { show: false },
      ...(uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
    }),
  );
  const chart = new uPlot(
    {
      width: frame.clientWidth,
      height: HEIGHT,
      tzDate: inUtc,
      legend: { show: false },
      cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
      scales: { y: { range: (_, __, highest) => [0, Math.max(1, highest * 1.05)] } },
      axes: axesOf(colour),
      // The highest edge first: each lower one is painted over it.
      series: [{}, ...areas.toReversed()],
      hooks: {
        draw: [(self) => markRules(self, rules, colour('--ink'))],
        setCursor: [({ cursor: { idx }, data: [times] }) => point(times[idx ?? -1] ?? null)],
      },
    },
    painted(first.data),
    frame,
  );
  const unfollow = followSize(frame, chart, () => HEIGHT);
  return {
    show({ data, rules: other }: Drawn) {
      rules = other;
      chart.setData(painted(data));
    },
    recolour: () => chart.redraw(false, true),
    close() {
      unfollow();
      chart.destroy();
    },
  };
}

const painted = ([times, ...edges]: Stacked): uPlot.AlignedData => [times, ...edges.toReversed()];

function markRules({ ctx, bbox, valToPos }: uPlot, rules: readonly number[], ink: string): void {
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 3]);
  for (const at of rules) {
    const x = Math.round(valToPos(at, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** As in the strips of a dataset's page: style.css has the same patterns. */
function pattern(ctx: CanvasRenderingContext2D, status: Status, hue: string, tint: string) {
  if (status === 'error') return hue;
  if (status === 'ok') return tint;
  const tile = document.createElement('canvas');
  tile.width = PATTERN;
  tile.height = PATTERN;
  const pen = tile.getContext('2d');
  if (!pen) return tint;
  pen.fillStyle = tint;
  pen.fillRect(0, 0, PATTERN, PATTERN);
  pen.fillStyle = hue;
  pen.strokeStyle = hue;
  pen.lineWidth = 1.6;
  if (status === 'warning') pen.fillRect(2, 2, 2, 2);
  else if (status === 'pending') pen.fillRect(0, 2, PATTERN, 1);
  else {
    pen.beginPath();
    for (const shift of [-PATTERN, 0, PATTERN]) {
      pen.moveTo(shift, PATTERN);
      pen.lineTo(shift + PATTERN, 0);
    }
    pen.stroke();
  }
  return ctx.createPattern(tile, 'repeat') ?? tint;
}
