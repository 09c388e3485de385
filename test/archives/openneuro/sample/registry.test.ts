// The registry of the sample archive: cursors, broken entries, and valid queries.

import { expect, test } from 'vitest';
import { generateArchive } from '../../../../archives/openneuro/sample/generate.ts';
import { askRefs } from '../../../sample/asking.ts';
import { askAllNodes, askPage, serve } from './asking.ts';

test.each([1, 7, 25, 100])('pages of %i hold every dataset once, in order', async (first) => {
  await using server = await serve(generateArchive({ datasets: 30 }));
  const ids = (await askAllNodes(server, first)).map(({ id }) => id);
  const expected = Array.from({ length: 30 }, (_, at) => `ds${900_001 + at}`);
  expect(ids).toEqual(expected);
});

test('a page is no longer than the limit, whatever the request', async () => {
  await using server = await serve(generateArchive({ datasets: 9 }), { pageSizeLimit: 4 });
  const { edges, pageInfo } = (await askPage(server, 100)).data.datasets;
  expect([edges.length, pageInfo.hasNextPage, pageInfo.count]).toEqual([4, true, 9]);
});

test('a deletion while paging shifts items: the cursor is an offset', async () => {
  const archive = generateArchive({ datasets: 6 });
  await using server = await serve(archive);
  const first = (await askPage(server, 3)).data.datasets;
  archive.datasets.shift();
  const second = (await askPage(server, 3, first.pageInfo.endCursor)).data.datasets;
  const ids = second.edges.map((edge) => edge?.node?.id);
  expect(ids).toEqual(['ds900005', 'ds900006']);
  expect(second.pageInfo.count).toBe(5);
});

test('broken datasets give null and an error beside good data', async () => {
  await using server = await serve(generateArchive({ datasets: 36 }));
  const { data, errors } = await askPage(server, 100);
  const { edges, pageInfo } = data.datasets;
  expect(edges[32]).toEqual({ node: null });
  expect(edges[33]).toBeNull();
  expect(errors?.map(({ path }) => path[2])).toEqual([32, 33]);
  expect(edges.filter((edge) => edge?.node).length).toBe(34);
  expect(pageInfo.count).toBe(36);
});

test('a dataset with no snapshots has an empty list and no latest one', async () => {
  await using server = await serve(generateArchive({ datasets: 36 }));
  const node = (await askAllNodes(server)).find(({ id }) => id === 'ds900032');
  expect(node).toMatchObject({ latestSnapshot: null, snapshots: [] });
});

test('hexsha is the tag object for an annotated tag and the commit for the others', async () => {
  await using server = await serve(generateArchive({ datasets: 20 }));
  const node = (await askAllNodes(server)).find(({ id }) => id === 'ds900020');
  const refs = await (await askRefs(`${server.mirrorUrl}/ds900020.git`)).text();
  for (const { tag, hexsha } of node?.snapshots ?? []) {
    expect(refs).toContain(`${hexsha} refs/tags/${tag}`);
    const peeled = new RegExp(`${hexsha} refs/tags/${tag} peeled:[0-9a-f]{40}`).test(refs);
    expect(peeled).toBe(tag !== '00001');
  }
  expect(node?.latestSnapshot?.hexsha).toBe(node?.snapshots.at(-1)?.hexsha);
});

test.each([
  { what: 'no JSON', body: 'query {' },
  { what: 'no query', body: '{}' },
  { what: 'an unknown field', body: JSON.stringify({ query: '{ datasets { nodes } }' }) },
])('a question with $what is refused with an error', async ({ body }) => {
  await using server = await serve(generateArchive({ datasets: 1 }));
  const answer = await fetch(server.registryUrl, { method: 'POST', body });
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { errors: unknown[] }).errors.length).toBeGreaterThan(0);
});

test('an invalid cursor is an error of the answer', async () => {
  await using server = await serve(generateArchive({ datasets: 1 }));
  const { data, errors } = await askPage(server, 10, 'nonsense');
  expect(data.datasets).toBeNull();
  expect(errors?.length).toBe(1);
});
