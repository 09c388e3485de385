// The bench's own arithmetic; `npm run bench -- --quick` shows that it runs at all.

import { describe, expect, test } from 'vitest';
import { noTraffic } from '../../core/traffic.ts';
import { judge } from './goals.ts';
import type { Measurement } from './measure.ts';
import { assertEqual, type Found } from './outcome.ts';
import type { Results, Series } from './results.ts';
import { spread } from './spread.ts';

describe('median and spread', () => {
  test.each([
    { values: [3], median: 3, min: 3, max: 3 },
    { values: [10, 9, 1], median: 9, min: 1, max: 10 },
    { values: [4, 1, 3, 2], median: 2.5, min: 1, max: 4 },
  ])('of $values', ({ values, ...expected }) => {
    expect(spread(values)).toEqual(expected);
  });

  test('no runs have none', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});

describe('equal results', () => {
  test('two programs that compared nothing have no equal results', () => {
    expect(() => assertEqual([], [])).toThrow(/no dataset/);
  });

  const one: Found = { id: 'ds000001', tag: '1.0.0', files: 2, keys: 2, added: ['a'], removed: [] };

  test('pass in any order of datasets', () => {
    const other = { ...one, id: 'ds000002' };
    expect(() => assertEqual([one, other], [other, one])).not.toThrow();
  });

  test.each([
    { what: 'a lost path', baseline: [{ ...one, added: [] }], says: /ds000001.*added/ },
    { what: 'another total', baseline: [{ ...one, keys: 3 }], says: /ds000001.*keys/ },
    { what: 'a dataset less', baseline: [], says: /1 datasets, the baseline 0/ },
    { what: 'another dataset', baseline: [{ ...one, id: 'ds000002' }], says: /ds000001/ },
  ])('$what is reported', ({ baseline, says }) => {
    expect(() => assertEqual([one], baseline)).toThrow(says);
  });
});

function measured(of: Partial<Measurement>, listing = 0): Measurement {
  const traffic = noTraffic();
  traffic.listing.requests = listing;
  return { wall: 1, cpu: 1, childrenCpu: 0, rss: 1e6, traffic, ...of };
}

function results(name: string, series: readonly Partial<Series>[]): Results {
  const machine = { cores: 2, processor: 'x', memory: 1, system: 'x', node: 'x', git: 'x' };
  const empty = { case: name, variant: '0 ms', subject: 'cold', datasets: 1, runs: [], facts: {} };
  const filled = series.map((one) => ({ ...empty, ...one }));
  return { machine, cases: [{ name, title: name, at: '', series: filled, skipped: [] }] };
}

describe('goals', () => {
  test.each([
    { ours: 1, reached: '1/8.0', met: true },
    { ours: 2, reached: '1/4.0', met: false },
  ])('CPU of $ours beside a baseline of 8 is $reached of it', ({ ours, reached, met }) => {
    const judged = judge(
      results('400k-files', [
        { subject: 'cold', runs: [measured({ cpu: ours })] },
        { subject: 'baseline', runs: [measured({ cpu: 8 })] },
      ]),
    );
    expect(judged).toContainEqual({
      case: '400k-files',
      goal: 'cold: CPU at 0 ms ≤ 1/6 of the baseline',
      reached,
      met,
    });
  });

  test.each([
    { asked: 101, met: true },
    { asked: 102, met: false },
  ])('$asked requests for a listing of 100 pages', ({ asked, met }) => {
    const runs = [measured({}, asked), measured({}, 100)];
    const judged = judge(results('1k-files', [{ runs, facts: { pages: 100 } }]));
    expect(judged).toContainEqual(
      expect.objectContaining({ goal: 'listing: ≤ pages + 1 %', reached: expect.any(String), met }),
    );
  });

  test('what was not measured is neither met nor missed', () => {
    const judged = judge(results('400k-files', []));
    expect(judged).toEqual([]);
  });
});
