// Runs over what changed: which datasets they measure, and what they ask to find that out.

import { expect, test } from 'vitest';
import { failed } from '../../../../core/failure.ts';
import { readPublishedRows } from '../../../../core/monitor/published-summary.ts';
import { runPipeline } from '../../../../core/monitor/run.ts';
import { memoryStore } from '../../../support/memory-store.ts';
import {
  dataset,
  description,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  page,
  stageContext,
} from '../../../support/stage-context.ts';
import { STAGES } from '../../../support/stages.ts';

const IDS = Array.from({ length: 60 }, (_, i) => `ds${String(i + 1).padStart(6, '0')}`);
const [FIRST = '', SECOND = '', THIRD = ''] = IDS;
const FILES = ['CHANGES', 'dataset_description.json'];

function story(change: (archive: FakeArchive) => void = () => {}) {
  const archive = healthyArchive(IDS);
  change(archive);
  const store = memoryStore();
  const run = async (day: number, changed = true) => {
    const context = stageContext(archive, { store, day, options: { checks: new Set() } });
    const request = {
      ...{ datasets: null, maxDatasets: null, archive: [] },
      stages: [...STAGES],
      ...(changed && { changed }),
    };
    forget(archive);
    const result = await runPipeline(context, request);
    const of = (stage: string) => result.reports.find((one) => one.stage === stage)?.total ?? 0;
    return {
      outcome: result.outcome,
      measured: of('check-s3-files'),
      rows: await readPublishedRows(context),
    };
  };
  return { archive, store, run };
}

function forget({ asked }: FakeArchive): void {
  asked.access.length = 0;
  asked.description.length = 0;
  Object.assign(asked, { registry: 0, refs: 0, listing: 0 });
}

/** The export of the first dataset lacks a file, and that of the second has one too many. */
function faulty(archive: FakeArchive): void {
  archive.listings.set(FIRST, FILES.slice(1));
  archive.access.set(`${FIRST}/CHANGES`, 404);
  archive.listings.set(SECOND, [...FILES, 'old']);
}

test('where nothing has changed, the registry alone is asked and nothing is written', async () => {
  const { archive, store, run } = story();
  await run(0, false);
  const written = { ...Object.fromEntries(store.documents) };
  expect(await run(1)).toMatchObject({ outcome: 'unchanged', measured: 0 });
  expect(archive.asked).toMatchObject({ registry: 1, refs: 0, listing: 0 });
  const { 'datasets-registry.json': _, ...others } = Object.fromEntries(store.documents);
  const { 'datasets-registry.json': __, ...before } = written;
  expect(others).toEqual(before);
});

test('a new snapshot and a new dataset are measured and published, the others left alone', async () => {
  const { archive, run } = story();
  await run(0, false);
  const listed = IDS.map((id) => dataset(id, id === FIRST ? ['1.0.0', '1.1.0'] : ['1.0.0']));
  archive.readings = [[page([...listed, dataset('ds000099', ['1.0.0'])])]];
  archive.refs.set(FIRST, healthyRefs(['1.0.0', '1.1.0']));
  archive.refs.set('ds000099', healthyRefs(['1.0.0']));
  archive.descriptions.set('ds000099', description('doi:10.18112/openneuro.ds000099.v1.0.0'));
  archive.listings.set('ds000099', FILES);
  const { outcome, measured, rows } = await run(1);
  expect({ outcome, measured }).toEqual({ outcome: 'published', measured: 2 });
  expect(rows.get(FIRST)?.version).toBe('1.1.0');
  expect(rows.get('ds000099')?.status).toBe('ok');
  expect(rows.get(SECOND)?.checkedAt).toMatch(/^2026-08-01/);
  expect(await run(2)).toMatchObject({ outcome: 'published', measured: 1 });
});

