import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counted, number } from '../../../core/documents/format.ts';

test('whole numbers read as they do in English', () => {
  const english = new Intl.NumberFormat('en');
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(number(value)).toBe(english.format(value));
    }),
  );
  expect([0, 999, 1000, 1834, 394_000, 1_234_567].map(number)).toEqual([
    '0',
    '999',
    '1,000',
    '1,834',
    '394,000',
    '1,234,567',
  ]);
});

test('one dataset, two datasets', () => {
  expect([1, 2, 1834].map((count) => counted(count, 'dataset'))).toEqual([
    '1 dataset',
    '2 datasets',
    '1,834 datasets',
  ]);
  expect(counted(2, 'entry', 'entries')).toBe('2 entries');
});
