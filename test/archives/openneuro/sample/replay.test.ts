// The replayed archive keeps what was recorded. A small recorded tree is written here; the real one
// is replayed if it is available.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrange } from '../../../../archives/openneuro/sample/arrange-files.ts';
import { readRecordedDataset } from '../../../../archives/openneuro/sample/recorded-dataset.ts';
import { replayArchive } from '../../../../archives/openneuro/sample/replay.ts';
import { fillerObjects, fillerTree } from '../../../../sample/filler.ts';
import { askListing, askRefs } from '../../../sample/asking.ts';
import { recordedTree } from '../../../support/recorded.ts';
import { askAllNodes, serve } from './asking.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);
const T = 'd'.repeat(40);

interface Written {
  readonly snapshots: Record<string, string>;
  readonly github?: object;
  readonly s3Version?: object;
  readonly diff?: object;
}

const DATASETS: Record<string, Written> = {
  // Annotated 2.0.0; 3.0.0 is not on the mirror; 2.0.0 and 1.0.0 are the same commit.
  ds000109: {
    snapshots: { '1.0.0': A, '2.0.0': T, '2.1.0': B, '3.0.0': C },
    github: {
      head: 'master',
      branches: { master: B, 'git-annex': 'e'.repeat(40) },
      tags: { '1.0.0': A, '2.0.0': T, '2.0.0^{}': A, '2.1.0': B },
    },
    s3Version: {
      datasetDescriptionDOI: '10.18112/openneuro.ds000109.v2.1.0',
      extractedVersion: '2.1.0',
    },
    diff: {
      snapshotTag: '2.1.0',
      totalGitFiles: 3217,
      totalS3Files: 3217,
      added: ['participants.tsv'],
      removed: ['annex-uuid'],
      context: [
        'CHANGES',
        'README',
        'dataset_description.json',
        'sub-01/a.nii',
        'sub-01/b.nii',
        'sub-01/c.nii',
      ],
    },
  },
  ds000110: {
    snapshots: { '1.0.0': A },
    github: { error: 'repo-not-found' },
    s3Version: { accessible: false, httpStatus: 403, extractedVersion: null },
  },
  ds000111: {
    snapshots: { '1.0.0': A },
    github: { error: 'repo-empty' },
    s3Version: { datasetDescriptionMissing: true, extractedVersion: '1.0.0' },
  },
  ds000112: {
    snapshots: { '1.0.0': A },
    diff: {
      snapshotTag: '1.0.0',
      totalGitFiles: 2,
      totalS3Files: 0,
      exportMissing: true,
      added: ['README', 'dataset_description.json'],
    },
    s3Version: { datasetDescriptionMissing: true, extractedVersion: '1.0.0' },
  },
};

let dir = '';

function write(path: string, value: unknown): void {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'recorded-'));
  const rows = Object.keys(DATASETS).map((id) => ({ id, checks: id, issueSubtypes: null }));
  write('all-datasets.json', { datasets: rows });
  write('datasets-registry.json', {
    latestSnapshots: Object.fromEntries(Object.keys(DATASETS).map((id) => [id, '1.0.0'])),
  });
  for (const [id, { snapshots, github, s3Version, diff }] of Object.entries(DATASETS)) {
    const at = `datasets/${id}`;
    write(`${at}/snapshots.json`, { tags: Object.keys(snapshots) });
    for (const [tag, hexsha] of Object.entries(snapshots)) {
      write(`${at}/snapshots/${tag}/metadata.json`, {
        hexsha,
        created: '2020-01-01T00:00:00.000Z',
      });
    }
    const tags = { tags: snapshots, branches: { main: A }, head: 'main', error: null };
    const bare = { tags: {}, branches: {}, head: null };
    const error = github && 'error' in github;
    write(`${at}/github.json`, { ...tags, ...(error ? bare : {}), ...github });
    write(`${at}/s3-version.json`, {
      accessible: true,
      httpStatus: null,
      datasetDescriptionDOI: null,
      datasetDescriptionMissing: null,
      invalidJson: null,
      ...s3Version,
    });
    if (diff) {
      write(`${at}/s3-diff.json`, {
        added: [],
        removed: [],
        context: [],
        exportMissing: false,
        ...diff,
      });
    }
  }
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('ids and their order are the recorded ones', async () => {
  await using server = await serve(replayArchive(dir));
  expect((await askAllNodes(server)).map(({ id }) => id)).toEqual(Object.keys(DATASETS));
});

test('commits are equal exactly where the recorded ones are; a tag object stays one', async () => {
  await using server = await serve(replayArchive(dir));
  const node = (await askAllNodes(server)).find(({ id }) => id === 'ds000109');
  const hexsha = Object.fromEntries(node?.snapshots.map((one) => [one.tag, one.hexsha]) ?? []);
  expect(new Set(Object.values(hexsha)).size).toBe(4);
  const refs = await (await askRefs(`${server.mirrorUrl}/ds000109.git`)).text();
  expect(refs).toContain(`${hexsha['1.0.0']} refs/tags/1.0.0`);
  expect(refs).toContain(`${hexsha['2.0.0']} refs/tags/2.0.0 peeled:${hexsha['1.0.0']}`);
  expect(refs).toContain(`${hexsha['2.1.0']} refs/heads/master`);
  expect(refs).toContain('HEAD symref-target:refs/heads/master');
  expect(refs).not.toContain('refs/tags/3.0.0');
});

