// The history's documents that widgets read, of any archive on the site, each loaded once until the
// list shows new results.

import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Point, Range, Steps } from '../../core/history/bins.ts';
import { parseSeries } from '../../core/history/series.ts';
import { monthAt, monthPoints, stripPoints, within } from '../../core/history/series-points.ts';
import { type Index, loadCounts, loadIndex, loadSeries, loadStrips } from '../history/documents.ts';
import { RESULTS } from '../shared/catalogue.ts';
import type { Loaded } from '../shared/load.ts';
import { list } from './port.ts';
import { catalogueById } from './widget-titles.ts';

/** `absent`: there is no such series, dataset or archive. */
export type Told<T> =
  | { readonly kind: 'told'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed' };

const loaded = new Map<string, Promise<Loaded<unknown>>>();
let isFollowing = false;

function once<T>(name: string, load: () => Promise<Loaded<T>>): Promise<Loaded<T>> {
  if (!isFollowing) {
    isFollowing = true;
    effect(() => {
      // New results have a new history.
      if (list().index.value) loaded.clear();
    });
  }
  const before = loaded.get(name) as Promise<Loaded<T>> | undefined;
  const asked = before ?? load();
  loaded.set(name, asked);
  return asked;
}

const folderOf = (archive: string): string | null => {
  const catalogue = catalogueById(archive);
  return catalogue && RESULTS + catalogue.folder;
};

const indexOf = (folder: string) => once(`${folder} index`, () => loadIndex(folder));
const seriesOf = (folder: string) => once(`${folder} series`, () => loadSeries(folder));
const monthOf = (folder: string, month: string) =>
  once(`${folder} ${month}`, () => loadCounts(month, folder));
export const stripsOf = (folder: string, id: string) =>
  once(`${folder} strips ${id}`, () => loadStrips(id, folder));

const failure = ({ kind }: Loaded<unknown>) =>
  kind === 'absent' ? ({ kind: 'absent' } as const) : ({ kind: 'failed' } as const);

export async function indexOfArchive(archive: string): Promise<Told<Index>> {
  const folder = folderOf(archive);
  if (folder === null) return { kind: 'absent' };
  const index = await indexOf(folder);
  return index.kind === 'loaded' ? { kind: 'told', value: index.value } : failure(index);
}

/** Names of all series of an archive; those of datasets aside. */
export async function seriesNames(archive: string): Promise<readonly string[]> {
  const folder = folderOf(archive);
  const series = folder === null ? null : await seriesOf(folder);
  return series?.kind === 'loaded' ? series.value.series.map(({ name }) => name) : [];
}

/** What a series was in a time. A name from a board is checked here before it is in an address. */
export async function stepsOf(name: string, range: Range): Promise<Told<Steps>> {
  const parsed = parseSeries(name);
  const folder = parsed && folderOf(parsed.archive);
  if (parsed === null || folder === null) return { kind: 'absent' };
  if (parsed.of === 'dataset') {
    const { id, check } = parsed;
    if (!/^[A-Za-z0-9][\w-]{0,127}$/.test(id)) return { kind: 'absent' };
    const strips = await stripsOf(folder, id);
    if (strips.kind !== 'loaded') return failure(strips);
    if (!Object.hasOwn(strips.value.strips, check)) return { kind: 'absent' };
    return { kind: 'told', value: within(stripPoints(strips.value, check), range) };
  }
  const [series, index] = await Promise.all([seriesOf(folder), indexOf(folder)]);
  if (series.kind !== 'loaded') return failure(series);
  if (index.kind !== 'loaded') return failure(index);
  const known = series.value.series.find((one) => one.name === name);
  if (known === undefined) return { kind: 'absent' };
  return monthsOf(folder, index.value.months, range, (counts) =>
    monthPoints(counts, parsed.column, known.from),
  );
}

type Month = Parameters<typeof monthPoints>[0];

/** The value at the beginning is that of the run before it, which may be a month ago. */
async function monthsOf(
  folder: string,
  months: readonly string[],
  range: Range,
  points: (counts: Month) => Point[],
): Promise<Told<Steps>> {
  const first = months.findLastIndex((month) => month < monthAt(range.begin));
  const wanted = months.filter(
    (month, place) => place >= Math.max(0, first) && month <= monthAt(range.end),
  );
  const counts = await Promise.all(wanted.map((month) => monthOf(folder, month)));
  const told = counts.flatMap((month) => (month.kind === 'loaded' ? [month.value] : []));
  if (told.length < counts.length) return { kind: 'failed' };
  // A clock that was ahead can have put a run before an earlier one.
  const all = told.flatMap(points).sort((a, b) => a.at - b.at);
  return { kind: 'told', value: within(all, range) };
}

/** Loads for a widget, and again when the list has new results. Null: it is loading. */
export function useTold<T>(name: string, load: () => Promise<Told<T>>): Told<T> | null {
  const [told, tell] = useState<{ readonly name: string; readonly told: Told<T> } | null>(null);
  const rows = list().index.value;
  useEffect(() => {
    let isLate = false;
    load().then(
      (value) => {
        if (!isLate) tell({ name, told: value });
      },
      () => {
        if (!isLate) tell({ name, told: { kind: 'failed' } });
      },
    );
    return () => {
      isLate = true;
    };
  }, [name, rows]);
  return told?.name === name ? told.told : null;
}
