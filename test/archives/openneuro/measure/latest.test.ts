// Requests for the latest version only (docs/checks.md#doi and #deprecation), and their results.

import { describe, expect, test } from 'vitest';
import type { deprecated } from '../../../../archives/openneuro/checks/deprecated.ts';
import { doi } from '../../../../archives/openneuro/checks/doi.ts';
import type { Summary } from '../../../../archives/openneuro/legacy/summary.ts';
import type { RunStatus } from '../../../../core/documents/documents.ts';
import type { CheckDocument } from '../../../../core/documents/envelope.ts';
import { STATUS_PATH, SUMMARY_PATH } from '../../../../core/documents/paths.ts';
import { failed } from '../../../../core/failure.ts';
import { runPipeline } from '../../../../core/monitor/run.ts';
import { checkPath } from '../../../support/documents.ts';
import { type MemoryStore, memoryStore } from '../../../support/memory-store.ts';
import {
  dataset,
  description,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  page,
  stageContext,
} from '../../../support/stage-context.ts';
import { WHOLE_RUN } from '../../../support/stages.ts';

const IDS = ['ds000001', 'ds000002', 'ds000003', 'ds000004'];
const CHECKS = new Set(['doi', 'deprecated']);

async function run(
  archive: FakeArchive,
  { store, day, ...options }: { store: MemoryStore; day: number; force?: boolean },
) {
  const context = stageContext(archive, {
    store,
    day,
    options: { checks: CHECKS, publishAnyway: true, ...options },
  });
  archive.asked.dois.length = 0;
  archive.asked.deprecated.length = 0;
  const result = await runPipeline(context, WHOLE_RUN);
  expect(result.outcome).toBe('published');
  const { dois, deprecated } = archive.asked;
  return { dois: [...dois].sort(), deprecated: [...deprecated].sort() };
}

const doiOf = (id: string, tag = '1.0.0') => `10.18112/openneuro.${id}.v${tag}`;
const all = { dois: IDS.map((id) => doiOf(id)), deprecated: IDS };
const none = { dois: [], deprecated: [] };
const rowOf = (store: MemoryStore, id: string) =>
  store.document<Summary>(SUMMARY_PATH).datasets.find((row) => row.id === id);

describe('a good answer', () => {
  test('is requested again after 30 days, each dataset on a day of its own', async () => {
    const archive = healthyArchive(IDS);
    const store = memoryStore();
    expect(await run(archive, { store, day: 0 })).toEqual(all);
    const days: number[] = [];
    for (let day = 1; day <= 30; day++) {
      const { dois, deprecated } = await run(archive, { store, day });
      expect(dois).toEqual(deprecated.map((id) => doiOf(id)));
      days.push(...deprecated.map(() => day));
    }
    expect(days).toHaveLength(IDS.length);
    expect(new Set(days).size).toBeGreaterThan(1);
  });

  test('makes no row old, and the dataset is covered', async () => {
    const archive = healthyArchive(IDS);
    const store = memoryStore();
    await run(archive, { store, day: 0 });
    const day = Date.UTC(2026, 7, 2);
    expect(await run(archive, { store, day: 1 })).not.toEqual(all);
    const row = rowOf(store, 'ds000001');
    expect(Date.parse(row?.checkedAt ?? '')).toBeGreaterThanOrEqual(day);
    expect(store.document<RunStatus>(STATUS_PATH).covered).toBe(IDS.length);
    expect(row?.checks).toMatchObject({ doi: 'ok', deprecated: 'ok' });
    expect(store.documents.get('timestamps/doi.json')).toBeDefined();
  });

  test('an answer about another version is no answer', async () => {
    const archive = healthyArchive(IDS);
    const store = memoryStore();
    await run(archive, { store, day: 0 });
    const tags = ['1.0.0', '1.0.1'];
    archive.readings = [[page(IDS.map((id) => dataset(id, id === 'ds000002' ? tags : ['1.0.0'])))]];
    archive.refs.set('ds000002', healthyRefs(tags));
    archive.descriptions.set('ds000002', description(`doi:${doiOf('ds000002', '1.0.1')}`));
    const asked = await run(archive, { store, day: 1 });
    expect(asked).toEqual({ dois: [doiOf('ds000002', '1.0.1')], deprecated: ['ds000002'] });
    expect(await run(archive, { store, day: 2 })).toEqual(none);
    expect(await run(archive, { store, day: 3, force: true })).toEqual({
      dois: IDS.map((id) => doiOf(id, id === 'ds000002' ? '1.0.1' : '1.0.0')),
      deprecated: IDS,
    });
  });
});

