// What looks wrong on real mirrors and is not. Each is recorded data, judged by the rules.

import { describe, expect, test } from 'vitest';
import { linkTo } from '../../../archives/dandi/annex/keys.ts';
import { recordedAsset } from '../../../archives/dandi/assets-record.ts';
import { listing } from '../../../archives/dandi/checks/listing.ts';
import { mirror } from '../../../archives/dandi/checks/mirror.ts';
import { tags } from '../../../archives/dandi/checks/tags.ts';
import { compareVersions, DRAFT, isVersion } from '../../../archives/dandi/ids.ts';
import { embargoOf, STATE_PATH, stateOf } from '../../../archives/dandi/measure/mirror-state.ts';
import { sumOfFiles } from '../../../archives/dandi/measure/zarr-mirror.ts';
import { placeAssets } from '../../../archives/dandi/rules/asset-paths.ts';
import { compareRecord, otherIds } from '../../../archives/dandi/rules/compare-record.ts';
import { compareTree } from '../../../archives/dandi/rules/compare-tree.ts';
import { isMerged } from '../../../archives/dandi/rules/is-merged.ts';
import { listingEvidence } from '../../../archives/dandi/rules/listing-faults.ts';
import { metadataDigest, yamlDigest } from '../../../archives/dandi/rules/metadata-digest.ts';
import { recordedUrls } from '../../../archives/dandi/rules/recorded-urls.ts';
import { type Asset, readAsset } from '../../../archives/dandi/sources/registry-answers.ts';
import { toBinary } from '../../../core/compare/byte-order.ts';
import {
  annexOf,
  assetsOf,
  DANDISETS,
  filesOf,
  needsRecorded,
  RECORDED,
  readJson,
  readText,
  readTree,
  versionsOf,
} from './support/recorded.ts';

const textsOf = (id: string) =>
  id === '000243' ? readJson<Record<string, string>>(id, 'git', 'text.draft.json') : {};
const urlsOf = (id: string) =>
  recordedUrls({
    assets: assetsOf(id, DRAFT),
    draft: filesOf(readTree(id, 'git', 'tree.draft.json')),
    annex: annexOf(id),
    bucket: 'dandiarchive',
  });
const treesOf = (id: string) => [
  { version: DRAFT, tree: readTree(id, 'git', 'tree.draft.json') },
  ...versionsOf(id)
    .toSorted(compareVersions)
    .map((version) => ({ version, tree: readTree(id, 'git', `tree.${version}.json`) })),
];
/** In git itself, and their contents are not recorded. */
const TEXTS_OF_TAGS = ['123.dat', 'sample.json', 'sample.txt'];
const ALL = RECORDED === null ? [] : DANDISETS;

/** Refs of a recorded mirror; a tag leads to its commit. */
function refsOf(id: string) {
  const { rows } = readJson<{ rows: [string, string][] }>(id, 'git', 'refs.json');
  const oid = new Map(rows);
  const tags = rows.flatMap(([name]) => /^refs\/tags\/([^^]+)$/.exec(name)?.[1] ?? []);
  return {
    names: rows.map(([name]) => name),
    tags,
    draft: oid.get('refs/heads/draft') as string,
    commitOf: (tag: string) =>
      oid.get(`refs/tags/${tag}^{}`) ?? (oid.get(`refs/tags/${tag}`) as string),
  };
}

const historyOf = (id: string) =>
  new Map(
    readJson<{ rows: { oid: string; parents: string[] }[] }>(
      id,
      'git',
      'commits.draft.json',
    ).rows.map(({ oid, parents }) => [oid, parents]),
  );

