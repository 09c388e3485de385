// A curve: series over time as a picture, which the arrow keys walk through, as a sentence for each,
// and as a table.

import { useRef, useState } from 'preact/hooks';
import { date, moment } from '../../core/documents/format.ts';
import { parseSeries } from '../../core/history/series.ts';
import { useChart } from '../history/use-chart.ts';
import { printing } from '../shared/media.ts';
import { visible } from '../shared/visible.ts';
import { useWindow } from '../shared/window.ts';
import { type Lines, linesOf, type Series, spanOf, summaryOf, valueWords } from './curve-data.ts';
import { coloursFor, DASHES } from './curve-looks.ts';
import { indexOfArchive, stepsOf, type Told, useTold } from './history.ts';
import type { DrawnLines } from './lines.ts';
import { NotTold } from './not-told.tsx';
import type { Plot, WidgetOf } from './widget-document.ts';
import { seriesName } from './widget-titles.ts';

interface Props {
  readonly widget: WidgetOf<'curve'>;
}

interface Curve {
  readonly series: readonly Series[];
  readonly lines: Lines;
  /** Names of series that there are not. */
  readonly absent: readonly string[];
}

async function load({ series, plot = {} }: Props['widget']): Promise<Told<Curve>> {
  const archive = parseSeries(series[0] ?? '')?.archive ?? '';
  const index = await indexOfArchive(archive);
  if (index.kind !== 'told') return index;
  const span = spanOf(plot, index.value.months, index.value.lastRun);
  const told = await Promise.all(
    series.map(async (name) => [name, await stepsOf(name, span)] as const),
  );
  if (told.some(([, { kind }]) => kind === 'failed')) return { kind: 'failed' };
  const there = told.flatMap(([name, steps]): Series[] =>
    steps.kind === 'told' ? [{ name, label: seriesName(name), steps: steps.value }] : [],
  );
  if (there.length === 0) return { kind: 'absent' };
  const absent = told.filter(([, { kind }]) => kind === 'absent').map(([name]) => name);
  return {
    kind: 'told',
    value: { series: there, lines: linesOf(there, span, plot.bins ?? 0), absent },
  };
}

export function CurveWidget({ widget }: Props) {
  const told = useTold(JSON.stringify([widget.series, widget.plot]), () => load(widget));
  if (told?.kind !== 'told') return <NotTold told={told} absent="There is no such series." />;
  const { series, lines, absent } = told.value;
  return (
    <div class="widget-body" tabIndex={0} role="group" aria-label="Curve">
      <Picture series={series} lines={lines} plot={widget.plot ?? {}} />
      {absent.length > 0 && <p class="quiet">{`There is no ${absent.map(visible).join(', ')}.`}</p>}
      <details class="numbers-fold">
        <summary>Numbers</summary>
        <ul class="summaries">
          {series.map((one, place) => {
            const line = lines.lines[place];
            return line && <li key={one.name}>{visible(summaryOf(one, line, lines))}</li>;
          })}
        </ul>
        <Numbers series={series} lines={lines} />
      </details>
    </div>
  );
}

interface PictureProps {
  readonly series: readonly Series[];
  readonly lines: Lines;
  readonly plot: Plot;
}

