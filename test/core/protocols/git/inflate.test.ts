import { randomBytes } from 'node:crypto';
import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GitFault } from '../../../../core/protocols/git/fault.ts';
import { inflateInto } from '../../../../core/protocols/git/inflate.ts';
import { mutate, numbers } from './mutations.ts';

/** The stream between other bytes, so that reading past its end is noticed. */
function inflated(stream: Buffer, size: number): Buffer {
  const output = Buffer.alloc(size);
  const input = Buffer.concat([Buffer.from('before'), stream, Buffer.from([0xff, 0xff, 0xff])]);
  expect(inflateInto(input, 6, input.length, output)).toBe(6 + stream.length);
  return output;
}

const TREE = Buffer.concat(
  Array.from({ length: 300 }, (_, n) =>
    Buffer.concat([Buffer.from(`120000 sub-${n}_bold.nii.gz\0`), randomBytes(20)]),
  ),
);

const WAYS = [
  { name: 'stored', level: 0 },
  { name: 'quickly', level: 1 },
  { name: 'best', level: 9 },
  { name: 'with the fixed code', strategy: constants.Z_FIXED },
  { name: 'without repetitions', strategy: constants.Z_HUFFMAN_ONLY },
  { name: 'runs only', strategy: constants.Z_RLE },
  { name: 'with a small window', windowBits: 9 },
  { name: 'in many small blocks', memLevel: 1 },
];

describe.each(WAYS)('a stream deflated $name', ({ name: _, ...options }) => {
  test.each([
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'one byte', bytes: Buffer.from('x') },
    { what: 'a tree', bytes: TREE },
    { what: 'one byte a hundred thousand times', bytes: Buffer.alloc(100_000, 0xff) },
    { what: 'bytes of chance', bytes: randomBytes(100_000) },
  ])('of $what comes back, and ends where it ends', ({ bytes }) => {
    expect(inflated(deflateSync(bytes, options), bytes.length).equals(bytes)).toBe(true);
  });

  test('any content comes back', () => {
    const few = fc.array(fc.constantFrom(0, 1, 65, 255), { maxLength: 600 });
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      few.map((it) => Buffer.from(it)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        const whole = Buffer.from(bytes);
        expect(inflated(deflateSync(whole, options), whole.length).equals(whole)).toBe(true);
      }),
    );
  });
});

describe('anything but such a stream is malformed', () => {
  const stream = deflateSync(TREE);
  const read = (bytes: Buffer, size = TREE.length) => {
    const output = Buffer.alloc(size);
    inflateInto(bytes, 0, bytes.length, output);
    return output;
  };

  test('cut at any byte', () => {
    for (let length = 0; length < stream.length; length += length < 300 ? 1 : 97) {
      expect(() => read(stream.subarray(0, length)), `${length}`).toThrow(GitFault);
    }
  });

  test.each([-1, 1])('a stream of another size than it says is malformed, by %d', (by) => {
    expect(() => read(stream, TREE.length + by)).toThrow('another size');
  });

  test('a dictionary, another method or a wrong sum in the head is malformed', () => {
    const dictionary = deflateSync(TREE, { dictionary: Buffer.from('120000 sub-') });
    expect(() => read(dictionary)).toThrow('does not inflate');
    expect(() => read(Buffer.from([0x79, 0x9c, ...stream.subarray(2)]))).toThrow(
      'does not inflate',
    );
    expect(() => read(Buffer.from([0x78, 0x9d, ...stream.subarray(2)]))).toThrow(
      'does not inflate',
    );
  });

  test('3,000 damaged streams: an error, or the bytes all the same', () => {
    const random = numbers(7);
    const ways = WAYS.map(({ name: _, ...options }) => deflateSync(TREE.subarray(0, 900), options));
    let refused = 0;
    for (let nth = 0; nth < 3000; nth++) {
      const damaged = mutate(ways[nth % ways.length] as Buffer, random);
      try {
        expect(read(damaged, 900).equals(TREE.subarray(0, 900))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(GitFault);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(2500);
  });
});