test('what is not good is requested by every run, until it is', async () => {
  const archive = healthyArchive(IDS);
  const store = memoryStore();
  archive.dois.set('ds000001', 'absent');
  archive.dois.set('ds000003', failed('timeout', 'no answer'));
  archive.deprecated.set('ds000002', 'Use <b>another</b>');
  await run(archive, { store, day: 0 });
  expect(rowOf(store, 'ds000001')?.issueSubtypes?.doi).toBe('doi-missing');
  expect(rowOf(store, 'ds000002')).toMatchObject({
    status: 'warning',
    issueSubtypes: { deprecated: 'deprecated' },
  });
  expect(rowOf(store, 'ds000003')?.unverified?.doi?.reason).toBe('timeout');
  archive.dois.delete('ds000003');
  expect(await run(archive, { store, day: 1 })).toEqual({
    dois: [doiOf('ds000001'), doiOf('ds000003')],
    deprecated: ['ds000002'],
  });
  const document = store.document<CheckDocument<typeof deprecated>>(
    checkPath('deprecated', 'ds000002'),
  );
  expect(document).toMatchObject({ tag: '1.0.0', deprecated: true, reason: 'Use <b>another</b>' });
  archive.dois.delete('ds000001');
  archive.deprecated.delete('ds000002');
  await run(archive, { store, day: 2 });
  expect(await run(archive, { store, day: 3 })).toEqual(none);
});

test('a long reason is kept, shortened', async () => {
  const archive = healthyArchive(['ds000001']);
  const store = memoryStore();
  archive.deprecated.set('ds000001', '\ud83d\ude00'.repeat(5000).slice(1));
  await run(archive, { store, day: 0 });
  const path = checkPath('deprecated', 'ds000001');
  const { reason } = store.document<CheckDocument<typeof deprecated>>(path);
  expect(reason).toHaveLength(1000);
  expect(reason?.isWellFormed()).toBe(true);
});

test('with both checks off nobody is asked, and a row has neither', async () => {
  const archive = healthyArchive(['ds000001']);
  const context = stageContext(archive, { options: { publishAnyway: true } });
  await runPipeline(context, WHOLE_RUN);
  expect([archive.asked.dois, archive.asked.deprecated]).toEqual([[], []]);
  const { checks } = rowOf(context.store, 'ds000001') ?? {};
  expect(checks).toEqual({ github: 'ok', s3Version: 'ok', s3Files: 'ok' });
});

describe('what DataCite says of a DOI', () => {
  const address = 'https://openneuro.org/datasets/ds000001/versions/1.0.0';
  const seen = {
    ...{ tag: '1.0.0', doi: doiOf('ds000001'), page: address },
    ...{ httpStatus: 200 as const, state: 'findable', url: address, isYoung: false },
  };

  test.each([
    ['findable, and it leads to the version', {}, []],
    ['the same in other letters', { url: address.toUpperCase() }, []],
    ['over http, with www and a slash', { url: `${address.replace('s://', '://www.')}/` }, []],
    ['with percent-escapes', { url: address.replace('1.0.0', '1%2E0%2e0') }, []],
    ['another version', { url: address.replace('1.0.0', '1.0.1') }, ['doi-elsewhere']],
    ['another dataset', { url: address.replace('ds000001', 'ds000002') }, ['doi-elsewhere']],
    ['the dataset without a version', { url: address.slice(0, -15) }, ['doi-elsewhere']],
    ['a broken escape', { url: `${address}%` }, ['doi-elsewhere']],
    ['no address', { url: null }, ['doi-elsewhere']],
    ['a state that nobody finds', { state: 'registered' }, ['doi-draft']],
    ['no state', { state: null }, ['doi-draft']],
    ['neither', { state: 'draft', url: null }, ['doi-draft', 'doi-elsewhere']],
    ['404', { httpStatus: 404 as const, state: null, url: null }, ['doi-missing']],
    ['404, and young', { httpStatus: 404 as const, url: null, isYoung: true }, []],
  ])('%s', (_, more, findings) => {
    const evidence = { ...seen, ...more };
    expect(doi.judge(evidence)).toEqual(findings);
    const waits = evidence.httpStatus === 404 && evidence.isYoung;
    expect(doi.reasonOf(evidence)).toBe(waits ? 'doi-expected' : null);
  });

  test('the snapshot decides whether it may still come', async () => {
    const archive = healthyArchive(['ds000001']);
    const store = memoryStore();
    const created = (day: number) => new Date(Date.UTC(2026, 7, 1 + day)).toISOString();
    const [snapshot] = dataset('ds000001', ['1.0.0']).snapshots;
    const young = { ...dataset('ds000001', ['1.0.0']), publishDate: '2020-01-01T00:00:00.000Z' };
    archive.readings = [
      [page([{ ...young, snapshots: [{ ...snapshot, created: created(0) } as never] }])],
    ];
    archive.dois.set('ds000001', 'absent');
    await run(archive, { store, day: 1 });
    expect(rowOf(store, 'ds000001')).toMatchObject({ checks: { doi: 'pending' } });
    await run(archive, { store, day: 3 });
    expect(rowOf(store, 'ds000001')).toMatchObject({ checks: { doi: 'warning' } });
  });
});