function Picture({ series, lines, plot }: PictureProps) {
  const names = series.map(({ name }) => name);
  const colours = coloursFor(names);
  const isOfDatasets = names.every((name) => parseSeries(name)?.of === 'dataset');
  const drawn = (): DrawnLines => ({
    ...{ lines, colours, scaling: plot.scaling ?? 'linear' },
    ...{ min: plot.min ?? null, max: plot.max ?? null },
    label: (value) =>
      isOfDatasets && Number.isInteger(value) ? valueWords(names[0] ?? '', value) : `${value}`,
  });
  const key = JSON.stringify([plot, names]);
  const frame = useChart<DrawnLines>(
    async (element, first) => (await import('./lines.ts')).openLines(element, first),
    drawn,
    `${key} ${lines.times.length} ${lines.times.at(-1)}`,
  );
  const { stops, times } = lines;
  const [chosen, choose] = useState<number | null>(null);
  const at = chosen === null ? null : Math.min(chosen, stops.length - 1);
  const words = at === null ? null : wordsAt(stops[at] ?? 0, series, lines);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = stops.length - 1;
    const now = at ?? last;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.max(0, Math.min(last, to)));
  };
  const onPointerMove = (event: PointerEvent) => {
    const over = frame.current?.querySelector('.u-over')?.getBoundingClientRect();
    const [first, end] = [times[0], times.at(-1)];
    if (!over || first === undefined || end === undefined) return;
    const time = first + ((event.clientX - over.left) / over.width) * (end - first);
    const under = stops.findLastIndex((place) => (times[place] ?? 0) <= time);
    choose(Math.max(0, under));
  };
  const [first, end] = [times[0] ?? 0, times.at(-1) ?? 1];
  const mark = at === null ? null : ((times[stops[at] ?? 0] ?? 0) - first) / (end - first || 1);
  return (
    <figure class="curve-figure">
      <div
        class="curve-picture"
        role="slider"
        tabIndex={0}
        aria-label="Time in the curve"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, stops.length - 1)}
        aria-valuenow={at ?? Math.max(0, stops.length - 1)}
        aria-valuetext={words ?? wordsAt(stops.at(-1) ?? 0, series, lines)}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => choose(null)}
        onBlur={() => choose(null)}
      >
        <div ref={frame} class="curve-frame" aria-hidden="true" />
        {mark !== null && <i class="curve-mark" style={{ '--at': mark }} />}
      </div>
      <figcaption>
        {words ??
          series.map(({ name, label }, place) => (
            <span key={name} class="curve-key">
              <svg viewBox="0 0 24 8" aria-hidden="true">
                <line
                  x1="0"
                  x2="24"
                  y1="4"
                  y2="4"
                  style={{
                    stroke: `var(${colours[place]})`,
                    strokeDasharray: (DASHES[place] ?? []).join(' '),
                  }}
                />
              </svg>{' '}
              {visible(label)}
            </span>
          ))}
      </figcaption>
    </figure>
  );
}

/** With the time of day, if there is more than one run a day. */
function timeWords({ times, stops }: Lines): (at: string) => string {
  const days = new Set(stops.map((stop) => Math.floor((times[stop] ?? 0) / 86_400_000)));
  return days.size === stops.length ? date : moment;
}

function wordsAt(place: number, series: readonly Series[], shown: Lines): string {
  const { times, lines } = shown;
  const at = times[place];
  if (at === undefined) return 'No numbers';
  const values = series.map(
    ({ name, label }, line) => `${label} ${valueWords(name, lines[line]?.values[place] ?? null)}`,
  );
  return visible(`${timeWords(shown)(new Date(at).toISOString())}: ${values.join(', ')}`);
}

/** Pixels, as style.css has it: `--line-row`. */
const ROW_HEIGHT = 22;

/** Newest first. */
function Numbers({ series, lines }: { readonly series: readonly Series[]; readonly lines: Lines }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLTableSectionElement>(null);
  const stops = lines.stops.toReversed();
  const range = useWindow(rows, scroller, stops.length, ROW_HEIGHT, printing.value);
  const words = timeWords(lines);
  const isBinned = lines.lines.some(({ bounds }) => bounds !== null);
  return (
    <div class="numbers" ref={scroller} tabIndex={0} role="group" aria-label="Numbers">
      <table aria-label="Numbers, newest first" aria-rowcount={stops.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{isBinned ? 'From' : 'Run'}</th>
            {series.map(({ name, label }) => (
              <th key={name} scope="col">
                {visible(label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={rows}>
          <Space rows={range.first} columns={series.length + 1} />
          {stops.slice(range.first, range.end).map((stop, place) => {
            const at = new Date(lines.times[stop] ?? 0).toISOString();
            return (
              <tr key={stop} aria-rowindex={range.first + place + 2}>
                <th scope="row">
                  <time dateTime={at} title={moment(at)}>
                    {words(at)}
                  </time>
                </th>
                {series.map(({ name }, line) => (
                  <td key={name}>{cellOf(name, lines, line, stop)}</td>
                ))}
              </tr>
            );
          })}
          <Space rows={stops.length - range.end} columns={series.length + 1} />
        </tbody>
      </table>
    </div>
  );
}

/** Of a bin the mean, and the lowest and highest in it. */
function cellOf(name: string, { lines }: Lines, line: number, stop: number): string {
  const { values, bounds } = lines[line] ?? { values: [], bounds: null };
  const value = valueWords(name, values[stop] ?? null);
  const [min, max] = [bounds?.min[stop] ?? null, bounds?.max[stop] ?? null];
  if (min === null || max === null || min === max) return value;
  return `${value} (${valueWords(name, min)}–${valueWords(name, max)})`;
}

function Space({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr class="space" role="presentation">
      <td role="presentation" colSpan={columns} style={{ height: `${rows * ROW_HEIGHT}px` }} />
    </tr>
  );
}
