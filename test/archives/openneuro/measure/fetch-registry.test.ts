import { describe, expect, test } from 'vitest';
import { metadataPath, snapshotsPath } from '../../../../archives/openneuro/paths.ts';
import { readSnapshots } from '../../../../archives/openneuro/snapshots.ts';
import type { RegistrySnapshot } from '../../../../archives/openneuro/sources.ts';
import type { Registry } from '../../../../core/documents/documents.ts';
import { REGISTRY_PATH } from '../../../../core/documents/paths.ts';
import { SCHEMA_VERSION } from '../../../../core/documents/vocabulary.ts';
import { failed, seen } from '../../../../core/failure.ts';
import type { Wish } from '../../../../core/monitor/datasets.ts';
import { fetchEntries } from '../../../../core/monitor/fetch-entries.ts';
import { memoryStore } from '../../../support/memory-store.ts';
import {
  type ContextSettings,
  dataset,
  type FakeArchive,
  healthyArchive,
  page,
  stageContext,
} from '../../../support/stage-context.ts';

const ALL = { datasets: null, maxDatasets: null };
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `ds${String(from + at).padStart(6, '0')}`);

/** An archive with these successive full readings of the registry. */
function archiveOf(...readings: FakeArchive['readings']): FakeArchive {
  return { ...healthyArchive([]), readings };
}

async function read(archive: FakeArchive, settings: ContextSettings = {}, selection: Wish = ALL) {
  const context = stageContext(archive, settings);
  const outcome = await fetchEntries(context, selection);
  return { outcome, context, registry: context.store.document<Registry | null>(REGISTRY_PATH) };
}

/** The tree after a first good reading of these datasets. */
async function treeWith(datasets: readonly string[]) {
  const store = memoryStore();
  await read(archiveOf([page(datasets.map((id) => dataset(id, ['1.0.0'])))]), { store });
  return store;
}

describe('a good reading', () => {
  test('lists each dataset once although a page shifted', async () => {
    const [a, b, c] = ids(1, 4).map((id) => dataset(id, ['1.0.0'])) as [never, never, never];
    const { registry } = await read(archiveOf([page([a, b], { count: 3 }), page([b, c])]));
    expect(registry?.latestSnapshots).toEqual({
      ds000001: '1.0.0',
      ds000002: '1.0.0',
      ds000003: '1.0.0',
    });
    expect(registry?.totalCount).toBe(3);
  });

  test('a dataset without snapshots is skipped, and says why', async () => {
    const { registry, outcome } = await read(archiveOf([page([dataset('ds000001', [])])]));
    expect(outcome.kind).toBe('ready');
    expect(registry?.skipped).toEqual({ ds000001: 'no-snapshots' });
    expect(registry?.latestSnapshots).toEqual({});
    expect(outcome.report.notes).toEqual(['No snapshot yet, skipped: ds000001']);
  });

  test('the first so many datasets are those that can be checked', async () => {
    const datasets = ids(1, 5).map((id, at) => dataset(id, at === 0 ? [] : ['1.0.0']));
    const selection = { datasets: null, maxDatasets: 2 };
    const { registry } = await read(archiveOf([page(datasets)]), {}, selection);
    expect(Object.keys(registry?.latestSnapshots ?? {})).toEqual(['ds000002', 'ds000003']);
  });

  test('metadata is there before the list that names it, and the registry comes last', async () => {
    const { context } = await read(archiveOf([page([dataset('ds000001', ['1.0.0', '1.0.1'])])]));
    expect(context.store.writes).toEqual([
      'datasets/ds000001/snapshots/1.0.0/metadata.json',
      'datasets/ds000001/snapshots/1.0.1/metadata.json',
      'datasets/ds000001/snapshots.json',
      'datasets-registry.json',
    ]);
  });

  test('a latest tag that was taken back stays listed until the registry has moved on', async () => {
    const store = await treeWith(['ds000001']);
    store.writes.length = 0;
    const lists: string[] = [];
    const context = stageContext(archiveOf([page([dataset('ds000001', ['1.0.1'])])]), {
      store,
      day: 1,
    });
    const write = store.writeDocument;
    store.writeDocument = async (path, value) => {
      if (path === snapshotsPath('ds000001'))
        lists.push(JSON.stringify((value as { tags: string[] }).tags));
      if (path === REGISTRY_PATH) lists.push('registry');
      return write(path, value);
    };
    await fetchEntries(context, ALL);
    expect(lists).toEqual(['["1.0.0","1.0.1"]', 'registry', '["1.0.1"]']);
  });

  test('an unchanged registry rewrites nothing but its own time', async () => {
    const store = await treeWith(['ds000001']);
    store.writes.length = 0;
    await read(archiveOf([page([dataset('ds000001', ['1.0.0'])])]), { store, day: 1 });
    expect(store.writes).toEqual([REGISTRY_PATH]);
  });
});

