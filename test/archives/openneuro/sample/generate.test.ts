// The generated archive: the same for the same seed, and with a dataset for every rule.

import { expect, test } from 'vitest';
import { generateArchive, idOf } from '../../../../archives/openneuro/sample/generate.ts';
import { specials } from '../../../../archives/openneuro/sample/specials/index.ts';
import { movedTag } from '../../../../archives/openneuro/sample/specials/versions.ts';
import { CHECK_SUBTYPES, NOT_COMPARED_REASONS } from '../../../../archives/openneuro/vocabulary.ts';
import { askRefs, list } from '../../../sample/asking.ts';
import { askRegistry, serve } from './asking.ts';

async function everyAnswer(seed: number): Promise<string[]> {
  const archive = generateArchive({ datasets: 60, seed });
  await using server = await serve(archive);
  const answers = [await (await askRegistry(server, 100)).text()];
  for (const { id } of archive.datasets) {
    const listing = await list(server.exportUrl, { prefix: `${id}/`, 'encoding-type': 'url' });
    const description = await fetch(`${server.exportUrl}/${id}/dataset_description.json`);
    for (const answer of [listing, description, await askRefs(`${server.mirrorUrl}/${id}.git`)]) {
      answers.push(`${answer.status} ${answer.headers.get('etag')} ${await answer.text()}`);
    }
  }
  return answers;
}

