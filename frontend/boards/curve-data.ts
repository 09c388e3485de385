// What a curve shows: its time, the values of its series at the same times, rows of numbers, and a
// summary in words. Times are milliseconds since 1970; a value holds until the next one.

import { longDate, number } from '../../core/documents/format.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { binned, type Range, type Steps } from '../../core/history/bins.ts';
import { parseSeries } from '../../core/history/series.ts';
import type { Plot } from './widget-document.ts';

export interface Series {
  readonly name: string;
  readonly label: string;
  readonly steps: Steps;
}

type Values = readonly (number | null)[];

export interface Line {
  readonly values: Values;
  /** Of the points in each bin; null without bins. */
  readonly bounds: { readonly min: Values; readonly max: Values } | null;
}

export interface Lines {
  readonly times: readonly number[];
  /** In the order of the series. */
  readonly lines: readonly Line[];
  /** Places in `times` that the table and the keys show: a point or a bin. */
  readonly stops: readonly number[];
}

const DAY = 86_400_000;
const DAYS = { '30d': 30, '90d': 90, '1y': 365 } as const;

/**
 * @param months of the history, ascending
 * @param lastRun its newest run, with which a range of days ends
 */
export function spanOf(plot: Plot, months: readonly string[], lastRun: string): Range {
  const end = Date.parse(lastRun);
  const { range = '90d' } = plot;
  if (typeof range !== 'string') {
    return { begin: Date.parse(range.begin), end: Math.min(end, Date.parse(range.end)) };
  }
  if (range === 'all') return { begin: Date.parse(`${months[0] ?? lastRun.slice(0, 7)}-01`), end };
  return { begin: end - DAYS[range] * DAY, end };
}

export function linesOf(series: readonly Series[], span: Range, bins: number): Lines {
  return bins > 0 ? inBins(series, span, bins) : asTheyAre(series, span);
}

function inBins(series: readonly Series[], span: Range, most: number): Lines {
  const all = series.map(({ steps }) => binned(steps, span, most));
  const times = all[0]?.map(({ at }) => at) ?? [];
  return {
    // The last bin lasts until the end.
    times: [...times, span.end],
    lines: all.map((bins) => ({
      values: held(bins.map(({ value }) => value)),
      bounds: {
        min: held(bins.map(({ min }) => min)),
        max: held(bins.map(({ max }) => max)),
      },
    })),
    stops: times.map((_, place) => place),
  };
}

const held = (values: Values): Values => [...values, values.at(-1) ?? null];

function asTheyAre(series: readonly Series[], span: Range): Lines {
  const points = series.flatMap(({ steps }) => steps.points.map(({ at }) => at));
  const isEarlier = series.some(({ steps }) => steps.before !== null);
  const times = [...new Set([...(isEarlier ? [span.begin] : []), ...points, span.end])].sort(
    (a, b) => a - b,
  );
  const told = new Set(points);
  return {
    times,
    lines: series.map(({ steps }) => ({ values: valuesAt(steps, times), bounds: null })),
    stops: times.flatMap((at, place) => (told.has(at) ? [place] : [])),
  };
}

function valuesAt({ points, before }: Steps, times: readonly number[]): Values {
  let value = before?.value ?? null;
  let next = 0;
  return times.map((at) => {
    for (let point = points[next]; point && point.at <= at; point = points[next]) {
      value = point.value;
      next += 1;
    }
    return value;
  });
}

/** Of a dataset's series the status, of others the number; of a bin the mean. */
export function valueWords(name: string, value: number | null): string {
  if (value === null) return 'not known';
  const isStatus = parseSeries(name)?.of === 'dataset';
  const status = isStatus ? STATUSES[STATUSES.length - 1 - Math.round(value)] : undefined;
  if (status) return STATUS_WORDS[status];
  return Number.isInteger(value) ? number(value) : String(Math.round(value * 10) / 10);
}

const dayOf = (at: number): string => longDate(new Date(at).toISOString());

/** `Error: 12 on 1 August 2026, 4 more than on 3 May 2026; lowest 8, highest 22.` */
export function summaryOf({ name, label }: Series, line: Line, lines: Lines): string {
  const told = lines.stops.flatMap((place) => {
    const [at, value] = [lines.times[place], line.values[place]];
    return at === undefined || value == null ? [] : [{ at, value }];
  });
  const [first, last] = [told[0], told.at(-1)];
  if (!first || !last) return `${label}: no numbers in this time.`;
  const now = `${label}: ${valueWords(name, last.value)} on ${dayOf(last.at)}`;
  if (parseSeries(name)?.of === 'dataset') {
    return `${now}; ${valueWords(name, first.value)} on ${dayOf(first.at)}.`;
  }
  const values = told.map(({ value }) => value);
  const more = last.value - first.value;
  const than =
    first === last
      ? ''
      : more === 0
        ? `, as many as on ${dayOf(first.at)}`
        : `, ${valueWords(name, Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} than on ${dayOf(first.at)}`;
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  return `${now}${than}; lowest ${valueWords(name, lowest)}, highest ${valueWords(name, highest)}.`;
}
