// A made-up archive without faults, read over real HTTP: everything is ok.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { addHealthy, emptyWorld } from '../../../archives/dandi/sample/healthy.ts';
import { type SampleServer, startSample } from '../../../archives/dandi/sample/server.ts';
import { findingsOf, type OpenedStore, openStore, runDandi } from './support/run.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
let server: SampleServer;
let opened: OpenedStore;

beforeAll(async () => {
  const world = emptyWorld(NOW);
  addHealthy(world, '000101');
  addHealthy(world, '000102', { zarr: 25 });
  addHealthy(world, '000103', { versions: 3 });
  addHealthy(world, '000104', { versions: 0, files: 0 });
  server = await startSample({ world });
  opened = await openStore(() => NOW);
});
afterAll(async () => {
  await server.close();
  await opened.close();
});

test('all verdicts are ok; GitHub is asked with a token only', async () => {
  const result = await runDandi(server, { store: opened.store, now: NOW });
  expect(result).toMatchObject({ outcome: 'published', errors: [] });
  expect(Object.fromEntries(await findingsOf(opened))).toEqual({
    '000101': [],
    '000102': [],
    '000103': [],
    '000104': [],
    dandi: [],
  });
  const records = await opened.records();
  expect(records.has('000101 repository')).toBe(false);
  const summary = await opened.document<{ datasets: { id: string; status: string }[] }>(
    'all-datasets.json',
  );
  expect(summary.datasets.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
});
