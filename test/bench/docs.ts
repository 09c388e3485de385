// The tables of docs/performance.md: everything between its two marks is generated from the last
// results, the rest is written by hand.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRAFFIC_KINDS } from '../../core/traffic.ts';
import { CASES } from './cases.ts';
import { judge } from './goals.ts';
import type { Measurement } from './measure.ts';
import { LATEST, type Machine, type Results, readResults } from './results.ts';
import { spread } from './spread.ts';

const DOCUMENT = join(import.meta.dirname, '../../docs/performance.md');
const BEGIN = '<!-- made by npm run bench -- --write-docs -->';
const END = '<!-- end of what was made -->';

/** @throws Error if there are no results, or the document has lost its marks. */
export function writeDocs(): void {
  const results = readResults(LATEST);
  if (!results) throw new Error('there are no results yet: run npm run bench');
  const text = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no lines ${BEGIN} … ${END}`);
  const made = `${BEGIN}\n\n${tables(results)}\n\n`;
  writeFileSync(DOCUMENT, text.slice(0, from) + made + text.slice(to));
}

function tables(results: Results): string {
  return [machineText(results.machine), goalsText(results), resultsText(results)].join('\n\n');
}

/** The median of each program over each case, with and without latency; the bench prints the spread. */
function resultsText(results: Results): string {
  const place = (name: string) => CASES.findIndex((one) => one.name === name);
  const inOrder = results.cases.toSorted((a, b) => place(a.name) - place(b.name));
  const rows = inOrder.flatMap(({ name, at, series }) => {
    const subjects = [...new Set(series.map(({ subject }) => subject))];
    return subjects.map((subject) => {
      const at0 = series.find((one) => one.subject === subject && one.variant === '0 ms');
      const at40 = series.find((one) => one.subject === subject && one.variant === '40 ms');
      const of = (one: typeof at0, value: (run: Measurement) => number, digits: number) =>
        one ? spread(one.runs.map(value)).median.toFixed(digits) : '';
      return [
        name,
        at.slice(0, 10),
        subject,
        of(at0, ({ wall }) => wall, 2),
        of(at40, ({ wall }) => wall, 2),
        of(at0, ({ cpu }) => cpu, 2),
        of(at0, ({ rss }) => rss / 1e6, 0),
        of(
          at0,
          ({ traffic }) => TRAFFIC_KINDS.reduce((sum, kind) => sum + traffic[kind].bytes, 0) / 1e6,
          1,
        ),
      ];
    });
  });
  const head = [
    'case',
    'measured',
    'program',
    'wall s',
    'wall s at 40 ms',
    'CPU s',
    'peak MB',
    'MB received',
  ];
  return `### Results\n\n${table([head, ...rows])}`;
}

function machineText({ cores, processor, memory, system, node, git }: Machine): string {
  const size = Math.round(memory / 2 ** 30);
  return `Machine: ${cores} cores (${processor}), ${size} GiB of memory, ${system}, Node ${node}, git ${git}.`;
}

function goalsText(results: Results): string {
  const rows = judge(results).map((one) => [
    one.case,
    one.goal,
    one.reached,
    one.met ? 'yes' : '**no**',
  ]);
  return `### Goals\n\n${table([['case', 'goal', 'reached', 'met'], ...rows])}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...lines] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  return [head, head.map(() => '---'), ...lines].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
