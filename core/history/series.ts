// Which series of numbers there are (docs/history.md, "Curves"): those of an archive, a number for
// each run, and those of its datasets, a status that lasts.

import { compareBytes } from '../compare/byte-order.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import type { RunHistory, SeriesCatalogue } from './documents.ts';
import { OVERALL } from './verdict-text.ts';

/** Where the name of a dataset's series goes on, after that of the archive. */
const DATASET = 'dataset';

export type SeriesName =
  | { readonly of: 'archive'; readonly archive: string; readonly column: string }
  | {
      readonly of: 'dataset';
      readonly archive: string;
      readonly id: string;
      readonly check: string;
    };

/** Null for a name that no series has. */
export function parseSeries(name: string): SeriesName | null {
  const [archive = '', first, ...others] = name.split('.');
  if (archive === '' || first === undefined) return null;
  if (first !== DATASET) return { of: 'archive', archive, column: [first, ...others].join('.') };
  const [id = '', check = '', ...more] = others;
  if (id === '' || check === '' || more.length > 0) return null;
  return { of: 'dataset', archive, id, check };
}

/** The catalogue after one more run; a series stays, also when its check is no longer made. */
export function withSeries(
  before: SeriesCatalogue | null,
  archive: string,
  { run, counts }: Pick<RunHistory, 'run' | 'counts'>,
): SeriesCatalogue {
  const from = new Map(before?.series.map((one) => [one.name, one.from]));
  const checks = new Set(before?.datasets.checks);
  for (const column of Object.keys(counts)) {
    const name = `${archive}.${column}`;
    if (!from.has(name)) from.set(name, run);
    const [, check] = /^([^.]+)\.ok$/.exec(column) ?? [];
    if (check !== undefined) checks.add(check);
  }
  return {
    schemaVersion: SCHEMA_VERSION,
    archive,
    series: Array.from(from, ([name, first]) => ({ name, from: first })).sort((a, b) =>
      compareBytes(a.name, b.name),
    ),
    datasets: {
      name: `${archive}.${DATASET}.{id}.{check}`,
      checks: [...checks].sort(
        (a, b) => Number(b === OVERALL) - Number(a === OVERALL) || compareBytes(a, b),
      ),
    },
  };
}
