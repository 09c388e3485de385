// The predecessor's readers find in our tree everything they read, in the type they use: in a tree
// of the sample archive, in one after an outage, and in one of the replayed archive. Their own tree
// shows that the table of what they read is right.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SampleArchive } from '../../archives/openneuro/sample/archive.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { replayArchive } from '../../archives/openneuro/sample/replay.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { memoryStore } from '../support/memory-store.ts';
import { recordedTree } from '../support/recorded.ts';
import { runSample } from '../support/sample-run.ts';
import { brokenReads, DOCUMENTS, missingReads } from './predecessor-reads.ts';

type Tree = ReadonlyMap<string, string>;

const recorded = recordedTree();

/** After a run, or after a second one in which a part of all requests fails. */
async function treeOf(archive: SampleArchive, outage: boolean): Promise<Tree> {
  const store = memoryStore();
  const server = await startSampleArchive({ archive });
  try {
    await runSample(server, { store, day: 0, options: { publishAnyway: true } });
    if (outage) {
      const kinds = ['refs', 'description', 'listing'] as const;
      server.setFaults(kinds.map((kind) => ({ kind, fault: '503', rate: 0.5 })));
      await runSample(server, { store, day: 1, options: { publishAnyway: true } });
    }
    return store.documents;
  } finally {
    await server.close();
  }
}

/** As their own stages left it: for the listed datasets, without lists of files. */
function theirTree(folder: string): Tree {
  const { latestSnapshots } = JSON.parse(
    readFileSync(join(folder, 'datasets-registry.json'), 'utf8'),
  );
  const isListed = (path: string) => {
    const [, id] = /\/datasets\/([^/]+)/.exec(path) ?? [];
    return id === undefined || Object.hasOwn(latestSnapshots, id);
  };
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => file.isFile() && isListed(file.parentPath))
      .map((file) => {
        const path = join(file.parentPath, file.name);
        return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
      }),
  );
}

const TREES: readonly [name: string, make: () => Promise<Tree> | Tree | null][] = [
  ['the sample archive', () => treeOf(generateArchive({ datasets: 80 }), false)],
  ['the sample archive after outages', () => treeOf(generateArchive({ datasets: 80 }), true)],
  [
    'the replayed archive',
    () => (recorded ? treeOf(replayArchive(recorded, { sample: 60, seed: 5 }), false) : null),
  ],
  ['the recorded tree, their own', () => (recorded ? theirTree(recorded) : null)],
];

describe.each(TREES.filter(([name]) => recorded || name.startsWith('the sample')))(
  'in a tree of %s',
  (name, make) => {
    let tree: Tree;
    beforeAll(async () => {
      tree = (await make()) as Tree;
    }, 120_000);

    test('every field is there, and of the type that it is used as', () => {
      const broken = [...tree].flatMap(([path, text]) => brokenReads(path, text));
      expect(broken).toEqual([]);
    });

    test('there is a document of every kind that they read', () => {
      const absent = DOCUMENTS.filter(
        ({ path }) => ![...tree.keys()].some((one) => path.test(one)),
      );
      const unrecorded = name.includes('their own') ? ['files.json'] : [];
      expect(
        absent.map(({ path }) => path.source.split('/').at(-1)?.replace(/\\|\$/g, '')),
      ).toEqual(unrecorded);
    });

    test('nothing that one document leads them to is missing', () => {
      expect(missingReads((path) => tree.get(path))).toEqual([]);
    });
  },
);

describe('a tree that would break them is noticed', () => {
  const DIFF = {
    ...{ datasetId: 'ds000001', snapshotTag: '1.0.0', s3Version: '1.0.0', status: 'ok' },
    ...{ totalS3Files: 1, totalGitFiles: 1, checkedAt: null, exportMissing: false },
    ...{ added: [], removed: [], context: [] },
  };
  const PATH = 'datasets/ds000001/s3-diff.json';
  test.each([
    ['totals that are null', { totalS3Files: null }, [`${PATH} totalS3Files: null as number`]],
    ['a list that is not there', { context: undefined }, [`${PATH} context: absent as list`]],
    ['an invalid path', { added: [1] }, [`${PATH} added.*: 1 as text`]],
    ['nothing', {}, []],
  ])('%s', (_, change, expected) => {
    expect(brokenReads(PATH, JSON.stringify({ ...DIFF, ...change }))).toEqual(expected);
  });
});
