// Which badges a run writes.

import { expect, test } from 'vitest';
import { failed } from '../../../core/failure.ts';
import { publishedRun } from '../../support/published-run.ts';
import {
  type ContextSettings,
  dataset,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  page,
} from '../../support/stage-context.ts';

const IDS = ['ds000001', 'ds000002', 'ds000003'];

async function run(archive: FakeArchive, settings: ContextSettings) {
  const options = { acceptShrink: true, ...settings.options };
  const { store, written } = await publishedRun(archive, { ...settings, options });
  const isBadge = (path: string) => path.includes('badge') && !path.startsWith('schema/');
  return { store, written: written.filter(isBadge) };
}

const bothOf = (id: string) => [`datasets/${id}/badge.json`, `datasets/${id}/badge.svg`];
const ARCHIVE = ['badges/openneuro.json', 'badges/openneuro.svg'];
const message = (store: { document: (path: string) => Record<string, unknown> }, id: string) =>
  store.document(`datasets/${id}/badge.json`).message;

test('the first run writes all badges, the next one those that changed', async () => {
  const archive = healthyArchive(IDS);
  const { store, written } = await run(archive, { day: 0 });
  expect(written.sort()).toEqual([...ARCHIVE, ...IDS.flatMap(bothOf)].sort());
  expect(store.document('badges/openneuro.json').message).toBe('3 of 3 in step');
  expect((await run(archive, { store, day: 1 })).written).toEqual([]);

  archive.refs.set('ds000002', healthyRefs([]));
  expect((await run(archive, { store, day: 2 })).written.sort()).toEqual(
    [...ARCHIVE, ...bothOf('ds000002')].sort(),
  );
  expect(message(store, 'ds000002')).toBe('latest tag missing');
  expect(store.document('badges/openneuro.json').message).toBe('2 of 3 in step');
});

test('a badge turns grey after three days without a measurement, and back', async () => {
  const archive = healthyArchive(IDS);
  const { store } = await run(archive, { day: 0 });
  archive.refs.set('ds000002', failed('timeout', 'no answer'));
  const messages: unknown[] = [];
  for (let day = 1; day <= 5; day++) {
    await run(archive, { store, day });
    messages.push(message(store, 'ds000002'));
  }
  const grey = 'in step, unverified';
  expect(messages).toEqual(['in step', 'in step', 'in step', grey, grey]);
  archive.refs.set('ds000002', healthyRefs(['1.0.0']));
  expect((await run(archive, { store, day: 6 })).written.sort()).toEqual(bothOf('ds000002'));
  expect(message(store, 'ds000002')).toBe('in step');
});

test('another label, and a withdrawn dataset', async () => {
  const archive = healthyArchive(IDS);
  const { store } = await run(archive, { day: 0 });
  archive.readings = [[page(IDS.slice(1).map((id) => dataset(id, ['1.0.0'])))]];
  archive.states.set('ds000001', 'deleted');
  expect((await run(archive, { store, day: 1 })).written.sort()).toEqual(
    [...ARCHIVE, ...bothOf('ds000001')].sort(),
  );
  expect(message(store, 'ds000001')).toBe('withdrawn');
  // A later run confirms it and removes its documents.
  await run(archive, { store, day: 2 });
  expect(store.pages.has('datasets/ds000001/badge.svg')).toBe(true);
  expect(message(store, 'ds000001')).toBe('withdrawn');

  const { written } = await run(archive, { store, day: 3, options: { badgeLabel: 'mirrors' } });
  expect(written.sort()).toEqual([...ARCHIVE, ...IDS.flatMap(bothOf)].sort());
  expect(store.document('datasets/ds000001/badge.json')).toMatchObject({ label: 'mirrors' });
  expect(store.document('badges/openneuro.json').label).toBe('OpenNeuro mirrors');
});
