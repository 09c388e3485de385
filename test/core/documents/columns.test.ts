// A column that fits is seen through in one pass. What that pass takes, and gives back, is what zod does.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { counts, maybeCounts, maybeNumbers } from '../../../core/documents/columns.ts';

const KINDS = [
  ['counts', counts],
  ['counts or null', maybeCounts],
  ['numbers or null', maybeNumbers],
] as const;

const entry = fc.oneof(
  { weight: 20, arbitrary: fc.nat() },
  { weight: 5, arbitrary: fc.constant(null) },
  fc.double(),
  fc.constantFrom<unknown>(
    -1,
    -0,
    0.5,
    2 ** 53,
    2 ** 53 - 1,
    NaN,
    Infinity,
    '1',
    undefined,
    [],
    true,
  ),
);
const list = fc.oneof(
  { weight: 20, arbitrary: fc.array(entry, { maxLength: 4 }) },
  fc.constantFrom<unknown>(undefined, null, {}, 'text', 1, Array(2), new Uint8Array(2)),
);

test.each(KINDS)('a column of %s is checked as zod checks it', (_, column) => {
  const plain = z.object({ column: z.array(column.element) });
  const quick = z.object({ column });
  fc.assert(
    fc.property(list, (value) => {
      const [is, should] = [quick, plain].map((one) => one.safeParse({ column: value }));
      expect(is).toEqual(should);
    }),
    { numRuns: 1000 },
  );
});

test('what comes out is a list of its own', () => {
  const value = [1, 2];
  const checked = counts.parse(value);
  expect(checked).toEqual(value);
  expect(checked).not.toBe(value);
});

test('the JSON Schema of a column is that of any list of numbers', () => {
  const { $schema: _, ...schema } = z.toJSONSchema(maybeCounts, { io: 'input' });
  const { $schema: __, ...plain } = z.toJSONSchema(z.array(maybeCounts.element), { io: 'input' });
  expect(schema).toEqual(plain);
});
