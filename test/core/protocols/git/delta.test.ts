// Deltas: their results; a wrong one gives nothing.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyDelta, resultSize, sizeAt } from '../../../../core/protocols/git/delta.ts';
import { GitFault } from '../../../../core/protocols/git/fault.ts';
import { type Command, delta, size } from './wire.ts';

const BASE = Buffer.from('0123456789abcdef');

describe('a delta makes what its commands say', () => {
  test.each<[string, Command[], string]>([
    ['nothing', [], ''],
    ['bytes of its own', [Buffer.from('xyz')], 'xyz'],
    ['a copy from the middle', [{ from: 4, length: 4 }], '4567'],
    [
      'copies that overlap',
      [
        { from: 0, length: 4 },
        { from: 2, length: 4 },
      ],
      '01232345',
    ],
    ['both', [{ from: 15, length: 1 }, Buffer.from('-'), { from: 0, length: 16 }], `f-${BASE}`],
  ])('%s', (_, commands, expected) => {
    const bytes = delta(BASE.length, expected.length, ...commands);
    expect(applyDelta(BASE, bytes).toString()).toBe(expected);
    expect(resultSize(bytes)).toBe(expected.length);
  });

  test('a copy without length bytes is of 65,536', () => {
    const base = Buffer.alloc(0x10001, 'ab');
    const bytes = Buffer.concat([size(base.length), size(0x10000), Buffer.from([0x81, 1])]);
    expect(applyDelta(base, bytes)).toEqual(base.subarray(1));
  });

  test('long copies from far offsets', () => {
    const base = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 251));
    for (const [from, length] of [
      [300, 300],
      [66_000, 1000],
      [1, 66_000],
    ] as const) {
      const bytes = delta(base.length, length, { from, length });
      expect(applyDelta(base, bytes)).toEqual(base.subarray(from, from + length));
    }
  });

  test('a copy without any bytes is of 65,536 from the beginning', () => {
    const base = Buffer.alloc(0x10000, 'ab');
    const bytes = Buffer.concat([size(base.length), size(0x10000), Buffer.from([0x80])]);
    expect(applyDelta(base, bytes)).toEqual(base);
  });

  test('a size takes up to seven bytes', () => {
    const bytes = (more: number) => Buffer.from([...Array(more).fill(0xff), 0x01]);
    expect(sizeAt(bytes(0), 0)).toEqual({ size: 1, next: 1 });
    expect(sizeAt(bytes(6), 0)).toEqual({ size: 2 ** 43 - 1, next: 7 });
    expect(() => sizeAt(bytes(7), 0)).toThrow(GitFault);
    expect(() => sizeAt(bytes(6).subarray(0, 6), 0)).toThrow(GitFault);
  });

  test('any mixture of copies and inserts', () => {
    const copy = fc
      .tuple(fc.nat(BASE.length - 1), fc.nat(BASE.length))
      .map(([from, length]) => ({ from, length: Math.min(length + 1, BASE.length - from) }));
    const insert = fc
      .uint8Array({ minLength: 1, maxLength: 127 })
      .map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(copy, insert)), (commands) => {
        const expected = Buffer.concat(
          commands.map((it) =>
            Buffer.isBuffer(it) ? it : BASE.subarray(it.from, it.from + it.length),
          ),
        );
        expect(applyDelta(BASE, delta(BASE.length, expected.length, ...commands))).toEqual(
          expected,
        );
      }),
    );
  });
});

describe('a wrong delta is malformed', () => {
  const good = delta(16, 7, { from: 0, length: 4 }, Buffer.from('xyz'));
  test.each<[string, Buffer]>([
    ['for a base of another size', delta(15, 4, { from: 0, length: 4 })],
    ['copying from behind the base', delta(16, 4, { from: 13, length: 4 })],
    ['copying from far behind', delta(16, 4, { from: 0xffffffff, length: 4 })],
    ['making more than it says', delta(16, 3, { from: 0, length: 4 })],
    ['inserting more than it says', delta(16, 2, Buffer.from('xyz'))],
    ['making less than it says', delta(16, 5, { from: 0, length: 4 })],
    ['with the reserved command', Buffer.concat([delta(16, 0), Buffer.from([0])])],
    ['with a size that never ends', Buffer.alloc(20, 0xff)],
    ['with nothing in it', Buffer.alloc(0)],
  ])('%s', (_, bytes) => {
    expect(() => applyDelta(BASE, bytes)).toThrow(GitFault);
  });

  test('cut at any byte', () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => applyDelta(BASE, good.subarray(0, length)), `${length}`).toThrow(GitFault);
    }
  });
});
