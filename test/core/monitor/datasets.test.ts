// The datasets of a run, and a run that names what the registry does not have.

import { describe, expect, test } from 'vitest';
import { chooseDatasets } from '../../../core/monitor/datasets.ts';

const LISTED = {
  latestSnapshots: { ds000001: '1.0.0', ds000002: '2.0.0', ds000003: '1.0.1' },
  skipped: { ds000009: 'no-snapshots' as const },
};
const wrong = Array.from({ length: 12 }, (_, at) => `ds99900${String(at).padStart(2, '0')}`);
const choose = (datasets: string[] | null, more = {}) =>
  chooseDatasets(LISTED, { datasets, maxDatasets: null, ...more });

describe('the datasets of a run', () => {
  test.each([
    ['all', null, {}, ['ds000001', 'ds000002', 'ds000003']],
    ['the first', null, { maxDatasets: 2 }, ['ds000001', 'ds000002']],
    ['the named ones', ['ds000003', 'ds000001'], {}, ['ds000003', 'ds000001']],
    ['the named ones, all right', ['ds000003'], { strict: true }, ['ds000003']],
  ])('are %s', (_, datasets, more, ids) => {
    expect(choose(datasets, more)).toEqual({ ids, notes: [] });
  });

  test.each([
    [['ds999999', 'ds000003'], ['Left out, not in the registry: ds999999']],
    [
      ['ds000009', 'ds999999', 'ds000003'],
      [
        'Left out, not in the registry: ds999999',
        'Left out, no snapshot yet, so there is nothing to check: ds000009',
      ],
    ],
    [
      ['ds000003', ...wrong],
      [`Left out, not in the registry: ${wrong.slice(0, 5).join(', ')} and 7 more`],
    ],
  ])('of %j leave out the wrong ones, and say so', (datasets, notes) => {
    expect(choose(datasets)).toEqual({ ids: ['ds000003'], notes });
  });

  test.each([
    [['ds000001', 'ds999999'], { strict: true }, 'not in the registry: ds999999'],
    [['constructor'], {}, 'not in the registry: constructor'],
    [['ds000009'], {}, 'no snapshot yet, so there is nothing to check: ds000009'],
    [
      ['ds000009', 'ds999999'],
      {},
      'not in the registry: ds999999; no snapshot yet, so there is nothing to check: ds000009',
    ],
    [wrong, {}, `not in the registry: ${wrong.slice(0, 5).join(', ')} and 7 more`],
  ])('of %j with %j are refused', (datasets, more, why) => {
    expect(choose(datasets, more)).toEqual({ why });
  });
});
