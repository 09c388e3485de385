// The tables of docs/performance.md: everything between its two marks is made from the last
// results, the rest is written by hand.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { judge } from './goals.ts';
import { factsText, HEAD, rowOf } from './report.ts';
import { LATEST, type Machine, type Results, readResults } from './results.ts';

const DOCUMENT = join(import.meta.dirname, '../../docs/performance.md');
const BEGIN = '<!-- made by npm run bench -- --write-docs -->';
const END = '<!-- end of what was made -->';

/** @throws Error when there are no results, or the document has lost its marks. */
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
  const place = (name: string) => CASES.findIndex((one) => one.name === name);
  const inOrder = results.cases.toSorted((a, b) => place(a.name) - place(b.name));
  const cases = inOrder.map(({ name, title, at, series, skipped }) =>
    [
      `### ${title}`,
      `\`${name}\`, measured ${at}${skipped.map((why) => `; skipped: ${why}`).join('')}`,
      ...(series.length > 0 ? [table([HEAD, ...series.map(rowOf)])] : []),
      ...factsText(series),
    ].join('\n\n'),
  );
  return [machineText(results.machine), goalsText(results), ...cases].join('\n\n');
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