describe.skipIf(RECORDED === null)(`recorded mirrors${needsRecorded}`, () => {
  test('28 trees hold what their versions list', () => {
    let trees = 0;
    for (const id of ALL) {
      for (const { version, tree } of treesOf(id)) {
        const { byPath } = placeAssets(assetsOf(id, version));
        const { unread, ...compared } = compareTree(
          byPath,
          filesOf(tree, textsOf(id)),
          () => undefined,
        );
        expect(TEXTS_OF_TAGS).toEqual(expect.arrayContaining([...unread]));
        expect({ id, version, ...compared }).toEqual({
          ...{ id, version, files: byPath.size },
          ...{ missing: [], extra: [], differing: [], kinds: [], backends: [] },
          behindUnhashed: [],
        });
        trees++;
      }
    }
    expect(trees).toBe(28);
  });

  test('outdated ids in addresses of the API are no fault (000004: all of them)', () => {
    const outdated = (id: string) => {
      const current = new Set(assetsOf(id, DRAFT).map(({ assetId }) => assetId));
      const byPath = Map.groupBy(urlsOf(id).ofApi, ({ path }) => path);
      return [...byPath.values()].filter((all) => !all.some((one) => current.has(one.assetId)))
        .length;
    };
    // Seven files of 000029 have six keys.
    expect([outdated('000004'), outdated('000027'), outdated('000029')]).toEqual([87, 1, 6]);
    for (const id of ALL) {
      const { withoutAddress, apiOnly, otherBlob, objects, keys } = urlsOf(id);
      expect({ id, withoutAddress, apiOnly, otherBlob }).toEqual({
        ...{ id, withoutAddress: [], apiOnly: [], otherBlob: [] },
      });
      expect(objects.length).toBeGreaterThanOrEqual(keys);
      for (const { address } of objects) expect(address.versionId).not.toBeNull();
    }
  });

  test('a tag that is merged nowhere is no fault if a newer one is (000472, 000029)', () => {
    let unmerged = 0;
    for (const id of ALL) {
      const { tags, draft, commitOf } = refsOf(id);
      const history = historyOf(id);
      const all = tags.filter(isVersion).toSorted(compareVersions);
      const merged = all.map((tag) => isMerged(history, draft, commitOf(tag)));
      if (all.length > 0) expect([id, merged.at(-1)]).toEqual([id, true]);
      unmerged += merged.filter((one) => one !== true).length;
    }
    expect(unmerged).toBeGreaterThan(5);
  });

  test('versions two seconds apart have ids of two minutes, and are two (000004)', () => {
    const versions = versionsOf('000004').toSorted(compareVersions);
    expect(versions).toEqual(['0.220126.1851', '0.220126.1852']);
    const { commitOf } = refsOf('000004');
    expect(new Set(versions.map(commitOf)).size).toBe(2);
  });

  test('a tag without state is no fault (000027)', () => {
    const [tag] = treesOf('000027').slice(1);
    expect(tag?.tree.rows.some(([, , , path]) => path === STATE_PATH)).toBe(false);
  });

  test('old entries have neither created nor blob, and are the same assets (000027, 000029)', () => {
    const shapes = new Set<string>();
    for (const id of ALL) {
      for (const version of versionsOf(id)) {
        const { rows } = readJson<{ rows: (string | number | null)[][] }>(
          id,
          'git',
          `assetsjson.${version}.json`,
        );
        const listed = new Map(assetsOf(id, version).map((asset) => [asset.path, asset]));
        const entries = new Map(
          rows.map(([path, asset_id, size, modified, created, sha256, sum, keys]) => {
            shapes.add(String(keys));
            const asset = listed.get(String(path)) as Asset;
            const hasBlob = String(keys).startsWith('abc');
            const entry = recordedAsset({
              ...{ path, asset_id, size, modified, ...(created !== null && { created }) },
              ...(hasBlob && { blob: asset.blob }),
              metadata: {
                digest: asset.zarr
                  ? { 'dandi:dandi-zarr-checksum': sum }
                  : { 'dandi:sha2-256': sha256, 'dandi:dandi-etag': sum },
              },
            });
            if (entry === null) throw new Error(`${id} ${version} ${path}`);
            return [entry.path, entry] as const;
          }),
        );
        const nothing = { missing: [], extra: [], changed: [], behindUnhashed: [] };
        expect([id, version, compareRecord(listed, entries)]).toEqual([id, version, nothing]);
        expect([id, version, otherIds(listed, entries)]).toEqual([id, version, []]);
      }
    }
    expect([...shapes].sort()).toEqual(expect.arrayContaining(['abcmmps', 'acmmps', 'ammps']));
  });

  test('refs made by hand are neither orphaned tags nor branches that lack (000029)', () => {
    const { names, tags: all } = refsOf('000029');
    expect(names).toEqual(
      expect.arrayContaining([
        'refs/heads/test-pr',
        'refs/pull/2/head',
        'refs/tags/0.231017.2004+zarr1',
      ]),
    );
    const exists = new Set(versionsOf('000029'));
    expect(all.filter((tag) => isVersion(tag) && !exists.has(tag))).toEqual([]);
    expect(all.filter((tag) => !isVersion(tag))).toEqual(['0.231017.2004+zarr1']);
  });

  test('two assets may have one key (000029)', () => {
    const { keys } = urlsOf('000029');
    const annexed = readTree('000029', 'git', 'tree.draft.json').rows.filter(
      ([mode]) => mode === '120000',
    );
    expect(keys).toBeLessThan(annexed.length);
    const { byPath, duplicates } = placeAssets(assetsOf('000029', DRAFT));
    expect(duplicates).toEqual([]);
    expect([...byPath.keys()].filter((path) => /test1234/.test(path))).toHaveLength(2);
  });

  test('five assets may have one key, whose name is text and whose content is not (001882)', () => {
    const facts = readJson<Record<string, string> & { assets: object[] }>(
      '001882-2026',
      'facts.json',
    );
    const key = facts.key as string;
    const isShared = (asset: Asset) => asset.path.endsWith('desktop.ini');
    const assets = facts.assets.flatMap((row) => readAsset(row) ?? []).filter(isShared);
    expect(assets.length).toBeGreaterThan(1);
    const link = (path: string) => ({
      ...{ path: toBinary(path), mode: 0o120000, oid: '' },
      blob: Buffer.from(linkTo(path, key)),
    });
    const log = (name: string, text = '') => ({
      ...{ path: toBinary(`aab/844/${key}.${name}`), mode: 0o100644, oid: '' },
      blob: Buffer.from(text),
    });
    const { keys, ofApi, withoutAddress, apiOnly, otherBlob, claimed } = recordedUrls({
      assets,
      draft: assets.map(({ path }) => link(path)),
      annex: [
        log('log', facts['key.log (aab/844/)']),
        log('log.web', facts['key.log.web (aab/844/)']),
      ],
      bucket: 'dandiarchive',
    });
    expect({ keys, api: ofApi.length, withoutAddress, apiOnly, otherBlob, claimed }).toEqual({
      ...{ keys: 1, api: 5, withoutAddress: [], apiOnly: [], otherBlob: [] },
      // The tool's own machine is no copy.
      claimed: 0,
    });
  });

  test('an empty zarr has the checksum of no files', () => {
    const folder = 'zarr-043e04f6-bcb7-4e9d-a3c4-1839deb6b6d1';
    const texts = readJson<Record<string, string>>(folder, 'metafiles.draft.json');
    const sum = sumOfFiles(filesOf(readTree(folder, 'tree.draft.json'), texts));
    expect(sum).toMatchObject({
      ...{ computed: '481a2f77ab786a0f45aafd5db0971caa-0--0', isWhole: true, odd: 0 },
      stated: '481a2f77ab786a0f45aafd5db0971caa-0--0',
    });
  });

  test('the state is that of the draft in either spelling of time (000004, 000472)', () => {
    const spelled = new Set<string>();
    for (const id of ALL) {
      const files = readJson<Record<string, string>>(id, 'git', 'metafiles.draft.json');
      const state = stateOf({ blob: Buffer.from(files[STATE_PATH] ?? '') });
      const { draft_version } = readJson<{ draft_version: { modified: string } }>(
        id,
        'api',
        'dandiset.json',
      );
      spelled.add(state?.endsWith('Z') ? 'Z' : '+00:00');
      const found = mirror.judge({
        ...{ embargo: 'OPEN', repository: 'readable', head: DRAFT, refs: 2 },
        ...{ draft: '1'.repeat(40), annex: '1'.repeat(40), age: 1e7, lag: 1e7 },
        ...{ modified: draft_version.modified, state },
      });
      expect([id, found]).toEqual([id, []]);
    }
    expect(spelled.size).toBe(2);
  });

  test('assets of a published version are stamped after it: only a draft is judged (001882)', () => {
    const { assets } = readJson<{ assets: { path: string }[] }>('001882-2026', 'facts.json');
    const [asset] = assets.flatMap((row) => readAsset(row) ?? []) as [Asset];
    const evidence = (modified: string) =>
      listingEvidence({
        ...{ modified, assets: [asset], placed: placeAssets([asset]), last: null },
        now: new Date('2026-09-01'),
      });
    // The version's time, and the draft's after publishing.
    expect(listing.judge(evidence('2026-07-01T17:57:44.120371Z'))).toEqual(['modified-lag']);
    expect(listing.judge(evidence('2026-07-01T17:57:45.120371Z'))).toEqual([]);
  });

  test('the metadata of 000027 is the same as YAML and as JSON', async () => {
    const json = JSON.parse(readText('exact', '000027.version-metadata.json'));
    expect(await yamlDigest(readText('exact', '000027.dandiset.yaml'))).toBe(metadataDigest(json));
    expect(metadataDigest({ ...json, citation: 'of another year' })).toBe(metadataDigest(json));
    expect(metadataDigest({ ...json, name: 'another' })).not.toBe(metadataDigest(json));
  });

  test('settings without an embargo say open, those of 000690 while it was embargoed do not', () => {
    const now = readJson<Record<string, string>>('000690', 'git', 'metafiles.draft.json');
    const then = readJson<Record<string, string>>('000690', 'git', 'while-embargoed.json');
    const read = (text = '') => embargoOf({ blob: Buffer.from(text) });
    expect(read(now['.datalad/config'])).toBe('open');
    expect(read(then['.datalad/config'])).toBe('embargoed');
    expect(now['.datalad/config']).toContain('embargo-status = OPEN');
    const old = readJson<Record<string, string>>('000027', 'git', 'metafiles.draft.json');
    expect(old['.datalad/config']).not.toContain('embargo-status');
    expect(read(old['.datalad/config'])).toBe('open');
  });

  test('each published version has its annotated tag', () => {
    for (const id of ALL) {
      const { tags: all, commitOf, draft } = refsOf(id);
      const versions = versionsOf(id).map((version) => ({
        ...{ version, created: '', age: 1e7, isAnnotated: true, isBroken: false },
        commit: all.includes(version) ? commitOf(version) : null,
      }));
      const found = tags.judge({
        ...{ listedAs: '', at: draft, versions, isMerged: true },
        orphaned: { count: 0, examples: [] },
      });
      expect([id, found]).toEqual([id, []]);
    }
  });
});