test('one key of each fault is requested, and nothing is measured while it is unchanged', async () => {
  const { archive, run } = story(faulty);
  const { rows } = await run(0, false);
  expect([FIRST, SECOND].map((id) => rows.get(id)?.checks.s3Files?.subtype)).toEqual([
    'files-missing',
    'files-orphaned',
  ]);
  expect(await run(1)).toMatchObject({ outcome: 'unchanged' });
  expect(archive.asked.access.sort()).toEqual([`${FIRST}/CHANGES`, `${SECOND}/old`]);
  expect(archive.asked).toMatchObject({ refs: 0, listing: 0 });
});

test('a fixed fault is green after the next such run', async () => {
  const { archive, run } = story(faulty);
  await run(0, false);
  archive.listings.set(FIRST, FILES);
  archive.access.delete(`${FIRST}/CHANGES`);
  const { outcome, measured, rows } = await run(1);
  expect({ outcome, measured }).toEqual({ outcome: 'published', measured: 1 });
  expect([FIRST, SECOND].map((id) => rows.get(id)?.status)).toEqual(['ok', 'error']);
  archive.listings.set(SECOND, FILES);
  archive.access.set(`${SECOND}/old`, 404);
  expect((await run(2)).rows.get(SECOND)?.status).toBe('ok');
  expect(await run(3)).toMatchObject({ outcome: 'unchanged' });
});

test('a mirror that lacked its tag is seen when its refs are others', async () => {
  const { archive, run } = story(({ refs }) => refs.set(THIRD, healthyRefs(['0.9.0'])));
  expect((await run(0, false)).rows.get(THIRD)?.checks.github?.subtype).toBe('tag-missing');
  expect(await run(1)).toMatchObject({ outcome: 'unchanged' });
  expect(archive.asked.refs).toBe(1);
  archive.refs.set(THIRD, healthyRefs(['0.9.0', '1.0.0']));
  expect((await run(2)).rows.get(THIRD)?.status).toBe('ok');
});

test('a description with a wrong DOI is requested with its ETag', async () => {
  const { archive, run } = story(({ descriptions }) => descriptions.set(THIRD, description(null)));
  expect((await run(0, false)).rows.get(THIRD)?.checks.s3Version?.subtype).toBe('no-doi');
  archive.descriptions.set(THIRD, 'unchanged');
  expect(await run(1)).toMatchObject({ outcome: 'unchanged' });
  expect(archive.asked.description).toEqual(['etag-1']);
  archive.descriptions.set(THIRD, description(`doi:10.18112/openneuro.${THIRD}.v1.0.0`));
  expect((await run(2)).rows.get(THIRD)?.status).toBe('ok');
});

test('a request that fails shows nothing', async () => {
  const { archive, run } = story(faulty);
  await run(0, false);
  archive.access.set(`${FIRST}/CHANGES`, failed('timeout', 'no answer'));
  archive.access.set(`${SECOND}/old`, failed('timeout', 'no answer'));
  expect(await run(1)).toMatchObject({ outcome: 'unchanged' });
});

test('what could not be measured is measured again, for a day and a half', async () => {
  const { archive, run } = story();
  await run(0, false);
  archive.refs.set(FIRST, failed('timeout', 'no answer'));
  await run(1, false);
  expect(await run(1)).toMatchObject({ outcome: 'published', measured: 1 });
  archive.refs.set(FIRST, healthyRefs(['1.0.0']));
  expect(await run(2)).toMatchObject({ outcome: 'unchanged' });
  await run(2, false);
  expect(archive.asked.refs).toBe(IDS.length);
});

test('a registry that cannot be read leaves the list as it is', async () => {
  const { archive, run } = story(faulty);
  await run(0, false);
  archive.readings = [[failed('timeout', 'no answer')]];
  archive.listings.set(FIRST, FILES);
  archive.access.delete(`${FIRST}/CHANGES`);
  const { outcome, rows } = await run(1);
  expect(outcome).toBe('published');
  expect(rows.get(FIRST)?.status).toBe('ok');
});

test('where nothing was published yet, everything is measured', async () => {
  expect(await story().run(0)).toMatchObject({ outcome: 'published', measured: IDS.length });
});
