// The tables in docs/checks.md list what each check finds: they match the check values.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHECK_LIST, WHOLE_CHECKS } from '../../../archives/openneuro/checks/index.ts';
import { CHECKS, type Check } from '../../../archives/openneuro/vocabulary.ts';
import { STATUSES } from '../../../core/documents/vocabulary.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../../docs/checks.md'), 'utf8');

const HEADINGS: Readonly<Record<Check | 'leftovers', string>> = {
  github: 'Mirror',
  s3Version: 'Version',
  s3Files: 'Files',
  s3Content: 'Contents',
  s3Access: 'Access',
  annexRecord: 'Record',
  doi: 'DOI',
  deprecated: 'Deprecation',
  leftovers: 'Leftovers',
};

/** Cells of the rows of a section's tables. */
function rowsBelow(heading: string): string[][] {
  const [, section = ''] = TEXT.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const lines = own.split('\n').filter((line) => /^\|(?!---)/.test(line));
  return lines.map((line) => line.split('|').slice(1, -1));
}

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
const statusesIn = (text: string) =>
  STATUSES.filter((status) => new RegExp(`(?<![\\w-])${status}(?![\\w-])`).test(text));

describe.each<CheckDefinition>([...CHECK_LIST, ...WHOLE_CHECKS])(
  '$id',
  ({ id, findings, reasons = {} }) => {
    const rows = rowsBelow(HEADINGS[id as keyof typeof HEADINGS]).map(([, ...cells]) =>
      cells.join('|'),
    );

    test('the table of its section has its findings, each with its severity', () => {
      const told = rows.flatMap((row) =>
        quoted(row)
          .filter((word) => Object.hasOwn(findings, word))
          .map((word) => [word, statusesIn(row.replaceAll(/`[^`]*`/g, ''))] as const),
      );
      const expected = Object.entries(findings).map(([name, { severity }]) => [name, [severity]]);
      const byName = (all: readonly (readonly unknown[])[]) => all.map(String).sort();
      expect([...new Set(byName(told))]).toEqual(byName(expected));
      // For the mirror every match counts, in the table's order; the other tables are by answers.
      if (id !== 'github') return;
      expect([...new Set(told.map(([word]) => word))]).toEqual(Object.keys(findings));
    });

    test('what waits of a dataset just published is in the table of that section', () => {
      const row = rowsBelow('New datasets').find(([name = '']) => quoted(name).includes(id));
      const waiting = [
        ...Object.entries(findings).flatMap(([name, { onItsWay }]) => (onItsWay ? [name] : [])),
        ...Object.entries(reasons).flatMap(([name, { onItsWay }]) => (onItsWay ? [name] : [])),
      ];
      expect(quoted(row?.[1] ?? '').sort()).toEqual(waiting.sort());
    });
  },
);

test('every check has a section', () => {
  expect(Object.keys(HEADINGS)).toEqual([...CHECKS, ...WHOLE_CHECKS.map(({ id }) => id)]);
  for (const heading of Object.values(HEADINGS))
    expect(rowsBelow(heading).length).toBeGreaterThan(1);
});
