// index.json: what it lists, and when it and the schemas are written.

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { addressBookOf } from '../../../core/documents/address-book.ts';
import { addressesSchema } from '../../../core/documents/documents.ts';
import { pageAt } from '../../../core/documents/pages.ts';
import { documentsOf } from '../../../core/documents/tree.ts';
import { writeAddresses } from '../../../core/monitor/write-addresses.ts';
import { toy } from '../../contract/toy/index.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import { healthyArchive, stageContext } from '../../support/stage-context.ts';

/** What a placeholder may stand for. */
const VALUES: Readonly<Record<string, string>> = {
  id: 'ds000001',
  tag: '1.0.0',
  month: '2026-08',
  year: '2026',
  time: '2026-08-08T060000Z',
  part: '2',
};

test.each([openneuro, toy])(
  '$id: at every address there is what the index says',
  async (archive) => {
    const { index, schemas } = await addressBookOf(archive);
    expect(addressesSchema.parse(index)).toEqual(index);
    expect(new Set(index.addresses.map(({ address }) => address)).size).toBe(
      index.addresses.length,
    );
    expect(Object.keys(index.schemas)).toEqual([...schemas.keys()].sort());
    for (const { address, schema, mediaType } of index.addresses) {
      const path = address.replace(/\{(\w+)\}/g, (_, name) => {
        expect(Object.keys(index.placeholders)).toContain(name);
        return VALUES[name] ?? '';
      });
      const { placeOf, types } = documentsOf(archive);
      const place = placeOf(path);
      if (schema === null) {
        expect(pageAt(archive, path)?.contentType.startsWith(mediaType)).toBe(true);
        expect(place).toBeUndefined();
      } else {
        const { path: pattern } = types.get(place?.kind ?? '') ?? {};
        expect(JSON.parse(schemas.get(schema) ?? '{}').title).toContain(`(${pattern})`);
      }
    }
    const listed = index.addresses.map(({ address }) => address);
    for (const path of schemas.keys()) expect(listed).toContain(path);
  },
);

test.each([
  ['datasets/set/badge.svg', true],
  ['datasets/datasets/feed.atom', true],
  ['datasets/{id}/badge.svg', false],
  ['datasets/set/set/badge.svg', false],
  ['set/badge.svg', false],
])('a page of a dataset whose id is a part of other names: %s is %s', (path, isPage) => {
  expect(pageAt(toy, path) !== undefined).toBe(isPage);
});

test('the list of all archives and the curves are where the index says', async () => {
  for (const [archive, at] of [
    [openneuro, 'http://x/data/index.json'],
    [toy, 'http://x/data/toy/index.json'],
  ] as const) {
    const { archives, api } = (await addressBookOf(archive)).index;
    const shared = [archives, ...api.map(({ address }) => address)];
    expect(shared.map((address) => new URL(address, at).pathname)).toEqual([
      '/data/archives.json',
      '/api/history/curve',
    ]);
  }
});

const contextOver = (store: MemoryStore) => ({
  ...stageContext(healthyArchive(['ds000001']), { day: 0 }),
  store,
});

test('what is unchanged costs one reading and no write', async () => {
  const store = memoryStore();
  await writeAddresses(contextOver(store));
  const { schemas } = await addressBookOf(openneuro);
  expect(store.writes).toEqual([...schemas.keys(), 'index.json']);
  store.writes.length = 0;
  const reads: string[] = [];
  const readDocument: MemoryStore['readDocument'] = async (path) => {
    reads.push(path);
    return store.readDocument(path);
  };
  await writeAddresses(contextOver({ ...store, readDocument }));
  expect({ reads, writes: store.writes }).toEqual({ reads: ['index.json'], writes: [] });
});

test('a run that is cut off before the index leaves the schemas to the next one', async () => {
  const store = memoryStore();
  const failing: MemoryStore = {
    ...store,
    writeDocument: async () => {
      throw new Error('the disk is full');
    },
  };
  await expect(writeAddresses(contextOver(failing))).rejects.toThrow('full');
  const [path = ''] = store.pages.keys();
  store.pages.set(path, 'damaged');
  await writeAddresses(contextOver(store));
  expect(store.pages.get(path)).toBe((await addressBookOf(openneuro)).schemas.get(path));
  expect(store.documents.has('index.json')).toBe(true);
});

test('an index of another version is replaced, with the schemas that differ', async () => {
  const store = memoryStore();
  await writeAddresses(contextOver(store));
  const { index } = await addressBookOf(openneuro);
  const path = 'schema/summary.schema.json';
  const older = { ...index, digest: '0', schemas: { ...index.schemas, [path]: '0'.repeat(64) } };
  await store.writeDocument('index.json', older);
  store.pages.set(path, '{}');
  store.writes.length = 0;
  await writeAddresses(contextOver(store));
  expect(store.writes).toEqual([path, 'index.json']);
});
