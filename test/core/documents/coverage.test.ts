import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { briefCoverage, coverage, percents } from '../../../core/documents/coverage.ts';

const files = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 }), fc.nat({ max: 400_000 }));
const compared = fc.record({ content: files, size: files, none: files });

describe('percents of what was compared', () => {
  test.each([
    [{ content: 870, size: 50, none: 80 }, [87, 5, 8]],
    [{ content: 1, size: 1, none: 1 }, [34, 33, 33]],
    [{ content: 399_997, size: 0, none: 3 }, [99, 0, 1]],
    [{ content: 3, size: 0, none: 399_997 }, [1, 0, 99]],
    [{ content: 399_998, size: 1, none: 1 }, [98, 1, 1]],
    [{ content: 995, size: 5, none: 0 }, [99, 1, 0]],
    [{ content: 7, size: 0, none: 0 }, [100, 0, 0]],
  ])('of %j are %j', (counts, [content, size, none]) => {
    expect(percents(counts)).toEqual({ content, size, none });
  });

  test('add up, and are 0 or 100 only where it is exactly so', () => {
    fc.assert(
      fc.property(compared, (counts) => {
        const total = counts.content + counts.size + counts.none;
        const shares = percents(counts);
        expect(shares === null).toBe(total === 0);
        if (shares === null) return;
        expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(100);
        for (const depth of ['content', 'size', 'none'] as const) {
          const share = shares[depth];
          expect(share === 0).toBe(counts[depth] === 0);
          expect(share === 100).toBe(counts[depth] === total);
          expect(Math.abs(share - (100 * counts[depth]) / total)).toBeLessThan(2);
        }
      }),
    );
  });
});

test.each([
  [
    [870, 50, 80],
    'content compared in 87 % of files, size in 5 %, 8 % not comparable',
    '87 % by content',
  ],
  [[10, 0, 0], 'content compared in 100 % of files', '100 % by content'],
  [[9, 1, 0], 'content compared in 90 % of files, size in 10 %', '90 % by content'],
  [[1, 0, 1], 'content compared in 50 % of files, 50 % not comparable', '50 % by content'],
  [[0, 3, 1], 'size compared in 75 % of files, 25 % not comparable', '75 % by size'],
  [[0, 0, 4], 'no file comparable', 'not comparable'],
  [[0, 0, 0], 'no file to compare', null],
])('%j reads: %s', ([content = 0, size = 0, none = 0], sentence, brief) => {
  expect(coverage({ content, size, none })).toBe(sentence);
  expect(briefCoverage({ content, size, none })).toBe(brief);
});