describe('a reading that cannot be trusted whole', () => {
  test('a list shorter than its count is read once more, and both readings are used', async () => {
    const [a, b] = ids(1, 3).map((id) => dataset(id, ['1.0.0'])) as [never, never];
    const archive = archiveOf([page([a], { count: 2 })], [page([b], { count: 2 })]);
    const { registry } = await read(archive);
    expect(archive.asked.registry).toBe(2);
    expect(Object.keys(registry?.latestSnapshots ?? {})).toEqual(['ds000001', 'ds000002']);
    expect(registry?.unverified).toEqual({});
  });

  test.each([
    { what: 'a null edge', broken: [{ id: null, detail: 'edge 1 is null' }] },
    { what: 'a broken node', broken: [{ id: 'ds000002', detail: 'no latest snapshot' }] },
    { what: 'a short count', broken: [] },
  ])('$what keeps the last known entry, marked', async ({ broken }) => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const short = page([dataset('ds000001', ['1.0.0'])], { broken, count: 2 });
    const { registry } = await read(archiveOf([short]), { store, day: 1 });
    expect(registry?.latestSnapshots).toEqual({ ds000001: '1.0.0', ds000002: '1.0.0' });
    expect(registry?.unverified).toEqual({
      ds000002: { at: expect.stringMatching(/^2026-08-02T/), reason: 'malformed' },
    });
  });

  test('the next whole reading drops what is really gone', async () => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const { registry } = await read(archiveOf([page([dataset('ds000001', ['1.0.0'])])]), {
      store,
      day: 1,
    });
    expect(registry?.latestSnapshots).toEqual({ ds000001: '1.0.0' });
  });

  test('a registry that cannot be read stops a first run', async () => {
    const { outcome, registry } = await read(archiveOf([failed('connection', 'refused')]));
    expect(outcome).toMatchObject({ kind: 'stopped', why: expect.stringContaining('connection') });
    expect(registry).toBeNull();
  });

  test('a later run continues with the last known registry, which says so', async () => {
    const store = await treeWith(['ds000001']);
    const { outcome, registry } = await read(
      archiveOf([page([dataset('ds000001', ['1.0.0'])], { count: 9 }), failed('timeout', 'slow')]),
      { store, day: 1 },
    );
    expect(outcome.kind).toBe('ready');
    expect(registry).toMatchObject({
      latestSnapshots: { ds000001: '1.0.0' },
      lastAttempt: { reason: 'timeout' },
      lastChecked: expect.stringMatching(/^2026-08-01T/),
    });
  });
});