test('the same seed gives the same bytes of every answer, another seed gives others', async () => {
  const [first, again, other] = [await everyAnswer(7), await everyAnswer(7), await everyAnswer(8)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('a dataset is the same in a smaller, a larger and a narrowed archive', async () => {
  const narrowed = generateArchive({ datasets: 80, only: [idOf(2), idOf(70)] });
  expect(narrowed.datasets.map(({ id }) => id)).toEqual([idOf(2), idOf(70)]);
  const [small, large] = [generateArchive({ datasets: 3 }), generateArchive({ datasets: 80 })];
  const snapshots = await Promise.all(
    [small.datasets[2], large.datasets[2], narrowed.datasets[0]].map((one) => one?.snapshots()),
  );
  expect(snapshots[0]?.length).toBeGreaterThan(0);
  expect(snapshots[1]).toEqual(snapshots[0]);
  expect(snapshots[2]).toEqual(snapshots[0]);
});

test.each(specials(0).map(({ rule }, place) => ({ id: idOf(place), rule })))(
  '$id can be asked for everything: $rule',
  async ({ id }) => {
    const archive = generateArchive({ datasets: specials(0).length });
    const dataset = archive.datasets.find((one) => one.id === id);
    const expected = archive.expectations.get(id);
    const snapshots = await dataset?.snapshots();
    expect(snapshots?.every(({ hexsha }) => /^[0-9a-f]{40}$/.test(hexsha))).toBe(true);
    expect((await dataset?.mirror()) === undefined).toBe(
      expected?.github.subtype === 'repo-not-found',
    );
    expect(dataset?.export.objects().length).toBeGreaterThanOrEqual(0);
  },
);

test('every subtype and every reason of the vocabulary is expected of some dataset', () => {
  const expected = [...generateArchive({ datasets: specials(0).length }).expectations.values()];
  const seen = new Set(
    expected.flatMap(({ github, s3Version, s3Files }) => [
      ...github.findings,
      github.subtype,
      s3Version.subtype,
      s3Files.subtype,
      s3Files.notCompared,
    ]),
  );
  for (const word of [
    ...CHECK_SUBTYPES.github,
    ...CHECK_SUBTYPES.s3Version,
    ...CHECK_SUBTYPES.s3Files,
    ...NOT_COMPARED_REASONS,
  ]) {
    expect(seen).toContain(word);
  }
});

test('expected differences are sorted, and really are the differences of tree and export', async () => {
  const archive = generateArchive({ datasets: specials(0).length });
  for (const dataset of archive.datasets) {
    const { s3Files, s3Version } = archive.expectations.get(dataset.id) ?? {};
    const tag = s3Version?.version;
    const mirror = await dataset.mirror();
    const snapshots = await dataset.snapshots();
    const told = snapshots.find((snapshot) => snapshot.tag === tag)?.hexsha ?? '';
    // For a moved tag, the registry's commit, if the mirror has it.
    const isThere = mirror?.object(told)?.type === 'commit';
    const commit = isThere ? told : mirror?.tags.get(tag ?? '');
    if (!mirror || !commit || s3Files?.notCompared || s3Files?.subtype === 'export-missing')
      continue;
    const list = dataset.export.objects();
    const keys = new Set(
      Array.from({ length: list.length }, (_, place) =>
        Buffer.from(list.keyAt(place), 'latin1').toString(),
      ),
    );
    const paths = new Set(readPaths(mirror, commit));
    const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const onlyGit = [...paths].filter((path) => !keys.has(path)).sort(bytes);
    const onlyExport = [...keys].filter((key) => !paths.has(key)).sort(bytes);
    expect({ id: dataset.id, onlyGit, onlyExport }).toEqual({
      id: dataset.id,
      onlyGit: [...(s3Files?.added ?? []), ...(s3Files?.submodules ?? [])].sort(bytes),
      onlyExport: [...(s3Files?.removed ?? []), ...(s3Files?.bookkeeping ?? [])]
        // The documents write the marker of the dataset's own folder like this.
        .map((key) => (key === './' ? '' : key))
        .sort(bytes),
    });
  }
});

test('annexed files have the size and the MD5 of their key in the export', async () => {
  const archive = generateArchive({ datasets: 1 });
  const dataset = archive.datasets[0];
  const mirror = await dataset?.mirror();
  const list = dataset?.export.objects();
  if (!mirror || !list) throw new Error('the first dataset has a mirror and an export');
  let annexed = 0;
  for (let place = 0; place < list.length; place++) {
    const { key, size, etag } = list.objectAt(place);
    if (!key.endsWith('.nii.gz')) continue;
    const target = readBlob(mirror, mirror.tags.get('1.1.0') ?? '', key);
    expect(target).toContain('.git/annex/objects/');
    expect(target).toMatch(new RegExp(`MD5E-s${size}--${etag}\\.nii\\.gz$`));
    annexed++;
  }
  expect(annexed).toBeGreaterThan(0);
});

test('a later revision moves one tag and leaves every other dataset as it was', async () => {
  const count = specials(0).length;
  const [before, after] = [0, 1].map((revision) =>
    generateArchive({ datasets: count, revision: revision as 0 | 1 }),
  );
  const moved: string[] = [];
  for (const [place, dataset] of (before?.datasets ?? []).entries()) {
    const [old, now] = [await dataset.snapshots(), await after?.datasets[place]?.snapshots()];
    if (JSON.stringify(old) !== JSON.stringify(now)) moved.push(dataset.id);
  }
  const place = specials(0).findIndex(({ rule }) => rule === movedTag(0).rule);
  expect(moved).toEqual([idOf(place)]);
});

type Mirror = NonNullable<
  Awaited<ReturnType<ReturnType<typeof generateArchive>['datasets'][number]['mirror']>>
>;

/** Names and ids of a tree, read from git's own encoding. */
function* readTree(
  mirror: Mirror,
  oid: string,
): Iterable<[mode: string, name: string, oid: string]> {
  const content = mirror.object(oid)?.content;
  if (!content) throw new Error(`no tree ${oid}`);
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    yield [
      content.toString('latin1', at, space),
      content.toString('utf8', space + 1, end),
      content.toString('hex', end + 1, end + 21),
    ];
    at = end + 21;
  }
}

function rootOf(mirror: Mirror, oid: string): string {
  const object = mirror.object(oid);
  const text = object?.content.toString('utf8') ?? '';
  if (object?.type === 'tag') return rootOf(mirror, /^object ([0-9a-f]{40})/.exec(text)?.[1] ?? '');
  return /^tree ([0-9a-f]{40})/.exec(text)?.[1] ?? '';
}

function readPaths(mirror: Mirror, commit: string): string[] {
  const walk = (oid: string, at: string): string[] =>
    [...readTree(mirror, oid)].flatMap(([mode, name, inner]) =>
      mode === '40000' ? walk(inner, `${at}${name}/`) : [`${at}${name}`],
    );
  return walk(rootOf(mirror, commit), '');
}

function readBlob(mirror: Mirror, commit: string, path: string): string {
  let oid = rootOf(mirror, commit);
  for (const part of path.split('/')) {
    oid = [...readTree(mirror, oid)].find(([, name]) => name === part)?.[2] ?? '';
  }
  return mirror.object(oid)?.content.toString('utf8') ?? '';
}
