// A widget of a board, read from JSON that may be anything.

import type { Board } from '../../boards/schema.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';

export type Widget = NonNullable<Board['widgets']>[number];
export type Kind = Widget['kind'];
export type WidgetOf<K extends Kind> = Extract<Widget, { readonly kind: K }>;
export type Layout = Widget['layout'];
export type Plot = NonNullable<WidgetOf<'curve'>['plot']>;

type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As boards/schema.ts has them. */
export const COLUMNS = 12;
export const MOST_ROWS = 24;
const LAST_ROW = 1000;
const ID = /^[a-z0-9-]{1,16}$/;
export const MOST_SERIES = 8;
const SERIES = /^([a-z0-9-]+)(?:\.[A-Za-z0-9][A-Za-z0-9_:-]{0,127}){1,4}$/;
const DATASET = /^([a-z0-9-]+):[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
export const RANGES = ['30d', '90d', '1y', 'all'] as const;

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && [...value].length <= most;
const isNumberOrNull = (value: unknown): value is number | null =>
  value === null || (typeof value === 'number' && Number.isFinite(value));
const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

function readLayout(value: unknown): Layout | null {
  if (!isObject(value)) return null;
  const { x, y, w, h } = value;
  const isRight =
    isWhole(x, 0, COLUMNS - 1) &&
    isWhole(y, 0, LAST_ROW) &&
    isWhole(w, 1, COLUMNS) &&
    isWhole(h, 1, MOST_ROWS) &&
    x + w <= COLUMNS;
  return isRight ? { x, y, w, h } : null;
}

function readPlot(value: unknown): Plot {
  if (!isObject(value)) return {};
  const { range, scaling, min, max, bins } = value;
  const named = RANGES.find((each) => each === range);
  const between =
    isObject(range) && isInstant(range.begin) && isInstant(range.end)
      ? { begin: range.begin, end: range.end }
      : undefined;
  const own = named ?? between;
  return {
    ...(own && { range: own }),
    ...((scaling === 'linear' || scaling === 'log') && { scaling }),
    ...(isNumberOrNull(min) && { min }),
    ...(isNumberOrNull(max) && { max }),
    ...(isWhole(bins, 0, 1000) && { bins }),
  };
}

/**
 * Null for what is no widget, or none that can be shown.
 * @param archives ids of those that the page knows
 */
export function readWidget(value: unknown, archives: readonly string[]): Widget | null {
  if (!isObject(value)) return null;
  const { id, kind, title, check } = value;
  const layout = readLayout(value.layout);
  if (typeof id !== 'string' || !ID.test(id) || layout === null) return null;
  if (title !== undefined && !isText(title, 80)) return null;
  if (check !== undefined && typeof check !== 'string') return null;
  const common = { id, ...(title !== undefined && title !== '' && { title }), layout };
  const ofCheck = check === undefined ? {} : { check };
  const knows = (pattern: RegExp, text: unknown): text is string =>
    typeof text === 'string' && archives.includes(pattern.exec(text)?.[1] ?? '');
  switch (kind) {
    case 'curve': {
      const all: unknown[] = Array.isArray(value.series) ? value.series : [];
      const series = [...new Set(all.filter((name) => knows(SERIES, name)))].slice(0, MOST_SERIES);
      if (series.length === 0) return null;
      const plot = readPlot(value.plot);
      return { kind, ...common, series, ...(Object.keys(plot).length > 0 && { plot }) };
    }
    case 'counts':
      if (typeof value.archive !== 'string' || !archives.includes(value.archive)) return null;
      return { kind, ...common, archive: value.archive, ...ofCheck };
    case 'list':
      if (!isObject(value.view) || !isWhole(value.limit, 1, 50)) return null;
      return { kind, ...common, view: value.view as WidgetOf<'list'>['view'], limit: value.limit };
    case 'strip':
      if (!knows(DATASET, value.dataset)) return null;
      return { kind, ...common, dataset: value.dataset, ...ofCheck };
    case 'note':
      return isText(value.text, 2000) ? { kind, ...common, text: value.text } : null;
    default:
      return null;
  }
}

/** A status at the end of a series' name; null if it counts something else. */
export const statusIn = (series: string) =>
  STATUSES.find((status) => series.endsWith(`.${status}`)) ?? null;