describe('a dataset that is no longer listed is requested by its id', () => {
  const one = dataset('ds000001', ['1.0.0']);
  const lists = {
    'a whole list': page([one]),
    'a null edge': page([one], { broken: [{ id: null, detail: 'edge 1 is null' }], count: 2 }),
    'a broken entry': page([one], { broken: [{ id: 'ds000002', detail: 'no tag' }], count: 2 }),
    'a short list': page([one], { count: 2 }),
    'a list without a count': page([one], { count: null }),
  } as const;
  const states = ['deleted', 'not-public', 'unknown', 'public', 'no answer', 'failed'] as const;
  const cases = Object.keys(lists).flatMap((what) =>
    states.map((state) => ({
      what: what as keyof typeof lists,
      state,
      // Unknown means gone only if no entry came broken.
      leaves:
        state === 'deleted' ||
        state === 'not-public' ||
        (state === 'unknown' && what === 'a whole list'),
    })),
  );

  test.each(cases)('$what, $state: leaves $leaves', async ({ what, state, leaves }) => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists[what]]);
    const context = stageContext(archive, { store, day: 1 });
    const asked: string[] = [];
    context.registry.askDatasets = async (wanted) => {
      asked.push(...wanted);
      if (state === 'failed') return failed('timeout', 'slow');
      return seen(new Map(state === 'no answer' ? [] : [['ds000002', state]]));
    };
    const outcome = await fetchEntries(context, ALL);
    const registry = store.document<Registry>(REGISTRY_PATH);
    expect(asked).toEqual(['ds000002']);
    expect(outcome.kind).toBe('ready');
    if (leaves) {
      expect(registry.latestSnapshots).toEqual({ ds000001: '1.0.0' });
      expect(registry.unverified).toEqual({});
      expect(outcome.report.notes).toContain(`Left the registry: ds000002 (${state})`);
      const at = expect.stringMatching(/^2026-08-02T/);
      expect(registry.gone).toEqual([{ id: 'ds000002', state, at }]);
    } else {
      expect(registry.gone).toEqual([]);
      const known = state === 'failed' ? 'no answer' : state;
      expect(outcome.report.notes).toContain(
        state === 'public'
          ? 'Public and not listed, kept as last known: ds000002'
          : `Not listed and not known to be gone, kept as last known: ds000002 (${known})`,
      );
      expect(registry.latestSnapshots).toEqual({ ds000001: '1.0.0', ds000002: '1.0.0' });
      expect(registry.names).toMatchObject({ ds000002: 'Study ds000002' });
      expect(registry.unverified).toMatchObject({ ds000002: { reason: 'malformed' } });
    }
  });

  test('a withdrawn dataset is no longer requested, and its edge stays null', async () => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists['a null edge']]);
    archive.states.set('ds000002', 'deleted');
    await read(archive, { store, day: 1 });
    await read(archive, { store, day: 2 });
    const context = stageContext(archive, { store, day: 3 });
    context.registry.askDatasets = () => Promise.reject(new Error('nobody is missing'));
    await fetchEntries(context, ALL);
    const registry = store.document<Registry>(REGISTRY_PATH);
    expect(registry.latestSnapshots).toEqual({ ds000001: '1.0.0' });
  });

  test('a dataset that is gone stays listed as gone until it comes back', async () => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists['a whole list']]);
    archive.states.set('ds000002', 'unknown');
    await read(archive, { store, day: 1 });
    const { registry } = await read(archive, { store, day: 2 });
    const at = expect.stringMatching(/^2026-08-02T/);
    expect(registry?.gone).toEqual([{ id: 'ds000002', state: 'unknown', at }]);
    await read(archiveOf([failed('timeout', 'slow')]), { store, day: 3 });
    expect(store.document<Registry>(REGISTRY_PATH).gone).toEqual(registry?.gone);
    const back = archiveOf([page([one, dataset('ds000002', ['1.0.0'])])]);
    expect((await read(back, { store, day: 4 })).registry?.gone).toEqual([]);
  });

  const LEFT_AT = expect.stringMatching(/^2026-08-02T/);
  const TOMBSTONE = [{ id: 'ds000002', since: LEFT_AT }];

  test.each([
    { first: 'deleted', second: 'deleted' },
    { first: 'not-public', second: 'deleted' },
  ] as const)(
    '$first, and in the next run $second: withdrawn until it comes back',
    async (said) => {
      const store = await treeWith(['ds000001', 'ds000002']);
      const archive = archiveOf([lists['a whole list']]);
      archive.states.set('ds000002', said.first);
      expect((await read(archive, { store, day: 1 })).registry?.withdrawn).toEqual([]);
      archive.states.set('ds000002', said.second);
      const { registry, outcome } = await read(archive, { store, day: 2 });
      expect(registry).toMatchObject({ gone: [], withdrawn: TOMBSTONE });
      expect(outcome.report.notes).toContain('Withdrawn: ds000002');
      await read(archiveOf([failed('timeout', 'slow')]), { store, day: 3 });
      expect(store.document<Registry>(REGISTRY_PATH).withdrawn).toEqual(TOMBSTONE);

      const back = archiveOf([page([one, dataset('ds000002', ['1.0.0'])])]);
      const after = (await read(back, { store, day: 4 })).registry;
      expect(after?.withdrawn).toEqual([]);
      // It is new, as any dataset that the reading before did not show.
      expect(after?.published?.ds000002).toMatch(/^2026-08-05T/);
    },
  );

  test.each([
    { what: 'an answer that it is unknown', list: 'a whole list', state: 'unknown' },
    { what: 'an answer that it is public', list: 'a whole list', state: 'public' },
    { what: 'no answer', list: 'a whole list', state: undefined },
    { what: 'a list that is not whole', list: 'a short list', state: 'deleted' },
  ] as const)('$what does not confirm it', async ({ list, state }) => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists['a whole list']]);
    archive.states.set('ds000002', 'deleted');
    await read(archive, { store, day: 1 });
    const next = stageContext(archiveOf([lists[list]]), { store, day: 2 });
    next.registry.askDatasets = async () => seen(new Map(state ? [['ds000002', state]] : []));
    await fetchEntries(next, ALL);
    const registry = store.document<Registry>(REGISTRY_PATH);
    expect(registry.withdrawn).toEqual([]);
    const isDoubted = state === 'unknown' || state === 'public';
    expect(registry.gone).toMatchObject([{ state: isDoubted ? 'unknown' : 'deleted' }]);

    // A doubt begins anew: two more runs must agree.
    await read(archive, { store, day: 3 });
    const third = store.document<Registry>(REGISTRY_PATH).withdrawn;
    expect(third).toHaveLength(isDoubted ? 0 : 1);
    await read(archive, { store, day: 4 });
    expect(store.document<Registry>(REGISTRY_PATH).withdrawn).toHaveLength(1);
  });

  test('a run that is continued, or narrowed, does not confirm what it saw itself', async () => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists['a whole list']]);
    archive.states.set('ds000002', 'deleted');
    await read(archive, { store, day: 1 });
    await read(archive, { store, day: 1 });
    const narrow = { datasets: ['ds000001'], maxDatasets: null };
    const { registry } = await read(archive, { store, day: 2 }, narrow);
    expect(registry).toMatchObject({ gone: [{ id: 'ds000002' }], withdrawn: [] });
  });

  test('one that left by a clock that was ahead gets a new date, and is then confirmed', async () => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists['a whole list']]);
    archive.states.set('ds000002', 'deleted');
    await read(archive, { store, day: 400 });
    const at = (await read(archive, { store, day: 1 })).registry?.gone?.[0]?.at;
    expect(at).toMatch(/^2026-08-02T/);
    expect((await read(archive, { store, day: 2 })).registry?.withdrawn).toEqual(TOMBSTONE);
  });

  test('a narrowed run asks for no lookups and drops none', async () => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const archive = archiveOf([lists['a whole list']]);
    archive.states.set('ds000002', 'deleted');
    const selection = { datasets: ['ds000001', 'ds000002'], maxDatasets: null };
    const { registry } = await read(archive, { store, day: 1 }, selection);
    expect(Object.keys(registry?.latestSnapshots ?? {})).toEqual(['ds000001', 'ds000002']);
  });
});

