// A server of the kit, as an archive outside the project would set it up.

import { expect, test } from 'vitest';
import { buildRepository } from '../../sample/git/index.ts';
import { askListing, askRefs } from './asking.ts';
import { folderOf, serveSmall } from './small-archive.ts';

const repository = await buildRepository({
  commits: [
    { name: 'a', tree: new Map(), parents: [], message: 'A', date: new Date('2024-02-29') },
  ],
  branches: { draft: 'a' },
  tags: {},
  head: 'draft',
});
const archive = {
  entries: { one: repository, two: undefined, three: undefined },
  folders: [folderOf('blobs', ['a/1', 'a/2'])],
  logs: [folderOf('of/one', ['log']), folderOf('of/two', ['log'])],
};
const page = async (url: string) => (await fetch(url)).json();

test('pages of REST, repositories and two buckets stand beside each other', async () => {
  await using server = await serveSmall(archive);
  expect(await page(server.entriesUrl)).toEqual({
    count: 3,
    next: '?page=2',
    results: [{ id: 'one' }, { id: 'two' }],
  });
  expect(await page(`${server.entriesUrl}?page=2`)).toMatchObject({ next: null });
  expect(await (await askRefs(`${server.gitUrl}/one.git`)).text()).toContain('refs/heads/draft');
  expect((await askRefs(`${server.gitUrl}/two.git`)).status).toBe(401);
  expect((await askListing(server.filesUrl, {})).keys).toEqual(['blobs/a/1', 'blobs/a/2']);
  expect((await askListing(server.logsUrl, {})).keys).toEqual(['of/one/log', 'of/two/log']);
  expect((await fetch(`${server.filesUrl}/blobs/a/1`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${server.url}/elsewhere`)).status).toBe(404);
  const requests = Object.entries(server.stats()).map(([kind, count]) => [kind, count.requests]);
  expect(Object.fromEntries(requests)).toEqual({
    entries: 2,
    refs: 2,
    pack: 0,
    listing: 2,
    object: 0,
    head: 1,
  });
});

test('a fault of parts hits the named part, and the request counts as hit once', async () => {
  await using server = await serveSmall(archive, {
    faults: [{ kind: 'entries', fault: 'lost-entry', rate: 1, datasets: ['two'] }],
  });
  expect(await page(server.entriesUrl)).toMatchObject({ results: [{ id: 'one' }, null] });
  expect(await page(`${server.entriesUrl}?page=2`)).toMatchObject({ results: [{ id: 'three' }] });
  expect(server.stats().entries).toMatchObject({ requests: 2, faults: 1 });
});

test('a bucket knows which dataset a key belongs to, so that a fault can name it', async () => {
  await using server = await serveSmall(archive, {
    faults: [{ kind: 'object', fault: '503', rate: 1, datasets: ['of/two'] }],
  });
  const statusOf = async (path: string) => (await fetch(`${server.logsUrl}/${path}`)).status;
  expect(await statusOf('of/one/log')).toBe(200);
  expect(await statusOf('of/two/log')).toBe(503);
});

test('an unknown kind is refused before anything listens', async () => {
  const faults = [{ kind: 'registry', fault: '503', rate: 1 }] as never;
  await expect(serveSmall(archive, { faults })).rejects.toThrow('unknown kind "registry"');
  const latency = { registry: 5 } as never;
  await expect(serveSmall(archive, { latency })).rejects.toThrow('unknown kind "registry"');
});
