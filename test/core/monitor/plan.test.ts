// Shares of datasets: everything once, as equal in cost as possible, and the same each time.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balance, filesCost } from '../../../core/monitor/plan.ts';

const costs = fc
  .uniqueArray(
    fc.record({
      dataset: fc.integer({ min: 1, max: 999_999 }).map((n) => `ds${String(n).padStart(6, '0')}`),
      cost: fc.integer({ min: 1, max: 400 }),
    }),
    { selector: ({ dataset }) => dataset, maxLength: 200 },
  )
  .map((list) => list);
const shares = fc.record({
  target: fc.integer({ min: 1, max: 1000 }),
  most: fc.integer({ min: 1, max: 50 }),
});

describe('shares', () => {
  test('hold every dataset once, are none empty, and no more than were allowed', () => {
    fc.assert(
      fc.property(costs, shares, (list, wanted) => {
        const made = balance(list, wanted);
        expect(made.flat().sort()).toEqual(list.map(({ dataset }) => dataset).sort());
        expect(made.every((share) => share.length > 0)).toBe(true);
        expect(made.length).toBeLessThanOrEqual(wanted.most);
      }),
    );
  });

  test('differ by no more than the heaviest dataset', () => {
    fc.assert(
      fc.property(costs, shares, (list, wanted) => {
        const cost = new Map(list.map((entry) => [entry.dataset, entry.cost]));
        const sums = balance(list, wanted).map((share) =>
          share.reduce((sum, id) => sum + (cost.get(id) ?? 0), 0),
        );
        const heaviest = Math.max(0, ...list.map((entry) => entry.cost));
        expect(
          Math.max(0, ...sums) - Math.min(...sums, Number.MAX_SAFE_INTEGER),
        ).toBeLessThanOrEqual(heaviest);
      }),
    );
  });

  test('do not depend on the order of the datasets', () => {
    fc.assert(
      fc.property(costs, shares, (list, wanted) => {
        expect(balance([...list].reverse(), wanted)).toEqual(balance(list, wanted));
      }),
    );
  });

  test('begin with the heaviest, so that a huge export does not run on alone at the end', () => {
    const list = [1, 9, 5, 7].map((cost) => ({ dataset: `ds00000${cost}`, cost }));
    expect(balance(list, { target: 100, most: 10 })).toEqual([
      ['ds000009', 'ds000007', 'ds000005', 'ds000001'],
    ]);
  });

  test('shares of killers come last, and hold one each', () => {
    const list = [1, 9, 5, 7].map((cost) => ({
      ...{ dataset: `ds00000${cost}`, cost, isKiller: cost > 5 },
    }));
    expect(balance(list, { target: 100, most: 1 })).toEqual([
      ['ds000005', 'ds000001'],
      ['ds000007'],
      ['ds000009'],
    ]);
  });

  test('hold killers beside others where there are more than any archive has', () => {
    const list = Array.from({ length: 1850 }, (_, at) => ({
      ...{ dataset: `ds${String(at).padStart(6, '0')}`, cost: 1, isKiller: true },
    }));
    const made = balance(list, { target: 100, most: 300 });
    expect(made).toHaveLength(100 + 18);
    expect(made.flat()).toHaveLength(1850);
  });
});

test.each([
  [0, 2],
  [1, 3],
  [1000, 3],
  [1001, 4],
  [394_526, 397],
  [null, 9],
  [undefined, 9],
])('comparing %s files is expected to take %i requests', (files, requests) => {
  expect(filesCost(files)).toBe(requests);
});