test('what was refused, missing, empty or absent is so again', async () => {
  await using server = await serve(replayArchive(dir));
  const description = async (id: string) =>
    (await fetch(`${server.exportUrl}/${id}/dataset_description.json`)).status;
  expect(await description('ds000110')).toBe(403);
  expect(await description('ds000111')).toBe(404);
  expect(await description('ds000112')).toBe(404);
  expect((await askListing(server.exportUrl, { prefix: 'ds000112/' })).count).toBe(0);
  expect((await askRefs(`${server.mirrorUrl}/ds000110.git`)).status).toBe(401);
  expect(await (await askRefs(`${server.mirrorUrl}/ds000111.git`)).text()).not.toContain(
    'refs/tags',
  );
});

test('the recorded DOI is served', async () => {
  await using server = await serve(replayArchive(dir));
  const answer = await fetch(`${server.exportUrl}/ds000109/dataset_description.json`);
  expect(await answer.json()).toMatchObject({ DatasetDOI: '10.18112/openneuro.ds000109.v2.1.0' });
});

test('unchanged files go where no changed path gets new neighbours', () => {
  const { git, filler } = arrange(readRecordedDataset(dir, 'ds000109'));
  expect(git).toEqual([
    'CHANGES',
    'README',
    'dataset_description.json',
    'participants.tsv',
    'sub-01/a.nii',
    'sub-01/b.nii',
    'sub-01/c.nii',
  ]);
  expect(filler?.files).toBe(3210);
  const folder = filler?.folder ?? '';
  // Before the first of the three neighbours, or after the last.
  expect(folder < 'CHANGES' || folder > 'sub-01/c.nii').toBe(true);
});

test('the export lists the recorded total, with the orphan and without the missing file', async () => {
  const list = replayArchive(dir).datasets[0]?.export.objects();
  const keys = Array.from({ length: list?.length ?? 0 }, (_, place) => list?.keyAt(place) ?? '');
  expect(keys.length).toBe(3217);
  expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(keys).toContain('annex-uuid');
  expect(keys).not.toContain('participants.tsv');
});

test.each([0, 1, 9, 10, 11, 99, 1000, 1011, 4321])(
  'a filler of %i files is the same in git and in the export',
  (files) => {
    const paths = (tree: ReturnType<typeof fillerTree>, at: string): string[] =>
      [...tree].flatMap(([name, entry]) =>
        entry instanceof Map ? paths(entry, `${at}${name}/`) : [`${at}${name}`],
      );
    const list = fillerObjects('x', files, '2020-01-01T00:00:00.000Z');
    const keys = Array.from({ length: list.length }, (_, place) => list.keyAt(place));
    expect(paths(fillerTree(files), 'x/').sort()).toEqual(keys);
    expect(keys.length).toBe(files);
  },
);

test('a sample takes every odd kind, keeps the order, and is the same again', () => {
  const ids = (sample: number) => replayArchive(dir, { sample }).datasets.map(({ id }) => id);
  expect(ids(4)).toEqual(Object.keys(DATASETS));
  expect(ids(2).length).toBe(2);
  expect(ids(2)).toEqual(ids(2));
});

test('a dataset that was not recorded is refused by name', () => {
  expect(() => replayArchive(dir, { datasets: ['ds999999'] })).toThrow('ds999999');
});

const recorded = recordedTree();

test.skipIf(recorded === null)(
  'every recorded dataset is arranged with its totals, and its context is the recorded one',
  () => {
    const wrong: string[] = [];
    for (const { id } of replayArchive(recorded ?? '').datasets) {
      const data = readRecordedDataset(recorded ?? '', id);
      if (!data.diff) continue;
      const { git, filler } = arrange(data);
      const paths = git.map((path) => Buffer.from(path).toString('latin1'));
      // The first ten fillers stand for all: no context reaches further.
      const some = Array.from({ length: Math.min(10, filler?.files ?? 0) }, (_, place) =>
        Buffer.from(`${filler?.folder}/${place}`).toString('latin1'),
      );
      const all = [...paths, ...some].sort().map((path) => Buffer.from(path, 'latin1').toString());
      const added = new Set(data.diff.added);
      const near = (place: number) =>
        all.slice(Math.max(0, place - 3), place + 4).some((path) => added.has(path));
      const context = all.filter((path, place) => !added.has(path) && near(place));
      if (JSON.stringify(context) !== JSON.stringify(inByteOrder(data.diff.context)))
        wrong.push(id);
    }
    expect(wrong).toEqual([]);
  },
);

function inByteOrder(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
