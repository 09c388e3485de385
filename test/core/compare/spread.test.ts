import { expect, test } from 'vitest';
import { spread } from '../../../core/compare/spread.ts';

// Draft-eastlake-fnv, appendix C: FNV-1a of 32 bits.
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['b', 0xe70c2de5],
  ['foobar', 0xbf9cf968],
])('a text has the same number on every machine: %j', (text, number) => {
  expect(spread(text)).toBe(number);
});

test('other text before it gives another number', () => {
  expect(spread('bar', spread('foo'))).toBe(spread('foobar'));
  expect(spread('bar', spread('fop'))).not.toBe(spread('foobar'));
});
