// Curves as CloudFront asks for them: at the function's URL, with a signed request.

import { expect, test } from 'vitest';
import { CURVE_PATH } from '../../core/history/curve-parameters.ts';
import type { HistoryIndex, SeriesCatalogue } from '../../core/history/documents.ts';
import { DEFAULT_STACK } from '../../lambdas/names.ts';
import type { Deployment } from './deployment.ts';
import { askFunctions } from './signed-request.ts';

/** @param deployed the deployment, after a full run */
export function curveTests(deployed: () => Deployment): void {
  const functions = askFunctions(DEFAULT_STACK);
  const ask = (query: Readonly<Record<string, string>>, isSigned = true) =>
    functions.ask('Mirrorwatch curve', { path: CURVE_PATH, query, isSigned });

  const read = async <T>(path: string) =>
    JSON.parse(await deployed().read(`data/history/${path}`)) as T;

  test('are those of the published runs', async () => {
    const { firstRun, lastRun, runs } = await read<HistoryIndex>('index.json');
    const { series, datasets } = await read<SeriesCatalogue>('series.json');
    const { datasets: rows } = JSON.parse(await deployed().read('data/all-datasets.json'));
    const [{ id, status }] = rows;
    const ofOne = datasets.name.replace('{id}', id).replace('{check}', 'overall');
    expect(series).toContainEqual({ name: 'openneuro.total', from: firstRun });

    const begin = `${firstRun.slice(0, 10)}T00:00:00Z`;
    const asked = { series: `openneuro.total,${ofOne}`, begin, end: lastRun };
    const answer = await ask(asked);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
    const { curve } = await answer.json();
    const totals = Object.values(curve['openneuro.total']);
    expect(totals).toHaveLength(runs);
    expect(totals[0]).toBe(rows.length);
    const { pointMeta } = curve[`${ofOne}_meta`];
    expect(Object.values(pointMeta)).toContainEqual({ count: 1, desc: status });
  });

  test.each([
    ['no series of that name', { series: 'openneuro.none', begin: '0', end: '0' }, 404],
    [
      'no dataset of that id',
      { series: 'openneuro.dataset.ds1.overall', begin: '1', end: '2' },
      404,
    ],
    ['no times', { series: 'openneuro.total' }, 422],
    ['a begin of 0', { series: 'openneuro.total', begin: '0', end: '2' }, 400],
  ])('with %s are refused', async (_, query, status) => {
    const answer = await ask(query);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ detail: expect.any(String) });
  });

  test('are for nobody who did not sign', async () => {
    const { status } = await ask({ series: 'openneuro.total', begin: '1', end: '2' }, false);
    expect(status).toBe(403);
  });
}