describe('a snapshot that the registry describes only in part', () => {
  const HEXSHA = 'c'.repeat(40);
  test.each([
    { what: 'no commit', told: { hexsha: null }, kept: { hexsha: 'unknown' } },
    { what: 'no date', told: { created: null }, kept: { hexsha: HEXSHA, created: null } },
  ])('$what: it is listed, and the rest is kept', async ({ told, kept }) => {
    const whole = dataset('ds000001', ['1.0.0', '1.0.1']);
    const [first, second] = whole.snapshots as [RegistrySnapshot, RegistrySnapshot];
    const partly = { ...whole, snapshots: [{ ...first, ...told }, second] };
    const { context } = await read(archiveOf([page([partly])]));
    const { created } = first;
    expect(context.store.document(snapshotsPath('ds000001'))).toMatchObject({
      tags: ['1.0.0', '1.0.1'],
    });
    expect(context.store.document(metadataPath('ds000001', '1.0.0'))).toEqual({
      schemaVersion: SCHEMA_VERSION,
      created,
      ...kept,
    });
    expect(await readSnapshots(context, 'ds000001')).toEqual(partly.snapshots);
  });

  test('a name that today’s registry lacks stays', async () => {
    const store = await treeWith(['ds000001']);
    const nameless = { ...dataset('ds000001', ['1.0.0']), name: null };
    const { registry } = await read(archiveOf([page([nameless])]), { store, day: 1 });
    expect(registry?.names).toEqual({ ds000001: 'Study ds000001' });
  });

  test('what is left out of an entry is noted once', async () => {
    const list = page([dataset('ds000001', ['1.0.0'])], { notes: ['ds000001: odd'], count: 2 });
    const { outcome } = await read(archiveOf([list]));
    expect(outcome.report.notes).toEqual([
      'ds000001: odd',
      'The registry says it has 2 datasets and showed 1.',
    ]);
  });
});

describe('a listed entry that cannot be right', () => {
  const attempt = { at: expect.stringMatching(/^2026-08-02T/), reason: 'malformed' };

  test.each([
    { what: 'a whole run', selection: ALL },
    { what: 'a run over it alone', selection: { datasets: ['ds000001'], maxDatasets: null } },
  ])('that lost all its snapshots is a broken one: $what', async ({ selection }) => {
    const store = await treeWith(['ds000001', 'ds000002']);
    const bare = page([dataset('ds000001', []), dataset('ds000002', ['1.0.0'])]);
    const { outcome, registry } = await read(archiveOf([bare]), { store, day: 1 }, selection);
    expect(registry).toMatchObject({
      latestSnapshots: { ds000001: '1.0.0', ds000002: '1.0.0' },
      names: { ds000001: 'Study ds000001' },
      skipped: {},
      unverified: { ds000001: attempt },
    });
    expect(store.document(snapshotsPath('ds000001'))).toMatchObject({ tags: ['1.0.0'] });
    expect(outcome.report.notes).toContain(
      'Listed without the snapshots that it had, kept as last known: ds000001',
    );
  });

  test('a dataset whose newest snapshot is unknown is listed with the last known one, in doubt', async () => {
    const odd = { ...dataset('ds000001', ['1.0.0']), inDoubt: true } as const;
    const { registry } = await read(archiveOf([page([odd])]), { day: 1 });
    expect(registry).toMatchObject({
      latestSnapshots: { ds000001: '1.0.0' },
      unverified: { ds000001: attempt },
    });
  });
});

