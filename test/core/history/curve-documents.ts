// The documents that a curve is read from, made for a test.

import { SCHEMA_VERSION } from '../../../core/documents/vocabulary.ts';
import {
  countsPath,
  INDEX_PATH,
  monthOf,
  SERIES_PATH,
  stripsPath,
} from '../../../core/history/paths.ts';
import type { Strips } from '../../../core/history/strips-document.ts';
import { systemClock } from '../../../core/http/clock.ts';

export type Value = readonly [at: number, value: number | null];

/** @param columns by name, with a value at each of the same times */
export function documentsOf(
  columns: Readonly<Record<string, readonly Value[]>>,
  strips: readonly Strips[] = [],
): Map<string, unknown> {
  const [first = []] = Object.values(columns);
  const runs = first.map(([at]) => new Date(at).toISOString());
  const months = [...new Set(runs.map(monthOf))].sort();
  const from = (values: readonly Value[]) =>
    new Date(values.find(([, value]) => value !== null)?.[0] ?? 0).toISOString();
  return new Map<string, unknown>([
    [
      'archives.json',
      {
        schemaVersion: SCHEMA_VERSION,
        archives: [{ id: 'toy', name: 'Toys', origin: 'live', folder: 'toy/' }],
      },
    ],
    [
      `toy/${INDEX_PATH}`,
      {
        schemaVersion: SCHEMA_VERSION,
        firstRun: runs[0],
        lastRun: runs.at(-1),
        runs: runs.length,
        lastRuns: runs.slice(-30),
        firstLook: null,
        imported: null,
        months,
        gaps: [],
        rulesVersions: [],
        withdrawn: {},
      },
    ],
    [
      `toy/${SERIES_PATH}`,
      {
        schemaVersion: SCHEMA_VERSION,
        archive: 'toy',
        series: Object.entries(columns).map(([name, values]) => ({
          name: `toy.${name}`,
          from: from(values),
        })),
        datasets: { name: 'toy.dataset.{id}.{check}', checks: ['overall', 'copy'] },
      },
    ],
    ...months.map((month): [string, unknown] => {
      const of = (values: readonly Value[]) =>
        values.filter(([at]) => monthOf(new Date(at).toISOString()) === month);
      return [
        `toy/${countsPath(month)}`,
        {
          schemaVersion: SCHEMA_VERSION,
          month,
          time: of(first).map(([at]) => new Date(at).toISOString()),
          columns: Object.fromEntries(
            Object.entries(columns).map(([name, values]) => [
              name,
              of(values).map(([, value]) => value),
            ]),
          ),
        },
      ];
    }),
    ...strips.map((one): [string, unknown] => [`toy/${stripsPath(one.id)}`, one]),
  ]);
}

/** It stands still, but waits. */
export const clockAt = (now: number) => ({ ...systemClock, now: () => now });
