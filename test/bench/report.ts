// Measurements as tables: for the terminal and for docs/performance.md.

import { TRAFFIC_KINDS } from '../../core/traffic.ts';
import type { Measurement } from './measure.ts';
import type { CaseResult, Series } from './results.ts';
import { type Spread, spread } from './spread.ts';

type Row = readonly string[];

export const HEAD: Row = [
  'condition',
  'program',
  'wall s',
  'CPU s',
  'peak MB',
  'requests',
  'MB received',
];

/** Median, and in brackets the minimum and the maximum if they differ. */
function shown({ median, min, max }: Spread, digits: number): string {
  const [m, a, b] = [median, min, max].map((value) => value.toFixed(digits));
  return a === b ? `${m}` : `${m} (${a}–${b})`;
}

const of = (runs: readonly Measurement[], value: (run: Measurement) => number): Spread =>
  spread(runs.map(value));

function requestsOf(runs: readonly Measurement[]): string {
  const kinds = TRAFFIC_KINDS.filter((kind) => runs.some(({ traffic }) => traffic[kind].requests));
  return kinds
    .map(
      (kind) =>
        `${kind} ${shown(
          of(runs, ({ traffic }) => traffic[kind].requests),
          0,
        )}`,
    )
    .join(', ');
}

function bytesOf(runs: readonly Measurement[]): string {
  const total = ({ traffic }: Measurement) =>
    TRAFFIC_KINDS.reduce((sum, kind) => sum + traffic[kind].bytes, 0) / 1e6;
  return shown(of(runs, total), 1);
}

export function rowOf({ variant, subject, runs }: Series): Row {
  return [
    variant,
    subject,
    shown(
      of(runs, ({ wall }) => wall),
      2,
    ),
    shown(
      of(runs, ({ cpu }) => cpu),
      2,
    ),
    shown(
      of(runs, ({ rss }) => rss / 1e6),
      0,
    ),
    requestsOf(runs),
    bytesOf(runs),
  ];
}

/** Sizes, if a case has any: `page data: summaryBytes 31,000,000 …`. */
export function factsText(series: readonly Series[]): string[] {
  const texts = series.map(({ subject, facts }) => {
    const words = Object.entries(facts).map(
      ([name, value]) => `${name} ${value.toLocaleString('en')}`,
    );
    // The sizes of the checked data are the same for every program.
    return words.length > 0 ? `${'files' in facts ? 'checked' : subject}: ${words.join(', ')}` : '';
  });
  return [...new Set(texts)].filter((text) => text !== '');
}

/** A case for the terminal. */
export function caseText({ series, skipped }: CaseResult): string {
  const rows = [HEAD, ...series.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
  const sizes = factsText(series);
  const said = skipped.map((why) => `skipped: ${why}`);
  return [...(series.length > 0 ? lines : []), ...sizes, ...said]
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}
