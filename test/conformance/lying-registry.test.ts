// Nothing vanishes in silence (docs/checks.md#registry): a registry that shows less than it has,
// over real HTTP, and what the next run publishes of it.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { type SampleServer, startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { Registry } from '../../core/documents/documents.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { type Change, serveChanged } from '../support/changing-front.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';

interface Edge {
  node: { id: string; latestSnapshot: unknown; snapshots: unknown[] };
}

let server: SampleServer;
let store: MemoryStore;
/** Listed by the first reading, in its order. */
let ids: string[];

beforeAll(async () => {
  server = await startSampleArchive({ archive: generateArchive({ datasets: 42, seed: 3 }) });
});
afterAll(() => server.close());
beforeEach(async () => {
  store = memoryStore();
  expect(await run(0, (body) => body)).toMatchObject({ outcome: 'published', why: [] });
  ids = Object.keys(registry().latestSnapshots);
});

const registry = () => store.document<Registry>(REGISTRY_PATH);
const rowOf = (id: string) =>
  store.document<Summary>(SUMMARY_PATH).datasets.find((row) => row.id === id);

async function run(day: number, change: Change) {
  await using front = await serveChanged(server.registryUrl, change);
  const options = { checks: new Set<string>() };
  return await runSample({ ...server, registryUrl: front.url }, { store, day, options });
}

/** Pages with other entries, or without some, and a matching count. */
const pages =
  (change: (edge: Edge) => Edge | undefined): Change =>
  (body) => {
    const json = JSON.parse(body);
    const list = json.data?.datasets;
    if (!list) return body;
    const changed: (Edge | undefined)[] = list.edges.map((edge: Edge | null) =>
      edge?.node ? change(edge) : edge,
    );
    const shown = (edge: unknown) => edge !== undefined;
    list.edges = changed.filter(shown);
    list.pageInfo.count -= changed.length - list.edges.length;
    // Errors name the positions of their entries.
    for (const { path } of json.errors ?? []) {
      path[2] = changed.slice(0, path[2]).filter(shown).length;
    }
    return JSON.stringify(json);
  };

const without = (hidden: readonly string[]) =>
  pages((edge) => (hidden.includes(edge.node.id) ? undefined : edge));

const entry = (id: string, change: (node: Edge['node']) => object) =>
  pages((edge) =>
    edge.node.id === id ? { ...edge, node: { ...edge.node, ...change(edge.node) } } : edge,
  );

describe('datasets that the list does not show', () => {
  test.each([1, 3, 6])('%i that are still public keep their entry, unverified', async (hidden) => {
    const some = ids.slice(4, 4 + hidden);
    const before = some.map((id) => rowOf(id)?.checks);
    const { outcome, reports } = await run(1, without(some));
    expect(outcome).toBe('published');
    expect(Object.keys(registry().latestSnapshots)).toEqual(ids);
    expect(Object.keys(registry().unverified)).toEqual(expect.arrayContaining(some));
    expect(some.map((id) => rowOf(id)?.checks)).toEqual(before);
    for (const id of some) expect(rowOf(id)?.unverified).toMatchObject({ github: {} });
    expect(reports[0]?.notes).toContain(
      `Public and not listed, kept as last known: ${some.join(', ')}`,
    );
    await run(2, (body) => body);
    for (const id of some) expect(rowOf(id)?.unverified).toBeNull();
  });

  test('ten of some forty stop the run, and nothing is replaced', async () => {
    const before = registry();
    const { outcome, why } = await run(1, without(ids.slice(0, 10)));
    expect(outcome).toBe('failed');
    expect(why[0]).toMatch(/^The registry lost \d+ of/);
    expect(registry()).toEqual(before);
  });

  test('one that is deleted is named, in the report and for later', async () => {
    const [id] = ids.slice(4) as [string];
    const deleted: Change = (body, question) => {
      const json = JSON.parse(body);
      if (!question.includes(`${id}: dataset(`)) return without([id])(body, question);
      json.data = null;
      json.errors = [{ message: `Dataset ${id} has been deleted. Reason: x.`, path: [id] }];
      return JSON.stringify(json);
    };
    const { outcome, reports } = await run(1, deleted);
    expect(outcome).toBe('published');
    expect(reports[0]?.notes).toContain(`Left the registry: ${id} (deleted)`);
    expect(registry().gone).toMatchObject([{ id, state: 'deleted' }]);
    expect(rowOf(id)).toBeUndefined();
  });
});

describe('an entry that shows less than before', () => {
  test('one without its snapshots keeps its last known entry, unverified', async () => {
    const [id] = ids.slice(4) as [string];
    const change = entry(id, () => ({ latestSnapshot: null, snapshots: [] }));
    expect((await run(1, change)).outcome).toBe('published');
    expect(registry().skipped).not.toHaveProperty(id);
    expect(rowOf(id)?.unverified).toMatchObject({ github: { reason: 'malformed' } });
  });

  test('a new dataset with an odd newest tag is listed, and the tag is named', async () => {
    const [id] = ids.slice(4) as [string];
    store = memoryStore();
    const odd = { id: 'x', tag: 'über final', created: null, hexsha: null };
    const { reports } = await run(
      0,
      entry(id, ({ snapshots }) => ({ latestSnapshot: odd, snapshots: [...snapshots, odd] })),
    );
    expect(rowOf(id)?.unverified).toMatchObject({ github: { reason: 'malformed' } });
    const named = reports[0]?.notes.filter((note) => note.includes('über final'));
    expect(named).toHaveLength(1);
  });
});
