// H18: which feeds a run writes, over runs.

import { expect, test } from 'vitest';
import type { HistoryIndex } from '../../../core/history/documents.ts';
import { INDEX_PATH } from '../../../core/history/paths.ts';
import { NO_FEEDS } from '../../../core/history/write-feeds.ts';
import { publishedRun } from '../../support/published-run.ts';
import {
  type ContextSettings,
  dataset,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  page,
} from '../../support/stage-context.ts';
import { type Element, elementsOf, parseXml } from '../../support/xml.ts';

const IDS = ['ds000001', 'ds000002', 'ds000003'];
const SITE = 'https://watch.example.org';
const ARCHIVE = 'feeds/openneuro.atom';
const feedOf = (id: string) => `datasets/${id}/feed.atom`;

async function run(archive: FakeArchive, settings: ContextSettings, site: string | null = SITE) {
  const options = { ...(site !== null && { siteUrl: site }), ...settings.options };
  const { store, written, notes } = await publishedRun(archive, { ...settings, options });
  return { store, notes, written: written.filter((path) => path.endsWith('.atom')).sort() };
}

type Store = Awaited<ReturnType<typeof run>>['store'];
const texts = (store: Store, path: string, name: string) =>
  elementsOf(parseXml(store.pages.get(path) ?? '') as Element).flatMap((element) =>
    element.name === name ? [element.text] : [],
  );

test('the first run writes all feeds, later ones those with news; without news no byte changes', async () => {
  const archive = healthyArchive(IDS);
  const { store, written } = await run(archive, { day: 0 });
  expect(written).toEqual([...IDS.map(feedOf), ARCHIVE]);
  expect(texts(store, feedOf('ds000001'), 'title')).toEqual([
    'ds000001: copies and source',
    'ds000001: first seen (OK)',
  ]);
  expect((await run(archive, { store, day: 1 })).written).toEqual([]);

  archive.refs.set('ds000002', healthyRefs([]));
  expect((await run(archive, { store, day: 2 })).written).toEqual([]);
  expect((await run(archive, { store, day: 3 })).written).toEqual([feedOf('ds000002'), ARCHIVE]);
  archive.refs.set('ds000002', healthyRefs(['1.0.0']));
  expect((await run(archive, { store, day: 4 })).written).toEqual([feedOf('ds000002'), ARCHIVE]);
  expect(texts(store, ARCHIVE, 'title')).toEqual([
    'Mirrorwatch: OpenNeuro',
    'ds000002: fixed (GitHub mirror)',
    'ds000002: latest tag missing',
  ]);
  expect(texts(store, feedOf('ds000002'), 'title')).toHaveLength(4);
});

test('another address changes the links of all feeds, and no id', async () => {
  const archive = healthyArchive(IDS);
  const { store } = await run(archive, { day: 0 });
  const { written } = await run(archive, { store, day: 1 }, 'https://other.example.net/watch');
  expect(written).toEqual([...IDS.map(feedOf), ARCHIVE]);
  const feed = store.pages.get(feedOf('ds000001')) ?? '';
  expect(feed).toContain('https://other.example.net/watch/dataset.html?id=ds000001');
  expect(feed).not.toContain('https://watch.example.org');
  expect(feed).toContain('<id>tag:watch.example.org,2026:openneuro/ds000001</id>');
  expect(store.document<HistoryIndex>(INDEX_PATH).feeds?.tag).toBe('watch.example.org,2026');
});

test('feeds are not made without an address, which is said once; with an address again all are made', async () => {
  const archive = healthyArchive(IDS);
  const first = await run(archive, { day: 0 }, null);
  expect([first.written, first.notes]).toEqual([[], [NO_FEEDS]]);
  const { store } = first;
  expect((await run(archive, { store, day: 1 }, null)).notes).toEqual([]);
  expect((await run(archive, { store, day: 2 })).written).toHaveLength(4);
  archive.readings = [[page(IDS.map((id) => dataset(id, ['1.0.0', '1.0.1'])))]];
  expect((await run(archive, { store, day: 3 }, null)).written).toEqual([]);
  expect((await run(archive, { store, day: 4 })).written).toEqual([...IDS.map(feedOf), ARCHIVE]);
  const titles = texts(store, feedOf('ds000001'), 'title');
  expect(titles).toContain('ds000001: new snapshot 1.0.1');
});
