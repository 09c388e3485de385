import { expect, test } from 'vitest';
import { parseSeries, withSeries } from '../../../core/history/series.ts';

test.each([
  ['toy.total', { of: 'archive', archive: 'toy', column: 'total' }],
  ['toy.overall.ok', { of: 'archive', archive: 'toy', column: 'overall.ok' }],
  ['toy.issue.copy:gone', { of: 'archive', archive: 'toy', column: 'issue.copy:gone' }],
  ['toy.dataset.bear.copy', { of: 'dataset', archive: 'toy', id: 'bear', check: 'copy' }],
  ['toy.dataset.bear', null],
  ['toy.dataset.bear.copy.more', null],
  ['toy.dataset..copy', null],
  ['toy', null],
  ['.total', null],
  ['', null],
])('%j is %j', (name, expected) => {
  expect(parseSeries(name)).toEqual(expected);
});

test('the catalogue has every series from its first run on, and keeps those that end', () => {
  const first = withSeries(null, 'toy', {
    run: '2026-08-01T06:00:00.000Z',
    counts: { total: 3, 'overall.ok': 3, 'overall.error': 0, 'list.ok': 3 },
  });
  const second = withSeries(first, 'toy', {
    run: '2026-08-02T06:00:00.000Z',
    counts: { total: 3, 'overall.ok': 2, 'copy.ok': 2, 'issue.copy:gone': 1 },
  });
  expect(second.series).toEqual([
    { name: 'toy.copy.ok', from: '2026-08-02T06:00:00.000Z' },
    { name: 'toy.issue.copy:gone', from: '2026-08-02T06:00:00.000Z' },
    { name: 'toy.list.ok', from: '2026-08-01T06:00:00.000Z' },
    { name: 'toy.overall.error', from: '2026-08-01T06:00:00.000Z' },
    { name: 'toy.overall.ok', from: '2026-08-01T06:00:00.000Z' },
    { name: 'toy.total', from: '2026-08-01T06:00:00.000Z' },
  ]);
  expect(second.datasets.checks).toEqual(['overall', 'copy', 'list']);
  // A repeated run changes nothing.
  const again = { run: '2026-08-02T06:00:00.000Z', counts: { total: 3 } };
  expect(withSeries(second, 'toy', again)).toEqual(second);
});
