// The trend: how many datasets had which status, run by run, as a picture and as a table. The months
// and the picture's library are loaded with it, when its fold is opened.

import '../shared/common.ts';
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { date, longDate, number } from '../../core/documents/format.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import type { MonthCounts } from '../../core/history/documents.ts';
import { printing } from '../shared/media.ts';
import { useWindow } from '../shared/window.ts';
import type { Drawn } from './chart.ts';
import { type Index, loadCounts } from './documents.ts';
import { type Point, pointsOf, RANGES, type Range, stackedOf, within } from './trend-data.ts';
import { useChart } from './use-chart.ts';

/** Pixels, as style.css has it: `--line-row`. */
const ROW_HEIGHT = 22;

const months = new Map<string, MonthCounts>();
const shown = signal<
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'loaded'; readonly points: readonly Point[] }
>({ kind: 'waiting' });

let latest: Range | null = null;

async function show(index: Index, range: Range): Promise<void> {
  latest = range;
  const { months: wanted, from } = within(index.months, index.lastRun, range);
  const loaded = await Promise.all(
    wanted.map(async (month) => {
      const known = months.get(month);
      if (known) return known;
      const asked = await loadCounts(month);
      if (asked.kind !== 'loaded') return null;
      months.set(month, asked.value);
      return asked.value;
    }),
  );
  // Another range was chosen since.
  if (latest !== range) return;
  const whole = loaded.filter((month) => month !== null);
  shown.value =
    whole.length < loaded.length
      ? { kind: 'failed' }
      : {
          kind: 'loaded',
          points: pointsOf(whole).filter(({ run }) => Date.parse(run) / 1000 >= from),
        };
}

export function Trend({ index }: { readonly index: Index }) {
  const [range, choose] = useState<Range>('90 d');
  useEffect(() => void show(index, range), [range]);
  const state = shown.value;
  const starts = index.rulesVersions.slice(1).map(({ from }) => from);
  const rules = state.kind === 'loaded' ? starts.filter((at) => at >= firstOf(state.points)) : [];
  return (
    <>
      <div class="forms" role="group" aria-label="How far back">
        {(Object.keys(RANGES) as Range[]).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === range}
            onClick={() => choose(each)}
          >
            {each}
          </button>
        ))}
      </div>
      {state.kind === 'waiting' && <p class="waiting">Loading the numbers…</p>}
      {state.kind === 'failed' && (
        <p class="remark">
          The numbers could not be loaded.{' '}
          <button type="button" onClick={() => void show(index, range)}>
            Try again
          </button>
        </p>
      )}
      {state.kind === 'loaded' && (
        <div class="picture">
          <Picture points={state.points} rules={rules} />
          <Numbers points={state.points} />
        </div>
      )}
      {rules.length > 0 && (
        <p class="quiet">{`The rules changed on ${rules.map(longDate).join(', ')}.`}</p>
      )}
    </>
  );
}

const firstOf = (points: readonly Point[]): string => points[0]?.run ?? '';

interface PictureProps {
  readonly points: readonly Point[];
  readonly rules: readonly string[];
}

function Picture({ points, rules }: PictureProps) {
  const [at, point] = useState<number | null>(null);
  const frame = useChart<Drawn>(
    async (element, drawn) => (await import('./chart.ts')).openChart(element, drawn, point),
    () => ({ data: stackedOf(points), rules: rules.map((run) => Date.parse(run) / 1000) }),
    points,
  );
  const [first, last] = [points[0], points.at(-1)];
  const under =
    at === null ? undefined : points.findLast(({ run }) => Date.parse(run) / 1000 <= at);
  const words =
    first && last
      ? `Statuses from ${longDate(first.run)} to ${longDate(last.run)}; the table has the numbers`
      : 'No numbers';
  return (
    <figure>
      <div ref={frame} class="chart" role="img" aria-label={words} />
      <figcaption>{under ? `${date(under.run)}: ${inOneLine(under)}` : <Key />}</figcaption>
    </figure>
  );
}

const inOneLine = ({ counts }: Point): string =>
  STATUSES.map((status) => `${STATUS_WORDS[status]} ${told(counts[status])}`).join(', ');
const told = (count: number | null): string => (count === null ? 'not known' : number(count));

/** From the top, as the areas lie. */
function Key() {
  return (
    <>
      {STATUSES.toReversed().map((status) => (
        <span key={status} class="key">
          <i class={`spell ${status}`} aria-hidden="true" /> {STATUS_WORDS[status]}
        </span>
      ))}
    </>
  );
}

/** Newest first. */
function Numbers({ points }: { readonly points: readonly Point[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLTableSectionElement>(null);
  const range = useWindow(list, scroller, points.length, ROW_HEIGHT, printing.value);
  const newestFirst = points.toReversed();
  return (
    <div class="numbers" ref={scroller} tabIndex={0} role="group" aria-label="Numbers">
      <table aria-label="Datasets by status" aria-rowcount={points.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Run</th>
            {STATUSES.map((status) => (
              <th key={status} scope="col">
                {STATUS_WORDS[status]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={list}>
          <Space rows={range.first} />
          {newestFirst.slice(range.first, range.end).map(({ run, counts }, place) => (
            <tr key={run} aria-rowindex={range.first + place + 2}>
              <th scope="row">
                <time dateTime={run} title={run}>
                  {date(run)}
                </time>
              </th>
              {STATUSES.map((status) => (
                <td key={status}>{told(counts[status])}</td>
              ))}
            </tr>
          ))}
          <Space rows={points.length - range.end} />
        </tbody>
      </table>
    </div>
  );
}

function Space({ rows }: { readonly rows: number }) {
  if (rows <= 0) return null;
  return (
    <tr class="space" role="presentation">
      <td
        role="presentation"
        colSpan={STATUSES.length + 1}
        style={{ height: `${rows * ROW_HEIGHT}px` }}
      />
    </tr>
  );
}