describe('a registry that shrank', () => {
  test.each([
    { what: 'a whole list', broken: 0, asked: 0 },
    { what: 'a list of null edges', broken: 50, asked: 50 },
  ])('$what: deletions in number are a fault, also when the API says so', async (shrunk) => {
    const all = ids(1, 101);
    const store = await treeWith(all);
    store.writes.length = 0;
    const left = all.slice(50).map((id) => dataset(id, ['1.0.0']));
    const broken = Array.from({ length: shrunk.broken }, () => ({ id: null, detail: 'null' }));
    const archive = archiveOf([page(left, { broken, count: left.length + broken.length })]);
    for (const id of all.slice(0, 50)) archive.states.set(id, 'deleted');
    const context = stageContext(archive, { store, day: 1 });
    const { askDatasets } = context.registry;
    let asked = 0;
    context.registry.askDatasets = (wanted, signal) => {
      asked += wanted.length;
      return askDatasets(wanted, signal);
    };
    const outcome = await fetchEntries(context, ALL);
    expect(outcome).toMatchObject({ kind: 'stopped', why: expect.stringContaining('lost 50') });
    expect(asked).toBe(shrunk.asked);
    expect(store.writes).toEqual([]);
  });

  test.each([
    { before: 2, lost: 1, stopped: false },
    { before: 2, lost: 2, stopped: true },
    { before: 10, lost: 1, stopped: false },
    { before: 10, lost: 2, stopped: true },
    { before: 42, lost: 6, stopped: false },
    { before: 42, lost: 7, stopped: true },
    { before: 42, lost: 10, stopped: true },
    { before: 100, lost: 10, stopped: false },
    { before: 100, lost: 11, stopped: true },
    { before: 2000, lost: 20, stopped: false },
    { before: 2000, lost: 21, stopped: true },
  ])('of $before datasets, $lost are gone: stopped $stopped', async ({ before, lost, stopped }) => {
    const all = ids(1, 1 + before);
    const store = await treeWith(all);
    store.writes.length = 0;
    const left = page(all.slice(lost).map((id) => dataset(id, ['1.0.0'])));
    const { outcome } = await read(archiveOf([left]), { store, day: 1 });
    expect(outcome.kind).toBe(stopped ? 'stopped' : 'ready');
    expect(store.writes).toEqual(stopped ? [] : [REGISTRY_PATH]);
  });

  test('replaces the old one when a person says so', async () => {
    const store = await treeWith(ids(1, 101));
    const { outcome, registry } = await read(archiveOf([page([dataset('ds000001', ['1.0.0'])])]), {
      store,
      day: 1,
      options: { acceptShrink: true },
    });
    expect(outcome.kind).toBe('ready');
    expect(registry?.totalCount).toBe(1);
  });
});

describe('a narrowed run', () => {
  const three = () => archiveOf([page(ids(1, 4).map((id) => dataset(id, ['1.0.0', '1.0.1'])))]);

  test.each([
    { selection: { datasets: ['ds000002'], maxDatasets: null }, listed: ['ds000002'] },
    { selection: { datasets: null, maxDatasets: 2 }, listed: ['ds000001', 'ds000002'] },
  ])('on an empty tree lists only $listed', async ({ selection, listed }) => {
    const { registry } = await read(three(), {}, selection);
    expect(Object.keys(registry?.latestSnapshots ?? {})).toEqual(listed);
  });

  test('a narrowed run on an existing tree leaves the other datasets unchanged', async () => {
    const store = await treeWith(ids(1, 101));
    const { registry } = await read(three(), { store, day: 1 }, {
      datasets: ['ds000002'],
      maxDatasets: null,
    } as never);
    expect(registry?.totalCount).toBe(100);
    expect(registry?.latestSnapshots.ds000001).toBe('1.0.0');
    expect(registry?.latestSnapshots.ds000002).toBe('1.0.1');
  });
});
