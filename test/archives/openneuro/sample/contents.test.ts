// The contents of the copies of a sample archive: per-object permissions, leftovers in the bucket,
// the registry's answers for them, and a replay whose contents agree.

import { describe, expect, test } from 'vitest';
import { generateArchive } from '../../../../archives/openneuro/sample/generate.ts';
import { LEFTOVERS } from '../../../../archives/openneuro/sample/leftovers.ts';
import { replayArchive } from '../../../../archives/openneuro/sample/replay.ts';
import { specials } from '../../../../archives/openneuro/sample/specials/index.ts';
import type { SampleRepository } from '../../../../sample/git/index.ts';
import { askListing, decodeKey } from '../../../sample/asking.ts';
import { recordedTree } from '../../../support/recorded.ts';
import { serve } from './asking.ts';

const archive = generateArchive({ datasets: specials(0).length });

function idFor(rule: string): string {
  const [id] = [...archive.expectations].find(([, one]) => one.rule.includes(rule)) ?? [];
  if (id === undefined) throw new Error(`no dataset for "${rule}"`);
  return id;
}

async function askDataset(registryUrl: string, id: string) {
  const query = 'query ($id: ID!) { dataset(id: $id) { id public } }';
  const answer = await fetch(registryUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { id } }),
  });
  return (await answer.json()) as {
    data: { dataset: { id: string; public: boolean } | null };
    errors?: { message: string; extensions?: Record<string, string> }[];
  };
}

describe('the registry says of a single dataset what the real one says', () => {
  test.each([
    {
      id: 'ds999001',
      message: 'Dataset ds999001 has been deleted. Reason: Consent was withdrawn.',
      extensions: undefined,
    },
    {
      id: 'ds999002',
      message: 'Dataset ds999002 has been deleted. Reason: Duplicate.',
      extensions: { code: 'DELETED_DATASET', redirect: '/datasets/ds900001' },
    },
    { id: 'ds999003', message: 'You do not have access to read this dataset.' },
    { id: 'ds999004', message: 'Dataset ds999004 does not exist.' },
    { id: 'ds999999', message: 'Dataset ds999999 does not exist.' },
  ])('$id: $message', async ({ id, message, extensions }) => {
    await using server = await serve(archive);
    const { data, errors } = await askDataset(server.registryUrl, id);
    expect(data.dataset).toBeNull();
    expect(errors).toEqual([
      {
        message,
        locations: expect.anything(),
        path: ['dataset'],
        ...(extensions && { extensions }),
      },
    ]);
  });

  test('a public one is simply shown', async () => {
    await using server = await serve(archive);
    const { data, errors } = await askDataset(server.registryUrl, 'ds900001');
    expect(data.dataset).toEqual({ id: 'ds900001', public: true });
    expect(errors).toBeUndefined();
  });
});

test('the top of the bucket shows leftovers among the datasets, as folders only', async () => {
  await using server = await serve(archive);
  const { keys, folders } = await askListing(server.exportUrl, { delimiter: '/' });
  expect(keys).toEqual([]);
  expect(LEFTOVERS.length).toBeGreaterThan(0);
  for (const { id } of LEFTOVERS) expect(folders).toContain(`${id}/`);
  expect(folders).toEqual([...folders].sort());
});

test.each([
  { rule: '#access: some objects are private', status: 403 },
  { rule: '#access: objects are listed and not there', status: 404 },
])('$rule: $status to HEAD and GET, and listed all the same', async ({ rule, status }) => {
  await using server = await serve(archive);
  const id = idFor(rule);
  const { keys } = await askListing(server.exportUrl, { prefix: `${id}/`, 'encoding-type': 'url' });
  const ask = async (key: string | undefined, method: string) => {
    const answer = await fetch(`${server.exportUrl}/${decodeKey(key ?? '')}`, { method });
    await answer.arrayBuffer();
    return answer.status;
  };
  for (const method of ['HEAD', 'GET']) {
    expect(await ask(keys[0], method)).toBe(200);
    expect(await ask(keys.at(-1), method)).toBe(status);
  }
});

/** Every file of a commit: path as binary string, mode and content, read from git's encoding. */
function* filesOf(
  mirror: SampleRepository,
  tree: string,
  at = '',
): Generator<{ path: string; mode: string; content: Buffer }> {
  const content = mirror.object(tree)?.content ?? Buffer.alloc(0);
  for (let from = 0; from < content.length; ) {
    const space = content.indexOf(0x20, from);
    const end = content.indexOf(0, space);
    const mode = content.toString('latin1', from, space);
    const path = at + content.toString('latin1', space + 1, end);
    const oid = content.toString('hex', end + 1, end + 21);
    from = end + 21;
    if (mode === '40000') yield* filesOf(mirror, oid, `${path}/`);
    else if (mode !== '160000') {
      yield { path, mode, content: mirror.object(oid)?.content ?? Buffer.alloc(0) };
    }
  }
}

function rootOf(mirror: SampleRepository, tag: string): string | undefined {
  const named = mirror.tags.get(tag);
  const object = named === undefined ? undefined : mirror.object(named);
  const commit = object?.type === 'tag' ? object.target : object;
  return commit?.type === 'commit' ? commit.tree.oid : undefined;
}

const recorded = recordedTree();

test.skipIf(recorded === null)(
  `sizes, keys and ETags agree in the replay${recorded === null ? ' (SKIPPED: nothing recorded)' : ''}`,
  async () => {
    const replay = replayArchive(recorded as string, { sample: 60 });
    let annexed = 0;
    let plain = 0;
    for (const dataset of replay.datasets) {
      const [mirror, snapshots] = [await dataset.mirror(), await dataset.snapshots()];
      const objects = dataset.export.objects();
      if (!mirror || objects.length === 0 || objects.length > 5_000) continue;
      const listed = new Map(
        Array.from({ length: objects.length }, (_, place) => {
          const object = objects.objectAt(place);
          return [object.key, object] as const;
        }),
      );
      for (const { tag } of snapshots) {
        const root = rootOf(mirror, tag);
        const files = root === undefined ? [] : [...filesOf(mirror, root)];
        // Only the compared version has more than the two files made up for the others.
        if (files.length <= 2) continue;
        for (const { path, mode, content } of files) {
          const object = listed.get(path);
          if (object === undefined) continue;
          const key =
            mode === '120000' ? /MD5E-s(\d+)--([0-9a-f]{32})/.exec(content.toString()) : null;
          if (key) {
            annexed++;
            expect([object.size, object.etag]).toEqual([Number(key[1]), key[2]]);
          } else {
            plain++;
            expect([object.size, object.content?.toString()]).toEqual([
              content.length,
              content.toString(),
            ]);
          }
        }
      }
    }
    expect(annexed).toBeGreaterThan(50);
    expect(plain).toBeGreaterThan(1_000);
  },
);
