import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, detached, fromBinary, toBinary } from '../../../core/compare/byte-order.ts';

/** Every kind of UTF-16 unit, including lone surrogates, often enough to meet. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x20, 0x2f, 0x61, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff),
      fc.constantFrom(0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00, 0xdfff),
      fc.integer({ min: 0, max: 0xffff }),
    ),
    { maxLength: 8 },
  )
  .map((units) => String.fromCharCode(...units));

describe('byte order', () => {
  test('ordinary strings compare as their UTF-8 bytes do', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 3000 },
    );
  });

  test('binary strings compare with < as their bytes do', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (a, b) => {
        expect(toBinary(a) < toBinary(b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0);
      }),
    );
  });

  test('text goes to bytes and back', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        expect(fromBinary(toBinary(text))).toBe(text.toWellFormed());
      }),
    );
  });

  test.each([
    { a: '\u{1f600}', b: '\uffff', why: 'above U+FFFF, where JavaScript sorts the other way' },
    { a: 'sub-01.json', b: 'sub-01', why: 'the longer behind its beginning' },
    { a: 'sub-01/a', b: 'sub-01.json', why: 'a folder behind a dot' },
    { a: 'é', b: 'z', why: 'accents behind ASCII' },
  ])('$a comes after $b: $why', ({ a, b }) => {
    expect(compareBytes(a, b)).toBeGreaterThan(0);
    expect(compareBytes(b, a)).toBeLessThan(0);
    expect(toBinary(a) > toBinary(b)).toBe(true);
  });

  test('bytes that are no UTF-8 are shown as U+FFFD', () => {
    expect(fromBinary('caf\xe9.tsv')).toBe('caf\ufffd.tsv');
  });

  test('a detached string is the same string', () => {
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
    expect(detached(bytes)).toBe(bytes);
  });
});
