// The rules of boards have numbers, and docs/boards.md says which test has which.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `B${String(from + i).padStart(2, '0')}`);

/** Rules and files of each row of the table. */
const rows = [...read('docs/boards.md').matchAll(/^\| (B\d\d[^|]*) \| ([^|]+) \|/gm)].map(
  ([, rules = '', files = '']) => ({
    rules: [...rules.matchAll(/B(\d\d)(?:–B(\d\d))?/g)].flatMap(([, from, to = from]) =>
      numbers(Number(from), Number(to)),
    ),
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }),
);

test('every rule is in the table once', () => {
  expect(rows.flatMap(({ rules }) => rules).sort()).toEqual(numbers(1, 48));
});

describe.each(rows.filter(({ files }) => files.length > 0))('$rules', ({ rules, files }) => {
  test.each(files)('%s has them in its titles', (file) => {
    const titles = read(file).match(/(?:test|describe)[^\n]*\(\s*['`][^\n]*/g) ?? [];
    expect(rules.filter((rule) => !titles.some((title) => title.includes(rule)))).toEqual([]);
  });
});
